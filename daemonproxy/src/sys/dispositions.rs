//! What signals do: what somebody before us set, what we set ourselves, and how a program that we
//! execute gets the default back.

/// The signals that mean that the daemon itself is broken.
pub(super) const CRASHES: [i32; 5] =
    [libc::SIGSEGV, libc::SIGABRT, libc::SIGILL, libc::SIGBUS, libc::SIGFPE];

/// The last signal number of Linux (`_NSIG`, signal(7)).
const LAST: i32 = 64;

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
