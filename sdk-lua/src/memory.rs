//! The limit on the memory that a script may use, and each time that it is reached.
//!
//! An allocation beyond the limit is a Lua error, and a script that wants too much now and then may
//! catch it. But a script that does nothing else would be at the limit for ever, so after a few
//! such errors this process leaves, and the daemon starts it again.

use std::cell::{Cell, RefCell};

use mlua::Lua;

use crate::status::MEMORY;
use crate::{leave, traceback};

/// How many such errors end the script, caught or not.
const MOST: u32 = 10;
/// Memory for reporting one.
const RESERVE: usize = 1 << 18;

thread_local! {
    static LIMITED: RefCell<Option<(Lua, usize)>> = const { RefCell::new(None) };
    static TIMES: Cell<u32> = const { Cell::new(0) };
    static HAS_RESERVE: Cell<bool> = const { Cell::new(false) };
}

/// This many bytes from now on.
pub(crate) fn limit(lua: &Lua, bytes: usize) -> mlua::Result<()> {
    lua.set_memory_limit(bytes)?;
    LIMITED.with(|it| *it.borrow_mut() = Some((lua.clone(), bytes)));
    Ok(())
}

/// The limit was reached, and somebody has caught the error.
pub(crate) fn was_met() {
    if TIMES.replace(TIMES.get() + 1) + 1 < MOST {
        return;
    }
    let kb = LIMITED.with(|it| it.borrow().as_ref().map_or(0, |(_, bytes)| bytes / 1024));
    let what = format!(
        "not enough memory (--memory {kb}), for the {MOST}th time, so this process leaves:"
    );
    traceback::show(&[&what]);
    leave::with(MEMORY.into());
}

/// A coroutine has ended because the limit was reached. There is a little more memory until the
/// next wait, to report it.
pub(crate) fn open_reserve() {
    LIMITED.with(|it| {
        if let Some((lua, bytes)) = it.borrow().as_ref() {
            HAS_RESERVE.set(lua.set_memory_limit(bytes + RESERVE).is_ok());
        }
    });
}

/// The script waits.
pub(crate) fn close_reserve() {
    if HAS_RESERVE.take() {
        LIMITED.with(|it| {
            if let Some((lua, bytes)) = it.borrow().as_ref() {
                // It was set before, so it can be set again.
                let _ = lua.set_memory_limit(*bytes);
            }
        });
    }
}
