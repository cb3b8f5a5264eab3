//! What a new process does between fork and exec: system calls only, and no allocation.

use std::io;
use std::os::fd::RawFd;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Cuts the process off from the test runner: its session, its descriptors, its signals, and core
/// dumps.
pub(crate) fn isolate() -> io::Result<()> {
    (1..=64).for_each(|signal| set_disposition(signal, libc::SIG_DFL));
    let no_core = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: plain system calls, on memory that lives long enough.
    unsafe {
        check(libc::setsid())?;
        check(libc::setrlimit(libc::RLIMIT_CORE, &raw const no_core))?;
    }
    close_at_exec()
}

/// Whatever other tests have open at this moment stays with them.
pub fn inherits_nothing(command: &mut Command) {
    // SAFETY: it makes one system call.
    unsafe { command.pre_exec(close_at_exec) };
}

fn close_at_exec() -> io::Result<()> {
    let flags = libc::CLOSE_RANGE_CLOEXEC as libc::c_uint;
    // SAFETY: it takes three numbers, and with this flag closes nothing before exec.
    unsafe { check(libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, flags) as libc::c_int) }
}

/// What a signal does: `SIG_DFL` or `SIG_IGN`. Without the C library, which keeps two signals for
/// itself; whoever started us may have had them ignored all the same.
pub fn set_disposition(signal: libc::c_int, handler: libc::sighandler_t) {
    // As the kernel has it: handler, flags, restorer, mask.
    let action: [u64; 4] = [handler as u64, 0, 0, 0];
    // SAFETY: `action` is valid for the call, which fails for what cannot be changed.
    unsafe {
        libc::syscall(libc::SYS_rt_sigaction, signal, &raw const action, 0_usize, 8_usize);
    }
}

/// Puts each descriptor under its number, whatever is there, and in whatever order.
pub(crate) fn give(wanted: &[(RawFd, RawFd)]) -> io::Result<()> {
    const OUT_OF_THE_WAY: RawFd = 300;
    // SAFETY: system calls on descriptors only.
    unsafe {
        for (at, &(source, _)) in (OUT_OF_THE_WAY..).zip(wanted) {
            check(libc::dup3(source, at, libc::O_CLOEXEC))?;
        }
        for (at, &(_, number)) in (OUT_OF_THE_WAY..).zip(wanted) {
            check(libc::dup2(at, number))?;
        }
    }
    Ok(())
}

pub(crate) fn check(result: libc::c_int) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
