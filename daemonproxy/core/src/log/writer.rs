//! The log: one line a message, to a named descriptor, never waiting for it. What could control a
//! terminal is escaped, for that is where a log is read.
//!
//! What cannot be written now is kept in a small buffer; what does not fit there is counted, and
//! the count is reported as soon as the log flows again. Once a message was lost, all later ones
//! are lost too until then, so that the line with the count is where the gap is.
//!
//! A write that fails for now, because the disk is full, is repeated every half second. A reader
//! that has gone is not waited for; only the next message finds out whether there is another, as a
//! FIFO may have.

use daemonproxy_protocol::{
    FilterChange, LONGEST_SHOWN, LogFilter, LogLevel, Name, Piece, pieces, write_u64,
};

use crate::limits::{LOG_BUFFER, LOG_RETRY_MILLIS};
use crate::memory::{Reserved, Text, at_start};
use crate::system::{Errno, Fd, Monotonic, System};
use crate::table::NameBuf;
use crate::upgrade::state::carried;

/// What the log is waiting for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LogWait {
    /// Nothing: everything has been written, or never can be, since no descriptor has that name, or
    /// nobody reads from it any more.
    Nothing,
    /// For this descriptor to become writable.
    Writable(Fd),
    /// For the time of another attempt.
    Until(Monotonic),
}

pub(crate) struct Log {
    filter: LogFilter,
    destination: NameBuf,
    /// Whole lines; how much of the first one has been written already.
    buffer: Vec<u8>,
    sent: usize,
    /// The destination that got only the beginning of a line, because the log was moved then.
    torn: Option<NameBuf>,
    lost: u64,
    /// The last write failed although the descriptor had become writable.
    retry_at: Option<Monotonic>,
    /// The last write failed for good.
    ended: bool,
    /// A moment stands in front of each line (`--log-time`).
    times: bool,
}

/// Errors that only mean "not now", as in errno(3). The numbers are the same on every Linux but
/// MIPS, SPARC, Alpha and PA-RISC, where a full log is one that has ended.
const PASSING: [Errno; 11] = [
    Errno(4),   // EINTR
    Errno(11),  // EAGAIN
    Errno(12),  // ENOMEM
    Errno(23),  // ENFILE
    Errno(24),  // EMFILE
    Errno(27),  // EFBIG: a log may be truncated
    Errno(28),  // ENOSPC
    Errno(105), // ENOBUFS
    Errno(111), // ECONNREFUSED: a log over the net, or of a daemon that is started again
    Errno(113), // EHOSTUNREACH
    Errno(122), // EDQUOT
];

/// More than is ever used: a page of its own takes up no memory until something waits in it, and
/// less than a page would lie among what is used.
const BUFFER_ROOM: usize = 4 * LOG_BUFFER;

carried!(
    Log, as in Log::new(LogFilter::None, Name::NULL),
    carries filter destination buffer sent torn lost retry_at ended times,
    but not
);

impl Log {
    pub(crate) fn new(filter: LogFilter, destination: Name<'_>) -> Self {
        Self {
            filter,
            destination: destination.into(),
            buffer: at_start(BUFFER_ROOM),
            sent: 0,
            torn: None,
            lost: 0,
            retry_at: None,
            ended: false,
            times: false,
        }
    }

    pub(super) fn set_times(&mut self) {
        self.times = true;
    }

    /// Writes more or less from now on. Returns what is written then.
    pub(super) fn change_filter(&mut self, change: Option<FilterChange>) -> LogFilter {
        if let Some(change) = change {
            self.filter = self.filter.changed(change);
        }
        self.filter
    }

    pub(crate) fn filter(&self) -> LogFilter {
        self.filter
    }

    pub(crate) fn destination(&self) -> &NameBuf {
        &self.destination
    }

    pub(crate) fn set_destination(&mut self, name: Name<'_>) {
        if self.sent > 0 {
            self.torn = Some(self.destination);
        }
        self.destination = name.into();
        self.begin_anew();
    }

    /// From now on the log goes to another file: a line that the old one has in part is written to
    /// the new one as a whole.
    pub(super) fn begin_anew(&mut self) {
        self.sent = 0;
        self.retry_at = None;
        self.ended = false;
    }

    /// Whether messages of that level are written at all.
    pub(crate) fn shows(&self, level: LogLevel) -> bool {
        !self.filter.suppresses(level)
    }

    /// One message, made of `parts`; longer ones are cut to what the buffer can hold.
    pub(crate) fn write(
        &mut self,
        level: LogLevel,
        parts: &[&[u8]],
        to: Option<Fd>,
        sys: &mut impl System,
        now: Monotonic,
    ) {
        if !self.shows(level) {
            return;
        }
        let waiting = !self.buffer.is_empty() || self.lost > 0;
        if self.lost > 0 || !self.append(level, parts, now) {
            self.lost += 1;
        }
        if !waiting || self.ended {
            self.flush(to, sys, now);
        }
    }

