//! An event of the protocol as a Lua table.
//!
//! `event.event` is its name and every field has a name of its own; an absent field is nil. The
//! client in Lua makes the same tables when it has to read lines by itself, and the vectors of the
//! protocol test both.

use daemonproxy_protocol::{
    Event, ExitField, FdStateField, RunView, Signal, SocketOptions, StateField, Triggers,
};
use mlua::{Lua, Result, Table};

/// The table for this event.
pub(crate) fn table(lua: &Lua, event: &Event<'_>) -> Result<Table> {
    // A list of a service is called as its event is: `service.tags` tells `tags`.
    if let Some((name, which, fields)) = event.service_list() {
        let it = named(lua, which.as_str(), name.as_bytes(), 3)?;
        let what = which.as_str().rsplit('.').next().unwrap_or_default();
        it.raw_set(what, sequence(lua, fields.iter())?)?;
        return Ok(it);
    }
    match *event {
        Event::ServiceState { name, state } => service_state(lua, name.as_bytes(), state),
        // They were lists.
        Event::ServiceTags { .. }
        | Event::ServiceArgs { .. }
        | Event::ServiceFds { .. }
        | Event::ServiceOptions { .. }
        | Event::ServiceEnv { .. }
        | Event::ServiceEnvApply { .. } => lua.create_table(),
        Event::Env { env } => {
            let it = new(lua, "env", 2)?;
            it.raw_set("env", sequence(lua, env.iter())?)?;
            Ok(it)
        }
        Event::EnvApply { apply } => {
            let it = new(lua, "env.apply", 2)?;
            it.raw_set("apply", sequence(lua, apply.iter())?)?;
            Ok(it)
        }
        Event::LogDest { fd } => {
            let it = new(lua, "log.dest", 3)?;
            it.raw_set("type", "fd")?;
            it.raw_set("fd", lua.create_string(fd.as_bytes())?)?;
            Ok(it)
        }
        Event::TerminateExecArgs { args } => {
            let it = new(lua, "terminate.exec_args", 2)?;
            it.raw_set("args", sequence(lua, args.iter())?)?;
            Ok(it)
        }
        Event::SignalDefault { signal, action } => {
            let it = new(lua, "signal.default", 3)?;
            it.raw_set("signal", signal_name(signal))?;
            it.raw_set("action", action.as_str())?;
            Ok(it)
        }
        Event::Chdir { path } => {
            let it = new(lua, "chdir", 2)?;
            it.raw_set("path", lua.create_string(path)?)?;
            Ok(it)
        }
        Event::SocketCreate { options, path } => {
            let it = new(lua, "socket.create", 3)?;
            // What may be `-` is then not there.
            if options != SocketOptions::default() {
                it.raw_set("options", written(lua, |out| options.write(out))?)?;
            }
            it.raw_set("path", lua.create_string(path)?)?;
            Ok(it)
        }
        Event::SocketDelete { name } => {
            let it = new(lua, "socket.delete", 2)?;
            let name = name.map(|name| lua.create_string(name.as_bytes())).transpose()?;
            it.raw_set("name", name)?;
            Ok(it)
        }
        Event::ServiceAutoUp { name, interval, triggers } => {
            let it = named(lua, "service.auto_up", name.as_bytes(), 4)?;
            it.raw_set("interval", interval)?;
            it.raw_set("triggers", trigger_list(lua, triggers)?)?;
            Ok(it)
        }
        Event::FdState { name, state } => {
            let it = named(lua, "fd.state", name.as_bytes(), 5)?;
            fd_state(lua, &it, state)?;
            Ok(it)
        }
        Event::FdGive { name, state } => {
            let it = named(lua, "fd.give", name.as_bytes(), 5)?;
            fd_state(lua, &it, state)?;
            Ok(it)
        }
        Event::Signal { signal, at, count } => {
            let it = new(lua, "signal", 4)?;
            it.raw_set("signal", signal_name(signal))?;
            it.raw_set("at", at)?;
            it.raw_set("count", count)?;
            Ok(it)
        }
        Event::LogFilter { level } => {
            let it = new(lua, "log.filter", 2)?;
            let mut name = Vec::new();
            level.write(&mut name);
            it.raw_set("level", lua.create_string(&name)?)?;
            Ok(it)
        }
        Event::Info { text } => texts(lua, "info", text),
        Event::Warning { text } => texts(lua, "warning", text),
        Event::Error { text } => texts(lua, "error", text),
        Event::Overflow => new(lua, "overflow", 1),
        Event::TerminateState { phase, remaining } => {
            let it = new(lua, "terminate.state", 3)?;
            it.raw_set("phase", phase.as_str())?;
            it.raw_set("remaining", remaining)?;
            Ok(it)
        }
        Event::ServiceRun { name, run, facts } => {
            let it = named(lua, "service.run", name.as_bytes(), 4)?;
            it.raw_set("run", run)?;
            it.raw_set("facts", crate::run::facts(lua, &RunView::new(run, facts))?)?;
            Ok(it)
        }
        Event::ConnFeatures { features } => {
            let it = new(lua, "conn.features", 2)?;
            it.raw_set("features", sequence(lua, features.iter())?)?;
            Ok(it)
        }
        Event::ConnTimer { name } => named(lua, "conn.timer", name.as_bytes(), 2),
        Event::ConnState { id, kind, uid, gid, pid, rights, features } => {
            let it = new(lua, "conn.state", 8)?;
            it.raw_set("id", id)?;
            it.raw_set("kind", written(lua, |out| kind.write(out))?)?;
            it.raw_set("uid", uid)?;
            it.raw_set("gid", gid)?;
            it.raw_set("pid", pid)?;
            it.raw_set("rights", written(lua, |out| rights.write(out))?)?;
            it.raw_set("features", sequence(lua, features.iter())?)?;
            Ok(it)
        }
        Event::Done { tag, error, text } => {
            let it = new(lua, "done", 4)?;
            it.raw_set("tag", lua.create_string(tag.as_bytes())?)?;
            it.raw_set("error", error.map(|name| lua.create_string(name.as_bytes())).transpose()?)?;
            it.raw_set("text", text.map(|text| lua.create_string(text)).transpose()?)?;
            Ok(it)
        }
        Event::Other { line } => {
            let mut fields = line.split(|&byte| byte == b'\t');
            let it = lua.create_table_with_capacity(0, 2)?;
            let name = fields.next().unwrap_or_default();
            it.raw_set("event", lua.create_string(name)?)?;
            it.raw_set("fields", sequence(lua, fields)?)?;
            Ok(it)
        }
    }
}

