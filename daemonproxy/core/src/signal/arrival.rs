//! What comes of a signal: an event, starts, or what it does when nobody listens. And what becomes
//! of one when its listeners leave.

use daemonproxy_protocol::{Event, LogLevel, Refusal, Signal, SignalAction};

use crate::connection::controller::ControllerId;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::{Monotonic, System};

impl<S: System> Proxy<S> {
    /// A signal has arrived, once.
    pub fn signalled(&mut self, signal: Signal, now: Monotonic) {
        self.now = now;
        if self.signals.is_only_forwarded(signal) {
            self.forward(signal);
            return;
        }
        let heard = self.controllers.any_listener();
        let Some(event) = self.signals.arrived(signal, heard, now) else { return };
        self.announce(|_, out| event.encode(out));
        let is_trigger = self.arm_triggered_by(signal);
        if self.stopping.is_shutting_down() {
            self.asked_again(signal);
        }
        if !heard && !is_trigger {
            self.default_action(signal);
        }
    }

    /// Sets what a signal does when nobody listens (`--on-signal`). False for one that is never
    /// received.
    ///
    /// An action that ends the daemon turns a guard off that is on by itself, as it is for PID 1;
    /// one that was asked for stays, and no signal ends the daemon then.
    pub fn set_signal_default(&mut self, signal: Signal, action: SignalAction) -> bool {
        let known = self.signals.set_default(signal, action);
        if known && action.is_the_end() {
            self.guard_makes_way(b"a signal");
        }
        known
    }

    /// What ends the daemon turns a guard off that is on by itself.
    pub(crate) fn guard_makes_way(&mut self, what: &[u8]) {
        if self.leaving.make_way() {
            let text = b" may end the daemon: the terminate guard, on by itself, is turned off";
            self.log(LogLevel::Info, &[what, text]);
        }
    }

    /// Sends a signal to the main service, so that nobody else needs to deal with it.
    pub(crate) fn forward(&mut self, signal: Signal) {
        let main = self.services.main();
        if let Some(pid) = main.and_then(|slot| self.services.get(slot).pid()) {
            // This only fails because the process has just gone.
            let _ = self.sys.kill(pid, signal, false);
            self.signals.clear(signal, u32::MAX);
        }
    }

    /// The command `signal.clear`.
    pub(crate) fn signal_clear(&mut self, signal: Signal, count: u32) {
        self.signals.clear(signal, count);
    }

    /// The command `signal.default`.
    pub(crate) fn signal_default(
        &mut self,
        id: ControllerId,
        signal: Signal,
        action: SignalAction,
    ) -> Outcome<'static> {
        if !self.set_signal_default(signal, action) {
            return Err(Refusal::InvalidSignalArgument);
        }
        self.announce_own_setting(None, |_, out| {
            Event::SignalDefault { signal, action }.encode(out);
        });
        if action.is_the_end() && self.leaving.is_guarded() {
            self.with_text(|proxy, name| {
                signal.write_name(name);
                let text: [&[u8]; 3] =
                    [b"the terminate guard is on, so ", name, b" does not end the daemon"];
                proxy.warn(id, &text);
            });
        }
        Ok(())
    }

    /// Signals that somebody heard, and that nobody is left to deal with, do what they do by
    /// default. A controller that is a service and will be started again finds them in its state
    /// dump. In a shutdown they do nothing: most often it is what they asked for. Returns whether
    /// anything was done.
    pub(crate) fn settle_signals(&mut self) -> bool {
        if !self.signals.any_heard()
            || self.controllers.any_listener()
            || self.any_controller_to_come()
        {
            return false;
        }
        while let Some(signal) = self.signals.take_heard() {
            if !self.stopping.is_shutting_down() && !self.is_trigger(signal) {
                self.default_action(signal);
            }
        }
        true
    }

    /// Whether a service that is a controller is about to be started, or will be when it has ended.
    /// One that runs and has said that it only observes would not listen the next time either.
    fn any_controller_to_come(&self) -> bool {
        self.services.iter().any(|(slot, service)| {
            let runs_and_may_listen =
                service.pid().is_some_and(|pid| !self.controllers.observes(pid));
            let to_come = service.is_about_to_start()
                || (runs_and_may_listen && self.trigger(slot).is_some());
            to_come && self.is_controller(slot)
        })
    }

    fn is_trigger(&self, signal: Signal) -> bool {
        self.services.iter().any(|(_, service)| service.triggers().mentions(signal))
    }
}
