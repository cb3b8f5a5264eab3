//! Crashes of the daemon itself: a signal that ends it, or a panic.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicI32, Ordering};

use daemonproxy_protocol::Signal;

use super::alloc::Noticing;
use super::dispositions::{self, FAULTS};
use super::exit::{Text, execute, say};
use super::start::Startup;

/// Bytes of the stack on which a crash is handled: the normal one may be what broke.
const CRASH_STACK: usize = 64 * 1024;

/// The pid of the daemon: a child that is about to become a program has our handlers, too.
static DAEMON: AtomicI32 = AtomicI32::new(0);

/// From now on a crash, and every signal that would silently end the daemon, ends in the program of
/// `--exit-exec`, if there is one.
pub(crate) fn install_crash_handlers(startup: &Startup) {
    // SAFETY: the stack is a new mapping that is never freed.
    unsafe {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_STACK;
        let memory = libc::mmap(std::ptr::null_mut(), CRASH_STACK, protection, flags, -1, 0);
        if memory != libc::MAP_FAILED {
            let stack = libc::stack_t { ss_sp: memory, ss_flags: 0, ss_size: CRASH_STACK };
            libc::sigaltstack(&raw const stack, std::ptr::null_mut());
        }
    }
    this_is_the_daemon();
    dispositions::handle(startup.dispositions.deadly(super::is_pid1()), crashed);
}

/// The process that runs this is the daemon, and any other is a child of it.
pub(super) fn this_is_the_daemon() {
    DAEMON.store(pid(), Ordering::Relaxed);
}

/// The process that runs this is not the daemon any more, but its child is.
pub(super) fn the_daemon_is(child: nix::unistd::Pid) {
    DAEMON.store(child.as_raw(), Ordering::Relaxed);
}

fn pid() -> i32 {
    // SAFETY: a system call that cannot fail.
    unsafe { libc::getpid() }
}

/// Does only what is safe in a handler (signal-safety(7)).
extern "C" fn crashed(signal: c_int, info: *mut libc::siginfo_t, _context: *mut c_void) {
    // A child before its execve(2) dies of the signal, as the program would have done.
    if pid() == DAEMON.load(Ordering::Relaxed) {
        let mut reason = Text::<32>::new();
        if signal == libc::SIGABRT && Noticing::ran_out() {
            // What the standard library does after a failed allocation that nobody caught.
            reason.push(b"out of memory");
        } else {
            name(signal, &mut reason);
        }
        let mut message = Text::<64>::new();
        let is_fault = FAULTS.contains(&signal);
        message.push(b"fatal: the daemon ");
        message.push(if is_fault { b"crashed: " } else { b"is ended by " });
        message.push(reason.as_bytes());
        message.push(b"\n");
        say(message.as_bytes());
        // As a shell reports a program that died of a signal.
        execute(128 + signal, reason.as_bytes());
    }
    // Nothing to execute, or it could not be: die of the same signal.
    dispositions::set(signal, libc::SIG_DFL);
    // SAFETY: kill(2) on ourselves is safe in a handler.
    unsafe { libc::kill(pid(), signal) };
    dispositions::unblock(signal);
    // The first process of a pid namespace survives the signal if somebody sent it, and is as sound
    // as before (kill(2), NOTES). A fault of its own happens again, and ends it.
    // SAFETY: the kernel hands over a siginfo_t.
    if unsafe { (*info).si_code } <= 0 {
        dispositions::handle([signal].into_iter(), crashed);
    }
}

/// The name of a signal, as in events.
fn name(signal: c_int, out: &mut Text<32>) {
    out.push(b"SIG");
    match Signal::from_number(signal).and_then(Signal::standard_name) {
        Some(name) => out.push(name.as_bytes()),
        None => {
            let first = Signal::parse(b"RTMIN").map_or(0, Signal::number);
            let above = if signal > first { signal - first } else { signal };
            if signal >= first {
                out.push(b"RTMIN");
            }
            if signal > first {
                out.push(b"+");
            }
            if signal != first {
                out.push_number(above.unsigned_abs());
            }
        }
    }
}

/// A panic is reported with its place, and then ends like any other crash (SIGABRT) if there is
/// nothing to execute.
pub(crate) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        // A reason is one line.
        let text = info.to_string().replace('\n', " ");
        say(format!("fatal: {text}\n").as_bytes());
        execute(128 + libc::SIGABRT, text.as_bytes());
    }));
}
