//! Events for Python: the number of their kind, and their fields by name.
//!
//! The numbers are places in the grammar, and after those the classes that `events.py` adds.

use daemonproxy_protocol::{
    Event, EventName, ExitField, FactValue, FdStateField, Fields, Name, RunView, Signal,
    StateField, Triggers,
};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};

/// The number of a line that is no event.
const OTHER: u32 = EventName::ALL.len() as u32;
/// The number of a line that begins like an event but is not one, or that is too long.
pub(crate) const MALFORMED: u32 = OTHER + 1;

/// What kind of event this is: its place in the grammar.
pub(crate) fn kind(event: &Event<'_>) -> u32 {
    event.name().map_or(OTHER, |name| name as u32)
}

/// STATE, TIMESTAMP, PID, exit status, name of the signal, UPTIME, DOWNTIME.
pub(crate) type State =
    (&'static str, Option<i64>, Option<i32>, Option<i32>, Option<String>, Option<i64>, Option<i64>);

/// The parts of a state, each of them nothing if it is not there.
pub(crate) fn state(state: StateField) -> State {
    match state {
        StateField::NeverStarted => ("down", None, None, None, None, None, None),
        StateField::Starting { at } => ("start", Some(at), None, None, None, None, None),
        StateField::Up { since, pid, uptime } => {
            ("up", Some(since), Some(pid), None, None, Some(uptime), None)
        }
        StateField::Down { reaped, pid, end, uptime, downtime } => {
            let (exit, signal) = match end {
                ExitField::Exit(status) => (Some(status), None),
                ExitField::Signal(signal) => (None, Some(signal_name(signal))),
            };
            ("down", Some(reaped), Some(pid), exit, signal, Some(uptime), Some(downtime))
        }
        StateField::Deleted => ("deleted", None, None, None, None, None, None),
    }
}

/// TYPE, FLAGS and DESCRIPTION of a file descriptor.
pub(crate) type Fd<'py> = (Bound<'py, PyString>, Bound<'py, PyString>, Bound<'py, PyString>);

/// TYPE, FLAGS and DESCRIPTION as they are on the line; nothing if it is deleted.
pub(crate) fn fd_state<'py>(
    py: Python<'py>,
    name: &[u8],
    state: FdStateField<'_>,
) -> PyResult<Option<Fd<'py>>> {
    let Some(name) = Name::new(name) else { return Ok(None) };
    if state == FdStateField::Deleted {
        return Ok(None);
    }
    let mut line = Vec::new();
    Event::FdState { name, state }.encode(&mut line);
    let mut fields = line.splitn(5, |&byte| byte == b'\t').skip(2);
    let mut next = || text(py, fields.next().unwrap_or_default());
    Ok(Some((next()?, next()?, next()?)))
}

/// Bytes as text.
pub(crate) fn text<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyString>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(PyString::new(py, text)),
        Err(_) => Ok(PyBytes::new(py, bytes)
            .call_method1("decode", ("utf-8", "surrogateescape"))?
            .cast_into::<PyString>()?),
    }
}

/// A list as a tuple of texts.
pub(crate) fn list<'py>(py: Python<'py>, fields: Fields<'_>) -> PyResult<Bound<'py, PyTuple>> {
    let fields: Vec<_> = fields.iter().map(|field| text(py, field)).collect::<PyResult<_>>()?;
    PyTuple::new(py, fields)
}

/// `always` and the names of signals.
pub(crate) fn triggers<'py>(
    py: Python<'py>,
    triggers: Triggers<'_>,
) -> PyResult<Bound<'py, PyTuple>> {
    let all: Vec<_> = triggers.iter().map(|trigger| text(py, &trigger)).collect::<PyResult<_>>()?;
    PyTuple::new(py, all)
}

/// The facts of a run by their names: numbers are numbers, what is so is true.
pub(crate) fn facts_of<'py>(py: Python<'py>, run: &RunView) -> PyResult<Bound<'py, PyDict>> {
    let facts = PyDict::new(py);
    for (key, value) in run.values() {
        let key = text(py, key)?;
        match value {
            FactValue::Moment(time) | FactValue::Seconds(time) => {
                facts.set_item(key, time.as_secs_f64())?;
            }
            FactValue::Number(number) => facts.set_item(key, number)?,
            FactValue::Flag => facts.set_item(key, true)?,
            FactValue::Word(word) => facts.set_item(key, text(py, word)?)?,
            FactValue::Failure(why) => facts.set_item(key, (text(py, why.stage)?, why.errno))?,
        }
    }
    Ok(facts)
}

/// `SIGHUP` and so on.
pub(crate) fn signal_name(signal: Signal) -> String {
    signal.to_string()
}

/// Puts fields into a dictionary. Their names are made into Python strings once.
macro_rules! put {
    ($py:ident, $fields:ident: $($name:literal = $value:expr),+) => {{
        $($fields.set_item(intern!($py, $name), $value)?;)+
    }};
}

/// The number of an event's kind, and its fields.
pub(crate) type Item<'py> = (u32, Bound<'py, PyDict>);

