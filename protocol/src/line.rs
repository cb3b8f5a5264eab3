//! Splits a stream of bytes into lines.
//!
//! [`LineFramer`] is a buffer that is read into at one end and gives lines at the other. It is
//! never larger than two lines: a line longer than the limit is thrown away as it comes in, up to
//! its LF, and then reported once. So is one for which there is no memory. Every byte is searched
//! for an LF exactly once, however small the pieces are in which it arrives.

use std::collections::TryReserveError;

use memchr::memchr;

/// The longest line that a client accepts, LF included, in bytes. What a daemon sends is shorter
/// than its `--max-line`, which is at most 65536; this leaves room for future daemons.
pub const CLIENT_MAX_LINE: usize = 1 << 20;

/// How much of an over-long line is kept, to tell whether it was a comment and to quote it.
const START: usize = 64;
/// The first size of a [growing](LineFramer::growing) framer, in bytes: any ordinary command fits.
const FIRST_BUFFER: usize = 512;

/// One line of input.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// A line, without its LF.
    Complete(&'a [u8]),
    /// A line that was longer than the limit, or than there was memory for. It has been thrown
    /// away.
    TooLong {
        /// How it began: its first 64 bytes, or fewer if the limit is lower than that.
        start: &'a [u8],
    },
}

/// Whether a line says nothing: it is a comment (`#` first), or empty, or only spaces, TABs and
/// CRs.
///
/// Such a line gets no answer. The same goes for the start of an over-long comment.
#[must_use]
pub fn is_ignored(line: &[u8]) -> bool {
    line.first() == Some(&b'#') || line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Cuts a stream of bytes into lines.
///
/// Read into [`space`](Self::space), say with [`filled`](Self::filled) how much came, and take
/// lines with [`next_line`](Self::next_line) until there is none.
#[derive(Debug, Default)]
pub struct LineFramer {
    buffer: Vec<u8>,
    max_line: usize,
    /// What is unread is `buffer[begin..end]`.
    begin: usize,
    end: usize,
    /// Where the first LF in there is. All of it has been searched when this is `None`.
    lf: Option<usize>,
    /// Set while the line that is coming in is thrown away: how it began.
    skipping: Option<Start>,
    /// The start of the last over-long line, for as long as its report is borrowed.
    reported: Start,
    consumed: u64,
}

/// What a framer holds between two lines that it gives.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Held<'a> {
    /// Bytes of its buffer.
    pub size: usize,
    /// Where in the buffer the unread bytes are.
    pub begin: usize,
    /// What has come and was not taken as a line.
    pub unread: &'a [u8],
    /// It is throwing away a line that is too long: how that began.
    pub skipping: Option<&'a [u8]>,
    /// See [`LineFramer::consumed`].
    pub consumed: u64,
}

/// A framer cannot go on with what another one held: it is larger than the line length allows, or
/// there is no memory for it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct NotHeld;

/// The first bytes of an over-long line.
#[derive(Copy, Clone, Debug)]
struct Start {
    bytes: [u8; START],
    len: usize,
}

impl Default for Start {
    fn default() -> Self {
        Self::NOTHING
    }
}

impl Start {
    const NOTHING: Self = Self { bytes: [0; START], len: 0 };

