//! The client in Lua, as part of this program: `require` finds it before anything else.
//!
//! Its modules have an environment of their own, in which all libraries are there, whatever the
//! script may use. Each is compiled when it is first asked for.

use mlua::{Lua, Result, Table, Value};

/// Module, file, source.
const MODULES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/modules.rs"));

/// Puts the client and `daemonproxy.host` where `require` looks first.
pub(crate) fn preload(lua: &Lua, host: Table) -> Result<()> {
    let environment = environment(lua)?;
    for &(module, file, source) in MODULES {
        let environment = environment.clone();
        let load = lua.create_function(move |lua, name: Value| {
            let chunk = lua.load(source).set_name(format!("=daemonproxy/{file}.lua"));
            let function = chunk.set_environment(environment.clone()).into_function()?;
            function.call::<Value>(name)
        })?;
        lua.preload_module(module, load)?;
    }
    lua.preload_module("daemonproxy.host", lua.create_function(move |_, ()| Ok(host.clone()))?)
}

/// The globals of the script, and under them all libraries.
fn environment(lua: &Lua) -> Result<Table> {
    let globals = lua.globals();
    let environment = lua.create_table()?;
    for library in ["math", "utf8", "os", "io", "debug"] {
        environment.raw_set(library, globals.get::<Value>(library)?)?;
    }
    let meta = lua.create_table()?;
    meta.raw_set("__index", &globals)?;
    meta.raw_set("__newindex", &globals)?;
    environment.set_metatable(Some(meta))?;
    Ok(environment)
}
