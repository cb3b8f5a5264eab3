//! The subcommands that change something: `start`, `stop`, `restart`, `release`, `up`, `down`,
//! `reload`, `ready`, `deadman`, `signal`, `tags`, `shutdown`, `upgrade`.
//!
//! With several services, each step is taken for all of them before anything is waited for.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use daemonproxy_client::protocol::Signal;
use daemonproxy_client::{Client, Error};

use super::start::Starts;
use super::stop;
use crate::cli::{Names, Stopped, Timed};
use crate::failure::{Failure, OK, Result, USAGE};
use crate::output;
use crate::services::{chosen, known};

pub(crate) fn start(client: &mut Client, timed: &Timed) -> Result<u8> {
    let chosen = chosen(client.view(), &timed.names.names)?;
    start_all(client, &chosen)?.wait(client, timed.timeout)?;
    Ok(OK)
}

/// Starts those that are not running, or are being stopped.
fn start_all(client: &mut Client, names: &[Vec<u8>]) -> Result<Starts> {
    let mut starts = Starts::default();
    for name in names {
        starts.start(client, name, &[b"service.start", name])?;
    }
    Ok(starts)
}

pub(crate) fn stop(client: &mut Client, stopped: &Stopped) -> Result<u8> {
    let chosen = chosen(client.view(), &stopped.names.names)?;
    let after = stopped.timeout.map(seconds_text);
    for name in &chosen {
        client.command(with_after(&[b"service.stop", name], after.as_deref()))?;
    }
    stop::wait(client, &chosen, stopped.timeout)?;
    Ok(OK)
}

pub(crate) fn restart(client: &mut Client, stopped: &Stopped) -> Result<u8> {
    let chosen = chosen(client.view(), &stopped.names.names)?;
    let after = stopped.timeout.map(seconds_text);
    let mut starts = Starts::default();
    for name in &chosen {
        let fields = with_after(&[b"service.restart", name], after.as_deref());
        starts.start(client, name, &fields)?;
    }
    // The same time again for the start.
    let most = |seconds: f64| seconds.ceil() + stop::AFTER_KILL.as_secs_f64() + seconds;
    starts.wait(client, stopped.timeout.map(most))?;
    Ok(OK)
}

/// A command with AFTER, if that was said: else the time is that of the service (`stop_after`).
fn with_after<'f>(command: &[&'f [u8]], after: Option<&'f str>) -> Vec<&'f [u8]> {
    command.iter().copied().chain(after.map(str::as_bytes)).collect()
}

/// The time from the stop signal to SIGKILL, as the daemon takes it.
fn seconds_text(seconds: f64) -> String {
    format!("{seconds:.9}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(crate) fn release(client: &mut Client, names: &Names) -> Result<u8> {
    for name in &chosen(client.view(), &names.names)? {
        client.command([b"service.release".as_slice(), name])?;
    }
    Ok(OK)
}

pub(crate) fn up(client: &mut Client, interval: Option<u32>, timed: &Timed) -> Result<u8> {
    let chosen = chosen(client.view(), &timed.names.names)?;
    let mut starts = Starts::of(client, &chosen);
    for name in &chosen {
        let before = known(client, name)?.interval();
        let seconds = interval.or(before).map_or("-".to_owned(), |seconds| seconds.to_string());
        starts.command(client, &[b"service.release", name])?;
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

/// A command that is about one service, for each of these.
pub(crate) fn each(client: &mut Client, command: &str, names: &Names) -> Result<u8> {
    for name in &chosen(client.view(), &names.names)? {
        client.command([command.as_bytes(), name])?;
    }
    Ok(OK)
}

/// Begins an orderly shutdown, and waits until it is over: then the connection ends.
pub(crate) fn shutdown(
    client: &mut Client,
    seconds: Option<f64>,
    guard: Option<i64>,
) -> Result<u8> {
    let term = seconds.map_or("-".to_owned(), seconds_text);
    let guard = guard.map(|code| code.to_string());
    let mut fields = vec!["terminate.shutdown", term.as_str()];
    if let Some(guard) = &guard {
        fields.extend(["-", "-", guard]);
    }
    // The daemon knows when it gives up.
    client.set_patience(daemonproxy_client::FOREVER);
    let begun = client.command(fields);
    match begun.and_then(|()| client.wait(daemonproxy_client::FOREVER, |_| false)) {
        Err(Error::Closed) | Ok(_) => Ok(OK),
        Err(error) => Err(error.into()),
    }
}

/// The daemon becomes another version of itself, or says why not.
pub(crate) fn upgrade(
    client: &mut Client,
    program: Option<&Path>,
    guard: Option<i64>,
) -> Result<u8> {
    let program = match program {
        // It is seen from here, and the daemon may be somewhere else.
        Some(path) => std::path::absolute(path)
            .map_err(|error| Failure::new(USAGE, format!("{}: {error}", path.display())))?
            .into_os_string(),
        None => "-".into(),
    };
    let guard = guard.map_or("-".to_owned(), |code| code.to_string());
    // The daemon knows when it gives up.
    client.set_patience(daemonproxy_client::FOREVER);
    client.command([b"upgrade", program.as_bytes(), guard.as_bytes()])?;
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
