//! `apply`: makes the daemon have what a file says.
//!
//! The file is checked as a whole, and compared with what there is, before anything is sent. The
//! first refusal ends it; what was done and what was not is said then. Comparing again finds what is
//! left, however it ended.

use std::path::Path;
use std::time::Duration;

use daemonproxy_apply::{
    Error, NotReady, Unfinished, carry_out, connect, lock, ports, wait_until_ready,
};
use daemonproxy_client::protocol::Signal;
use daemonproxy_client::{Client, find};
use daemonproxy_compile::{Change, Compiled, Plan};
use daemonproxy_look::time;

use super::{first, label, plan};
use crate::cli::Applied;
use crate::failure::{FAILED, Failure, OK, Result, TIME_IS_UP, USAGE};
use crate::output;
use crate::style::{Style, readable};

pub(crate) fn apply(socket: Option<&Path>, applied: &Applied) -> Result<u8> {
    if let Some(signal) = &applied.answers {
        // Before the file is read: what comes from now on may be about a newer one.
        answer(&find(socket)?, signal)?;
    }
    let failure = match try_apply(socket, applied) {
        Ok(status) => {
            if applied.first_failure.is_some() {
                first::succeeded(&find(socket)?);
            }
            return Ok(status);
        }
        Err(failure) => failure,
    };
    match applied.first_failure {
        Some(what) => Err(first::failed(&find(socket)?, what, &applied.file, failure)),
        None => Err(failure),
    }
}

fn try_apply(socket: Option<&Path>, applied: &Applied) -> Result<u8> {
    let shown_by = applied.foreground.then(label).transpose()?;
    let wanted = plan::wanted(&applied.file, shown_by)?;
    let socket = find(socket)?;
    let patience = time::seconds(applied.timeout);
    // Whoever has no rights to connect has none to lock.
    let mut client = connect(&socket)?;
    let _lock = lock(&socket, patience)?;
    client.resync()?;
    let (compiled, wanted) = match applied.foreground {
        true => wanted,
        false => plan::as_shown(wanted, &applied.file, &client)?,
    };
    let difference = plan::compare(&wanted, &client, &compiled, applied.taking)?;
    check_ports(&wanted, &compiled, &mut client)?;
    let style = Style::of_stdout();
    let tell = |change: &Change| {
        let line = format!("{}\n", plan::shown(change, style));
        output::write(line.as_bytes()).map_err(|failure| Error::Failed(failure.text))
    };
    carry_out(&mut client, &difference, patience, tell).map_err(failed)?;
    if applied.wait {
        all_ready(&mut client, &wanted, patience)?;
    }
    Ok(OK)
}

/// Takes the signals away that are pending now.
fn answer(socket: &Path, signal: &str) -> Result<()> {
    let mut client = Client::connect_to(socket)?;
    let signal = Signal::parse(signal.as_bytes())
        .ok_or_else(|| Failure::new(USAGE, format!("there is no signal {signal}")))?;
    let count = client.view().pending(signal);
    if count > 0 {
        client.command(["signal.clear", &signal.to_string(), &count.to_string()])?;
    }
    Ok(())
}

/// Before anything is sent: addresses that cannot be had are shown.
fn check_ports(plan: &Plan, compiled: &Compiled, client: &mut Client) -> Result<()> {
    let colours = Style::of_stderr().is_on();
    let wrong = ports::wrong(plan, client);
    let wrong: Vec<_> = wrong.iter().map(|it| it.render(&compiled.files, colours)).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    output::complain(wrong.join("\n").as_bytes());
    Err(Failure::new(FAILED, "nothing was done"))
}

fn failed(unfinished: Unfinished<'_>) -> Failure {
    let style = Style::of_stderr();
    let left = unfinished.left.iter().map(|change| plan::shown(change, style));
    let left: Vec<_> = left.map(|change| format!("\n  {change}")).collect();
    let failure = Failure::from(unfinished.error);
    let status = if failure.status == TIME_IS_UP { FAILED } else { failure.status };
    let text = format!(
        "{}\nnot done, or not all of it (run it again to finish):{}",
        failure.text,
        left.concat()
    );
    Failure::new(status, text)
}

/// Waits until everything is as it should be, but for what never becomes so by itself. What an
/// operator has stopped is said, and is no failure.
fn all_ready(client: &mut Client, plan: &Plan, patience: Duration) -> Result<()> {
    let NotReady { left, held, has_failed, is_under_way } =
        wait_until_ready(client, plan, patience)?;
    let seconds = patience.as_secs_f64();
    let line = |(name, why): &(String, String)| readable(format!("{name}: {why}").as_bytes());
    let (status, what) = match (has_failed, is_under_way) {
        (_, true) => (TIME_IS_UP, format!("not ready after {seconds} s")),
        (true, false) => (FAILED, "not ready".to_owned()),
        (false, false) => {
            left.iter().take(held).for_each(|it| output::warn(&line(it)));
            return Ok(());
        }
    };
    let left: Vec<_> = left.iter().map(|it| format!("\n  {}", line(it))).collect();
    Err(Failure::new(status, format!("{what}:{}", left.concat())))
}
