//! What can go wrong, in the words of the person who has to do something about it.

use std::fmt;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use daemonproxy_protocol::{Name, tables, write_without_values};
use nix::errno::Errno;

/// The result of a call of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed. The text names what was being done, to what, and what can be done about it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no control socket in any of the usual places, and no other was given.
    NoSocket {
        /// Where it was looked for.
        places: Vec<PathBuf>,
    },
    /// The control socket cannot be connected to.
    Connect {
        /// The socket.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Whoever is at the other end does not speak this protocol.
    NotADaemon {
        /// The socket, if it was connected to by its path.
        path: Option<PathBuf>,
        /// True if it says nothing at all; false if it says something else.
        silent: bool,
    },
    /// The connection has ended: the daemon has left, or has closed it.
    Closed,
    /// The daemon has not answered, or not accepted a command, for this long.
    TimedOut(Duration),
    /// The daemon has refused the command. Nothing has changed.
    Refused(Refused),
    /// This program was too slow, so the daemon has left events out, and with them how the command
    /// ended: perhaps it was carried out, perhaps it was refused. A
    /// [`resync`](crate::Client::resync) tells what there is.
    Missed,
    /// This cannot be a command, and was not sent: why.
    Usage(String),
    /// An operation of the operating system failed: which, and why.
    Io(&'static str, io::Error),
}

/// The answer of a daemon that did not carry out a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    name: Option<String>,
    text: Vec<u8>,
    command: Vec<u8>,
}

/// How much of a command is shown, as in the events of the daemon.
const SHOWN: usize = 30;

impl Error {
    /// The rule of the protocol that a command broke, in a sentence or two, as in the manual;
    /// `None` if the error is not about a command.
    #[must_use]
    pub fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refused) => refused.rule(),
            Self::Usage(why) => rule(why),
            _ => None,
        }
    }
}

/// The rule that the text of a refusal is about, as in the manual; `None` if this crate does not
/// know the text.
#[must_use]
pub fn rule(text: &str) -> Option<&'static str> {
    Refused::of_text(text.as_bytes(), b"").rule()
}

impl Refused {
    /// One that has come as an event `error`, which says nothing but a text.
    pub(crate) fn of_text(text: &[u8], command: &[u8]) -> Self {
        let name = tables::error_with_text(reason(text)).map(|info| info.name.to_owned());
        Self { name, text: text.to_vec(), command: command.to_vec() }
    }

    /// One that has come with the name of the error.
    pub(crate) fn of_name(name: Name<'_>, text: &[u8], command: &[u8]) -> Self {
        let (name, text) = (Some(name.to_string()), text.to_vec());
        Self { name, text, command: command.to_vec() }
    }

    /// The text of the answer as it came. A daemon of protocol 1 repeats the command at its end.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The text without the command that it repeats at its end.
    #[must_use]
    pub fn reason(&self) -> &[u8] {
        reason(&self.text)
    }

    /// What it is called in the grammar, such as `NoSuchService`: a daemon of protocol 2 says so.
    /// `None` if the daemon does not, and this crate does not know the text. Names stay the same,
    /// while texts may be improved.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The rule that was broken, in a sentence or two, as in the manual.
    #[must_use]
    pub fn rule(&self) -> Option<&'static str> {
        self.info().map(|info| info.doc)
    }

    fn info(&self) -> Option<&'static tables::ErrorInfo> {
        let name = self.name.as_deref()?;
        tables::ERRORS.iter().find(|info| info.name == name)
    }
}

/// The text of a refusal without the command that it repeats at its end.
fn reason(text: &[u8]) -> &[u8] {
    const COMMAND: &[u8] = b", for command \"";
    let at = text.windows(COMMAND.len()).position(|part| part == COMMAND);
    &text[..at.unwrap_or(text.len())]
}

