//! Reading and writing that never waits, on descriptors whose flags are not ours to change: others may
//! share them.
//!
//! A socket is told so with each call. Of everything else it is asked beforehand whether there is
//! something to read, or room for a piece that the kernel takes whole.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::sockopt::SocketError;
use nix::sys::socket::{MsgFlags, SockFlag, accept4, getsockopt, recv, send};
use nix::sys::stat::{SFlag, fstat};
use nix::unistd::{read, write};

/// What a pipe takes whole when it takes anything (PIPE_BUF).
const PIECE: usize = 4096;

/// A descriptor, and how to use it without waiting.
#[derive(Debug)]
pub(crate) struct Channel {
    fd: OwnedFd,
    kind: Kind,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Kind {
    Socket,
    /// It was opened by us, non-blocking.
    Own,
    Other,
}

impl Channel {
    /// A descriptor that was inherited.
    pub(crate) fn inherited(fd: OwnedFd) -> nix::Result<Self> {
        let mode = SFlag::from_bits_truncate(fstat(&fd)?.st_mode);
        let is_socket = mode & SFlag::S_IFMT == SFlag::S_IFSOCK;
        Ok(Self { fd, kind: if is_socket { Kind::Socket } else { Kind::Other } })
    }

    /// A socket of any origin.
    pub(crate) fn socket(fd: OwnedFd) -> Self {
        Self { fd, kind: Kind::Socket }
    }

    /// One that was opened here with O_NONBLOCK.
    pub(crate) fn own(fd: OwnedFd) -> Self {
        Self { fd, kind: Kind::Own }
    }

    /// Reads what is there. 0 is the end, EAGAIN is nothing.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> nix::Result<usize> {
        again_if_interrupted(|| match self.kind {
            Kind::Socket => recv(self.fd.as_raw_fd(), buffer, MsgFlags::MSG_DONTWAIT),
            Kind::Own => self.read_own(buffer),
            Kind::Other => {
                self.check(PollFlags::POLLIN)?;
                read(&self.fd, buffer)
            }
        })
    }

    /// A FIFO that nobody has opened for writing yet reads as if it were at its end. It is not.
    fn read_own(&self, buffer: &mut [u8]) -> nix::Result<usize> {
        let n = read(&self.fd, buffer)?;
        if n == 0 && !buffer.is_empty() {
            self.check(PollFlags::POLLIN)?;
        }
        Ok(n)
    }

    /// Writes what there is room for. EAGAIN is no room.
    pub(crate) fn write(&self, bytes: &[u8]) -> nix::Result<usize> {
        again_if_interrupted(|| match self.kind {
            Kind::Socket => {
                let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
                send(self.fd.as_raw_fd(), bytes, flags)
            }
            Kind::Own => write(&self.fd, bytes),
            Kind::Other => {
                self.check(PollFlags::POLLOUT)?;
                write(&self.fd, &bytes[..bytes.len().min(PIECE)])
            }
        })
    }

    /// A connection that was made to this socket, which must have been opened here. EAGAIN is none.
    pub(crate) fn accept(&self) -> nix::Result<OwnedFd> {
        loop {
            let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
            match accept4(self.fd.as_raw_fd(), flags) {
                // SAFETY: it was made just now, and nobody else has it.
                Ok(fd) => return Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
                // Who wanted to connect has gone again.
                Err(Errno::EINTR | Errno::ECONNABORTED) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The error that waits for somebody to ask, such as that of a connection that was refused.
    pub(crate) fn take_error(&self) -> nix::Result<()> {
        match self.kind {
            Kind::Socket => match getsockopt(&self.fd, SocketError)? {
                0 => Ok(()),
                error => Err(Errno::from_raw(error)),
            },
            Kind::Own | Kind::Other => Ok(()),
        }
    }

    /// EAGAIN unless it is ready, or at its end.
    fn check(&self, what: PollFlags) -> nix::Result<()> {
        let mut fds = [PollFd::new(self.fd.as_fd(), what)];
        if poll(&mut fds, PollTimeout::ZERO)? == 0 { Err(Errno::EAGAIN) } else { Ok(()) }
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn again_if_interrupted(mut call: impl FnMut() -> nix::Result<usize>) -> nix::Result<usize> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            done => return done,
        }
    }
}
