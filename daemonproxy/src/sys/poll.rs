//! Waiting: poll(2), which knows no limit to the numbers of descriptors.

use std::os::fd::BorrowedFd;

use daemonproxy_core::{Fd, Monotonic};
use nix::poll::{PollFd, PollFlags, PollTimeout};

use super::fd::borrow;

/// What is waited for, and then what happened. The memory is used again and again.
#[derive(Default)]
pub(crate) struct Poll {
    list: Vec<PollFd<'static>>,
}

/// What happened to one descriptor.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Readiness {
    /// There is something to read, or its end.
    pub(crate) readable: bool,
    /// There is room, or an error to find out about.
    pub(crate) writable: bool,
    /// The other side has gone.
    pub(crate) hung_up: bool,
}

impl Poll {
    /// Room for so many without allocating.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { list: Vec::with_capacity(capacity) }
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// Adds a descriptor; with neither, only its hang-up is waited for. Its place, for [`Self::result`], is
    /// the number of those added before it.
    pub(crate) fn add(&mut self, fd: Fd, read: bool, write: bool) {
        let mut events = PollFlags::empty();
        events.set(PollFlags::POLLIN, read);
        events.set(PollFlags::POLLOUT, write);
        let fd: BorrowedFd<'static> = borrow(fd);
        self.list.push(PollFd::new(fd, events));
    }

    /// Waits until something happens, or until the deadline.
    pub(crate) fn wait(&mut self, now: Monotonic, deadline: Option<Monotonic>) {
        let timeout = deadline.map_or(PollTimeout::NONE, |at| {
            // Rounded up: waking too early would mean to look, find nothing, and wait again.
            let millis = at.nanos().saturating_sub(now.nanos()).div_ceil(1_000_000);
            PollTimeout::try_from(millis).unwrap_or(PollTimeout::MAX)
        });
        if nix::poll::poll(&mut self.list, timeout).is_err() {
            // EINTR or ENOMEM: nothing is known to be ready, so nothing is touched.
            self.list.clear();
        }
    }

    pub(crate) fn result(&self, place: usize) -> Readiness {
        let revents = self.list.get(place).and_then(PollFd::revents);
        let revents = revents.unwrap_or(PollFlags::empty());
        let gone =
            revents.intersects(PollFlags::POLLHUP | PollFlags::POLLERR | PollFlags::POLLNVAL);
        Readiness {
            readable: gone || revents.contains(PollFlags::POLLIN),
            writable: gone || revents.contains(PollFlags::POLLOUT),
            hung_up: gone,
        }
    }
}
