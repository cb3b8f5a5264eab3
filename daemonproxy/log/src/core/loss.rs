//! What could not be written, and how that is said when it can be said.

use super::moment::{Moment, TimeFormat};
use super::text::Text;

/// What was dropped since the last line that was written.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Loss {
    lines: u64,
    bytes: u64,
    since: Moment,
    reason: &'static str,
}

impl Loss {
    pub(crate) fn is_none(&self) -> bool {
        self.lines == 0
    }

    /// Counts the lines in these bytes.
    pub(crate) fn add(&mut self, bytes: &[u8], now: Moment, reason: &'static str) {
        if self.is_none() {
            self.since = now;
        }
        self.lines += memchr::memchr_iter(b'\n', bytes).count() as u64;
        self.bytes += bytes.len() as u64;
        self.reason = reason;
    }

    /// The line for the log, without its time.
    pub(crate) fn notice(&self) -> Text<256> {
        let since = TimeFormat::Iso.stamp(self.since);
        let mut text = Text::EMPTY;
        text.push(b"daemonproxy-log: dropped ").push_number(self.lines, 1);
        text.push(if self.lines == 1 { b" line (" } else { b" lines (" });
        text.push_number(self.bytes, 1).push(b" bytes) since ").push(since.as_bytes());
        *text.push(b"that could not be written: ").push(self.reason.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_bytes_are_counted_from_the_first_on() {
        let mut loss = Loss::default();
        assert!(loss.is_none());
        loss.add(b"one\ntwo\n", Moment { seconds: 60, nanos: 0 }, "disk full");
        loss.add(b"three\n", Moment { seconds: 70, nanos: 0 }, "disk full");
        assert_eq!(
            String::from_utf8(loss.notice().as_bytes().to_vec()).unwrap(),
            "daemonproxy-log: dropped 3 lines (14 bytes) since 1970-01-01T00:01:00.000000Z \
             that could not be written: disk full"
        );
    }
}
