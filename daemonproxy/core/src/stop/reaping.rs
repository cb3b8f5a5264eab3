//! Children that end, and what is left of their process groups.
//!
//! While nothing is being stopped, every child that has ended is reaped at once. The main process
//! of a service that is being stopped stays a zombie until nobody else of its group is left. But
//! then the kernel keeps reporting that one when it is asked for any child that has ended, and
//! hides all others. So one look at all processes (`/proc`) finds both: the other children that
//! have ended, including strangers (as PID 1), and whatever is alive in one of the groups.
//!
//! If /proc cannot be read, the main process is reaped at once, and the kernel is asked whether
//! there is such a group; it is also asked if the look may have missed a process that was just
//! being made.

use daemonproxy_protocol::{Kill, LogLevel};

use crate::proxy::Proxy;
use crate::service::services::Ending;
use crate::stop::one_stop::{Main, Seen};
use crate::system::{Death, Errno, Monotonic, Pid, Process, System};

impl<S: System> Proxy<S> {
    /// Some children may have ended.
    ///
    /// `first`: one that has, as far as SIGCHLD tells. It is reaped without looking for it: the
    /// kernel goes through all children for who asks for any that has ended (waitid(2), P_ALL).
    pub fn children_ended(&mut self, first: Option<Pid>, now: Monotonic) {
        self.now = now;
        if let Some(shutdown) = &mut self.stopping.shutdown {
            shutdown.rest.look_at_once(now);
        }
        if let Some(pid) = first
            && self.sys.ended_child(Some(pid), true).is_some()
            && self.main_of(pid) != Some(Main::Kept)
        {
            self.collect(pid);
        }
        self.collect_children();
    }

    fn collect_children(&mut self) {
        while let Some((pid, _)) = self.sys.ended_child(None, true) {
            if self.main_of(pid) == Some(Main::Kept) {
                // The look will show what else this one hides.
                self.stopping.looks.at_once(self.now);
                break;
            }
            self.collect(pid);
        }
    }

    /// What has become of it, if that is the main process of a stop.
    fn main_of(&self, pid: Pid) -> Option<Main> {
        self.stopping.find(pid).map(|at| self.stopping.list[at].main)
    }

    /// Reports the end of a child, and reaps it, unless it has to be kept.
    pub(super) fn collect(&mut self, pid: Pid) {
        self.with_text(|proxy, program| match proxy.sys.last_words(pid, program) {
            None => {}
            Some(Ok(())) => proxy.executed(pid, proxy.now),
            Some(Err(failure)) => proxy.exec_failed(pid, failure, program, proxy.now),
        });
        if let Some(slot) = self.services.of_pid(pid) {
            self.last_notices(slot);
        }
        let keep = self.stopping.find(pid).is_some_and(|at| self.keeps(at));
        if let Some((pid, death)) = self.sys.ended_child(Some(pid), keep) {
            self.child_ended(pid, &death);
        }
    }

    /// Whether the main process of that stop is kept when it has ended.
    fn keeps(&self, at: usize) -> bool {
        let stop = &self.stopping.list[at];
        let has_group = self.reach(at) == Kill::Group;
        stop.main == Main::Runs && has_group && !self.stopping.looks.are_blind()
    }

    /// A child has ended. One that is not a service (as PID 1 there are many) is only logged.
    fn child_ended(&mut self, pid: Pid, death: &Death) {
        let stopped = self.stopping.find(pid).is_some();
        let late = self.services.of_pid(pid).is_some_and(|slot| self.notifying.is_late(slot));
        let ending = self.services.ended(pid, death, stopped, late, self.now);
        let Some(Ending { slot, exec_is_known, then }) = ending else {
            self.log(LogLevel::Trace, &[b"reaped a process that is no service"]);
            return;
        };
        let what: &[u8] = if exec_is_known {
            b"' has ended, pid "
        } else {
            b"' has ended before its program was executed, pid "
        };
        self.announce_end(slot, death);
        self.end_connection_of_ended(pid);
        self.log_end(slot, what, pid, death.end);
        if let Some(at) = self.stopping.find(pid) {
            if self.reach(at) == Kill::Main {
                self.forget_stop(at);
                self.note_left_behind(slot, pid);
            } else {
                let kept = self.keeps(at);
                self.stopping.list[at].main = if kept { Main::Kept } else { Main::Reaped };
                self.stopping.looks.at_once(self.now);
            }
        } else {
            self.note_left_behind(slot, pid);
        }
        match then {
            Some(at) => self.schedule(slot, at, false),
            None => self.arm(slot),
        }
        self.wake_watchers(slot);
    }

