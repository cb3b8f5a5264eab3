//! What a controller is owed: whole lines, in order, in a buffer of limited size.

use crate::memory::{NoRoom, Reserved, Text};

/// Lines that wait to be sent.
pub(crate) struct Outbox {
    buffer: Vec<u8>,
    /// How much of the buffer has been sent.
    sent: usize,
    /// How large the buffer may become.
    limit: usize,
}

impl Outbox {
    /// With memory for `first` bytes now, and for more when it is needed.
    pub(crate) fn new(limit: usize, first: usize) -> Result<Self, NoRoom> {
        let mut buffer = Vec::new();
        buffer.try_reserve_exact(first)?;
        Ok(Self { buffer, sent: 0, limit })
    }

    /// Appends a line, given in parts, and its LF; or nothing at all if it does not fit or there is
    /// no memory for it.
    #[must_use]
    pub(crate) fn push<const N: usize>(&mut self, line: [&[u8]; N]) -> bool {
        let size = line.iter().map(|part| part.len()).sum::<usize>() + 1;
        if size > self.free() {
            return false;
        }
        if size > self.buffer.capacity() - self.buffer.len() && self.sent > 0 {
            self.buffer.copy_within(self.sent.., 0);
            self.buffer.truncate(self.buffer.len() - self.sent);
            self.sent = 0;
        }
        if self.buffer.try_reserve(size).is_err() {
            return false;
        }
        line.iter().for_each(|part| self.buffer.add(part));
        self.buffer.put(b'\n');
        true
    }

    /// What to send next.
    pub(crate) fn unsent(&self) -> &[u8] {
        self.buffer.get(self.sent..).unwrap_or_default()
    }

    /// `count` bytes of it were sent.
    pub(crate) fn advance(&mut self, count: usize) {
        self.sent += count;
        if self.sent >= self.buffer.len() {
            self.clear();
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.unsent().is_empty()
    }

    /// Bytes that still fit, LFs included.
    pub(crate) fn free(&self) -> usize {
        self.limit - self.unsent().len()
    }

    /// Forgets everything but the memory.
    pub(crate) fn clear(&mut self) {
        self.buffer.clear();
        self.sent = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_fits_whole_or_not_at_all_and_order_is_kept() {
        let mut outbox = Outbox::new(16, 0).unwrap();
        assert!(outbox.push([b"0123", b"456"]));
        assert!(!outbox.push([b"01234567"]));
        outbox.advance(4);
        assert!(outbox.push([b"abcdefg"]));
        assert_eq!(outbox.unsent(), b"456\nabcdefg\n");
        outbox.advance(12);
        assert!(outbox.is_empty());
        assert_eq!(outbox.free(), 16);
    }
}
