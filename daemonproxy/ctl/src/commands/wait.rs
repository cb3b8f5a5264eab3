//! `wait`: until services are up, or down.

use daemonproxy_protocol::{ServiceView, StateField, StateView};

use crate::cli::{Awaited, Names};
use crate::client::Client;
use crate::failure::{Failure, OK, Result, TIME_IS_UP};
use crate::style::readable;
use crate::time::deadline;

pub(crate) fn wait(client: &mut Client, names: &Names, state: Awaited, seconds: f64) -> Result<u8> {
    let chosen = client.chosen(&names.names)?;
    until(client, &chosen, state, seconds)?;
    Ok(OK)
}

/// Waits until all of them are in that state.
pub(crate) fn until(
    client: &mut Client,
    names: &[Vec<u8>],
    state: Awaited,
    seconds: f64,
) -> Result<()> {
    let all = |view: &StateView| names.iter().all(|name| is(view, name, state));
    if client.wait(deadline(seconds), all)? {
        return Ok(());
    }
    let late: Vec<_> = names
        .iter()
        .filter(|name| !is(&client.view, name, state))
        .map(|name| readable(name))
        .collect();
    let word = if state == Awaited::Up { "up" } else { "down" };
    Err(Failure::new(TIME_IS_UP, format!("not {word} within {seconds} s: {}", late.join(" "))))
}

/// Whether a service is in that state. One that is gone is down.
pub(crate) fn is(view: &StateView, name: &[u8], awaited: Awaited) -> bool {
    let state = view.service(name).map_or(StateField::Deleted, ServiceView::state);
    match awaited {
        Awaited::Up => matches!(state, StateField::Up { .. }),
        Awaited::Down => !matches!(state, StateField::Up { .. } | StateField::Starting { .. }),
    }
}
