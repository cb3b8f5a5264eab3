//! The options of a service: what stands behind the `=`, and the list of them.
//!
//! [`ServiceOption`] is generated: the grammar says which options there are and which parser in
//! [`value`] takes the value of each.

use crate::field::Fields;
use crate::generated::option::ServiceOption;

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

    use super::{Kill, Limit, Ready};
    use crate::decimal;
    use crate::signal::Signal;

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

    /// Several, or none.
    pub(crate) fn words(value: Value<'_>) -> Option<&[u8]> {
        let value = value?;
        let all = value.split(|&byte| byte == b':');
        (value.is_empty() || all.into_iter().all(|word| !word.is_empty())).then_some(value)
    }

    pub(crate) fn percent(value: Value<'_>) -> Option<()> {
        (value? == b"percent").then_some(())
    }

    pub(crate) fn kill(value: Value<'_>) -> Option<Kill> {
        match value? {
            b"main" => Some(Kill::Main),
            b"group" => Some(Kill::Group),
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

    pub(crate) fn octal(value: Value<'_>, least: u32, most: u32) -> Option<u32> {
        let number = u32::try_from(digits(value?, 8)?).ok()?;
        (least..=most).contains(&number).then_some(number)
    }

    /// Any time but none, with digits after the point or not.
    pub(crate) fn seconds(value: Value<'_>) -> Option<Duration> {
        const MOST: Duration = Duration::from_secs(i32::MAX as u64);
        decimal::read(value?).filter(|time| !time.is_zero() && *time <= MOST)
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
    use crate::signal::Signal;
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
    fn values_are_understood() {
        for (text, option) in [
            ("cwd=/a=b", ServiceOption::Cwd(b"/a=b")),
            ("umask=0777", ServiceOption::Umask(0o777)),
            ("nice=-20", ServiceOption::Nice(-20)),
            ("parent_death=9", ServiceOption::ParentDeath(Signal::KILL)),
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
