//! Starting a program.
//!
//! The child is made with `clone(CLONE_VM | CLONE_VFORK)`: it borrows our memory, on a stack of its own,
//! and we stand still until it has become the program or given up (clone(2)). That costs the same
//! however large the daemon is, and it tells us more than fork does: why the program could not be
//! executed simply stands in our memory when we go on.
//!
//! Everything the child needs is made ready before. The child itself only makes system calls, and
//! allocates nothing.

use std::ffi::{c_char, c_int, c_void};

use daemonproxy_core::{ChildFd, Errno, Pid, Spawn, SpawnFailure, SpawnStage, Spawned};

use super::clock::monotonic;
use super::start::{Startup, environ};

/// Bytes of the child's stack. The C library's execvpe needs room on it for a path and, when a script
/// has no `#!`, for the argument list once more.
const STACK: usize = 1024 * 1024;
/// A page that nothing may touch, below the stack.
const STACK_GUARD: usize = 4096;

/// What the child reads, and where it says why it failed.
struct Plan {
    argv: *const *const c_char,
    fds: *mut ChildFd,
    fd_count: usize,
    startup: Startup,
    /// Exit with this instead of executing anything.
    stillborn: Option<c_int>,
    failure: Option<SpawnFailure>,
}

/// The memory for starting programs, used again and again.
pub(super) struct Spawner {
    text: Vec<u8>,
    argv: Vec<*const c_char>,
    fds: Vec<ChildFd>,
    /// The upper end of the child's stack, or null if there was no memory for one.
    stack: *mut c_void,
    startup: Startup,
}

impl Spawner {
    /// Room for every argument list of `longest` bytes is taken now.
    pub(super) fn new(startup: &Startup, longest: usize) -> Self {
        // Every byte could be the end of an empty argument.
        let fields = longest + 2;
        Self {
            text: Vec::with_capacity(fields),
            argv: Vec::with_capacity(fields),
            fds: Vec::with_capacity(fields),
            stack: map_stack(),
            startup: *startup,
        }
    }

    pub(super) fn spawn(&mut self, spawn: &Spawn<'_>) -> Result<Spawned, Errno> {
        self.text.clear();
        self.text.extend(spawn.args.as_bytes().iter().map(|&b| if b == b'\t' { 0 } else { b }));
        self.text.push(0);
        self.argv.clear();
        let mut start = 0;
        for field in spawn.args.iter() {
            self.argv.push(self.text[start..].as_ptr().cast());
            start += field.len() + 1;
        }
        self.argv.push(std::ptr::null());
        self.fds.clear();
        self.fds.extend_from_slice(spawn.fds);
        self.clone(None)
    }

    pub(super) fn stillborn(&mut self, status: i32) -> Result<Spawned, Errno> {
        self.clone(Some(status))
    }

    fn clone(&mut self, stillborn: Option<c_int>) -> Result<Spawned, Errno> {
        if self.stack.is_null() {
            self.stack = map_stack();
        }
        if self.stack.is_null() {
            return Err(Errno(libc::ENOMEM));
        }
        let mut plan = Plan {
            argv: self.argv.as_ptr(),
            fds: self.fds.as_mut_ptr(),
            fd_count: self.fds.len(),
            startup: self.startup,
            stillborn,
            failure: None,
        };
        let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
        let plan_pointer = &raw mut plan;
        // SAFETY: the stack is mapped, and used by one child at a time, since CLONE_VFORK keeps us
        // here until the child has left our memory. `plan` and all it points to live as long. The
        // child (`become_program`) only makes system calls and returns to nobody.
        let pid = unsafe { libc::clone(become_program, self.stack, flags, plan_pointer.cast()) };
        let pid = nix::errno::Errno::result(pid).map_err(super::errno)?;
        // SAFETY: the child is done with it. Volatile, for the compiler has not seen it write.
        let failure = unsafe { (&raw const plan.failure).read_volatile() };
        Ok(Spawned { pid: Pid(pid), at: monotonic(), failure })
    }
}

