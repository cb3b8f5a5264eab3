//! What starts a service by itself: its triggers, and the conditions that they are made of.

use std::borrow::Cow;

use crate::field::{Fields, Name};
use crate::signal::{RTMAX, Signal};

/// The triggers of a service: it is started when one of them holds.
///
/// `always` and the signals, which is all that protocol 1 knows, are kept as a set and told first.
/// Every other trigger is kept as it was written: conditions joined by commas, all of which must
/// hold.
#[derive(Copy, Clone, Debug, Default)]
pub struct Triggers<'a> {
    /// Whenever it is not running.
    pub always: bool,
    /// While one of these is pending: the signal of number n is bit n - 1.
    pub signals: u64,
    /// A list with all others in it, and perhaps some of these.
    list: Fields<'a>,
}

/// One condition of a trigger. It holds, or does not hold, at any moment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Condition<'a> {
    /// `always`.
    Always,
    /// The pending count of this signal is above 0.
    Signal(Signal),
    /// `once`: the service never ran.
    Once,
    /// `failure`: its last run ended, and not in success.
    Failure,
    /// `success`: its last run ended in success.
    Success,
    /// `ready:NAME`: that service runs and is ready.
    Ready(Name<'a>),
    /// `up:NAME`: that service runs.
    Up(Name<'a>),
    /// `down:NAME`: that service exists and has no process.
    Down(Name<'a>),
    /// `done:NAME`: that service is down, and its last run ended in success.
    Done(Name<'a>),
    /// `fd:NAME`: there is something to read from that descriptor, or somebody to accept.
    Fd(Name<'a>),
}

impl<'a> Triggers<'a> {
    /// Reads a list of triggers; `None` if one of them is not a trigger.
    #[must_use]
    pub fn parse(list: Fields<'a>) -> Option<Self> {
        Self::parse_if(list, |one| Condition::parse(one).is_some())
    }

    /// The same for triggers as they are told, where a name that may not be known is a `*`.
    pub(crate) fn parse_shown(list: Fields<'a>) -> Option<Self> {
        Self::parse_if(list, |one| {
            let hidden = one.strip_suffix(b":*");
            let is_named =
                |kind: &[u8]| matches!(kind, b"ready" | b"up" | b"down" | b"done" | b"fd");
            Condition::parse(one).is_some() || hidden.is_some_and(is_named)
        })
    }

    fn parse_if(list: Fields<'a>, is_condition: impl Fn(&[u8]) -> bool) -> Option<Self> {
        let mut triggers = Self::default();
        for trigger in list.iter() {
            match Condition::parse(trigger) {
                Some(Condition::Always) => triggers.always = true,
                Some(Condition::Signal(signal)) => triggers.insert(signal),
                Some(_) => triggers.list = list,
                None if trigger.split(|&byte| byte == b',').all(&is_condition) => {
                    triggers.list = list;
                }
                None => return None,
            }
        }
        Some(triggers)
    }

    /// These, and all of a list but `always` and signals.
    #[must_use]
    pub const fn new(always: bool, signals: u64, others: Fields<'a>) -> Self {
        Self { always, signals, list: others }
    }

    /// Whether there is no trigger: the service is never started by itself.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.always && self.signals == 0 && self.list.is_empty()
    }

    /// Whether this signal is a trigger by itself.
    #[must_use]
    pub const fn contains(&self, signal: Signal) -> bool {
        self.signals & bit(signal) != 0
    }

    /// Whether this signal is a trigger, or a condition in one.
    #[must_use]
    pub fn mentions(&self, signal: Signal) -> bool {
        let is_it = |one| one == Some(Condition::Signal(signal));
        self.contains(signal) || self.others().flat_map(conditions).any(is_it)
    }

    /// Makes this signal a trigger.
    pub const fn insert(&mut self, signal: Signal) {
        self.signals |= bit(signal);
    }

    /// The signals among the triggers, in the order of their numbers.
    pub fn signals(&self) -> impl Iterator<Item = Signal> + Clone + use<> {
        let signals = self.signals;
        (1..=RTMAX).map(Signal).filter(move |&signal| signals & bit(signal) != 0)
    }

    /// All of them, each as it is told.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'a, [u8]>> + use<'a> {
        let always = self.always.then_some(Cow::Borrowed(b"always".as_slice()));
        let signals = self.signals().map(|signal| Cow::Owned(signal.to_string().into_bytes()));
        always.into_iter().chain(signals).chain(self.others().map(Cow::Borrowed))
    }

    /// The triggers besides `always` and signals, as they were written.
    pub fn others(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        self.list.iter().filter(|trigger| {
            !matches!(Condition::parse(trigger), Some(Condition::Always | Condition::Signal(_)))
        })
    }
}

/// By what they mean: it does not matter in which order `always` and signals were written.
impl PartialEq for Triggers<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.always, self.signals) == (other.always, other.signals)
            && self.others().eq(other.others())
    }
}

