//! Numbers: times, counts, codes.
//!
//! Whole numbers in decimal, no `+` and no spaces. What is not a number at all is
//! `Expected integer`; a number that is not allowed there gets an answer that says so, however
//! large it is.

use std::time::Duration;

use nom::Parser;
use nom::bytes::complete::{tag, take_while1};
use nom::combinator::opt;
use nom::sequence::pair;

use super::{Field, put, required};
use crate::command::StartTime;
use crate::decimal;
use crate::field::{Parsed, next_field, whole, write_i64};
use crate::generated::refusal::Refusal;

/// The longest time in seconds.
const MAX_SECONDS: i64 = i32::MAX as i64;
const LONGEST: Duration = Duration::from_secs(MAX_SECONDS as u64);

/// A whole number.
#[derive(Copy, Clone)]
pub(crate) struct Integer {
    /// Its value, or the nearest that 64 bits can hold.
    pub(crate) value: i64,
    /// Whether that is its value.
    exact: bool,
}

/// The number that these bytes are.
pub(crate) fn integer(bytes: &[u8]) -> Option<Integer> {
    whole(signed, bytes)
}

fn exact_integer(bytes: &[u8]) -> Option<i64> {
    integer(bytes).filter(|number| number.exact).map(|number| number.value)
}

// integer = [ "-" ] 1*DIGIT
fn signed(input: &[u8]) -> Parsed<'_, Integer> {
    pair(opt(tag(&b"-"[..])), take_while1(|byte: u8| byte.is_ascii_digit()))
        .map(|(minus, digits): (Option<&[u8]>, &[u8])| {
            // Counts away from zero in the direction of the sign, so that the lowest number fits,
            // too.
            let sign = if minus.is_some() { -1 } else { 1 };
            let limit = if minus.is_some() { i64::MIN } else { i64::MAX };
            let value = digits.iter().try_fold(0i64, |value, digit| {
                value.checked_mul(10)?.checked_add(sign * i64::from(digit - b'0'))
            });
            Integer { value: value.unwrap_or(limit), exact: value.is_some() }
        })
        .parse(input)
}

/// A number within limits.
#[inline]
fn within<'a>(
    field: &[u8],
    lowest: i64,
    highest: i64,
    out_of_range: Refusal<'a>,
) -> Result<i64, Refusal<'a>> {
    let number = integer(field).ok_or(Refusal::ExpectedInteger)?.value;
    if (lowest..=highest).contains(&number) { Ok(number) } else { Err(out_of_range) }
}

/// A field that may be absent; `-` means the same.
#[inline]
fn optional<'a, T>(
    rest: &'a [u8],
    value: impl FnOnce(&'a [u8]) -> Result<T, Refusal<'a>>,
) -> Field<'a, Option<T>> {
    match next_field(rest) {
        (rest, None | Some(b"-")) => Ok((rest, None)),
        (rest, Some(field)) => Ok((rest, Some(value(field)?))),
    }
}

#[inline]
fn put_number(out: &mut Vec<u8>, number: i64) {
    out.push(b'\t');
    write_i64(out, number);
}

// interval = seconds / "-"
pub(crate) fn interval(rest: &[u8]) -> Field<'_, Option<u32>> {
    optional(rest, |field| Ok(within(field, 1, MAX_SECONDS, Refusal::InvalidInterval)? as u32))
}

pub(crate) fn put_interval(out: &mut Vec<u8>, interval: Option<u32>) {
    match interval {
        Some(seconds) => put_number(out, i64::from(seconds)),
        None => put(out, b"-"),
    }
}

// count = 1*DIGIT              (more than 32 bits can hold means as many as there are)
pub(crate) fn count(rest: &[u8]) -> Field<'_, u32> {
    let (rest, field) = required(rest, Refusal::ExpectedInteger)?;
    let count = within(field, 0, i64::MAX, Refusal::ExpectedNonNegativeInteger)?;
    Ok((rest, u32::try_from(count).unwrap_or(u32::MAX)))
}

