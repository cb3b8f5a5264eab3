//! The options of a service: what stands behind the `=`, and the list of them.
//!
//! [`ServiceOption`] is generated: the grammar says which options there are and which parser in
//! [`value`] takes the value of each.

use std::time::Duration;

use crate::field::Fields;
use crate::generated::option::ServiceOption;
use crate::signal::Signal;

/// A limit of setrlimit(2); `None` is `unlimited`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The one that holds.
    pub soft: Option<u64>,
    /// Up to where the process may raise that.
    pub hard: Option<u64>,
}

/// What a stop is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kill {
    /// The main process.
    Main,
    /// All of its process group, and of its session if it leads one.
    Group,
    /// All of its cgroup.
    Cgroup,
}

/// How a service says that it is ready.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Ready {
    /// It writes a line end to this descriptor.
    Fd(u8),
    /// It sends `READY=1`, as with sd_notify(3).
    Notify,
    /// A controller says it.
    Control,
}

/// Ends of a run that count as success, as they stand on the line.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Ends<'a>(&'a [u8]);

impl Ends<'_> {
    /// Whether this exit status is among them.
    #[must_use]
    pub fn has_exit(self, status: i32) -> bool {
        self.any(|end| value::status(end).map(i32::from) == Some(status))
    }

    /// Whether an end by this signal is among them.
    #[must_use]
    pub fn has_signal(self, signal: Signal) -> bool {
        self.any(|end| value::status(end).is_none() && Signal::parse(end) == Some(signal))
    }

    fn any(self, is: impl Fn(&[u8]) -> bool) -> bool {
        self.0.split(|&byte| byte == b':').any(is)
    }
}

/// How the interval between two starts grows.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Up to this.
    pub most: Duration,
    /// By this factor after each short run, in billionths.
    pub factor: u64,
    /// A run that takes at least this long is not short.
    pub reset: Duration,
}

/// How many automatic starts within how long are the last ones.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct GiveUp {
    /// This many,
    pub starts: u32,
    /// from the first of them on.
    pub within: Duration,
}

/// The options that a service has, as they stand on the line.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Options<'a>(Fields<'a>);

impl<'a> Options<'a> {
    /// Those of a list that a command has set.
    #[must_use]
    pub const fn new(list: Fields<'a>) -> Self {
        Self(list)
    }

    /// As they stand on the line.
    #[must_use]
    pub const fn fields(self) -> Fields<'a> {
        self.0
    }

    /// One by one. What is not known here is left out.
    pub fn iter(self) -> impl Iterator<Item = ServiceOption<'a>> {
        self.0.iter().filter_map(|field| ServiceOption::parse(field).ok())
    }
}

/// What identifies one of several fields `KEY=VALUE` or `WORD`: tags and options.
#[must_use]
pub fn key(field: &[u8]) -> &[u8] {
    split(field).0
}

/// What identifies an item of an environment: the KEY of `KEY=VALUE`, `KEY%=VALUE` and `!KEY`, and
/// `!` itself.
#[must_use]
pub fn env_key(item: &[u8]) -> &[u8] {
    match item.strip_prefix(b"!") {
        Some(b"") => item,
        Some(key) => key,
        None => {
            let key = key(item);
            key.strip_suffix(b"%").filter(|_| key.len() < item.len()).unwrap_or(key)
        }
    }
}

/// The KEY, and the value if there is a `=`.
pub(crate) fn split(field: &[u8]) -> (&[u8], Option<&[u8]>) {
    match field.iter().position(|&byte| byte == b'=') {
        Some(at) => (&field[..at], Some(&field[at + 1..])),
        None => (field, None),
    }
}

/// The parsers of values. Each gets what stands behind the `=`, or nothing if there is none, and
/// gives nothing for what cannot be right.
pub(crate) mod value {
    use std::time::Duration;

    use super::{Backoff, Ends, GiveUp, Kill, Limit, Ready};
    use crate::decimal;
    use crate::field::Name;
    use crate::signal::Signal;

    /// The longest of all times, in seconds: the same as elsewhere in the protocol.
    const MOST_SECONDS: Duration = Duration::from_secs(i32::MAX as u64);
    /// The most supplementary groups that a service may be given.
    const MOST_WORDS: usize = 64;
    /// One, in the unit of [`Backoff::factor`].
    const ONE: u64 = 1_000_000_000;
    /// The factor of a back-off that does not say it, and the most that it can say.
    const FACTOR: u64 = 2 * ONE;
    const MOST_FACTOR: u64 = 1000 * ONE;

    type Value<'a> = Option<&'a [u8]>;

