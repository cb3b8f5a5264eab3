//! Reading and writing that never blocks, on descriptors whose flags are not ours to change: others
//! may share them.
//!
//! A socket is told so with each call. Everything else is polled first: is there something to read,
//! or room for a piece that the kernel takes whole?

use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::sockopt::SocketError;
use nix::sys::socket::{ControlMessage, MsgFlags, getsockopt, recv, send, sendmsg};
use nix::sys::stat::{SFlag, fstat};
use nix::unistd::{read, write};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};

/// What a pipe takes whole when it takes anything (PIPE_BUF).
const PIECE: usize = 4096;

/// Room for descriptors that come in one message. The daemon sends one; what is more is closed.
const MOST_PASSED: usize = 4;

/// A descriptor, and how to use it without blocking: for programs with their own event loop.
#[derive(Debug)]
pub struct Channel {
    fd: OwnedFd,
    kind: Kind,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Kind {
    Socket,
    /// We opened it, non-blocking.
    Own,
    Other,
}

impl Channel {
    /// A descriptor that was inherited.
    ///
    /// # Errors
    ///
    /// EBADF if it is not open.
    pub fn inherited(fd: OwnedFd) -> nix::Result<Self> {
        let mode = SFlag::from_bits_truncate(fstat(&fd)?.st_mode);
        let is_socket = mode & SFlag::S_IFMT == SFlag::S_IFSOCK;
        Ok(Self { fd, kind: if is_socket { Kind::Socket } else { Kind::Other } })
    }

    /// Any socket.
    pub fn socket(fd: OwnedFd) -> Self {
        Self { fd, kind: Kind::Socket }
    }

    /// One that was opened here with O_NONBLOCK.
    pub fn own(fd: OwnedFd) -> Self {
        Self { fd, kind: Kind::Own }
    }

    /// Reads what is there. 0 is the end.
    ///
    /// # Errors
    ///
    /// EAGAIN if there is nothing yet, and those of read(2).
    pub fn read(&self, buffer: &mut [u8]) -> nix::Result<usize> {
        again_if_interrupted(|| match self.kind {
            Kind::Socket => recv(self.fd.as_raw_fd(), buffer, MsgFlags::MSG_DONTWAIT),
            Kind::Own => self.read_own(buffer),
            Kind::Other => {
                self.check(PollFlags::POLLIN)?;
                read(&self.fd, buffer)
            }
        })
    }

    /// The same, with the descriptors that were passed along with the last of these bytes.
    ///
    /// # Errors
    ///
    /// As those of [`read`](Self::read).
    pub(crate) fn receive(
        &self,
        buffer: &mut [u8],
        mut passed: impl FnMut(OwnedFd),
    ) -> nix::Result<usize> {
        if self.kind != Kind::Socket {
            return self.read(buffer);
        }
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_PASSED))];
        again_if_interrupted(|| {
            let mut control = RecvAncillaryBuffer::new(&mut space);
            let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
            let mut into = [IoSliceMut::new(buffer)];
            let received = rustix::net::recvmsg(&self.fd, &mut into, &mut control, flags);
            let received = received.map_err(|error| Errno::from_raw(error.raw_os_error()))?;
            for message in control.drain() {
                if let RecvAncillaryMessage::ScmRights(fds) = message {
                    fds.for_each(&mut passed);
                }
            }
            Ok(received.bytes)
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

    /// Writes what there is room for, and returns how many bytes that was.
    ///
    /// # Errors
    ///
    /// EAGAIN if there is no room, and those of write(2).
    pub fn write(&self, bytes: &[u8]) -> nix::Result<usize> {
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

    /// The same, with a descriptor that belongs to these bytes (SCM_RIGHTS). It is sent if anything
    /// is written.
    ///
    /// # Errors
    ///
    /// ENOTSOCK if this is not a socket, and those of [`write`](Self::write).
    pub(crate) fn pass(&self, bytes: &[u8], passed: BorrowedFd<'_>) -> nix::Result<usize> {
        let passed = [passed.as_raw_fd()];
        let rights = [ControlMessage::ScmRights(&passed)];
        let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
        let bytes = [IoSlice::new(bytes)];
        again_if_interrupted(|| sendmsg::<()>(self.fd.as_raw_fd(), &bytes, &rights, flags, None))
    }

    /// The pending error of a socket (SO_ERROR), such as that of a refused connection.
    ///
    /// # Errors
    ///
    /// That error.
    pub fn take_error(&self) -> nix::Result<()> {
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
