//! Files, pipes, and what kind of thing a descriptor is.

use std::ffi::{CStr, CString};
use std::os::fd::{AsRawFd, BorrowedFd, IntoRawFd, OwnedFd};

use daemonproxy_core::{Errno, Fd, FdKind, Peer};
use daemonproxy_protocol::{FileFlags, PipeEnd, PipeFlags};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout};
use nix::sys::stat::{Mode, SFlag};

use super::{errno, socket};

/// The mode of files that `fd.open` makes.
const FILE_MODE: Mode = Mode::from_bits_truncate(0o600);
/// The mode of directories that the flag `mkdir` makes.
const DIRECTORY_MODE: Mode = Mode::from_bits_truncate(0o700);
/// What is written at a time to a descriptor that may block: a pipe that poll(2) calls writable has room
/// for so much (PIPE_BUF, pipe(7)).
const SHARED_WRITE: usize = 4096;

/// Borrows a descriptor for one call.
pub(super) fn borrow(fd: Fd) -> BorrowedFd<'static> {
    // SAFETY: the state machine owns the number, and gives it to nobody after it said `close`; the
    // borrow does not outlive the call it is made for.
    unsafe { BorrowedFd::borrow_raw(fd.0) }
}

/// Hands a descriptor over to the state machine.
pub(super) fn give(fd: OwnedFd) -> Fd {
    Fd(fd.into_raw_fd())
}

/// Closes it. After an error the number is free all the same (close(2), "Dealing with error returns").
///
/// The first three numbers never become free: a controller's connection that got one of them would be
/// open in the program of `--exit-exec`, which takes them over.
pub(crate) fn close(fd: Fd) {
    if fd.0 <= 2
        && let Ok(null) =
            nix::fcntl::open(c"/dev/null", OFlag::O_RDWR | OFlag::O_CLOEXEC, Mode::empty())
    {
        // SAFETY: the number is being given up by its owner; /dev/null takes its place.
        unsafe { libc::dup3(null.as_raw_fd(), fd.0, libc::O_CLOEXEC) };
        return;
    }
    // SAFETY: the state machine says this once for each descriptor it owns.
    unsafe { libc::close(fd.0) };
}

/// A path for the kernel, in memory that is used again and again.
pub(super) struct CPath {
    bytes: Vec<u8>,
}

impl CPath {
    pub(super) fn new(longest: Option<usize>) -> Self {
        Self { bytes: Vec::with_capacity(longest.map_or(0, |longest| longest + 1)) }
    }

    /// The path with a NUL behind it. One with a NUL inside is none.
    pub(super) fn set(&mut self, path: &[u8]) -> Result<&CStr, Errno> {
        self.bytes.clear();
        self.bytes.extend_from_slice(path);
        self.bytes.push(0);
        CStr::from_bytes_with_nul(&self.bytes).map_err(|_| Errno(libc::EINVAL))
    }

    /// Makes the directories in front of the last part of `path`, as far as they are missing.
    pub(super) fn make_parents(&mut self, path: &[u8]) -> Result<(), Errno> {
        for end in path.iter().enumerate().skip(1).filter(|&(_, &byte)| byte == b'/') {
            match nix::unistd::mkdir(self.set(&path[..end.0])?, DIRECTORY_MODE) {
                // Whether it is a directory shows when the next part is made, or the file.
                Ok(()) | Err(nix::errno::Errno::EEXIST) => {}
                Err(error) => return Err(errno(error)),
            }
        }
        Ok(())
    }
}

/// Opens a file. Never waits: a FIFO without a reader is an error (ENXIO, fifo(7)), and a terminal
/// does not become the controlling one.
pub(super) fn open(path: &mut CPath, name: &[u8], flags: FileFlags) -> Result<Fd, Errno> {
    if flags.mkdir {
        path.make_parents(name)?;
    }
    let mut how = OFlag::O_CLOEXEC | OFlag::O_NOCTTY | OFlag::O_NONBLOCK;
    how |= match (flags.read, flags.write) {
        (true, true) => OFlag::O_RDWR,
        (false, true) => OFlag::O_WRONLY,
        (_, false) => OFlag::O_RDONLY,
    };
    for (wanted, flag) in [
        (flags.append, OFlag::O_APPEND),
        (flags.create, OFlag::O_CREAT),
        (flags.truncate, OFlag::O_TRUNC),
    ] {
        how.set(flag, wanted);
    }
    let fd = nix::fcntl::open(path.set(name)?, how, FILE_MODE).map_err(errno)?;
    if !flags.nonblock {
        let blocking = status_flags(&fd)? - OFlag::O_NONBLOCK;
        fcntl(&fd, FcntlArg::F_SETFL(blocking)).map_err(errno)?;
    }
    Ok(give(fd))
}

