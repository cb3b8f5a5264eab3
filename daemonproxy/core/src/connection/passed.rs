//! Descriptors that a controller passed (SCM_RIGHTS, unix(7)) and no command has taken yet.
//!
//! A passed descriptor belongs to the line it came with. All that the kernel tells is with which
//! piece of the stream it came; so it waits while the lines of that piece are executed, is there for
//! the first `fd.take` among them that has no other, and is closed when the last of them has been
//! executed. A client that passes descriptors without taking them cannot fill the daemon.

use crate::limits::MOST_PASSED;
use crate::memory::{NoRoom, Reserved};
use crate::system::{Fd, System};

struct Waiting {
    fd: Fd,
    /// Where in the stream its piece begins and ends.
    begin: u64,
    end: u64,
}

pub(crate) struct Passed {
    waiting: Vec<Waiting>,
}

impl Passed {
    pub(crate) fn new() -> Self {
        Self { waiting: Vec::new() }
    }

    /// Takes all memory that it may ever need.
    pub(crate) fn reserve(&mut self) -> Result<(), NoRoom> {
        Ok(self.waiting.try_reserve_exact(MOST_PASSED)?)
    }

    /// `fd` came with the bytes from `begin` to `end` of the stream.
    pub(crate) fn arrived(&mut self, fd: Fd, begin: u64, end: u64, sys: &mut impl System) {
        if self.waiting.len() < MOST_PASSED && self.waiting.try_reserve(1).is_ok() {
            self.waiting.put(Waiting { fd, begin, end });
        } else {
            sys.close(fd);
        }
    }

    /// The descriptor for a line that ends at `line_end`.
    pub(crate) fn take(&mut self, line_end: u64) -> Option<Fd> {
        let first = self.waiting.first()?;
        (first.begin < line_end).then(|| self.waiting.remove(0).fd)
    }

    /// Everything up to `consumed` has been executed: what came with it is too late.
    pub(crate) fn expire(&mut self, consumed: u64, sys: &mut impl System) {
        self.waiting.retain(|waiting| {
            let keep = waiting.end > consumed;
            if !keep {
                sys.close(waiting.fd);
            }
            keep
        });
    }

    /// The connection is closed.
    pub(crate) fn close_all(&mut self, sys: &mut impl System) {
        self.expire(u64::MAX, sys);
    }
}
