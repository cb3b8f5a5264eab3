//! Reads what a stream has, in order and without gaps, and then what comes.
//!
//! The server forgets a reader that was away for long, and a reader may miss something meanwhile.
//! Both are noticed by numbers and by silence; then it is begun again behind what was read.

use std::time::Duration;

use async_nats::{Message, StatusCode, Subscriber};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::jetstream::{Store, StoreError, consumer};

/// The server says every two seconds that it is there.
const SILENCE: Duration = Duration::from_secs(7);
/// Before it is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// Where to begin.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// The last value of each subject, and then all that comes.
    LastOfEach,
    /// All there is.
    Beginning,
    /// Only what comes.
    Now,
}

/// One message of a stream.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) subject: String,
    pub(crate) value: Bytes,
    /// The moment when the server stored it, in nanoseconds, by the server's clock.
    pub(crate) stored: u64,
    /// It is an answer that somebody has let the server send there.
    pub(crate) is_forged: bool,
}

/// A reader.
#[derive(Debug)]
pub(crate) struct Feed {
    store: Store,
    stream: String,
    filter: String,
    from: From,
    subscriber: Subscriber,
    /// The sequence of the last that was read.
    last: u64,
    /// The number of the last one that was delivered to this reader.
    delivered: u64,
    /// How many there were to read when it began.
    left: u64,
    /// The server's clock when it began.
    began: Option<u64>,
    /// When anything came last. Kept here, for whoever waits in short pieces gives up each of them.
    heard: Instant,
}

impl Feed {
    pub(crate) async fn open(
        store: &Store,
        stream: &str,
        filter: &str,
        from: From,
    ) -> Result<Self, StoreError> {
        let begin = match from {
            From::LastOfEach => json!({ "deliver_policy": "last_per_subject" }),
            From::Beginning => json!({ "deliver_policy": "all" }),
            From::Now => json!({ "deliver_policy": "new" }),
        };
        let (subscriber, answer) = begin_to_read(store, stream, filter, &begin).await?;
        let left = answer["num_pending"].as_u64().unwrap_or(0);
        let last = answer["delivered"]["stream_seq"].as_u64().unwrap_or(0);
        Ok(Self {
            store: store.clone(),
            stream: stream.into(),
            filter: filter.into(),
            from,
            subscriber,
            last: if from == From::Now { last } else { 0 },
            delivered: 0,
            left,
            began: answer["created"].as_str().and_then(nanos),
            heard: Instant::now(),
        })
    }

    /// The server's clock when it began, in nanoseconds of Unix time.
    pub(crate) fn began(&self) -> Option<u64> {
        self.began
    }

    /// Whether all is read that there was.
    pub(crate) fn is_at_end(&self) -> bool {
        self.left == 0
    }

    /// The next one, for as long as it takes. A store that is away is waited for. Whoever gives up
    /// waiting loses nothing.
    pub(crate) async fn next(&mut self) -> Item {
        loop {
            let came = timeout_at(self.heard + SILENCE, self.subscriber.next()).await;
            if came.is_ok() {
                self.heard = Instant::now();
            }
            match came {
                Ok(Some(message)) if message.status.is_none_or(|it| it == StatusCode::OK) => {
                    match self.taken(message) {
                        Some(item) => return item,
                        None => self.again().await,
                    }
                }
                Ok(Some(heartbeat)) => {
                    let last =
                        heartbeat.headers.as_ref().and_then(|it| it.get("Nats-Last-Consumer"));
                    let last = last.and_then(|it| it.as_str().parse::<u64>().ok());
                    if last.is_some_and(|last| last != self.delivered) {
                        self.again().await;
                    }
                }
                Ok(None) | Err(_) => self.again().await,
            }
        }
    }

    /// The same, but only what there was when it began; nothing at its end. An error if it does
    /// not come.
    pub(crate) async fn rest(&mut self) -> Result<Option<Item>, StoreError> {
        if self.is_at_end() {
            return Ok(None);
        }
        match timeout(SILENCE, self.next()).await {
            Ok(item) => Ok(Some(item)),
            Err(_) => Err(StoreError::Unclear("it has begun to answer, and stopped".into())),
        }
    }

    /// Nothing if one is missing before it.
    fn taken(&mut self, message: Message) -> Option<Item> {
        // $JS.ACK.STREAM.CONSUMER.TIMES.SEQUENCE.DELIVERED.TIME.PENDING
        let reply = message.reply?;
        let numbers: Vec<u64> =
            reply.split('.').skip(4).filter_map(|part| part.parse().ok()).collect();
        let &[_, sequence, delivered, stored, pending] = numbers.as_slice() else { return None };
        if delivered != self.delivered + 1 {
            return None;
        }
        self.delivered = delivered;
        self.last = sequence;
        self.left = pending;
        let is_forged = message.headers.as_ref().is_some_and(|it| it.get("Nats-Stream").is_some());
        let subject = message.subject.to_string();
        Some(Item { subject, value: message.payload, stored, is_forged })
    }

    /// Begins again behind the last.
    async fn again(&mut self) {
        loop {
            sleep(PAUSE).await;
            let begin = match self.from {
                From::LastOfEach => json!({ "deliver_policy": "last_per_subject" }),
                _ => json!({
                    "deliver_policy": "by_start_sequence", "opt_start_seq": self.last + 1,
                }),
            };
            let opened = begin_to_read(&self.store, &self.stream, &self.filter, &begin).await;
            if let Ok((subscriber, answer)) = opened {
                // A store that was made again begins at 1.
                self.subscriber = subscriber;
                self.delivered = 0;
                self.left = answer["num_pending"].as_u64().unwrap_or(0);
                self.heard = Instant::now();
                return;
            }
        }
    }
}

async fn begin_to_read(
    store: &Store,
    stream: &str,
    filter: &str,
    from: &Value,
) -> Result<(Subscriber, Value), StoreError> {
    let inbox = store.new_inbox();
    let subscriber = store.subscribe(&inbox).await?;
    let request = consumer(stream, filter, &inbox, from);
    let answer = store.api(&format!("CONSUMER.CREATE.{stream}"), &request).await?;
    Ok((subscriber, answer))
}

/// A moment as the server writes it.
fn nanos(text: &str) -> Option<u64> {
    let (moment, _) = daemonproxy_log::Moment::read(text.as_bytes())?;
    let seconds = u64::try_from(moment.seconds).ok()?;
    seconds.checked_mul(1_000_000_000)?.checked_add(moment.nanos.into())
}

#[cfg(test)]
mod tests {
    use super::nanos;

    #[test]
    fn moments_of_the_server() {
        assert_eq!(nanos("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(nanos("2000-02-29T12:34:56.5Z"), Some(951_827_696_500_000_000));
        assert_eq!(nanos("2026-11-28T00:52:37.294777607Z"), Some(1_795_827_157_294_777_607));
        assert_eq!(nanos("what"), None);
    }
}
