//! What the child does: puts everything in its place, and becomes the program.
//!
//! The child may share our memory while we go on. So everything in here works on its [`Plan`]
//! alone, on a stack of its own, and makes system calls that leave our `errno` alone ([`raw`]). It
//! allocates nothing, and nothing in here can panic.

use std::ffi::{CStr, c_char, c_int, c_void};

use daemonproxy_core::{ChildFd, Errno, SpawnFailure, SpawnStage};

use super::super::raw::{self, int};
use super::super::start::Startup;
use super::report::Report;
use super::settings::Settings;

/// What the kernel takes as a path, its NUL included (PATH_MAX, limits.h).
pub(super) const LONGEST_PATH: usize = 4096;
/// The longest name in a directory (NAME_MAX, limits.h).
const LONGEST_NAME: usize = 255;
/// What executes a script that does not name its interpreter (execvp(3)).
const SHELL: &CStr = c"/bin/sh";

/// What a child should do. The parent makes it, and does not touch it, or anything it points to,
/// until the child no longer needs it.
#[derive(Copy, Clone)]
pub(super) struct Plan {
    pub(super) job: Job,
    /// The argument list: with room for one more before it, and a null after it.
    pub(super) argv: *mut *const c_char,
    pub(super) fds: *mut ChildFd,
    pub(super) fd_count: usize,
    /// Where to search for the program, see environ(7).
    pub(super) path: &'static [u8],
    pub(super) environment: *const *const c_char,
    /// Room for a path of [`LONGEST_PATH`] bytes.
    pub(super) candidate: *mut u8,
    pub(super) settings: Settings,
    pub(super) startup: Startup,
}

/// What becomes of the child.
#[derive(Copy, Clone)]
pub(super) enum Job {
    /// It executes the program, or tells here why not.
    Execute {
        report: c_int,
        /// It is known that it cannot, and why.
        doomed: Option<SpawnFailure>,
    },
    /// It exits with this status.
    Exit(c_int),
}

/// The child, from its first instruction on, in the form that clone(2) needs.
pub(super) extern "C" fn begin(plan: *mut c_void) -> c_int {
    // SAFETY: the parent's, for this child alone, as long as it needs it.
    run(unsafe { &*plan.cast::<Plan>() })
}

/// The same, for a child of fork(2).
pub(super) fn run(plan: &Plan) -> ! {
    exit(match plan.job {
        Job::Exit(status) => status,
        Job::Execute { report, doomed } => become_program(plan, report, doomed),
    })
}

/// Returns only if that has failed and was reported: with the exit status.
fn become_program(plan: &Plan, mut report: c_int, doomed: Option<SpawnFailure>) -> c_int {
    let ready = doomed.map_or_else(|| set_up(plan, &mut report), Err);
    let failure = match ready {
        Ok(()) => SpawnFailure { stage: SpawnStage::Exec, errno: execute(plan) },
        Err(failure) => failure,
    };
    // SAFETY: the list has a first argument.
    let program = unsafe { string(*plan.argv.add(1)) };
    Report::write(report, failure, program);
    failure.exit_code()
}

fn exit(status: c_int) -> ! {
    loop {
        // SAFETY: does not come back, and runs nothing of the parent's.
        let _ = unsafe { raw::call(libc::SYS_exit_group, [int(status), 0, 0, 0, 0]) };
    }
}

fn set_up(plan: &Plan, report: &mut c_int) -> Result<(), SpawnFailure> {
    // SAFETY: the parent's, for this child alone.
    let fds = unsafe { std::slice::from_raw_parts(plan.fds, plan.fd_count) };
    let first = fds.first().and_then(|fd| match *fd {
        ChildFd::Same(fd) => Some(fd.0),
        ChildFd::Closed => None,
    });
    plan.settings.carry_out(first)?;
    place_all(plan, report).map_err(|errno| SpawnFailure { stage: SpawnStage::Fds, errno })?;
    // After that, since the numbers may be beyond the limit that the service is to have. And last,
    // since from here on signals do what they do to any program.
    plan.startup.give_back();
    Ok(())
}

/// Puts the descriptors to their numbers, and closes all others.
fn place_all(plan: &Plan, report: &mut c_int) -> Result<(), Errno> {
    // SAFETY: the parent's, for this child alone.
    let fds = unsafe { std::slice::from_raw_parts_mut(plan.fds, plan.fd_count) };
    let end = c_int::try_from(fds.len()).map_err(|_| Errno(libc::EMFILE))?;
    // Out of the way of the descriptors that the program is to have. What is left over is closed
    // below, or by exec.
    if *report < end {
        *report = duplicate(*report, end)?;
    }
    place(fds, end)?;
    // All our descriptors are close-on-exec; but until exec has happened, which may take long, the
    // child would keep open what others wait to see closed. A kernel before 5.9 does not know the
    // call.
    close_range(end, *report - 1);
    close_range(*report + 1, c_int::MAX);
    Ok(())
}

