//! Times in seconds, with at most nine digits after the point.

use std::time::Duration;

use crate::field::write_u64;

/// The time; `None` if it is anything else, such as one with a sign or a point at an end.
// 1*DIGIT [ "." 1*9DIGIT ]
pub fn read(text: &[u8]) -> Option<Duration> {
    let point = text.iter().position(|&byte| byte == b'.').unwrap_or(text.len());
    let (whole, fraction) = text.split_at(point);
    let fraction = if fraction.is_empty() { b"0" } else { &fraction[1..] };
    let digits = |text: &[u8]| {
        let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
        is_number.then(|| std::str::from_utf8(text).ok()?.parse::<u64>().ok()).flatten()
    };
    let missing = 9_u32.checked_sub(fraction.len() as u32)?;
    let nanos = digits(fraction)? * 10_u64.pow(missing);
    Some(Duration::new(digits(whole)?, nanos as u32))
}

/// The same in as few digits as there can be.
pub(crate) fn write(out: &mut Vec<u8>, time: Duration) {
    write_u64(out, time.as_secs());
    let mut unit = 100_000_000;
    let mut nanos = time.subsec_nanos();
    if nanos > 0 {
        out.push(b'.');
    }
    while nanos > 0 {
        out.push(b'0' + (nanos / unit) as u8);
        nanos %= unit;
        unit /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exact_and_short() {
        let written = |nanos| {
            let mut out = Vec::new();
            write(&mut out, Duration::from_nanos(nanos));
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(0), "0");
        assert_eq!(written(1_042_000_000_000), "1042");
        assert_eq!(written(1_042_500_000_000), "1042.5");
        assert_eq!(written(1), "0.000000001");
        assert_eq!(written(u64::MAX), "18446744073.709551615");
        for nanos in [0, 1, 999_999_999, 1_000_000_010, u64::MAX] {
            assert_eq!(read(written(nanos).as_bytes()), Some(Duration::from_nanos(nanos)));
        }
        for wrong in ["", ".", "1.", ".5", "-1", "+1", "1.0000000001", "1e3", "1,5"] {
            assert_eq!(read(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
