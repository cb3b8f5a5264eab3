//! Changes, as server-sent events. What a browser has not taken yet is not kept: it is told what is
//! so by then.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::routes::{Shared, no};

/// The least time between two messages.
const PAUSE: Duration = Duration::from_millis(100);
/// At least so often something is sent, so that both sides notice when the other is gone.
const ALIVE: Duration = Duration::from_secs(10);
/// How soon a browser connects again.
const BEGIN: &str = "retry: 1000\n\n";

/// One browser.
struct Watcher {
    site: Shared,
    seen: u64,
    changes: watch::Receiver<u64>,
    has_begun: bool,
    /// Its place among those that watch.
    _place: OwnedSemaphorePermit,
}

pub(super) async fn stream(State(site): State<Shared>) -> Response {
    let Ok(place) = Arc::clone(&site.watchers).try_acquire_owned() else {
        return no(StatusCode::SERVICE_UNAVAILABLE, "Too many are watching already.");
    };
    let changes = site.board.changes();
    let watcher = Watcher { site, seen: 0, changes, has_begun: false, _place: place };
    let messages = futures_util::stream::unfold(watcher, |mut watcher| async {
        let text = watcher.next().await;
        Some((Ok::<_, Infallible>(Bytes::from(text)), watcher))
    });
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(messages)).into_response()
}

impl Watcher {
    async fn next(&mut self) -> String {
        if !self.has_begun {
            self.has_begun = true;
            return BEGIN.to_owned();
        }
        if self.seen > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        loop {
            self.changes.mark_unchanged();
            if let Some(message) = self.site.board.since(&mut self.seen) {
                match serde_json::to_string(&message) {
                    Ok(text) => return format!("data: {text}\n\n"),
                    Err(error) => return format!(": {error}\n\n"),
                }
            }
            // Nobody makes changes any more, or nothing has changed for a while.
            if !matches!(tokio::time::timeout(ALIVE, self.changes.changed()).await, Ok(Ok(()))) {
                return ": still here\n\n".to_owned();
            }
        }
    }
}
