//! Fields: what is between two TABs, and the two forms that most commands share, names and lists.
//!
//! ```text
//! line      = word *( TAB field )
//! field     = *fieldchar
//! fieldchar = %x20-FF
//! namechar  = ALPHA / DIGIT / "." / "_" / "-"
//! ```

use std::fmt;

use nom::bytes::complete::take_while_m_n;
use nom::combinator::all_consuming;
use nom::{IResult, Parser};

/// What the parser of a field makes of the rest of a line: a value, and what is left after it.
/// `None` inside means that the line is at its end. The inner parsers need no error: they match or
/// they do not.
pub(crate) type Parsed<'a, T> = IResult<&'a [u8], T, ()>;

/// Splits off the next field.
///
/// The rest of a line is either empty, and then there is no more field, or begins with the TAB
/// before the next one.
// *( TAB field )
#[inline]
pub(crate) fn next_field(rest: &[u8]) -> (&[u8], Option<&[u8]>) {
    match rest.strip_prefix(b"\t") {
        Some(after) => {
            let (rest, field) = first_field(after);
            (rest, Some(field))
        }
        None => (rest, None),
    }
}

/// Splits off the first word of a line, the name of the command or event.
#[inline]
pub(crate) fn first_field(line: &[u8]) -> (&[u8], &[u8]) {
    let end = line.iter().position(|&byte| byte == b'\t').unwrap_or(line.len());
    (&line[end..], &line[..end])
}

/// What `parser` makes of all of `bytes`; `None` if it does not take them, or not to their end.
#[inline]
pub(crate) fn whole<'a, T>(
    parser: impl Parser<&'a [u8], Output = T, Error = ()>,
    bytes: &'a [u8],
) -> Option<T> {
    all_consuming(parser).parse(bytes).ok().map(|(_, value)| value)
}

/// Whether a byte may not be in a field: the control characters below 0x20 are reserved.
pub(crate) fn is_control(byte: u8) -> bool {
    byte < 0x20
}

/// The name of a service or of a file descriptor: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name<'a>(&'a [u8]);

impl<'a> Name<'a> {
    /// The length of the longest name, in bytes.
    pub const MAX: usize = 31;
    /// `null`, the descriptor that is always there.
    pub const NULL: Name<'static> = Name(b"null");
    /// `stderr`, where the daemon's log goes at first.
    pub const STDERR: Name<'static> = Name(b"stderr");

    /// The name made of these bytes, or `None` if they are not a name.
    // name = 1*31namechar
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_name = |bytes: &[u8]| bytes.iter().all(|&byte| is_name_char(byte));
        (matches!(bytes.len(), 1..=Self::MAX) && is_name(bytes)).then_some(Self(bytes))
    }

    /// Its bytes, all ASCII.
    #[must_use]
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::str::from_utf8(self.0).unwrap_or_default().fmt(f)
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(std::str::from_utf8(self.0).unwrap_or_default(), f)
    }
}

/// Which bytes a name may have: a table, since this is asked about every byte of every name and
/// tag.
// namechar = ALPHA / DIGIT / "." / "_" / "-"
static NAME_CHARS: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < table.len() {
        let byte = at as u8;
        table[at] = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        at += 1;
    }
    table
};

/// Whether a name may have this byte.
pub(crate) fn is_name_char(byte: u8) -> bool {
    NAME_CHARS[usize::from(byte)]
}

/// The fields from some place to the end of a line: arguments, tags, names of descriptors.
///
/// No bytes at all are the empty list, so a list of exactly one empty field looks the same, as it
/// does on the line.
#[derive(Copy, Clone, PartialEq, Eq, Default)]
pub struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The list made of these bytes: fields joined by TABs, and no LF.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The fields as they stand on the line, joined by TABs.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Whether there is no field at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The fields, one by one.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> + Clone {
        let count = if self.0.is_empty() { 0 } else { usize::MAX };
        self.0.split(|&byte| byte == b'\t').take(count)
    }

    /// How many fields there are. Counts them.
    #[must_use]
    pub fn len(self) -> usize {
        self.iter().count()
    }
}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(<[u8]>::escape_ascii).map(Quoted)).finish()
    }
}

/// Bytes between quotes, for people who debug.
pub(crate) struct Quoted<'a>(pub(crate) std::slice::EscapeAscii<'a>);

impl fmt::Debug for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// Numbers of file descriptors in a service, such as `1,2`: at least one, each 0 to 255.
#[derive(Copy, Clone, PartialEq, Eq)]
pub struct FdNumbers<'a>(&'a [u8]);

impl<'a> FdNumbers<'a> {
    /// The highest number that can be named: a descriptor list has to fit on a line.
    pub const MAX: u16 = 255;

    /// The numbers in these bytes, or `None` if they are anything but numbers joined by commas.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        bytes
            .split(|&byte| byte == b',')
            .all(|number| fd_number(number).is_some())
            .then_some(Self(bytes))
    }

    /// The numbers as they stand on the line.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The numbers, one by one, in the order given.
    pub fn iter(self) -> impl Iterator<Item = u16> + Clone {
        self.0.split(|&byte| byte == b',').filter_map(fd_number)
    }
}

impl fmt::Debug for FdNumbers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

// fdnumber = 1*3DIGIT
fn fd_number(bytes: &[u8]) -> Option<u16> {
    let digits = whole(take_while_m_n(1, 3, |byte: u8| byte.is_ascii_digit()), bytes)?;
    let number = digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
    (number <= FdNumbers::MAX).then_some(number)
}

/// Appends a number in decimal.
pub fn write_u64(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut begin = digits.len();
    loop {
        begin -= 1;
        digits[begin] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[begin..]);
}

/// Appends a number in decimal, with a `-` in front if it is negative.
pub fn write_i64(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    write_u64(out, number.unsigned_abs());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_31_characters() {
        assert!(Name::new(b"").is_none());
        assert!(Name::new(&[b'x'; 31]).is_some());
        assert!(Name::new(&[b'x'; 32]).is_none());
        assert!(Name::new(b"a b").is_none());
        assert_eq!(format!("{0} {0:?}", Name::new(b"A.b_c-9").unwrap()), "A.b_c-9 \"A.b_c-9\"");
    }

    #[test]
    fn the_empty_list_has_no_field_and_a_tab_makes_two() {
        assert_eq!(Fields::default().len(), 0);
        assert_eq!(Fields::new(b"\t").iter().collect::<Vec<_>>(), [b"", b""]);
        assert_eq!(Fields::new(b"a\t\tb").len(), 3);
        assert_eq!(format!("{:?}", Fields::new(b"a\t\xff")), r#"["a", "\xff"]"#);
    }

    #[test]
    fn descriptor_numbers_are_0_to_255() {
        let numbers = FdNumbers::new(b"0,1,255").unwrap();
        assert_eq!(numbers.iter().collect::<Vec<_>>(), [0, 1, 255]);
        for wrong in [&b""[..], b",", b"1,", b"256", b"0001", b"-1", b"1\t2"] {
            assert!(FdNumbers::new(wrong).is_none());
        }
    }

    #[test]
    fn numbers_at_their_limits() {
        for number in [i64::MIN, -1, 0, 9, 10, i64::MAX] {
            let mut out = Vec::new();
            write_i64(&mut out, number);
            assert_eq!(out, number.to_string().as_bytes());
        }
        let mut out = Vec::new();
        write_u64(&mut out, u64::MAX);
        assert_eq!(out, u64::MAX.to_string().as_bytes());
    }
}
