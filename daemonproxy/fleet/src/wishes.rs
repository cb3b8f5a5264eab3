//! What administrators say of a node, in the store.

use serde_json::json;

use crate::failure::{FAILED, Failure, Result};
use crate::model::Node;
use crate::store::{NODES, Store, StoreError};

/// How often it is tried to change what others change as well.
const TRIES: usize = 8;

/// What is said of it, and the revision of that.
pub(crate) async fn read(store: &Store, name: &str) -> Result<(Node, u64)> {
    let Some(entry) = store.get(NODES, name).await? else { return Ok((Node::default(), 0)) };
    let node = serde_json::from_slice(&entry.value);
    let node = node.map_err(|error| {
        Failure::new(FAILED, format!("what the store says of {name} cannot be read: {error}"))
    })?;
    Ok((node, entry.revision))
}

/// Changes what is said of a node, whoever else does so as well.
pub(crate) async fn update(store: &Store, name: &str, change: impl Fn(&mut Node)) -> Result<()> {
    for _ in 0..TRIES {
        let (mut node, revision) = read(store, name).await?;
        change(&mut node);
        let bytes = json!(node).to_string().into_bytes();
        match store.put_surely(NODES, name, bytes.into(), revision).await {
            Err(StoreError::Conflict) => {}
            done => return Ok(done.map(|_| ())?),
        }
    }
    Err(Failure::new(FAILED, format!("others change {name} all the time")))
}
