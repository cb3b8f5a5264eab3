//! The first things in the life of the process.

use std::ffi::{CStr, OsString, c_char};

use daemonproxy_core::{Errno, Fd, Read, StateLine, Value, Writer, Wrong, split};
use nix::fcntl::OFlag;
use nix::sys::mman::{MlockAllFlags, mlockall};
use nix::sys::stat::{Mode, SFlag, umask};
use nix::unistd::getpid;

use super::dispositions::{self, Dispositions};
use super::errno;
use super::fd::give;
use super::raw;

/// Bytes of the smallest page of any Linux; the kernel refuses a multiple of it that is not a page
/// boundary, and then nothing happens.
const PAGE: usize = 4096;
/// More bytes of stack than a system call takes, with the frame that makes it.
const LAST_CALL: usize = 1024;
/// Bytes of stack that the start may have used.
const USED_STACK: usize = 64 * 1024;

unsafe extern "C" {
    /// The environment, see environ(7). Nothing in the daemon changes it.
    pub(super) static environ: *const *const c_char;
}

/// What the daemon was started with and changes for itself, and what its services get back.
#[derive(Copy, Clone)]
pub(crate) struct Startup {
    pub(crate) dispositions: Dispositions,
    pub(crate) umask: libc::mode_t,
    pub(crate) open_files: libc::rlimit,
}

impl Startup {
    /// Changes them: nothing that the daemon makes is for others (umask 077), and it may have as
    /// many descriptors as the kernel allows.
    pub(crate) fn take_over() -> Self {
        let mut open_files = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: one rlimit is read and one is written; both are ours.
        unsafe {
            libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut open_files);
            let most = libc::rlimit { rlim_cur: open_files.rlim_max, ..open_files };
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const most);
        }
        // From here on, signals that are waited for only wait to be read.
        super::signal::await_signals();
        Self {
            dispositions: Dispositions::take_over(),
            umask: umask(Mode::from_bits_truncate(0o077)).bits(),
            open_files,
        }
    }

    /// Writes it for another daemon that goes on as us.
    pub(super) fn write_state(&self, to: &mut Writer) {
        let Self { dispositions, umask, open_files } = self;
        let [changed, inherited] = dispositions.bits();
        to.begin(b"resume.startup");
        to.keyed("changed", &changed);
        to.keyed("inherited", &inherited);
        to.keyed("umask", umask);
        to.keyed("soft", &{ open_files.rlim_cur });
        to.keyed("hard", &{ open_files.rlim_max });
        to.end();
    }

    /// Reads that.
    pub(crate) fn read<'a>(line: StateLine<'a>) -> Read<'a, Self> {
        let (mut bits, mut umask) = ([0, 0], 0);
        let mut open_files = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        for field in line.rest.iter() {
            let (key, value) = split(field)?;
            let read = match key {
                b"changed" => u64::read(&mut bits[0], value),
                b"inherited" => u64::read(&mut bits[1], value),
                b"umask" => libc::mode_t::read(&mut umask, value),
                b"soft" => libc::rlim_t::read(&mut open_files.rlim_cur, value),
                b"hard" => libc::rlim_t::read(&mut open_files.rlim_max, value),
                _ => return Err(Wrong::Key(key)),
            };
            read.ok_or(Wrong::Value(field))?;
        }
        Ok(Self { dispositions: Dispositions::read(bits), umask, open_files })
    }

    /// Goes on with what another one of us has found at its start.
    pub(crate) fn go_on(&mut self) {
        super::signal::await_signals();
        self.dispositions.go_on();
    }

    /// Restores everything, for a program that is about to be executed: only system calls, which
    /// leave `errno` alone, since this runs in a child that shares our memory. Signals are let in
    /// last: one that waits finds its default.
    pub(super) fn give_back(&self) {
        self.dispositions.restore();
        self.give_back_limits();
        dispositions::block_none();
    }

    /// Restores everything but signals.
    pub(super) fn give_back_limits(&self) {
        let number = |limit| if limit == libc::RLIM_INFINITY { u64::MAX } else { limit };
        let open_files = [number(self.open_files.rlim_cur), number(self.open_files.rlim_max)];
        let limit = (&raw const open_files).expose_provenance();
        // SAFETY: system calls on our own process, with memory of our own.
        unsafe {
            let _ = raw::call(libc::SYS_umask, [self.umask as usize, 0, 0, 0, 0]);
            let _ = raw::call(libc::SYS_prlimit64, [0, libc::RLIMIT_NOFILE as usize, limit, 0, 0]);
        }
    }
}

/// Takes out of the environment what is there for the daemon alone. Only while there is one thread,
/// and before anybody has looked at the environment for services.
pub(super) fn take_variables<const N: usize>(names: [&str; N]) -> [Option<OsString>; N] {
    names.map(|name| {
        // Nothing is taken out that is not there: that would cost a page, in which the C library has
        // its lock.
        let value = std::env::var_os(name)?;
        // SAFETY: the process has one thread, which holds no reference into the environment.
        unsafe { std::env::remove_var(name) };
        Some(value)
    })
}

/// Gives back memory that only the start needed: free pages of the heap, the stack below, and the
/// program's own code, of which the loop uses only a part. What is needed again comes back by
/// itself.
///
/// Never a part of its caller, whose frame may be larger than what is left alone below `here`.
#[inline(never)]
pub(crate) fn forget_the_start() {
    unsafe extern "C" {
        /// The first byte of the program and the first after its code (end(3), ld(1)).
        static __executable_start: u8;
        static etext: u8;
    }
    // SAFETY: from one symbol to the other there is nothing but read-only file pages: headers,
    // constants and code, none of it changed by a relocation (a position-independent program has
    // those after its code). Dropping them loses nothing (madvise(2), MADV_DONTNEED). The last
    // page, which may also hold something else, is left alone.
    unsafe {
        let start = (&raw const __executable_start).addr().next_multiple_of(PAGE);
        let end = (&raw const etext).addr() / PAGE * PAGE;
        if start < end {
            let place = std::ptr::with_exposed_provenance_mut(start);
            libc::madvise(place, end - start, libc::MADV_DONTNEED);
        }
        libc::malloc_trim(0);
    }
    let here = 0_u8;
    let below = ((&raw const here).addr() - LAST_CALL) / PAGE * PAGE;
    // SAFETY: nobody owns what lies below the frames in use; enough is left for the one call made
    // here. If the stack has not grown that far there is nothing to give back, and the kernel says
    // so.
    unsafe {
        let place = std::ptr::with_exposed_provenance_mut(below - USED_STACK);
        libc::madvise(place, USED_STACK, libc::MADV_DONTNEED);
    }
}

/// Whether we are the first process of a machine or of a pid namespace.
pub(crate) fn is_pid1() -> bool {
    getpid().as_raw() == 1
}

/// Opens the config file for reading.
pub(crate) fn open_config(path: &CStr) -> Result<Fd, Errno> {
    let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NOCTTY | OFlag::O_NONBLOCK;
    let fd = nix::fcntl::open(path, flags, Mode::empty()).map_err(errno)?;
    // A directory can be opened, and only reading it would fail.
    let stat = nix::sys::stat::fstat(&fd).map_err(errno)?;
    if SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT == SFlag::S_IFDIR {
        return Err(Errno(libc::EISDIR));
    }
    Ok(give(fd))
}

/// Keeps all memory, now and later, from being swapped out (mlockall(2)).
pub(crate) fn lock_memory() -> Result<(), Errno> {
    mlockall(MlockAllFlags::MCL_CURRENT | MlockAllFlags::MCL_FUTURE).map_err(errno)
}
