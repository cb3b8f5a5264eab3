//! Where the control socket is, and how to connect to it without waiting for ever.

use std::ffi::OsStr;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use nix::sys::socket::{
    AddressFamily, SockFlag, SockType, UnixAddr, connect as connect_to, setsockopt, socket, sockopt,
};
use nix::sys::time::{TimeVal, TimeValLike};

use crate::error::{Error, Result};

/// How long a daemon may take to accept, in seconds.
const PATIENCE: i64 = 5;

/// The path of the control socket: `given`, else `$DAEMONPROXY_SOCKET`, else the first of the
/// [usual places](usual_places) where there is something. All clients of daemonproxy look there.
///
/// # Errors
///
/// [`Error::NoSocket`] if there is nothing in the usual places.
pub fn find(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    if let Some(path) = variable("DAEMONPROXY_SOCKET") {
        return Ok(path.into());
    }
    let places = usual_places();
    let found = places.iter().find(|place| place.exists()).cloned();
    found.ok_or(Error::NoSocket { places })
}

/// Where a daemon makes its socket if nobody says otherwise: `$XDG_RUNTIME_DIR/daemonproxy.sock`,
/// and `/run/daemonproxy.sock`.
#[must_use]
pub fn usual_places() -> Vec<PathBuf> {
    let own = variable("XDG_RUNTIME_DIR");
    let folders = own.iter().map(std::ffi::OsString::as_os_str).chain([OsStr::new("/run")]);
    folders.map(|folder| Path::new(folder).join("daemonproxy.sock")).collect()
}

fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Connects to a control socket. Whether a daemon is at the other end is not known yet:
/// [`Connection::connect`](crate::Connection::connect) finds that out.
///
/// # Errors
///
/// [`Error::Connect`]; also if nobody accepts for 5 seconds.
pub fn connect(path: &Path) -> Result<UnixStream> {
    open(path).map_err(|error| Error::Connect { path: path.to_owned(), source: error.into() })
}

fn open(path: &Path) -> nix::Result<UnixStream> {
    let address = UnixAddr::new(path)?;
    let fd = socket(AddressFamily::Unix, SockType::Stream, SockFlag::SOCK_CLOEXEC, None)?;
    // On a unix socket, connecting waits for room in the queue, and this is what limits it.
    setsockopt(&fd, sockopt::SendTimeout, &TimeVal::seconds(PATIENCE))?;
    connect_to(fd.as_raw_fd(), &address)?;
    Ok(UnixStream::from(fd))
}
