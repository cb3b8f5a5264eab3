//! The interpreter: set up, given the script, and run to its end.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

use mlua::{Function, Lua, LuaOptions, MultiValue, Table, Value};

use crate::host::signals::Signals;
use crate::host::{self, Host, is_memory};
use crate::libs::{self, Libs};
use crate::link::Link;
use crate::options::{Options, Peer, Source};
use crate::prompt::Prompt;
use crate::status::{FAILED, Failure, MEMORY, Result};
use crate::{coroutines, leave, memory, modules, protected, script, standard, watchdog};

/// Whether a script can be compiled.
pub(crate) fn check(path: &Path) -> Result<()> {
    let lua = Lua::new_with(mlua::StdLib::NONE, LuaOptions::default()).map_err(|e| broken(&e))?;
    script::compile(&lua, &script::read(path)?, &script::name_of(path)).map(drop)
}

pub(crate) fn run(options: &Options) -> Result<()> {
    // First, what can be found out without the daemon.
    let lua =
        Lua::new_with(Libs::of_the_client(), LuaOptions::default()).map_err(|e| broken(&e))?;
    let chunk = chunk(&lua, &options.source)?;
    let prompt = options.interactive.then(Prompt::prepare).transpose()?;
    let link = connect(&options.peer)?;
    let by_hand = matches!(options.peer, Peer::Socket(_)) && !options.interactive;
    let signals = Signals::new(by_hand).map_err(|error| cannot("handle signals", error))?;
    watchdog::start(options.watchdog).map_err(|error| cannot("handle SIGALRM", error))?;
    let traceback = lua.create_function(host::traceback).map_err(|error| broken(&error))?;
    let prompt = prompt.map(|prompt| prompt.start(&lua, traceback)).transpose()?;
    let has_prompt = prompt.is_some();
    let (start, host) =
        set_up(&lua, options, link, signals, prompt).map_err(|error| cannot_start(&error))?;
    if let Some(limit) = options.memory {
        memory::limit(&lua, limit).map_err(|error| broken(&error))?;
    }
    let chunk = if has_prompt { with_client(&lua, chunk)? } else { chunk };
    let done = enter(&lua, &start, chunk, options, &host);
    if has_prompt {
        leave::last_words("the connection to the daemon has ended");
    }
    done
}

fn chunk(lua: &Lua, source: &Source) -> Result<Function> {
    match source {
        Source::File(path) => script::compile(lua, &script::read(path)?, &script::name_of(path)),
        Source::Text(text) => script::compile(lua, text.as_bytes(), b"=(command line)"),
        Source::Prompt => script::compile(lua, b"", b"=prompt"),
    }
}

/// At the prompt, `dp` is the client before anything is typed.
fn with_client(lua: &Lua, chunk: Function) -> Result<Function> {
    let code = "local chunk, require = ...
        return function(...)
            dp = require 'daemonproxy'
            return chunk(...)
        end";
    let made = lua.globals().get::<Function>("require").and_then(|require| {
        lua.load(code).set_name("=daemonproxy/prompt.lua").call((chunk, require))
    });
    made.map_err(|error| broken(&error))
}

fn connect(peer: &Peer) -> Result<Link> {
    match peer {
        Peer::Inherited => {
            let (input, output) = standard::take()?;
            Link::inherited(input, output).map_err(|error| cannot("use descriptors 0 and 1", error))
        }
        Peer::Socket(path) => {
            let stream = daemonproxy_client::connect(&daemonproxy_client::find(path.as_deref())?)?;
            Link::connected(stream)
                .map_err(|error| Failure::new(FAILED, format!("the connection: {error}")))
        }
    }
}

/// Everything that a script finds. The result is the function by which the client starts it.
fn set_up(
    lua: &Lua,
    options: &Options,
    link: Link,
    signals: Signals,
    prompt: Option<Prompt>,
) -> mlua::Result<(Function, Rc<Host>)> {
    // Nothing of what is made here is garbage.
    lua.gc_stop();
    libs::open_debug(lua)?;
    coroutines::install(lua)?;
    protected::install(lua)?;
    let host = Host::new(lua, link, signals, prompt, options)?;
    modules::preload(lua, host.table(lua, options)?)?;
    let globals = lua.globals();
    globals.get::<Table>("os")?.set("exit", lua.create_function(|_, status| exit(&status))?)?;
    unbuffered(&globals)?;
    set_path(lua, &options.source)?;
    set_arguments(lua, options)?;
    let require: Function = globals.get("require")?;
    let start = require.call("daemonproxy.start")?;
    options.libs.apply(lua)?;
    lua.gc_restart();
    Ok((start, host))
}

/// `os.exit([status])`: true is 0, false is 1.
fn exit(status: &Value) -> mlua::Result<()> {
    leave::with(match *status {
        Value::Integer(status) => i32::try_from(status & 0xff).unwrap_or(1),
        Value::Boolean(false) => 1,
        _ => 0,
    })
}

/// What `io.write` writes appears at once, and in order with what goes to standard error.
fn unbuffered(globals: &Table) -> mlua::Result<()> {
    let stdout: mlua::AnyUserData = globals.get::<Table>("io")?.get("stdout")?;
    mlua::ObjectLike::call_method::<()>(&stdout, "setvbuf", "line")
}

/// Modules next to the script come first.
fn set_path(lua: &Lua, source: &Source) -> mlua::Result<()> {
    let Source::File(path) = source else { return Ok(()) };
    let package: Table = lua.globals().get("package")?;
    let usual: mlua::LuaString = package.get("path")?;
    let folder = script::folder(path).as_bytes();
    let parts = [folder, b"/?.lua;", folder, b"/?/init.lua;", &usual.as_bytes()];
    package.set("path", lua.create_string(parts.concat())?)
}

/// `arg` as in the standalone interpreter: the script is 0, its arguments count from 1.
fn set_arguments(lua: &Lua, options: &Options) -> mlua::Result<()> {
    let arg = lua.create_table()?;
    if let Source::File(path) = &options.source {
        arg.set(0, lua.create_string(path.as_os_str().as_bytes())?)?;
    }
    for (at, text) in (1..).zip(&options.args) {
        arg.set(at, lua.create_string(text.as_bytes())?)?;
    }
    lua.globals().set("arg", arg)
}

/// Runs the script, and the loop after it.
fn enter(
    lua: &Lua,
    start: &Function,
    chunk: Function,
    options: &Options,
    host: &Host,
) -> Result<()> {
    let failed = |error: mlua::Error| {
        if is_memory(&error) {
            let text = format!("no memory is left (--memory): {}", script::message(&error));
            return Failure::new(MEMORY, text);
        }
        Failure::new(FAILED, script::message(&error))
    };
    let mut values = MultiValue::from_iter([Value::Function(chunk)]);
    for text in &options.args {
        values.push_back(Value::String(lua.create_string(text.as_bytes()).map_err(failed)?));
    }
    watchdog::work_begins();
    let ok: bool = start.call(values).map_err(failed)?;
    // The client has already reported the error.
    if ok {
        return Ok(());
    }
    leave::with(if host.last_was_memory() { MEMORY } else { FAILED }.into())
}

fn cannot(what: &str, error: nix::errno::Errno) -> Failure {
    Failure::new(FAILED, format!("cannot {what}: {}", error.desc()))
}

fn cannot_start(error: &mlua::Error) -> Failure {
    Failure::new(FAILED, format!("the client cannot be loaded: {}", script::message(error)))
}

fn broken(error: &mlua::Error) -> Failure {
    Failure::new(FAILED, format!("the interpreter: {}", script::message(error)))
}
