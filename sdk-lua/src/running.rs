//! The coroutines that run: the innermost, the one that resumed it, and so on to the main one.
//!
//! It can be read at any moment, even by a signal handler and while memory is being allocated: that
//! is how the watchdog and the memory limit know what to stop, and what to report.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use mlua::ffi::lua_State;

/// A coroutine that was resumed, and the one that did so. It lives on the stack of `during`.
struct Resumed {
    co: *mut lua_State,
    by: *const Resumed,
}

/// The innermost of those that were resumed; null while the main one runs.
static CURRENT: AtomicPtr<Resumed> = AtomicPtr::new(ptr::null_mut());
/// The main one; null before there is an interpreter.
static MAIN: AtomicPtr<lua_State> = AtomicPtr::new(ptr::null_mut());

/// What runs from now on, outside of all coroutines.
pub(crate) fn main_is(state: *mut lua_State) {
    MAIN.store(state, Ordering::Relaxed);
}

/// The coroutine that runs now, the one that resumed it, and so on to the main one.
pub(crate) fn innermost_first() -> impl Iterator<Item = *mut lua_State> {
    let mut at = CURRENT.load(Ordering::Relaxed).cast_const();
    let resumed = std::iter::from_fn(move || {
        // SAFETY: what it points to is on the stack of a function that has not returned.
        let resumed = unsafe { at.as_ref() }?;
        at = resumed.by;
        Some(resumed.co)
    });
    let main = MAIN.load(Ordering::Relaxed);
    resumed.chain((!main.is_null()).then_some(main))
}

/// `co` runs for as long as `switch` takes, which must not raise an error.
pub(crate) fn during<T>(co: *mut lua_State, switch: impl FnOnce() -> T) -> T {
    let by = CURRENT.load(Ordering::Relaxed);
    let mut resumed = Resumed { co, by };
    // A signal handler that sees it must see all of it.
    CURRENT.store(&raw mut resumed, Ordering::Release);
    let done = switch();
    CURRENT.store(by, Ordering::Relaxed);
    done
}
