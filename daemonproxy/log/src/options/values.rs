//! The values of options: sizes, spans of time, descriptors, formats.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use super::Input;
use crate::core::moment::TimeFormat;

/// The longest label. It stands in front of every line.
const LONGEST_LABEL: usize = 64;

pub(super) fn size(option: &str, value: &OsStr) -> Result<u64, String> {
    let parsed = value.to_str().and_then(|text| {
        let (digits, unit) =
            text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
        let unit = match unit {
            "" | "B" => 1,
            "K" | "k" | "KiB" => 1 << 10,
            "M" | "MiB" => 1 << 20,
            "G" | "GiB" => 1 << 30,
            "kB" | "KB" => 1000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            _ => return None,
        };
        digits.parse::<u64>().ok()?.checked_mul(unit)
    });
    parsed.ok_or_else(|| wrong(option, "a number of bytes, such as 4096, 512K, 10M or 1G", value))
}

pub(super) fn span(option: &str, value: &OsStr) -> Result<Duration, String> {
    let parsed = value.to_str().and_then(|text| {
        let (digits, unit) =
            text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
        let unit = match unit {
            "" | "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            "w" => 7 * 86_400,
            _ => return None,
        };
        // What does not fit a clock in nanoseconds is longer than anybody waits.
        let seconds = digits.parse::<u64>().ok()?.checked_mul(unit)?;
        (1..=100 * 366 * 86_400).contains(&seconds).then(|| Duration::from_secs(seconds))
    });
    parsed.ok_or_else(|| wrong(option, "a time, such as 90s, 30m, 12h or 7d", value))
}

pub(super) fn count(option: &str, value: &OsStr) -> Result<u64, String> {
    let parsed = value.to_str().and_then(|text| text.parse().ok());
    parsed.ok_or_else(|| wrong(option, "a number", value))
}

pub(super) fn time(option: &str, value: &OsStr) -> Result<TimeFormat, String> {
    let parsed = value.to_str().and_then(TimeFormat::parse);
    parsed.ok_or_else(|| wrong(option, "iso, unix, tai64n or none", value))
}

pub(super) fn input(option: &str, value: &OsStr) -> Result<Input, String> {
    let bytes = value.as_bytes();
    let (number, label) = match bytes.iter().position(|&byte| byte == b'=') {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &[][..]),
    };
    let number = std::str::from_utf8(number).ok().and_then(|text| text.parse::<u16>().ok());
    let number = number
        .ok_or_else(|| wrong(option, "a number, or one with a label such as 3=web", value))?;
    if number == 2 {
        let text =
            "cannot read from descriptor 2, which is for messages; pass the pipe as another one";
        return Err(format!("{option} {}: {text}", value.display()));
    }
    let is_bad = |byte: &u8| byte.is_ascii_whitespace() || byte.is_ascii_control() || *byte == b':';
    if label.len() > LONGEST_LABEL || label.iter().any(is_bad) {
        let text = "a label is a word without colons";
        return Err(format!(
            "{option} {}: {text}, of at most {LONGEST_LABEL} bytes",
            value.display()
        ));
    }
    Ok(Input { fd: number.into(), label: label.to_vec() })
}

fn wrong(option: &str, wanted: &str, value: &OsStr) -> String {
    format!("{option} needs {wanted}, not \"{}\"", value.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_spans_have_units() {
        let size = |text: &str| size("--size", text.as_ref()).ok();
        for (text, bytes) in
            [("0", 0), ("512", 512), ("2K", 2048), ("2kB", 2000), ("10M", 10 << 20)]
        {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        let span = |text: &str| span("--age", text.as_ref()).ok();
        for (text, seconds) in
            [("90", 90), ("90s", 90), ("30m", 1800), ("12h", 43_200), ("7d", 604_800)]
        {
            assert_eq!(span(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "K", "1X", "1 K", "-1", "99999999999999999999", "18446744073709551615G"] {
            assert_eq!((size(text), span(text)), (None, None), "{text}");
        }
        assert_eq!(span("0"), None);
    }

    #[test]
    fn descriptors_have_labels() {
        let input = |text: &str| input("--fd", text.as_ref()).ok();
        assert_eq!(input("3"), Some(Input { fd: 3, label: Vec::new() }));
        assert_eq!(input("3=web"), Some(Input { fd: 3, label: b"web".to_vec() }));
        assert_eq!(input("4=a=b"), Some(Input { fd: 4, label: b"a=b".to_vec() }));
        for text in ["", "web", "2", "-1", "3=a b", "3=a:", "3=a\t", "70000"] {
            assert_eq!(input(text), None, "{text}");
        }
    }
}
