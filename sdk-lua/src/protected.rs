//! `pcall` and `xpcall`, so that it is known when the memory limit was reached and the script has
//! caught the error.
//!
//! They do what those of the interpreter do (lbaselib.c). They are C functions in all but language:
//! an error leaves them by longjmp, so nothing in them may need to be dropped.

use std::ffi::c_int;

use mlua::ffi::{self, lua_KContext, lua_State};
use mlua::{Lua, Result};

use crate::memory;

/// Replaces the functions of the interpreter.
pub(crate) fn install(lua: &Lua) -> Result<()> {
    // SAFETY: these are written to be called by the interpreter, each with any arguments whatever.
    unsafe {
        lua.globals().raw_set("pcall", lua.create_c_function(pcall)?)?;
        lua.globals().raw_set("xpcall", lua.create_c_function(xpcall)?)
    }
}

/// What comes after the call, whether at once or when a coroutine is resumed. `before` values are
/// below the results.
unsafe extern "C-unwind" fn finish(
    state: *mut lua_State,
    status: c_int,
    before: lua_KContext,
) -> c_int {
    if status == ffi::LUA_ERRMEM {
        memory::was_met();
    }
    // SAFETY: called by the interpreter, or below with a stack of the same shape.
    unsafe {
        if status == ffi::LUA_OK || status == ffi::LUA_YIELD {
            return ffi::lua_gettop(state) - c_int::try_from(before).unwrap_or(0);
        }
        ffi::lua_pushboolean(state, 0);
        ffi::lua_pushvalue(state, -2);
        2
    }
}

unsafe extern "C-unwind" fn pcall(state: *mut lua_State) -> c_int {
    // SAFETY: called by the interpreter.
    unsafe {
        ffi::luaL_checkany(state, 1);
        // The first result, if there is no error.
        ffi::lua_pushboolean(state, 1);
        ffi::lua_insert(state, 1);
        let nargs = ffi::lua_gettop(state) - 2;
        let status = ffi::lua_pcallk(state, nargs, ffi::LUA_MULTRET, 0, 0, Some(finish));
        finish(state, status, 0)
    }
}

unsafe extern "C-unwind" fn xpcall(state: *mut lua_State) -> c_int {
    // SAFETY: called by the interpreter.
    unsafe {
        let count = ffi::lua_gettop(state);
        ffi::luaL_checktype(state, 2, ffi::LUA_TFUNCTION);
        ffi::lua_pushboolean(state, 1);
        ffi::lua_pushvalue(state, 1);
        // Below the arguments: the function, its error handler, true, and the function again.
        ffi::lua_rotate(state, 3, 2);
        let status = ffi::lua_pcallk(state, count - 2, ffi::LUA_MULTRET, 2, 2, Some(finish));
        finish(state, status, 2)
    }
}
