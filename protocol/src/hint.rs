//! What a person may have overlooked on a line that was refused: a byte that cannot be seen, or
//! spaces that look like the TABs that belong there.

use std::fmt;

use crate::generated::command::Command;

/// What stands on a line and is hardly what was meant.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Hint<'a> {
    /// A CR stands before the LF, as editors of other systems put it there.
    CarriageReturn,
    /// A character that cannot be seen, or told from a space.
    Invisible(Invisible),
    /// A command, or a comment, does not begin in the first column.
    Indented {
        /// What stands there is a comment.
        comment: bool,
    },
    /// With TABs for its spaces it is a command.
    Spaces {
        /// Its fields, joined by TABs.
        better: &'a [u8],
    },
}

/// A character that cannot be seen, or told from a space.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Invisible {
    /// What it is called.
    pub name: &'static str,
    /// Its number in Unicode; of a single byte that is no character, the byte.
    pub number: u32,
    /// Where it stands on the line, in characters, from 1.
    pub column: usize,
}

impl<'a> Hint<'a> {
    /// Looks at a line that was refused. `space` is memory for a better one; where there is not
    /// enough, spaces are not looked at.
    #[must_use]
    pub fn find(line: &[u8], space: &'a mut Vec<u8>) -> Option<Self> {
        if line.ends_with(b"\r") {
            return Some(Self::CarriageReturn);
        }
        if let Some(found) = Invisible::find(line) {
            return Some(Self::Invisible(found));
        }
        if matches!(line.first(), Some(b' ' | b'\t')) {
            return Some(Self::Indented { comment: line.trim_ascii_start().starts_with(b"#") });
        }
        let better = with_tabs(line, space)?;
        Some(Self::Spaces { better })
    }
}

impl Hint<'_> {
    /// Appends the hint as it is told.
    pub fn write(&self, out: &mut Vec<u8>) {
        // Writing to memory does not fail.
        let _ = std::io::Write::write_fmt(out, format_args!("{self}"));
    }
}

/// Writes the hint as it is told: `there are spaces where TABs belong`.
impl fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CarriageReturn => f.write_str("the line ends in CR LF; LF alone ends a line"),
            Self::Invisible(Invisible { name, number, column }) => {
                write!(f, "there is {name} (U+{number:04X}) in column {column}")
            }
            Self::Indented { comment: true } => f.write_str("a comment begins in the first column"),
            Self::Indented { comment: false } => {
                f.write_str("a command begins in the first column")
            }
            Self::Spaces { .. } => f.write_str("there are spaces where TABs belong"),
        }
    }
}

impl Invisible {
    /// The first one on a line. The TAB is what separates fields, and none of them.
    #[must_use]
    pub fn find(line: &[u8]) -> Option<Self> {
        let mut column = 0;
        for chunk in line.utf8_chunks() {
            for character in chunk.valid().chars() {
                column += 1;
                if let Some(name) = name(character) {
                    return Some(Self { name, number: character.into(), column });
                }
            }
            for &byte in chunk.invalid() {
                column += 1;
                // No character at all: what it was meant to be in Latin-1 cannot be seen either.
                if let 0x80..=0xa0 = byte {
                    let name = "a byte that is no character and cannot be seen";
                    return Some(Self { name, number: byte.into(), column });
                }
            }
        }
        None
    }
}

/// What a character is called, if it cannot be seen.
fn name(character: char) -> Option<&'static str> {
    Some(match character {
        '\t' => return None,
        '\0' => "a NUL",
        '\r' => "a CR",
        '\u{1b}' => "an ESC",
        '\u{a0}' => "a no-break space",
        '\u{ad}' => "a soft hyphen",
        '\u{2028}' | '\u{2029}' => "a line separator of Unicode",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' | '\u{200d}' => "a zero-width joiner",
        '\u{2060}' => "a word joiner",
        '\u{feff}' => "a byte order mark",
        '\u{202f}' => "a narrow no-break space",
        '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => "a space of Unicode",
        _ if character.is_control() => "a control character",
        _ if crate::readable::is_unsafe(character) => {
            "a character that changes the direction of writing"
        }
        _ => return None,
    })
}

/// The line with TABs for its spaces, if that makes a command of it. Runs of spaces are one TAB.
fn with_tabs<'a>(line: &[u8], space: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    if !line.contains(&b' ') {
        return None;
    }
    space.clear();
    space.try_reserve(line.len()).ok()?;
    for word in line.split(|&byte| byte == b' ' || byte == b'\t').filter(|word| !word.is_empty()) {
        if !space.is_empty() {
            space.push(b'\t');
        }
        space.extend_from_slice(word);
    }
    Command::parse(space).is_ok().then_some(space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn hint(line: &str) -> String {
        let mut space = Vec::new();
        Hint::find(line.as_bytes(), &mut space).map_or(String::new(), |hint| hint.to_string())
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        assert_eq!(hint("service.args\tweb\tx\r"), "the line ends in CR LF; LF alone ends a line");
        assert_eq!(
            hint("service.start\tw\u{a0}b"),
            "there is a no-break space (U+00A0) in column 16"
        );
        assert_eq!(hint("\u{feff}# x"), "there is a byte order mark (U+FEFF) in column 1");
        assert_eq!(
            hint("service.start\tgrün\u{200b}"),
            "there is a zero-width space (U+200B) in column 19"
        );
        assert_eq!(hint("echo\u{b}"), "there is a control character (U+000B) in column 5");
    }

    #[test]
    fn a_byte_that_is_no_character_is_one_column() {
        let found = Invisible::find(b"\xff\xfe\xa0").unwrap();
        assert_eq!((found.number, found.column), (0xa0, 3));
    }

    #[test]
    fn places_are_named() {
        assert_eq!(hint("  # x"), "a comment begins in the first column");
        assert_eq!(hint("\tservice.start\tweb"), "a command begins in the first column");
    }

    #[test]
    fn spaces_are_told_from_tabs() {
        let mut space = Vec::new();
        let found = Hint::find(b"service.args  web httpd", &mut space);
        assert_eq!(found, Some(Hint::Spaces { better: b"service.args\tweb\thttpd" }));
        assert_eq!(hint("no.such command"), "");
        assert_eq!(hint("service.start\tgrün"), "");
    }
}