    /// A word that says everything.
    pub(crate) fn nothing(value: Value<'_>) -> Option<()> {
        value.is_none().then_some(())
    }

    /// `tty` or nothing.
    pub(crate) fn tty(value: Value<'_>) -> Option<bool> {
        match value {
            None => Some(false),
            Some(b"tty") => Some(true),
            Some(_) => None,
        }
    }

    /// A name or a number, as /etc/passwd may have it.
    pub(crate) fn word(value: Value<'_>) -> Option<&[u8]> {
        value.filter(|word| !word.is_empty() && !word.contains(&b':'))
    }

    /// Several, or none: at most [`MOST_WORDS`].
    pub(crate) fn words(value: Value<'_>) -> Option<&[u8]> {
        let value = value?;
        let mut all = value.split(|&byte| byte == b':');
        let are_few = all.clone().count() <= MOST_WORDS;
        (value.is_empty() || are_few && all.all(|word| !word.is_empty())).then_some(value)
    }

    pub(crate) fn percent(value: Value<'_>) -> Option<()> {
        (value? == b"percent").then_some(())
    }

    pub(crate) fn kill(value: Value<'_>) -> Option<Kill> {
        match value? {
            b"main" => Some(Kill::Main),
            b"group" => Some(Kill::Group),
            b"cgroup" => Some(Kill::Cgroup),
            _ => None,
        }
    }

    pub(crate) fn path(value: Value<'_>) -> Option<&[u8]> {
        value.filter(|path| !path.is_empty())
    }

    pub(crate) fn signal(value: Value<'_>) -> Option<Signal> {
        Signal::parse(value?)
    }

    pub(crate) fn number(value: Value<'_>, least: i64, most: i64) -> Option<i64> {
        let value = value?;
        let (minus, number) = match value.strip_prefix(b"-") {
            Some(rest) => (true, digits(rest, 10)?),
            None => (false, digits(value, 10)?),
        };
        let number = i64::try_from(number).ok()?;
        let number = if minus { -number } else { number };
        (least..=most).contains(&number).then_some(number)
    }

    /// Seconds, or `-` for no end: the longest time there is.
    pub(crate) fn patience(value: Value<'_>) -> Option<Duration> {
        match value? {
            b"-" => Some(Duration::MAX),
            text => decimal::read(text).filter(|time| *time <= MOST_SECONDS),
        }
    }

    pub(crate) fn octal(value: Value<'_>, least: u32, most: u32) -> Option<u32> {
        let number = u32::try_from(digits(value?, 8)?).ok()?;
        (least..=most).contains(&number).then_some(number)
    }

    /// Any time but none, with digits after the point or not.
    pub(crate) fn seconds(value: Value<'_>) -> Option<Duration> {
        time(value?)
    }

    pub(crate) fn ready(value: Value<'_>) -> Option<Ready> {
        Some(match value? {
            b"notify" => Ready::Notify,
            b"control" => Ready::Control,
            other => Ready::Fd(u8::try_from(digits(other.strip_prefix(b"fd:")?, 10)?).ok()?),
        })
    }

    pub(crate) fn limit(value: Value<'_>) -> Option<Limit> {
        let value = value?;
        let limit = match value.iter().position(|&byte| byte == b':') {
            Some(at) => Limit { soft: bound(&value[..at])?, hard: bound(&value[at + 1..])? },
            None => Limit { soft: bound(value)?, hard: bound(value)? },
        };
        let above = |limit: Option<u64>| limit.unwrap_or(u64::MAX);
        (above(limit.soft) <= above(limit.hard)).then_some(limit)
    }

    /// One number of a limit. The highest of them all is how the kernel writes `unlimited`.
    fn bound(text: &[u8]) -> Option<Option<u64>> {
        if text == b"unlimited" {
            return Some(None);
        }
        digits(text, 10).filter(|&number| number != u64::MAX).map(Some)
    }

