//! Descriptors 0 and 1 when they are the connection to the daemon: moved out of everybody's reach.
//!
//! They move to other numbers. In their place are /dev/null and a copy of standard error, so that
//! neither `io.read` nor `io.write` nor a program that the script runs can take events away or mix
//! anything into the commands.

use std::fs::OpenOptions;
use std::io::IsTerminal;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::unistd::{dup2_stderr, dup2_stdin, dup2_stdout};

use crate::status::{FAILED, Failure, Result, USAGE};

/// Descriptors 0 and 1, under other numbers.
pub(crate) fn take() -> Result<(OwnedFd, OwnedFd)> {
    let (stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    if stdin.is_terminal() && stdout.is_terminal() {
        let text = "nobody is there to talk to: descriptors 0 and 1 are the terminal. Start this as \
                    a service of the daemon, or say --connect SOCKET";
        return Err(Failure::new(USAGE, text));
    }
    let failed = |what: &str, error: Errno| {
        Failure::new(FAILED, format!("cannot set up {what}: {}", error.desc()))
    };
    let input = elsewhere(stdin.as_fd()).map_err(|error| failed("descriptor 0", error))?;
    let output = elsewhere(stdout.as_fd()).map_err(|error| failed("descriptor 1", error))?;
    let null = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")
        .map_err(|error| Failure::new(FAILED, format!("cannot open /dev/null: {error}")))?;
    dup2_stdin(&null).map_err(|error| failed("descriptor 0", error))?;
    if fcntl(stderr.as_fd(), FcntlArg::F_GETFD).is_err() {
        dup2_stderr(&null).map_err(|error| failed("descriptor 2", error))?;
    }
    dup2_stdout(stderr.as_fd()).map_err(|error| failed("descriptor 1", error))?;
    Ok((input, output))
}

fn elsewhere(fd: BorrowedFd<'_>) -> nix::Result<OwnedFd> {
    let copy = fcntl(fd, FcntlArg::F_DUPFD_CLOEXEC(3))?;
    // SAFETY: it was made just now, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}
