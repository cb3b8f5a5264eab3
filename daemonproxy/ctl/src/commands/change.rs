//! The subcommands that change something: `start`, `stop`, `restart`, `up`, `down`, `signal`, `tags`.
//!
//! With several services, each step is taken for all of them before anything is waited for.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_protocol::{ExitField, ServiceView, Signal, StateField, StateView};

use crate::cli::{Awaited, Names, Timed};
use crate::client::Client;
use crate::commands::state_sentence;
use crate::commands::wait::{is, until};
use crate::failure::{FAILED, Failure, OK, Result, TIME_IS_UP, USAGE};
use crate::output;
use crate::style::readable;
use crate::time::deadline;

/// How long a process may take to go after SIGKILL, in seconds.
const AFTER_KILL: f64 = 5.0;

pub(crate) fn start(client: &mut Client, timed: &Timed) -> Result<u8> {
    let chosen = client.chosen(&timed.names.names)?;
    for name in &chosen {
        start_one(client, name)?;
    }
    until_started(client, &chosen, timed.timeout)?;
    Ok(OK)
}

/// Waits until no start is pending any more. What ended badly at once has not been started.
fn until_started(client: &mut Client, names: &[Vec<u8>], patience: f64) -> Result<()> {
    let starting = |view: &StateView, name: &[u8]| {
        view.service(name).is_some_and(|it| matches!(it.state(), StateField::Starting { .. }))
    };
    let all = |view: &StateView| !names.iter().any(|name| starting(view, name));
    if !client.wait(deadline(patience), all)? {
        return until(client, names, Awaited::Up, 0.0);
    }
    for name in names {
        let state = client.service(name)?.state();
        if matches!(state, StateField::Down { end, .. } if end != ExitField::Exit(0)) {
            let text = format!("{} was started and is {}", readable(name), state_sentence(state));
            return Err(Failure::new(FAILED, text));
        }
    }
    Ok(())
}

fn start_one(client: &mut Client, name: &[u8]) -> Result<()> {
    if client.service(name)?.pid().is_some() {
        return Ok(());
    }
    // What was told before the answers may be older than what is: only the daemon knows.
    let started = client.command(&[b"service.start", name]);
    if is(&client.view, name, Awaited::Up) { Ok(()) } else { started }
}

pub(crate) fn stop(client: &mut Client, timed: &Timed) -> Result<u8> {
    let chosen = client.chosen(&timed.names.names)?;
    stop_all(client, &chosen, timed.timeout)?;
    Ok(OK)
}

fn stop_all(client: &mut Client, names: &[Vec<u8>], patience: f64) -> Result<()> {
    for name in names {
        if !client.service(name)?.triggers().is_empty() {
            client.command(&[b"service.auto_up", name, b"-"])?;
        }
        if matches!(client.service(name)?.state(), StateField::Starting { .. }) {
            let cancelled = client.command(&[b"service.start", name, b"-"]);
            if matches!(client.service(name)?.state(), StateField::Starting { .. }) {
                cancelled?;
            }
        }
        send_signal(client, name, b"TERM")?;
    }
    let down = |view: &_| names.iter().all(|name| is(view, name, Awaited::Down));
    if client.wait(deadline(patience), down)? {
        return Ok(());
    }
    for name in names {
        send_signal(client, name, b"KILL")?;
    }
    if client.wait(deadline(AFTER_KILL), down)? {
        return Ok(());
    }
    Err(Failure::new(TIME_IS_UP, "still running after SIGKILL"))
}

/// Signals it if it runs. That it has ended meanwhile is no fault.
fn send_signal(client: &mut Client, name: &[u8], signal: &[u8]) -> Result<()> {
    if client.service(name)?.pid().is_none() {
        return Ok(());
    }
    let sent = client.command(&[b"service.signal", name, signal]);
    if is(&client.view, name, Awaited::Up) { sent } else { Ok(()) }
}

pub(crate) fn restart(client: &mut Client, timed: &Timed) -> Result<u8> {
    let chosen = client.chosen(&timed.names.names)?;
    let mut triggers = Vec::new();
    for name in &chosen {
        triggers.push(auto_up_line(name, client.service(name)?));
    }
    let stopped = stop_all(client, &chosen, timed.timeout);
    if stopped.is_ok() {
        for name in &chosen {
            start_one(client, name)?;
        }
    }
    // Whatever became of the stop, the triggers are not lost.
    for line in triggers.into_iter().flatten() {
        let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
        client.command(&fields)?;
    }
    stopped?;
    until_started(client, &chosen, timed.timeout)?;
    Ok(OK)
}

/// The command that sets the triggers as they are now; `None` if there is none.
fn auto_up_line(name: &[u8], service: &ServiceView) -> Option<Vec<u8>> {
    let triggers = service.triggers();
    let name = daemonproxy_protocol::Name::new(name)?;
    let interval = service.interval();
    let mut line = Vec::new();
    daemonproxy_protocol::Command::ServiceAutoUp { name, interval, triggers }.encode(&mut line);
    (!triggers.is_empty()).then_some(line)
}

pub(crate) fn up(client: &mut Client, interval: Option<u32>, timed: &Timed) -> Result<u8> {
    let chosen = client.chosen(&timed.names.names)?;
    for name in &chosen {
        let before = client.service(name)?.interval();
        let seconds = interval.or(before).map_or("-".to_owned(), |seconds| seconds.to_string());
        client.command(&[b"service.auto_up", name, seconds.as_bytes(), b"always"])?;
    }
    until(client, &chosen, Awaited::Up, timed.timeout)?;
    Ok(OK)
}

pub(crate) fn down(client: &mut Client, names: &Names) -> Result<u8> {
    for name in &client.chosen(&names.names)? {
        client.command(&[b"service.auto_up", name, b"-"])?;
    }
    Ok(OK)
}

pub(crate) fn signal(client: &mut Client, signal: &str, names: &Names, group: bool) -> Result<u8> {
    let upper = signal.to_uppercase();
    let Some(signal) = Signal::parse(upper.as_bytes()) else {
        return Err(Failure::new(USAGE, format!("there is no signal {signal}")));
    };
    let signal = signal.to_string();
    for name in &client.chosen(&names.names)? {
        let mut fields: Vec<&[u8]> = vec![b"service.signal", name, signal.as_bytes()];
        if group {
            fields.push(b"group");
        }
        client.command(&fields)?;
    }
    Ok(OK)
}

pub(crate) fn tags(client: &mut Client, name: &str, changes: &[OsString]) -> Result<u8> {
    for name in &client.chosen(&[name.to_owned()])? {
        if changes.is_empty() {
            let mut out = Vec::new();
            for tag in client.service(name)?.tags().iter() {
                out.extend_from_slice(tag);
                out.push(b'\n');
            }
            output::write(&out)?;
        } else {
            let mut fields: Vec<&[u8]> = vec![b"service.tags.apply", name];
            fields.extend(changes.iter().map(|change| change.as_bytes()));
            client.command(&fields)?;
        }
    }
    Ok(OK)
}
