//! What services that have ended by themselves have left behind (`service/left.rs`): counted for those
//! who want to know, and stopped with everything else.
//!
//! The end of a service costs one more question to the kernel, whether there is still such a group.
//! Only if there is, and somebody wants to know of runs, there is a look at all processes: one for
//! all that have ended meanwhile. What ends together with its service has a moment for that.

use daemonproxy_protocol::Kill;

use crate::proxy::Proxy;
use crate::service::left::Left;
use crate::stop::one_stop::Main;
use crate::system::{Pid, System};
use crate::table::Slot;

/// Milliseconds until the look.
const A_MOMENT: u64 = 50;

impl<S: System> Proxy<S> {
    /// A service has ended without being stopped, or a stop was not about the whole group.
    pub(super) fn note_left_behind(&mut self, slot: Slot, pid: Pid) {
        if !self.sys.has_group(pid) {
            return;
        }
        let sys = &mut self.sys;
        self.services.left_behind(slot, pid, |pid| sys.has_group(pid));
        if self.controllers.any_wants(|features| features.runs) {
            self.stopping.count_at.get_or_insert(self.now.plus_millis(A_MOMENT));
        }
    }

    /// Counts them when it is time for that.
    pub(crate) fn count_left_if_due(&mut self) {
        if self.stopping.count_at.is_some_and(|at| at <= self.now) {
            self.count_left_behind();
        }
    }

    /// Looks at all processes, and tells what has changed.
    pub(crate) fn count_left_behind(&mut self) {
        self.stopping.count_at = None;
        if self.services.left.is_empty() || self.sys.open_processes().is_err() {
            return;
        }
        self.services.left.begin_look();
        while let Some(process) = self.sys.next_process() {
            self.services.left.see(process);
        }
        while let Some(slot) = self.services.end_look() {
            self.announce_run(slot, None);
        }
    }

    /// What this service has left behind, or what all of them have, is to be stopped with it.
    pub(super) fn stop_what_was_left(&mut self, of: Option<Slot>) {
        self.count_left_behind();
        for nth in 0..self.services.left.len() {
            let Some(&Left { pid, slot, .. }) = self.services.left.iter().nth(nth) else { break };
            let wanted = of.is_none_or(|of| of == slot);
            if wanted
                && self.services.get(slot).kill() != Kill::Main
                && self.stopping.find(pid).is_none()
                && self.stopping.add(pid, slot)
                && let Some(at) = self.stopping.find(pid)
            {
                self.stopping.list[at].main = Main::Reaped;
            }
        }
    }
}
