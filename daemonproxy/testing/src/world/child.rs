//! A process that was started, and the others in its group and session.

use daemonproxy_core::{Ended, Fd, Pid, SpawnFailure};

use super::behaviour::{Behaviour, Manners};

/// Whether a child lives.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Alive,
    /// How it ended, before it is reaped.
    Dead(Ended),
    /// It is known only because there are others in its group or session.
    Reaped,
}

/// A process that was started.
pub(super) struct Child {
    pub(super) pid: Pid,
    /// Which of all children it is, from 1: a pid may be used again.
    pub(super) nth: u64,
    /// The first of its arguments.
    pub(super) program: Vec<u8>,
    pub(super) does: Behaviour,
    pub(super) leads_session: bool,
    /// The service whose cgroup it is in.
    pub(super) cgroup: Option<Vec<u8>>,
    pub(super) life: Life,
    /// Its end has been told.
    pub(super) told: bool,
    pub(super) fds: Vec<Fd>,
    /// Where it sends its messages.
    pub(super) notify: Option<Fd>,
    /// It is in exec, which will end so.
    pub(super) exec: Option<Option<SpawnFailure>>,
}

impl Child {
    pub(super) fn is_alive(&self) -> bool {
        self.life == Life::Alive
    }

    /// It has ended and was not reaped.
    pub(super) fn is_zombie(&self) -> bool {
        matches!(self.life, Life::Dead(_))
    }
}

/// Somebody that no service is, but that came from one.
pub(super) struct Other {
    /// No two have the same.
    pub(super) id: i32,
    /// Whoever leads its group, if that is a child.
    pub(super) group: Option<Pid>,
    /// The same of its session.
    pub(super) session: Option<Pid>,
    /// The service whose cgroup it is in.
    pub(super) cgroup: Option<Vec<u8>>,
    pub(super) does: Manners,
    pub(super) fds: Vec<Fd>,
    pub(super) is_zombie: bool,
    /// It is to be stopped by an orderly end.
    pub(super) to_stop: bool,
    /// That end is about its cgroup.
    pub(super) by_cgroup: bool,
}

/// An execution that is over: whose, of what, and why it has failed.
pub struct ExecEnd {
    /// Which child.
    pub pid: Pid,
    /// What it was to execute.
    pub program: Vec<u8>,
    /// None: it has become that program.
    pub failure: Option<SpawnFailure>,
}
