//! `daemonproxy.host`: the client's access to the world.
//!
//! A table of functions. One of them waits, `receive`; all others return at once. What each does is
//! described in `lua/daemonproxy/plain.lua`, which has the same for an interpreter without this
//! program.

mod address;
mod handle;
mod receive;
mod schedule;
pub(crate) mod signals;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use daemonproxy_protocol::{Command, Event};
use mlua::{Function, Lua, LuaString, MultiValue, Result, Table, Thread, Value};
use nix::time::{ClockId, clock_gettime};

use crate::event;
use crate::leave;
use crate::link::Link;
use crate::options::Options;
use crate::prompt::Prompt;
use handle::{Handle, Watches};
use receive::Words;
pub(crate) use receive::is_memory;
use signals::Signals;

/// What the interpreter says when there is none left.
const NO_MEMORY: &str = "not enough memory";

pub(crate) struct Host {
    link: Rc<Link>,
    signals: Signals,
    watches: Rc<RefCell<Watches>>,
    prompt: Option<Prompt>,
    words: Words,
    limit: Option<usize>,
    /// A command that is being put together.
    line: RefCell<Vec<u8>>,
    /// Set when a line of the prompt was run: timers may have changed.
    look_again: Cell<bool>,
    /// Whether the last error was a lack of memory.
    last_was_memory: Cell<bool>,
    /// Set when memory was given back.
    has_rested: Cell<bool>,
}

impl Host {
    pub(crate) fn new(
        lua: &Lua,
        link: Link,
        signals: Signals,
        prompt: Option<Prompt>,
        options: &Options,
    ) -> Result<Rc<Self>> {
        let link = Rc::new(link);
        leave::remember(&link);
        Ok(Rc::new(Self {
            link,
            signals,
            watches: Rc::default(),
            prompt,
            words: Words::new(lua)?,
            limit: options.memory,
            line: RefCell::default(),
            look_again: Cell::new(false),
            last_was_memory: Cell::new(false),
            has_rested: Cell::new(false),
        }))
    }

    /// Whether the last error that was looked at was a lack of memory.
    pub(crate) fn last_was_memory(&self) -> bool {
        self.last_was_memory.get()
    }

    /// The table.
    pub(crate) fn table(self: &Rc<Self>, lua: &Lua, options: &Options) -> Result<Table> {
        let io = lua.create_table()?;
        io.set("name", "host")?;
        for able in ["timers", "sockets", "signals"] {
            io.set(able, true)?;
        }
        let it = Rc::clone(self);
        io.set("receive", lua.create_function(move |lua, wait| it.receive(lua, wait))?)?;
        let it = Rc::clone(self);
        let put = lua.create_function(move |_, fields: MultiValue| it.send(&fields))?;
        io.set("send", raising(lua, put)?)?;
        io.set("now", lua.create_function(|_, ()| now())?)?;
        io.set("parse_event", lua.create_function(|lua, line| parse_event(lua, &line))?)?;
        let next = |_: &Lua, (expression, zone, after): (LuaString, Option<LuaString>, i64)| {
            let zone = zone.map(|zone| zone.to_string_lossy());
            Ok(match schedule::next(&expression.to_string_lossy(), zone.as_deref(), after) {
                Ok(at) => (Some(at), None),
                Err(why) => (None, Some(why)),
            })
        };
        io.set("next_time", lua.create_function(next)?)?;
        io.set("check_command", lua.create_function(|_, line| Ok(check_command(&line)))?)?;
        let it = Rc::clone(self);
        let with_limit = move |lua: &Lua, (thread, text): (Value, Value)| {
            let is_memory = matches!(&text, Value::String(text) if *text == NO_MEMORY);
            it.last_was_memory.set(is_memory);
            let explained = match it.limit {
                Some(limit) if is_memory => {
                    let kb = limit / 1024;
                    Value::String(lua.create_string(format!("{NO_MEMORY} (--memory {kb})"))?)
                }
                _ => text,
            };
            traceback(lua, (thread, explained))
        };
        io.set("traceback", lua.create_function(with_limit)?)?;
        self.add_handles(lua, &io)?;
        let it = Rc::clone(self);
        let trap = move |_: &Lua, (name, on): (LuaString, Option<bool>)| {
            Ok(done(it.signals.trap(&name.as_bytes(), on.unwrap_or(false))))
        };
        io.set("trap", lua.create_function(trap)?)?;
        let limit = self.limit;
        io.set("memory", lua.create_function(move |lua, ()| Ok((lua.used_memory(), limit)))?)?;
        io.set(
            "leave",
            lua.create_function(|_, status: Option<i32>| -> Result<()> {
                leave::with(status.unwrap_or(0))
            })?,
        )?;
        let actions = lua.create_table()?;
        for (signal, action) in &options.on_signal {
            actions.set(signal.to_string(), *action)?;
        }
        io.set("on_signal", actions)?;
        Ok(io)
    }

