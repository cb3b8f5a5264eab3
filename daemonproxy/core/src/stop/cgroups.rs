//! The cgroups of services (`kill=cgroup`, `memory=`): a stop that is about one, and what is found in
//! it at a start.
//!
//! Nobody leaves a cgroup, whatever sessions and groups it makes, so a stop that is about one is
//! exact. The kernel says when it is empty, so nothing is looked for, and no zombie is kept. A
//! descriptor watches it as long as a stop waits for that.

use daemonproxy_protocol::{Kill, LogLevel, Signal};

use crate::proxy::Proxy;
use crate::stop::ending::Allowed;
use crate::stop::one_stop::{Main, Step};
use crate::system::{Errno, Fd, Monotonic, Pid, System};
use crate::table::{Record, Slot};

impl<S: System> Proxy<S> {
    /// What a stop is about: of a run that is in no cgroup, it is the group.
    pub(super) fn reach(&self, at: usize) -> Kill {
        let stop = &self.stopping.list[at];
        let service = self.services.get(stop.slot);
        match service.kill() {
            _ if is_of_cgroup_alone(stop.pid) => Kill::Cgroup,
            Kill::Cgroup if !service.is_in_cgroup() => Kill::Group,
            kill => kill,
        }
    }

    /// Whether somebody lives in the cgroup of a stop, or may: it is watched from now on, unless that
    /// fails.
    pub(super) fn is_cgroup_populated(&mut self, slot: Slot) -> bool {
        let fd = match self.stopping.cgroups.get(slot) {
            Some(&fd) => fd,
            None => match self.watch_cgroup(slot) {
                Ok(fd) => fd,
                Err(errno) => return errno != Errno::NO_SUCH_FILE,
            },
        };
        self.sys.is_populated(fd)
    }

    fn watch_cgroup(&mut self, slot: Slot) -> Result<Fd, Errno> {
        self.stopping.cgroups.reserve().map_err(|_| Errno::NO_MEMORY)?;
        let fd = self.sys.watch_cgroup(self.services.get(slot).name())?;
        self.stopping.cgroups.set(slot, fd);
        Ok(fd)
    }

    /// Nothing of it is waited for any more.
    pub(super) fn unwatch_cgroup(&mut self, slot: Slot) {
        if let Some(fd) = self.stopping.cgroups.remove(slot) {
            self.sys.close(fd);
        }
    }

    /// The descriptors on which something happens when a cgroup has become empty that a stop waits
    /// for: calls `each` for them.
    pub fn watched_cgroups(&self, mut each: impl FnMut(Fd)) {
        self.stopping.cgroups.iter().for_each(|(_, &fd)| each(fd));
    }

    /// Something has happened on one of these.
    pub fn cgroup_changed(&mut self, fd: Fd, now: Monotonic) {
        self.now = now;
        let is_watched = self.stopping.cgroups.iter().any(|(_, &watched)| watched == fd);
        if is_watched && !self.sys.is_populated(fd) {
            self.stopping.looks.at_once(now);
        }
    }

    /// A service that is down begins to be stopped, if its cgroup is not empty. Returns whether it
    /// is.
    pub(super) fn stop_what_is_in_the_cgroup(&mut self, slot: Slot) -> bool {
        let service = self.services.get(slot);
        let is_it = service.pid().is_none() && service.wants_cgroup();
        if !is_it || self.stopping.is_stopping(slot) {
            return false;
        }
        if !self.is_cgroup_populated(slot) || !self.stopping.add(pid_of_cgroup(slot), slot) {
            self.unwatch_cgroup(slot);
            return false;
        }
        if let Some(at) = self.stopping.find(pid_of_cgroup(slot)) {
            self.stopping.list[at].main = Main::Reaped;
        }
        true
    }

    /// Before a start: whatever is in its cgroup is killed, and has to go first. Returns whether
    /// there is anything.
    pub(crate) fn clears_cgroup(&mut self, slot: Slot) -> bool {
        let may_be = self.services.get(slot).wants_cgroup() && !self.stopping.is_stopping(slot);
        // Where that cannot be known, the start fails at its cgroup, and says so.
        let is_known = may_be && self.watch_cgroup(slot).is_ok();
        if !is_known || !self.stop_what_is_in_the_cgroup(slot) {
            return false;
        }
        let name = *self.services.get(slot).name_buf();
        let text: [&[u8]; 3] = [
            b"service '",
            name.as_bytes(),
            b"' has processes in its cgroup before its start: killing them",
        ];
        self.log(LogLevel::Warning, &text);
        if let Some(at) = self.stopping.find(pid_of_cgroup(slot)) {
            let end = self.now.plus(Allowed::default().kill);
            self.stopping.list[at].set_step(Step::Kill, end);
            self.sys.signal_cgroup(name.as_name(), Signal::KILL);
        }
        true
    }
}

/// What stands for the main process in a stop of a cgroup in which there is none: no process has
/// such a number.
fn pid_of_cgroup(slot: Slot) -> Pid {
    Pid(-1 - slot.number().cast_signed())
}

pub(super) fn is_of_cgroup_alone(pid: Pid) -> bool {
    pid.0 < 0
}
