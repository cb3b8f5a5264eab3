//! Places in our memory for children that share it.
//!
//! Each holds what one child needs: a stack, its plan, and what that points to. It is reused when
//! the child has left it: when it has executed its program, or has ended. The mapping is never
//! removed; if the daemon ends or executes something, the kernel keeps it for the children that are
//! in it.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use daemonproxy_core::{ChildFd, Errno, Pid};

use super::child::{self, LONGEST_PATH, Plan};
use super::layout::Layout;

/// How many there are: enough that a burst on a busy machine, whose children must wait for a
/// processor, does not end in forks. Unused ones cost nothing.
const COUNT: usize = 64;
/// How many keep the memory that they have used; the others give it back.
const KEPT: usize = 8;
/// Bytes of a stack. The child calls a handful of small functions.
const STACK: usize = 8 * 1024;
/// Guard bytes below the stack.
const GUARD: usize = 4096;
/// Room here for the bytes of an argument list, for its arguments, and for descriptors.
const TEXT: usize = 4096;
const ARGS: usize = 126;
const FDS: usize = 64;

/// Above the stack. Most starts touch one page of it, and one more for the search in PATH.
#[repr(C)]
struct Shelf {
    plan: MaybeUninit<Plan>,
    fds: [ChildFd; FDS],
    argv: [*const c_char; ARGS + 2],
    text: [u8; TEXT],
    candidate: [u8; LONGEST_PATH],
}

/// One place.
const SIZE: usize = (GUARD + STACK + size_of::<Shelf>()).next_multiple_of(4096);

/// All of them.
pub(super) struct Places {
    memory: Option<NonNull<c_void>>,
    taken: [bool; COUNT],
}

impl Places {
    /// As many as there is memory for: all or none.
    pub(super) fn new() -> Self {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_STACK | libc::MAP_NORESERVE;
        // SAFETY: a new mapping, where the kernel chooses; the guards are pages of its own.
        let memory = unsafe {
            let memory = libc::mmap(std::ptr::null_mut(), COUNT * SIZE, protection, flags, -1, 0);
            if memory == libc::MAP_FAILED {
                return Self::none();
            }
            for nth in 0..COUNT {
                libc::mprotect(memory.byte_add(nth * SIZE), GUARD, libc::PROT_NONE);
            }
            memory
        };
        Self { memory: NonNull::new(memory), taken: [false; COUNT] }
    }

    /// No places at all.
    pub(super) const fn none() -> Self {
        Self { memory: None, taken: [false; COUNT] }
    }

    /// A free place, with the list and the descriptors in it and the plan about them. `None` if
    /// there is no place, or they do not fit.
    pub(super) fn take(
        &mut self,
        layout: &Layout<'_>,
        fds: &[ChildFd],
        plan: &mut Plan,
    ) -> Option<usize> {
        let sizes = layout.sizes();
        if sizes.text > TEXT || sizes.argv > ARGS + 2 || fds.len() > FDS {
            return None;
        }
        let place = self.taken.iter().position(|&taken| !taken)?;
        // SAFETY: nobody is in there, and all-zero memory is a valid shelf; the mapping has page
        // alignment.
        let shelf = unsafe { &mut *self.shelf(place)? };
        layout.write(&mut shelf.text[..sizes.text], &mut shelf.argv[..sizes.argv], plan);
        shelf.fds[..fds.len()].copy_from_slice(fds);
        plan.fds = shelf.fds.as_mut_ptr();
        plan.candidate = shelf.candidate.as_mut_ptr();
        self.taken[place] = true;
        Some(place)
    }

    /// Whether all are taken, if there are any.
    pub(super) fn are_full(&self) -> bool {
        self.memory.is_some() && self.taken.iter().all(|&taken| taken)
    }

    /// A child that carries out the plan, in this place.
    pub(super) fn clone(&mut self, place: usize, plan: Plan) -> Result<Pid, Errno> {
        let shelf = self.shelf(place).ok_or(Errno(libc::ENOMEM))?;
        // SAFETY: the place was taken for this child, and the stack below it is its own. From here
        // on it alone uses both, until `leave`. The child only makes system calls and returns to
        // nobody.
        let pid = unsafe {
            let plan = (*shelf).plan.write(plan);
            libc::clone(
                child::begin,
                shelf.cast(),
                libc::CLONE_VM | libc::SIGCHLD,
                (&raw mut *plan).cast(),
            )
        };
        nix::errno::Errno::result(pid).map(Pid).map_err(super::super::errno)
    }

    /// Nobody is in there any more.
    pub(super) fn leave(&mut self, place: usize) {
        let Some(taken) = self.taken.get_mut(place) else { return };
        *taken = false;
        if let Some(bottom) = self.bottom(place)
            && place >= KEPT
        {
            // SAFETY: nobody uses it, and the next user finds zeroes, which are as good.
            unsafe { libc::madvise(bottom, SIZE - GUARD, libc::MADV_DONTNEED) };
        }
    }

    /// Where the stack ends, and the guard with it.
    fn bottom(&self, place: usize) -> Option<*mut c_void> {
        // SAFETY: within the mapping.
        self.memory.map(|memory| unsafe { memory.byte_add(place * SIZE + GUARD) }.as_ptr())
    }

    /// Where the stack begins.
    fn shelf(&self, place: usize) -> Option<*mut Shelf> {
        // SAFETY: within the mapping, which has room for both.
        self.bottom(place).map(|bottom| unsafe { bottom.byte_add(STACK) }.cast())
    }
}
