//! `dpctl`, or a daemon, on a terminal.

use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Command;

use daemonproxy_testing::{Terminal, programs};

use crate::daemon::Daemon;

/// `dpctl` with these arguments.
#[track_caller]
pub(crate) fn dpctl(daemon: &Daemon, args: &[&str]) -> Terminal {
    with_fds(daemon.folder(), args, &[])
}

/// The same, with these descriptors as 3 and up. The folder has the socket and the history.
#[track_caller]
pub(crate) fn with_fds(folder: &Path, args: &[&str], fds: &[OwnedFd]) -> Terminal {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dpctl"));
    command.args(args);
    in_folder(command, folder, fds)
}

/// A daemon, with `dpctl` in reach.
#[track_caller]
pub(crate) fn daemon(folder: &Path) -> Terminal {
    script(folder, &format!("exec {} -i", programs::daemon().display()), &[])
}

/// A script of `sh`, with `dpctl` in reach, and these descriptors as 3 and up.
#[track_caller]
pub(crate) fn script(folder: &Path, script: &str, fds: &[OwnedFd]) -> Terminal {
    let dpctl = Path::new(env!("CARGO_BIN_EXE_dpctl")).parent().expect("a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(dpctl.to_owned()).chain(std::env::split_paths(&path));
    let mut command = Command::new("sh");
    command.args(["-c", script]).env("PATH", std::env::join_paths(path).expect("a path"));
    in_folder(command, folder, fds)
}

#[track_caller]
fn in_folder(mut command: Command, folder: &Path, fds: &[OwnedFd]) -> Terminal {
    command.env("DAEMONPROXY_SOCKET", folder.join("control")).env("XDG_STATE_HOME", folder);
    Terminal::with_fds(command, fds)
}
