//! The commands that stop a single service: `service.stop`, `service.restart`, `service.release`.
//!
//! What is asked for last decides what follows a stop: nothing, because the service is held, or a
//! start. That start is part of the service's state, so that a client that dies in the middle
//! leaves nothing half done.

use std::time::Duration;

use daemonproxy_protocol::{Kill, Name, Refusal, Signal};

use crate::notify::notifying::Late;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::stop::cgroups::is_of_cgroup_alone;
use crate::stop::ending::PATIENCE;
use crate::stop::one_stop::OneStop;
use crate::system::{Monotonic, System};
use crate::table::Slot;

impl<S: System> Proxy<S> {
    /// The command `service.stop`.
    pub(crate) fn service_stop(
        &mut self,
        name: Name<'_>,
        after: Option<Duration>,
    ) -> Outcome<'static> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        let held = self.services.hold(slot);
        let told = self.cancel(slot);
        if !self.stop_one(slot, after, None) && held && !told {
            self.announce_run(slot, None);
        }
        Ok(())
    }

    /// The command `service.restart`.
    pub(crate) fn service_restart(
        &mut self,
        name: Name<'_>,
        after: Option<Duration>,
    ) -> Outcome<'static> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        if !self.services.get(slot).has_args() {
            return Err(Refusal::NoArgsConfigured);
        }
        if self.stopping.is_shutting_down() {
            return Err(Refusal::ShutdownInProgress);
        }
        self.stop_one(slot, after, None);
        self.start_at(slot, self.now);
        Ok(())
    }

    /// The command `service.release`.
    pub(crate) fn service_release(&mut self, name: Name<'_>) -> Outcome<'static> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        if self.services.release(slot) {
            self.announce_run(slot, None);
            self.arm(slot);
            self.start_if_due(slot);
        }
        Ok(())
    }

    /// Stops a service because something was not said in time.
    pub(crate) fn stop_late(&mut self, slot: Slot, late: Late) {
        self.notifying.set_late(slot, late);
        if late == Late::Deadman {
            self.services.hold(slot);
            self.services.set_then(slot, None);
        }
        // One that hangs may have something to tell of it.
        let first = (late == Late::Watchdog).then_some(Signal::ABRT);
        self.stop_one(slot, None, first);
    }

    /// Begins to stop a service if it runs, or hurries a stop that has begun. Returns whether a
    /// stop begins, which is told. `first`: what the main process gets instead of its stop signal.
    fn stop_one(&mut self, slot: Slot, after: Option<Duration>, first: Option<Signal>) -> bool {
        if let Some(pid) = self.services.get(slot).pid() {
            self.stopping.add(pid, slot);
        } else {
            self.stop_what_is_in_the_cgroup(slot);
            self.stop_what_was_left(Some(slot));
        }
        if let Some(after) = after {
            self.notifying.kill_by(slot, self.now.plus(after));
        }
        let after = after.or(self.services.get(slot).stop_after());
        let mut kill = self.now.plus(after.unwrap_or(PATIENCE));
        if let Some(shutdown) = &self.stopping.shutdown {
            // It has one deadline for everything.
            kill = kill.min(shutdown.times.kill_at(self.now));
        }
        let mut begins = false;
        // At most one per run: what is left of an earlier one, if its main process has gone.
        for at in 0..self.stopping.list.len() {
            let stop = &mut self.stopping.list[at];
            if stop.slot == slot && stop.hasten(kill) {
                begins |= self.tell_stop(slot);
                match first {
                    Some(signal) => self.send(at, &[signal, Signal::CONT]),
                    None => self.send_term(at),
                }
            }
        }
        begins
    }

    /// A service that is being stopped asks for time until then. A shutdown keeps its deadline.
    pub(crate) fn extend_stop(&mut self, slot: Slot, until: Monotonic) {
        let (mut kill, mut term) = (until, until);
        if let Some(shutdown) = &self.stopping.shutdown {
            kill = kill.min(shutdown.times.kill);
            term = term.min(shutdown.times.term_at(self.now));
        }
        for stop in self.stopping.list.iter_mut().filter(|stop| stop.slot == slot) {
            stop.put_off(term, kill);
        }
    }

    /// A stop is over, and nothing of it is waited for.
    pub(super) fn forget_stop(&mut self, at: usize) {
        let slot = self.stopping.list[at].slot;
        self.stopping.remove(at);
        // What is in the cgroup can have a stop of its own, besides that of a group.
        if self.stopping.is_stopping(slot) {
            return;
        }
        self.unwatch_cgroup(slot);
        if self.services.get(slot).wants_cgroup() {
            self.sys.remove_cgroup(self.services.get(slot).name());
        }
    }

    /// A stop is over: nothing of the run is left, but what it was not about. What has waited for
    /// that may take place.
    pub(crate) fn stop_is_over(&mut self, at: usize) {
        let OneStop { slot, pid, .. } = self.stopping.list[at];
        let spares_group = self.reach(at) != Kill::Group && !is_of_cgroup_alone(pid);
        self.forget_stop(at);
        if spares_group && self.sys.has_group(pid) {
            // An earlier run may have left it, and then that is known.
            if !self.services.left.iter().any(|left| left.pid == pid) {
                self.note_left_behind(slot, pid);
            }
        } else if self.services.forget_left(pid) {
            self.announce_run(slot, None);
        }
        if !self.services.resume_start(slot) {
            self.arm(slot);
        }
    }
}