    /// Writes as much as possible of what waits.
    pub(super) fn flush(&mut self, to: Option<Fd>, sys: &mut impl System, now: Monotonic) {
        let Some(fd) = to else { return };
        while !self.buffer.is_empty() || self.lost > 0 {
            if self.buffer.is_empty() {
                self.tell_lost(now);
            }
            // Back at a place that has half a line, first end that line.
            let torn = self.torn == Some(self.destination);
            let rest = self.buffer.get(self.sent..).unwrap_or_default();
            match sys.write_log(fd, if torn { b"\n" } else { rest }) {
                Ok(0) => {
                    self.ended = false;
                    return;
                }
                Ok(_) if torn => self.torn = None,
                Ok(count) => {
                    let count = count.min(rest.len());
                    self.advance(count);
                    self.retry_at = None;
                    self.ended = false;
                }
                Err(errno) => {
                    self.ended = !PASSING.contains(&errno);
                    self.retry_at = Some(now.plus_millis(LOG_RETRY_MILLIS));
                    return;
                }
            }
        }
    }

    /// `count` more bytes have been written; whole lines are forgotten.
    fn advance(&mut self, count: usize) {
        let sent = self.sent + count;
        let lines =
            self.buffer[..sent].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        self.buffer.drain(..lines);
        self.sent = sent - lines;
    }

    /// The descriptor is said to be writable, or a retry is due.
    pub(super) fn writable(&mut self, to: Option<Fd>, sys: &mut impl System, now: Monotonic) {
        let before = (self.buffer.len(), self.sent, self.lost);
        self.flush(to, sys, now);
        if before == (self.buffer.len(), self.sent, self.lost) && !self.buffer.is_empty() {
            self.retry_at = Some(now.plus_millis(LOG_RETRY_MILLIS));
        }
    }

    pub(super) fn wait(&self, to: Option<Fd>) -> LogWait {
        match (to, self.retry_at) {
            _ if self.ended || (self.buffer.is_empty() && self.lost == 0) => LogWait::Nothing,
            (None, _) => LogWait::Nothing,
            (Some(_), Some(at)) => LogWait::Until(at),
            (Some(fd), None) => LogWait::Writable(fd),
        }
    }

    fn append(&mut self, level: LogLevel, parts: &[&[u8]], now: Monotonic) -> bool {
        let start = self.buffer.len();
        if self.times && LOG_BUFFER - start < LONGEST_MOMENT {
            return false;
        }
        self.begin_line(now);
        let level = level.as_str().as_bytes();
        let mut wanted = self.buffer.len() - start + level.len() + 2 + 1;
        each_shown(parts, |text| {
            wanted += text.len();
            true
        });
        // One that is too long for an empty buffer is cut; one that is not must find room.
        if wanted.min(LOG_BUFFER) > LOG_BUFFER - start {
            self.buffer.truncate(start);
            return false;
        }
        self.buffer.add(level);
        self.buffer.add(b": ");
        each_shown(parts, |text| {
            let room = LOG_BUFFER - 1 - self.buffer.len();
            self.buffer.add(&text[..text.len().min(room)]);
            room > text.len()
        });
        self.buffer.put(b'\n');
        true
    }

    fn tell_lost(&mut self, now: Monotonic) {
        self.begin_line(now);
        self.buffer.add(b"warning: lost ");
        write_u64(&mut self.buffer, self.lost);
        self.buffer.add(b" log messages\n");
        self.lost = 0;
    }

    /// Seconds of CLOCK_MONOTONIC, as in events, but down to the microsecond.
    fn begin_line(&mut self, now: Monotonic) {
        const DIGITS: u32 = 6;
        if !self.times {
            return;
        }
        write_u64(&mut self.buffer, now.seconds().unsigned_abs());
        self.buffer.put(b'.');
        let micros = now.nanos() % 1_000_000_000 / 1000;
        for place in (0..DIGITS).rev() {
            self.buffer.put(b'0' + (micros / 10_u64.pow(place) % 10) as u8);
        }
        self.buffer.put(b' ');
    }
}

/// Bytes of a moment in front of a line: seconds, a point, six digits, a space.
const LONGEST_MOMENT: usize = 11 + 1 + 6 + 1;

/// Calls `take` for every piece of a message, as it is to be shown, until that has enough. TABs are
/// harmless.
fn each_shown(parts: &[&[u8]], mut take: impl FnMut(&[u8]) -> bool) {
    for piece in parts.iter().flat_map(|part| pieces(part)) {
        let mut space = [0; LONGEST_SHOWN];
        let text = if piece == Piece::Character('\t') { b"\t" } else { piece.shown(&mut space) };
        if !take(text) {
            return;
        }
    }
}
