//! The descriptors that services wait for, in an epoll(7) instance that lasts.
//!
//! The loop waits for the instance itself, as one descriptor, so that a turn costs the same however
//! many are in there.
//!
//! The kernel knows them by their number and the open file behind it, and forgets one only when
//! everybody who has inherited the file has closed it; so the state machine says `unwatch` before
//! it says `close`. A program that takes over makes an instance of its own.

use std::os::fd::{AsRawFd, OwnedFd};

use daemonproxy_core::{Errno, Fd};

/// How many are asked for at a time.
pub(crate) const PORTION: usize = 64;

/// The instance.
pub(super) struct Awaited {
    /// `None`: there can be none, and everything is polled.
    instance: Option<OwnedFd>,
    count: usize,
}

impl Awaited {
    pub(super) fn new() -> Self {
        // SAFETY: epoll_create1(2) touches no memory.
        let instance = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        Self { instance: super::fd::owned(instance).ok(), count: 0 }
    }

    /// What to wait for, if there is anything in it.
    pub(super) fn fd(&self) -> Option<Fd> {
        let instance = self.instance.as_ref().filter(|_| self.count > 0)?;
        Some(Fd(instance.as_raw_fd()))
    }

    pub(super) fn watch(&mut self, fd: Fd) -> Result<(), Errno> {
        self.control(libc::EPOLL_CTL_ADD, fd)?;
        self.count += 1;
        Ok(())
    }

    pub(super) fn unwatch(&mut self, fd: Fd) {
        if self.control(libc::EPOLL_CTL_DEL, fd).is_ok() {
            self.count = self.count.saturating_sub(1);
        }
    }

    fn control(&self, what: i32, fd: Fd) -> Result<(), Errno> {
        let instance = self.instance.as_ref().ok_or(Errno(libc::EBADF))?;
        let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: fd.0 as u64 };
        // SAFETY: reads one event. That of a deletion is ignored.
        let result = unsafe { libc::epoll_ctl(instance.as_raw_fd(), what, fd.0, &raw mut event) };
        nix::errno::Errno::result(result).map(drop).map_err(super::errno)
    }

    /// Some of those that can be read now, or are broken. What was reported goes to the end of the
    /// kernel's list, so that all have their turn.
    pub(super) fn ready(&self, fds: &mut [Fd; PORTION]) -> usize {
        let Some(instance) = &self.instance else { return 0 };
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; PORTION];
        let room = PORTION as i32;
        // SAFETY: writes at most as many events as there is room for.
        let count = unsafe { libc::epoll_wait(instance.as_raw_fd(), events.as_mut_ptr(), room, 0) };
        let count = usize::try_from(count).unwrap_or(0);
        for (fd, event) in fds.iter_mut().zip(&events[..count]) {
            *fd = Fd(event.u64 as i32);
        }
        count
    }
}
