//! Becoming another program that goes on as the daemon: the program, the state, and the two ways in
//! which that program is executed.
//!
//! The program is opened once, and that descriptor is executed, first as a child that only reads
//! the state, and then in our place. The state is in memory that nobody can change any more
//! (memfd_create(2), fcntl(2), F_SEAL_WRITE).

use std::ffi::{CStr, CString, c_char, c_int};
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use daemonproxy_core::{Errno, Fd};
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::sys::stat::{Mode, fstat};

use super::fd::borrow;
use super::start::{Startup, environ};

/// What is asked of a program that may take over: `--resume-check FD`.
pub(crate) const CHECK: &str = "--resume-check";
/// What it is told when it does: `--resume FD`.
pub(crate) const RESUME: &str = "--resume";

/// A program that may take over.
pub(crate) struct Program {
    file: OwnedFd,
    /// Which content it had when it was opened.
    stamp: Stamp,
}

/// Of a file: device, inode, size, and when it was last changed.
type Stamp = (u64, u64, i64, (i64, i64), (i64, i64));

impl Program {
    pub(crate) fn open(path: &CStr) -> Result<Self, Errno> {
        let how = OFlag::O_PATH | OFlag::O_CLOEXEC;
        let file = nix::fcntl::open(path, how, Mode::empty()).map_err(super::errno)?;
        let stamp = stamp(&file)?;
        Ok(Self { file, stamp })
    }

    /// Whether it is still what it was.
    pub(crate) fn is_as_it_was(&self) -> bool {
        stamp(&self.file) == Ok(self.stamp)
    }
}

fn stamp(file: &OwnedFd) -> Result<Stamp, Errno> {
    let stat = fstat(file).map_err(super::errno)?;
    let (written, changed) =
        ((stat.st_mtime, stat.st_mtime_nsec), (stat.st_ctime, stat.st_ctime_nsec));
    Ok((stat.st_dev, stat.st_ino, stat.st_size, written, changed))
}

/// A state that nobody can change any more.
pub(crate) fn sealed(text: &[u8]) -> Result<OwnedFd, Errno> {
    let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
    // SAFETY: a constant string; the descriptor is new.
    let file = unsafe {
        let fd = libc::memfd_create(c"daemonproxy-state".as_ptr(), flags);
        if fd < 0 {
            return Err(super::errno(nix::errno::Errno::last()));
        }
        OwnedFd::from_raw_fd(fd)
    };
    let mut file = std::fs::File::from(file);
    let written = file.write_all(text);
    written.map_err(|error| Errno(error.raw_os_error().unwrap_or(libc::EIO)))?;
    let seals = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_WRITE | libc::F_SEAL_SEAL;
    // SAFETY: numbers only.
    let sealed = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, seals) };
    nix::errno::Errno::result(sealed).map_err(super::errno)?;
    Ok(file.into())
}

/// Reads a state from its beginning. The descriptor is closed.
pub(crate) fn read_state(fd: Fd) -> Result<Vec<u8>, Errno> {
    // SAFETY: whoever has executed us has given it to us.
    let mut file = unsafe { std::fs::File::from_raw_fd(fd.0) };
    let mut text = Vec::new();
    let read = std::io::Seek::rewind(&mut file).and_then(|()| file.read_to_end(&mut text));
    read.map_err(|error| Errno(error.raw_os_error().unwrap_or(libc::EIO)))?;
    Ok(text)
}

/// A program that is being asked whether it understands a state.
pub(crate) struct Check {
    answer: OwnedFd,
    process: Option<OwnedFd>,
}

impl Check {
    /// Asks it. The state machine reaps the child, like any other that is none of its services.
    pub(crate) fn begin(
        program: &Program,
        state: &OwnedFd,
        startup: &Startup,
    ) -> Result<Self, Errno> {
        let flags = OFlag::O_CLOEXEC | OFlag::O_NONBLOCK;
        let (answer, theirs) = nix::unistd::pipe2(flags).map_err(super::errno)?;
        let pid = with_arguments(c"daemonproxy", CHECK, state, &[], |argv| {
            let mut pid = 0;
            super::signal::with_signals_blocked(|| {
                // SAFETY: one thread, and the child makes nothing but system calls.
                pid = unsafe { libc::fork() };
                if pid == 0 {
                    become_check(program, state, &theirs, startup, argv);
                }
            });
            pid
        });
        if pid < 0 {
            return Err(super::errno(nix::errno::Errno::last()));
        }
        // SAFETY: two numbers; the descriptor is new.
        let process = unsafe {
            let fd = libc::syscall(libc::SYS_pidfd_open, pid, 0) as c_int;
            (fd >= 0).then(|| OwnedFd::from_raw_fd(fd))
        };
        Ok(Self { answer, process })
    }

    /// Where the answer comes from.
    pub(crate) fn fd(&self) -> Fd {
        Fd(self.answer.as_raw_fd())
    }

