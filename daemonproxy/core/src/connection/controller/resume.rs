//! One connection, over an upgrade: how its values are written.

use super::{ControllerId, ControllerKind, DumpCursor, Ending};
use crate::system::Credentials;
use crate::upgrade::state::Writer;
use crate::upgrade::value::{Value, halves};

impl Value for ControllerId {
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Value::parse(text).map(Self)
    }
}

/// `config`, `interactive`, `socket`, `service:PID`.
impl Value for ControllerKind {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Config => to.push(b"config"),
            Self::Interactive => to.push(b"interactive"),
            Self::Socket => to.push(b"socket"),
            Self::Service(pid) => {
                to.push(b"service:");
                pid.write(to);
            }
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Some(match text {
            b"config" => Self::Config,
            b"interactive" => Self::Interactive,
            b"socket" => Self::Socket,
            _ => Self::Service(Value::parse(text.strip_prefix(b"service:")?)?),
        })
    }
}

/// What it tells next, and from where on.
impl Value for DumpCursor {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Fds(name) => {
                to.push(b"fds:");
                name.write(to);
            }
            Self::Own(nth) => {
                to.push(b"own:");
                nth.write(to);
            }
            Self::Sockets(name) => {
                to.push(b"sockets:");
                name.write(to);
            }
            Self::Env(from) => {
                to.push(b"env:");
                from.write(to);
            }
            Self::Services(name, part) => {
                to.push(b"services:");
                name.write(to);
                to.push(b":");
                part.write(to);
            }
            Self::Signals(nth) => {
                to.push(b"signals:");
                nth.write(to);
            }
            Self::Connections(nth) => {
                to.push(b"connections:");
                nth.write(to);
            }
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut parts = text.split(|&byte| byte == b':');
        let (what, place) = (parts.next()?, parts.next()?);
        Some(match what {
            b"fds" => Self::Fds(Value::parse(place)?),
            b"own" => Self::Own(Value::parse(place)?),
            b"sockets" => Self::Sockets(Value::parse(place)?),
            b"env" => Self::Env(Value::parse(place)?),
            b"services" => Self::Services(Value::parse(place)?, Value::parse(parts.next()?)?),
            b"signals" => Self::Signals(Value::parse(place)?),
            b"connections" => Self::Connections(Value::parse(place)?),
            _ => return None,
        })
    }
}

/// `UNREAD:UNTIL`.
impl Value for Ending {
    fn write(&self, to: &mut Writer) {
        let Self { unread, until } = self;
        unread.write(to);
        to.push(b":");
        until.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (unread, until) = halves(text)?;
        Some(Self { unread: Value::parse(unread)?, until: Value::parse(until)? })
    }
}

/// `UID:GID:PID`.
impl Value for Credentials {
    fn write(&self, to: &mut Writer) {
        let Self { uid, gid, pid } = self;
        uid.write(to);
        to.push(b":");
        gid.write(to);
        to.push(b":");
        pid.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut parts = text.split(|&byte| byte == b':');
        let uid = Value::parse(parts.next()?)?;
        Some(Self { uid, gid: Value::parse(parts.next()?)?, pid: Value::parse(parts.next()?)? })
    }
}
