//! Files and pipes, and operations on any descriptor.

use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd};
use std::sync::atomic::{AtomicI32, Ordering};

use daemonproxy_core::{Errno, Fd};
use daemonproxy_protocol::FileFlags;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::stat::{Mode, SFlag};

use super::errno;

/// The mode of files that `fd.open` makes.
const FILE_MODE: Mode = Mode::from_bits_truncate(0o600);
/// The mode of directories that the flag `mkdir` makes.
const DIRECTORY_MODE: Mode = Mode::from_bits_truncate(0o700);

/// Borrows a descriptor for one call.
pub(super) fn borrow(fd: Fd) -> BorrowedFd<'static> {
    // SAFETY: the state machine owns the number, and gives it to nobody after it said `close`. A
    // borrow is made for one call, or for a list of poll(2) that is rebuilt before each wait;
    // should it still outlive its descriptor, the kernel answers EBADF or POLLNVAL.
    unsafe { BorrowedFd::borrow_raw(fd.0) }
}

/// What a system call has returned: a new descriptor, or an error.
pub(super) fn owned(result: i32) -> Result<OwnedFd, Errno> {
    let fd = nix::errno::Errno::result(result).map_err(errno)?;
    // SAFETY: it is new, so nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Hands a descriptor over to the state machine.
pub(super) fn give(fd: OwnedFd) -> Fd {
    Fd(fd.into_raw_fd())
}

/// What takes the place of one of the first three numbers if nothing can be opened; [`NONE`] before
/// [`keep_in_reserve`].
static RESERVE: AtomicI32 = AtomicI32::new(NONE);
const NONE: i32 = -1;

/// From now on this descriptor, which is never closed, can take the place of one of the first
/// three.
pub(crate) fn keep_in_reserve(fd: Fd) {
    RESERVE.store(fd.0, Ordering::Relaxed);
}

/// That one, if there is one.
pub(super) fn reserve() -> Option<Fd> {
    Some(Fd(RESERVE.load(Ordering::Relaxed))).filter(|fd| fd.0 != NONE)
}

/// Closes it. Even after an error the number is free (close(2), "Dealing with error returns").
///
/// The first three numbers are taken when the daemon begins ([`super::inherited`]) and never become
/// free, so nothing that is opened gets one of them: a controller's connection there would be open
/// in the program of `--exit-exec`, which takes them over.
pub(crate) fn close(fd: Fd) {
    if fd.0 <= 2 {
        let how = OFlag::O_RDWR | OFlag::O_CLOEXEC;
        let null = nix::fcntl::open(c"/dev/null", how, Mode::empty());
        let instead = null.as_ref().map_or(RESERVE.load(Ordering::Relaxed), AsRawFd::as_raw_fd);
        // SAFETY: the number is being given up by its owner, and another takes its place. That
        // needs no new number. It fails for a number beyond the limit of open files: then the
        // number stays what it is.
        unsafe { libc::dup3(instead, fd.0, libc::O_CLOEXEC) };
        return;
    }
    // SAFETY: the state machine says this once for each descriptor it owns.
    unsafe { libc::close(fd.0) };
}

/// A path for the kernel, in memory that is reused.
pub(super) struct CPath {
    bytes: Vec<u8>,
}

impl CPath {
    /// With memory for a path of this many bytes after a working directory.
    pub(super) fn new(longest: usize) -> Self {
        Self { bytes: Vec::with_capacity(libc::PATH_MAX as usize + longest + 1) }
    }

    /// Becomes as new: its memory takes up none until it is used again.
    pub(super) fn forget(&mut self) {
        self.bytes = Vec::with_capacity(self.bytes.capacity());
    }

    /// The path with a NUL after it. One with a NUL inside is not a path.
    pub(super) fn set(&mut self, path: &[u8]) -> Result<&CStr, Errno> {
        self.bytes.clear();
        if path.len() >= self.bytes.capacity() {
            return Err(Errno(libc::ENAMETOOLONG));
        }
        self.bytes.extend_from_slice(path);
        self.bytes.push(0);
        CStr::from_bytes_with_nul(&self.bytes).map_err(|_| Errno(libc::EINVAL))
    }

    /// Makes the missing directories before the last part of `path`.
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
    let fd =
        with_mode(flags.mode, |mode| nix::fcntl::open(path.set(name)?, how, mode).map_err(errno))?;
    if !flags.nonblock {
        let blocking = status_flags(&fd)? - OFlag::O_NONBLOCK;
        fcntl(&fd, FcntlArg::F_SETFL(blocking)).map_err(errno)?;
    }
    Ok(give(fd))
}

/// Calls `open` with the mode for a new file. One that was asked for holds whatever the umask is.
fn with_mode<T>(mode: Option<u16>, open: impl FnOnce(Mode) -> T) -> T {
    let Some(mode) = mode else { return open(FILE_MODE) };
    let before = nix::sys::stat::umask(Mode::empty());
    let result = open(Mode::from_bits_truncate(mode.into()));
    nix::sys::stat::umask(before);
    result
}

pub(super) fn status_flags(fd: impl std::os::fd::AsFd) -> Result<OFlag, Errno> {
    fcntl(fd, FcntlArg::F_GETFL).map(OFlag::from_bits_retain).map_err(errno)
}

/// A pipe: its read end and its write end.
pub(super) fn pipe(nonblock: bool) -> Result<(Fd, Fd), Errno> {
    let mut flags = OFlag::O_CLOEXEC;
    flags.set(OFlag::O_NONBLOCK, nonblock);
    let (read, write) = nix::unistd::pipe2(flags).map_err(errno)?;
    Ok((give(read), give(write)))
}

/// A pipe whose read end, which is ours, does not block.
pub(super) fn ready_pipe() -> Result<(Fd, Fd), Errno> {
    let (ours, theirs) = nix::unistd::pipe2(OFlag::O_CLOEXEC).map_err(errno)?;
    fcntl(&ours, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).map_err(errno)?;
    Ok((give(ours), give(theirs)))
}

/// Something from which to read these bytes, and then end of file: the read end of a pipe. The
/// kernel keeps 64 KiB in one (pipe(7)), and what does not fit there is refused.
pub(crate) fn with_content(bytes: &[u8]) -> Result<Fd, Errno> {
    let (read_end, write_end) = pipe(true)?;
    let written = write(write_end, bytes);
    close(write_end);
    match written {
        Ok(count) if count == bytes.len() => Ok(read_end),
        Ok(_) => {
            close(read_end);
            Err(Errno(libc::E2BIG))
        }
        Err(error) => {
            close(read_end);
            Err(error)
        }
    }
}

/// Reads from something that is not a socket; "nothing now" is `None`.
pub(crate) fn read(fd: Fd, space: &mut [u8]) -> Result<Option<usize>, Errno> {
    not_now(nix::unistd::read(borrow(fd), space))
}

/// Writes to a non-blocking descriptor; "not now" is 0.
pub(super) fn write(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    not_now(nix::unistd::write(borrow(fd), bytes)).map(Option::unwrap_or_default)
}

/// "Not now" of read(2) and write(2), apart from real errors.
pub(super) fn not_now(result: nix::Result<usize>) -> Result<Option<usize>, Errno> {
    match result {
        Ok(count) => Ok(Some(count)),
        Err(nix::errno::Errno::EAGAIN | nix::errno::Errno::EINTR) => Ok(None),
        Err(error) => Err(errno(error)),
    }
}

/// Another descriptor for the same open file.
pub(crate) fn duplicate(fd: Fd) -> Result<Fd, Errno> {
    fcntl(borrow(fd), FcntlArg::F_DUPFD_CLOEXEC(3)).map(Fd).map_err(errno)
}

/// Whether it is a file that can be read to its end without waiting.
pub(crate) fn is_regular_file(fd: Fd) -> bool {
    nix::sys::stat::fstat(borrow(fd))
        .is_ok_and(|stat| SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT == SFlag::S_IFREG)
}
