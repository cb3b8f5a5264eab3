//! What is known about a control socket.

use daemonproxy_protocol::{Event, Rights, SocketOptions};

use crate::connection::scope::Scope;
use crate::system::{Fd, SocketFile};
use crate::table::NameBuf;
use crate::upgrade::state::{Writer, carried};
use crate::upgrade::value::{Value, write_bytes};

/// A control socket.
pub(super) struct Listener {
    /// [`NameBuf::NONE`] is that of protocol 1.
    pub(super) name: NameBuf,
    pub(super) fd: Fd,
    /// What those may do who connect.
    pub(super) scope: Scope,
    /// How many may be connected at a time.
    pub(super) most: Option<u32>,
    pub(super) file: SocketFile,
    /// As it is told.
    pub(super) path: SocketPath,
}

/// The longest path of a unix socket, as in unix(7).
const LONGEST_PATH: usize = 108;

carried!(Listener, as in Listener::NONE, carries name fd scope most file path, but not);

/// `MODE:UID:GID`.
impl Value for SocketFile {
    fn write(&self, to: &mut Writer) {
        let Self { mode, uid, gid } = self;
        mode.write(to);
        for id in [uid, gid] {
            to.push(b":");
            id.write(to);
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut parts = text.split(|&byte| byte == b':');
        let mode = Value::parse(parts.next()?)?;
        Some(Self { mode, uid: Value::parse(parts.next()?)?, gid: Value::parse(parts.next()?)? })
    }
}

/// A path of a unix socket.
#[derive(PartialEq, Eq)]
pub(super) struct SocketPath {
    bytes: [u8; LONGEST_PATH],
    length: usize,
}

impl Value for SocketPath {
    fn write(&self, to: &mut Writer) {
        write_bytes(to, self.as_bytes());
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Self::new(b"", &Vec::parse(text)?)
    }
}

impl SocketPath {
    const NONE: Self = Self { bytes: [0; LONGEST_PATH], length: 0 };

    /// `path` in the directory `before`, if there is one. Nothing if that is too long.
    pub(super) fn new(before: &[u8], path: &[u8]) -> Option<Self> {
        let between: &[u8] = if matches!(before, b"" | b"/") { b"" } else { b"/" };
        let length = before.len() + between.len() + path.len();
        let mut bytes = [0; LONGEST_PATH];
        let mut rest = bytes.get_mut(..length)?;
        for part in [before, between, path] {
            let (begin, after) = rest.split_at_mut(part.len());
            begin.copy_from_slice(part);
            rest = after;
        }
        Some(Self { bytes, length })
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Listener {
    /// One that is nowhere.
    pub(super) const NONE: Self = Self {
        name: NameBuf::NONE,
        fd: Fd(-1),
        scope: Scope::FULL,
        most: None,
        file: SocketFile { mode: None, uid: None, gid: None },
        path: SocketPath::NONE,
    };

    /// The first one from that name on, or after it, in the order of the names: that without one
    /// comes first.
    pub(super) fn next<'l>(list: &'l [Self], from: &NameBuf, after: bool) -> Option<&'l Self> {
        let rest = list.iter().filter(|listener| match listener.name() {
            name if after => name > from.as_bytes(),
            name => name >= from.as_bytes(),
        });
        rest.min_by_key(|listener| listener.name())
    }

    fn name(&self) -> &[u8] {
        self.name.as_bytes()
    }

    pub(super) fn name_buf(&self) -> NameBuf {
        self.name
    }

    /// Tells it.
    pub(super) fn event(&self) -> Event<'_> {
        let scope = self.scope.shown();
        let rights = Some(scope.rights).filter(|&rights| rights != Rights::Full);
        let SocketFile { mode, uid, gid } = self.file;
        let options = SocketOptions {
            name: Some(self.name.as_name()).filter(|_| self.name != NameBuf::NONE),
            mode,
            uid,
            gid,
            rights,
            services: scope.services,
            most: self.most,
        };
        Event::SocketCreate { options, path: self.path.as_bytes() }
    }
}
