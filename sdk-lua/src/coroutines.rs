//! The functions of `coroutine` that switch from one coroutine to another, so that it is known at
//! every moment which one runs (`running`): the watchdog has to stop just that one.
//!
//! They do what those of the interpreter do (lcorolib.c), and record the switch. They are C
//! functions in all but language: an error leaves them by longjmp, so nothing in them may need to
//! be dropped.

use std::ffi::c_int;

use mlua::ffi::{self, lua_State};
use mlua::{Lua, Result, Table};

use crate::{memory, running, watchdog};

/// Replaces the functions of the interpreter. What runs now is the main one.
pub(crate) fn install(lua: &Lua) -> Result<()> {
    running::main_is(lua.exec_raw_lua(mlua::state::RawLua::state));
    let table: Table = lua.globals().get("coroutine")?;
    // SAFETY: these are written to be called by the interpreter, each with any arguments whatever.
    unsafe {
        table.raw_set("resume", lua.create_c_function(resume)?)?;
        table.raw_set("wrap", lua.create_c_function(wrap)?)?;
        table.raw_set("close", lua.create_c_function(close)?)?;
    }
    Ok(())
}

/// Runs `switch`, which makes `co` run, and tells the watchdog. `switch` must not raise an error.
///
/// # Safety
/// `from` is the coroutine that runs, `co` one that does not.
unsafe fn with_current(
    from: *mut lua_State,
    co: *mut lua_State,
    switch: impl FnOnce() -> c_int,
) -> c_int {
    watchdog::entering(co);
    let status = running::during(co, switch);
    watchdog::returned(from);
    status
}

/// Passes `nargs` values from the top of one stack and gets the results, or -1 and an error.
///
/// # Safety
/// `from` is the coroutine that runs and has `nargs` values on its stack.
unsafe fn pass(from: *mut lua_State, co: *mut lua_State, nargs: c_int) -> c_int {
    // SAFETY: as lcorolib.c does it: room is asked for before anything is moved.
    unsafe {
        if ffi::lua_checkstack(co, nargs) == 0 {
            ffi::lua_pushstring(from, c"too many arguments to resume".as_ptr());
            return -1;
        }
        ffi::lua_xmove(from, co, nargs);
        let mut results = 0;
        let status = with_current(from, co, || ffi::lua_resume(co, from, nargs, &raw mut results));
        if status != ffi::LUA_OK && status != ffi::LUA_YIELD {
            if status == ffi::LUA_ERRMEM {
                memory::was_met();
                memory::open_reserve();
            }
            ffi::lua_xmove(co, from, 1);
            return -1;
        }
        if ffi::lua_checkstack(from, results + 1) == 0 {
            ffi::lua_pop(co, results);
            ffi::lua_pushstring(from, c"too many results to resume".as_ptr());
            return -1;
        }
        ffi::lua_xmove(co, from, results);
        results
    }
}

/// The first argument, which must be a coroutine.
///
/// # Safety
/// `state` is the coroutine that runs.
unsafe fn argument(state: *mut lua_State) -> *mut lua_State {
    // SAFETY: reads the stack only; the error does not return.
    unsafe {
        let co = ffi::lua_tothread(state, 1);
        if co.is_null() {
            ffi::luaL_argerror(state, 1, c"coroutine expected".as_ptr());
        }
        co
    }
}

unsafe extern "C-unwind" fn resume(state: *mut lua_State) -> c_int {
    // SAFETY: called by the interpreter.
    unsafe {
        let co = argument(state);
        let results = pass(state, co, ffi::lua_gettop(state) - 1);
        let ok = results >= 0;
        let count = if ok { results } else { 1 };
        ffi::lua_pushboolean(state, c_int::from(ok));
        ffi::lua_insert(state, -(count + 1));
        count + 1
    }
}

unsafe extern "C-unwind" fn wrap(state: *mut lua_State) -> c_int {
    // SAFETY: called by the interpreter.
    unsafe {
        ffi::luaL_checktype(state, 1, ffi::LUA_TFUNCTION);
        let co = ffi::lua_newthread(state);
        ffi::lua_pushvalue(state, 1);
        ffi::lua_xmove(state, co, 1);
        ffi::lua_pushcclosure(state, wrapped, 1);
        1
    }
}

/// What `wrap` returns.
unsafe extern "C-unwind" fn wrapped(state: *mut lua_State) -> c_int {
    // SAFETY: called by the interpreter, with the coroutine that `wrap` made as its upvalue.
    unsafe {
        let co = ffi::lua_tothread(state, ffi::lua_upvalueindex(1));
        let results = pass(state, co, ffi::lua_gettop(state));
        if results >= 0 {
            return results;
        }
        let mut status = ffi::lua_status(co);
        if status != ffi::LUA_OK && status != ffi::LUA_YIELD {
            // It has died of an error: close what it left open.
            status = with_current(state, co, || ffi::lua_closethread(co, state));
            ffi::lua_xmove(co, state, 1);
        }
        if status != ffi::LUA_ERRMEM && ffi::lua_type(state, -1) == ffi::LUA_TSTRING {
            ffi::luaL_where(state, 1);
            ffi::lua_insert(state, -2);
            ffi::lua_concat(state, 2);
        }
        ffi::lua_error(state)
    }
}

unsafe extern "C-unwind" fn close(state: *mut lua_State) -> c_int {
    // SAFETY: called by the interpreter.
    unsafe {
        let co = argument(state);
        if co == state {
            ffi::luaL_error(state, c"cannot close a running coroutine".as_ptr());
        }
        let mut frame = std::mem::zeroed();
        let is_normal =
            ffi::lua_status(co) == ffi::LUA_OK && ffi::lua_getstack(co, 0, &raw mut frame) != 0;
        if is_normal {
            ffi::luaL_error(state, c"cannot close a normal coroutine".as_ptr());
        }
        if with_current(state, co, || ffi::lua_closethread(co, state)) == ffi::LUA_OK {
            ffi::lua_pushboolean(state, 1);
            return 1;
        }
        ffi::lua_pushboolean(state, 0);
        ffi::lua_xmove(co, state, 1);
        2
    }
}
