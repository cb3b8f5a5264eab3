//! Descriptors that others use too: the terminal that we were started from, a log that services also
//! write to. Their mode is not ours to change, so nothing that might block is done with them.

use std::ffi::CStr;

use daemonproxy_core::{Errno, Fd};
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout};
use nix::sys::stat::{Mode, SFlag};

use super::fd::{borrow, close, give, write};
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
        Err(Errno(libc::ENOTSOCK)) => {
            // A terminal is called writable when it has room for one byte, and then waits for all.
            let is_tty = nix::unistd::isatty(borrow(fd)).unwrap_or(false);
            write(fd, if is_tty { &piece[..1.min(piece.len())] } else { piece })
        }
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
    let mut path = [0; 32];
    let path = proc_path(fd, &mut path)?;
    nix::fcntl::open(path, how, Mode::empty()).ok().map(give)
}

/// `/proc/self/fd/N`, without an allocation.
fn proc_path(fd: Fd, out: &mut [u8; 32]) -> Option<&CStr> {
    use std::io::Write;
    // What is not written stays 0, and ends the string.
    write!(&mut out[..], "/proc/self/fd/{}", fd.0).ok()?;
    CStr::from_bytes_until_nul(out).ok()
}

/// The log's way to a descriptor that others use too.
#[derive(Default)]
pub(super) struct LogOutput {
    /// The named descriptor that was written to last, and our own copy of what is behind it.
    copy: Option<(Fd, Option<Fd>)>,
}

impl LogOutput {
    /// Writes without ever waiting; "not now" is 0.
    pub(super) fn write(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        let copy = match self.copy {
            Some((named, copy)) if named == fd => copy,
            Some(_) | None => {
                self.forget();
                let copy = private_copy(fd, true);
                self.copy = Some((fd, copy));
                copy
            }
        };
        copy.map_or_else(|| write_shared(fd, bytes), |copy| write(copy, bytes))
    }

    /// A descriptor is being closed: ours of the same thing goes too, or the reader of a pipe would never
    /// get its end of file.
    pub(super) fn closing(&mut self, fd: Fd) {
        if self.copy.is_some_and(|(named, _)| named == fd) {
            self.forget();
        }
    }

    /// Closes the copy; the next write makes another.
    pub(super) fn forget(&mut self) {
        if let Some((_, Some(copy))) = self.copy.take() {
            close(copy);
        }
    }
}
