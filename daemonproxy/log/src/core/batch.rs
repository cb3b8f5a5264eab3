//! Lines as they go into the file, until they are written. A batch holds whole lines only.

use super::split::{CUT, Line};

/// Bytes of an ordinary batch. Larger ones are hardly faster, and this is memory that stays; what
/// only very long lines need is not touched until one comes.
const BYTES: usize = 8 * 1024;

/// Lines that are to be written.
#[derive(Debug)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
}

impl Batch {
    /// With room for at least one line of this length, prefix and marks included.
    pub(crate) fn new(longest: usize) -> Self {
        Self { bytes: Vec::with_capacity(longest.max(BYTES)) }
    }

    /// One without room, in the place of one that is being written.
    pub(crate) const NONE: Self = Self { bytes: Vec::new() };

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether to add a line of this length, rather than write what there is before.
    pub(crate) fn has_room(&self, line: usize) -> bool {
        self.bytes.is_empty() || self.bytes.len() + line <= BYTES
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Adds a line, for which there must be room.
    pub(crate) fn push(&mut self, prefix: &[u8], line: &Line<'_>) {
        self.bytes.extend_from_slice(prefix);
        if line.goes_on {
            self.bytes.extend_from_slice(CUT);
        }
        if !line.parts[0].is_empty() {
            self.bytes.extend_from_slice(line.parts[0]);
        }
        self.bytes.extend_from_slice(line.parts[1]);
        if line.is_cut {
            self.bytes.extend_from_slice(CUT);
        }
        self.bytes.push(b'\n');
    }
}

/// How much of what was written of a batch ends a line: a part of the next one may have been
/// written, too.
pub(crate) fn whole_lines(written: &[u8]) -> usize {
    memchr::memrchr(b'\n', written).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_prefix_and_says_where_it_was_cut() {
        let mut batch = Batch::new(10);
        let line = Line { parts: [b"one", b"two"], goes_on: false, is_cut: false };
        for (goes_on, is_cut) in [(false, false), (false, true), (true, true), (true, false)] {
            let before = batch.len();
            let line = Line { goes_on, is_cut, ..line };
            batch.push(b"12:00 ", &line);
            assert_eq!(batch.len() - before, line.len() + 6);
        }
        let text = String::from_utf8(batch.as_bytes().to_vec()).unwrap();
        assert_eq!(
            text,
            "12:00 onetwo\n12:00 onetwo[...]\n12:00 [...]onetwo[...]\n12:00 [...]onetwo\n"
        );
    }

    #[test]
    fn a_torn_line_does_not_count() {
        assert_eq!(whole_lines(b"one\ntwo\n"), 8);
        assert_eq!(whole_lines(b"one\ntw"), 4);
        assert_eq!(whole_lines(b"on"), 0);
        assert_eq!(whole_lines(b""), 0);
    }
}
