//! Whether a service would have a process at a line of the file.
//!
//! The daemon reads a file as a whole before it looks for processes that have ended, so that who was
//! started runs until the end of it.

/// What is known of the process of a service.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Life {
    /// There was none yet.
    #[default]
    Down,
    /// There may be one: that depends on the moment, and on others.
    Perhaps,
    /// It runs, since this line.
    Up(usize),
    /// It was told to stop.
    Stopping,
}

/// What its triggers do while it is down.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Triggered {
    #[default]
    Never,
    /// They may start it.
    Perhaps,
    /// They start it at once.
    AtOnce,
}

impl Life {
    /// After something that starts it on this line, if it can be started.
    pub(super) fn started(self, line: usize, can_start: bool) -> Self {
        match self {
            Self::Down if can_start => Self::Up(line),
            Self::Down => Self::Perhaps,
            Self::Perhaps | Self::Up(_) | Self::Stopping => self,
        }
    }

    /// After a stop.
    pub(super) fn stopped(self) -> Self {
        match self {
            Self::Up(_) => Self::Stopping,
            Self::Down | Self::Perhaps | Self::Stopping => self,
        }
    }
}
