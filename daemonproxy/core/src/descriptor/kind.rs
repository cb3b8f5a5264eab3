//! What a named descriptor can be.

use daemonproxy_protocol::{FdStateField, FileFlags, PipeEnd, PipeFlags, SocketFlags};

use crate::table::Slot;

/// The descriptors that are always there and cannot be altered.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SpecialFd {
    /// `null`: /dev/null.
    Null,
    /// `control.cmd`: where a service writes commands.
    ControlCmd,
    /// `control.event`: where a service reads events.
    ControlEvent,
    /// `control.socket`: both.
    ControlSocket,
}

impl SpecialFd {
    pub(crate) const ALL: [Self; 4] =
        [Self::Null, Self::ControlCmd, Self::ControlEvent, Self::ControlSocket];

    pub(crate) fn name(self) -> &'static [u8] {
        match self {
            Self::Null => b"null",
            Self::ControlCmd => b"control.cmd",
            Self::ControlEvent => b"control.event",
            Self::ControlSocket => b"control.socket",
        }
    }

    pub(crate) fn state(self) -> FdStateField<'static> {
        let (flags, description): (&[u8], &[u8]) = match self {
            Self::Null => (b"read,write", b"/dev/null"),
            Self::ControlCmd => (b"write", b"daemonproxy command pipe"),
            Self::ControlEvent => (b"read", b"daemonproxy event stream"),
            Self::ControlSocket => (b"read,write", b"daemonproxy control socket"),
        };
        FdStateField::Special { flags, description }
    }
}

/// The other end of a pipe.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// It has a name here.
    Named(#[doc(hidden)] PeerSlot),
    /// It had one, and was closed.
    Gone,
    /// It was never ours: the pipe came from outside.
    Unknown,
}

/// Where the other end is in the table.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct PeerSlot(pub(crate) Slot);

/// What a named descriptor is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum FdKind {
    /// A file, directory or device.
    File(FileFlags),
    /// One end of a pipe or of a socket pair.
    Pipe {
        /// As they were given.
        flags: PipeFlags,
        /// Which end this is; for a pair of sockets, the first or the second name.
        end: PipeEnd,
        /// The other one.
        peer: Peer,
    },
    /// A socket.
    Socket(SocketFlags),
    /// One of the constant ones.
    Special(SpecialFd),
}
