//! Signals: those we wait for, those we die of, and the children that ended.

use daemonproxy_core::{Ended, Errno, Fd, Pid};
use daemonproxy_protocol::Signal;
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
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
        let inherited = (1..=LAST).filter(|&signal| kernel_action(signal, None) != libc::SIG_DFL);
        let ours = CRASHES.into_iter().chain([libc::SIGPIPE]);
        let changed = inherited.chain(ours).fold(0, |bits, signal| bits | 1 << (signal - 1));
        kernel_action(libc::SIGPIPE, Some(libc::SIG_IGN));
        // An inherited "ignore" for SIGCHLD would take the exit status of every service from us
        // (wait(2), NOTES).
        kernel_action(libc::SIGCHLD, Some(libc::SIG_DFL));
        Self { changed }
    }

    /// Sets them to their default. Only system calls: this runs in the child, and in a crash.
    pub(super) fn restore(self) {
        for signal in (1..=LAST).filter(|signal| self.changed & 1 << (signal - 1) != 0) {
            kernel_action(signal, Some(libc::SIG_DFL));
        }
    }
}

/// What the kernel does with a signal, before it is set to `new` (SIG_DFL or SIG_IGN) if there is one.
///
/// The system call itself, because the C library keeps 32 and 33 for itself and refuses to look at
/// them (signal(7), "Real-time signals"), while a parent may well have had them ignored.
fn kernel_action(signal: i32, new: Option<libc::sighandler_t>) -> libc::sighandler_t {
    /// `struct sigaction` of the kernel, which is not that of the C library (rt_sigaction(2), NOTES).
    #[repr(C)]
    struct Action {
        handler: libc::sighandler_t,
        flags: libc::c_ulong,
        restorer: usize,
        mask: u64,
    }
    let action = |handler| Action { handler, flags: 0, restorer: 0, mask: 0 };
    let mut before = action(libc::SIG_DFL);
    let new = new.map(action);
    let new = new.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: reads and writes one `Action` each, at the most. A handler is never set, so nothing of
    // ours is called and no restorer is needed.
    unsafe {
        libc::syscall(libc::SYS_rt_sigaction, signal, new, &raw mut before, size_of::<u64>());
    }
    before.handler
}

/// Where the awaited signals are read from (signalfd(2)).
pub(crate) struct SignalSource {
    source: SignalFd,
}

impl SignalSource {
    /// From now on they do nothing but wait to be read here.
    pub(crate) fn new() -> Result<Self, Errno> {
        let mut mask = SigSet::empty();
        AWAITED.into_iter().for_each(|signal| mask.add(signal));
        sigprocmask(SigmaskHow::SIG_SETMASK, Some(&mask), None).map_err(super::errno)?;
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        SignalFd::with_flags(&mask, flags).map(|source| Self { source }).map_err(super::errno)
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
///
/// On libc, because the safe wrapper reaps a child that a real-time signal killed and then reports no
/// more than an error.
pub(crate) fn reap() -> Option<Reaped> {
    let mut status = 0;
    // SAFETY: writes one int, which is ours.
    let pid = unsafe { libc::waitpid(-1, &raw mut status, libc::WNOHANG) };
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