impl fmt::Display for Refused {
    /// The reason, and which command it is about, as a daemon of protocol 1 says it. The values of
    /// environment variables are left out, since this may go into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.reason()))?;
        if self.command.is_empty() || matches!(self.name(), Some("UnknownCommand" | "LineTooLong"))
        {
            return Ok(());
        }
        let mut shown = Vec::new();
        write_without_values(&mut shown, &self.command);
        let more = if shown.len() > SHOWN { "..." } else { "" };
        shown.truncate(SHOWN);
        let shown = String::from_utf8_lossy(&shown).replace(|it: char| it.is_ascii_control(), " ");
        write!(f, ", for command \"{shown}{more}\"")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSocket { places } => {
                let places: Vec<_> = places.iter().map(|it| it.display().to_string()).collect();
                write!(f, "no daemon found: there is no {}", places.join(" or "))
            }
            Self::Connect { path, source } => f.write_str(&why_not_connected(path, source)),
            Self::NotADaemon { path, silent } => {
                if let Some(path) = path {
                    write!(f, "{}: ", path.display())?;
                }
                f.write_str(match silent {
                    true => "does not answer as a daemonproxy does",
                    false => "what answers is not a daemonproxy",
                })
            }
            Self::Closed => f.write_str("the daemon closed the connection"),
            Self::TimedOut(patience) => {
                write!(f, "the daemon has not answered for {} s", patience.as_secs_f64())
            }
            Self::Refused(refused) => refused.fmt(f),
            Self::Missed => f.write_str(
                "the daemon has left events out, and with them how this command has ended",
            ),
            Self::Usage(why) => f.write_str(why),
            Self::Io(what, error) => write!(f, "{what}: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connect { source, .. } | Self::Io(_, source) => Some(source),
            _ => None,
        }
    }
}

/// What the error of a connect(2) means for a control socket.
fn why_not_connected(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.raw_os_error().map(Errno::from_raw) {
        Some(Errno::ENOENT) => format!("there is no socket {shown}; is the daemon running?"),
        Some(Errno::EACCES | Errno::EPERM) => format!("not permitted to connect to {shown}"),
        Some(Errno::ECONNREFUSED) if !is_socket(path) => format!("{shown} is not a socket"),
        Some(Errno::ECONNREFUSED) => {
            format!("nobody listens at {shown}; the daemon that made it has gone")
        }
        Some(Errno::EAGAIN) => {
            format!("{shown} does not accept connections; the daemon hangs or is stopped")
        }
        Some(Errno::EPROTOTYPE) => {
            format!("{shown} is a socket of another kind, not of a daemonproxy")
        }
        Some(Errno::ENAMETOOLONG) => format!("the path {shown} is too long for a socket"),
        Some(errno) => format!("cannot connect to {shown}: {}", errno.desc()),
        None => format!("cannot connect to {shown}: {error}"),
    }
}

fn is_socket(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.file_type().is_socket())
}

#[cfg(test)]
mod tests {
    use super::Refused;

    #[test]
    fn a_refusal_has_the_name_of_the_grammar() {
        let name = |text: &str| Refused::of_text(text.as_bytes(), b"").name;
        let named = |text: &str| name(text).unwrap_or_default();
        assert_eq!(
            named("No such service, for command \"service.signal nope HUP\""),
            "NoSuchService"
        );
        assert_eq!(named("Unknown command: x"), "UnknownCommand");
        assert_eq!(named("Expected integer of 0 or more"), "ExpectedNonNegativeInteger");
        assert_eq!(name("something of a version to come"), None);
    }

    #[test]
    fn a_refusal_says_which_command_it_is_about_and_no_value() {
        let start = b"service.start\ta-name-of-25-characters-";
        let shown = |text: &[u8], command: &[u8]| Refused::of_text(text, command).to_string();
        assert_eq!(
            shown(b"No such service", start),
            "No such service, for command \"service.start a-name-of-25-cha...\""
        );
        assert_eq!(shown(b"No such service, for command \"x\"", b""), "No such service");
        assert_eq!(shown(b"line too long", b"x"), "line too long");
        let secret = b"service.env\ta\tKEY=secret";
        assert!(!shown(b"No such service", secret).contains("secret"));
    }
}
