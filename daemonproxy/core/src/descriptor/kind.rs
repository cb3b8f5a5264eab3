//! What a named descriptor can be.

use daemonproxy_protocol::{FdStateField, FileFlags, PipeEnd, PipeFlags, SocketFlags};

use crate::table::Slot;
use crate::upgrade::state::{Writer, carried_words};
use crate::upgrade::value::{Value, push_flags};

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

carried_words!(SpecialFd:
    Null = b"null" ControlCmd = b"control.cmd" ControlEvent = b"control.event"
    ControlSocket = b"control.socket");

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

/// `file:FLAGS`, `socket:FLAGS`, `special:NAME`, `pipe:END:PEER:FLAGS`.
impl Value for FdKind {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::File(flags) => {
                to.push(b"file:");
                push_flags(to, |text| flags.write(text));
            }
            Self::Socket(flags) => {
                to.push(b"socket:");
                push_flags(to, |text| flags.write(text));
            }
            Self::Special(special) => {
                to.push(b"special:");
                special.write(to);
            }
            Self::Pipe { flags, end, peer } => {
                to.push(b"pipe:");
                end.write(to);
                to.push(b":");
                match peer {
                    Peer::Named(PeerSlot(slot)) => slot.write(to),
                    Peer::Gone => to.push(b"gone"),
                    Peer::Unknown => to.push(b"unknown"),
                }
                to.push(b":");
                push_flags(to, |text| flags.write(text));
            }
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut parts = text.splitn(4, |&byte| byte == b':');
        let kind = match parts.next()? {
            b"file" => Self::File(FileFlags::parse(parts.next()?).ok()?),
            b"socket" => Self::Socket(SocketFlags::parse(parts.next()?).ok()?),
            b"special" => Self::Special(Value::parse(parts.next()?)?),
            b"pipe" => {
                let end = PipeEnd::parse(parts.next()?)?;
                let peer = match parts.next()? {
                    b"gone" => Peer::Gone,
                    b"unknown" => Peer::Unknown,
                    slot => Peer::Named(PeerSlot(Value::parse(slot)?)),
                };
                Self::Pipe { flags: PipeFlags::parse(parts.next()?).ok()?, end, peer }
            }
            _ => return None,
        };
        parts.next().is_none().then_some(kind)
    }
}

carried_words!(PipeEnd: From = b"from" To = b"to");
