//! Watches the daemon: a thread, because the client waits in poll(2).

use std::collections::BTreeMap;
use std::io::Read;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::SyncSender;
use std::thread::sleep;
use std::time::Duration;

use daemonproxy_apply::not_ready;
use daemonproxy_client::protocol::ServiceView;
use daemonproxy_client::{Client, Error, Event, StateField, StateView};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::daemon::identity;
use super::facts::{happened, run, text};
use super::shared::Shared;
use super::wanted::Wanted;
use super::worker::Job;
use crate::model::ServiceStatus;
use crate::{chance, say};

/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_secs(1);

/// Goes on for as long as there is somebody to tell.
pub(super) fn watch(shared: &Shared, socket: &Path, woken: &UnixStream, jobs: &SyncSender<Job>) {
    let mut said = String::new();
    loop {
        let error = match daemonproxy_apply::connect(socket) {
            Ok(mut client) => {
                said.clear();
                let ended = follow(shared, &mut client, woken, jobs);
                if ended.is_none() {
                    return;
                }
                format!("the daemon at {} has gone", socket.display())
            }
            Err(error) => error.to_string(),
        };
        let mut state = shared.state();
        state.is_connected = false;
        state.services.clear();
        drop(state);
        if error != said {
            say(&error);
            shared.changed.notify_one();
            said = error;
        }
        sleep(chance::between(PAUSE / 2, PAUSE));
    }
}

/// Until the daemon has gone; nothing if nobody wants to know any more.
fn follow(
    shared: &Shared,
    client: &mut Client,
    woken: &UnixStream,
    jobs: &SyncSender<Job>,
) -> Option<Error> {
    let daemon = identity(client);
    let all = client.view().services();
    let all: BTreeMap<_, _> = all.map(|(name, it)| (text(name), status(name, it))).collect();
    let leases = leases(client.view());
    let mut state = shared.state();
    (state.is_connected, state.services, state.leases) = (true, all, leases);
    drop(state);
    shared.gap("the agent has connected to the daemon", 0);
    jobs.send(Job::Daemon(daemon)).ok()?;
    loop {
        match take_in(shared, client) {
            Err(error) => return Some(error),
            Ok(true) => shared.changed.notify_one(),
            Ok(false) => {}
        }
        let mut fds = [
            PollFd::new(client.as_fd(), PollFlags::POLLIN),
            PollFd::new(woken.as_fd(), PollFlags::POLLIN),
        ];
        // A signal only makes it look once more.
        let _ = poll(&mut fds, PollTimeout::NONE);
        // It does not block; what is in it does not matter.
        let _ = (&*woken).read(&mut [0; 64]);
    }
}

/// Takes in all that is there. Whether something has changed.
fn take_in(shared: &Shared, client: &mut Client) -> Result<bool, Error> {
    let plan = shared.plan();
    let mut has_changed = false;
    if plan.as_ref().is_some_and(|(_, is_new)| *is_new) {
        // What was applied has been told by now.
        client.sync()?;
        has_changed = true;
    }
    while let Some(line) = client.next_event(Duration::ZERO)? {
        match line.event() {
            Ok(Event::Overflow) => {
                client.resync()?;
                shared.gap("the agent was too slow for the daemon", 0);
                let all = client.view().services();
                let all = all.map(|(name, it)| (text(name), status(name, it))).collect();
                shared.state().services = all;
                has_changed = true;
            }
            Ok(
                Event::ServiceState { name, .. }
                | Event::ServiceRun { name, .. }
                | Event::ServiceArgs { name, .. },
            ) => {
                has_changed = true;
                let name = name.as_bytes();
                let now = client.view().service(name).map(|it| status(name, it));
                let mut state = shared.state();
                match now {
                    Some(now) => drop(state.services.insert(text(name), now)),
                    None => drop(state.services.remove(&text(name))),
                }
                drop(state);
                if let Some(what) = happened(&line) {
                    shared.happened(what);
                }
            }
            _ => {}
        }
    }
    if has_changed {
        shared.state().leases = leases(client.view());
    }
    if has_changed && let Some((plan, _)) = plan {
        shared.missing(&plan, not_ready(&plan, client.view()));
    }
    Ok(has_changed)
}

fn status(name: &[u8], it: &ServiceView) -> ServiceStatus {
    let state = match it.state() {
        StateField::Down { .. } => "down",
        StateField::Up { .. } => "up",
        StateField::Starting { .. } => "start",
        _ => "none",
    };
    ServiceStatus { name: text(name), state: state.into(), run: run(it.run()) }
}

fn leases(view: &StateView) -> BTreeMap<String, Wanted> {
    view.services().filter_map(|(name, it)| Some((text(name), Wanted::of(it)?))).collect()
}