    /// What has come of it; `None`: more may come. The end is nothing.
    pub(crate) fn read(&self, space: &mut [u8]) -> Option<usize> {
        super::fd::read(self.fd(), space).unwrap_or(Some(0))
    }

    /// Nobody waits for it any more.
    pub(crate) fn kill(&self) {
        if let Some(process) = &self.process {
            let (fd, none) = (process.as_raw_fd(), std::ptr::null::<libc::siginfo_t>());
            // SAFETY: numbers, and no siginfo_t.
            unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd, libc::SIGKILL, none, 0) };
        }
    }
}

/// The child: only system calls.
fn become_check(
    program: &Program,
    state: &OwnedFd,
    answer: &OwnedFd,
    startup: &Startup,
    argv: &[*const c_char],
) -> ! {
    // SAFETY: system calls on our own descriptors; the lists end in null pointers.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        libc::dup2(answer.as_raw_fd(), 1);
        libc::dup2(answer.as_raw_fd(), 2);
        libc::fcntl(state.as_raw_fd(), libc::F_SETFD, 0);
        startup.give_back();
        execute(program, argv);
        let text = super::explain(super::errno(nix::errno::Errno::last()));
        libc::write(1, text.as_ptr().cast(), text.len());
        libc::_exit(127)
    }
}

/// Lends the argument list of a daemon that is to go on with a state, or to check it.
fn with_arguments<R>(
    name: &CStr,
    option: &str,
    state: &OwnedFd,
    rest: &[CString],
    work: impl FnOnce(&[*const c_char]) -> R,
) -> R {
    let own = [option.to_owned(), state.as_raw_fd().to_string()];
    let own = own.map(|text| CString::new(text).unwrap_or_default());
    let all = [name.as_ptr()].into_iter().chain(own.iter().chain(rest).map(|text| text.as_ptr()));
    let list: Vec<*const c_char> = all.chain([std::ptr::null()]).collect();
    work(&list)
}

/// execveat(2) of what is open.
///
/// # Safety
///
/// The list ends in a null pointer.
unsafe fn execute(program: &Program, argv: &[*const c_char]) {
    // SAFETY: the caller's; the environment is a constant of the process.
    unsafe {
        libc::syscall(
            libc::SYS_execveat,
            program.file.as_raw_fd(),
            c"".as_ptr(),
            argv.as_ptr(),
            environ,
            libc::AT_EMPTY_PATH,
        );
    }
}

/// Becomes the program, which finds these descriptors open, and no others but the first three.
/// Returns only if that failed; then everything is as before.
pub(crate) fn become_program(
    program: &Program,
    state: &OwnedFd,
    keep: &[Fd],
    name: &CStr,
) -> Errno {
    // What the daemon was started with is still seen in the list of processes.
    let rest: Vec<CString> = original_arguments();
    let all = || keep.iter().copied().chain([Fd(0), Fd(1), Fd(2), Fd(state.as_raw_fd())]);
    let mut errno = Errno(0);
    with_arguments(name, RESUME, state, &rest, |argv| {
        super::signal::with_signals_blocked(|| {
            all().for_each(|fd| set_close_on_exec(fd, false));
            // SAFETY: the list ends in a null pointer.
            unsafe { execute(program, argv) };
            errno = super::errno(nix::errno::Errno::last());
            all().for_each(|fd| set_close_on_exec(fd, true));
        });
    });
    errno
}

/// What comes after the name on the command line, without what another one of us has put there.
fn original_arguments() -> Vec<CString> {
    let all: Vec<_> = std::env::args_os().skip(1).collect();
    let own = if all.first().is_some_and(|first| first == RESUME) { 2 } else { 0 };
    all.into_iter().skip(own).filter_map(|text| CString::new(text.as_bytes()).ok()).collect()
}

/// Whether a descriptor is closed when something is executed.
fn set_close_on_exec(fd: Fd, close: bool) {
    let flags = if close { FdFlag::FD_CLOEXEC } else { FdFlag::empty() };
    // One that is not open has no flags.
    let _ = fcntl(borrow(fd), FcntlArg::F_SETFD(flags));
}

/// Everything that is open is closed when something is executed. There are as many numbers as the
/// kernel has room for.
pub(crate) fn close_all_on_exec() {
    let most = super::inherit::table_size().unwrap_or(super::inherit::GUESSES);
    (0..most).for_each(|number| set_close_on_exec(Fd(number), true));
}

/// The last resort of process 1: children are reaped, and nothing else is done.
pub(crate) fn reap_for_ever() -> ! {
    loop {
        // SAFETY: system calls without memory; a status that nobody wants.
        unsafe {
            if libc::waitpid(-1, std::ptr::null_mut(), 0) < 0 {
                libc::sleep(1);
            }
        }
    }
}