/// Puts each descriptor to its number.
///
/// A descriptor whose own number is also the place of another is first moved out of the way, beyond
/// the last place; then no step can overwrite what a later one needs, whatever the permutation.
fn place(fds: &mut [ChildFd], end: c_int) -> Result<(), Errno> {
    for (number, fd) in (0..).zip(fds.iter_mut()) {
        if let ChildFd::Same(source) = fd
            && source.0 < end
            && source.0 != number
        {
            source.0 = duplicate(source.0, end)?;
        }
    }
    for (number, fd) in (0..).zip(fds.iter()) {
        // SAFETY: calls on numbers of this process only, since CLONE_FILES was not asked for; they
        // report what is wrong with them.
        unsafe {
            match *fd {
                // dup3(2) refuses to do this.
                ChildFd::Same(source) if source.0 == number => {
                    raw::call(libc::SYS_fcntl, [int(number), int(libc::F_SETFD), 0, 0, 0])?;
                }
                ChildFd::Same(source) => {
                    raw::call(libc::SYS_dup3, [int(source.0), int(number), 0, 0, 0])?;
                }
                // It may be closed already, which is just as well.
                ChildFd::Closed => {
                    let _ = raw::call(libc::SYS_close, [int(number), 0, 0, 0, 0]);
                }
            }
        }
    }
    Ok(())
}

/// Another number for it, `least` or higher.
fn duplicate(fd: c_int, least: c_int) -> Result<c_int, Errno> {
    let args = [int(fd), int(libc::F_DUPFD_CLOEXEC), int(least), 0, 0];
    // SAFETY: fcntl(2) on numbers; it reports what is wrong with them.
    unsafe { raw::call(libc::SYS_fcntl, args) }.map(|fd| fd as c_int)
}

fn close_range(first: c_int, last: c_int) {
    // SAFETY: as above. An empty range is refused, and nothing happens.
    let _ = unsafe { raw::call(libc::SYS_close_range, [int(first), int(last), 0, 0, 0]) };
}

/// Executes the program, searched as in execvp(3). Returns only to say why it failed.
fn execute(plan: &Plan) -> Errno {
    // SAFETY: the list has a first argument, a string.
    let program = unsafe { *plan.argv.add(1) };
    // SAFETY: as above.
    let name = unsafe { string(program) };
    if name.contains(&b'/') {
        return try_path(plan, program);
    }
    if name.is_empty() {
        return Errno(libc::ENOENT);
    }
    if name.len() > LONGEST_NAME {
        return Errno(libc::ENAMETOOLONG);
    }
    let mut refused = false;
    let mut last = Errno(libc::ENOENT);
    for directory in plan.path.split(|&byte| byte == b':') {
        // SAFETY: room for this many bytes, for this child alone.
        let room = unsafe { std::slice::from_raw_parts_mut(plan.candidate, LONGEST_PATH) };
        // An empty directory means the current one.
        let separator: &[u8] = if directory.is_empty() { b"" } else { b"/" };
        if !join(room, [directory, separator, name, b"\0"]) {
            continue;
        }
        match try_path(plan, plan.candidate.cast_const().cast()) {
            // There may be an executable one elsewhere.
            Errno(libc::EACCES) => refused = true,
            errno @ Errno(
                libc::ENOENT | libc::ENOTDIR | libc::ESTALE | libc::ENODEV | libc::ETIMEDOUT,
            ) => last = errno,
            errno => return errno,
        }
    }
    if refused { Errno(libc::EACCES) } else { last }
}

/// Executes what is at this path.
fn try_path(plan: &Plan, path: *const c_char) -> Errno {
    // SAFETY: the place before the argument list, and its first argument.
    unsafe {
        let errno = execve(path, plan.argv.add(1), plan.environment);
        if errno != Errno(libc::ENOEXEC) {
            return errno;
        }
        let program = *plan.argv.add(1);
        *plan.argv = SHELL.as_ptr();
        *plan.argv.add(1) = path;
        let errno = execve(SHELL.as_ptr(), plan.argv, plan.environment);
        *plan.argv.add(1) = program;
        errno
    }
}

/// # Safety
///
/// A string, and null-terminated lists of strings.
unsafe fn execve(
    path: *const c_char,
    argv: *mut *const c_char,
    environment: *const *const c_char,
) -> Errno {
    let args =
        [path.expose_provenance(), argv.expose_provenance(), environment.expose_provenance()];
    // SAFETY: the caller's.
    match unsafe { raw::call(libc::SYS_execve, [args[0], args[1], args[2], 0, 0]) } {
        Err(errno) => errno,
        // It does not return if it has succeeded.
        Ok(_) => Errno(libc::ENOEXEC),
    }
}

/// One after the other. Returns whether there was room.
fn join(room: &mut [u8], parts: [&[u8]; 4]) -> bool {
    let mut room = room.iter_mut();
    for &byte in parts.into_iter().flatten() {
        match room.next() {
            Some(place) => *place = byte,
            None => return false,
        }
    }
    true
}

/// # Safety
///
/// A string that ends in a NUL.
unsafe fn string<'a>(text: *const c_char) -> &'a [u8] {
    // SAFETY: the caller's.
    unsafe { CStr::from_ptr(text) }.to_bytes()
}
