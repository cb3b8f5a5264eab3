//! The service that the daemon is there for (the option `main`): its end is that of the daemon, and
//! its exit status that of the daemon.

use daemonproxy_protocol::{LogLevel, Name};

use crate::proxy::Proxy;
use crate::system::{Ended, System};
use crate::table::{Record, Slot};

/// What is added to the number of a signal, as shells do.
const SIGNALLED: i32 = 128;

impl<S: System> Proxy<S> {
    /// Whether a service of this name is the main one.
    pub fn is_main(&self, name: Name<'_>) -> bool {
        let main = self.services.main();
        main.is_some() && main == self.services.find(name)
    }

    /// Whether a service of this name has something that starts it by itself.
    pub fn has_triggers(&self, name: Name<'_>) -> bool {
        let slot = self.services.find(name);
        slot.is_some_and(|slot| !self.services.get(slot).triggers().is_empty())
    }

    /// Whether the last run of a service of this name was a success.
    pub fn has_succeeded(&self, name: Name<'_>) -> bool {
        let slot = self.services.find(name);
        slot.is_some_and(|slot| self.services.get(slot).last_success() == Some(true))
    }

    /// The main service, if it has ended and nothing starts it again, and the daemon does not end for
    /// that yet.
    fn main_is_over(&self) -> Option<Slot> {
        let is_over =
            |slot: &Slot| !self.stopping.is_stopping(*slot) && self.services.is_over(*slot);
        self.services.main().filter(|slot| !self.is_ending() && is_over(slot))
    }

    /// Whether [`Self::end_with_main`] has something to do: a process that has ended may be found
    /// late in a turn, in a look at all processes.
    pub(crate) fn must_end_with_main(&self) -> bool {
        self.main_is_over().is_some() && !self.leaving.is_guarded()
    }

    /// Begins to shut down when the main service has ended and nothing starts it again. Looked at
    /// in each turn, for there are many ways in which that may come about.
    pub(crate) fn end_with_main(&mut self) {
        let Some(slot) = self.main_is_over() else {
            if !self.is_ending() {
                self.leaving.main_goes_on();
            }
            return;
        };
        let name = *self.services.get(slot).name_buf();
        if self.leaving.is_guarded() {
            if self.leaving.main_is_over() {
                let text = b"' has ended, but the terminate guard is on";
                self.log(LogLevel::Warning, &[b"main service '", name.as_bytes(), text]);
            }
            return;
        }
        self.log(LogLevel::Info, &[b"main service '", name.as_bytes(), b"' has ended"]);
        self.begin_shutdown(self.stopping.unsaid);
    }

    /// The exit status after a shutdown: what is left over says it, or the main service, or who has
    /// asked for the shutdown.
    pub(crate) fn status_after_shutdown(&self, leftovers: i32, code: i32) -> i32 {
        if leftovers > 0 {
            return leftovers;
        }
        let main = self.services.main().and_then(|slot| self.services.get(slot).last_end());
        match main {
            Some(Ended::Exit(status)) => status,
            Some(Ended::Signal(signal)) => SIGNALLED + signal.number(),
            None => code,
        }
    }
}
