//! The signals that the daemon receives, and how many of each nobody has dealt with yet.
//!
//! The counts live here and not in a controller, so that a signal which arrives while the controller
//! is being restarted is not lost.

use daemonproxy_protocol::{Event, Signal, SignalAction, Triggers};

use crate::system::Monotonic;

/// The signals that become events.
pub(crate) const RECEIVED: [Signal; 6] =
    [Signal::HUP, Signal::INT, Signal::QUIT, Signal::USR1, Signal::USR2, Signal::TERM];

/// Whether a signal becomes an event; all others only ever do what they do by default.
pub fn is_received(signal: Signal) -> bool {
    RECEIVED.contains(&signal)
}

#[derive(Copy, Clone, Default)]
struct Pending {
    count: u32,
    at: Monotonic,
    /// What it does when nobody listens.
    default: Option<SignalAction>,
}

#[derive(Default)]
pub(crate) struct Signals {
    pending: [Pending; RECEIVED.len()],
}

impl Signals {
    /// One more. Returns the event that tells of it.
    pub(crate) fn arrived(&mut self, signal: Signal, now: Monotonic) -> Option<Event<'static>> {
        let pending = self.pending.get_mut(Self::index(signal)?)?;
        pending.count = pending.count.saturating_add(1);
        pending.at = now;
        Some(Event::Signal { signal, at: now.seconds(), count: pending.count })
    }

    /// `count` of them have been dealt with. More than there are leaves none.
    pub(crate) fn clear(&mut self, signal: Signal, count: u32) {
        if let Some(pending) = Self::index(signal).and_then(|at| self.pending.get_mut(at)) {
            pending.count = pending.count.saturating_sub(count);
        }
    }

    /// Whether a trigger holds now.
    pub(crate) fn triggered(&self, triggers: Triggers) -> bool {
        triggers.always
            || RECEIVED
                .iter()
                .zip(&self.pending)
                .any(|(&signal, pending)| pending.count > 0 && triggers.contains(signal))
    }

    /// The `nth` signal's event, if it is pending.
    pub(crate) fn event(&self, nth: usize) -> Option<Event<'static>> {
        let (signal, pending) = (*RECEIVED.get(nth)?, self.pending.get(nth)?);
        (pending.count > 0).then_some(Event::Signal {
            signal,
            at: pending.at.seconds(),
            count: pending.count,
        })
    }

    /// Sets what a signal does when nobody listens. Returns false for one that is never received.
    pub(crate) fn set_default(&mut self, signal: Signal, action: SignalAction) -> bool {
        let pending = Self::index(signal).and_then(|at| self.pending.get_mut(at));
        let known = pending.is_some();
        if let Some(pending) = pending {
            pending.default = Some(action);
        }
        known
    }

    /// What a signal does when nobody listens: to be an event, until told otherwise.
    pub(crate) fn default_action(&self, signal: Signal) -> SignalAction {
        Self::index(signal)
            .and_then(|at| self.pending.get(at)?.default)
            .unwrap_or(SignalAction::Event)
    }

    fn index(signal: Signal) -> Option<usize> {
        RECEIVED.iter().position(|&known| known == signal)
    }
}
