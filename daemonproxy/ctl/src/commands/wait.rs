//! `wait`: until services are up, ready, down or done.

use std::time::Instant;

use daemonproxy_client::protocol::{Fact, ServiceView};
use daemonproxy_client::{Client, StateField, StateView};
use daemonproxy_look::{time, why};

use crate::cli::{Awaited, Names};
use crate::failure::{Failure, OK, Result, TIME_IS_UP};
use crate::output::warn;
use crate::services::{chosen, near, select};
use crate::style::readable;

pub(crate) fn wait(client: &mut Client, names: &Names, state: Awaited, seconds: f64) -> Result<u8> {
    let begun = Instant::now();
    if state != Awaited::Down {
        // They may be about to come: a controller, or a file, sets them up. Or it is a typo.
        for missing in select(client.view(), &names.names).1 {
            if let Some(near) = near(client.view(), &missing) {
                warn(&format!(
                    "waiting for {missing}, which is not there yet; did you mean {near}?"
                ));
            }
        }
        let all_exist = |view: &StateView| select(view, &names.names).1.is_empty();
        client.wait(time::seconds(seconds), all_exist)?;
    }
    let chosen = chosen(client.view(), &names.names)?;
    until(client, &chosen, state, begun, seconds)?;
    Ok(OK)
}

/// Waits until all of them are in that state. The time has begun to count at that moment.
fn until(
    client: &mut Client,
    names: &[Vec<u8>],
    state: Awaited,
    begun: Instant,
    seconds: f64,
) -> Result<()> {
    let all = |view: &StateView| names.iter().all(|name| is(view.service(name), state));
    let left = (seconds - begun.elapsed().as_secs_f64()).max(0.0);
    if stays(client, left, all)? {
        return Ok(());
    }
    let late: Vec<_> = names
        .iter()
        .filter(|name| !is(client.view().service(name), state))
        .map(|name| readable(name))
        .collect();
    let word = match state {
        Awaited::Up => "up",
        Awaited::Ready => "ready",
        Awaited::Down => "down",
        Awaited::Done => "done",
    };
    Err(Failure::new(TIME_IS_UP, format!("not {word} within {seconds} s: {}", late.join(" "))))
}

/// Waits until it is so even after the daemon has reported everything that belongs together: that a
/// service is down, and that it will be started again, are two events.
fn stays(client: &mut Client, seconds: f64, is_so: impl Fn(&StateView) -> bool) -> Result<bool> {
    let deadline = Instant::now().checked_add(time::seconds(seconds));
    loop {
        let left = deadline.map_or(daemonproxy_client::FOREVER, |deadline| {
            deadline.saturating_duration_since(Instant::now())
        });
        if !client.wait(left, &is_so)? {
            return Ok(false);
        }
        client.sync()?;
        if is_so(client.view()) {
            return Ok(true);
        }
    }
}

/// Whether a service is in that state. One that is gone is down.
pub(crate) fn is(service: Option<&ServiceView>, awaited: Awaited) -> bool {
    let state = service.map_or(StateField::Deleted, ServiceView::state);
    match awaited {
        Awaited::Ready => {
            is(service, Awaited::Up) && service.is_some_and(|it| it.run().has(Fact::Ready))
        }
        Awaited::Done => service.is_some_and(why::ended_well),
        Awaited::Up => matches!(state, StateField::Up { .. }),
        Awaited::Down => !matches!(state, StateField::Up { .. } | StateField::Starting { .. }),
    }
}