/// A line that is not an event, and why.
pub(crate) fn malformed<'py>(
    py: Python<'py>,
    line: &Bound<'py, PyString>,
    why: &str,
) -> PyResult<Item<'py>> {
    let fields = PyDict::new(py);
    put!(py, fields: "line" = line, "reason" = why);
    Ok((MALFORMED, fields))
}

/// The event.
pub(crate) fn event<'py>(py: Python<'py>, event: &Event<'_>) -> PyResult<Item<'py>> {
    let fields = PyDict::new(py);
    let name = |name: Name<'_>| text(py, name.as_bytes());
    // A list of a service is called as its event is: `service.tags` tells `tags`.
    if let Some((of, which, fields_of_list)) = event.service_list() {
        put!(py, fields: "name" = name(of)?);
        let what = which.as_str().rsplit('.').next().unwrap_or_default();
        fields.set_item(what, list(py, fields_of_list)?)?;
        return Ok((kind(event), fields));
    }
    match *event {
        Event::ServiceState { name: of, state: it } => {
            let (word, timestamp, pid, exit, signal, uptime, downtime) = state(it);
            put!(py, fields: "name" = name(of)?, "state" = word, "timestamp" = timestamp, "pid" = pid);
            put!(py, fields: "exit" = exit, "signal" = signal, "uptime" = uptime);
            put!(py, fields: "downtime" = downtime);
        }
        Event::ServiceTags { .. }
        | Event::ServiceArgs { .. }
        | Event::ServiceFds { .. }
        | Event::ServiceOptions { .. }
        | Event::ServiceEnv { .. }
        | Event::ServiceEnvApply { .. } => {}
        Event::Env { env } => put!(py, fields: "env" = list(py, env)?),
        Event::EnvApply { apply } => put!(py, fields: "apply" = list(py, apply)?),
        Event::LogDest { fd } => put!(py, fields: "type" = "fd", "fd" = name(fd)?),
        Event::TerminateExecArgs { args } => put!(py, fields: "args" = list(py, args)?),
        Event::SignalDefault { signal, action } => {
            put!(py, fields: "signal" = signal_name(signal), "action" = action.as_str());
        }
        Event::Chdir { path } => put!(py, fields: "path" = text(py, path)?),
        Event::SocketCreate { options, path } => {
            let mut written = Vec::new();
            options.write(&mut written);
            put!(py, fields: "options" = text(py, &written)?, "path" = text(py, path)?);
        }
        Event::SocketDelete { name: of } => {
            put!(py, fields: "name" = of.map(name).transpose()?);
        }
        Event::ServiceAutoUp { name: of, interval, triggers: by } => {
            put!(py, fields: "name" = name(of)?, "interval" = interval);
            put!(py, fields: "triggers" = triggers(py, by)?);
        }
        Event::ServiceRun { name: of, run, facts } => {
            let known = RunView::new(run, facts);
            put!(py, fields: "name" = name(of)?, "run" = run, "facts" = facts_of(py, &known)?);
        }
        Event::FdState { name: of, state } | Event::FdGive { name: of, state } => {
            put!(py, fields: "name" = name(of)?);
            match fd_state(py, of.as_bytes(), state)? {
                Some((word, flags, about)) => {
                    put!(py, fields: "type" = word, "flags" = flags, "description" = about);
                }
                None => put!(py, fields: "type" = "deleted", "flags" = "", "description" = ""),
            }
        }
        Event::Signal { signal, at, count } => {
            put!(py, fields: "signal" = signal_name(signal), "at" = at, "count" = count);
        }
        Event::LogFilter { level } => {
            let mut name = Vec::new();
            level.write(&mut name);
            put!(py, fields: "level" = text(py, &name)?);
        }
        Event::Info { text: said }
        | Event::Warning { text: said }
        | Event::Error { text: said } => {
            put!(py, fields: "text" = text(py, said)?);
        }
        Event::ConnFeatures { features } => put!(py, fields: "features" = list(py, features)?),
        Event::ConnTimer { name: of } => put!(py, fields: "name" = name(of)?),
        Event::ConnState { id, kind, uid, gid, pid, rights, features } => {
            let written = |write: &dyn Fn(&mut Vec<u8>)| {
                let mut out = Vec::new();
                write(&mut out);
                text(py, &out)
            };
            put!(py, fields: "id" = id, "kind" = written(&|out| kind.write(out))?);
            put!(py, fields: "uid" = uid, "gid" = gid, "pid" = pid);
            put!(py, fields: "rights" = written(&|out| rights.write(out))?);
            put!(py, fields: "features" = list(py, features)?);
        }
        Event::Done { tag, error, text: said } => {
            let error = error.map(name).transpose()?;
            let said = said.map(|said| text(py, said)).transpose()?;
            put!(py, fields: "tag" = name(tag)?, "error" = error, "text" = said);
        }
        Event::Other { line } => put!(py, fields: "line" = text(py, line)?),
        Event::Overflow => {}
        Event::TerminateState { phase, remaining } => {
            put!(py, fields: "phase" = phase.as_str(), "remaining" = remaining);
        }
    }
    Ok((kind(event), fields))
}
