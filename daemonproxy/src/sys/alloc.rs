//! The allocator of the daemon.
//!
//! Small pieces come from the C library; whatever is nearly a page, or more, is mapped separately.
//! Most of the large pieces are room for the longest line or the fullest list: taken at the start,
//! so that it cannot be refused later, and hardly ever used. The C library keeps its bookkeeping
//! next to each piece, and small ones between them, so that at least one page of it takes up
//! memory; a page of a mapping takes up none until it is touched. In an idle daemon these pages are
//! most of the memory that it does not share with other processes.
//!
//! The allocator also remembers that memory ran out. After a failed allocation that nobody caught
//! the process aborts; the program that is then executed (`--exit-exec`) is thus told the true
//! reason.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};

static RAN_OUT: AtomicBool = AtomicBool::new(false);

/// The smallest page of any Linux.
const PAGE: usize = 4096;
/// What is larger than this is mapped separately: so at most a fifth of a page is wasted, where no
/// more than a page is asked for.
const SMALL: usize = PAGE / 5 * 4;

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

/// Whether a piece of this kind is mapped separately. Mappings are aligned to the smallest page.
fn has_pages(size: usize, align: usize) -> bool {
    size > SMALL && align <= PAGE
}

fn or_null(memory: *mut c_void) -> *mut u8 {
    if memory == libc::MAP_FAILED { std::ptr::null_mut() } else { memory.cast() }
}

/// Pages that nobody has touched: zeroes.
fn pages(size: usize) -> *mut u8 {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping, where the kernel chooses.
    or_null(unsafe { libc::mmap(std::ptr::null_mut(), size, protection, flags, -1, 0) })
}

// SAFETY: a piece is what the caller asked for, from one of two places. Which one follows from its
// layout alone, so that it goes back to where it came from; each place keeps the contract for what
// came from it.
unsafe impl GlobalAlloc for Noticing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if has_pages(layout.size(), layout.align()) {
            return Self::notice(pages(layout.size()));
        }
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        Self::notice(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if has_pages(layout.size(), layout.align()) {
            return Self::notice(pages(layout.size()));
        }
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc_zeroed`.
        Self::notice(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        if has_pages(layout.size(), layout.align()) {
            // SAFETY: a mapping of ours of this size, which the caller no longer uses.
            unsafe { libc::munmap(memory.cast(), layout.size()) };
            return;
        }
        // SAFETY: the caller keeps the contract of `GlobalAlloc::dealloc`.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let (size, align) = (layout.size(), layout.align());
        match (has_pages(size, align), has_pages(new_size, align)) {
            // SAFETY: the caller keeps the contract of `GlobalAlloc::realloc`.
            (false, false) => Self::notice(unsafe { System.realloc(memory, layout, new_size) }),
            (true, true) => {
                // SAFETY: a mapping of ours of this size; the caller uses only what is returned.
                let moved =
                    unsafe { libc::mremap(memory.cast(), size, new_size, libc::MREMAP_MAYMOVE) };
                Self::notice(or_null(moved))
            }
            // From one place to the other.
            (true, false) | (false, true) => {
                // SAFETY: the caller promises that `new_size` with this alignment is a layout; both
                // pieces have room for the shorter of the two, and are two; the old one is given
                // back when it is copied.
                unsafe {
                    let new = self.alloc(Layout::from_size_align_unchecked(new_size, align));
                    if !new.is_null() {
                        std::ptr::copy_nonoverlapping(memory, new, size.min(new_size));
                        self.dealloc(memory, layout);
                    }
                    new
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_keeps_what_is_in_it_wherever_it_moves() {
        let align = 8;
        let sizes = [16, SMALL, SMALL + 1, PAGE, PAGE + 1, 100_000, 3 * PAGE, 5000, 10];
        let layout = |size| Layout::from_size_align(size, align).unwrap();
        // SAFETY: each piece is used within its size, and given back once, with its layout.
        unsafe {
            let mut size = 12;
            let mut memory = Noticing.alloc(layout(size));
            for byte in 0..10 {
                memory.add(byte).write(byte as u8);
            }
            for new_size in sizes {
                memory = Noticing.realloc(memory, layout(size), new_size);
                size = new_size;
                let kept = std::slice::from_raw_parts(memory, 10);
                assert_eq!(kept, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "at {new_size} bytes");
                memory.add(size - 1).write(1);
                memory.add(9).write(9);
            }
            Noticing.dealloc(memory, layout(size));
        }
    }

    #[test]
    fn zeroes_are_zeroes_in_either_place() {
        for size in [100, PAGE + 1] {
            let layout = Layout::from_size_align(size, 1).unwrap();
            // SAFETY: within its size, and given back once.
            unsafe {
                let memory = Noticing.alloc_zeroed(layout);
                assert!(std::slice::from_raw_parts(memory, size).iter().all(|&byte| byte == 0));
                Noticing.dealloc(memory, layout);
            }
        }
    }
}
