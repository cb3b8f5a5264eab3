//! Events that were read while something else was waited for, kept until somebody asks for them.

use std::collections::VecDeque;

use daemonproxy_protocol::{Event, EventError};

/// How many bytes of lines are kept. A program that asks for events keeps up with more; one that
/// never asks must not grow.
const LIMIT: usize = 1 << 20;

/// A line that came from the daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    line: Vec<u8>,
}

impl EventLine {
    pub(crate) fn new(line: Vec<u8>) -> Self {
        Self { line }
    }

    /// The event on it. An event that this crate does not know, and the text of an `echo`, are
    /// [`Event::Other`].
    ///
    /// # Errors
    ///
    /// If it begins like an event but is not one: an `echo` can be anything, and everything else is
    /// a fault of the daemon.
    pub fn event(&self) -> std::result::Result<Event<'_>, EventError> {
        Event::parse(&self.line)
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.line
    }

    /// The line as it came, without its LF.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.line
    }
}

#[derive(Debug, Default)]
pub(crate) struct Inbox {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
}

impl Inbox {
    /// Keeps a line. If there are too many, all of them are dropped, and an `overflow` says so, as
    /// if it came from the daemon.
    pub(crate) fn push(&mut self, line: Vec<u8>) {
        self.bytes += line.len() + size_of::<Vec<u8>>();
        self.lines.push_back(line);
        if self.bytes > LIMIT {
            self.lines.clear();
            self.bytes = 0;
            self.lines.push_back(b"overflow".to_vec());
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Vec<u8>> {
        let line = self.lines.pop_front()?;
        self.bytes = self.bytes.saturating_sub(line.len() + size_of::<Vec<u8>>());
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::{Inbox, LIMIT};

    #[test]
    fn what_nobody_takes_does_not_grow() {
        let mut inbox = Inbox::default();
        for _ in 0..LIMIT / 500 {
            inbox.push(vec![b'x'; 1000]);
        }
        let all: Vec<_> = std::iter::from_fn(|| inbox.pop()).collect();
        assert!(all.len() * 1000 <= LIMIT);
        assert!(all.iter().any(|line| line == b"overflow"));
    }
}
