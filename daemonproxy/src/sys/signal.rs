//! Signals: those we wait for, those we die of, and the children that ended.

use daemonproxy_core::{Ended, Errno, Fd, Pid};
use daemonproxy_protocol::Signal;
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use std::os::fd::AsRawFd;

use super::exit;

/// The signals that become events, and SIGCHLD.
const AWAITED: [nix::sys::signal::Signal; 7] = {
    use nix::sys::signal::Signal::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD]
};

/// The signals that mean that the daemon itself is broken.
const CRASHES: [i32; 5] = [libc::SIGSEGV, libc::SIGABRT, libc::SIGILL, libc::SIGBUS, libc::SIGFPE];

/// The last signal number of Linux (`_NSIG`, signal(7)).
const LAST: i32 = 64;

/// Bytes of the stack on which a crash is handled: the one that was in use may be what broke.
const CRASH_STACK: usize = 64 * 1024;

/// Which signals a child must be given back at their default: those that somebody before us, or we
/// ourselves, ignore or handle. Found out once, so that a start need not go through all 64.
#[derive(Copy, Clone)]
pub(crate) struct Dispositions {
    /// Bit n-1: signal n.
    changed: u64,
}

impl Dispositions {
    /// Looks at what we inherited, and ignores SIGPIPE from now on: a controller that has gone is an error
    /// of write(2), not the end of the daemon.
    pub(super) fn take_over() -> Self {
        let ignored = |&signal: &i32| {
            // SAFETY: only asks (sigaction(2)); all-zero is a valid place for the answer.
            unsafe {
                let mut now: libc::sigaction = std::mem::zeroed();
                libc::sigaction(signal, std::ptr::null(), &raw mut now) == 0
                    && now.sa_sigaction != libc::SIG_DFL
            }
        };
        let inherited = (1..=LAST).filter(ignored);
        let ours = CRASHES.into_iter().chain([libc::SIGPIPE]);
        let changed = inherited.chain(ours).fold(0, |bits, signal| bits | 1 << (signal - 1));
        // SAFETY: ignoring a signal runs no code of ours.
        unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
        // An inherited "ignore" for SIGCHLD would take the exit status of every service from us
        // (wait(2), NOTES).
        // SAFETY: as above.
        unsafe { libc::signal(libc::SIGCHLD, libc::SIG_DFL) };
        Self { changed }
    }

    /// Sets them to their default. Only system calls: this runs in the child, and in a crash.
    pub(super) fn restore(self) {
        for signal in (1..=LAST).filter(|signal| self.changed & 1 << (signal - 1) != 0) {
            // SAFETY: as in `take_over`.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    }
}

/// Where the awaited signals are read from (signalfd(2)).
pub(crate) struct SignalSource {
    source: SignalFd,
}

impl SignalSource {
    /// From now on they do nothing but wait to be read here.
    pub(crate) fn new() -> nix::Result<Self> {
        let mut mask = SigSet::empty();
        AWAITED.into_iter().for_each(|signal| mask.add(signal));
        sigprocmask(SigmaskHow::SIG_SETMASK, Some(&mask), None)?;
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        Ok(Self { source: SignalFd::with_flags(&mask, flags)? })
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

/// The next child that has ended, if there is one. As PID 1 that includes every orphan there is.
pub(crate) fn reap() -> Option<Reaped> {
    loop {
        return match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, status)) => {
                Some(Reaped { pid: Pid(pid.as_raw()), end: Ended::Exit(status) })
            }
            Ok(WaitStatus::Signaled(pid, signal, _)) => {
                let signal = Signal::from_number(signal as i32).unwrap_or(Signal::KILL);
                Some(Reaped { pid: Pid(pid.as_raw()), end: Ended::Signal(signal) })
            }
            Ok(WaitStatus::StillAlive) | Err(_) => None,
            Ok(_) => continue,
        };
    }
}

/// kill(2), with numbers that the library's own type has no name for (the real-time ones).
pub(super) fn kill(pid: Pid, signal: Signal, group: bool) -> Result<(), Errno> {
    let target = if group { -pid.0 } else { pid.0 };
    // SAFETY: kill(2) touches no memory.
    let result = unsafe { libc::kill(target, signal.number()) };
    nix::errno::Errno::result(result).map(drop).map_err(super::errno)
}

/// From now on a crash ends in the program of `--exit-exec`, if there is one.
pub(crate) fn install_crash_handlers() {
    // SAFETY: the stack is a new mapping that is never freed. The handler only does what is safe in a
    // handler (signal-safety(7)).
    unsafe {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_STACK;
        let memory = libc::mmap(std::ptr::null_mut(), CRASH_STACK, protection, flags, -1, 0);
        if memory != libc::MAP_FAILED {
            let stack = libc::stack_t { ss_sp: memory, ss_flags: 0, ss_size: CRASH_STACK };
            libc::sigaltstack(&raw const stack, std::ptr::null_mut());
        }
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = crashed as *const () as libc::sighandler_t;
        action.sa_flags = libc::SA_ONSTACK | libc::SA_RESETHAND | libc::SA_NODEFER;
        for signal in CRASHES {
            libc::sigaction(signal, &raw const action, std::ptr::null_mut());
        }
    }
}

extern "C" fn crashed(signal: i32) {
    exit::crashed(signal);
    // Nothing to execute, or it could not be: die of the same signal, by its default (SA_RESETHAND).
    // SAFETY: raise(3) is safe in a handler.
    unsafe { libc::raise(signal) };
}
