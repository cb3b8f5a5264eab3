//! The first apply of a daemon that was started with a file (`daemonproxy -f`): if it fails, the
//! daemon leaves with status 2, as a program does whose configuration is wrong.
//!
//! What was started so far is stopped before. Of the first process of a machine nothing leaves.
//! Later, why it failed is written into a tag of the service, where `dpctl why` finds it.

use std::path::Path;
use std::time::Duration;

use daemonproxy_apply::{namespace, patience_for};
use daemonproxy_client::protocol::{Fact, FactValue};
use daemonproxy_client::{Client, FOREVER};

use super::plan;
use crate::cli::FirstFailure;
use crate::failure::Failure;

/// The exit status of the daemon.
const STATUS: &str = "2";

/// The tag that says why the last apply failed.
const TAG: &str = "apply.failed";
/// So much of that fits into any line.
const LONGEST: usize = 300;

/// What there is to say in the end, and meanwhile the daemon leaves.
pub(super) fn failed(socket: &Path, what: FirstFailure, file: &Path, failure: Failure) -> Failure {
    let Ok(mut client) = Client::connect_to(socket) else { return failure };
    if !is_first(&client) {
        let first = plan::first_error(file);
        let first = first.or_else(|| failure.text.lines().next().map(str::to_owned));
        note(&mut client, first.as_deref());
        let text = format!("{}\nwhat there was before stays as it is", failure.text);
        return Failure { text, ..failure };
    }
    if what == FirstFailure::Stay
        || client.connection().peer_pid().is_some_and(|pid| pid == 1 && namespace::is_ours(pid))
    {
        let text = format!("{}\nthe daemon goes on; mend the file, and send SIGHUP", failure.text);
        return Failure { text, ..failure };
    }
    crate::output::warn(&failure.text);
    match leave(socket) {
        Ok(()) => Failure {
            text: "the daemon leaves, since its first apply has failed".into(),
            ..failure
        },
        Err(error) => Failure { text: format!("the daemon does not leave: {error}"), ..failure },
    }
}

/// All is well again.
pub(super) fn succeeded(socket: &Path) {
    if let Ok(mut client) = Client::connect_to(socket) {
        note(&mut client, None);
    }
}

/// Writes why it failed into the tag, or removes that. A refusal changes nothing of what is so.
fn note(client: &mut Client, why: Option<&str>) {
    let own = i32::try_from(std::process::id()).ok();
    let service = client.view().services().find(|(_, it)| it.pid() == own);
    let Some((name, service)) = service else { return };
    let is_there = service.tags().iter().any(|tag| tag.starts_with(TAG.as_bytes()));
    let change = match why {
        Some(why) => {
            let plain = why.chars().map(|c| if c.is_control() { ' ' } else { c });
            format!("{TAG}={}", plain.take(LONGEST).collect::<String>())
        }
        None if is_there => format!("-{TAG}"),
        None => return,
    };
    let name = name.to_vec();
    let _ = client.command([b"service.tags.apply".as_slice(), &name, change.as_bytes()]);
}

/// Whether this process is the first run of its service.
fn is_first(client: &Client) -> bool {
    let own = i32::try_from(std::process::id()).ok();
    let service = client.view().services().find(|(_, it)| it.pid() == own);
    service.is_some_and(|(_, it)| it.run().get(Fact::Starts) == Some(FactValue::Number(1)))
}

/// Stops all services but the one that this process is, each with the time that it has, and ends the
/// daemon.
fn leave(socket: &Path) -> daemonproxy_apply::Result<()> {
    let mut client = daemonproxy_apply::connect(socket)?;
    let own = i32::try_from(std::process::id()).ok();
    let others = client.view().services().filter(|(_, it)| it.pid() != own);
    let names: Vec<Vec<u8>> = others.map(|(name, _)| name.to_vec()).collect();
    let patience = names.iter().map(|name| patience_for(client.view().service(name), FOREVER));
    let patience = patience.max().unwrap_or(Duration::ZERO);
    for name in &names {
        client.command([b"service.stop".as_slice(), name])?;
    }
    client.wait(patience, |view| {
        names.iter().all(|name| view.service(name).is_none_or(|it| it.pid().is_none()))
    })?;
    Ok(client.command(["terminate", STATUS])?)
}
