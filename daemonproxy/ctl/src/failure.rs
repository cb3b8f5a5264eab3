//! Why a subcommand did not do what it was asked, and the exit status that says so.
//!
//! 0 to 4 are those of LSB for `status`; 150 and above are its range for applications.

use daemonproxy_client::Error;

use crate::style::readable;

/// All is well, or the service is running.
pub(crate) const OK: u8 = 0;
/// The daemon refused, or something else failed.
pub(crate) const FAILED: u8 = 1;
/// The command line is wrong.
pub(crate) const USAGE: u8 = 2;
/// The service is not running.
pub(crate) const NOT_RUNNING: u8 = 3;
/// There is no such service, or descriptor.
pub(crate) const NOT_THERE: u8 = 4;
/// There is no connection to a daemon, or it was lost.
pub(crate) const NO_DAEMON: u8 = 150;
/// It did not happen in the time that was given.
pub(crate) const TIME_IS_UP: u8 = 151;

/// One line for the person who reads it, and the status.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: u8,
    pub(crate) text: String,
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub(crate) fn new(status: u8, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(FAILED, error.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::NoSocket { .. }
            | Error::Connect { .. }
            | Error::NotADaemon { .. }
            | Error::Closed => NO_DAEMON,
            Error::TimedOut(_) => TIME_IS_UP,
            Error::Usage(_) => USAGE,
            _ => FAILED,
        };
        let text = match &error {
            Error::NoSocket { .. } => {
                format!("{error}; give --socket PATH or set DAEMONPROXY_SOCKET")
            }
            Error::Refused(refused) => readable(refused.to_string().as_bytes()),
            _ => error.to_string(),
        };
        Self::new(status, with_rule(text, error.rule()))
    }
}

impl From<daemonproxy_apply::Error> for Failure {
    fn from(error: daemonproxy_apply::Error) -> Self {
        match error {
            daemonproxy_apply::Error::Client(error) => error.into(),
            daemonproxy_apply::Error::Failed(text) => Self::new(FAILED, text),
            daemonproxy_apply::Error::TimeIsUp(text) => Self::new(TIME_IS_UP, text),
        }
    }
}

/// A text that says what is wrong, and the rule of the grammar that says what is right.
pub(crate) fn with_rule(text: String, rule: Option<&str>) -> String {
    match rule {
        Some(rule) => format!("{text}. {}", rule.replace('`', "")),
        None => text,
    }
}
