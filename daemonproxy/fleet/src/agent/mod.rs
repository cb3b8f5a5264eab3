//! `agent`: delivers what the store has for this node to its daemon, and news of the daemon to the
//! store. A controller like any other: the daemon knows nothing of it.
//!
//! `intent` reads what the node is to have, `worker` applies it, and `disk` keeps it; `news` watches
//! the daemon, and `tell` sends what it sees. `lease` is about services of which there may be one, and
//! `wanted` is what such a service says; `logs` answers who asks for the end of a log. `shared` and `queue` are between them; `daemon` says which
//! daemon it is, and `facts` what it tells, as JSON.

mod daemon;
mod disk;
mod facts;
mod intent;
mod lease;
mod logs;
mod news;
mod queue;
mod shared;
mod tell;
mod wanted;
mod worker;

use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

use tokio::signal::unix::{SignalKind, signal};

use crate::chance;
use crate::cli::AgentArgs;
use crate::failure::{FAILED, Failure, Result};
use crate::store;

/// At most so much waits for the worker, which may be busy for as long as a service takes to stop.
const MOST_JOBS: usize = 4;

/// Goes on until it is told to end.
pub(crate) async fn agent(args: &AgentArgs) -> Result<()> {
    let node = store::node(&args.node)?;
    let socket = daemonproxy_client::find(args.socket.as_deref())
        .map_err(|error| Failure::new(FAILED, error.to_string()))?;
    let disk = disk::Disk::open(&args.state, node)?;
    // Before there is anything to lose.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (wake, woken) = UnixStream::pair()?;
    wake.set_nonblocking(true)?;
    woken.set_nonblocking(true)?;
    let session = format!("{:016x}", chance::number());
    let shared = Arc::new(shared::Shared::new(node, session, wake));
    shared.gap("the agent has started", 0);
    // What does not fit is read again.
    let (jobs, todo) = mpsc::sync_channel(MOST_JOBS);
    let worker = worker::Worker { shared: Arc::clone(&shared), socket: socket.clone(), disk };
    let working = thread::Builder::new().name("worker".into());
    working.spawn(move || worker.work(&todo))?;
    let (watched, heard) = (Arc::clone(&shared), jobs.clone());
    let own = socket.clone();
    let watching = thread::Builder::new().name("news".into());
    watching.spawn(move || news::watch(&watched, &socket, &woken, &heard))?;

    let store = store::connect_for_good(&args.store, &format!("dpfleet agent {node}")).await?;
    tokio::select! {
        () = intent::read(&store, &shared, &jobs) => {}
        () = lease::keep(&store, &shared, &own) => {}
        () = logs::answer(&store, &shared, &own) => {}
        () = tell::statuses(&store, &shared) => {}
        () = tell::events(&store, &shared) => {}
        () = tell::refusals(&store, &shared) => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
