//! JetStream in its own words: requests and answers in JSON, on subjects under `$JS.API`.
//!
//! The client library has an interface of its own for this. It asks for more than a node may do
//! (information about streams), needs fields that the server of Debian does not send, and does not
//! always tell whether something was refused or is unclear, which is all that leases are about.

use std::fmt;
use std::time::Duration;

use async_nats::{Client, HeaderMap, RequestErrorKind, StatusCode, Subscriber};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::link::Link;
use super::names::{logs, subject};
use crate::failure::{FAILED, Failure};
use crate::tail::Tail;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The error of JetStream for a value that somebody else has written meanwhile.
const WRONG_LAST_SEQUENCE: u64 = 10071;
/// The error of JetStream for a stream that is not there.
const NO_STREAM: u64 = 10059;

/// A connection to the store.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    client: Client,
    links: broadcast::Sender<Link>,
}

/// A value of the store.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) value: Bytes,
    pub(crate) revision: u64,
    /// It was not written there by somebody who may: a server sends its answers wherever a client
    /// says, also into a stream. Such a message has the marks of an answer.
    pub(crate) is_forged: bool,
}

/// Why the store did not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// It did not answer: it may have done it, or not.
    Unclear(String),
    /// Nobody has to do with this.
    Nobody(String),
    /// Somebody else has written the value.
    Conflict,
    /// There is no such stream.
    NoStream,
    /// It said no.
    Refused(String),
}

type Result<T> = std::result::Result<T, StoreError>;

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unclear(text) => write!(f, "the store does not answer ({text})"),
            Self::Nobody(what) => write!(
                f,
                "nobody answers for {what}: there is no store yet (dpfleet init), JetStream is \
                 off at this server, or this user may not ask"
            ),
            Self::Conflict => f.write_str("somebody else has written it meanwhile"),
            Self::NoStream => f.write_str("there is no store yet: dpfleet init makes one"),
            Self::Refused(text) => write!(f, "the store refuses: {text}"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(FAILED, error.to_string())
    }
}

impl Store {
    pub(super) fn new(client: Client, links: broadcast::Sender<Link>) -> Self {
        Self { client, links }
    }

    /// What the connection says of itself from now on.
    pub(crate) fn links(&self) -> broadcast::Receiver<Link> {
        self.links.subscribe()
    }

    /// The largest message that the server takes.
    pub(crate) fn largest(&self) -> usize {
        self.client.server_info().max_payload
    }

    pub(crate) async fn subscribe(&self, subject: &str) -> Result<Subscriber> {
        let subscribed = self.client.subscribe(subject.to_owned()).await;
        subscribed.map_err(|error| StoreError::Refused(error.to_string()))
    }

    pub(super) fn new_inbox(&self) -> String {
        self.client.new_inbox()
    }

    async fn request(
        &self,
        subject: &str,
        headers: Option<HeaderMap>,
        payload: Bytes,
    ) -> Result<async_nats::Message> {
        let mut links = self.links();
        let request = async_nats::Request::new().payload(payload).timeout(Some(PATIENCE));
        let request = match headers {
            Some(headers) => request.headers(headers),
            None => request,
        };
        let mut answer = std::pin::pin!(self.client.send_request(subject.to_owned(), request));
        let answer = loop {
            tokio::select! {
                answer = &mut answer => break answer,
                link = links.recv() => match link {
                    // It is told apart from the answer, which never comes then.
                    Ok(Link::Refused(text)) if text.contains(subject) => {
                        return Err(StoreError::Refused(text));
                    }
                    Err(broadcast::error::RecvError::Closed) => break answer.await,
                    _ => {}
                },
            }
        };
        answer.map_err(|error| match error.kind() {
            RequestErrorKind::NoResponders => StoreError::Nobody(subject.to_owned()),
            RequestErrorKind::InvalidSubject => StoreError::Refused(error.to_string()),
            _ => StoreError::Unclear(error.to_string()),
        })
    }

    /// Asks the interface of JetStream.
    pub(crate) async fn api(&self, what: &str, body: &Value) -> Result<Value> {
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let message = self.request(&format!("$JS.API.{what}"), None, body).await?;
        answer(&message.payload)
    }

    /// The value of a key.
    pub(crate) async fn get(&self, bucket: &str, key: &str) -> Result<Option<Entry>> {
        let what = format!("$JS.API.DIRECT.GET.KV_{bucket}.{}", subject(bucket, key));
        let message = self.request(&what, None, Bytes::new()).await?;
        match message.status {
            Some(StatusCode::NOT_FOUND) => return Ok(None),
            Some(status) if status != StatusCode::OK => {
                let text = message.description.unwrap_or_default();
                return Err(StoreError::Refused(format!("{status} {text}")));
            }
            _ => {}
        }
        let headers = message.headers.unwrap_or_default();
        if headers.get("KV-Operation").is_some() {
            return Ok(None);
        }
        let revision = headers.get("Nats-Sequence").and_then(|it| it.as_str().parse().ok());
        // If it has come here as an answer, there are two of them, and the second is ours.
        let is_forged = headers.get_all("Nats-Stream").count() != 1;
        let last = headers.get_all("Nats-Sequence").last();
        let revision = last.and_then(|it| it.as_str().parse().ok()).or(revision);
        let unread = || StoreError::Refused("an answer without a sequence".into());
        Ok(Some(Entry {
            value: message.payload,
            revision: revision.ok_or_else(unread)?,
            is_forged,
        }))
    }

