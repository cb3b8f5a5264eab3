//! The names of the files in a directory of logs.
//!
//! An archive is `20260801T123456Z.000042.log`: when it was closed, and a number that grows, which
//! tells the order even when the clock was set back. What a program makes of it may have more at
//! the end (`.log.gz`), and one that was handed over and is still there ends in `.log.done`.

use super::moment::{Moment, from_iso};
use super::text::Text;

/// The file that is written to.
pub const CURRENT: &str = "current";
/// What is put behind the name of an archive that was handed over.
pub(crate) const DONE: &[u8] = b".done";

/// The name of an archive, with the NUL behind it.
pub(crate) type Name = Text<64>;

/// What the name of an archive tells.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// When it was closed.
    pub closed: Moment,
    /// Which one it is.
    pub number: u64,
    /// Whether the name is as the logger made it: no program has been through with it.
    pub is_untouched: bool,
}

impl Archive {
    /// From the name of a file, if it is one of ours.
    pub fn parse(name: &[u8]) -> Option<Self> {
        let (time, rest) = name.split_at_checked(16)?;
        let number = rest.strip_prefix(b".")?;
        let digits = number.iter().position(|&byte| byte == b'.')?;
        let (number, end) = number.split_at(digits);
        let end = end.strip_prefix(b".log")?;
        let is_number = (6..20).contains(&digits) && number.iter().all(u8::is_ascii_digit);
        if !is_number || !(end.is_empty() || end.starts_with(b".")) {
            return None;
        }
        let number = std::str::from_utf8(number).ok()?.parse().ok()?;
        Some(Self { closed: from_compact(time)?, number, is_untouched: end.is_empty() })
    }

    /// Its name.
    pub(crate) fn name(closed: Moment, number: u64) -> Name {
        let mut name = Name::EMPTY;
        name.push(closed.compact().as_bytes()).push(b".").push_number(number, 6);
        *name.push(b".log\0")
    }
}

/// `20260801T123456Z`
fn from_compact(text: &[u8]) -> Option<Moment> {
    let mut iso = Text::<32>::EMPTY;
    for (range, mark) in
        [(0..4, "-"), (4..6, "-"), (6..8, ""), (8..11, ":"), (11..13, ":"), (13..16, "")]
    {
        iso.push(text.get(range)?).push(mark.as_bytes());
    }
    from_iso(iso.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_it_was_made_of() {
        let closed = Moment { seconds: 1_785_587_696, nanos: 0 };
        for number in [0, 42, 999_999, 1_000_000, 123_456_789_012] {
            let name = Archive::name(closed, number);
            let name = name.as_bytes().strip_suffix(b"\0").unwrap();
            let archive = Archive { closed, number, is_untouched: true };
            assert_eq!(Archive::parse(name), Some(archive));
            for end in [".gz", ".done", ".zst"] {
                let archive = Archive { is_untouched: false, ..archive };
                assert_eq!(Archive::parse(&[name, end.as_bytes()].concat()), Some(archive));
            }
        }
    }

    #[test]
    fn other_files_are_left_alone() {
        for name in [
            "current",
            "",
            "20260801T123456Z",
            "20260801T123456Z.000042",
            "20260801T123456Z.000042.txt",
            "20260801T123456Z.000042.logs",
            "20260801T123456Z.42.log",
            "20260801T123456Z.-00042.log",
            "20260801T123456Z.00004x.log",
            "20261301T123456Z.000042.log",
            "2026-08-01T12:34:56Z.000042.log",
            "x20260801T123456Z.000042.log",
            "20260801T123456Z.99999999999999999999.log",
        ] {
            assert_eq!(Archive::parse(name.as_bytes()), None, "{name}");
        }
    }
}
