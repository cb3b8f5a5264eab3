//! What is shown comes from there, and what is asked for goes there.

use std::sync::Arc;

use serde::Serialize;

use super::daemon::Daemon;
use super::nodes::Nodes;
use crate::tail::Tail;

/// One daemon, or many.
pub(super) enum Source {
    Daemon(Arc<Daemon>),
    Nodes(Arc<Nodes>),
}

/// What is known of a service besides its row.
#[derive(Debug, Default, Serialize)]
pub(super) struct Details {
    /// Why it runs or does not, a sentence each.
    pub(super) why: Vec<String>,
    pub(super) args: String,
    pub(super) triggers: String,
    pub(super) tags: String,
}

/// What can be done to a service, or to a node.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verb {
    Start,
    Stop,
    Restart,
    Drain,
    Undrain,
}

impl Verb {
    /// The command of the daemon, if it is one.
    pub(super) fn command(self) -> Option<&'static str> {
        match self {
            Self::Start => Some("service.start"),
            Self::Stop => Some("service.stop"),
            Self::Restart => Some("service.restart"),
            Self::Drain | Self::Undrain => None,
        }
    }
}

impl Source {
    /// What is shown, for its title.
    pub(super) fn title(&self) -> &str {
        match self {
            Self::Daemon(daemon) => daemon.node(),
            Self::Nodes(_) => "fleet",
        }
    }

    /// Whether it is many.
    pub(super) fn is_fleet(&self) -> bool {
        matches!(self, Self::Nodes(_))
    }

    pub(super) fn details(&self, node: &str, name: &str) -> Option<Details> {
        match self {
            Self::Daemon(daemon) => daemon.details(node, name),
            Self::Nodes(nodes) => nodes.details(node, name),
        }
    }

    pub(super) async fn tail(&self, node: &str, name: &str) -> Option<Tail> {
        match self {
            Self::Daemon(daemon) => daemon.tail(node, name).await,
            Self::Nodes(nodes) => nodes.tail(node, name).await,
        }
    }

    /// Does it, or says why not.
    pub(super) async fn act(&self, node: &str, name: &str, verb: Verb) -> Result<(), String> {
        match self {
            Self::Daemon(daemon) => daemon.act(node, name, verb).await,
            Self::Nodes(nodes) => nodes.act(node, verb).await,
        }
    }
}
