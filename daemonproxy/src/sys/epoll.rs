//! Waiting when poll(2) cannot: epoll(7), which has no limit on the number of descriptors.
//!
//! It is not the usual way: everything is registered with the kernel before each wait and removed
//! after it, which takes as long as all the rest.

use std::os::fd::{AsRawFd, OwnedFd};

use nix::errno::Errno;

/// How many events to ask for at a time.
const PORTION: usize = 64;
/// How soon, in milliseconds, to check again what could not be waited for.
const SOON: i32 = 200;

/// An instance.
pub(super) struct Epoll {
    instance: OwnedFd,
}

impl Epoll {
    pub(super) fn new() -> Option<Self> {
        // SAFETY: epoll_create1(2) touches no memory.
        let instance = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        super::fd::owned(instance).ok().map(|instance| Self { instance })
    }

    /// Does what poll(2) does.
    pub(super) fn wait(&self, list: &mut [libc::pollfd], mut timeout: i32) {
        let mut twice = false;
        for at in 0..list.len() {
            list[at].revents = 0;
            match self.add(list, at) {
                Ok(()) => {}
                Err(Errno::EEXIST) => twice = true,
                // Always readable and writable, and so cannot be waited for: a file.
                Err(Errno::EPERM) => {
                    list[at].revents = list[at].events;
                    timeout = 0;
                }
                Err(Errno::EBADF) => {
                    list[at].revents = libc::POLLNVAL;
                    timeout = 0;
                }
                Err(_) => timeout = if timeout < 0 { SOON } else { timeout.min(SOON) },
            }
        }
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; PORTION];
        // What was reported goes to the end of the kernel's list, so that each is reported once.
        for _ in 0..=list.len() / PORTION {
            let room = PORTION as i32;
            let instance = self.instance.as_raw_fd();
            // SAFETY: writes at most `room` events.
            let count = unsafe { libc::epoll_wait(instance, events.as_mut_ptr(), room, timeout) };
            let count = usize::try_from(count).unwrap_or(0);
            for event in events.iter().take(count) {
                note(list, event.u64 as usize, event.events as libc::c_short, twice);
            }
            if count < PORTION {
                break;
            }
            timeout = 0;
        }
        for entry in list {
            self.control(libc::EPOLL_CTL_DEL, entry.fd, 0, 0).ok();
        }
    }

    /// Registers a descriptor; if its number is in the list twice, for what all of its entries
    /// want.
    fn add(&self, list: &[libc::pollfd], at: usize) -> nix::Result<()> {
        let fd = list[at].fd;
        let added = self.control(libc::EPOLL_CTL_ADD, fd, list[at].events, at);
        if added == Err(Errno::EEXIST) {
            let wanted = list.iter().filter(|entry| entry.fd == fd);
            let wanted = wanted.fold(0, |wanted, entry| wanted | entry.events);
            self.control(libc::EPOLL_CTL_MOD, fd, wanted, at)?;
        }
        added
    }

    fn control(&self, what: i32, fd: i32, events: i16, place: usize) -> nix::Result<()> {
        // The bits have the same values as for poll(2).
        let mut event = libc::epoll_event { events: events as u32, u64: place as u64 };
        // SAFETY: reads one event. That of a deletion is ignored.
        let result =
            unsafe { libc::epoll_ctl(self.instance.as_raw_fd(), what, fd, &raw mut event) };
        Errno::result(result).map(drop)
    }
}

/// Something has happened to the descriptor at this place, and at its other places if any is there
/// `twice`.
fn note(list: &mut [libc::pollfd], place: usize, happened: i16, twice: bool) {
    let Some(fd) = list.get(place).map(|entry| entry.fd) else { return };
    let places = if twice { 0..list.len() } else { place..place + 1 };
    for entry in list[places].iter_mut().filter(|entry| entry.fd == fd) {
        entry.revents |= happened & (entry.events | libc::POLLHUP | libc::POLLERR);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    fn entry(fd: &impl AsRawFd, events: i16) -> libc::pollfd {
        // Hide what happened before.
        libc::pollfd { fd: fd.as_raw_fd(), events, revents: libc::POLLPRI }
    }

    /// What poll(2) says about such a list, and what we say.
    #[track_caller]
    fn as_poll_says(mut list: Vec<libc::pollfd>) -> Vec<i16> {
        let mut other = list.clone();
        // SAFETY: reads and writes as many entries as the list has.
        unsafe { libc::poll(list.as_mut_ptr(), list.len() as libc::nfds_t, 0) };
        Epoll::new().unwrap().wait(&mut other, 0);
        let happened = |list: &[libc::pollfd]| list.iter().map(|e| e.revents).collect::<Vec<_>>();
        assert_eq!(happened(&other), happened(&list));
        happened(&other)
    }

    #[test]
    fn it_tells_what_poll_tells() {
        let (a, b) = UnixStream::pair().unwrap();
        let (gone, _) = UnixStream::pair().unwrap();
        let file = std::fs::File::open("/proc/self/exe").unwrap();
        let both = libc::POLLIN | libc::POLLOUT;
        let list = vec![
            entry(&a, libc::POLLIN),
            entry(&b, 0),
            entry(&a, libc::POLLOUT),
            entry(&gone, 0),
            entry(&file, libc::POLLIN),
            libc::pollfd { fd: 1_000_000, events: both, revents: 0 },
            entry(&a, both),
        ];
        let (out, hup) = (libc::POLLOUT, libc::POLLHUP);
        let expected = [0, 0, out, hup, libc::POLLIN, libc::POLLNVAL, out];
        assert_eq!(as_poll_says(list), expected);
    }

    #[test]
    fn more_than_a_portion() {
        let many: Vec<_> = (0..3 * PORTION).map(|_| UnixStream::pair().unwrap()).collect();
        let list = many.iter().map(|(a, _)| entry(a, libc::POLLOUT)).collect();
        assert!(as_poll_says(list).iter().all(|&happened| happened == libc::POLLOUT));
    }
}
