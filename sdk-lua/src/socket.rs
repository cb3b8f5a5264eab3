//! The control socket: where it is, by the same rules as for `dpctl`, and how to connect to it.

use std::ffi::OsStr;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, SockFlag, SockType, UnixAddr, connect, setsockopt, socket, sockopt,
};
use nix::sys::time::{TimeVal, TimeValLike};

use crate::status::{Failure, NO_DAEMON, Result};

/// How long a daemon may take to accept, in seconds.
const PATIENCE: i64 = 5;

/// The path to connect to: the given one, else `$DAEMONPROXY_SOCKET`, else the first of the usual places
/// where there is something.
pub(crate) fn find(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    let not_empty = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(path) = not_empty("DAEMONPROXY_SOCKET") {
        return Ok(path.into());
    }
    let own = not_empty("XDG_RUNTIME_DIR");
    let folders = own.iter().map(std::ffi::OsString::as_os_str).chain([OsStr::new("/run")]);
    let places: Vec<_> = folders.map(|folder| Path::new(folder).join("daemonproxy.sock")).collect();
    places.iter().find(|place| place.exists()).cloned().ok_or_else(|| {
        let shown: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
        let shown = shown.join(" or ");
        let text = format!(
            "no daemon found: there is no {shown}; say --connect SOCKET or set DAEMONPROXY_SOCKET"
        );
        Failure::new(NO_DAEMON, text)
    })
}

pub(crate) fn open(path: &Path) -> Result<UnixStream> {
    let failed = |error: Errno| {
        let why = match error {
            Errno::ENOENT => "there is no such socket; is the daemon running?",
            Errno::ECONNREFUSED => "nobody listens there; the daemon that made it has gone",
            Errno::EAGAIN => "it does not accept connections; the daemon hangs or is stopped",
            Errno::EPROTOTYPE | Errno::ENOTSOCK => "that is no socket of a daemonproxy",
            error => error.desc(),
        };
        let text = format!("cannot connect to {}: {why}", path.display());
        Failure::new(NO_DAEMON, text)
    };
    let address = UnixAddr::new(path).map_err(failed)?;
    let fd = socket(AddressFamily::Unix, SockType::Stream, SockFlag::SOCK_CLOEXEC, None)
        .map_err(failed)?;
    // On a unix socket, connecting waits for room in the queue, and this is what limits it.
    setsockopt(&fd, sockopt::SendTimeout, &TimeVal::seconds(PATIENCE)).map_err(failed)?;
    connect(fd.as_raw_fd(), &address).map_err(failed)?;
    Ok(UnixStream::from(fd))
}
