//! How single values are written to a state, and read from it.

use std::time::Duration;

use daemonproxy_protocol::{LogFilter, Name, Signal, write_i64, write_u64};

use crate::memory::{Reserved, Text};
use crate::system::{Fd, Monotonic, Pid};
use crate::table::{NameBuf, Slot};
pub(crate) use crate::upgrade::state::Value;
use crate::upgrade::state::Writer;

/// Bytes of the longest number, moment or name of a signal.
const LONGEST: usize = 40;
/// Bytes of the longest list of flags.
const LONGEST_FLAGS: usize = 256;

/// What stands before the first colon, and after it.
pub(crate) fn halves(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = text.iter().position(|&byte| byte == b':')?;
    Some((&text[..colon], &text[colon + 1..]))
}

/// Appends what a function of the protocol writes.
fn push_written(to: &mut Writer, write: impl FnOnce(&mut Vec<u8>)) {
    to.push_written(LONGEST, write);
}

/// Appends flags, as commands have them.
pub(crate) fn push_flags(to: &mut Writer, write: impl FnOnce(&mut Vec<u8>)) {
    to.push_written(LONGEST_FLAGS, write);
}

macro_rules! numbers {
    ($($type:ty)*) => {
        $(impl Value for $type {
            #[allow(clippy::allow_attributes, clippy::cast_lossless, reason = "of all lengths")]
            fn write(&self, to: &mut Writer) {
                push_written(to, |text| match i64::try_from(*self) {
                    Ok(number) => write_i64(text, number),
                    Err(_) => write_u64(text, *self as u64),
                });
            }

            fn parse(text: &[u8]) -> Option<Self> {
                std::str::from_utf8(text).ok()?.parse().ok()
            }
        })*
    };
}

numbers!(u8 u16 u32 u64 usize i32 i64);

impl Value for bool {
    fn write(&self, to: &mut Writer) {
        to.push(if *self { b"yes" } else { b"no" });
    }

    fn parse(text: &[u8]) -> Option<Self> {
        match text {
            b"yes" => Some(true),
            b"no" => Some(false),
            _ => None,
        }
    }
}

/// What is not there is a `-`.
impl<T: Value> Value for Option<T> {
    fn write(&self, to: &mut Writer) {
        match self {
            None => to.push(b"-"),
            Some(value) => value.write(to),
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        if text == b"-" { Some(None) } else { T::parse(text).map(Some) }
    }
}

/// Nanoseconds, so that a person sees seconds: the point is left out by nobody.
impl Value for Monotonic {
    fn write(&self, to: &mut Writer) {
        const UNIT: u64 = 1_000_000_000;
        let nanos = self.nanos();
        push_written(to, |text| {
            write_u64(text, nanos / UNIT);
            text.add(b".");
            let mut unit = UNIT / 10;
            while unit > 0 {
                write_u64(text, nanos / unit % 10);
                unit /= 10;
            }
        });
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (seconds, nanos) = text.split_at_checked(text.len().checked_sub(10)?)?;
        let nanos = nanos.strip_prefix(b".").filter(|it| it.iter().all(u8::is_ascii_digit))?;
        let (seconds, nanos) = (u64::parse(seconds)?, u64::parse(nanos)?);
        seconds.checked_mul(1_000_000_000)?.checked_add(nanos).map(Self::from_nanos)
    }
}

/// In the same way.
impl Value for Duration {
    fn write(&self, to: &mut Writer) {
        Monotonic::from_nanos(0).plus(*self).write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Monotonic::parse(text).map(|time| Self::from_nanos(time.nanos()))
    }
}

impl Value for Pid {
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Value::parse(text).map(Self)
    }
}

impl Value for Fd {
    fn write(&self, to: &mut Writer) {
        to.push_fd(*self);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        i32::parse(text).map(Self)
    }
}

impl Value for Slot {
    fn write(&self, to: &mut Writer) {
        self.number().write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        u32::parse(text).map(Self::of_number)
    }
}

/// No name is nothing at all.
impl Value for NameBuf {
    fn write(&self, to: &mut Writer) {
        to.push(self.as_bytes());
    }

    fn parse(text: &[u8]) -> Option<Self> {
        if text.is_empty() { Some(Self::NONE) } else { Name::new(text).map(Self::from) }
    }
}