    /// Finds out which groups are empty, and goes on stopping those that are not.
    pub(crate) fn look_at_groups(&mut self) {
        self.stopping.list.iter_mut().for_each(|stop| stop.seen = Seen::default());
        let mut count = 0;
        if !self.stopping.looks.are_blind() && self.has_groups_to_look_at() {
            match self.sys.open_processes() {
                Ok(()) => {
                    while let Some(process) = self.sys.next_process() {
                        count += 1;
                        self.see(process);
                    }
                }
                Err(errno) => self.go_blind(errno),
            }
        }
        self.stopping.list.iter_mut().for_each(|stop| stop.session_waits = false);
        let mut again = false;
        let mut at = 0;
        while at < self.stopping.list.len() {
            if self.stopping.list[at].main == Main::Runs {
                at += 1;
            } else if self.is_group_gone(at) {
                self.stop_is_over(at);
            } else {
                // The end of a cgroup is told, that of a group is not, also if the service has both.
                let is_told = self.reach(at) == Kill::Cgroup
                    && self.stopping.cgroups.get(self.stopping.list[at].slot).is_some();
                again |= !is_told;
                self.go_on_with_the_group(at);
                at += 1;
            }
        }
        self.stopping.looks.looked(self.now, count, again);
    }

    /// Whether anybody is kept for the sake of a group, or a group may have others in it.
    fn has_groups_to_look_at(&self) -> bool {
        (0..self.stopping.list.len())
            .any(|at| self.stopping.list[at].main == Main::Kept || self.reach(at) == Kill::Group)
    }

    /// Notes what one process means for the stops.
    fn see(&mut self, process: Process) {
        let Process { pid, group, session, is_child, is_zombie, .. } = process;
        let of_group = self.stopping.find(group);
        if let Some(at) = of_group.or_else(|| self.stopping.find(session)) {
            if of_group.is_none() && !is_zombie {
                self.signal_of_session(at, process);
            }
            let stop = &mut self.stopping.list[at];
            let seen = &mut stop.seen;
            match (pid == stop.pid, is_zombie) {
                (true, _) => seen.main = is_child,
                (false, false) => seen.others = true,
                (false, true) => seen.zombies = true,
            }
        }
        if is_child && is_zombie && self.main_of(pid) != Some(Main::Kept) {
            self.collect(pid);
        }
    }

    /// Whether the group of a main process that has ended is empty. If so, there is no need to keep
    /// its zombie any more.
    fn is_group_gone(&mut self, at: usize) -> bool {
        let reach = self.reach(at);
        let all = reach == Kill::Group;
        let stop = &mut self.stopping.list[at];
        let (pid, seen, slot) = (stop.pid, stop.seen, stop.slot);
        if stop.main == Main::Kept {
            if all && seen.main && seen.others {
                return false;
            }
            stop.main = Main::Reaped;
            self.sys.ended_child(Some(pid), false);
            if all && !seen.main {
                return !self.sys.has_group(pid);
            }
        }
        match reach {
            Kill::Main => return true,
            Kill::Cgroup => return !self.is_cgroup_populated(slot),
            Kill::Group => {}
        }
        // Zombies wait for parents other than us, and hold up nobody.
        !seen.others && (seen.zombies || !self.sys.has_group(pid))
    }

    /// Processes cannot be checked: from here on no zombie is kept, either.
    fn go_blind(&mut self, errno: Errno) {
        let reason = self.sys.explain(errno).as_bytes();
        self.log(LogLevel::Warning, &[b"cannot look at the processes in /proc: ", reason]);
        self.stopping.looks.go_blind();
        for at in 0..self.stopping.list.len() {
            let stop = &mut self.stopping.list[at];
            if stop.main == Main::Kept {
                stop.main = Main::Reaped;
                let pid = stop.pid;
                self.sys.ended_child(Some(pid), false);
            }
        }
        // Children that ended while hidden by them.
        self.collect_children();
    }
}
