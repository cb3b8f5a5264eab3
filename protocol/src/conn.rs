//! Connections: where they come from, and what they may do.

use crate::field::Name;

/// What a connection may do. The later ones may do all that the earlier ones may.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rights {
    /// Look at services.
    Watch,
    /// And start and stop them.
    Operate,
    /// Everything.
    Full,
}

impl Rights {
    /// The rights of this name.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        [Self::Watch, Self::Operate, Self::Full]
            .into_iter()
            .find(|rights| rights.as_str().as_bytes() == bytes)
    }

    /// Their name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Watch => "watch",
            Self::Operate => "operate",
            Self::Full => "full",
        }
    }
}

/// Who hears of an event, besides connections with full rights.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Told {
    /// Nobody.
    Full,
    /// Whoever asked.
    Asked,
    /// Those that may see the service that it is about.
    Service,
}

/// Where a connection comes from: the KIND of `conn.state`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ConnKind<'a> {
    /// A config file.
    Config,
    /// The interactive session.
    Interactive,
    /// A control socket, and its name if it has one.
    Socket(Option<Name<'a>>),
    /// A service, and its name while that is known.
    Service(Option<Name<'a>>),
}

impl<'a> ConnKind<'a> {
    pub(crate) fn parse(field: &'a [u8]) -> Option<Self> {
        let (word, name) = match field.iter().position(|&byte| byte == b':') {
            Some(at) => (&field[..at], Some(Name::new(&field[at + 1..])?)),
            None => (field, None),
        };
        match (word, name) {
            (b"config", None) => Some(Self::Config),
            (b"interactive", None) => Some(Self::Interactive),
            (b"socket", name) => Some(Self::Socket(name)),
            (b"service", name) => Some(Self::Service(name)),
            _ => None,
        }
    }

    /// Appends it as it stands on the line: a word, and a name behind a `:` if there is one.
    pub fn write(self, out: &mut Vec<u8>) {
        let (word, name): (&[u8], _) = match self {
            Self::Config => (b"config", None),
            Self::Interactive => (b"interactive", None),
            Self::Socket(name) => (b"socket", name),
            Self::Service(name) => (b"service", name),
        };
        out.extend_from_slice(word);
        if let Some(name) = name {
            out.push(b':');
            out.extend_from_slice(name.as_bytes());
        }
    }
}

/// What a connection may do, and with which services: the RIGHTS of `conn.state`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct ConnRights<'a> {
    /// What it may do.
    pub rights: Rights,
    /// The services that it is limited to, as it stands on the line; `None` if it is not.
    pub services: Option<&'a [u8]>,
}

impl<'a> ConnRights<'a> {
    pub(crate) fn parse(field: &'a [u8]) -> Option<Self> {
        let (word, services) = match field.iter().position(|&byte| byte == b':') {
            Some(at) => (&field[..at], Some(&field[at + 1..])),
            None => (field, None),
        };
        if services.is_some_and(|services| !services.iter().all(u8::is_ascii_graphic)) {
            return None;
        }
        Some(Self { rights: Rights::parse(word)?, services })
    }

    /// Appends it as it stands on the line.
    pub fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.rights.as_str().as_bytes());
        if let Some(services) = self.services {
            out.push(b':');
            out.extend_from_slice(services);
        }
    }
}