    fn of(line: &[u8]) -> Self {
        let mut start = Self::NOTHING;
        start.len = line.len().min(START);
        start.bytes[..start.len].copy_from_slice(&line[..start.len]);
        start
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl LineFramer {
    /// A framer for lines of up to `max_line` bytes, the LF included.
    ///
    /// Allocates its buffer of twice that size, here and never again.
    #[must_use]
    pub fn new(max_line: usize) -> Self {
        Self { buffer: vec![0; 2 * max_line], max_line, ..Self::empty() }
    }

    /// The same, but it begins with a small buffer, which grows up to that size when much comes in
    /// at a time.
    #[must_use]
    pub fn growing(max_line: usize) -> Self {
        Self { buffer: vec![0; FIRST_BUFFER.min(2 * max_line)], max_line, ..Self::empty() }
    }

    /// The same, for callers that must go on even when there is no memory for the small buffer.
    ///
    /// # Errors
    ///
    /// There is no memory for it.
    pub fn try_growing(max_line: usize) -> Result<Self, TryReserveError> {
        let mut framer = Self { max_line, ..Self::empty() };
        framer.grow_to(FIRST_BUFFER.min(2 * max_line))?;
        Ok(framer)
    }

    /// A framer with no buffer, which takes no bytes and gives no lines: a placeholder that costs
    /// nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            buffer: Vec::new(),
            max_line: 0,
            begin: 0,
            end: 0,
            lf: None,
            skipping: None,
            reported: Start::NOTHING,
            consumed: 0,
        }
    }

