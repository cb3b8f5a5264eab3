//! What the kernel says about a process.

use std::fs;
use std::os::fd::OwnedFd;

/// How many descriptors it has open.
#[track_caller]
pub fn fd_count(pid: i64) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).expect("/proc/PID/fd").count()
}

/// A line of `/proc/PID/status`; `None` when the process is gone.
pub fn status_field(pid: i64, field: &str) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    Some(line.trim().to_owned())
}

/// The letter of its state; `None` when it is gone.
pub fn state(pid: i64) -> Option<char> {
    status_field(pid, "State")?.chars().next()
}

/// It exists, and is no zombie.
pub fn alive(pid: i64) -> bool {
    state(pid).is_some_and(|state| state != 'Z' && state != 'X')
}

/// Its children, zombies included.
pub fn children(pid: i64) -> Vec<i64> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace().map(|pid| pid.parse().expect("pid")).collect()
}

/// The second that the daemon writes into its events.
pub fn monotonic() -> i64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a valid timespec for the call to fill.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec
}

/// A pipe, (read end, write end), that no other child inherits.
pub fn pipe() -> (OwnedFd, OwnedFd) {
    nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC).expect("pipe2")
}

/// Sends a signal to any process.
#[track_caller]
pub fn kill(pid: i64, signal: i32) {
    let pid = i32::try_from(pid).expect("pid");
    // SAFETY: kill has no requirements on memory.
    let result = unsafe { libc::kill(pid, signal) };
    assert_eq!(result, 0, "kill({pid}, {signal}): {}", std::io::Error::last_os_error());
}