fn status_flags(fd: impl std::os::fd::AsFd) -> Result<OFlag, Errno> {
    fcntl(fd, FcntlArg::F_GETFL).map(OFlag::from_bits_retain).map_err(errno)
}

/// A pipe: the end to read from, the end to write to.
pub(super) fn pipe(nonblock: bool) -> Result<(Fd, Fd), Errno> {
    let mut flags = OFlag::O_CLOEXEC;
    flags.set(OFlag::O_NONBLOCK, nonblock);
    let (read, write) = nix::unistd::pipe2(flags).map_err(errno)?;
    Ok((give(read), give(write)))
}

/// Reads from something that is not a socket; "nothing now" is `None`.
pub(crate) fn read(fd: Fd, space: &mut [u8]) -> Result<Option<usize>, Errno> {
    not_now(nix::unistd::read(borrow(fd), space))
}

/// Writes to a non-blocking descriptor; "not now" is 0.
pub(super) fn write(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    not_now(nix::unistd::write(borrow(fd), bytes)).map(Option::unwrap_or_default)
}

/// Writes to a descriptor that others use too, and which may therefore be a blocking one that we must
/// not switch: only as much as it is sure to take; "not now" is 0.
pub(super) fn write_shared(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    let mut poll = [PollFd::new(borrow(fd), PollFlags::POLLOUT)];
    if nix::poll::poll(&mut poll, PollTimeout::ZERO).unwrap_or(0) == 0 {
        return Ok(0);
    }
    let piece = bytes.get(..SHARED_WRITE).unwrap_or(bytes);
    match socket::send_at_once(fd, piece) {
        Err(Errno(libc::ENOTSOCK)) => write(fd, piece),
        sent => sent,
    }
}

/// "Not now" of read(2) and write(2), apart from real errors.
pub(super) fn not_now(result: nix::Result<usize>) -> Result<Option<usize>, Errno> {
    match result {
        Ok(count) => Ok(Some(count)),
        Err(nix::errno::Errno::EAGAIN | nix::errno::Errno::EINTR) => Ok(None),
        Err(error) => Err(errno(error)),
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

/// Another descriptor for the same open file.
pub(crate) fn duplicate(fd: Fd) -> Option<Fd> {
    fcntl(borrow(fd), FcntlArg::F_DUPFD_CLOEXEC(3)).ok().map(Fd)
}

/// Whether it is a file that can be read to its end without waiting.
pub(crate) fn is_regular_file(fd: Fd) -> bool {
    nix::sys::stat::fstat(borrow(fd))
        .is_ok_and(|stat| SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT == SFlag::S_IFREG)
}

/// What kind of descriptor this is, for one that came from outside.
pub(super) fn inspect(fd: Fd) -> FdKind {
    let mode = nix::sys::stat::fstat(borrow(fd)).map_or(0, |stat| stat.st_mode);
    let flags = status_flags(borrow(fd)).unwrap_or(OFlag::O_RDONLY);
    let access = flags & OFlag::O_ACCMODE;
    let nonblock = flags.contains(OFlag::O_NONBLOCK);
    match SFlag::from_bits_truncate(mode) & SFlag::S_IFMT {
        SFlag::S_IFSOCK => FdKind::Socket(socket::inspect(fd, nonblock)),
        SFlag::S_IFIFO => FdKind::Pipe {
            flags: PipeFlags { nonblock, socket: None },
            end: if access == OFlag::O_RDONLY { PipeEnd::From } else { PipeEnd::To },
            peer: Peer::Unknown,
        },
        _ => FdKind::File(FileFlags {
            read: access != OFlag::O_WRONLY,
            write: access != OFlag::O_RDONLY,
            append: flags.contains(OFlag::O_APPEND),
            nonblock,
            ..FileFlags::default()
        }),
    }
}
