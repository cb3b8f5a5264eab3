//! What signals do: what somebody before us set, what we set ourselves, and how a program that we
//! execute gets the default back.
//!
//! On the system calls themselves, because the C library keeps 32 and 33 for itself and refuses to
//! look at them (signal(7), "Real-time signals"), while others may well ignore, block or send them.

use std::ffi::{c_int, c_void};

use super::raw::{self, int};

/// The signals that mean that the daemon itself is broken, whoever sends them.
pub(super) const FAULTS: [i32; 7] = [
    libc::SIGSEGV,
    libc::SIGABRT,
    libc::SIGILL,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGTRAP,
    libc::SIGSYS,
];

/// The others that end a process (signal(7), "Standard signals"), except those that the daemon
/// waits for or ignores, and the real-time ones.
const DEADLY: [i32; 7] = [
    libc::SIGALRM,
    libc::SIGSTKFLT,
    libc::SIGXCPU,
    libc::SIGVTALRM,
    libc::SIGPROF,
    libc::SIGIO,
    libc::SIGPWR,
];

/// What the daemon ignores for itself, since each of them is an error of a system call as well:
///
/// - SIGPIPE: a controller that has gone is an error of write(2), not the end of the daemon.
/// - SIGXFSZ: so is a log that has reached the limit of its size (setrlimit(2), RLIMIT_FSIZE).
/// - SIGTTOU: a log on a terminal that stops background writers (`stty tostop`) would stop the
///   daemon.
const IGNORED: [i32; 3] = [libc::SIGPIPE, libc::SIGXFSZ, libc::SIGTTOU];

/// The first and the last of the real-time signals, including those of the C library.
const REAL_TIME: (i32, i32) = (32, LAST);
/// The last signal number of Linux (`_NSIG`, signal(7)).
const LAST: i32 = 64;

/// Which signals must be reset to their default in a child: those that somebody before us, or we
/// ourselves, ignore or handle. Found out once, so that a start need not go through all 64.
///
/// What we handle becomes the default by itself when a program is executed (execve(2)); the handler
/// of the few that are not in here allows for a child running it before that (`crash.rs`).
#[derive(Copy, Clone)]
pub(crate) struct Dispositions {
    /// Bit n-1: signal n.
    changed: u64,
    /// Of those, the ones that were ignored before us.
    inherited: u64,
}

impl Dispositions {
    /// Its two numbers, for another daemon that goes on as us.
    pub(super) fn bits(self) -> [u64; 2] {
        let Self { changed, inherited } = self;
        [changed, inherited]
    }

    /// Those that another one of us has found.
    pub(super) fn read([changed, inherited]: [u64; 2]) -> Self {
        Self { changed, inherited }
    }

    /// Goes on with them. Being ignored outlives execve(2); it is set again because that one may
    /// have ignored less.
    pub(super) fn go_on(&mut self) {
        for signal in IGNORED {
            set(signal, libc::SIG_IGN);
        }
        let ours = IGNORED.iter().chain(&FAULTS);
        self.changed = ours.fold(self.changed, |bits, &signal| bits | bit(signal));
    }

    /// Looks at what we inherited, and from now on ignores what must not end us.
    pub(super) fn take_over() -> Self {
        let bits = |signals: &[i32]| signals.iter().fold(0, |bits, &signal| bits | bit(signal));
        let inherited = (1..=LAST).filter(|&signal| action(signal, None).handler != libc::SIG_DFL);
        let inherited = inherited.fold(0, |bits, signal| bits | bit(signal));
        for signal in IGNORED {
            set(signal, libc::SIG_IGN);
        }
        // An inherited "ignore" for SIGCHLD would take the exit status of every service from us
        // (wait(2), NOTES).
        set(libc::SIGCHLD, libc::SIG_DFL);
        Self { changed: inherited | bits(&IGNORED) | bits(&FAULTS), inherited }
    }

    /// Resets them to their default. Only system calls: this runs in the child.
    pub(super) fn restore(self) {
        for signal in (1..=LAST).filter(|&signal| self.changed & bit(signal) != 0) {
            set(signal, libc::SIG_DFL);
        }
    }

