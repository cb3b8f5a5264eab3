//! Descriptors that others use too: the terminal that we were started from, a log that services
//! also write to. Their mode is not ours to change, so we do nothing with them that might block.

use std::ffi::CStr;

use daemonproxy_core::{Errno, Fd};
use nix::fcntl::OFlag;
use nix::sys::stat::{Mode, SFlag};

use super::errno;
use super::fd::{borrow, close, give, not_now, pipe, status_flags, write};
use super::socket::send_at_once;

/// The most that is written to a pipe at a time through another pipe: what the latter takes in one
/// piece (a page, pipe(7)).
const PIECE: usize = 4096;

/// No way of writing to it is sure not to block.
const NO_WAY: Errno = Errno(libc::EOPNOTSUPP);

/// Writes as much as it accepts at this moment to a descriptor that others use too, and that may
/// therefore be blocking, which we must not change; "not now" is 0. Asking poll(2) first would not
/// do, since somebody else may take the room in between. Only system calls: a crash is reported in
/// this way.
///
/// The kernel has a non-blocking way for most kinds, but not the same for all. Where it has none,
/// as for somebody else's terminal, nothing is written ([`NO_WAY`]).
pub(super) fn write_at_once(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    let mode = nix::sys::stat::fstat(borrow(fd)).map_err(errno)?.st_mode;
    match SFlag::from_bits_truncate(mode) & SFlag::S_IFMT {
        SFlag::S_IFSOCK => send_at_once(fd, bytes),
        // This waits for nobody, except for the disk.
        SFlag::S_IFREG | SFlag::S_IFBLK => write(fd, bytes),
        _ if status_flags(borrow(fd))?.contains(OFlag::O_NONBLOCK) => write(fd, bytes),
        kind => match write_nowait(fd, bytes) {
            Err(Errno(libc::EOPNOTSUPP | libc::ENOSYS)) if kind == SFlag::S_IFIFO => {
                splice_at_once(fd, bytes)
            }
            Err(Errno(libc::ENOSYS)) => Err(NO_WAY),
            result => result,
        },
    }
}

/// pwritev2(2) with RWF_NOWAIT: for pipes since Linux 6.4, for FIFOs and terminals not yet (6.18).
fn write_nowait(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    let piece = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: the kernel reads one iovec, and the bytes that it points to.
    let count = unsafe { libc::pwritev2(fd.0, &raw const piece, 1, -1, libc::RWF_NOWAIT) };
    let count = nix::errno::Errno::result(count).map(|count| count as usize);
    not_now(count).map(Option::unwrap_or_default)
}

/// Writes to a pipe: into one of our own, and from there with splice(2), which can be told not to
/// block.
fn splice_at_once(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    let piece = bytes.get(..PIECE).unwrap_or(bytes);
    let (from, to) = pipe(true)?;
    let moved = write(to, piece).and_then(|count| {
        let nowhere = std::ptr::null_mut();
        let flags = libc::SPLICE_F_NONBLOCK;
        // SAFETY: pipes have no offsets, so these pointers are null.
        let moved = unsafe { libc::splice(from.0, nowhere, fd.0, nowhere, count, flags) };
        let moved = nix::errno::Errno::result(moved).map(|moved| moved as usize);
        not_now(moved).map(Option::unwrap_or_default)
    });
    close(from);
    close(to);
    moved
}

/// The same pipe or terminal, opened again, non-blocking and only for us: O_NONBLOCK belongs to the
/// open file and not to the descriptor, so that setting it on an inherited one would change it for
/// the shell that started us. `None` when there is no such way (a file, a socket, no /proc, a pipe
/// of another user). Only system calls.
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
    let copy = nix::fcntl::open(path, how, Mode::empty()).ok().map(give);
    copy.or_else(|| own_terminal(fd, how))
}

/// The terminal that we were started from may belong to another user (su(1)), but everybody may
/// open their own by the first of these names (tty(4)). The first process of a machine has the
/// other, and no /proc yet.
fn own_terminal(fd: Fd, how: OFlag) -> Option<Fd> {
    let device = terminal_device(fd)?;
    [c"/dev/tty", c"/dev/console"].into_iter().find_map(|path| {
        let own = nix::fcntl::open(path, how, Mode::empty()).ok().map(give)?;
        if terminal_device(own) == Some(device) {
            return Some(own);
        }
        close(own);
        None
    })
}

/// Which terminal it is, if it is one.
fn terminal_device(fd: Fd) -> Option<u32> {
    let mut device = 0;
    // SAFETY: TIOCGDEV writes one unsigned int (include/uapi/asm-generic/ioctls.h), which is ours.
    let result = unsafe { libc::ioctl(fd.0, libc::TIOCGDEV, &raw mut device) };
    (result == 0).then_some(device)
}

/// `/proc/self/fd/N`, without an allocation.
fn proc_path(fd: Fd, out: &mut [u8; 32]) -> Option<&CStr> {
    use std::io::Write;
    // The unwritten bytes stay 0, and end the string.
    write!(&mut out[..], "/proc/self/fd/{}", fd.0).ok()?;
    CStr::from_bytes_until_nul(out).ok()
}

/// The log's way to a descriptor that others use too.
#[derive(Default)]
pub(super) struct LogOutput {
    /// The named descriptor that was last written to, and our own copy of what it refers to.
    copy: Option<(Fd, Option<Fd>)>,
}

impl LogOutput {
    /// Writes without ever blocking; "not now" is 0.
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
        let written = copy.map_or_else(|| write_at_once(fd, bytes), |copy| write(copy, bytes));
        if written == Err(NO_WAY) {
            // Until there is one: /proc may be mounted later.
            self.forget();
        }
        written
    }

    /// A descriptor is being closed: our own copy goes too, or the reader of a pipe would never get
    /// its end of file.
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
