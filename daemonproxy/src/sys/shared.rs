//! Descriptors that others use too: the terminal that we were started from, a log that services also
//! write to. Their mode is not ours to change, so nothing that might block is done with them.

use std::ffi::CString;

use daemonproxy_core::{Errno, Fd};
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout};
use nix::sys::stat::{Mode, SFlag};

use super::fd::{borrow, give, write};
use super::socket::send_at_once;

/// What is written at a time to a descriptor that may block: a pipe that poll(2) calls writable has room
/// for so much (PIPE_BUF, pipe(7)).
const SHARED_WRITE: usize = 4096;

/// Writes to a descriptor that others use too, and which may therefore be a blocking one that we must
/// not switch: only as much as it is sure to take; "not now" is 0.
pub(super) fn write_shared(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    let mut poll = [PollFd::new(borrow(fd), PollFlags::POLLOUT)];
    if nix::poll::poll(&mut poll, PollTimeout::ZERO).unwrap_or(0) == 0 {
        return Ok(0);
    }
    let piece = bytes.get(..SHARED_WRITE).unwrap_or(bytes);
    match send_at_once(fd, piece) {
        Err(Errno(libc::ENOTSOCK)) => write(fd, piece),
        sent => sent,
    }
}

/// The same pipe or terminal once more, non-blocking and for us alone: O_NONBLOCK belongs to the open
/// file and not to the descriptor, so that setting it on an inherited one would change it for
/// the shell that started us. `None` when there is no such way (a file, a socket, no /proc).
pub(crate) fn private_copy(fd: Fd, write: bool) -> Option<Fd> {
    let kind = SFlag::from_bits_truncate(nix::sys::stat::fstat(borrow(fd)).ok()?.st_mode);
    let kind = kind & SFlag::S_IFMT;
    if kind != SFlag::S_IFIFO && kind != SFlag::S_IFCHR {
        return None;
    }
    let mut how = OFlag::O_CLOEXEC | OFlag::O_NOCTTY | OFlag::O_NONBLOCK;
    how |= if write { OFlag::O_WRONLY } else { OFlag::O_RDONLY };
    let path = CString::new(format!("/proc/self/fd/{}", fd.0)).ok()?;
    nix::fcntl::open(path.as_c_str(), how, Mode::empty()).ok().map(give)
}
