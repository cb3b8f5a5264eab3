//! Signals: those we wait for, those we send, and the children that ended.

use daemonproxy_core::{Death, Ended, Errno, Fd, Pid};
use daemonproxy_protocol::Signal;
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd, siginfo};
use std::os::fd::AsRawFd;

use super::processes::has_executed;

/// The signals that become events, WINCH, which may be forwarded, and SIGCHLD.
const AWAITED: [nix::sys::signal::Signal; 8] = {
    use nix::sys::signal::Signal::{
        SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH,
    };
    [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCHLD]
};

/// From now on they only wait to be read; all others are unblocked.
pub(super) fn await_signals() {
    // It fails only for wrong arguments.
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&awaited()), None);
}

fn awaited() -> SigSet {
    AWAITED.into_iter().collect()
}

/// Does something without interruption by signals.
pub(super) fn with_signals_blocked(work: impl FnOnce()) {
    let mut before = SigSet::empty();
    let all = SigSet::all();
    // They fail only for wrong arguments.
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&all), Some(&mut before));
    work();
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&before), None);
}

/// What a signal says.
pub(crate) enum Heard {
    /// This one has arrived.
    Signal(Signal),
    /// SIGCHLD: children have ended, and this is one of them. Others are not told, for there is only
    /// one such signal at a time (signal(7), "Queueing and delivery semantics").
    Children(Option<Pid>),
}

/// Where to read the awaited signals from (signalfd(2)).
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

    /// What the next one says that has arrived.
    pub(crate) fn next(&mut self) -> Option<Heard> {
        let info = self.source.read_signal().ok().flatten()?;
        let signal = Signal::from_number(info.ssi_signo as i32).filter(|&it| it != Signal::CHLD);
        Some(signal.map_or_else(|| Heard::Children(ended(&info)), Heard::Signal))
    }
}

/// The child that has ended. None was if it was only stopped, or if somebody has sent the signal.
fn ended(info: &siginfo) -> Option<Pid> {
    let codes = [libc::CLD_EXITED, libc::CLD_KILLED, libc::CLD_DUMPED];
    codes.contains(&info.ssi_code).then_some(Pid(info.ssi_pid.cast_signed()))
}

/// A child that has ended: any, or this one. With `keep` it stays a zombie. As PID 1 that includes
/// every orphan there is.
///
/// The system call itself, because only that one also tells what the child has used, and the safe
/// wrapper reaps a child that a real-time signal killed and then only reports an error.
pub(super) fn ended_child(which: Option<Pid>, keep: bool) -> Option<(Pid, Death)> {
    let (kind, id) = which.map_or((libc::P_ALL, 0), |pid| (libc::P_PID, pid.0 as libc::id_t));
    let flags = libc::WEXITED | libc::WNOHANG | if keep { libc::WNOWAIT } else { 0 };
    let mut used = Used::default();
    // SAFETY: waitid(2) fills in the two records, which are ours; zeroed they are valid ones, and
    // `Used` is what the kernel takes it for.
    let (pid, code, status) = unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let (info_at, used_at) = (&raw mut info, &raw mut used);
        if libc::syscall(libc::SYS_waitid, kind, id, info_at, flags, used_at) != 0 {
            return None;
        }
        (info.si_pid(), info.si_code, info.si_status())
    };
    // 0: there are children, and none of them has ended.
    let pid = (pid > 0).then_some(Pid(pid))?;
    let end = if code == libc::CLD_EXITED {
        Ended::Exit(status)
    } else {
        Ended::Signal(Signal::from_number(status).unwrap_or(Signal::KILL))
    };
    let core = code == libc::CLD_DUMPED;
    Some((pid, Death { end, core, cpu: used.nanos(), max_rss: wide(used.max_rss) }))
}

/// `struct rusage` as the kernel has it, which on some machines is not that of the C library.
#[repr(C)]
#[derive(Default)]
struct Used {
    /// Seconds and microseconds: user, system.
    times: [[libc::c_long; 2]; 2],
    max_rss: libc::c_long,
    rest: [libc::c_long; 13],
}

impl Used {
    /// The processor time in nanoseconds.
    fn nanos(&self) -> u64 {
        let nanos = |[seconds, micros]: [libc::c_long; 2]| {
            let (seconds, micros) = (wide(seconds).unsigned_abs(), wide(micros).unsigned_abs());
            seconds.saturating_mul(1_000_000_000).saturating_add(micros.saturating_mul(1000))
        };
        let [user, system] = self.times.map(nanos);
        user.saturating_add(system)
    }
}

/// A number of the kernel, which has 32 bits on some machines.
fn wide(number: impl Into<i64>) -> i64 {
    number.into()
}

/// Whether there is such a process group.
pub(super) fn has_group(group: Pid) -> bool {
    // SAFETY: kill(2) touches no memory, and with signal 0 nobody else.
    let result = unsafe { libc::kill(-group.0, 0) };
    // All that says there is none; that we may not send to it says there is one.
    nix::errno::Errno::result(result) != Err(nix::errno::Errno::ESRCH)
}

/// kill(2) for everybody but us, and as anybody else than process 1 for nobody.
pub(super) fn kill_all(signal: Signal) {
    if super::is_pid1() {
        // SAFETY: kill(2) touches no memory.
        unsafe { libc::kill(-1, signal.number()) };
    }
}

/// Whether there is nobody else whom we could send a signal.
pub(super) fn is_alone() -> bool {
    // SAFETY: kill(2) touches no memory, and with signal 0 nobody else.
    let result = unsafe { libc::kill(-1, 0) };
    nix::errno::Errno::result(result) == Err(nix::errno::Errno::ESRCH)
}

/// kill(2), with numbers that the library's own type has no name for (the real-time ones).
pub(super) fn kill(pid: Pid, signal: Signal, group: bool) -> Result<(), Errno> {
    let send = |target| {
        // SAFETY: kill(2) touches no memory.
        let result = unsafe { libc::kill(target, signal.number()) };
        nix::errno::Errno::result(result).map(drop).map_err(super::errno)
    };
    match if group { send(-pid.0) } else { send(pid.0) } {
        // A child that is about to begin a session leads no group yet, and is all there is of it.
        Err(Errno(libc::ESRCH)) if group && has_executed(pid) == Some(false) => send(pid.0),
        result => result,
    }
}
