//! Lines out of bytes that come in pieces.
//!
//! A line that is longer than the limit becomes several, each of which says so where it was cut. A
//! NUL, a CR, and whatever is not UTF-8 are bytes like any other.

/// What is written where a line was cut: at the end of one part, and at the start of the next.
pub(crate) const CUT: &[u8] = b"[...]";

/// A line, or a part of one that was too long.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// What was kept from before, and what has just come.
    pub(crate) parts: [&'a [u8]; 2],
    /// It is the rest of a line of which a part was taken before.
    pub(crate) goes_on: bool,
    /// The rest of it is still to come.
    pub(crate) is_cut: bool,
}

impl Line<'_> {
    /// How many bytes it takes, with marks and the newline.
    pub(crate) fn len(&self) -> usize {
        let marks = usize::from(self.goes_on) + usize::from(self.is_cut);
        self.parts[0].len() + self.parts[1].len() + marks * CUT.len() + 1
    }
}

/// Finds the lines in what one descriptor delivers.
#[derive(Debug)]
pub(crate) struct Splitter {
    /// The start of a line whose end has not come yet. Its capacity is the longest line.
    kept: Vec<u8>,
    longest: usize,
    goes_on: bool,
}

impl Splitter {
    pub(crate) fn new(longest: usize) -> Self {
        Self { kept: Vec::with_capacity(longest), longest, goes_on: false }
    }

    /// Takes more bytes, and gives out each line that is complete.
    pub(crate) fn take(&mut self, bytes: &[u8], mut give: impl FnMut(Line<'_>)) {
        let mut from = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            self.end_line(&bytes[from..end], &mut give);
            from = end + 1;
        }
        self.keep(&bytes[from..], &mut give);
    }

    /// Nothing more comes: what was kept is the last line.
    pub(crate) fn finish(&mut self, mut give: impl FnMut(Line<'_>)) {
        if !self.kept.is_empty() || self.goes_on {
            self.end_line(&[], &mut give);
        }
    }

    fn end_line(&mut self, bytes: &[u8], give: &mut impl FnMut(Line<'_>)) {
        let bytes = self.cut(bytes, give);
        give(Line { parts: [&self.kept, bytes], goes_on: self.goes_on, is_cut: false });
        self.kept.clear();
        self.goes_on = false;
    }

    fn keep(&mut self, bytes: &[u8], give: &mut impl FnMut(Line<'_>)) {
        let bytes = self.cut(bytes, give);
        self.kept.extend_from_slice(bytes);
    }

    /// Gives out parts until the rest is not too long.
    fn cut<'a>(&mut self, mut bytes: &'a [u8], give: &mut impl FnMut(Line<'_>)) -> &'a [u8] {
        while self.kept.len() + bytes.len() > self.longest {
            let (part, rest) = bytes.split_at(self.longest - self.kept.len());
            give(Line { parts: [&self.kept, part], goes_on: self.goes_on, is_cut: true });
            self.kept.clear();
            self.goes_on = true;
            bytes = rest;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines, with `<` in front of what goes on and `>` behind what is cut.
    fn split(longest: usize, pieces: &[&[u8]]) -> Vec<String> {
        let mut splitter = Splitter::new(longest);
        let mut lines = Vec::new();
        let mut add = |line: Line<'_>| {
            let text = String::from_utf8(line.parts.concat()).unwrap();
            let (before, behind) =
                (if line.goes_on { "<" } else { "" }, if line.is_cut { ">" } else { "" });
            lines.push(format!("{before}{text}{behind}"));
        };
        for piece in pieces {
            splitter.take(piece, &mut add);
        }
        splitter.finish(add);
        lines
    }

    #[test]
    fn lines_may_come_in_pieces() {
        assert_eq!(split(100, &[b"a\nbc", b"", b"d\n", b"\n", b"e"]), ["a", "bcd", "", "e"]);
        assert_eq!(split(100, &[b"a\n", b"b\r\n\0\n"]), ["a", "b\r", "\0"]);
        assert!(split(100, &[]).is_empty());
    }

    #[test]
    fn a_line_that_is_too_long_is_cut() {
        assert_eq!(split(4, &[b"abcd\nabcde\n"]), ["abcd", "abcd>", "<e"]);
        assert_eq!(split(4, &[b"abcdefghij"]), ["abcd>", "<efgh>", "<ij"]);
        assert_eq!(split(4, &[b"ab", b"cd", b"\nx\n"]), ["abcd", "x"]);
        assert_eq!(split(4, &[b"ab", b"cdefgh", b"\nx\n"]), ["abcd>", "<efgh", "x"]);
    }

    #[test]
    fn nothing_is_lost_wherever_it_is_cut() {
        let text: Vec<u8> = (0..2000_u32)
            .map(|n| if n % 7 == 0 && n % 11 < 5 { b'\n' } else { b'a' + (n % 26) as u8 })
            .collect();
        for longest in 1..40 {
            for size in [1, 2, 3, 7, 50, 2000] {
                let mut splitter = Splitter::new(longest);
                let mut again = Vec::new();
                let mut add = |line: Line<'_>| {
                    assert!(line.parts[0].len() + line.parts[1].len() <= longest);
                    again.extend(line.parts.concat());
                    if !line.is_cut {
                        again.push(b'\n');
                    }
                };
                text.chunks(size).for_each(|piece| splitter.take(piece, &mut add));
                splitter.finish(add);
                let mut whole = text.clone();
                if !whole.ends_with(b"\n") {
                    whole.push(b'\n');
                }
                assert_eq!(again, whole, "{longest} {size}");
                assert_eq!(splitter.kept.capacity(), longest, "it never grows");
            }
        }
    }
}
