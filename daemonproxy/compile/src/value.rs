//! Values as a person writes them: durations and sizes.

use toml::de::DeValue;

/// What is wrong with a duration, to follow "expected".
pub(crate) const DURATION: &str =
    "whole seconds, or a text such as \"10s\", \"5m\", \"2h\" or \"1d\"";

/// Seconds in a text such as `90`, `90s`, `5m` or `1h30m`.
pub(crate) fn duration(text: &str) -> Option<u64> {
    if let Ok(seconds) = digits(text)?.parse() {
        return Some(seconds);
    }
    let mut rest = text;
    let mut seconds = 0_u64;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..end].parse().ok()?;
        let unit = rest[end..].chars().next()?;
        let length = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(length)?)?;
        rest = &rest[end + 1..];
    }
    Some(seconds)
}

/// Bytes in a text such as `4096`, `512K`, `64M` or `2G`.
pub(crate) fn size(text: &str) -> Option<u64> {
    let (number, factor) = match text.char_indices().last()? {
        (at, 'K' | 'k') => (&text[..at], 1 << 10),
        (at, 'M') => (&text[..at], 1 << 20),
        (at, 'G') => (&text[..at], 1 << 30),
        _ => (text, 1_u64),
    };
    digits(number)?.parse::<u64>().ok()?.checked_mul(factor)
}

/// The text, if it begins as a number does.
fn digits(text: &str) -> Option<&str> {
    text.starts_with(|c: char| c.is_ascii_digit()).then_some(text)
}

/// A value that nobody is to see: whether it has changed can be seen, and little else.
pub(crate) fn hidden(value: &[u8]) -> String {
    // FNV-1a. So short that it fits many values.
    let hash = value.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let short = hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48;
    format!("*** ({:04x})", short & 0xffff)
}

/// A whole number.
pub(crate) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A duration, as a number or a text.
pub(crate) fn seconds(value: &DeValue<'_>) -> Option<i64> {
    match value.as_str() {
        Some(text) => i64::try_from(duration(text)?).ok(),
        None => integer(value),
    }
}

/// A number of bytes.
pub(crate) fn bytes(value: &DeValue<'_>) -> Option<u64> {
    match value.as_str() {
        Some(text) => size(text),
        None => u64::try_from(integer(value)?).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, seconds) in
            [("10", 10), ("10s", 10), ("5m", 300), ("1h30m", 5400), ("2d", 172_800)]
        {
            assert_eq!(duration(text), Some(seconds), "{text}");
        }
        for wrong in
            ["", "s", "-1", "+1", "1.5", "10 s", "500ms", "1y", "5m3", "99999999999999999999d"]
        {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sizes() {
        for (text, bytes) in
            [("0", 0), ("4096", 4096), ("1K", 1024), ("64M", 64 << 20), ("2G", 2 << 30)]
        {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        for wrong in ["", "K", "-1", "1.5G", "1T", "1KB", "99999999999G"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }
}
