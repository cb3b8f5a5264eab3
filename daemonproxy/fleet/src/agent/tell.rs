//! Sends what is known to the store: statuses, of which only the last one counts, and events, which
//! wait until they are there.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{sleep, timeout};

use super::daemon::boot;
use super::shared::Shared;
use crate::chance;
use crate::store::{Link, STATUS, Store, escaped};

/// A status comes at least that often, and at most that often.
const BEAT: Duration = Duration::from_secs(5);
const SHORTEST: Duration = Duration::from_millis(500);
/// So many events are under way at once.
const BATCH: usize = 64;
/// Before it is tried again.
const AGAIN: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(2));

pub(super) async fn statuses(store: &Store, shared: &Shared) {
    let boot = boot();
    loop {
        let status = shared.status(&boot, store.largest());
        let sent = match serde_json::to_vec(&status) {
            Ok(bytes) => store.put(STATUS, &shared.node, bytes.into(), None).await,
            Err(_) => Ok(0),
        };
        if let Err(error) = sent {
            shared.refused(&error.to_string());
        }
        sleep(SHORTEST).await;
        // Not all agents of a machine room in the same moment.
        let beat = chance::between(BEAT - SHORTEST * 2, BEAT - SHORTEST);
        let _ = timeout(beat, shared.changed.notified()).await;
    }
}

pub(super) async fn events(store: &Store, shared: &Shared) {
    loop {
        if shared.state().queue.is_empty() {
            shared.happened.notified().await;
        }
        let batch = shared.take(BATCH);
        let sent = batch.iter().map(|event| {
            let service =
                if event.event == "gap" { "=".into() } else { escaped(event.service.as_bytes()) };
            let subject = format!("dp.events.{}.{service}", shared.node);
            // Sent twice, it is there once.
            let id = format!("{}-{}", shared.session, event.seq);
            let bytes = serde_json::to_vec(event).unwrap_or_default();
            async move { store.append(&subject, &id, bytes.into()).await }
        });
        let failed = join_all(sent).await.into_iter().find_map(Result::err);
        if let Some(error) = failed {
            shared.refused(&error.to_string());
            shared.state().queue.put_back(batch);
            sleep(chance::between(AGAIN.0, AGAIN.1)).await;
        }
    }
}

/// What the server refuses is told apart from the answers.
pub(super) async fn refusals(store: &Store, shared: &Shared) {
    let mut links = store.links();
    loop {
        match links.recv().await {
            Ok(Link::Refused(text)) => shared.refused(&text),
            Ok(Link::Up) => shared.state().refused = None,
            Ok(Link::Down) => shared.refused("the connection to the store is gone"),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