    /// The signals that would end us, except those that are waited for. `first`: we are the first
    /// process of a machine or of a pid namespace, which the kernel spares all signals without a
    /// handler (pid_namespaces(7)), and we leave it at that.
    pub(super) fn deadly(self, first: bool) -> impl Iterator<Item = i32> {
        let others = DEADLY.into_iter().chain(REAL_TIME.0..=REAL_TIME.1);
        let others = others.filter(move |&signal| !first && self.inherited & bit(signal) == 0);
        FAULTS.into_iter().chain(others)
    }
}

fn bit(signal: i32) -> u64 {
    1 << (signal - 1)
}

/// `struct sigaction` of the kernel, which is not that of the C library (rt_sigaction(2), NOTES).
#[repr(C)]
#[derive(Copy, Clone)]
struct Action {
    handler: libc::sighandler_t,
    flags: libc::c_ulong,
    restorer: usize,
    mask: u64,
}

/// What the kernel does with a signal, before it is set to `new` if there is one.
fn action(signal: i32, new: Option<&Action>) -> Action {
    let mut before = Action { handler: libc::SIG_DFL, flags: 0, restorer: 0, mask: 0 };
    let new = new.map_or(std::ptr::null(), std::ptr::from_ref).expose_provenance();
    let args = [int(signal), new, (&raw mut before).expose_provenance(), size_of::<u64>(), 0];
    // SAFETY: reads and writes at most one `Action` each. What a handler needs is up to `handle`.
    let _ = unsafe { raw::call(libc::SYS_rt_sigaction, args) };
    before
}

/// Sets what a signal does to SIG_DFL or SIG_IGN. Only a system call.
pub(super) fn set(signal: i32, handler: libc::sighandler_t) {
    action(signal, Some(&Action { handler, flags: 0, restorer: 0, mask: 0 }));
}

/// A handler (sigaction(2), SA_SIGINFO).
pub(super) type Handler = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);

/// Installs a handler for these signals, which blocks all others meanwhile and runs on the stack of
/// sigaltstack(2) if there is one. Only system calls. If a signal cannot be handled, nothing
/// happens.
pub(super) fn handle(signals: impl Iterator<Item = i32>, handler: Handler) {
    // The kernel needs the address to return to from the handler, which only the C library knows:
    // it sets one handler, and the others are copies of that.
    // SAFETY: an all-zero sigaction is a valid one. What the handler does is up to its author.
    let mut pattern = unsafe {
        let mut wanted: libc::sigaction = std::mem::zeroed();
        wanted.sa_sigaction = handler as *const () as libc::sighandler_t;
        wanted.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        libc::sigfillset(&raw mut wanted.sa_mask);
        libc::sigaction(libc::SIGSEGV, &raw const wanted, std::ptr::null_mut());
        action(libc::SIGSEGV, None)
    };
    pattern.mask = u64::MAX;
    for signal in signals {
        action(signal, Some(&pattern));
    }
}

/// Blocks these signals (bit n-1: signal n) and no others. Only a system call.
fn block(mask: u64) {
    let place = (&raw const mask).expose_provenance();
    let args = [int(libc::SIG_SETMASK), place, 0, size_of::<u64>(), 0];
    // SAFETY: the kernel reads the eight bytes of `mask`.
    let _ = unsafe { raw::call(libc::SYS_rt_sigprocmask, args) };
}

/// Blocks all signals that can be blocked.
pub(super) fn block_all() {
    block(u64::MAX);
}

/// Blocks none.
pub(super) fn block_none() {
    block(0);
}

/// Unblocks this one.
pub(super) fn unblock(signal: i32) {
    block(!bit(signal));
}

/// From here on, no signal does anything: one that is pending, or comes before the next program is
/// executed, is lost, and that program finds all of them at their default. Only system calls.
///
/// If they were already at their default, a pending one would end us before the program is
/// executed; if they were ignored, they would be ignored in the program, too.
pub(super) fn swallow_all() {
    handle(1..=LAST, swallow);
}

extern "C" fn swallow(signal: c_int, info: *mut libc::siginfo_t, _context: *mut c_void) {
    // SAFETY: the kernel hands over a siginfo_t.
    let from_the_kernel = unsafe { (*info).si_code } > 0;
    if from_the_kernel && FAULTS.contains(&signal) {
        // The faulty instruction would run again and again: make the next time the last.
        set(signal, libc::SIG_DFL);
    }
}
