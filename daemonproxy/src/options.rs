//! The command line.
//!
//! Parsed from left to right, so that `--exit-exec` holds for everything behind it: a wrong option
//! after it, or `--version`, also ends in that program.

use std::ffi::{CString, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use daemonproxy_core::{Limits, Pool, limits};
use daemonproxy_protocol::{Fields, FilterChange, LogFilter, Signal, SignalAction};
use lexopt::{Arg, Parser};

/// The config file of the first process of a machine, unless the command line names one.
pub(crate) const PID1_CONFIG: &str = "/etc/daemonproxy.conf";
/// The guard code of PID 1, unless the command line sets one.
const PID1_GUARD: i64 = 1;

pub(crate) const USAGE: &str = "\
usage: daemonproxy [OPTION]...

  -c, --config FILE          read commands from FILE at start (- is stdin)
  -i, --interactive          stdin and stdout are a controller; at its end leave
  -S, --socket PATH          listen for controllers there
  -L, --lua SCRIPT           run SCRIPT with daemonproxy-lua as a controller: the service lua,
                             which is started again when it ends
      --on-signal SIG=ACTION what SIG does when nobody listens: event, shutdown or
                             terminate (TERM, INT and QUIT: shutdown; as PID 1: event)
  -D, --daemonize            go to the background, print the pid on stdout
      --strict               an error in the config file is the end: status 2
      --exit-guard CODE      refuse to leave without CODE (0: no guard)
  -E, --exit-exec TSV        execute this instead of exiting, for whatever reason
      --service-pool N[xM]   room for exactly N services of M bytes, allocated at start
      --fd-pool N[xM]        the same for file descriptors
      --controller-pool N    the same for controllers
      --max-line BYTES       the longest line that is accepted (4096)
  -M, --mlockall             keep all memory from being swapped out
  -v, -q                     log one level more, or less
      --log-time             a moment in front of each line of the log
  -h, --help                 print this
      --version              print the version and where it comes from

One of -i, -c, -S and -L is required. The commands that FILE and controllers may send
are in daemonproxy-protocol(7).
";

pub(crate) const VERSION: &str = concat!(
    "daemonproxy version ",
    env!("CARGO_PKG_VERSION"),
    "\nbuild timestamp: ",
    env!("BUILD_TIMESTAMP"),
    "\ngit HEAD: ",
    env!("BUILD_GIT_HEAD"),
    "\nCopyright (c) 2026-",
    env!("BUILD_YEAR"),
    " the daemonproxy authors\nlicensed under MIT or Apache-2.0, see the files LICENSE-MIT and LICENSE-APACHE\n"
);

/// What the command line asks for.
pub(crate) struct Options {
    pub(crate) config: Option<OsString>,
    pub(crate) interactive: bool,
    pub(crate) socket: Option<OsString>,
    pub(crate) script: Option<OsString>,
    pub(crate) daemonize: bool,
    pub(crate) guard: Option<i64>,
    /// Nobody asked for the guard.
    pub(crate) guard_by_itself: bool,
    pub(crate) signal_defaults: Vec<(Signal, SignalAction)>,
    pub(crate) limits: Limits,
    pub(crate) lock_memory: bool,
    pub(crate) strict: bool,
    pub(crate) filter: LogFilter,
    pub(crate) log_times: bool,
    /// Sizes that were asked for and cannot be had: for the log, once there is one.
    pub(crate) corrections: Vec<String>,
}

/// Why there is nothing to do.
pub(crate) enum Stop {
    /// Print this and exit 0.
    Print(&'static str),
    /// Something is wrong with the command line.
    Wrong(String),
}

impl From<lexopt::Error> for Stop {
    fn from(error: lexopt::Error) -> Self {
        Self::Wrong(error.to_string())
    }
}

impl Options {
    /// Parses. `exit_exec` is called as soon as `--exit-exec` is found.
    pub(crate) fn parse(
        args: impl IntoIterator<Item = OsString>,
        pid1: bool,
        mut exit_exec: impl FnMut(Fields<'_>),
    ) -> Result<Self, Stop> {
        let mut options = Self {
            config: None,
            interactive: false,
            socket: None,
            script: None,
            daemonize: false,
            guard: pid1.then_some(PID1_GUARD),
            guard_by_itself: pid1,
            signal_defaults: Vec::new(),
            limits: Limits::default(),
            lock_memory: false,
            strict: false,
            filter: LogFilter::Debug,
            log_times: false,
            corrections: Vec::new(),
        };
        if !pid1 {
            let shutdown = |signal| (signal, SignalAction::Shutdown);
            options.signal_defaults.extend([Signal::TERM, Signal::INT, Signal::QUIT].map(shutdown));
        }
        let mut ends: Vec<Signal> = Vec::new();
        let mut given: Vec<&str> = Vec::new();
        // The last one would silently win, and the others be forgotten.
        let mut once = |option: &'static str| {
            if given.contains(&option) {
                return Err(Stop::Wrong(format!("{option} can be given only once")));
            }
            given.push(option);
            Ok(())
        };
        let mut parser = Parser::from_iter(args);
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Short('c') | Arg::Long("config") => {
                    once("-c (--config)")?;
                    options.config = Some(parser.value()?);
                }
                Arg::Short('i') | Arg::Long("interactive") => options.interactive = true,
                Arg::Short('S') | Arg::Long("socket") => {
                    once("-S (--socket)")?;
                    options.socket = Some(parser.value()?);
                }
                Arg::Short('L') | Arg::Long("lua") => {
                    once("-L (--lua)")?;
                    options.script = Some(parser.value()?);
                }
                Arg::Short('D') | Arg::Long("daemonize") => options.daemonize = true,
                Arg::Short('E') | Arg::Long("exit-exec") => {
                    once("-E (--exit-exec)")?;
                    exit_exec(Fields::new(parser.value()?.as_bytes()));
                }
                Arg::Long("exit-guard") => {
                    once("--exit-guard")?;
                    let code = number::<i64>(&mut parser, "--exit-guard")?;
                    options.guard = (code != 0).then_some(code);
                    options.guard_by_itself = false;
                }
                Arg::Long("on-signal") => {
                    let default = on_signal(&parser.value()?)?;
                    if default.1 != SignalAction::Event {
                        ends.push(default.0);
                    }
                    options.signal_defaults.push(default);
                }
                Arg::Long("service-pool") => {
                    once("--service-pool")?;
                    let asked = pool(&parser.value()?, limits::DEFAULT_SERVICE_BYTES)?;
                    let least = Pool { count: 1, bytes: 1 };
                    let pool = options.corrected("--service-pool", asked, least);
                    options.limits.services = Some(pool);
                }
                Arg::Long("fd-pool") => {
                    once("--fd-pool")?;
                    let asked = pool(&parser.value()?, limits::DEFAULT_FD_BYTES)?;
                    let least = Pool { count: limits::MIN_FDS, bytes: 1 };
                    options.limits.fds = Some(options.corrected("--fd-pool", asked, least));
                }
                Arg::Long("controller-pool") => {
                    once("--controller-pool")?;
                    let asked = number::<usize>(&mut parser, "--controller-pool")?;
                    options.limits.controllers = Some(asked);
                }
                Arg::Long("max-line") => {
                    once("--max-line")?;
                    let asked = number::<usize>(&mut parser, "--max-line")?;
                    let (least, most) = (limits::MIN_MAX_LINE, limits::MAX_MAX_LINE);
                    options.limits.max_line =
                        options.clamped("--max-line", "size", asked, least, most);
                }
                Arg::Long("strict") => options.strict = true,
                Arg::Long("log-time") => options.log_times = true,
                Arg::Short('M') | Arg::Long("mlockall") => options.lock_memory = true,
                Arg::Short('v') | Arg::Long("verbose") => {
                    options.filter = options.filter.changed(FilterChange::Down);
                }
                Arg::Short('q') | Arg::Long("quiet") => {
                    options.filter = options.filter.changed(FilterChange::Up);
                }
                Arg::Short('h') | Arg::Long("help") => return Err(Stop::Print(USAGE)),
                Arg::Long("version") => return Err(Stop::Print(VERSION)),
                Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => {
                    return Err(arg.unexpected().into());
                }
            }
        }
        let Self { config, interactive, socket, script, .. } = &options;
        if config.is_none() && !interactive && socket.is_none() && script.is_none() {
            if !pid1 {
                let text = "one of -i (--interactive), -c (--config), -S (--socket) and -L (--lua) \
                            is required";
                return Err(Stop::Wrong(text.to_owned()));
            }
            options.config = Some(PID1_CONFIG.into());
        }
        if options.interactive && options.config.as_ref().is_some_and(|path| path == "-") {
            let text = "standard input cannot be both the config file (-c -) and a controller (-i)";
            return Err(Stop::Wrong(text.to_owned()));
        }
        if options.guard.is_some() && !options.guard_by_itself {
            let told =
                |signal| format!("the terminate guard is on, so {signal} does not end the daemon");
            options.corrections.extend(ends.into_iter().map(told));
        }
        if let Some(asked) = options.limits.controllers {
            // The config file and the script are controllers too, and may be there together.
            let [config, script] = [options.config.is_some(), options.script.is_some()];
            let there =
                [config, script, options.interactive].map(usize::from).iter().sum::<usize>();
            let least = there.max(1);
            let most = limits::MAX_CONTROLLERS;
            let count = options.clamped("--controller-pool", "count", asked, least, most);
            options.limits.controllers = Some(count);
        }
        Ok(options)
    }

    /// A pool of a size that can be had.
    fn corrected(&mut self, option: &str, asked: Pool, least: Pool) -> Pool {
        Pool {
            count: self.clamped(option, "count", asked.count, least.count, limits::MAX_POOL),
            bytes: self.clamped(option, "size", asked.bytes, least.bytes, limits::MAX_MAX_LINE),
        }
    }

    /// A number within its bounds, with a word about it when it was not.
    fn clamped(
        &mut self,
        option: &str,
        what: &str,
        asked: usize,
        least: usize,
        most: usize,
    ) -> usize {
        if asked < least {
            self.corrections
                .push(format!("{option}: {what} {asked} is below the minimum of {least}"));
        } else if asked > most {
            self.corrections
                .push(format!("{option}: {what} {asked} is above the maximum of {most}"));
        }
        asked.clamp(least, most)
    }
}

