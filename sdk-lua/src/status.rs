//! The exit status of this program, and how it says why it ends.
//!
//! A daemon that restarts its controller does so after any end. The numbers are for the person who
//! reads `service.state`, or for a controller above this one.

/// The connection has ended, or the script wanted to leave.
pub(crate) const OK: u8 = 0;
/// The script could not be read or is not Lua, or its chunk raised an error.
pub(crate) const FAILED: u8 = 1;
/// The command line is wrong.
pub(crate) const USAGE: u8 = 2;
/// Something in the script ran for longer than `--watchdog` allows.
pub(crate) const STUCK: u8 = 3;
/// The script needs more memory than `--memory` allows.
pub(crate) const MEMORY: u8 = 4;
/// There is no connection to a daemon. The same number as that of `dpctl`.
pub(crate) const NO_DAEMON: u8 = 150;

/// A reason to end, for the person who reads it, and the status.
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

impl From<daemonproxy_client::Error> for Failure {
    /// No daemon can be reached, or it cannot be reached any more.
    fn from(error: daemonproxy_client::Error) -> Self {
        let hint = match error {
            daemonproxy_client::Error::NoSocket { .. } => {
                "; say --connect SOCKET or set DAEMONPROXY_SOCKET"
            }
            _ => "",
        };
        Self::new(NO_DAEMON, format!("{error}{hint}"))
    }
}