/// What writes itself as it stands on the line.
fn written(lua: &Lua, write: impl FnOnce(&mut Vec<u8>)) -> Result<mlua::LuaString> {
    let mut text = Vec::new();
    write(&mut text);
    lua.create_string(&text)
}

fn service_state(lua: &Lua, name: &[u8], state: StateField) -> Result<Table> {
    let it = named(lua, "service.state", name, 8)?;
    match state {
        StateField::NeverStarted => it.raw_set("state", "down")?,
        StateField::Starting { at } => {
            it.raw_set("state", "start")?;
            it.raw_set("timestamp", at)?;
        }
        StateField::Up { since, pid, uptime } => {
            it.raw_set("state", "up")?;
            it.raw_set("timestamp", since)?;
            it.raw_set("pid", pid)?;
            it.raw_set("uptime", uptime)?;
        }
        StateField::Down { reaped, pid, end, uptime, downtime } => {
            it.raw_set("state", "down")?;
            it.raw_set("timestamp", reaped)?;
            it.raw_set("pid", pid)?;
            match end {
                ExitField::Exit(status) => it.raw_set("exit", status)?,
                ExitField::Signal(signal) => it.raw_set("signal", signal_name(signal))?,
            }
            it.raw_set("uptime", uptime)?;
            it.raw_set("downtime", downtime)?;
        }
        StateField::Deleted => it.raw_set("state", "deleted")?,
    }
    Ok(it)
}

fn fd_state(lua: &Lua, it: &Table, state: FdStateField<'_>) -> Result<()> {
    let mut words = Vec::new();
    let (kind, description) = match state {
        FdStateField::Deleted => return it.raw_set("type", "deleted"),
        FdStateField::File { flags, path } => {
            flags.write(&mut words);
            (&b"file"[..], path)
        }
        FdStateField::Special { flags, description } => {
            words.extend_from_slice(flags);
            (&b"special"[..], description)
        }
        FdStateField::Other { kind, flags, description } => {
            words.extend_from_slice(flags);
            (kind, description)
        }
        FdStateField::Pipe { .. } | FdStateField::Socket { .. } => {
            return as_on_the_line(lua, it, state);
        }
    };
    set_fd(lua, it, kind, &words, description)
}

fn set_fd(lua: &Lua, it: &Table, kind: &[u8], flags: &[u8], about: &[u8]) -> Result<()> {
    it.raw_set("type", lua.create_string(kind)?)?;
    it.raw_set("flags", lua.create_string(flags)?)?;
    it.raw_set("description", lua.create_string(about)?)
}

/// Flags that consist of several values are taken from the line as it would be written.
fn as_on_the_line(lua: &Lua, it: &Table, state: FdStateField<'_>) -> Result<()> {
    let mut line = Vec::new();
    let Some(name) = daemonproxy_protocol::Name::new(b"x") else { return Ok(()) };
    Event::FdState { name, state }.encode(&mut line);
    let mut fields = line.splitn(5, |&byte| byte == b'\t').skip(2);
    let mut next = || fields.next().unwrap_or_default();
    set_fd(lua, it, next(), next(), next())
}

fn new(lua: &Lua, event: &str, size: usize) -> Result<Table> {
    let it = lua.create_table_with_capacity(0, size)?;
    it.raw_set("event", event)?;
    Ok(it)
}

fn named(lua: &Lua, event: &str, name: &[u8], size: usize) -> Result<Table> {
    let it = new(lua, event, size)?;
    it.raw_set("name", lua.create_string(name)?)?;
    Ok(it)
}

fn texts(lua: &Lua, event: &str, text: &[u8]) -> Result<Table> {
    let it = new(lua, event, 2)?;
    it.raw_set("text", lua.create_string(text)?)?;
    Ok(it)
}

fn sequence<'a>(lua: &Lua, fields: impl Iterator<Item = &'a [u8]>) -> Result<Table> {
    let strings: Result<Vec<_>> = fields.map(|field| lua.create_string(field)).collect();
    lua.create_sequence_from(strings?)
}

fn trigger_list(lua: &Lua, triggers: Triggers<'_>) -> Result<Table> {
    let list: Result<Vec<_>> =
        triggers.iter().map(|trigger| lua.create_string(trigger.as_ref())).collect();
    lua.create_sequence_from(list?)
}

fn signal_name(signal: Signal) -> String {
    signal.to_string()
}
