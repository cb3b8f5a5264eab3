//! What services send (sd_notify(3)), and a clock that wakes us even after the machine has slept.

use std::os::fd::{AsFd, AsRawFd};

use daemonproxy_core::{Errno, Fd, Monotonic, Notice};
use nix::sys::socket::{
    self as nix_socket, AddressFamily, SockFlag, SockType, UnixAddr, setsockopt, sockopt,
};
use nix::sys::time::TimeSpec;
use nix::sys::timer::{Expiration, TimerSetTimeFlags};
use nix::sys::timerfd::{ClockId, TimerFd, TimerFlags};

use super::errno;
use super::fd::give;
use super::receive::{self, Along, Received};

/// Bytes of the name that the kernel gives to a socket (unix(7), autobind), and some more.
pub(super) const SOCKET_NAME: usize = 16;
/// A datagram socket with a name that no other has, which tells who has sent what.
pub(super) fn socket() -> Result<Fd, Errno> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let socket = nix_socket::socket(AddressFamily::Unix, SockType::Datagram, flags, None);
    let socket = socket.map_err(errno)?;
    setsockopt(&socket, sockopt::PassCred, &true).map_err(errno)?;
    nix_socket::bind(socket.as_raw_fd(), &UnixAddr::new_unnamed()).map_err(errno)?;
    Ok(give(socket))
}

/// The name of such a socket, which follows a NUL.
pub(super) fn name(socket: Fd, room: &mut [u8; SOCKET_NAME]) -> Result<&[u8], Errno> {
    let address: UnixAddr = nix_socket::getsockname(socket.0).map_err(errno)?;
    let name = address.as_abstract().ok_or(Errno(libc::EINVAL))?;
    let room = room.get_mut(..name.len()).ok_or(Errno(libc::ENAMETOOLONG))?;
    room.copy_from_slice(name);
    Ok(room)
}

/// Receives one message. "Nothing now" is `None`.
pub(super) fn receive(
    socket: Fd,
    space: &mut [u8],
    fds: &mut [Fd],
) -> Result<Option<Notice>, Errno> {
    let (mut count, mut sender, mut has_more) = (0, None, false);
    let received = receive::receive(socket, space, |along| match along {
        Along::Sender(credentials) => sender = Some(credentials),
        Along::Fd(fd) => match fds.get_mut(count) {
            Some(place) => {
                *place = fd;
                count += 1;
            }
            None => {
                super::fd::close(fd);
                has_more = true;
            }
        },
    })?;
    Ok(received.map(|Received { bytes, is_cut }| Notice {
        bytes,
        fds: count,
        sender,
        is_cut: is_cut || has_more,
    }))
}

/// Wakes us at a moment of CLOCK_BOOTTIME: when poll(2) waits while the machine sleeps, it wakes us
/// too late.
pub(crate) struct BootAlarm {
    timer: Option<TimerFd>,
    set: Option<Monotonic>,
}

impl BootAlarm {
    pub(crate) const fn new() -> Self {
        Self { timer: None, set: None }
    }

    /// Sets it to this moment. Returns what to poll. Without it we are woken late after a sleep, and
    /// no sooner.
    pub(crate) fn set(&mut self, at: Option<Monotonic>) -> Option<Fd> {
        let at = at?;
        if self.timer.is_none() {
            let flags = TimerFlags::TFD_CLOEXEC | TimerFlags::TFD_NONBLOCK;
            self.timer = TimerFd::new(ClockId::CLOCK_BOOTTIME, flags).ok();
        }
        let timer = self.timer.as_ref()?;
        if self.set != Some(at) {
            let (seconds, nanos) = (at.nanos() / 1_000_000_000, at.nanos() % 1_000_000_000);
            let spec = TimeSpec::new(seconds as _, nanos as _);
            let flags = TimerSetTimeFlags::TFD_TIMER_ABSTIME;
            timer.set(Expiration::OneShot(spec), flags).ok()?;
            self.set = Some(at);
        }
        Some(Fd(timer.as_fd().as_raw_fd()))
    }

    /// It has woken us.
    pub(crate) fn heard(&mut self) {
        // Setting it again makes it wait again.
        self.set = None;
    }
}