pub(crate) fn put_count(out: &mut Vec<u8>, count: u32) {
    put_number(out, i64::from(count));
}

// timeout = 1*DIGIT
pub(crate) fn timeout(rest: &[u8]) -> Field<'_, u32> {
    let (rest, field) = required(rest, Refusal::ExpectedInteger)?;
    let seconds = within(field, 1, MAX_SECONDS, Refusal::InvalidTimeout)?;
    Ok((rest, seconds as u32))
}

pub(crate) fn put_timeout(out: &mut Vec<u8>, seconds: u32) {
    put_number(out, i64::from(seconds));
}

// exit_code = 1*3DIGIT
pub(crate) fn exit_code(rest: &[u8]) -> Field<'_, i32> {
    let (rest, field) = required(rest, Refusal::ExpectedInteger)?;
    let code = within(field, 0, 255, Refusal::ExitCodeOutOfRange)?;
    Ok((rest, code as i32))
}

pub(crate) fn put_exit_code(out: &mut Vec<u8>, code: i32) {
    put_number(out, i64::from(code));
}

// exit_status = 1*3DIGIT / "-"
pub(crate) fn exit_status(rest: &[u8]) -> Field<'_, Option<i32>> {
    optional(rest, |field| Ok(within(field, 0, 255, Refusal::ExitCodeOutOfRange)? as i32))
}

pub(crate) fn put_exit_status(out: &mut Vec<u8>, code: Option<i32>) {
    put_guard(out, code.map(i64::from));
}

// guard = integer / "-"
pub(crate) fn guard(rest: &[u8]) -> Field<'_, Option<i64>> {
    optional(rest, |field| exact_integer(field).ok_or(Refusal::ExpectedInteger))
}

pub(crate) fn put_guard(out: &mut Vec<u8>, guard: Option<i64>) {
    match guard {
        Some(code) => put_number(out, code),
        None => put(out, b"-"),
    }
}

// guard_code = integer
pub(crate) fn guard_code(rest: &[u8]) -> Field<'_, i64> {
    let (rest, field) = required(rest, Refusal::ExpectedInteger)?;
    match exact_integer(field) {
        None => Err(Refusal::ExpectedInteger),
        Some(0) => Err(Refusal::CodeCannotBeZero),
        Some(code) => Ok((rest, code)),
    }
}

pub(crate) fn put_guard_code(out: &mut Vec<u8>, code: i64) {
    put_number(out, code);
}

// seconds = 1*10DIGIT [ "." 1*9DIGIT ] / "-"
pub(crate) fn seconds(rest: &[u8]) -> Field<'_, Option<Duration>> {
    optional(rest, |field| {
        if integer(field).is_some() {
            let whole = within(field, 0, MAX_SECONDS, Refusal::SecondsOutOfRange)?;
            return Ok(Duration::from_secs(whole as u64));
        }
        let whole = field.iter().take_while(|&&byte| byte != b'.').count();
        let time = decimal::read(field).filter(|_| whole <= 10);
        let time = time.ok_or(Refusal::ExpectedInteger)?;
        if time <= LONGEST { Ok(time) } else { Err(Refusal::SecondsOutOfRange) }
    })
}

pub(crate) fn put_seconds(out: &mut Vec<u8>, seconds: Option<Duration>) {
    put_delay(out, seconds);
}

// delay = 1*9DIGIT [ "." 1*9DIGIT ] / "-"
pub(crate) fn delay(rest: &[u8]) -> Field<'_, Option<Duration>> {
    let (rest, field) = required(rest, Refusal::InvalidDelay)?;
    if field == b"-" {
        return Ok((rest, None));
    }
    let seconds = field.iter().take_while(|&&byte| byte != b'.').count();
    let delay = decimal::read(field).filter(|_| seconds <= 9);
    Ok((rest, Some(delay.ok_or(Refusal::InvalidDelay)?)))
}

pub(crate) fn put_delay(out: &mut Vec<u8>, delay: Option<Duration>) {
    out.push(b'\t');
    match delay {
        Some(delay) => decimal::write(out, delay),
        None => out.push(b'-'),
    }
}

