//! What a controller is owed: whole lines, in order, in a buffer of limited size. One of them may
//! have a descriptor with it.

use crate::memory::{NoRoom, Reserved, Text};
use crate::system::Fd;
use crate::upgrade::state::{Read, Writer, Wrong, split};
use crate::upgrade::value::{Value, write_bytes};

/// Lines that wait to be sent.
pub(crate) struct Outbox {
    buffer: Vec<u8>,
    /// How much of the buffer has been sent.
    sent: usize,
    /// How large the buffer may become.
    limit: usize,
    gift: Option<Gift>,
}

/// A descriptor that is sent together with a line.
#[derive(Copy, Clone, PartialEq, Eq)]
struct Gift {
    fd: Fd,
    /// Bytes that are to be sent before that line.
    before: usize,
    /// Bytes of the line.
    length: usize,
}

/// `FD:BEFORE:LENGTH`.
impl Value for Gift {
    fn write(&self, to: &mut Writer) {
        let Self { fd, before, length } = self;
        fd.write(to);
        for more in [before, length] {
            to.push(b":");
            more.write(to);
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut parts = text.split(|&byte| byte == b':');
        let fd = Value::parse(parts.next()?)?;
        Some(Self {
            fd,
            before: Value::parse(parts.next()?)?,
            length: Value::parse(parts.next()?)?,
        })
    }
}

impl Outbox {
    /// With memory for `first` bytes now, and for more when it is needed.
    pub(crate) fn new(limit: usize, first: usize) -> Result<Self, NoRoom> {
        let mut buffer = Vec::new();
        buffer.try_reserve_exact(first)?;
        Ok(Self { buffer, sent: 0, limit, gift: None })
    }

    /// One with no memory, which nobody uses.
    pub(crate) const NONE: Self = Self { buffer: Vec::new(), sent: 0, limit: 0, gift: None };

    pub(crate) fn write_state(&self, to: &mut Writer) {
        // The third is in the limits.
        let Self { buffer: _, sent: _, limit: _, gift } = self;
        let unsent = self.unsent();
        if !unsent.is_empty() {
            to.push(b"\tunsent=");
            write_bytes(to, unsent);
        }
        to.unless_fresh("gift", gift, &None);
    }

    /// Takes a field of that.
    pub(crate) fn set<'a>(&mut self, field: &'a [u8]) -> Read<'a> {
        let (key, value) = split(field)?;
        let read = match key {
            b"unsent" => self.buffer.read(value).filter(|()| self.buffer.len() <= self.limit),
            b"gift" => self.gift.read(value),
            _ => return Err(Wrong::Key(key)),
        };
        read.ok_or(Wrong::Value(field))
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

    /// The same, with a descriptor that goes with the line. There must be no other one.
    #[must_use]
    pub(crate) fn push_with(&mut self, line: &[u8], fd: Fd) -> bool {
        let before = self.unsent().len();
        let fits = self.gift.is_none() && self.push([line]);
        if fits {
            self.gift = Some(Gift { fd, before, length: line.len() + 1 });
        }
        fits
    }

    /// Whether a descriptor waits to be sent.
    pub(crate) fn has_gift(&self) -> bool {
        self.gift.is_some()
    }

    /// The descriptor that will not be sent any more.
    pub(crate) fn take_gift(&mut self) -> Option<Fd> {
        self.gift.take().map(|gift| gift.fd)
    }

    fn unsent(&self) -> &[u8] {
        self.buffer.get(self.sent..).unwrap_or_default()
    }

    /// What to send next, and the descriptor to send with it. That goes with its line and nothing
    /// else, so that it is clear which line it belongs to.
    pub(crate) fn next(&self) -> (&[u8], Option<Fd>) {
        let unsent = self.unsent();
        match self.gift {
            Some(Gift { fd, before: 0, length }) => {
                (unsent.get(..length).unwrap_or(unsent), Some(fd))
            }
            Some(Gift { before, .. }) => (unsent.get(..before).unwrap_or(unsent), None),
            None => (unsent, None),
        }
    }

    /// `count` bytes of it were sent, at least one. Returns the descriptor that was sent with them.
    pub(crate) fn advance(&mut self, count: usize) -> Option<Fd> {
        self.sent += count;
        if self.sent >= self.buffer.len() {
            self.clear();
        }
        match &mut self.gift {
            Some(Gift { before: 0, .. }) => self.take_gift(),
            Some(gift) => {
                gift.before = gift.before.saturating_sub(count);
                None
            }
            None => None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.unsent().is_empty()
    }

    /// Bytes that still fit, LFs included.
    pub(crate) fn free(&self) -> usize {
        self.limit - self.unsent().len()
    }

    /// Forgets everything but the memory, and a descriptor.
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
        assert_eq!(outbox.advance(4), None);
        assert!(outbox.push([b"abcdefg"]));
        assert_eq!(outbox.unsent(), b"456\nabcdefg\n");
        assert_eq!(outbox.advance(12), None);
        assert!(outbox.is_empty());
        assert_eq!(outbox.free(), 16);
    }

    #[test]
    fn a_descriptor_goes_with_its_line_and_nothing_else() {
        let mut outbox = Outbox::new(64, 0).unwrap();
        assert!(outbox.push([b"one"]));
        assert!(outbox.push_with(b"two", Fd(7)));
        assert!(!outbox.push_with(b"more", Fd(8)));
        assert!(outbox.push([b"three"]));
        assert_eq!(outbox.next(), (&b"one\n"[..], None));
        assert_eq!(outbox.advance(3), None);
        assert_eq!(outbox.next(), (&b"\n"[..], None));
        assert_eq!(outbox.advance(1), None);
        assert_eq!(outbox.next(), (&b"two\n"[..], Some(Fd(7))));
        assert_eq!(outbox.advance(2), Some(Fd(7)));
        assert_eq!(outbox.next(), (&b"o\nthree\n"[..], None));
        assert!(!outbox.has_gift());
    }
}
