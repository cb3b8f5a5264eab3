//! Why a file was not applied.

use std::fmt;

/// Why a file was not applied, or not all of it.
#[derive(Debug)]
pub enum Error {
    /// The daemon refused, or is not there.
    Client(daemonproxy_client::Error),
    /// Something else is wrong.
    Failed(String),
    /// It did not happen in the time that was given.
    TimeIsUp(String),
}

/// What may not have been done.
pub type Result<T> = std::result::Result<T, Error>;

impl From<daemonproxy_client::Error> for Error {
    fn from(error: daemonproxy_client::Error) -> Self {
        Self::Client(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => error.fmt(f),
            Self::Failed(text) | Self::TimeIsUp(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}
