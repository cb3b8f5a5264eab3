//! The descriptors that are read. They were inherited, and are known by their numbers.

use std::os::fd::{AsRawFd, BorrowedFd, IntoRawFd};

use rustix::fs::{Mode, OFlags};
use rustix::io::{Errno, FdFlags};

/// A descriptor that we were started with, if there is one with this number that can be read. The
/// programs that we start do not get it: they would hold a pipe open.
pub(crate) fn inherited(number: i32) -> Result<BorrowedFd<'static>, Errno> {
    if number < 0 {
        return Err(Errno::BADF);
    }
    // SAFETY: nobody in this process closes a descriptor that it was started with. If there is
    // none, the first call says so, and the value is not used again.
    let fd = unsafe { BorrowedFd::borrow_raw(number) };
    let mode = rustix::fs::fcntl_getfl(fd)? & OFlags::RWMODE;
    if mode == OFlags::WRONLY {
        return Err(Errno::BADF);
    }
    rustix::io::fcntl_setfd(fd, FdFlags::CLOEXEC)?;
    Ok(fd)
}

/// Reads what is there, up to the size of the buffer. 0 is the end; `None`, that there is nothing.
pub(crate) fn read(fd: BorrowedFd<'_>, buffer: &mut [u8]) -> Result<Option<usize>, Errno> {
    match rustix::io::read(fd, buffer) {
        Ok(count) => Ok(Some(count)),
        // It may be in the mode that does not wait; that belongs to whoever else has it, too.
        Err(Errno::AGAIN | Errno::INTR) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// How many bytes can be read without waiting.
pub(crate) fn waiting(fd: BorrowedFd<'_>) -> u64 {
    rustix::io::ioctl_fionread(fd).unwrap_or(0)
}

/// Makes sure that 0, 1 and 2 are open. Else the log could get one of these numbers, and messages
/// would go there; and what is opened to be a program's standard input must not be it already.
pub(crate) fn fill_the_gaps() {
    while let Ok(fd) = rustix::fs::open(c"/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())
    {
        if fd.as_raw_fd() > 2 {
            break;
        }
        let _ = fd.into_raw_fd();
    }
}