    /// What it holds, for another framer that goes on with the same stream.
    #[must_use]
    pub fn held(&self) -> Held<'_> {
        let Self { buffer, max_line: _, begin, end, lf: _, skipping, reported: _, consumed } = self;
        Held {
            size: buffer.len(),
            begin: *begin,
            unread: &buffer[*begin..*end],
            skipping: skipping.as_ref().map(Start::as_bytes),
            consumed: *consumed,
        }
    }

    /// Goes on where another one was that held this.
    ///
    /// # Errors
    ///
    /// There is no memory for it, or it has no place in the largest buffer.
    pub fn go_on(&mut self, held: &Held<'_>) -> Result<(), NotHeld> {
        let end = held.begin.checked_add(held.unread.len()).ok_or(NotHeld)?;
        let size = held.size.max(end);
        if size > 2 * self.max_line || self.grow_to(size).is_err() {
            return Err(NotHeld);
        }
        self.buffer[held.begin..end].copy_from_slice(held.unread);
        (self.begin, self.end) = (held.begin, end);
        self.lf = self.find_lf(self.begin);
        self.skipping = held.skipping.map(Start::of);
        self.consumed = held.consumed;
        Ok(())
    }

    /// Forgets everything but the buffer, for another stream.
    pub fn reset(&mut self) {
        let buffer = std::mem::take(&mut self.buffer);
        *self = Self { buffer, max_line: self.max_line, ..Self::empty() };
    }

    /// The free part of the buffer, to read into.
    ///
    /// Empty only while the buffer is full of complete lines that nobody has taken.
    pub fn space(&mut self) -> &mut [u8] {
        self.skip_if_too_long();
        if self.begin == self.end {
            self.begin = 0;
            self.end = 0;
        }
        // While complete lines wait, nothing is moved until it must be: otherwise a reader that
        // takes one short line at a time would move the whole buffer for each. A tail alone is
        // shorter than a line, and moving it frees more room than it takes up.
        let free = self.buffer.len() - self.end;
        if self.begin > 0 && (free == 0 || (self.lf.is_none() && free < self.max_line)) {
            self.buffer.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.lf = self.lf.map(|lf| lf - self.begin);
            self.begin = 0;
        }
        // A growing buffer is full of the beginning of one line, because there was no memory to
        // grow.
        if self.end > 0
            && self.end == self.buffer.len()
            && self.lf.is_none()
            && self.grow().is_err()
        {
            self.skipping = Some(Start::of(&self.buffer[self.begin..self.end]));
            self.consume(self.end);
            self.begin = 0;
            self.end = 0;
        }
        &mut self.buffer[self.end..]
    }

    /// Says that the first `n` bytes of [`space`](Self::space) now hold input.
    pub fn filled(&mut self, n: usize) {
        let old_end = self.end;
        self.end = self.buffer.len().min(old_end + n);
        if self.lf.is_none() {
            self.lf = self.find_lf(old_end);
        }
        self.skip_if_too_long();
        // Filled to the last byte, so there is probably more. If there is no memory, it goes on
        // with the buffer it has, in smaller pieces.
        if self.end == self.buffer.len() {
            let _ = self.grow();
        }
    }

    fn grow(&mut self) -> Result<(), TryReserveError> {
        self.grow_to((2 * self.buffer.len()).min(2 * self.max_line))
    }

    fn grow_to(&mut self, size: usize) -> Result<(), TryReserveError> {
        if size > self.buffer.len() {
            self.buffer.try_reserve_exact(size - self.buffer.len())?;
            self.buffer.resize(size, 0);
        }
        Ok(())
    }

    /// Copies as much of `bytes` as there is room for, and returns how much that was.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        while taken < bytes.len() {
            let space = self.space();
            let n = space.len().min(bytes.len() - taken);
            if n == 0 {
                break;
            }
            space[..n].copy_from_slice(&bytes[taken..taken + n]);
            self.filled(n);
            taken += n;
        }
        taken
    }

    /// Takes the next line, if one is complete.
    pub fn next_line(&mut self) -> Option<Line<'_>> {
        let Some(lf) = self.lf else {
            self.skip_if_too_long();
            return None;
        };
        let begin = self.begin;
        self.consume(lf + 1);
        self.lf = self.find_lf(lf + 1);

        let line = &self.buffer[begin..lf];
        if let Some(start) = self.skipping.take() {
            self.reported = start;
        } else if line.len() < self.max_line {
            return Some(Line::Complete(line));
        } else {
            self.reported = Start::of(&line[..self.max_line]);
        }
        Some(Line::TooLong { start: self.reported.as_bytes() })
    }

    /// What has come after the last LF so far: at the end of the input, a line whose LF is missing.
    ///
    /// It is empty if that line is longer than the limit; [`is_skipping`](Self::is_skipping) tells
    /// the difference.
    #[must_use]
    pub fn rest(&self) -> &[u8] {
        if self.lf.is_some() || self.is_skipping() {
            return &[];
        }
        &self.buffer[self.begin..self.end]
    }

    /// Whether the line that is coming in has already passed the limit and is being thrown away.
    #[must_use]
    pub fn is_skipping(&self) -> bool {
        self.skipping.is_some() || (self.lf.is_none() && self.is_tail_too_long())
    }

    /// How the line began that has passed the limit and is being thrown away: its first 64 bytes,
    /// or fewer.
    #[must_use]
    pub fn skipped(&self) -> Option<&[u8]> {
        match &self.skipping {
            Some(start) => Some(start.as_bytes()),
            None if self.is_skipping() => {
                Some(&self.buffer[self.begin..self.end.min(self.begin + START)])
            }
            None => None,
        }
    }

    /// Whether [`next_line`](Self::next_line) has something to give.
    #[must_use]
    pub fn has_line(&self) -> bool {
        self.lf.is_some()
    }

    /// How many bytes have been consumed: where in the stream the next line begins.
    ///
    /// Bytes of an over-long line count as soon as they are thrown away.
    #[must_use]
    pub fn consumed(&self) -> u64 {
        self.consumed
    }

    /// How many bytes were ever put in.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.consumed + (self.end - self.begin) as u64
    }

    fn find_lf(&self, from: usize) -> Option<usize> {
        memchr(b'\n', &self.buffer[from..self.end]).map(|at| from + at)
    }

    fn consume(&mut self, to: usize) {
        self.consumed += (to - self.begin) as u64;
        self.begin = to;
    }

    fn is_tail_too_long(&self) -> bool {
        self.end > self.begin && self.end - self.begin >= self.max_line
    }

    /// Throws away what has come of a line that is, or will be, too long.
    fn skip_if_too_long(&mut self) {
        if self.lf.is_some() {
            return;
        }
        if self.skipping.is_none() && self.is_tail_too_long() {
            // No more than the limit, so that it does not matter how much came at once.
            self.skipping = Some(Start::of(&self.buffer[self.begin..self.begin + self.max_line]));
        }
        if self.skipping.is_some() {
            self.consume(self.end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(framer: &mut LineFramer) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some(line) = framer.next_line() {
            lines.push(match line {
                Line::Complete(line) => String::from_utf8_lossy(line).into_owned(),
                Line::TooLong { start } => format!("too long: {}", String::from_utf8_lossy(start)),
            });
        }
        lines
    }

    #[test]
    fn a_line_may_be_exactly_as_long_as_the_limit() {
        let mut framer = LineFramer::new(4);
        assert_eq!(framer.push(b"abc\nabcd\nx\n"), 8);
        assert_eq!(lines(&mut framer), ["abc"]);
        assert_eq!(framer.push(b"\nx\n"), 3);
        assert_eq!(lines(&mut framer), ["too long: abcd", "x"]);
    }

    #[test]
    fn an_over_long_line_needs_no_room_and_the_next_one_works() {
        let mut framer = LineFramer::new(8);
        for _ in 0..1000 {
            assert_eq!(framer.push(b"0123456789"), 10);
        }
        assert!(!framer.has_line());
        assert!(framer.is_skipping());
        assert_eq!(framer.skipped(), Some(&b"01234567"[..]));
        assert_eq!(framer.rest(), b"");
        assert_eq!(framer.consumed(), 10_000);
        framer.push(b"\nok\n");
        assert_eq!(lines(&mut framer), ["too long: 01234567", "ok"]);
        assert_eq!((framer.consumed(), framer.received()), (10_004, 10_004));
    }

    #[test]
    fn full_of_lines_takes_no_more_until_one_is_taken() {
        let mut framer = LineFramer::new(4);
        assert_eq!(framer.push(b"a\nb\nc\nd\ne\n"), 8);
        assert_eq!(framer.space(), b"");
        assert_eq!(framer.next_line(), Some(Line::Complete(b"a")));
        assert_eq!(framer.push(b"e\n"), 2);
        assert_eq!(lines(&mut framer), ["b", "c", "d", "e"]);
    }

    #[test]
    fn an_unfinished_line_is_the_rest() {
        let mut framer = LineFramer::new(16);
        framer.push(b"one\ntwo");
        assert_eq!(framer.rest(), b"");
        assert_eq!(lines(&mut framer), ["one"]);
        assert_eq!(framer.rest(), b"two");
        assert_eq!((framer.consumed(), framer.received()), (4, 7));
    }

    #[test]
    fn a_tail_is_moved_when_there_is_less_room_than_for_a_line_behind_it() {
        let mut framer = LineFramer::new(8);
        framer.push(b"0123\n567");
        assert_eq!(lines(&mut framer), ["0123"]);
        assert_eq!(framer.space().len(), 8);
        framer.push(b"8");
        assert_eq!(framer.space().len(), 12);
        assert_eq!(framer.rest(), b"5678");
    }

    #[test]
    fn a_buffer_grows_only_when_it_was_full() {
        let mut framer = LineFramer::growing(4 * FIRST_BUFFER);
        for _ in 0..FIRST_BUFFER {
            assert_eq!(framer.push(b"short\n"), 6);
            assert_eq!(lines(&mut framer), ["short"]);
        }
        assert_eq!(framer.held().size, FIRST_BUFFER);
        let long = vec![b'x'; FIRST_BUFFER + FIRST_BUFFER / 2];
        assert_eq!(framer.push(&long), long.len());
        assert_eq!(framer.held().size, 2 * FIRST_BUFFER);
        assert_eq!(framer.rest(), long);
    }

    #[test]
    fn without_a_buffer_nothing_happens() {
        let mut framer = LineFramer::empty();
        assert_eq!(framer.push(b"x\n"), 0);
        assert_eq!(framer.space(), b"");
        assert_eq!(framer.next_line(), None);
        assert_eq!(framer.rest(), b"");
        assert!(!framer.is_skipping());
    }

    #[test]
    fn comments_and_white_space_are_ignored() {
        for line in [&b""[..], b"#", b"# text", b" \t\r"] {
            assert!(is_ignored(line));
        }
        for line in [&b"echo"[..], b" #", b"\x0c"] {
            assert!(!is_ignored(line));
        }
    }
}
