//! What the values of the store look like. Whoever reads ignores keys that it does not know, so
//! that programs of several versions get along.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The key `_meta`: which store this is, and for the how manieth time it was made or restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    pub(crate) epoch: u64,
    /// When the store was made, as text that is never the same again.
    pub(crate) created: String,
}

/// Which intent it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) created: String,
    pub(crate) epoch: u64,
    pub(crate) revision: u64,
    pub(crate) sha256: String,
}

/// What administrators say of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Node {
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    /// Nothing of the fleet is to run there.
    #[serde(default)]
    pub(crate) drain: bool,
}

/// How far a node is with its intent.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Phase {
    /// It has not read anything yet.
    #[default]
    Starting,
    /// There is nothing for it in the store. What runs goes on.
    Absent,
    /// It is being applied.
    Applying,
    /// It is applied.
    Applied,
    /// It waits until the node is no longer drained.
    Waiting,
    /// It was not applied, or not all of it; it is tried again.
    Failed,
    /// What is in the store cannot be an intent.
    Unreadable,
    /// The store is older than what was applied already.
    WentBack,
}

/// What a node says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    pub(crate) node: String,
    /// The version of its agent.
    pub(crate) version: String,
    /// Which run of the agent it is, by chance.
    pub(crate) session: String,
    /// Rises with each status of the session.
    pub(crate) seq: u64,
    /// Which start of the machine it is.
    pub(crate) boot: String,
    /// What time it is by the clock that the moments of its runs are of, in seconds.
    pub(crate) now: f64,
    /// What time it is there, in seconds of Unix time.
    pub(crate) time: f64,
    /// Whether the agent is connected to the daemon.
    pub(crate) daemon: bool,
    pub(crate) phase: Phase,
    /// What there is to say about the phase.
    pub(crate) note: String,
    /// What was applied as a whole, last.
    pub(crate) applied: Option<Identity>,
    /// The revision that the phase is about.
    pub(crate) revision: u64,
    /// Whether it is drained: asked to be, and nothing of the fleet runs any more.
    pub(crate) drained: bool,
    /// Services of the intent that are not ready, and why.
    pub(crate) left: Vec<(String, String)>,
    /// One of them has failed, and nothing starts it again.
    pub(crate) has_failed: bool,
    pub(crate) services: Vec<ServiceStatus>,
    /// So many services had no room in here.
    pub(crate) more: usize,
    /// So many events were dropped because they could not be sent.
    pub(crate) lost: u64,
    /// What the server has refused last.
    pub(crate) refused: Option<String>,
}

/// What a node says of one service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ServiceStatus {
    pub(crate) name: String,
    pub(crate) state: String,
    /// The facts of its last run, as daemonproxy-protocol(7) has them; `number` is which run it is.
    pub(crate) run: Map<String, Value>,
}

/// Something that has happened on a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Happened {
    pub(crate) node: String,
    /// The run of the agent, and the number of the event in it.
    pub(crate) session: String,
    pub(crate) seq: u64,
    /// By the clock of the node, in seconds of Unix time.
    pub(crate) time: f64,
    /// `service.state`, `service.run`, or `gap`: something is missing here.
    pub(crate) event: String,
    pub(crate) service: String,
    /// The state, as the fields of the event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) state: Vec<String>,
    /// The facts of the run.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) run: Map<String, Value>,
    /// Why there is a gap.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) why: String,
    /// How many are missing, if that is known.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) lost: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
