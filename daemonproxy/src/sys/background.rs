//! How the daemon goes to the background: whoever has started it waits until it is ready.

use daemonproxy_core::{Errno, Fd};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, dup2_stderr, dup2_stdin, dup2_stdout, fork, setsid};

use super::crash::{the_daemon_is, this_is_the_daemon};
use super::fd::{borrow, close, pipe};
use super::{dispositions, errno, print};

/// Continues in a child with a session of its own. The parent prints the child's pid and ends when
/// something is written to the descriptor that the child gets; or it ends as the child does, if
/// that comes first. Standard error stays what it is if `keeps_errors`.
pub(crate) fn daemonize(null: Fd, keeps_errors: bool) -> Result<Fd, Errno> {
    let (read_end, write_end) = pipe(false)?;
    // SAFETY: the process has one thread, so the child may do anything.
    match unsafe { fork() }.map_err(errno)? {
        ForkResult::Parent { child } => {
            the_daemon_is(child);
            close(write_end);
            dispositions::block_none();
            let status = wait_for(child, read_end);
            // SAFETY: ends the process without running what belongs to the child.
            unsafe { libc::_exit(status) }
        }
        ForkResult::Child => {
            this_is_the_daemon();
            close(read_end);
            setsid().map_err(errno)?;
            dup2_stdin(borrow(null)).map_err(errno)?;
            dup2_stdout(borrow(null)).map_err(errno)?;
            if !keeps_errors {
                dup2_stderr(borrow(null)).map_err(errno)?;
            }
            Ok(write_end)
        }
    }
}

/// What the parent does meanwhile. Returns its exit status.
fn wait_for(child: Pid, from: Fd) -> i32 {
    let ready = loop {
        match nix::unistd::read(borrow(from), &mut [0]) {
            Err(nix::errno::Errno::EINTR) => {}
            result => break result == Ok(1),
        }
    };
    if ready {
        print(Fd(1), &format!("{child}\n"));
        return 0;
    }
    let status = loop {
        match waitpid(child, None) {
            Err(nix::errno::Errno::EINTR) => {}
            Ok(WaitStatus::Exited(_, status)) => break status,
            Ok(WaitStatus::Signaled(_, signal, _)) => break 128 + signal as i32,
            _ => break 1,
        }
    };
    let text = "the daemon has ended before it was ready";
    print(Fd(2), &format!("fatal: {text} (exit status {status})\n"));
    status
}