// start_time = timestamp / "-"
pub(crate) fn start_time(rest: &[u8]) -> Field<'_, StartTime> {
    match next_field(rest) {
        (rest, None) => Ok((rest, StartTime::Now)),
        (rest, Some(b"-")) => Ok((rest, StartTime::Cancel)),
        (rest, Some(field)) => {
            Ok((rest, StartTime::At(exact_integer(field).ok_or(Refusal::InvalidTimestamp)?)))
        }
    }
}

pub(crate) fn put_start_time(out: &mut Vec<u8>, time: StartTime) {
    match time {
        StartTime::Now => {}
        StartTime::Cancel => put(out, b"-"),
        StartTime::At(second) => put_number(out, second),
    }
}

// timestamp = integer
pub(crate) fn timestamp(rest: &[u8]) -> Field<'_, i64> {
    let (rest, field) = required(rest, Refusal::InvalidTimestamp)?;
    Ok((rest, exact_integer(field).ok_or(Refusal::InvalidTimestamp)?))
}

pub(crate) fn put_timestamp(out: &mut Vec<u8>, second: i64) {
    put_number(out, second);
}

/// A field that must be a number of exactly this type.
pub(super) fn exact<T: TryFrom<i64>>(field: &[u8]) -> Option<T> {
    exact_integer(field).and_then(|number| T::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_at_the_limits_of_64_bits() {
        assert_eq!(exact_integer(b"9223372036854775807"), Some(i64::MAX));
        assert_eq!(exact_integer(b"-9223372036854775808"), Some(i64::MIN));
        assert_eq!(exact_integer(b"9223372036854775808"), None);
        assert_eq!(exact_integer(b"007"), Some(7));
        for wrong in [&b""[..], b"-", b"+1", b"1 ", b" 1", b"0x1", b"1.0", b"--1"] {
            assert!(integer(wrong).is_none());
        }
    }

    #[test]
    fn too_large_is_out_of_range_and_no_missing_number() {
        assert_eq!(timeout(b"\t99999999999999999999"), Err(Refusal::InvalidTimeout));
        assert_eq!(seconds(b"\t2147483647"), Ok((&b""[..], Some(LONGEST))));
        assert_eq!(seconds(b"\t0.25"), Ok((&b""[..], Some(Duration::from_millis(250)))));
        assert_eq!(seconds(b"\t-99999999999999999999"), Err(Refusal::SecondsOutOfRange));
        assert_eq!(count(b"\t99999999999999999999"), Ok((&b""[..], u32::MAX)));
        assert_eq!(guard(b"\t99999999999999999999"), Err(Refusal::ExpectedInteger));
    }

    #[test]
    fn decimal_numbers_are_exact_and_written_short() {
        for (text, seconds, nanos, short) in [
            ("0", 0, 0, "0"),
            ("007", 7, 0, "7"),
            ("1.5", 1, 500_000_000, "1.5"),
            ("2.050", 2, 50_000_000, "2.05"),
            ("0.000000001", 0, 1, "0.000000001"),
            ("999999999.999999999", 999_999_999, 999_999_999, "999999999.999999999"),
        ] {
            let time = Duration::new(seconds, nanos);
            assert_eq!(delay(format!("\t{text}").as_bytes()), Ok((&b""[..], Some(time))));
            let mut out = Vec::new();
            decimal::write(&mut out, time);
            assert_eq!(out, short.as_bytes());
        }
        for wrong in ["", ".", "1.", ".5", "1.0123456789", "1000000000", "1.2.3", "+1", "1e3", "1 "]
        {
            assert!(delay(format!("\t{wrong}").as_bytes()).is_err());
        }
    }

    #[test]
    fn a_dash_is_taken_off_the_line() {
        assert_eq!(interval(b"\t-\talways"), Ok((&b"\talways"[..], None)));
        assert_eq!(interval(b""), Ok((&b""[..], None)));
        assert_eq!(interval(b"\t"), Err(Refusal::ExpectedInteger));
    }
}
