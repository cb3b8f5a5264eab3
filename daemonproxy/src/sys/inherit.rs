//! The descriptors that the daemon was started with.

use daemonproxy_core::{Fd, FdKind};
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl, open};
use nix::sys::stat::Mode;

use super::fd::{borrow, give, keep_in_reserve};
use super::inspect::inspect;

/// One that was open.
pub(crate) struct Inherited {
    pub(crate) fd: Fd,
    pub(crate) kind: FdKind,
}

/// How many numbers to try if there is no /proc to say how many there are.
pub(super) const GUESSES: i32 = 65536;

/// Makes sure that 0, 1 and 2 are open (on /dev/null, if needed), makes everything close-on-exec,
/// and lists what there is. The first result is a /dev/null of our own, for the name `null`.
pub(crate) fn inherited() -> (Option<Fd>, Vec<Inherited>) {
    // Each of these takes the lowest free number (open(2)), so a gap among the first three is
    // filled. Where there is no /dev/null, as for the first process of a machine, a descriptor that
    // can do nothing at all keeps a connection from becoming somebody's standard input.
    let inert = OFlag::O_PATH | OFlag::O_CLOEXEC;
    let (null, reserve) = loop {
        let null = open(c"/dev/null", OFlag::O_RDWR | OFlag::O_CLOEXEC, Mode::empty()).ok();
        let is_null = null.is_some();
        match null.or_else(|| open(c"/", inert, Mode::empty()).ok()).map(give) {
            Some(Fd(0..=2)) => {}
            reserve => break (reserve.filter(|_| is_null), reserve),
        }
    };
    if let Some(reserve) = reserve {
        keep_in_reserve(reserve);
    }
    let list = (0..table_size().unwrap_or(GUESSES))
        .map(Fd)
        .filter(|&fd| Some(fd) != reserve)
        .filter(|&fd| fcntl(borrow(fd), FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).is_ok())
        .map(|fd| Inherited { fd, kind: inspect(fd) })
        .collect();
    (null, list)
}

/// How many descriptors the kernel has room for at the moment: one more than the highest number
/// there can be (`FDSize`, proc_pid_status(5)). Cheaper than the list in /proc/self/fd.
pub(super) fn table_size() -> Option<i32> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("FDSize:"))?.trim().parse().ok()
}
