//! What the kernel says about a process.

use std::fs;

/// How many descriptors it has open.
#[track_caller]
pub(crate) fn fd_count(pid: i64) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).expect("/proc/PID/fd").count()
}

/// A line of `/proc/PID/status`; `None` when the process is gone.
pub(crate) fn status_field(pid: i64, field: &str) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    Some(line.trim().to_owned())
}

/// The letter of its state; `None` when it is gone.
pub(crate) fn state(pid: i64) -> Option<char> {
    status_field(pid, "State")?.chars().next()
}

/// It exists, and is no zombie.
pub(crate) fn alive(pid: i64) -> bool {
    state(pid).is_some_and(|state| state != 'Z' && state != 'X')
}

/// Its children, zombies included.
pub(crate) fn children(pid: i64) -> Vec<i64> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace().map(|pid| pid.parse().expect("pid")).collect()
}
