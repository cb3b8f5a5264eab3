//! How what a descriptor is goes over an upgrade.

use daemonproxy_protocol::{FileFlags, PipeEnd, PipeFlags, SocketFlags};

use crate::descriptor::kind::{FdKind, Peer, PeerSlot, SpecialFd};
use crate::upgrade::state::{Writer, carried_words};
use crate::upgrade::value::{Value, push_flags};

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

carried_words!(SpecialFd:
    Null = b"null" ControlCmd = b"control.cmd" ControlEvent = b"control.event"
    ControlSocket = b"control.socket");
