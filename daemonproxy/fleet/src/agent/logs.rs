//! Answers who asks for the end of a log, one after the other: on `dp.logs.NODE`, with the name of a
//! service.

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::shared::Shared;
use crate::chance;
use crate::store::{Store, logs};
use crate::tail::{self, Tail};

/// When it did not work.
const AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(3));
/// No name of a service is longer.
const LONGEST: usize = 255;

pub(super) async fn answer(store: &Store, shared: &Shared, socket: &Path) {
    loop {
        if let Ok(mut asked) = store.subscribe(&logs(&shared.node)).await {
            while let Some(question) = asked.next().await {
                // Whoever asks could name any subject, and have us write there.
                let reply = question.reply.filter(|it| is_inbox(it));
                let (Some(reply), 0..=LONGEST) = (reply, question.payload.len()) else { continue };
                let name = String::from_utf8_lossy(&question.payload).into_owned();
                let socket = socket.to_owned();
                let tail = spawn_blocking(move || tail::of(&socket, &name)).await;
                let tail = tail.unwrap_or_else(|error| Tail::none(&error.to_string()));
                store.answer(reply, &tail).await;
            }
        }
        sleep(chance::between(AGAIN.0, AGAIN.1)).await;
    }
}

/// A subject that is there for an answer: of a client, or between accounts.
fn is_inbox(subject: &str) -> bool {
    subject.starts_with("_INBOX.") || subject.starts_with("_R_.")
}
