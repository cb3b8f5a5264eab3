//! Values that only events have: the states of services and of file descriptors. The events
//! themselves are generated, see [`Event`](crate::Event).

use crate::flags::{FileFlags, PipeFlags, SocketFlags};
use crate::signal::Signal;

/// The state of a service, as `service.state` reports it. Times are whole seconds, timestamps of
/// CLOCK_MONOTONIC.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum StateField {
    /// It was set up but never started.
    #[default]
    NeverStarted,
    /// A start is pending.
    Starting {
        /// When it is to start.
        at: i64,
    },
    /// It runs.
    Up {
        /// When it was started.
        since: i64,
        /// Its process id.
        pid: i32,
        /// For how long it has been running.
        uptime: i64,
    },
    /// It ran and has ended.
    Down {
        /// When its end was noticed.
        reaped: i64,
        /// The process id that it had.
        pid: i32,
        /// How it ended.
        end: ExitField,
        /// For how long it ran.
        uptime: i64,
        /// For how long it has been down.
        downtime: i64,
    },
    /// It was forgotten.
    Deleted,
}

/// How a service ended: the fields REASON and VALUE of `service.state`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExitField {
    /// It exited with this status.
    Exit(i32),
    /// This signal killed it.
    Signal(Signal),
}

/// Which end of a pipe.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum PipeEnd {
    /// The read end.
    From,
    /// The write end, or either end of a pair of sockets.
    To,
}

/// A file descriptor of the daemon, as `fd.state` reports it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum FdStateField<'a> {
    /// A file.
    File {
        /// How it was opened.
        flags: FileFlags,
        /// Its path as it was given, or `unknown` if the daemon inherited it.
        path: &'a [u8],
    },
    /// One end of a pipe or of a pair of sockets.
    Pipe {
        /// How it was made.
        flags: PipeFlags,
        /// Which end it is.
        end: PipeEnd,
        /// The name of the other end; `?` once that is gone, `unknown` if the daemon inherited it.
        peer: &'a [u8],
    },
    /// A socket.
    Socket {
        /// How it was made.
        flags: SocketFlags,
        /// Its address as it was given, empty if it is not bound, `unknown` if the daemon inherited
        /// it.
        address: &'a [u8],
    },
    /// What the daemon always has, and inherited descriptors that are none of the above.
    Special {
        /// `read`, `write` or `read,write`.
        flags: &'a [u8],
        /// What it is, in words.
        description: &'a [u8],
    },
    /// A descriptor of another type, or with flags that this version does not know: as it stands on
    /// the line.
    Other {
        /// TYPE.
        kind: &'a [u8],
        /// FLAGS.
        flags: &'a [u8],
        /// DESCRIPTION.
        description: &'a [u8],
    },
    /// It was closed and forgotten.
    Deleted,
}

/// How far an orderly shutdown has got: the PHASE of `terminate.state`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ShutdownPhase {
    /// Services have got SIGTERM, or will.
    Stopping,
    /// Services get SIGKILL.
    Killing,
    /// Only events and the log are left to deliver.
    Flushing,
}

impl ShutdownPhase {
    /// The phase of this name.
    // phase = "stopping" / "killing" / "flushing"
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        match bytes {
            b"stopping" => Some(Self::Stopping),
            b"killing" => Some(Self::Killing),
            b"flushing" => Some(Self::Flushing),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::Killing => "killing",
            Self::Flushing => "flushing",
        }
    }
}