impl Value for Signal {
    fn write(&self, to: &mut Writer) {
        push_written(to, |text| self.write_name(text));
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Self::parse(text)
    }
}

impl Value for LogFilter {
    fn write(&self, to: &mut Writer) {
        push_written(to, |text| LogFilter::write(*self, text));
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Self::parse(text)
    }
}

/// Bytes: what is not plain is `%XX`.
impl Value for Vec<u8> {
    fn write(&self, to: &mut Writer) {
        write_bytes(to, self);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut bytes = Self::new();
        bytes.read(text)?;
        Some(bytes)
    }

    fn read(&mut self, text: &[u8]) -> Option<()> {
        self.clear();
        self.try_reserve(text.len()).ok()?;
        let mut rest = text;
        while let Some((&first, after)) = rest.split_first() {
            if first != b'%' {
                self.add(&[first]);
                rest = after;
                continue;
            }
            let (digits, after) = after.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            self.add(&[u8::from_str_radix(digits, 16).ok()?]);
            rest = after;
        }
        Some(())
    }
}

/// Appends bytes; what is not plain is `%XX`.
pub(crate) fn write_bytes(to: &mut Writer, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'%' || byte == b' ';
    let mut rest = bytes;
    while !rest.is_empty() {
        let plain = rest.iter().position(|&byte| !is_plain(byte)).unwrap_or(rest.len());
        let (before, after) = rest.split_at(plain);
        to.push(before);
        rest = after;
        if let Some((&byte, after)) = rest.split_first() {
            let digit = |four: u8| DIGITS[usize::from(four & 15)];
            to.push(&[b'%', digit(byte >> 4), digit(byte)]);
            rest = after;
        }
    }
}

/// Numbers of places, with commas between.
impl Value for Vec<Slot> {
    fn write(&self, to: &mut Writer) {
        write_list(to, self);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut list = Self::new();
        read_list(text, |slot| {
            list.try_reserve(1).ok()?;
            list.put(slot);
            Some(())
        })?;
        Some(list)
    }
}

/// Appends values with commas between them.
pub(crate) fn write_list(to: &mut Writer, list: &[impl Value]) {
    for (nth, value) in list.iter().enumerate() {
        if nth > 0 {
            to.push(b",");
        }
        value.write(to);
    }
}

/// Reads such values.
pub(crate) fn read_list<T: Value>(
    text: &[u8],
    mut each: impl FnMut(T) -> Option<()>,
) -> Option<()> {
    let parts = text.split(|&byte| byte == b',').filter(|_| !text.is_empty());
    parts.map(T::parse).try_for_each(|value| each(value?))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test may end when there is no memory")]
mod tests {
    use super::*;

    fn written(value: &impl Value) -> String {
        let mut to = Writer::default();
        value.write(&mut to);
        String::from_utf8(to.finish().unwrap().text).unwrap()
    }

    #[test]
    fn values_are_read_as_they_were_written() {
        for nanos in [0, 1, 999_999_999, 1_000_000_010, u64::MAX] {
            let moment = Monotonic::from_nanos(nanos);
            assert_eq!(Value::parse(written(&moment).as_bytes()), Some(moment));
        }
        assert_eq!(written(&Monotonic::from_nanos(1_500_000_000)), "1.500000000");
        for number in [0, u64::MAX, 7] {
            assert_eq!(Value::parse(written(&number).as_bytes()), Some(number));
        }
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(Value::parse(written(&bytes).as_bytes()), Some(bytes));
        let none: Option<Monotonic> = None;
        assert_eq!(Option::<Monotonic>::parse(written(&none).as_bytes()), Some(none));
        let list: Vec<Slot> = [3, 1].map(Slot::of_number).into();
        assert_eq!(written(&list), "3,1");
        assert_eq!(Value::parse(b"3,1"), Some(list));
        assert_eq!(Value::parse(b""), Some(Vec::<Slot>::new()));
    }

    #[test]
    fn what_cannot_be_is_not_read() {
        for text in ["", "1", "1.5", "1.00000000x", "-1.000000000", "99999999999.000000000"] {
            assert_eq!(Monotonic::parse(text.as_bytes()), None, "{text}");
        }
        for text in ["%", "%4", "%gg"] {
            assert_eq!(<Vec<u8>>::parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(<u8 as Value>::parse(b"256"), None);
        assert_eq!(<bool as Value>::parse(b"true"), None);
    }
}
