//! The subcommands that change something: `start`, `stop`, `restart`, `up`, `down`, `signal`,
//! `tags`.
//!
//! With several services, each step is taken for all of them before anything is waited for.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_client::protocol::{Name, ServiceView, Signal};
use daemonproxy_client::{Client, Command, StateField, StateView};

use super::start::Starts;
use super::wait::{is, stays};
use crate::cli::{Awaited, Names, Timed};
use crate::failure::{Failure, OK, Result, TIME_IS_UP, USAGE};
use crate::output;
use crate::services::{chosen, known};

/// How long a process may take to go after SIGKILL, in seconds.
const AFTER_KILL: f64 = 5.0;

pub(crate) fn start(client: &mut Client, timed: &Timed) -> Result<u8> {
    let chosen = chosen(client.view(), &timed.names.names)?;
    start_all(client, &chosen)?.wait(client, timed.timeout)?;
    Ok(OK)
}

/// Starts those that are not running.
fn start_all(client: &mut Client, names: &[Vec<u8>]) -> Result<Starts> {
    let mut starts = Starts::of(client, names);
    for name in names {
        if known(client, name)?.pid().is_none() {
            starts.command(client, &[b"service.start", name])?;
        }
    }
    Ok(starts)
}

pub(crate) fn stop(client: &mut Client, timed: &Timed) -> Result<u8> {
    let chosen = chosen(client.view(), &timed.names.names)?;
    stop_all(client, &chosen, timed.timeout)?;
    Ok(OK)
}

fn stop_all(client: &mut Client, names: &[Vec<u8>], patience: f64) -> Result<()> {
    for name in names {
        if !known(client, name)?.triggers().is_empty() {
            client.command([b"service.auto_up".as_slice(), name, b"-"])?;
        }
        if matches!(known(client, name)?.state(), StateField::Starting { .. }) {
            let cancelled = client.command([b"service.start".as_slice(), name, b"-"]);
            if matches!(known(client, name)?.state(), StateField::Starting { .. }) {
                cancelled?;
            }
        }
        send_signal(client, name, b"TERM")?;
        // One that was stopped (SIGSTOP) would not see it.
        send_signal(client, name, b"CONT")?;
    }
    let down = |view: &StateView| names.iter().all(|name| is(view, name, Awaited::Down));
    if stays(client, patience, down)? {
        return Ok(());
    }
    for name in names {
        send_signal(client, name, b"KILL")?;
    }
    if stays(client, AFTER_KILL, down)? {
        return Ok(());
    }
    Err(Failure::new(TIME_IS_UP, "still running after SIGKILL"))
}

/// Signals it if it is running. If it has ended meanwhile, that is not an error.
fn send_signal(client: &mut Client, name: &[u8], signal: &[u8]) -> Result<()> {
    if known(client, name)?.pid().is_none() {
        return Ok(());
    }
    let sent = client.command([b"service.signal".as_slice(), name, signal]);
    if is(client.view(), name, Awaited::Up) { Ok(sent?) } else { Ok(()) }
}

pub(crate) fn restart(client: &mut Client, timed: &Timed) -> Result<u8> {
    let chosen = chosen(client.view(), &timed.names.names)?;
    let mut triggers = Vec::new();
    for name in &chosen {
        triggers.push(auto_up_line(name, known(client, name)?));
    }
    let started = match stop_all(client, &chosen, timed.timeout) {
        Ok(()) => start_all(client, &chosen),
        Err(failure) => Err(failure),
    };
    // Whether or not the stop worked, the triggers are not lost.
    for line in triggers.into_iter().flatten() {
        let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
        client.command(fields)?;
    }
    started?.wait(client, timed.timeout)?;
    Ok(OK)
}

/// The command that sets the triggers as they are now; `None` if there are none.
fn auto_up_line(name: &[u8], service: &ServiceView) -> Option<Vec<u8>> {
    let triggers = service.triggers();
    let name = Name::new(name)?;
    let interval = service.interval();
    let mut line = Vec::new();
    Command::ServiceAutoUp { name, interval, triggers }.encode(&mut line);
    (!triggers.is_empty()).then_some(line)
}

pub(crate) fn up(client: &mut Client, interval: Option<u32>, timed: &Timed) -> Result<u8> {
    let chosen = chosen(client.view(), &timed.names.names)?;
    let mut starts = Starts::of(client, &chosen);
    for name in &chosen {
        let before = known(client, name)?.interval();
        let seconds = interval.or(before).map_or("-".to_owned(), |seconds| seconds.to_string());
        starts.command(client, &[b"service.auto_up", name, seconds.as_bytes(), b"always"])?;
    }
    starts.wait(client, timed.timeout)?;
    Ok(OK)
}

pub(crate) fn down(client: &mut Client, names: &Names) -> Result<u8> {
    for name in &chosen(client.view(), &names.names)? {
        client.command([b"service.auto_up".as_slice(), name, b"-"])?;
    }
    Ok(OK)
}

pub(crate) fn signal(client: &mut Client, signal: &str, names: &Names, group: bool) -> Result<u8> {
    let upper = signal.to_uppercase();
    let Some(signal) = Signal::parse(upper.as_bytes()) else {
        return Err(Failure::new(USAGE, format!("there is no signal {signal}")));
    };
    let signal = signal.to_string();
    for name in &chosen(client.view(), &names.names)? {
        let mut fields: Vec<&[u8]> = vec![b"service.signal", name, signal.as_bytes()];
        if group {
            fields.push(b"group");
        }
        client.command(fields)?;
    }
    Ok(OK)
}

pub(crate) fn tags(client: &mut Client, name: &str, changes: &[OsString]) -> Result<u8> {
    for name in &chosen(client.view(), &[name.to_owned()])? {
        if changes.is_empty() {
            let mut out = Vec::new();
            for tag in known(client, name)?.tags().iter() {
                out.extend_from_slice(tag);
                out.push(b'\n');
            }
            output::write_lines(&out)?;
        } else {
            let mut fields: Vec<&[u8]> = vec![b"service.tags.apply", name];
            fields.extend(changes.iter().map(|change| change.as_bytes()));
            client.command(fields)?;
        }
    }
    Ok(OK)
}
