//! How the daemon goes to the background.

use daemonproxy_core::{Errno, Fd};
use nix::unistd::{ForkResult, dup2_stderr, dup2_stdin, dup2_stdout, fork, setsid};

use super::crash::this_is_the_daemon;
use super::errno;
use super::fd::borrow;

/// Continues in a child with a session of its own. In the parent, `parent` is called with the
/// child's pid and then the parent ends.
pub(crate) fn daemonize(null: Fd, parent: impl FnOnce(i32)) -> Result<(), Errno> {
    // SAFETY: the process has one thread, so the child may do anything.
    match unsafe { fork() }.map_err(errno)? {
        ForkResult::Parent { child } => {
            parent(child.as_raw());
            // SAFETY: ends the process without running what belongs to the child.
            unsafe { libc::_exit(0) }
        }
        ForkResult::Child => {
            this_is_the_daemon();
            setsid().map_err(errno)?;
            dup2_stdin(borrow(null)).map_err(errno)?;
            dup2_stdout(borrow(null)).map_err(errno)?;
            dup2_stderr(borrow(null)).map_err(errno)
        }
    }
}