    fn add_handles(self: &Rc<Self>, lua: &Lua, io: &Table) -> Result<()> {
        let watches = Rc::clone(&self.watches);
        let connect = move |lua: &Lua, address: LuaString| {
            handle(lua, Handle::connect(&address.to_string_lossy(), &watches))
        };
        io.set("connect", lua.create_function(connect)?)?;
        let watches = Rc::clone(&self.watches);
        let listen = move |lua: &Lua, address: LuaString| match Handle::listen(
            &address.to_string_lossy(),
            &watches,
        ) {
            Ok((made, at)) => Ok((Value::UserData(lua.create_userdata(made)?), at)),
            Err(why) => Ok((Value::Nil, why)),
        };
        io.set("listen", lua.create_function(listen)?)?;
        let watches = Rc::clone(&self.watches);
        let open = move |lua: &Lua, (path, mode): (LuaString, LuaString)| {
            handle(lua, Handle::open(&path.as_bytes(), &mode.to_string_lossy(), &watches))
        };
        io.set("open", lua.create_function(open)?)?;
        let watches = Rc::clone(&self.watches);
        let adopt = move |lua: &Lua, number: i32| handle(lua, Handle::adopt(number, &watches));
        io.set("adopt", lua.create_function(adopt)?)
    }

    /// `send`: true; nil and why not; or false and what is wrong with the arguments.
    fn send(&self, fields: &MultiValue) -> Result<(Option<bool>, Option<String>)> {
        let mut line = self.line.borrow_mut();
        line.clear();
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                line.push(b'\t');
            }
            let start = line.len();
            match field {
                Value::String(text) => line.extend_from_slice(&text.as_bytes()),
                Value::Integer(number) => line.extend_from_slice(number.to_string().as_bytes()),
                other => {
                    let kind = other.type_name();
                    let text = format!("a field must be a string or an integer, not a {kind}");
                    return Ok((Some(false), Some(text)));
                }
            }
            if let Some(byte) = line[start..].iter().find(|byte| matches!(byte, b'\t' | b'\n')) {
                let name = if *byte == b'\t' { "a TAB" } else { "an LF" };
                return Ok((Some(false), Some(format!("field {} has {name} in it", at + 1))));
            }
        }
        Ok(match self.link.output.borrow_mut().send(&line) {
            Ok(()) => (Some(true), None),
            Err(why) => (None, Some(why.to_owned())),
        })
    }
}

/// A function that raises a Lua error where the given one returns false and a text.
fn raising(lua: &Lua, function: Function) -> Result<Function> {
    let code = "local f, error = ...
        local function check(ok, why)
            if ok == false then error(why, 3) end
            return ok, why
        end
        return function(...) return check(f(...)) end";
    let error: Function = lua.globals().get("error")?;
    lua.load(code).set_name("=daemonproxy/host").call((function, error))
}

fn now() -> Result<f64> {
    let now = clock_gettime(ClockId::CLOCK_MONOTONIC).map_err(mlua::Error::external)?;
    Ok(Duration::from(now).as_secs_f64())
}

fn parse_event(lua: &Lua, line: &LuaString) -> Result<(Value, Option<String>)> {
    match Event::parse(&line.as_bytes()) {
        Ok(event) => Ok((Value::Table(event::table(lua, &event)?), None)),
        Err(error) => Ok((Value::Nil, Some(error.to_string()))),
    }
}

fn check_command(line: &LuaString) -> (Option<bool>, Option<String>) {
    done(Command::parse(&line.as_bytes()).map(drop).map_err(|refusal| refusal.to_string()))
}

/// Of the given coroutine, or of the one that runs: a text, and where it is.
pub(crate) fn traceback(lua: &Lua, (thread, text): (Value, Value)) -> Result<Value> {
    let (thread, text) = match thread {
        Value::Thread(thread) => (Some(thread), text),
        text => (None, text),
    };
    // What is not text is passed on, as debug.traceback does.
    let text = match lua.coerce_string(text.clone()) {
        Ok(Some(text)) => Some(text),
        Ok(None) | Err(_) if text.is_nil() => None,
        Ok(None) | Err(_) => return Ok(text),
    };
    of_thread(lua, thread, text.as_ref()).map(Value::String)
}

fn of_thread(lua: &Lua, thread: Option<Thread>, text: Option<&LuaString>) -> Result<LuaString> {
    let Some(thread) = thread else {
        let text = text.map(LuaString::to_string_lossy);
        return lua.traceback(text.as_deref(), 1);
    };
    let message = text.cloned();
    // SAFETY: called in protected mode with the thread and the text (or nil) on the stack, where
    // they stay until the result is there; lua_tolstring ends what it gives with a NUL.
    unsafe {
        lua.exec_raw((thread, message), |state| {
            let of = mlua::ffi::lua_tothread(state, -2);
            let text = mlua::ffi::lua_tolstring(state, -1, std::ptr::null_mut());
            mlua::ffi::luaL_traceback(state, of, text, 0);
            mlua::ffi::lua_replace(state, -3);
            mlua::ffi::lua_pop(state, 1);
        })
    }
}

fn handle(lua: &Lua, made: std::result::Result<Handle, String>) -> Result<(Value, Option<String>)> {
    match made {
        Ok(handle) => Ok((Value::UserData(lua.create_userdata(handle)?), None)),
        Err(why) => Ok((Value::Nil, Some(why))),
    }
}

/// True, or nil and why not.
fn done(result: std::result::Result<(), String>) -> (Option<bool>, Option<String>) {
    match result {
        Ok(()) => (Some(true), None),
        Err(why) => (None, Some(why)),
    }
}