fn map_stack() -> *mut c_void {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_STACK | libc::MAP_NORESERVE;
    // SAFETY: a new mapping, at a place that the kernel chooses; the guard is its own lowest page.
    unsafe {
        let stack = libc::mmap(std::ptr::null_mut(), STACK, protection, flags, -1, 0);
        if stack == libc::MAP_FAILED {
            return std::ptr::null_mut();
        }
        libc::mprotect(stack, STACK_GUARD, libc::PROT_NONE);
        stack.cast::<u8>().add(STACK).cast()
    }
}

/// The child: puts everything in its place and becomes the program.
extern "C" fn become_program(plan: *mut c_void) -> c_int {
    // SAFETY: the parent made it for us and waits.
    let plan = unsafe { &mut *plan.cast::<Plan>() };
    if let Some(status) = plan.stillborn {
        // SAFETY: _exit(2) does not come back, and runs nothing of the parent's.
        unsafe { libc::_exit(status) };
    }
    let failure = match set_up(plan) {
        Ok(()) => SpawnFailure { stage: SpawnStage::Exec, errno: execute(plan) },
        Err(errno) => SpawnFailure { stage: SpawnStage::Fds, errno },
    };
    plan.failure = Some(failure);
    // SAFETY: as above.
    unsafe { libc::_exit(failure.exit_code()) }
}

fn set_up(plan: &mut Plan) -> Result<(), Errno> {
    // A process group of its own lets `service.signal … group` mean the service and its children, and
    // keeps the ^C of a terminal from the services. It can only fail for one that leads a session.
    // SAFETY: a system call on our own process.
    unsafe { libc::setpgid(0, 0) };
    // SAFETY: the parent's memory, for us alone while it waits.
    place(unsafe { std::slice::from_raw_parts_mut(plan.fds, plan.fd_count) })?;
    // Behind that, for the numbers may lie beyond the limit that the service is to have.
    plan.startup.give_back();
    Ok(())
}

/// Puts each descriptor to its number and closes all others.
///
/// A descriptor whose own number is also the place of another is first moved out of the way, behind
/// the last place; then no step can overwrite what a later one needs, whatever the permutation.
fn place(fds: &mut [ChildFd]) -> Result<(), Errno> {
    let end = c_int::try_from(fds.len()).map_err(|_| Errno(libc::EMFILE))?;
    for (number, fd) in (0..).zip(fds.iter_mut()) {
        if let ChildFd::Same(source) = fd
            && source.0 < end
            && source.0 != number
        {
            // SAFETY: fcntl(2) on numbers; what is wrong with them it tells.
            source.0 = checked(unsafe { libc::fcntl(source.0, libc::F_DUPFD_CLOEXEC, end) })?;
        }
    }
    for (number, fd) in (0..).zip(fds.iter()) {
        match *fd {
            // SAFETY: as above. dup2(2) clears close-on-exec, but does nothing at all when both
            // numbers are the same.
            ChildFd::Same(source) if source.0 == number => unsafe {
                checked(libc::fcntl(number, libc::F_SETFD, 0))?;
            },
            // SAFETY: as above.
            ChildFd::Same(source) => unsafe {
                checked(libc::dup2(source.0, number))?;
            },
            // SAFETY: it may be closed already, which is just as well.
            ChildFd::Closed => unsafe {
                libc::close(number);
            },
        }
    }
    // All our descriptors are close-on-exec anyway; this is for one that somebody else's code in
    // this process has made otherwise. A kernel before 5.9 does not know the call.
    // SAFETY: closes numbers of this process only: CLONE_FILES was not asked for.
    unsafe { libc::syscall(libc::SYS_close_range, end, c_int::MAX, 0) };
    Ok(())
}

fn checked(result: c_int) -> Result<c_int, Errno> {
    nix::errno::Errno::result(result).map_err(super::errno)
}

/// Comes back only to tell why not.
fn execute(plan: &Plan) -> Errno {
    // SAFETY: `argv` is a list of strings with a null behind it, made by the parent and not empty;
    // `environ` is the environment that the daemon was started with.
    unsafe { libc::execvpe(*plan.argv, plan.argv, environ) };
    super::errno(nix::errno::Errno::last())
}
