//! Where the control socket is: `--socket`, else `$DAEMONPROXY_SOCKET`, else the first of the usual
//! places that exists. And how to connect to it, with one clear line for whatever goes wrong.

use std::ffi::OsStr;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, SockFlag, SockType, UnixAddr, connect, setsockopt, socket, sockopt,
};
use nix::sys::time::{TimeVal, TimeValLike};

use crate::failure::{Failure, NO_DAEMON, Result};

/// How long a daemon may take to accept, in seconds.
const PATIENCE: i64 = 5;

/// The path to connect to.
pub(crate) fn find(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    if let Some(path) = std::env::var_os("DAEMONPROXY_SOCKET").filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    let places = usual_places();
    let found = places.iter().find(|place| place.exists());
    found.cloned().ok_or_else(|| {
        let places: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
        let places = places.join(" or ");
        let text = format!(
            "no daemon found: there is no {places}; give --socket PATH or set DAEMONPROXY_SOCKET"
        );
        Failure::new(NO_DAEMON, text)
    })
}

fn usual_places() -> Vec<PathBuf> {
    let own = std::env::var_os("XDG_RUNTIME_DIR").filter(|dir| !dir.is_empty());
    let dirs = own.iter().map(OsStr::new).chain([OsStr::new("/run")]);
    dirs.map(|dir| Path::new(dir).join("daemonproxy.sock")).collect()
}

/// Connects. Whether a daemonproxy is at the other end is for the caller to find out.
pub(crate) fn open(path: &Path) -> Result<UnixStream> {
    let shown = path.display();
    let failed = |error: Errno| {
        let text = match error {
            Errno::ENOENT => format!("there is no socket {shown}; is the daemon running?"),
            Errno::EACCES | Errno::EPERM => format!("not permitted to connect to {shown}"),
            Errno::ECONNREFUSED if !is_socket(path) => format!("{shown} is not a socket"),
            Errno::ECONNREFUSED => {
                format!("nobody listens at {shown}; the daemon that made it has gone")
            }
            Errno::EAGAIN => {
                format!("{shown} does not accept connections; the daemon hangs or is stopped")
            }
            Errno::EPROTOTYPE => {
                format!("{shown} is a socket of another kind, not of a daemonproxy")
            }
            Errno::ENAMETOOLONG => format!("the path {shown} is too long for a socket"),
            error => format!("cannot connect to {shown}: {}", error.desc()),
        };
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

fn is_socket(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.file_type().is_socket())
}
