//! The config file (`-c`): opened while what is wrong with it can still be told, and a controller
//! later.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_core::{ControllerId, ControllerKind, Fd, Proxy};

use crate::options::c_path;
use crate::sys::{self, Os, monotonic};

/// Where the first commands come from.
pub(super) enum Config {
    Nowhere,
    Stdin,
    File { path: OsString, fd: Fd },
}

impl Config {
    pub(super) fn open(path: Option<&OsString>) -> Result<Self, String> {
        let Some(path) = path else { return Ok(Self::Nowhere) };
        if path == "-" {
            return Ok(Self::Stdin);
        }
        let fd = sys::open_config(&c_path(path.clone())).map_err(|errno| {
            let reason = sys::explain(errno);
            format!("cannot read the config file {}: {reason}", path.display())
        })?;
        Ok(Self::File { path: path.clone(), fd })
    }

    pub(super) fn is_stdin(&self) -> bool {
        matches!(self, Self::Stdin)
    }

    /// Makes a controller of it; `stdin` is standard input, if that is there.
    pub(super) fn connect(
        self,
        proxy: &mut Proxy<Os>,
        stdin: Option<Fd>,
    ) -> Option<(ControllerId, Fd)> {
        let (fd, name) = match &self {
            Self::Nowhere => return None,
            Self::Stdin => (stdin?, &b"stdin"[..]),
            Self::File { path, fd } => (*fd, path.as_bytes()),
        };
        let id = proxy.connected(ControllerKind::Config, Some(fd), None, monotonic())?;
        proxy.set_origin(id, name);
        Some((id, fd))
    }
}
