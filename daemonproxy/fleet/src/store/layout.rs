//! Which streams there are, and what they must be like.

use std::time::Duration;

use serde_json::{Value, json};

use super::jetstream::{Store, StoreError};
use crate::failure::{FAILED, Failure, Result};

/// What the nodes are to have: key NODE, and [`META`].
pub(crate) const DESIRED: &str = "dp_desired";
/// Labels, and the wish to drain: key NODE.
pub(crate) const NODES: &str = "dp_nodes";
/// What nodes say of themselves: key NODE.
pub(crate) const STATUS: &str = "dp_status";
/// Who holds what only one may have: key NAME of the lease.
pub(crate) const LEASES: &str = "dp_lease";
/// The stream of what has happened, on subjects `dp.events.NODE.SERVICE`.
pub(crate) const EVENTS: &str = "dp_events";
/// The key with the epoch of the store.
pub(crate) const META: &str = "_meta";

/// No file for a node is larger.
pub(crate) const LARGEST_INTENT: usize = 1 << 20;

/// How much of what has happened is kept.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) age: Duration,
    pub(crate) bytes: u64,
}

/// Makes all streams that are not there. Those that are must be as they should.
pub(crate) async fn create(store: &Store, kept: Kept) -> Result<()> {
    store.check().await?;
    for config in streams(kept) {
        let name = config["name"].as_str().unwrap_or_default();
        let there = match store.stream(name).await {
            Err(StoreError::NoStream) => store.api(&format!("STREAM.CREATE.{name}"), &config).await,
            there => there,
        }?;
        let wrong = differences(&config, &there["config"]);
        if !wrong.is_empty() {
            let text = format!(
                "there is a stream {name} with other settings: {}; set them right with `nats \
                 stream edit`, or rename the stream, and run this again",
                wrong.join(", ")
            );
            return Err(Failure::new(FAILED, text));
        }
    }
    Ok(())
}

fn streams(kept: Kept) -> Vec<Value> {
    // A key has room for its last value only. Nobody can delete a single message, or roll a stream
    // up with a header of his own: that would be a way for one node to remove what others wrote.
    let bucket = |name: &str| {
        json!({
            "name": format!("KV_{name}"), "subjects": [format!("$KV.{name}.>")],
            "max_msgs_per_subject": 1, "discard": "new", "deny_delete": true,
            "allow_rollup_hdrs": false, "allow_direct": true, "retention": "limits",
            "storage": "file", "num_replicas": 1,
        })
    };
    let events = json!({
        "name": EVENTS, "subjects": ["dp.events.>"], "discard": "old", "deny_delete": true,
        "allow_rollup_hdrs": false, "retention": "limits", "storage": "file", "num_replicas": 1,
        "max_age": u64::try_from(kept.age.as_nanos()).unwrap_or(0), "max_bytes": kept.bytes,
        "duplicate_window": 120_000_000_000u64,
    });
    vec![bucket(DESIRED), bucket(NODES), bucket(STATUS), bucket(LEASES), events]
}

/// What is not as it should be, of what matters.
fn differences(wanted: &Value, is: &Value) -> Vec<String> {
    let matters = [
        "subjects",
        "max_msgs_per_subject",
        "discard",
        "deny_delete",
        "allow_rollup_hdrs",
        "allow_direct",
        "retention",
    ];
    let absent = |value: &Value| value.is_null() || *value == json!(false);
    let differs = |key: &&str| {
        let (wanted, is) = (&wanted[*key], &is[*key]);
        !wanted.is_null() && wanted != is && !(absent(wanted) && absent(is))
    };
    let named = |key: &str| format!("{key} is {}, and not {}", is[key], wanted[key]);
    matters.into_iter().filter(differs).map(named).collect()
}
