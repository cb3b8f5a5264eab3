//! Tagged commands: the answer to `@TAG→COMMAND→…` ends in a line `done→TAG`.
//!
//! ```text
//! tagged = "@" 1*31namechar TAB command
//! ```
//!
//! In protocol 1 a word that begins with `@` is an unknown command, so a client can tell whether a
//! daemon knows tags.

use crate::field::{Name, first_field};
use crate::generated::refusal::Refusal;
use crate::line::is_ignored;

/// A line that begins with a tag.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Tagged<'a> {
    /// The tag.
    pub tag: Name<'a>,
    rest: &'a [u8],
}

impl<'a> Tagged<'a> {
    /// The tag of a line and what follows it; `None` if the line has no tag. The start of a line is
    /// enough, if the TAB after the tag is in it.
    ///
    /// # Errors
    ///
    /// [`Refusal::InvalidTag`] if what stands there is none.
    #[inline]
    pub fn split(line: &'a [u8]) -> Option<Result<Self, Refusal<'a>>> {
        let (rest, tag) = first_field(line.strip_prefix(b"@")?);
        let tagged = Name::new(tag).map(|tag| Self { tag, rest });
        Some(tagged.ok_or(Refusal::InvalidTag))
    }

    /// The command.
    ///
    /// # Errors
    ///
    /// [`Refusal::ExpectedCommand`] if there is none, and [`Refusal::NestedTag`] if it has a tag of
    /// its own.
    pub fn command(&self) -> Result<&'a [u8], Refusal<'a>> {
        let command = self.rest.get(1..).unwrap_or_default();
        if is_ignored(command) {
            return Err(Refusal::ExpectedCommand);
        }
        if command.starts_with(b"@") { Err(Refusal::NestedTag) } else { Ok(command) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables;

    fn command(line: &[u8]) -> Option<Result<&[u8], Refusal<'_>>> {
        Some(Tagged::split(line)?.and_then(|tagged| tagged.command()))
    }

    #[test]
    fn a_tag_stands_in_front_of_a_command() {
        assert_eq!(command(b"echo\t@x"), None);
        assert_eq!(command(b"@x\techo\ty"), Some(Ok(&b"echo\ty"[..])));
        for line in
            [&b"@"[..], b"@\techo", b"@a/b\techo", b"@this-name-has-32-characters-long\techo"]
        {
            assert_eq!(command(line), Some(Err(Refusal::InvalidTag)));
        }
        for line in [&b"@x"[..], b"@x\t", b"@x\t \t", b"@x\t# a comment"] {
            assert_eq!(command(line), Some(Err(Refusal::ExpectedCommand)));
        }
        assert_eq!(command(b"@x\t@y\techo"), Some(Err(Refusal::NestedTag)));
    }

    #[test]
    fn the_name_of_every_error_can_stand_in_a_line() {
        for error in tables::ERRORS {
            assert!(Name::new(error.name.as_bytes()).is_some(), "{}", error.name);
        }
    }
}
