//! Bytes from anywhere, shown to a person: nothing in them may control the terminal, or make text
//! look like other text.
//!
//! Dangerous are the control characters (ESC begins the commands of a terminal, and so does U+009B,
//! which is one character of C1), single bytes of no character (a terminal of 8 bits takes 0x9B for
//! the same), and what changes the direction of writing: with it, a line can read backwards. All of
//! these are written as a person would type them: `\t`, `\r`, `\n`, `\u{1b}`, `\xff`. Everything
//! else stays as it is.

/// Bytes that [`Piece::shown`] needs at most for a character: `\u{10ffff}`.
pub const LONGEST_SHOWN: usize = 10;

/// A piece of some text.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// It may be shown as it is.
    Plain(&'a [u8]),
    /// One character that may not.
    Character(char),
    /// One byte that belongs to no character.
    Byte(u8),
}

/// Whether a character controls a terminal, or changes the direction of writing.
#[must_use]
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Cuts a text into what can be shown and what cannot.
pub fn pieces(text: &[u8]) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let chunk = rest.utf8_chunks().next()?;
        let valid = chunk.valid();
        let (piece, len) = match valid.char_indices().find(|&(_, c)| is_unsafe(c)) {
            Some((0, character)) => (Piece::Character(character), character.len_utf8()),
            Some((at, _)) => (Piece::Plain(&rest[..at]), at),
            None if !valid.is_empty() => (Piece::Plain(&rest[..valid.len()]), valid.len()),
            None => (Piece::Byte(rest[0]), 1),
        };
        rest = &rest[len..];
        Some(piece)
    })
}

impl Piece<'_> {
    /// What is to be shown for it. `space` is memory for that.
    pub fn shown<'s>(&'s self, space: &'s mut [u8; LONGEST_SHOWN]) -> &'s [u8] {
        let (open, number, close): (&[u8], u32, &[u8]) = match *self {
            Self::Plain(text) => return text,
            Self::Character('\t') => return br"\t",
            Self::Character('\r') => return br"\r",
            Self::Character('\n') => return br"\n",
            Self::Character(character) => (br"\u{", character.into(), b"}"),
            Self::Byte(byte) => (br"\x", byte.into(), b""),
        };
        let least = if close.is_empty() { 2 } else { 1 };
        let digits = (8 - number.leading_zeros() as usize / 4).max(least);
        let mut len = 0;
        let hex = (0..digits)
            .rev()
            .map(|place| b"0123456789abcdef"[(number >> (4 * place)) as usize & 15]);
        for byte in open.iter().copied().chain(hex).chain(close.iter().copied()) {
            space[len] = byte;
            len += 1;
        }
        &space[..len]
    }
}

/// Appends a text in such a way that it can be shown.
pub fn write_readable(out: &mut Vec<u8>, text: &[u8]) {
    for piece in pieces(text) {
        out.extend_from_slice(piece.shown(&mut [0; LONGEST_SHOWN]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readable(text: &[u8]) -> String {
        let mut out = Vec::new();
        write_readable(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["", "web", "a b", "grüße", "日本語", "👩\u{200d}🔬", "~!@ \\x"] {
            assert_eq!(readable(text.as_bytes()), text);
        }
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(readable(b"a\x1b[2Jb\x7f\0"), r"a\u{1b}[2Jb\u{7f}\u{0}");
        assert_eq!(readable(b"a\tb\r\n"), r"a\tb\r\n");
        assert_eq!(readable("a\u{9b}2J\u{85}".as_bytes()), r"a\u{9b}2J\u{85}");
    }

    #[test]
    fn bytes_of_no_character_are_escaped() {
        assert_eq!(readable(b"\x9b2J caf\xe9"), r"\x9b2J caf\xe9");
        assert_eq!(readable(b"\xe2\x80"), r"\xe2\x80");
    }

    #[test]
    fn changes_of_direction_are_escaped() {
        assert_eq!(readable("a\u{202e}b\u{2066}\u{61c}".as_bytes()), r"a\u{202e}b\u{2066}\u{61c}");
        assert_eq!(readable("\u{200e}\u{200f}\u{2069}".as_bytes()), r"\u{200e}\u{200f}\u{2069}");
    }
}
