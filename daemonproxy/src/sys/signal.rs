//! Signals: those we wait for, those we send, and the children that ended.

use daemonproxy_core::{Ended, Errno, Fd, Pid};
use daemonproxy_protocol::Signal;
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use std::os::fd::AsRawFd;

/// The signals that become events, and SIGCHLD.
const AWAITED: [nix::sys::signal::Signal; 7] = {
    use nix::sys::signal::Signal::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD]
};

/// From now on they do nothing but wait to be read; all others are let through.
pub(super) fn await_signals() {
    // It fails for wrong arguments only.
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&awaited()), None);
}

fn awaited() -> SigSet {
    AWAITED.into_iter().collect()
}

/// Does something that no signal interrupts.
pub(super) fn with_signals_blocked(work: impl FnOnce()) {
    let mut before = SigSet::empty();
    let all = SigSet::all();
    // They fail for wrong arguments only.
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&all), Some(&mut before));
    work();
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&before), None);
}

/// Where the awaited signals are read from (signalfd(2)).
pub(crate) struct SignalSource {
    source: SignalFd,
}

impl SignalSource {
    pub(crate) fn new() -> Result<Self, Errno> {
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        SignalFd::with_flags(&awaited(), flags).map(|source| Self { source }).map_err(super::errno)
    }

    pub(crate) fn fd(&self) -> Fd {
        Fd(self.source.as_raw_fd())
    }

    /// The next one that has arrived; `None` inside for SIGCHLD, which says no more than "look".
    pub(crate) fn next(&mut self) -> Option<Option<Signal>> {
        let info = self.source.read_signal().ok().flatten()?;
        let number = info.ssi_signo as i32;
        Some(if number == libc::SIGCHLD { None } else { Signal::from_number(number) })
    }
}

/// A child that has ended.
pub(crate) struct Reaped {
    pub(crate) pid: Pid,
    pub(crate) end: Ended,
}

/// The next child that has ended, if there is one, while its pid is still its own. As PID 1 that includes
/// every orphan there is.
///
/// On libc, because the safe wrapper reports no more than an error of one that a real-time signal killed.
pub(crate) fn ended() -> Option<Pid> {
    // SAFETY: all-zero is a valid siginfo_t, in which waitid(2) leaves the pid at 0 if there is none.
    let pid = unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        libc::waitid(libc::P_ALL, 0, &raw mut info, flags);
        info.si_pid()
    };
    (pid > 0).then_some(Pid(pid))
}

/// Reaps a child that has ended.
pub(crate) fn reap(pid: Pid) -> Option<Reaped> {
    let mut status = 0;
    // SAFETY: writes one int, which is ours.
    let pid = unsafe { libc::waitpid(pid.0, &raw mut status, libc::WNOHANG) };
    if pid <= 0 {
        return None;
    }
    let end = if libc::WIFSIGNALED(status) {
        Ended::Signal(Signal::from_number(libc::WTERMSIG(status)).unwrap_or(Signal::KILL))
    } else {
        // Without WUNTRACED and WCONTINUED there is no third way.
        Ended::Exit(libc::WEXITSTATUS(status))
    };
    Some(Reaped { pid: Pid(pid), end })
}

/// kill(2), with numbers that the library's own type has no name for (the real-time ones).
pub(super) fn kill(pid: Pid, signal: Signal, group: bool) -> Result<(), Errno> {
    let target = if group { -pid.0 } else { pid.0 };
    // SAFETY: kill(2) touches no memory.
    let result = unsafe { libc::kill(target, signal.number()) };
    nix::errno::Errno::result(result).map(drop).map_err(super::errno)
}