fn number<T: std::str::FromStr>(parser: &mut Parser, option: &str) -> Result<T, Stop> {
    let value = parser.value()?;
    let number = value.to_str().and_then(|text| text.parse().ok());
    number.ok_or_else(|| {
        Stop::Wrong(format!("{option} needs a number, not \"{}\"", value.to_string_lossy()))
    })
}

fn on_signal(value: &OsString) -> Result<(Signal, SignalAction), Stop> {
    let wrong = || {
        let value = value.to_string_lossy();
        Stop::Wrong(format!(
            "--on-signal needs SIGNAL=event, =shutdown or =terminate, with SIGNAL one of INT, HUP, \
             TERM, USR1, USR2 and QUIT, not \"{value}\""
        ))
    };
    let bytes = value.as_bytes();
    let at = bytes.iter().position(|&byte| byte == b'=').ok_or_else(wrong)?;
    let signal = Signal::parse(&bytes[..at]).ok_or_else(wrong)?;
    let action = SignalAction::parse(&bytes[at + 1..]).ok_or_else(wrong)?;
    if signal.is_received() { Ok((signal, action)) } else { Err(wrong()) }
}

/// `N`, or `NxM` with M in bytes or with a unit.
fn pool(value: &OsString, default_bytes: usize) -> Result<Pool, Stop> {
    let wrong = || {
        let value = value.to_string_lossy();
        Stop::Wrong(format!(
            "a pool is a count, or a count and a size such as 64x1K, not \"{value}\""
        ))
    };
    let text = value.to_str().ok_or_else(wrong)?;
    let (count, size) = match text.split_once(['x', 'X']) {
        Some((count, size)) => (count, Some(size)),
        None => (text, None),
    };
    let count = count.parse().map_err(|_| wrong())?;
    let bytes = size.map_or(Some(default_bytes), bytes).ok_or_else(wrong)?;
    Ok(Pool { count, bytes })
}

