//! Services and file descriptors as rows: the names of the fields are those of the protocol, in
//! small letters.

use std::borrow::Cow;

use daemonproxy_client::protocol::{Fact, FdView, Fields, ServiceView};
use daemonproxy_client::{ExitField, StateField};
use daemonproxy_look::time::monotonic;
use daemonproxy_look::why;

use crate::output::{Cell, Painted};
use crate::style::Paint;

/// The fields of a service.
pub(crate) const SERVICE_FIELDS: &[&str] = &[
    "name",
    "state",
    "timestamp",
    "pid",
    "reason",
    "value",
    "uptime",
    "downtime",
    "interval",
    "triggers",
    "args",
    "fds",
    "tags",
    "starts",
    "cause",
    "run",
    "ready",
];

/// Those that a table shows by default.
pub(crate) const SERVICE_COLUMNS: &[&str] =
    &["name", "state", "pid", "uptime", "downtime", "starts", "cause", "triggers", "args"];

/// Those for which a narrow terminal has room.
pub(crate) const NARROW_COLUMNS: &[&str] = &["name", "state", "starts", "cause"];

/// A terminal with fewer columns is narrow.
pub(crate) const NARROW: usize = 60;

/// The fields of a file descriptor.
pub(crate) const FD_FIELDS: &[&str] = &["name", "type", "flags", "description"];

/// The fields of a connection.
pub(crate) const CONNECTION_FIELDS: &[&str] =
    &["id", "kind", "uid", "gid", "pid", "rights", "features"];

/// `up`, `start` or `down`.
pub(crate) fn state_word(state: StateField) -> &'static str {
    match state {
        StateField::Up { .. } => "up",
        StateField::Starting { .. } => "start",
        StateField::NeverStarted | StateField::Down { .. } => "down",
        StateField::Deleted => "deleted",
    }
}

/// The colour of a state: what ended well is not red.
pub(crate) fn state_paint(state: StateField) -> Paint {
    match state {
        StateField::Up { .. } => Paint::Good,
        StateField::Starting { .. } => Paint::Waiting,
        StateField::Down { end: ExitField::Exit(0), .. } => Paint::Plain,
        StateField::Down { .. } => Paint::Bad,
        StateField::NeverStarted | StateField::Deleted => Paint::Faint,
    }
}

/// The colour of a service: what counts as a success is not red, whatever its status.
pub(crate) fn paint_of(service: &ServiceView) -> Paint {
    if why::ended_well(service) { Paint::Plain } else { state_paint(service.state()) }
}

/// The fields of a service that were asked for.
pub(crate) fn service(name: &[u8], service: &ServiceView, fields: &[&str]) -> Vec<Painted> {
    fields.iter().map(|field| service_field(name, service, field)).collect()
}

fn service_field(name: &[u8], service: &ServiceView, field: &str) -> Painted {
    let state = service.state();
    let cell = match field {
        "name" => Cell::Text(name.to_vec()),
        "state" => {
            return Painted { cell: Cell::text(state_word(state)), paint: paint_of(service) };
        }
        "interval" => {
            service.interval().map_or(Cell::None, |seconds| Cell::Seconds(seconds.into()))
        }
        "triggers" => triggers(service),
        "args" => list(service.args()),
        "fds" => list(service.fds()),
        "tags" => list(service.tags()),
        "starts" => service.run().count(Fact::Starts).map_or(Cell::None, Cell::Number),
        "cause" => {
            let cell = why::cause(service).map_or(Cell::None, |cause| Cell::text(&cause));
            return Painted { cell, paint: paint_of(service) };
        }
        "ready" => readiness(service),
        "run" => Cell::Run(service.run().clone()),
        field => state_field(state, field),
    };
    cell.into()
}

fn state_field(state: StateField, field: &str) -> Cell {
    match (field, state) {
        (
            "timestamp",
            StateField::Up { since: at, .. }
            | StateField::Starting { at }
            | StateField::Down { reaped: at, .. },
        ) => Cell::Number(at),
        ("pid", StateField::Up { pid, .. } | StateField::Down { pid, .. }) => {
            Cell::Number(pid.into())
        }
        // Time has gone on since the event.
        ("uptime", StateField::Up { since, .. }) => Cell::Seconds(monotonic() - since),
        ("uptime", StateField::Down { uptime, .. }) => Cell::Seconds(uptime),
        ("downtime", StateField::Down { reaped, .. }) => Cell::Seconds(monotonic() - reaped),
        ("reason", StateField::Down { end: ExitField::Exit(_), .. }) => Cell::text("exit"),
        ("reason", StateField::Down { end: ExitField::Signal(_), .. }) => Cell::text("signal"),
        ("value", StateField::Down { end: ExitField::Exit(status), .. }) => {
            Cell::Number(status.into())
        }
        ("value", StateField::Down { end: ExitField::Signal(signal), .. }) => {
            Cell::text(&signal.to_string())
        }
        _ => Cell::None,
    }
}

/// Of one that runs: whether it is ready.
fn readiness(service: &ServiceView) -> Cell {
    let is_up = matches!(service.state(), StateField::Up { .. });
    let word = if service.run().has(Fact::Ready) { "yes" } else { "no" };
    if is_up { Cell::text(word) } else { Cell::None }
}

fn triggers(service: &ServiceView) -> Cell {
    let all: Vec<_> = service.triggers().iter().map(Cow::into_owned).collect();
    if all.is_empty() { Cell::None } else { Cell::List(all) }
}

fn list(fields: Fields<'_>) -> Cell {
    Cell::List(fields.iter().map(<[u8]>::to_vec).collect())
}

/// The fields of a file descriptor that were asked for.
pub(crate) fn fd(name: &[u8], fd: &FdView, fields: &[&str]) -> Vec<Painted> {
    // The event has everything in the right order and spelling.
    let mut line = Vec::new();
    if let Some(name) = daemonproxy_client::protocol::Name::new(name) {
        daemonproxy_client::protocol::Event::FdState { name, state: fd.state() }.encode(&mut line);
    }
    let known: Vec<_> = line.split(|&byte| byte == b'\t').skip(1).collect();
    let cell = |field: &&str| {
        let at = FD_FIELDS.iter().position(|known| known == field);
        let text = at.and_then(|at| known.get(at)).map(|text| text.to_vec());
        text.map_or(Cell::None, Cell::Text).into()
    };
    fields.iter().map(cell).collect()
}

/// The fields of a connection that were asked for, out of its line.
pub(crate) fn connection(line: &[u8], fields: &[&str]) -> Vec<Painted> {
    let told: Vec<_> = line.split(|&byte| byte == b'\t').skip(1).map(<[u8]>::to_vec).collect();
    let cell = |field: &&str| {
        let at = CONNECTION_FIELDS.iter().position(|known| known == field).unwrap_or_default();
        let text = told.get(at).map_or(&b"-"[..], Vec::as_slice);
        let number = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
        let cell = match (*field, number) {
            ("features", _) => Cell::List(told.get(at..).unwrap_or_default().to_vec()),
            (_, Some(number)) => Cell::Number(number),
            _ if text == b"-" => Cell::None,
            _ => Cell::Text(text.to_vec()),
        };
        cell.into()
    };
    fields.iter().map(cell).collect()
}
