//! Which mutant is on: the one whose number is in the environment as `MUTANT`, or none.
//!
//! The environment is read before `main`, so that asking never allocates: some tests count
//! allocations.

#![allow(unsafe_code)]

use std::ffi::{CStr, c_char};
use std::sync::atomic::{AtomicUsize, Ordering};

static ON: AtomicUsize = AtomicUsize::new(usize::MAX);

unsafe extern "C" {
    fn getenv(name: *const c_char) -> *const c_char;
}

// SAFETY: the loader calls what is in this section, once, before `main`.
#[unsafe(link_section = ".init_array")]
#[used]
static INIT: extern "C" fn() = init;

extern "C" fn init() {
    ON.store(number(c"MUTANT"), Ordering::Relaxed);
}

fn number(name: &CStr) -> usize {
    // SAFETY: there is one thread yet, and `name` ends with a zero.
    let value = unsafe { getenv(name.as_ptr()) };
    if value.is_null() {
        return usize::MAX;
    }
    // SAFETY: getenv gives a string that ends with a zero.
    let value = unsafe { CStr::from_ptr(value) };
    value.to_str().ok().and_then(|text| text.parse().ok()).unwrap_or(usize::MAX)
}

/// Whether this mutant is on.
#[inline]
pub fn on(mutant: usize) -> bool {
    ON.load(Ordering::Relaxed) == mutant
}
