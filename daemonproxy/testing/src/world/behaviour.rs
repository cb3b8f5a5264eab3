//! What the processes of a world do by themselves.

use daemonproxy_core::Ended;
use daemonproxy_protocol::{Fields, Signal};

/// What a program does.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Nothing: whoever plays the world says when it ends.
    Played,
    /// Dies of every signal that kills by default.
    Obeys,
    /// Dies only of SIGKILL.
    Ignores,
    /// Exits on SIGTERM, with a status.
    Exits,
    /// Ends at the end of file of the first pipe that it reads from, or of its connection, or of
    /// SIGTERM.
    Reads,
    /// Dies like the one that obeys, but has a child of its own that keeps everything open. This is
    /// what that one does, and where it is.
    Forks(Manners, Place),
    /// Is stuck in the kernel: not even SIGKILL ends it.
    Stuck,
}

/// Where another one is that came from a child.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the group of the child.
    Group,
    /// In another group of its session.
    Session,
    /// Neither.
    Elsewhere,
}

/// What others that came from a child do.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Manners {
    /// Nothing, as above.
    Played,
    Obeys,
    Ignores,
    /// At SIGTERM there is another one in its place, which obeys.
    Forks,
}

impl Behaviour {
    /// The second field of the arguments says what a program does in a lively world.
    pub(super) fn of(args: Fields<'_>) -> Self {
        match args.iter().nth(1) {
            Some(b"ignores") => Self::Ignores,
            Some(b"exits") => Self::Exits,
            Some(b"reads") => Self::Reads,
            Some(b"forks") => Self::Forks(Manners::Obeys, Place::Group),
            Some(b"forks-ignores") => Self::Forks(Manners::Ignores, Place::Group),
            Some(b"forks-on") => Self::Forks(Manners::Forks, Place::Group),
            Some(b"regroups") => Self::Forks(Manners::Obeys, Place::Session),
            Some(b"regroups-ignores") => Self::Forks(Manners::Ignores, Place::Session),
            Some(b"escapes") => Self::Forks(Manners::Ignores, Place::Elsewhere),
            Some(b"stuck") => Self::Stuck,
            Some(_) | None => Self::Obeys,
        }
    }

    /// How it ends by this signal, if it does.
    pub(super) fn end_by(self, signal: Signal) -> Option<Ended> {
        match (self, signal) {
            (Self::Played | Self::Stuck, _) => None,
            (_, Signal::KILL) => Some(Ended::Signal(signal)),
            (Self::Ignores, _) => None,
            (Self::Exits, Signal::TERM) => Some(Ended::Exit(7)),
            (_, Signal::CONT | Signal::CHLD) => None,
            (Self::Obeys | Self::Exits | Self::Reads | Self::Forks(..), _) => {
                Some(Ended::Signal(signal))
            }
        }
    }
}

impl Manners {
    /// What it does after this signal, if it lives on.
    pub(super) fn after(self, signal: Signal) -> Option<Self> {
        match (self, signal) {
            (Self::Played, _) => Some(self),
            (_, Signal::KILL) => None,
            (Self::Ignores, _) | (_, Signal::CONT | Signal::CHLD) => Some(self),
            (Self::Forks, Signal::TERM) => Some(Self::Obeys),
            (Self::Obeys | Self::Forks, _) => None,
        }
    }
}
