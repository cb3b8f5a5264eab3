//! What is known of a run of a service: the facts of `service.run`, written and read.
//!
//! The keys are in the grammar ([`Fact`]), each with the kind of its value. So a fact to come needs
//! no code here, and whoever passes facts on ([`RunView::values`]) none either.

use std::fmt;
use std::time::Duration;

use crate::decimal;
use crate::field::{Fields, write_i64};
use crate::generated::fact::Fact;
use crate::signal::Signal;

/// What the value of a fact is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum FactKind {
    /// A moment of CLOCK_MONOTONIC.
    Moment,
    /// A duration.
    Seconds,
    /// A whole number.
    Number,
    /// It is so, or the fact is not there.
    Flag,
    /// A word, which may be the name of a signal.
    Word,
    /// The stage of a start that failed, and the error number.
    Failure,
}

/// The value of a fact.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum FactValue<'a> {
    /// The time since the start of CLOCK_MONOTONIC.
    Moment(Duration),
    /// A duration.
    Seconds(Duration),
    /// A whole number.
    Number(i64),
    /// It is so.
    Flag,
    /// A word; also whatever a fact has that is not known here.
    Word(&'a [u8]),
    /// A start that failed.
    Failure(RunFailure<'a>),
}

/// Why a service could not become its program.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct RunFailure<'a> {
    /// The step of the start that failed, such as `exec`.
    pub stage: &'a [u8],
    /// Why, as in errno(3).
    pub errno: i32,
}

/// Appends facts to a line that so far is a `service.run` without any. Give them in the order of
/// [`Fact::ALL`].
pub struct FactWriter<'o> {
    out: &'o mut Vec<u8>,
}

impl<'o> FactWriter<'o> {
    /// One that writes there.
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out }
    }

    /// A moment or a duration, in nanoseconds.
    pub fn nanos(&mut self, fact: Fact, nanos: u64) {
        self.key(fact);
        decimal::write(self.out, Duration::from_nanos(nanos));
    }

    /// A number.
    pub fn number(&mut self, fact: Fact, number: i64) {
        self.key(fact);
        write_i64(self.out, number);
    }

    /// A word.
    pub fn word(&mut self, fact: Fact, word: &[u8]) {
        self.key(fact);
        self.out.extend_from_slice(word);
    }

    /// As much of a text as there is room for on a line of this length, its end included; in whole
    /// characters of UTF-8.
    pub fn word_within(&mut self, fact: Fact, text: &[u8], line: usize) {
        let used = self.out.len() + 1 + fact.as_str().len() + 1 + 1;
        let mut end = text.len().min(line.saturating_sub(used));
        while end > 0 && text.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
            end -= 1;
        }
        if end > 0 {
            self.word(fact, &text[..end]);
        }
    }

    /// The name of a signal.
    pub fn signal(&mut self, fact: Fact, signal: Signal) {
        self.key(fact);
        signal.write_name(self.out);
    }

    /// A stage of a start that failed, and the error number.
    pub fn failure(&mut self, fact: Fact, RunFailure { stage, errno }: RunFailure<'_>) {
        self.word(fact, stage);
        self.out.push(b':');
        write_i64(self.out, errno.into());
    }

    /// Something that is so, if it is.
    pub fn flag(&mut self, fact: Fact, is: bool) {
        if is {
            self.out.push(b'\t');
            self.out.extend_from_slice(fact.as_str().as_bytes());
        }
    }

    fn key(&mut self, fact: Fact) {
        self.flag(fact, true);
        self.out.push(b'=');
    }
}

fn read_number(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn read_failure(text: &[u8]) -> Option<RunFailure<'_>> {
    let colon = text.iter().rposition(|&byte| byte == b':')?;
    let errno = i32::try_from(read_number(&text[colon + 1..])?).ok()?;
    Some(RunFailure { stage: &text[..colon], errno })
}

impl Fact {
    /// The fact of this name.
    #[must_use]
    pub fn parse(key: &[u8]) -> Option<Self> {
        Self::ALL.iter().find(|fact| fact.as_str().as_bytes() == key).copied()
    }

    /// What this text is as a value of this fact. Text that is not of its kind is a word.
    #[must_use]
    pub fn value(self, text: &[u8]) -> FactValue<'_> {
        let value = match self.kind() {
            FactKind::Moment => decimal::read(text).map(FactValue::Moment),
            FactKind::Seconds => decimal::read(text).map(FactValue::Seconds),
            FactKind::Number => read_number(text).map(FactValue::Number),
            FactKind::Failure => read_failure(text).map(FactValue::Failure),
            FactKind::Flag => Some(FactValue::Flag),
            FactKind::Word => None,
        };
        value.unwrap_or(FactValue::Word(text))
    }
}

/// What is known of the run of a service that goes on, or else of its last one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RunView {
    number: u32,
    /// As they stand on the line.
    facts: Vec<u8>,
}

impl fmt::Debug for RunView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {} {:?}", self.number, Fields::new(&self.facts))
    }
}

impl RunView {
    /// What one `service.run` says.
    #[must_use]
    pub fn new(run: u32, facts: Fields<'_>) -> Self {
        Self { number: run, facts: facts.as_bytes().to_vec() }
    }

    /// Its number: it counts all starts of the daemon. 0: the service never ran.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// All facts as they are on the line, those that are not known here, too: the key, and the
    /// value if there is one.
    pub fn facts(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        Fields::new(&self.facts).iter().map(split)
    }

