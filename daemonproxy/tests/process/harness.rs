//! Everything that the tests need to talk to a real daemon process.
//!
//! * [`Setup`] says how the daemon is to be started, [`Daemon`] is the running process. Dropping
//!   it kills the daemon and everything that descends from it, wherever it went.
//! * [`Conn`] is one controller connection. Each of its calls has a deadline, and a call that
//!   fails prints what was said so far, and the log.
//! * [`pattern`] compares a line with what is expected of it.
//! * [`eventually`] is the one place that polls, for what sends no event.

mod connection;
mod daemon;
mod log;
mod pattern;
mod proc;
mod service;
mod setup;

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

pub(crate) use connection::{Conn, Gone, error_event};
pub(crate) use daemon::Daemon;
pub(crate) use log::Log;
pub(crate) use pattern::matches;
pub(crate) use proc::{alive, children, fd_count, state, status_field};
pub(crate) use service::{deleted, exited, killed, lines, never_started, starting, up};
pub(crate) use setup::{Setup, set_disposition, write_program};

/// How long anything may take that should happen at once. Only a failing test waits that long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again and again until there is an answer, for what cannot be waited for: files, `/proc`.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(Instant::now() < deadline, "did not happen within {PATIENCE:?}: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The second that the daemon writes into its events.
pub(crate) fn monotonic() -> i64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a valid timespec for the call to fill.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec
}

/// A pipe, (read end, write end), that no other child inherits.
pub(crate) fn pipe() -> (OwnedFd, OwnedFd) {
    nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC).expect("pipe2")
}

/// Sends a signal to any process.
#[track_caller]
pub(crate) fn kill(pid: i64, signal: i32) {
    let pid = i32::try_from(pid).expect("pid");
    // SAFETY: kill has no requirements on memory.
    let result = unsafe { libc::kill(pid, signal) };
    assert_eq!(result, 0, "kill({pid}, {signal}): {}", std::io::Error::last_os_error());
}
