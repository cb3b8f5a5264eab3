//! How a service says that it is: the text of `STATUS=`.

use crate::upgrade::state::Writer;
use crate::upgrade::value::{Value, write_bytes};

/// Bytes of it that are kept.
const MOST: usize = 128;

/// A text that can be told.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) struct Status {
    length: u8,
    bytes: [u8; MOST],
}

impl Status {
    pub(super) const NONE: Self = Self { length: 0, bytes: [0; MOST] };

    /// As much of this as there is room for, in whole characters; what is no text is a `?`.
    pub(super) fn new(text: &[u8]) -> Self {
        let mut end = text.len().min(MOST);
        // Not in the middle of a character of UTF-8.
        while end > 0 && text.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
            end -= 1;
        }
        let mut status = Self { length: end as u8, ..Self::NONE };
        for (to, &from) in status.bytes.iter_mut().zip(&text[..end]) {
            *to = if from < b' ' || from == 0x7f { b'?' } else { from };
        }
        status
    }

    pub(super) fn get(&self) -> &[u8] {
        self.bytes.get(..self.length.into()).unwrap_or_default()
    }
}

/// Over an upgrade.
impl Value for Status {
    fn write(&self, to: &mut Writer) {
        write_bytes(to, self.get());
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Some(Self::new(&Vec::parse(text)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_cut_between_characters_and_has_no_control_characters() {
        assert_eq!(Status::new(b"busy\t\x1b[1m\x7f").get(), b"busy??[1m?");
        assert_eq!(Status::new(&[b'x'; 200]).get(), [b'x'; MOST]);
        let text = format!("{}\u{fc}", "x".repeat(MOST - 1));
        assert_eq!(Status::new(text.as_bytes()).get(), [b'x'; MOST - 1]);
        assert_eq!(Status::new(b"").get(), b"");
    }
}
