//! The store: NATS JetStream, as far as a fleet needs it.
//!
//! `jetstream` asks the server, in its own words; `layout` says which streams there are; `feed`
//! reads what a stream has, and what comes; `connect` gets in, and `link` is what the connection says
//! of itself then; `names` are those of nodes and keys.

mod connect;
mod feed;
mod jetstream;
mod layout;
mod link;
mod names;

pub(crate) use connect::{connect, connect_for_good, connect_to_store};
pub(crate) use feed::{Feed, From, Item};
pub(crate) use jetstream::{Entry, Store, StoreError};
pub(crate) use layout::{
    DESIRED, EVENTS, Kept, LARGEST_INTENT, LEASES, META, NODES, STATUS, create,
};
pub(crate) use link::Link;
pub(crate) use names::{escaped, is_node, logs, node, subject};
