//! Descriptors that come with a line: the answers to `fd.give`.
//!
//! The kernel gives one along with some bytes of the stream, and the line that it belongs to begins
//! somewhere among these. Before that line there may be the echo of words of ours that look just
//! like it, but nothing that does can come between it and the end of its command: so it is the last
//! one.

use std::collections::VecDeque;
use std::ops::Range;
use std::os::fd::OwnedFd;

/// How the line begins to which one belongs.
const LINE: &[u8] = b"fd.give\t";

/// More than can wait where each is taken.
const MOST: usize = 16;

/// The descriptors that have come.
#[derive(Debug, Default)]
pub(crate) struct Given {
    waiting: VecDeque<Came>,
    /// That of the line of this kind that was taken last.
    last: Option<Came>,
}

#[derive(Debug)]
struct Came {
    /// The place in the stream of the bytes that it came with.
    with: Range<u64>,
    fd: OwnedFd,
}

impl Given {
    /// One came along with these bytes.
    pub(crate) fn came(&mut self, with: Range<u64>, fd: OwnedFd) {
        if self.waiting.len() == MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back(Came { with, fd });
    }

    /// A line was taken that begins there. What belongs to no line is closed.
    pub(crate) fn line(&mut self, begin: u64, line: &[u8]) {
        if !line.starts_with(LINE) {
            return;
        }
        while self.waiting.front().is_some_and(|came| came.with.end <= begin) {
            self.waiting.pop_front();
        }
        let is_its = |came: &mut Came| came.with.contains(&begin);
        let front = self.waiting.front_mut().is_some_and(is_its);
        self.last = if front { self.waiting.pop_front() } else { self.last.take_if(is_its) };
    }

    /// The descriptor of the last such line.
    pub(crate) fn take(&mut self) -> Option<OwnedFd> {
        self.last.take().map(|came| came.fd)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::AsRawFd;

    use super::*;

    #[test]
    fn each_belongs_to_the_line_that_begins_where_it_came() {
        let fds = [0; 3].map(|_| OwnedFd::from(File::open("/dev/null").unwrap()));
        let numbers = [0, 1, 2].map(|nth: usize| fds[nth].as_raw_fd());
        let mut given = Given::default();
        for (with, fd) in [5..40, 40..60, 60..90].into_iter().zip(fds) {
            given.came(with, fd);
        }
        let mut taken = |begins: &[u64]| {
            begins.iter().for_each(|&begin| given.line(begin, b"fd.give\tx\tfile\tread\t/"));
            given.line(90, b"done\tt");
            given.take().map(|fd| fd.as_raw_fd())
        };
        assert_eq!(taken(&[0]), None, "nothing came with it");
        assert_eq!(taken(&[10, 30]), Some(numbers[0]), "the first is an echo");
        assert_eq!(taken(&[35]), None, "it is taken once");
        assert_eq!(taken(&[61]), Some(numbers[2]), "the one between is closed");
        assert_eq!(taken(&[95]), None);
    }
}
