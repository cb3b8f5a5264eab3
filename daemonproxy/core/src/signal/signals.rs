//! The signals that the daemon receives, and how many of each nobody has dealt with yet.
//!
//! The counts live here and not in a controller, so that a signal which arrives while the
//! controller is being restarted is not lost.

use daemonproxy_protocol::{Event, Signal, SignalAction, Triggers};

use crate::service::run::Why;
use crate::system::Monotonic;
use crate::upgrade::state::{
    Carried, Read, StateLine, Writer, Wrong, carried, carried_words, split,
};
use crate::upgrade::value::Value;

/// The signals that become events.
pub(crate) const RECEIVED: [Signal; 6] =
    [Signal::HUP, Signal::INT, Signal::QUIT, Signal::USR1, Signal::USR2, Signal::TERM];

#[derive(Copy, Clone, Default, PartialEq, Eq)]
struct Pending {
    count: u32,
    at: Monotonic,
    /// What it does when nobody listens.
    default: Option<SignalAction>,
    /// Somebody listened when it came, and has not cleared all of it yet.
    heard: bool,
}

carried!(Pending, as in Pending::default(), carries count at default heard, but not);
carried_words!(SignalAction:
    Event = b"event" Shutdown = b"shutdown" Terminate = b"terminate" Forward = b"forward");

/// The settings of the signals, one for each: those that become events, and WINCH.
pub(crate) const SETTINGS: usize = RECEIVED.len() + 1;

#[derive(Default)]
pub(crate) struct Signals {
    pending: [Pending; RECEIVED.len()],
    /// What WINCH does, which is never an event, if that was ever set.
    winch: Option<SignalAction>,
}

// Over an upgrade.
impl Signals {
    pub(crate) fn write_state(&self, to: &mut Writer) {
        let Self { pending, winch } = self;
        for (signal, pending) in RECEIVED.iter().zip(pending) {
            if *pending != Pending::default() {
                to.begin(b"resume.signal");
                to.field(b"");
                signal.write(to);
                pending.save(to);
                to.end();
            }
        }
        if winch.is_some() {
            to.begin(b"resume.winch");
            to.keyed("default", winch);
            to.end();
        }
    }

    /// Takes a line about one of them. False if it is about something else.
    pub(crate) fn read_state<'a>(&mut self, record: StateLine<'a>) -> Read<'a, bool> {
        match record.kind {
            b"resume.signal" => {
                let (signal, fields) = record.first()?;
                let at = Signal::parse(signal).and_then(Self::index);
                let pending = at.and_then(|at| self.pending.get_mut(at));
                pending.ok_or(Wrong::Value(signal))?.load(fields)?;
            }
            b"resume.winch" => {
                let (key, action) = split(record.rest.as_bytes())?;
                let read = self.winch.read(action).filter(|()| key == b"default");
                read.ok_or(Wrong::Key(key))?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Signals {
    /// One more, and whether somebody `heard` it. Returns the event that reports it.
    pub(super) fn arrived(
        &mut self,
        signal: Signal,
        heard: bool,
        now: Monotonic,
    ) -> Option<Event<'static>> {
        let pending = self.pending.get_mut(Self::index(signal)?)?;
        pending.count = pending.count.saturating_add(1);
        pending.at = now;
        pending.heard = heard;
        Some(Event::Signal { signal, at: now.seconds(), count: pending.count })
    }

    /// `count` of them have been dealt with; if that is more than there are, none is left.
    pub(super) fn clear(&mut self, signal: Signal, count: u32) {
        if let Some(pending) = Self::index(signal).and_then(|at| self.pending.get_mut(at)) {
            pending.count = pending.count.saturating_sub(count);
            pending.heard &= pending.count > 0;
        }
    }

    /// Whether there is a signal that somebody heard and has not dealt with.
    pub(super) fn any_heard(&self) -> bool {
        self.pending.iter().any(|pending| pending.heard)
    }

    /// Takes the next signal that somebody heard and has not dealt with, now that nobody will.
    pub(super) fn take_heard(&mut self) -> Option<Signal> {
        let at = self.pending.iter().position(|pending| pending.heard)?;
        self.pending[at].heard = false;
        Some(RECEIVED[at])
    }

    /// Whether one has arrived that nobody has dealt with yet.
    pub(crate) fn is_pending(&self, signal: Signal) -> bool {
        Self::index(signal)
            .and_then(|at| self.pending.get(at))
            .is_some_and(|pending| pending.count > 0)
    }

    /// A trigger that holds now: `always`, or a signal.
    pub(crate) fn trigger(&self, triggers: Triggers<'_>) -> Option<Why> {
        if triggers.always {
            return Some(Why::Always);
        }
        let mut signals = RECEIVED.iter().zip(&self.pending);
        let (&signal, _) =
            signals.find(|&(&signal, pending)| pending.count > 0 && triggers.contains(signal))?;
        Some(Why::Signal(signal))
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
    pub(super) fn set_default(&mut self, signal: Signal, action: SignalAction) -> bool {
        if signal == Signal::WINCH && !action.is_the_end() {
            self.winch = Some(action);
            return true;
        }
        let pending = Self::index(signal).and_then(|at| self.pending.get_mut(at));
        let known = pending.is_some();
        if let Some(pending) = pending {
            pending.default = Some(action);
        }
        known
    }

    /// The event that tells what the `nth` signal of [`SETTINGS`] does when nobody listens, if that
    /// was set.
    pub(crate) fn default_event(&self, nth: usize) -> Option<Event<'static>> {
        let (signal, action) = match RECEIVED.get(nth) {
            Some(&signal) => (signal, self.default_action(signal)),
            None => (Signal::WINCH, self.winch?),
        };
        Some(Event::SignalDefault { signal, action })
    }

    /// Whether all that ever becomes of it is that it is forwarded.
    pub(super) fn is_only_forwarded(&self, signal: Signal) -> bool {
        signal == Signal::WINCH && self.winch == Some(SignalAction::Forward)
    }

    /// What a signal does when nobody listens: it is an event, unless set otherwise.
    pub(crate) fn default_action(&self, signal: Signal) -> SignalAction {
        Self::index(signal)
            .and_then(|at| self.pending.get(at)?.default)
            .unwrap_or(SignalAction::Event)
    }

    fn index(signal: Signal) -> Option<usize> {
        RECEIVED.iter().position(|&known| known == signal)
    }
}
