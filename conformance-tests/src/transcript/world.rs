//! The lines `!`: what happens in the world.

use daemonproxy_protocol::Signal;
use daemonproxy_testing::world::{ERRORS, Op, USER};

use super::field::{Pattern, unescape};

/// How a child ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With this status.
    Exit(i32),
    /// By this signal.
    Signal(Signal),
}

/// What a child says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The text.
    pub text: Vec<u8>,
    /// How many descriptors come with it.
    pub fds: usize,
    /// Who says it.
    pub uid: u32,
}

impl Told {
    fn new(text: &str, fds: usize, uid: u32) -> Self {
        Self { text: unescape(text), fds, uid }
    }
}

/// Something that happens, or that is seen to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum World {
    /// The child of this pid ends. A real one does so by itself.
    Reap(Pattern, End),
    /// This many others are in the process group of that child, and live on without it. Real ones
    /// come and go by themselves.
    Group(Pattern, u32),
    /// The daemon gets a signal.
    Signal(Signal),
    /// This many seconds pass. Real ones do so by themselves.
    Clock(u32),
    /// The next operation of this kind fails with this error. In the real world something causes
    /// it.
    Fail(Op, i32),
    /// The execution of the next program takes its time.
    HangExec,
    /// The child of this pid becomes its program, or cannot because of this error.
    EndExec(Pattern, Option<i32>),
    /// The child of this pid says this of itself, in the way that it was given. A real one does so
    /// by itself.
    Tell(Pattern, Told),
    /// The machine sleeps for this many seconds.
    Sleep(u32),
    /// A controller of this name connects to the control socket, at this path if it is another one.
    Connect(String, Option<String>),
    /// The service that was started last and is a controller goes by this name.
    Controller(String),
    /// A controller closes its connection.
    Close(String),
    /// A controller stops sending, but goes on reading.
    Shut(String),
    /// A controller stops reading.
    Stop(String),
    /// It reads again.
    Resume(String),
    /// A controller sends a line this many times, as far as that goes without reading.
    Flood(String, u32, Vec<Pattern>),
    /// The next command comes with a descriptor of this file.
    Pass(String),
    /// The daemon closes the connection.
    Closed(String),
    /// The daemon leaves with this status.
    Leaves(i32),
    /// This is somewhere in the log.
    Log(Vec<u8>),
    /// This is somewhere in a file that a service has written. The state machine alone has no real
    /// files.
    Content(String, Vec<u8>),
}

/// What a transcript can make fail.
const OPERATIONS: [(&str, Op); 16] = [
    ("receive", Op::Receive),
    ("notify", Op::Notify),
    ("open", Op::Open),
    ("pipe", Op::Pipe),
    ("socketpair", Op::Socketpair),
    ("socket", Op::Socket),
    ("bind", Op::Bind),
    ("listen", Op::Listen),
    ("control", Op::Control),
    ("chdir", Op::Chdir),
    ("fork", Op::Fork),
    ("setup", Op::Setup),
    ("exec", Op::Exec),
    ("duplicate", Op::Duplicate),
    ("kill", Op::Kill),
    ("watch", Op::Watch),
];

impl World {
    /// Reads the fields after the `!`.
    pub(super) fn parse(fields: &[&str]) -> Result<Self, String> {
        let name = |text: &str| text.to_owned();
        Ok(match *fields {
            ["reap", pid, "exit", status] => {
                Self::Reap(Pattern::parse(pid)?, End::Exit(number(status)?))
            }
            ["reap", pid, "signal", by] => {
                Self::Reap(Pattern::parse(pid)?, End::Signal(signal(by)?))
            }
            ["group", pid, others] => Self::Group(Pattern::parse(pid)?, number(others)?),
            ["signal", name] => Self::Signal(signal(name)?),
            ["clock", seconds] => Self::Clock(number(seconds)?),
            ["fail", what, error] => {
                let known = OPERATIONS.iter().find(|(name, _)| *name == what);
                let (_, operation) = known.ok_or_else(|| format!("no operation `{what}`"))?;
                Self::Fail(*operation, errno(error)?)
            }
            ["tell", pid] => Self::Tell(Pattern::parse(pid)?, Told::new("", 0, USER)),
            ["tell", pid, text] => Self::Tell(Pattern::parse(pid)?, Told::new(text, 0, USER)),
            ["tell", pid, text, fds] => {
                Self::Tell(Pattern::parse(pid)?, Told::new(text, number(fds)?, USER))
            }
            ["tell", pid, text, fds, uid] => {
                Self::Tell(Pattern::parse(pid)?, Told::new(text, number(fds)?, number(uid)?))
            }
            ["sleep", seconds] => Self::Sleep(number(seconds)?),
            ["hang", "exec"] => Self::HangExec,
            ["exec", pid] => Self::EndExec(Pattern::parse(pid)?, None),
            ["exec", pid, error] => Self::EndExec(Pattern::parse(pid)?, Some(errno(error)?)),
            ["connect", who] => Self::Connect(name(who), None),
            ["connect", who, path] => Self::Connect(name(who), Some(name(path))),
            ["controller", who] => Self::Controller(name(who)),
            ["close"] => Self::Close(String::new()),
            ["close", who] => Self::Close(name(who)),
            ["shut"] => Self::Shut(String::new()),
            ["shut", who] => Self::Shut(name(who)),
            ["stop"] => Self::Stop(String::new()),
            ["stop", who] => Self::Stop(name(who)),
            ["resume"] => Self::Resume(String::new()),
            ["resume", who] => Self::Resume(name(who)),
            ["flood", who, times, ref line @ ..] => {
                let line: Result<_, _> = line.iter().map(|field| Pattern::parse(field)).collect();
                Self::Flood(name(who), number(times)?, line?)
            }
            ["pass", path] => Self::Pass(name(path)),
            ["closed"] => Self::Closed(String::new()),
            ["closed", who] => Self::Closed(name(who)),
            ["leaves", code] => Self::Leaves(number(code)?),
            ["log", text] => Self::Log(unescape(text)),
            ["content", path, text] => Self::Content(name(path), unescape(text)),
            _ => {
                return Err("expected one of: reap PID exit|signal HOW, group PID COUNT, signal NAME, clock SECONDS, \
                            fail OPERATION ERROR, tell PID [TEXT [DESCRIPTORS [UID]]], sleep SECONDS, hang exec, exec PID [ERROR], connect NAME [PATH], controller NAME, close, shut, stop, \
                            resume or closed [NAME], flood NAME COUNT LINE, pass PATH, leaves CODE, log TEXT, content PATH TEXT"
                    .to_owned());
            }
        })
    }

    /// Whether a client need not know of it: it only sees the events that it causes.
    pub fn is_behind_the_daemon(&self) -> bool {
        matches!(
            self,
            Self::Reap(..)
                | Self::Group(..)
                | Self::Signal(_)
                | Self::Clock(_)
                | Self::Fail(..)
                | Self::HangExec
                | Self::EndExec(..)
                | Self::Tell(..)
                | Self::Sleep(_)
                | Self::Log(_)
                | Self::Content(..)
        )
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("expected a number, not `{text}`"))
}

fn errno(text: &str) -> Result<i32, String> {
    let known = ERRORS.iter().find(|(name, ..)| *name == text);
    known.map(|(_, errno, _)| *errno).ok_or_else(|| format!("no error `{text}`"))
}

fn signal(text: &str) -> Result<Signal, String> {
    Signal::parse(text.as_bytes()).ok_or_else(|| format!("expected a signal, not `{text}`"))
}