/// A number of bytes: `512`, `1K`, `1KiB` (1024), `1kB` (1000), and so on for M and G.
fn bytes(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: usize = digits.parse().ok()?;
    let unit = match &text[digits.len()..] {
        "" | "B" | "b" => 1,
        "K" | "k" | "KiB" | "kiB" => 1 << 10,
        "M" | "m" | "MiB" => 1 << 20,
        "G" | "g" | "GiB" => 1 << 30,
        "kB" | "KB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    number.checked_mul(unit)
}

/// A path for the kernel. Arguments come from the kernel too, so there is no NUL in them.
pub(crate) fn c_path(path: OsString) -> CString {
    CString::new(path.into_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, size) in [("1", 1), ("2K", 2048), ("2kB", 2000), ("1KiB", 1024), ("3M", 3 << 20)]
        {
            assert_eq!(bytes(text), Some(size), "{text}");
        }
        for text in ["", "K", "1X", "1 K", "-1"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    #[test]
    fn exit_exec_is_known_before_a_wrong_option_is() {
        let mut found = Vec::new();
        let args = ["daemonproxy", "-E", "/bin/echo\thi", "--nonsense"].map(OsString::from);
        let outcome = Options::parse(args, false, |args| found = args.as_bytes().to_vec());
        assert!(matches!(outcome, Err(Stop::Wrong(_))));
        assert_eq!(found, b"/bin/echo\thi");
    }
}
