//! Services that must say that they are alive (`watchdog=`), and those for whom somebody must vouch
//! (`deadman=`).
//!
//! The watchdog runs from when a service is ready until a stop begins, on the clock of everything
//! else. The other one runs while the service does, and also while the machine sleeps.

use daemonproxy_protocol::{LogLevel, Name, Refusal};

use crate::notify::notifying::Late;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::{Monotonic, System};
use crate::table::Slot;

impl<S: System> Proxy<S> {
    /// The command `service.deadman`.
    pub(crate) fn service_deadman(&mut self, name: Name<'_>) -> Outcome<'static> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        if self.services.get(slot).pid().is_none() {
            return Err(Refusal::ServiceIsNotRunning);
        }
        let boot = self.sys.boottime();
        let notifier = self.notifying.get_mut(slot).ok_or(Refusal::NotAwaited)?;
        let time = notifier.wants.deadman.ok_or(Refusal::NotAwaited)?;
        notifier.vouched_by = Some(boot.plus(time));
        Ok(())
    }

    /// If a service is ready now, its watchdog begins to run.
    pub(crate) fn watch_if_ready(&mut self, slot: Slot) {
        if self.may_be_late(slot) && self.is_ready(slot) {
            let now = self.now;
            if let Some(notifier) = self.notifying.get_mut(slot).filter(|it| it.is_watched) {
                notifier.alive_by = notifier.wants.watchdog.map(|time| now.plus(time));
            }
        }
    }

    /// A service says that it is alive.
    pub(super) fn is_alive_now(&mut self, slot: Slot) {
        let now = self.now;
        if let Some(notifier) = self.notifying.get_mut(slot).filter(|it| it.alive_by.is_some()) {
            notifier.alive_by = notifier.wants.watchdog.map(|time| now.plus(time));
        }
    }

    /// Stops a service because something was not said in time.
    pub(super) fn bite(&mut self, slot: Slot, late: Late) {
        self.log_notice(
            LogLevel::Warning,
            slot,
            match late {
                Late::Ready => b"' is not ready in time: stopping it",
                Late::Watchdog => b"' does not say that it is alive: ending it with SIGABRT",
                Late::Deadman => b"' has nobody who vouches for it any more: stopping it",
            },
        );
        self.stop_late(slot, late);
    }

    /// The earliest moment at which something is due because it was not said, or is to be told.
    pub(crate) fn notifying_deadline(&self) -> Option<Monotonic> {
        let vouched = self.boot_deadline().map(|at| {
            let left = at.nanos().saturating_sub(self.sys.boottime().nanos());
            Monotonic::from_nanos(self.now.nanos().saturating_add(left))
        });
        self.notifying.deadline().into_iter().chain(vouched).min()
    }

    /// The same, of what is counted on CLOCK_BOOTTIME, on that clock: the machine may sleep until
    /// then.
    pub fn boot_deadline(&self) -> Option<Monotonic> {
        self.notifying.boot_deadline()
    }

    /// Whatever is due because something was not said in time.
    pub(crate) fn run_notifying(&mut self) {
        while let Some((slot, late)) = self.notifying.take_late(self.now) {
            let is_ready = late == Late::Ready && self.is_ready(slot);
            if self.may_be_late(slot) && !is_ready {
                self.bite(slot, late);
            }
        }
        if self.notifying.boot_deadline().is_some() {
            let boot = self.sys.boottime();
            while let Some(slot) = self.notifying.take_unvouched(boot) {
                if self.may_be_late(slot) {
                    self.bite(slot, Late::Deadman);
                }
            }
        }
        self.tell_statuses();
    }
}
