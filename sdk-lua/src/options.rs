//! The command line.
//!
//! Options end at the SCRIPT: what follows is for the script, whatever it looks like.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

use daemonproxy_protocol::Signal;
use lexopt::{Arg, Parser, ValueExt};

use crate::libs::Libs;
use crate::status::{Failure, Result, USAGE};

pub(crate) const HELP: &str = include_str!("help.txt");

/// What to do.
#[derive(Debug)]
pub(crate) enum Task {
    Help,
    Version,
    Check(PathBuf),
    Run(Options),
}

/// Where the code comes from.
#[derive(Debug)]
pub(crate) enum Source {
    File(PathBuf),
    Text(OsString),
    /// None: only what is typed.
    Prompt,
}

/// Whom to talk to.
#[derive(Debug)]
pub(crate) enum Peer {
    /// Descriptors 0 and 1.
    Inherited,
    /// The control socket here, or in the usual place.
    Socket(Option<PathBuf>),
}

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) source: Source,
    pub(crate) args: Vec<OsString>,
    pub(crate) peer: Peer,
    pub(crate) interactive: bool,
    /// In bytes.
    pub(crate) memory: Option<usize>,
    pub(crate) watchdog: Option<Duration>,
    pub(crate) libs: Libs,
    /// What a signal without a handler does: the name, and `event`, `shutdown` or `terminate`.
    pub(crate) on_signal: Vec<(Signal, &'static str)>,
}

pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Task> {
    read(Parser::from_args(args))
        .map_err(|error| Failure::new(USAGE, format!("{error}\nTry daemonproxy-lua --help.")))
}

fn read(mut parser: Parser) -> std::result::Result<Task, lexopt::Error> {
    let mut options = Options {
        source: Source::Prompt,
        args: Vec::new(),
        peer: Peer::Inherited,
        interactive: false,
        memory: None,
        watchdog: None,
        libs: Libs::default(),
        on_signal: Vec::new(),
    };
    let mut check = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Task::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Task::Version),
            Arg::Short('c') | Arg::Long("connect") => {
                options.peer = Peer::Socket(optional_value(&mut parser)?.map(PathBuf::from));
            }
            Arg::Short('i') | Arg::Long("interactive") => options.interactive = true,
            Arg::Long("check") => check = true,
            Arg::Short('m') | Arg::Long("memory") => {
                options.memory = Some(size(&parser.value()?.string()?)?);
            }
            Arg::Short('w') | Arg::Long("watchdog") => {
                options.watchdog = seconds(&parser.value()?.string()?)?;
            }
            Arg::Short('l') | Arg::Long("libs") => {
                options.libs = Libs::parse(&parser.value()?.string()?)?;
            }
            Arg::Long("on-signal") => {
                options.on_signal.push(default_action(&parser.value()?)?);
            }
            Arg::Short('e') => {
                options.source = Source::Text(parser.value()?);
                options.args = parser.raw_args()?.collect();
            }
            Arg::Value(script) => {
                options.source = Source::File(script.into());
                options.args = parser.raw_args()?.collect();
            }
            Arg::Short(_) | Arg::Long(_) => return Err(arg.unexpected()),
        }
    }
    if check {
        return match options.source {
            Source::File(script) if options.args.is_empty() => Ok(Task::Check(script)),
            Source::File(_) => Err("--check takes one SCRIPT and nothing after it".into()),
            Source::Text(_) | Source::Prompt => Err("--check needs a SCRIPT".into()),
        };
    }
    let no_code = matches!(options.source, Source::Prompt);
    if matches!(options.peer, Peer::Inherited) && (options.interactive || no_code) {
        return Err(if no_code && !options.interactive {
            "there is no SCRIPT to run, and a prompt needs --connect".into()
        } else {
            "a prompt needs --connect, for descriptors 0 and 1 are the terminal".into()
        });
    }
    options.interactive |= no_code;
    Ok(Task::Run(options))
}

/// A value that may be left out: with `=`, or as the next word if that is no option.
fn optional_value(parser: &mut Parser) -> std::result::Result<Option<OsString>, lexopt::Error> {
    if let Some(value) = parser.optional_value() {
        return Ok(Some(value));
    }
    let Some(mut rest) = parser.try_raw_args() else { return Ok(None) };
    Ok(rest.next_if(|next| !next.as_bytes().starts_with(b"-")))
}

/// A number of kilobytes, or with K, M or G after it.
fn size(text: &str) -> std::result::Result<usize, lexopt::Error> {
    let digits = text.trim_end_matches(|last: char| !last.is_ascii_digit());
    let unit: usize = match &text[digits.len()..] {
        "" | "k" | "K" | "kB" | "KiB" => 1 << 10,
        "M" | "MB" | "MiB" => 1 << 20,
        "G" | "GB" | "GiB" => 1 << 30,
        _ => 0,
    };
    let bytes = digits.parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    bytes.filter(|&bytes| bytes > 0).ok_or_else(|| {
        format!("--memory needs kilobytes, or a number with K, M or G, not {text:?}").into()
    })
}

/// Seconds, perhaps with a fraction; 0 is none.
fn seconds(text: &str) -> std::result::Result<Option<Duration>, lexopt::Error> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..1e9).contains(number));
    let number = number.ok_or_else(|| {
        lexopt::Error::from(format!("--watchdog needs a number of seconds, not {text:?}"))
    })?;
    Ok((number > 0.0).then(|| Duration::from_secs_f64(number)))
}

/// `SIGNAL=ACTION`, like the daemon's option of the same name.
fn default_action(
    value: &std::ffi::OsStr,
) -> std::result::Result<(Signal, &'static str), lexopt::Error> {
    let text = value.to_string_lossy();
    let parts = text.split_once('=').and_then(|(signal, action)| {
        let actions = ["event", "shutdown", "terminate"];
        let action = actions.into_iter().find(|known| *known == action)?;
        Some((Signal::parse(signal.as_bytes())?, action))
    });
    parts.ok_or_else(|| {
        format!("--on-signal needs SIGNAL=event, =shutdown or =terminate, not {text:?}").into()
    })
}
