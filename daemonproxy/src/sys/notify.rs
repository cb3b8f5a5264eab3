//! What services send (sd_notify(3)), and a clock that wakes us even after the machine has slept.

use std::os::fd::{AsFd, AsRawFd};

use daemonproxy_core::{Credentials, Errno, Fd, Monotonic, Notice, Pid};
use nix::sys::socket::{
    self as nix_socket, AddressFamily, SockFlag, SockType, UnixAddr, setsockopt, sockopt,
};
use nix::sys::time::TimeSpec;
use nix::sys::timer::{Expiration, TimerSetTimeFlags};
use nix::sys::timerfd::{ClockId, TimerFd, TimerFlags};

use super::errno;
use super::fd::{give, not_now};

/// Bytes of the name that the kernel gives to a socket (unix(7), autobind), and some more.
pub(super) const SOCKET_NAME: usize = 16;
/// The most descriptors that one message can carry (SCM_MAX_FD, unix(7)).
const SCM_MAX_FD: usize = 253;
/// Bytes of control data for these, and for the credentials: each has a header.
const CONTROL_SPACE: usize = 128 + SCM_MAX_FD * size_of::<i32>();
/// The same, in words: control data must be aligned like its header.
type Control = [u64; CONTROL_SPACE.div_ceil(8)];

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
///
/// Written on libc, because the safe wrapper allocates.
pub(super) fn receive(
    socket: Fd,
    space: &mut [u8],
    fds: &mut [Fd],
) -> Result<Option<Notice>, Errno> {
    let mut control: Control = [0; _];
    let mut piece = libc::iovec { iov_base: space.as_mut_ptr().cast(), iov_len: space.len() };
    // SAFETY: an all-zero msghdr is a valid one: null pointers and no lengths.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut piece;
    message.msg_iovlen = 1;
    message.msg_control = control.as_mut_ptr().cast();
    message.msg_controllen = size_of::<Control>() as _;
    // SAFETY: the kernel writes at most the lengths given into `space` and `control`, both of which
    // are ours alone during the call.
    let count = unsafe {
        libc::recvmsg(socket.0, &raw mut message, libc::MSG_DONTWAIT | libc::MSG_CMSG_CLOEXEC)
    };
    let count = not_now(nix::errno::Errno::result(count).map(|count| count as usize))?;
    // Nothing was received: `message` still says how large `control` is, and nothing is in there.
    let Some(bytes) = count else { return Ok(None) };
    let is_cut = message.msg_flags & (libc::MSG_TRUNC | libc::MSG_CTRUNC) != 0;
    let mut notice = Notice { bytes, fds: 0, sender: None, is_cut };
    // SAFETY: `message` and its control data were filled in by the kernel, since it has received
    // something; CMSG_FIRSTHDR and CMSG_NXTHDR stay within msg_controllen (cmsg(3)), and the data
    // of SCM_RIGHTS are as many ints as its length says, those of SCM_CREDENTIALS one ucred.
    unsafe {
        let mut header = libc::CMSG_FIRSTHDR(&raw const message);
        while !header.is_null() {
            let data = libc::CMSG_DATA(header);
            match ((*header).cmsg_level, (*header).cmsg_type) {
                (libc::SOL_SOCKET, libc::SCM_RIGHTS) => {
                    let length = (*header).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
                    for at in 0..length / size_of::<i32>() {
                        let fd = Fd(data.cast::<i32>().add(at).read_unaligned());
                        match fds.get_mut(notice.fds) {
                            Some(place) => {
                                *place = fd;
                                notice.fds += 1;
                            }
                            None => {
                                super::fd::close(fd);
                                notice.is_cut = true;
                            }
                        }
                    }
                }
                (libc::SOL_SOCKET, libc::SCM_CREDENTIALS) => {
                    let sender = data.cast::<libc::ucred>().read_unaligned();
                    let (uid, gid) = (sender.uid, sender.gid);
                    notice.sender = Some(Credentials { uid, gid, pid: Pid(sender.pid) });
                }
                _ => {}
            }
            header = libc::CMSG_NXTHDR(&raw const message, header);
        }
    }
    Ok(Some(notice))
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