    /// Statuses and signals. A bare number is a status, as services exit with them.
    pub(crate) fn ends(value: Value<'_>) -> Option<Ends<'_>> {
        let value = value?;
        let is_end = |end| {
            let is_number = status(end).is_some();
            let is_signal = || !end.iter().all(u8::is_ascii_digit) && Signal::parse(end).is_some();
            is_number || is_signal()
        };
        value.split(|&byte| byte == b':').all(is_end).then_some(Ends(value))
    }

    /// An exit status.
    pub(super) fn status(text: &[u8]) -> Option<u8> {
        u8::try_from(digits(text, 10)?).ok()
    }

    // MAX [ ":" FACTOR [ ":" RESET ] ]
    pub(crate) fn backoff(value: Value<'_>) -> Option<Backoff> {
        let mut parts = value?.split(|&byte| byte == b':');
        let most = time(parts.next()?)?;
        let factor = match parts.next() {
            Some(text) => u64::try_from(decimal::read(text)?.as_nanos()).ok()?,
            None => FACTOR,
        };
        let reset = parts.next().map_or(Some(most), time)?;
        let is_right = parts.next().is_none() && (ONE..=MOST_FACTOR).contains(&factor);
        is_right.then_some(Backoff { most, factor, reset })
    }

    // N "/" SECONDS
    pub(crate) fn giveup(value: Value<'_>) -> Option<GiveUp> {
        let value = value?;
        let slash = value.iter().position(|&byte| byte == b'/')?;
        let starts = u32::try_from(digits(&value[..slash], 10)?).ok()?;
        let within = time(&value[slash + 1..])?;
        (starts > 0).then_some(GiveUp { starts, within })
    }

    /// Seconds, more than 0.
    fn time(text: &[u8]) -> Option<Duration> {
        decimal::read(text).filter(|time| !time.is_zero() && *time <= MOST_SECONDS)
    }

    pub(crate) fn service(value: Value<'_>) -> Option<Name<'_>> {
        Name::new(value?)
    }

    fn digits(text: &[u8], base: u32) -> Option<u64> {
        if text.is_empty() {
            return None;
        }
        text.iter().try_fold(0_u64, |number, &byte| {
            let digit = char::from(byte).to_digit(base)?;
            number.checked_mul(base.into())?.checked_add(digit.into())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::OPTIONS;
    use crate::{LimitName, Refusal};

    #[test]
    fn every_example_is_an_option_and_what_is_wrong_is_refused() {
        for info in OPTIONS {
            for example in info.examples {
                assert!(ServiceOption::parse(example.as_bytes()).is_ok(), "{example}");
                assert!(ServiceOption::is_key(key(example.as_bytes())), "{example}");
            }
            for wrong in info.wrong {
                let refusal = ServiceOption::parse(wrong.as_bytes());
                let option = wrong.as_bytes();
                assert_eq!(refusal, Err(Refusal::InvalidOption { option, expected: info.what }));
            }
        }
    }

    #[test]
    fn more_groups_than_a_start_could_set_are_refused() {
        let groups = |count| format!("groups={}", vec!["4"; count].join(":"));
        assert!(ServiceOption::parse(groups(64).as_bytes()).is_ok());
        assert!(ServiceOption::parse(groups(65).as_bytes()).is_err());
    }

    #[test]
    fn a_number_is_a_status_and_a_name_is_a_signal() {
        let Ok(ServiceOption::Success(ends)) = ServiceOption::parse(b"success=143:SIGTERM:9:INT")
        else {
            panic!("it is refused");
        };
        assert!(ends.has_exit(143) && ends.has_exit(9) && !ends.has_exit(15));
        assert!(ends.has_signal(Signal::TERM) && ends.has_signal(Signal::INT));
        assert!(!ends.has_signal(Signal::KILL));
    }

    #[test]
    fn values_are_understood() {
        let seconds = Duration::from_secs;
        let backoff = |most, factor, reset| ServiceOption::Backoff(Backoff { most, factor, reset });
        let (half, two) = (Duration::from_millis(500), 2_000_000_000);
        let within = Duration::from_nanos(1_000_000_001);
        for (text, option) in [
            ("cwd=/a=b", ServiceOption::Cwd(b"/a=b")),
            ("umask=0777", ServiceOption::Umask(0o777)),
            ("nice=-20", ServiceOption::Nice(-20)),
            ("parent_death=9", ServiceOption::ParentDeath(Signal::KILL)),
            ("backoff=60", backoff(seconds(60), two, seconds(60))),
            ("backoff=0.5:1.5", backoff(half, 1_500_000_000, half)),
            ("backoff=60:2:10", backoff(seconds(60), two, seconds(10))),
            ("giveup=3/1.000000001", ServiceOption::Giveup(GiveUp { starts: 3, within })),
            (
                "limit.core=0:unlimited",
                ServiceOption::Limit(LimitName::Core, Limit { soft: Some(0), hard: None }),
            ),
        ] {
            assert_eq!(ServiceOption::parse(text.as_bytes()), Ok(option));
        }
        for unknown in ["", "=", "limit", "limit.=1", "limit.bogus=1", "Umask=0", "cwd2"] {
            let option = unknown.as_bytes();
            assert_eq!(ServiceOption::parse(option), Err(Refusal::UnknownOption { option }));
        }
    }
}
