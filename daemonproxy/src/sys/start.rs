//! The first things in the life of the process, and how it goes to the background.

use std::ffi::CStr;

use daemonproxy_core::{Errno, Fd};
use nix::fcntl::OFlag;
use nix::sys::mman::{MlockAllFlags, mlockall};
use nix::sys::stat::{Mode, umask};
use nix::unistd::{ForkResult, fork, getpid, setsid};

use super::errno;
use super::fd::{borrow, give};
use super::signal::Dispositions;

/// What the daemon was started with and changes for itself, and what its services get back.
#[derive(Copy, Clone)]
pub(crate) struct Startup {
    pub(crate) dispositions: Dispositions,
    pub(crate) umask: libc::mode_t,
    pub(crate) open_files: libc::rlimit,
}

impl Startup {
    /// Changes them: nothing that the daemon makes is for others (umask 077), and it may have as many
    /// descriptors as the kernel lets it.
    pub(crate) fn take_over() -> Self {
        let mut open_files = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: one rlimit is read and one is written; both are ours.
        unsafe {
            libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut open_files);
            let most = libc::rlimit { rlim_cur: open_files.rlim_max, ..open_files };
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const most);
        }
        Self {
            dispositions: Dispositions::take_over(),
            umask: umask(Mode::from_bits_truncate(0o077)).bits(),
            open_files,
        }
    }
}

/// Whether we are the first process of a machine or of a pid namespace.
pub(crate) fn is_pid1() -> bool {
    getpid().as_raw() == 1
}

/// Opens the config file for reading.
pub(crate) fn open_config(path: &CStr) -> Result<Fd, Errno> {
    let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NOCTTY | OFlag::O_NONBLOCK;
    nix::fcntl::open(path, flags, Mode::empty()).map(give).map_err(errno)
}

/// Keeps all memory, now and later, from being swapped out (mlockall(2)).
pub(crate) fn lock_memory() -> Result<(), Errno> {
    mlockall(MlockAllFlags::MCL_CURRENT | MlockAllFlags::MCL_FUTURE).map_err(errno)
}

/// Goes on in a child with a session of its own. In the parent, `parent` is called with the child's pid
/// and then the parent ends.
pub(crate) fn daemonize(null: Fd, parent: impl FnOnce(i32)) -> Result<(), Errno> {
    // SAFETY: the process has one thread, so the child may do anything.
    match unsafe { fork() }.map_err(errno)? {
        ForkResult::Parent { child } => {
            parent(child.as_raw());
            // SAFETY: ends the process without running what belongs to the child.
            unsafe { libc::_exit(0) }
        }
        ForkResult::Child => {
            setsid().map_err(errno)?;
            nix::unistd::dup2_stdin(borrow(null)).map_err(errno)?;
            nix::unistd::dup2_stdout(borrow(null)).map_err(errno)?;
            nix::unistd::dup2_stderr(borrow(null)).map_err(errno)
        }
    }
}
