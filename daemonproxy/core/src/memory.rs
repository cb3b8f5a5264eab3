//! A lack of memory is a refusal, and never the end of the daemon.
//!
//! Two rules ensure that. What a command needs for a moment (a line under construction, a list that
//! is being put together) is lent by [`Scratch`], which is made at the start and is large enough
//! for the longest line; so a refusal can be told when no memory is left. Memory that is kept is
//! asked for with `try_reserve` before anything has changed, and whoever gets [`NoRoom`] refuses.
//!
//! The methods that end the process when there is no memory are forbidden in this crate (its
//! `clippy.toml`). They are called only in here, and only where the memory is already there.

#![expect(clippy::disallowed_methods, reason = "this is where they are made safe")]

/// There is no memory, or a pool is full.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom;

impl From<std::collections::TryReserveError> for NoRoom {
    fn from(_: std::collections::TryReserveError) -> Self {
        Self
    }
}

/// An empty list with room for this many, made while the daemon starts.
pub(crate) fn at_start<T>(count: usize) -> Vec<T> {
    Vec::with_capacity(count)
}

/// A box that can fail: the standard library has none.
pub(crate) fn try_box<T>(value: T) -> Result<Box<[T; 1]>, NoRoom> {
    let mut list = Vec::new();
    list.try_reserve_exact(1)?;
    list.push(value);
    list.into_boxed_slice().try_into().map_err(|_| NoRoom)
}

/// What is done with memory that is already there: none of it allocates.
pub(crate) trait Reserved<T> {
    /// Inserts a value for which there is room.
    fn put_at(&mut self, at: usize, value: T);
    /// Appends a value for which there is room.
    fn put(&mut self, value: T);
    /// Appends as many of the values as there is room for.
    fn fill(&mut self, values: impl IntoIterator<Item = T>);
}

impl<T> Reserved<T> for Vec<T> {
    fn put_at(&mut self, at: usize, value: T) {
        debug_assert!(self.len() < self.capacity(), "nobody has reserved room for this");
        self.insert(at, value);
    }

    fn put(&mut self, value: T) {
        debug_assert!(self.len() < self.capacity(), "nobody has reserved room for this");
        self.push(value);
    }

    fn fill(&mut self, values: impl IntoIterator<Item = T>) {
        let room = self.capacity() - self.len();
        self.extend(values.into_iter().take(room));
    }
}

/// The same for text.
pub(crate) trait Text {
    /// Appends bytes for which there is room; what has none is left out.
    fn add(&mut self, bytes: &[u8]);
    /// Replaces some bytes by others.
    fn replace(&mut self, range: std::ops::Range<usize>, bytes: &[u8]);
}

impl Text for Vec<u8> {
    fn add(&mut self, bytes: &[u8]) {
        let room = self.capacity() - self.len();
        debug_assert!(bytes.len() <= room, "a text is longer than was thought");
        self.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn replace(&mut self, range: std::ops::Range<usize>, bytes: &[u8]) {
        let (start, end, len) = (range.start, range.end, self.len());
        if bytes.len() > range.len() {
            self.resize(len + bytes.len() - range.len(), 0);
        }
        self.copy_within(end..len, start + bytes.len());
        self.truncate(len - range.len() + bytes.len());
        self[start..start + bytes.len()].copy_from_slice(bytes);
    }
}

/// How many texts may be under construction at once: a list that a start fails of, the sentence
/// about it, the event with that sentence, what the log tells of that event, and as many again.
const TEXTS: usize = 8;

/// The memory for texts under construction, for
/// [`Proxy::with_text`](crate::proxy::Proxy::with_text) to lend. Each is lent to one user at a
/// time, so texts may be made within each other.
pub(crate) struct Scratch {
    texts: Vec<Vec<u8>>,
    size: usize,
}

impl Scratch {
    /// A text is at most as long as two lines: the list that a service has, and what a command adds
    /// to it.
    pub(crate) fn new(max_line: usize) -> Self {
        let size = 2 * max_line;
        Self { texts: (0..TEXTS).map(|_| Vec::with_capacity(size)).collect(), size }
    }

    /// An empty text.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        debug_assert!(!self.texts.is_empty(), "texts are nested too deeply");
        self.texts.pop().unwrap_or_default()
    }

    /// Takes it back.
    pub(crate) fn give_back(&mut self, mut text: Vec<u8>) {
        debug_assert_eq!(text.capacity(), self.size, "a text has outgrown its memory");
        text.clear();
        self.texts.put(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_replaced_in_place() {
        for (range, bytes, result) in
            [(0..0, "x", "xabc"), (1..2, "", "ac"), (1..2, "xyz", "axyzc"), (0..3, "x", "x")]
        {
            let mut text = Vec::with_capacity(8);
            text.extend_from_slice(b"abc");
            text.replace(range, bytes.as_bytes());
            assert_eq!(text, result.as_bytes());
            assert_eq!(text.capacity(), 8);
        }
    }
}