    /// All facts with their values.
    pub fn values(&self) -> impl Iterator<Item = (&[u8], FactValue<'_>)> {
        self.facts().map(|(key, text)| {
            let value = match (Fact::parse(key), text) {
                (Some(fact), text) => fact.value(text.unwrap_or_default()),
                (None, Some(text)) => FactValue::Word(text),
                (None, None) => FactValue::Flag,
            };
            (key, value)
        })
    }

    /// The value of this fact, if it is known.
    #[must_use]
    pub fn get(&self, fact: Fact) -> Option<FactValue<'_>> {
        let mut facts = self.facts();
        let (_, text) = facts.find(|(key, _)| *key == fact.as_str().as_bytes())?;
        Some(fact.value(text.unwrap_or_default()))
    }

    /// Whether this is known: for a flag, whether it is so.
    #[must_use]
    pub fn has(&self, fact: Fact) -> bool {
        self.get(fact).is_some()
    }

    /// A moment or a duration.
    #[must_use]
    pub fn time(&self, fact: Fact) -> Option<Duration> {
        match self.get(fact)? {
            FactValue::Moment(time) | FactValue::Seconds(time) => Some(time),
            _ => None,
        }
    }

    /// A number.
    #[must_use]
    pub fn count(&self, fact: Fact) -> Option<i64> {
        match self.get(fact)? {
            FactValue::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A word.
    #[must_use]
    pub fn word(&self, fact: Fact) -> Option<&[u8]> {
        match self.get(fact)? {
            FactValue::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Why it could not become its program.
    #[must_use]
    pub fn failed(&self) -> Option<RunFailure<'_>> {
        match self.get(Fact::Failed)? {
            FactValue::Failure(failure) => Some(failure),
            _ => None,
        }
    }

    /// Whether a `service.run` says anything that is not known yet.
    #[must_use]
    pub fn is_news(&self, number: u32, facts: Fields<'_>) -> bool {
        let mut after = self.clone();
        after.set(number, facts);
        let sorted = |run: &Self| {
            let mut facts: Vec<Vec<u8>> =
                Fields::new(&run.facts).iter().map(<[u8]>::to_vec).collect();
            facts.sort();
            facts
        };
        after.number != self.number || sorted(&after) != sorted(self)
    }

    /// Takes in what `service.run` says. Facts that are only told once stay as long as it is about
    /// the same run.
    pub(crate) fn set(&mut self, number: u32, facts: Fields<'_>) {
        let old = std::mem::take(&mut self.facts);
        self.facts.extend_from_slice(facts.as_bytes());
        if self.number == number {
            for fact in Fields::new(&old).iter() {
                let known = Fact::parse(split(fact).0).filter(|fact| fact.is_once());
                if known.is_some_and(|known| !self.has(known)) {
                    if !self.facts.is_empty() {
                        self.facts.push(b'\t');
                    }
                    self.facts.extend_from_slice(fact);
                }
            }
        }
        self.number = number;
    }
}

fn split(fact: &[u8]) -> (&[u8], Option<&[u8]>) {
    match fact.iter().position(|&byte| byte == b'=') {
        Some(at) => (&fact[..at], Some(&fact[at + 1..])),
        None => (fact, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_passed_on() {
        let mut run = RunView::default();
        run.set(7, Fields::new(b"pid=12\tmood=good\tshiny\tcore\tstart=soon\tfailed=exec:2"));
        let values: Vec<_> = run.values().collect();
        assert_eq!(
            values,
            [
                (&b"pid"[..], FactValue::Number(12)),
                (b"mood", FactValue::Word(b"good")),
                (b"shiny", FactValue::Flag),
                (b"core", FactValue::Flag),
                (b"start", FactValue::Word(b"soon")),
                (b"failed", FactValue::Failure(RunFailure { stage: b"exec", errno: 2 })),
            ]
        );
        assert!(run.has(Fact::Core) && !run.has(Fact::Killed));
        assert_eq!(
            (run.number(), run.count(Fact::Pid), run.time(Fact::Start)),
            (7, Some(12), None)
        );
    }

    #[test]
    fn a_text_is_cut_where_a_character_ends() {
        // Room for four bytes of text, and less.
        for (room, kept) in [(5, "\tstatus=a\u{e9}b"), (3, "\tstatus=a\u{e9}"), (2, "\tstatus=a")] {
            let mut out = b"run".to_vec();
            let line = out.len() + "\tstatus=".len() + room + 1;
            FactWriter::new(&mut out).word_within(Fact::Status, "a\u{e9}b".as_bytes(), line);
            assert_eq!(out, ["run", kept].concat().as_bytes(), "{room}");
        }
        let mut out = b"run".to_vec();
        FactWriter::new(&mut out).word_within(Fact::Status, "\u{e9}".as_bytes(), 13);
        assert_eq!(out, b"run");
    }

    #[test]
    fn what_is_told_once_stays_for_that_run() {
        let mut run = RunView::default();
        run.set(7, Fields::new(b"pid=12\texit=0\tcpu=0.5\tmaxrss=80"));
        run.set(7, Fields::new(b"pid=12\texit=0\tnext=9"));
        let half = Some(Duration::from_millis(500));
        assert_eq!((run.time(Fact::Cpu), run.count(Fact::Maxrss)), (half, Some(80)));
        assert!(!run.is_news(7, Fields::new(b"pid=12\texit=0\tnext=9")));
        assert!(run.is_news(7, Fields::new(b"pid=12\texit=0")));
        assert!(run.is_news(8, Fields::new(b"pid=12\texit=0\tnext=9")));
        run.set(8, Fields::new(b"pid=13"));
        assert_eq!((run.time(Fact::Cpu), run.has(Fact::Next)), (None, false));
    }
}
