//! Which of Lua's libraries a script finds.
//!
//! The client is loaded before any is taken away. What it cannot do without (the basic functions,
//! `coroutine`, `string`, `table` and `package`) is always there. `debug` is not, unless it is
//! asked for, because with it a script can reach into everything that runs in the same interpreter.
//! This protects from accidents. It is not a sandbox for a script that means harm.

use mlua::{Lua, StdLib, Value};

/// The libraries that can be chosen, and whether they are there by default.
const CHOICE: [(&str, bool); 5] =
    [("math", true), ("utf8", true), ("os", true), ("io", true), ("debug", false)];
/// What is always there.
const ALWAYS: [&str; 4] = ["coroutine", "string", "table", "package"];

/// A choice, in the order of `CHOICE`.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Libs([bool; CHOICE.len()]);

impl Default for Libs {
    fn default() -> Self {
        Self(CHOICE.map(|(_, on)| on))
    }
}

impl Libs {
    /// `NAME,…` are these and no others; `+NAME` and `-NAME` change the default; `none`, `all`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split(',').collect();
        let changes = words.iter().all(|word| word.starts_with(['+', '-']));
        let mut libs = if changes { Self::default() } else { Self([false; CHOICE.len()]) };
        for word in words {
            let name = word.trim_start_matches(['+', '-']);
            match CHOICE.iter().position(|(known, _)| *known == name) {
                Some(at) => libs.0[at] = !word.starts_with('-'),
                None if word == "all" => libs.0 = [true; CHOICE.len()],
                None if word == "none" || (ALWAYS.contains(&name) && word == name) => {}
                None => {
                    let known = CHOICE.map(|(name, _)| name).join(", ");
                    return Err(format!("--libs: there is no choice {word:?}, only {known}"));
                }
            }
        }
        Ok(libs)
    }

    /// All that the client may need.
    pub(crate) fn of_the_client() -> StdLib {
        StdLib::ALL_SAFE
    }

    /// Leaves the script only what was chosen.
    pub(crate) fn apply(self, lua: &Lua) -> mlua::Result<()> {
        let loaded: mlua::Table = lua.globals().get::<mlua::Table>("package")?.get("loaded")?;
        for ((name, _), on) in CHOICE.into_iter().zip(self.0) {
            if !on {
                lua.globals().set(name, Value::Nil)?;
                loaded.set(name, Value::Nil)?;
            }
        }
        Ok(())
    }
}

/// Makes `debug` available, which mlua does not do by itself.
pub(crate) fn open_debug(lua: &Lua) -> mlua::Result<()> {
    // SAFETY: the interpreter's own function, called as it must be: in protected mode, and it
    // leaves the stack as it was. The library is unsafe, which is why it has to be asked for.
    unsafe {
        lua.exec_raw((), |state| {
            mlua::ffi::luaL_requiref(state, c"debug".as_ptr(), mlua::ffi::luaopen_debug, 1);
            mlua::ffi::lua_pop(state, 1);
        })
    }
}