impl Eq for Triggers<'_> {}

/// The conditions of one trigger; `None` for one that is none.
// trigger = condition *( "," condition )
pub fn conditions(trigger: &[u8]) -> impl Iterator<Item = Option<Condition<'_>>> + Clone {
    trigger.split(|&byte| byte == b',').map(Condition::parse)
}

impl<'a> Condition<'a> {
    /// Reads a condition. A signal that the daemon never receives is none.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        Some(match text {
            b"always" => Self::Always,
            b"once" => Self::Once,
            b"failure" => Self::Failure,
            b"success" => Self::Success,
            _ => match text.iter().position(|&byte| byte == b':') {
                None => Self::Signal(Signal::parse(text).filter(|signal| signal.is_standard())?),
                Some(colon) => {
                    let name = Name::new(&text[colon + 1..])?;
                    match &text[..colon] {
                        b"ready" => Self::Ready(name),
                        b"up" => Self::Up(name),
                        b"down" => Self::Down(name),
                        b"done" => Self::Done(name),
                        b"fd" => Self::Fd(name),
                        _ => return None,
                    }
                }
            },
        })
    }

    /// The service whose state it is about, other than that of the trigger.
    #[must_use]
    pub const fn other_service(&self) -> Option<Name<'a>> {
        match *self {
            Self::Ready(name) | Self::Up(name) | Self::Down(name) | Self::Done(name) => Some(name),
            Self::Always
            | Self::Signal(_)
            | Self::Once
            | Self::Failure
            | Self::Success
            | Self::Fd(_) => None,
        }
    }
}

const fn bit(signal: Signal) -> u64 {
    1 << (signal.0 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(list: &str) -> Option<Triggers<'_>> {
        Triggers::parse(Fields::new(list.as_bytes()))
    }

    #[test]
    fn triggers_are_told_in_order() {
        let mut triggers = Triggers::default();
        assert!(triggers.is_empty());
        triggers.insert(Signal::USR1);
        triggers.insert(Signal::HUP);
        assert_eq!(triggers.signals().collect::<Vec<_>>(), [Signal::HUP, Signal::USR1]);
        assert!(triggers.contains(Signal::HUP) && !triggers.contains(Signal::INT));
    }

    #[test]
    fn conditions_stay_as_they_were_written_and_the_rest_is_a_set() {
        let triggers = parse("ready:db,done:migrate\tUSR1\tonce\talways\tHUP,up:x").unwrap();
        assert!(triggers.always && triggers.contains(Signal::USR1));
        let others: Vec<&[u8]> = triggers.others().collect();
        assert_eq!(others, [b"ready:db,done:migrate".as_slice(), b"once", b"HUP,up:x"]);
        assert_eq!(Some(triggers), parse("always\tready:db,done:migrate\tonce\tHUP,up:x\tSIGUSR1"));
    }

    #[test]
    fn a_name_that_is_hidden_is_told_as_a_star() {
        let list = Fields::new(b"HUP\tready:*,fd:*");
        assert!(Triggers::parse(list).is_none());
        let shown = Triggers::parse_shown(list).unwrap();
        assert_eq!(shown.others().collect::<Vec<_>>(), [b"ready:*,fd:*"]);
        for wrong in ["*", "ready:**", "else:*", "ready:*,"] {
            assert!(Triggers::parse_shown(Fields::new(wrong.as_bytes())).is_none(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_trigger() {
        for wrong in
            ["", "sometimes", "ready", "ready:", "ready:a/b", "once,", ",once", "RTMIN", "up:x,y"]
        {
            assert!(wrong.is_empty() || parse(wrong).is_none(), "{wrong}");
        }
        assert!(Condition::parse(b"").is_none());
    }
}
