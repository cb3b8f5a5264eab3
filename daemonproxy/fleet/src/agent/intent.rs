//! Reads what the node is to have: at the start, when the connection is there again, after a hint,
//! and every now and then. A hint is only that: it may be lost, or lie.

use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{sleep, timeout};

use super::shared::Shared;
use super::worker::Job;
use crate::chance;
use crate::intent::digest;
use crate::model::{Identity, Meta, Node};
use crate::store::{DESIRED, LARGEST_INTENT, Link, META, NODES, Store, StoreError, subject};

/// Every now and then.
const PERIOD: (Duration, Duration) = (Duration::from_secs(20), Duration::from_secs(40));
/// Not more often.
const SHORTEST: Duration = Duration::from_millis(100);
/// When it did not work.
const AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(3));

/// For as long as there is somebody to tell.
pub(super) async fn read(store: &Store, shared: &Shared, jobs: &SyncSender<Job>) {
    let mut links = store.links();
    loop {
        let file = store.subscribe(&subject(DESIRED, &shared.node)).await;
        let wishes = store.subscribe(&subject(NODES, &shared.node)).await;
        let (Ok(mut file), Ok(mut wishes)) = (file, wishes) else {
            sleep(chance::between(AGAIN.0, AGAIN.1)).await;
            continue;
        };
        loop {
            let pause = match once(store, shared, jobs).await {
                Ok(Sent::Yes) => PERIOD,
                Ok(Sent::Nobody) => return,
                Ok(Sent::Busy) | Err(_) => AGAIN,
            };
            // However many hints there are.
            sleep(SHORTEST).await;
            let woken = async {
                loop {
                    tokio::select! {
                        hint = file.next() => return hint.is_some(),
                        hint = wishes.next() => return hint.is_some(),
                        link = links.recv() => {
                            if matches!(link, Ok(Link::Up)) {
                                // All agents of a fleet come back in the same moment.
                                sleep(chance::between(Duration::ZERO, AGAIN.0)).await;
                                return true;
                            }
                        }
                    }
                }
            };
            if let Ok(false) = timeout(chance::between(pause.0, pause.1), woken).await {
                break;
            }
        }
        sleep(chance::between(AGAIN.0, AGAIN.1)).await;
    }
}

/// Whether the worker has it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Sent {
    Yes,
    /// It has too much to do.
    Busy,
    /// There is no worker any more.
    Nobody,
}

fn send(jobs: &SyncSender<Job>, job: Job) -> Sent {
    match jobs.try_send(job) {
        Ok(()) => Sent::Yes,
        Err(TrySendError::Full(_)) => Sent::Busy,
        Err(TrySendError::Disconnected(_)) => Sent::Nobody,
    }
}

async fn once(store: &Store, shared: &Shared, jobs: &SyncSender<Job>) -> Result<Sent, StoreError> {
    // What is not there, or cannot be read, changes nothing.
    let wishes = store.get(NODES, &shared.node).await;
    if let Ok(Some(entry)) = &wishes
        && !entry.is_forged
        && let Ok(node) = serde_json::from_slice::<Node>(&entry.value)
    {
        let sent = send(jobs, Job::Drain(node.drain));
        if sent != Sent::Yes {
            return Ok(sent);
        }
    }
    let job = match found(store, &shared.node).await {
        Ok(job) => job,
        Err(error) => {
            shared.refused(&error.to_string());
            return Err(error);
        }
    };
    Ok(send(jobs, job))
}

async fn found(store: &Store, node: &str) -> Result<Job, StoreError> {
    let meta = store.get(DESIRED, META).await?;
    let Some(entry) = store.get(DESIRED, node).await? else { return Ok(Job::Absent) };
    let meta = meta.filter(|it| !it.is_forged);
    let meta = meta.and_then(|it| serde_json::from_slice::<Meta>(&it.value).ok());
    let Some(meta) = meta else {
        let why = "the store has no epoch that can be read (dpfleet init); nothing is obeyed";
        return Ok(Job::Unreadable(why.into()));
    };
    if entry.is_forged {
        return Ok(Job::Unreadable("it was not written by dpfleet put, and is not obeyed".into()));
    }
    if entry.value.len() > LARGEST_INTENT {
        return Ok(Job::Unreadable(format!("it has {} bytes", entry.value.len())));
    }
    let (Meta { created, epoch }, revision) = (meta, entry.revision);
    let sha256 = digest(&entry.value);
    Ok(Job::Found(Identity { created, epoch, revision, sha256 }, entry.value.to_vec()))
}
