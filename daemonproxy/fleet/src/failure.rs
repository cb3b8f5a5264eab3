//! Why a subcommand did not do what it was asked, and the exit status that says so.

/// The store or a node refused, or something else failed.
pub(crate) const FAILED: u8 = 1;

/// The command line is wrong.
pub(crate) const USAGE: u8 = 2;
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
