//! The allocator of the daemon: the C library's, which also notes that it once had nothing left.
//!
//! After a failed allocation that nobody caught the process aborts; the note lets the program that is
//! executed then (`--exit-exec`) be told the true reason.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, Ordering};

static RAN_OUT: AtomicBool = AtomicBool::new(false);

/// The allocator.
#[derive(Debug)]
pub struct Noticing;

impl Noticing {
    /// Whether memory ran out. Safe to ask in a signal handler.
    pub(crate) fn ran_out() -> bool {
        RAN_OUT.load(Ordering::Relaxed)
    }

    fn notice(memory: *mut u8) -> *mut u8 {
        if memory.is_null() {
            RAN_OUT.store(true, Ordering::Relaxed);
        }
        memory
    }
}

// SAFETY: everything is handed to the standard allocator with the caller's own arguments, so its
// guarantees are ours.
unsafe impl GlobalAlloc for Noticing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        Self::notice(unsafe { System.alloc(layout) })
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `GlobalAlloc::dealloc`.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `GlobalAlloc::realloc`.
        Self::notice(unsafe { System.realloc(memory, layout, new_size) })
    }
}
