//! Crashes of the daemon itself: a signal that means a defect, or a panic.

use std::ffi::c_int;

use super::alloc::Noticing;
use super::dispositions::CRASHES;
use super::exit::{execute, say};

/// Bytes of the stack on which a crash is handled: the one that was in use may be what broke.
const CRASH_STACK: usize = 64 * 1024;

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

extern "C" fn crashed(signal: c_int) {
    let reason: &[u8] = match signal {
        libc::SIGSEGV => b"SIGSEGV",
        // What the standard library does about a failed allocation that nobody expected.
        libc::SIGABRT if Noticing::ran_out() => b"out of memory",
        libc::SIGABRT => b"SIGABRT",
        libc::SIGILL => b"SIGILL",
        libc::SIGBUS => b"SIGBUS",
        _ => b"SIGFPE",
    };
    for part in [b"fatal: the daemon crashed: " as &[u8], reason, b"\n"] {
        say(part);
    }
    // As a shell tells of a program that died of a signal.
    execute(128 + signal, reason);
    // Nothing to execute, or it could not be: die of the same signal, by its default (SA_RESETHAND).
    // SAFETY: raise(3) is safe in a handler.
    unsafe { libc::raise(signal) };
}

/// A panic is told with its place, and then ends like any other crash (SIGABRT) if there is nothing
/// to execute.
pub(crate) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        // A reason is one line.
        let text = info.to_string().replace('\n', " ");
        say(b"fatal: ");
        say(text.as_bytes());
        say(b"\n");
        execute(128 + libc::SIGABRT, text.as_bytes());
    }));
}
