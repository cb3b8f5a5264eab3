//! Waiting: poll(2), or epoll(7) where that is refused.

use daemonproxy_core::{Errno, Fd, Monotonic};

use super::epoll::Epoll;

/// What to wait for, and then what happened. The memory is reused.
pub(crate) struct Poll {
    list: Vec<libc::pollfd>,
    /// poll(2) refuses a list that is longer than the limit of open files (EINVAL), which can be
    /// lowered while we run (prlimit(2)), and may lack the memory for its copy. Made at the start,
    /// since by then it would be too late.
    otherwise: Option<Epoll>,
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
    /// Room for this many without allocating.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { list: Vec::with_capacity(capacity), otherwise: Epoll::new() }
    }

    /// Whether there is memory for one more.
    pub(crate) fn has_room(&mut self) -> bool {
        self.list.try_reserve(1).is_ok()
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// Adds a descriptor; with neither, only its hang-up is waited for. Its place, for
    /// [`Self::result`], is the number of those added before it.
    pub(crate) fn add(&mut self, fd: Fd, read: bool, write: bool) {
        let read = if read { libc::POLLIN } else { 0 };
        let write = if write { libc::POLLOUT } else { 0 };
        self.list.push(libc::pollfd { fd: fd.0, events: read | write, revents: 0 });
    }

    /// Waits until something happens, or until the deadline.
    pub(crate) fn wait(&mut self, now: Monotonic, deadline: Option<Monotonic>) {
        let timeout = deadline.map_or(-1, |at| {
            // Rounded up: waking too early would mean finding nothing to do, and waiting again.
            let millis = at.nanos().saturating_sub(now.nanos()).div_ceil(1_000_000);
            i32::try_from(millis).unwrap_or(i32::MAX)
        });
        match poll(&mut self.list, timeout) {
            Ok(()) => {}
            // Nothing is known to be ready, so nothing is touched.
            Err(Errno(libc::EINTR)) => self.list.clear(),
            Err(_) => match &mut self.otherwise {
                Some(epoll) => epoll.wait(&mut self.list, timeout),
                None => pause(&mut self.list),
            },
        }
    }

    pub(crate) fn result(&self, place: usize) -> Readiness {
        let revents = self.list.get(place).map_or(0, |entry| entry.revents);
        let gone = revents & (libc::POLLHUP | libc::POLLERR | libc::POLLNVAL) != 0;
        Readiness {
            readable: gone || revents & libc::POLLIN != 0,
            writable: gone || revents & libc::POLLOUT != 0,
            hung_up: gone,
        }
    }
}

/// What there is to be read from a descriptor now.
pub(super) fn readiness(fd: Fd) -> daemonproxy_core::Readiness {
    use daemonproxy_core::Readiness;

    let mut list = [libc::pollfd { fd: fd.0, events: libc::POLLIN | libc::POLLRDHUP, revents: 0 }];
    if poll(&mut list, 0).is_err() || list[0].revents == 0 {
        return Readiness::Nothing;
    }
    // Of a socket the end, too, can be read; so what is broken is asked how much there is.
    let can_be_read = list[0].revents & libc::POLLIN != 0;
    let is_whole = list[0].revents == libc::POLLIN;
    if can_be_read && (is_whole || super::socket::unread(fd).is_some_and(|count| count > 0)) {
        Readiness::Data
    } else {
        Readiness::Broken
    }
}

/// Whether something can be written there now, or it is known that nothing ever can.
pub(super) fn is_writable(fd: Fd) -> bool {
    let mut list = [libc::pollfd { fd: fd.0, events: libc::POLLOUT, revents: 0 }];
    poll(&mut list, 0).is_ok() && list[0].revents != 0
}

fn poll(list: &mut [libc::pollfd], timeout: i32) -> Result<(), Errno> {
    // SAFETY: reads and writes as many entries as the list has.
    let result = unsafe { libc::poll(list.as_mut_ptr(), list.len() as libc::nfds_t, timeout) };
    nix::errno::Errno::result(result).map(drop).map_err(super::errno)
}

/// Waiting is impossible: all we can do is not to try again at once.
fn pause(list: &mut Vec<libc::pollfd>) {
    const MILLIS: i32 = 100;
    list.clear();
    let _ = poll(&mut [], MILLIS);
}