    /// Writes a value, if the revision is still this one; 0 is none. Returns the new revision.
    pub(crate) async fn put(
        &self,
        bucket: &str,
        key: &str,
        value: Bytes,
        expected: Option<u64>,
    ) -> Result<u64> {
        let headers = expected.map(|revision| {
            let mut headers = HeaderMap::new();
            headers.insert("Nats-Expected-Last-Subject-Sequence", revision.to_string().as_str());
            headers
        });
        self.publish(&subject(bucket, key), headers, value).await
    }

    /// Writes a value, and looks whether it is there if the answer did not come.
    pub(crate) async fn put_surely(
        &self,
        bucket: &str,
        key: &str,
        value: Bytes,
        expected: u64,
    ) -> Result<u64> {
        match self.put(bucket, key, value.clone(), Some(expected)).await {
            Err(StoreError::Unclear(_)) => {}
            done => return done,
        }
        match self.get(bucket, key).await? {
            Some(entry) if entry.revision > expected && entry.value == value => Ok(entry.revision),
            Some(entry) if entry.revision > expected => Err(StoreError::Conflict),
            // The message may still be under way, but now with the wrong sequence.
            _ => self.put(bucket, key, value, Some(expected)).await,
        }
    }

    /// Adds a message to the stream of this subject. The same one twice, by its id, is once.
    pub(crate) async fn append(&self, subject: &str, id: &str, value: Bytes) -> Result<u64> {
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Msg-Id", id);
        self.publish(subject, Some(headers), value).await
    }

    async fn publish(
        &self,
        subject: &str,
        headers: Option<HeaderMap>,
        value: Bytes,
    ) -> Result<u64> {
        let message = self.request(subject, headers, value).await?;
        let answer = answer(&message.payload)?;
        answer["seq"].as_u64().ok_or_else(|| StoreError::Refused(answer.to_string()))
    }

    /// Asks a node for the end of a log.
    pub(crate) async fn ask_for_log(&self, node: &str, service: &str) -> Result<Tail> {
        let question = Bytes::from(service.to_owned());
        let message = self.request(&logs(node), None, question).await?;
        serde_json::from_slice(&message.payload)
            .map_err(|error| StoreError::Refused(format!("an answer that cannot be read: {error}")))
    }

    /// Answers somebody who has asked. If he is gone there is nobody to tell.
    pub(crate) async fn answer(&self, reply: async_nats::Subject, what: &impl Serialize) {
        if let Ok(bytes) = serde_json::to_vec(what) {
            let _ = self.client.publish(reply, bytes.into()).await;
        }
    }

    /// What there is to know of a stream.
    pub(crate) async fn stream(&self, name: &str) -> Result<Value> {
        self.api(&format!("STREAM.INFO.{name}"), &Value::Null).await
    }

    /// Whether there is JetStream at all, for this user.
    pub(crate) async fn check(&self) -> std::result::Result<(), Failure> {
        let text = match self.api("INFO", &Value::Null).await {
            Ok(_) => return Ok(()),
            Err(StoreError::Unclear(text)) => format!("the server does not answer ({text})"),
            Err(StoreError::Nobody(_)) => {
                "JetStream is off at this server, or for this user: see `jetstream` in its \
                 configuration"
                    .into()
            }
            Err(error) => error.to_string(),
        };
        Err(Failure::new(FAILED, text))
    }
}

/// The answer, or the error in it.
fn answer(payload: &[u8]) -> Result<Value> {
    let answer: Value = serde_json::from_slice(payload)
        .map_err(|error| StoreError::Refused(format!("an answer that is not JSON: {error}")))?;
    let error = answer.get("error").unwrap_or(&Value::Null);
    if error.is_null() {
        return Ok(answer);
    }
    Err(match error["err_code"].as_u64() {
        Some(WRONG_LAST_SEQUENCE) => StoreError::Conflict,
        Some(NO_STREAM) => StoreError::NoStream,
        _ => {
            let text = error["description"].as_str().unwrap_or("an error without a text");
            StoreError::Refused(text.to_owned())
        }
    })
}

/// The request that begins to read a stream.
pub(super) fn consumer(stream: &str, filter: &str, inbox: &str, from: &Value) -> Value {
    let mut config = json!({
        "deliver_subject": inbox, "ack_policy": "none", "replay_policy": "instant",
        "filter_subject": filter, "mem_storage": true, "num_replicas": 1,
        "idle_heartbeat": 2_000_000_000u64, "inactive_threshold": 30_000_000_000u64,
    });
    if let (Some(config), Some(from)) = (config.as_object_mut(), from.as_object()) {
        config.extend(from.clone());
    }
    json!({ "stream_name": stream, "config": config })
}
