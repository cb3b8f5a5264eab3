//! The fleet: what the nodes say of themselves, out of the store.
//!
//! Statuses make the board, and events the history of runs. No service can be started from here: what
//! a node does is written into the store, with `put` and `rollout`; here it can be drained. A node is silent when its number does
//! not change for a while by our own clock; how old something was when it was read first is told by
//! the clock of the server alone. Clocks of two machines are never compared: the moments of a status
//! count from the moment that the same status has for now.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use daemonproxy_client::protocol::{RunView, StateView};
use daemonproxy_look::{readable, why};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

use super::board::{Board, Node, NodeState};
use super::clock;
use super::retold;
use super::row::{Ended, Row};
use super::source::{Details, Verb};
use crate::cli::StoreArgs;
use crate::deviation::deviation;
use crate::failure::Result;
use crate::model::{Happened, Phase, Status};
use crate::store::{self, EVENTS, Feed, From, Item, Link, STATUS, Store, StoreError, subject};
use crate::tail::Tail;
use crate::wishes::update;

/// A node that has said nothing for so long is silent.
const SILENT: Duration = Duration::from_secs(15);
/// How often is looked whether one is.
const LOOK: Duration = Duration::from_secs(1);
/// Before the store is tried again.
const AGAIN: Duration = Duration::from_secs(2);
/// So many seconds are not a change of a clock.
const STEADY: f64 = 1.0;
/// The store itself, among the nodes: no node can have this name.
const THE_STORE: &str = "the store";

/// The nodes of a fleet, which are followed.
pub(super) struct Nodes {
    board: Arc<Board>,
    store: Store,
    known: Mutex<BTreeMap<String, Known>>,
}

/// What is known of a node.
struct Known {
    /// The run of its agent, and the number of its status.
    number: (String, u64),
    /// When that has changed, and how old it was when it was read first.
    changed: Instant,
    age: Duration,
    state: NodeState,
    said: String,
    drained: bool,
    /// What is between its moments and ours, in seconds, in this start of its machine.
    shift: f64,
    boot: String,
    view: StateView,
}

impl Nodes {
    /// Follows them from now on.
    pub(super) async fn follow(args: &StoreArgs, board: &Arc<Board>) -> Result<Arc<Self>> {
        let store = store::connect_for_good(args, "dpfleet web").await?;
        let (board, known) = (Arc::clone(board), Mutex::new(BTreeMap::new()));
        let nodes = Arc::new(Self { board, store: store.clone(), known });
        nodes.store_is(NodeState::Gone, "connecting");
        tokio::spawn(Arc::clone(&nodes).statuses(store.clone()));
        tokio::spawn(Arc::clone(&nodes).events(store.clone()));
        tokio::spawn(Arc::clone(&nodes).silence());
        tokio::spawn(Arc::clone(&nodes).links(store));
        Ok(nodes)
    }

    async fn statuses(self: Arc<Self>, store: Store) {
        let mut feed = self
            .open(&store, &format!("KV_{STATUS}"), &subject(STATUS, "*"), From::LastOfEach)
            .await;
        self.store_is(NodeState::Here, "");
        let server = Server::new(&feed);
        loop {
            // This is not to be given up in the middle: it would never notice a gap.
            let item = feed.next().await;
            self.status(&item, server.age(item.stored));
        }
    }

    /// Whether somebody is silent.
    async fn silence(self: Arc<Self>) {
        loop {
            sleep(LOOK).await;
            let known = self.lock();
            known.iter().for_each(|(node, is)| self.show(node, is));
        }
    }

    /// Runs that have ended, also before this page was served.
    async fn events(self: Arc<Self>, store: Store) {
        let mut feed = self.open(&store, EVENTS, "dp.events.*.*", From::Beginning).await;
        let server = Server::new(&feed);
        loop {
            let item = feed.next().await;
            let node = item.subject.split('.').nth(2).unwrap_or_default();
            let Ok(happened) = serde_json::from_slice::<Happened>(&item.value) else { continue };
            if item.is_forged || happened.node != node || happened.event != "service.run" {
                continue;
            }
            let facts = retold::facts(&happened.run, 0.0);
            let run = RunView::new(retold::number(&happened.run), facts.fields());
            if let Some(mut run) = Ended::of(&run) {
                run.at = clock::now() - clock::millis(server.age(item.stored));
                let service = readable(happened.service.as_bytes());
                self.board.change(|board| board.ended(node, &service, run));
            }
        }
    }

    /// What the connection to the store says of itself.
    async fn links(self: Arc<Self>, store: Store) {
        let mut links = store.links();
        loop {
            match links.recv().await {
                Ok(Link::Up) => self.store_is(NodeState::Here, ""),
                Ok(Link::Down) => {
                    self.store_is(NodeState::Gone, "the connection to the store is gone");
                }
                Ok(Link::Refused(text)) => {
                    self.store_is(NodeState::Silent, &readable(text.as_bytes()));
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn open(&self, store: &Store, stream: &str, filter: &str, from: From) -> Feed {
        loop {
            match Feed::open(store, stream, filter, from).await {
                Ok(feed) => return feed,
                Err(error) => {
                    self.store_is(NodeState::Gone, &readable(error.to_string().as_bytes()));
                }
            }
            sleep(AGAIN).await;
        }
    }

    fn store_is(&self, state: NodeState, said: &str) {
        let (node, said) = (THE_STORE.to_owned(), said.to_owned());
        self.board.change(|board| match state {
            NodeState::Here => board.node_gone(THE_STORE),
            _ => board.node(Node { node, state, said, since: clock::now(), drained: None }),
        });
    }

    /// What a node says of itself, and how old that is.
    fn status(&self, item: &Item, age: Duration) {
        let node = item.subject.rsplit('.').next().unwrap_or_default();
        if item.value.is_empty() && !item.is_forged {
            // Somebody has taken it out of the store.
            self.lock().remove(node);
            self.board.change(|board| board.node_gone(node));
            return;
        }
        let status = serde_json::from_slice::<Status>(&item.value);
        let Some(status) = status.ok().filter(|it| it.node == node && !item.is_forged) else {
            return;
        };
        let mut known = self.lock();
        let number = (status.session.clone(), status.seq);
        if known.get(node).is_some_and(|known| known.number == number) {
            return;
        }
        // Messages take longer now and then, which changes nothing.
        let mut shift = retold::shift(&status, age);
        let before = known.get(node).filter(|known| known.boot == status.boot);
        if let Some(before) = before.filter(|it| (it.shift - shift).abs() < STEADY) {
            shift = before.shift;
        }
        let view = retold::view(&status, shift);
        self.board.change(|board| {
            board.only(node, |name| view.service(name.as_bytes()).is_some());
            view.services().for_each(|(name, it)| board.service(Row::new(node, name, it)));
        });
        let (state, said) = how(&status, item.stored);
        let age = if known.contains_key(node) { Duration::ZERO } else { age };
        let (changed, drained, boot) = (Instant::now(), status.drained, status.boot);
        let is = Known { number, changed, age, state, said, drained, shift, boot, view };
        self.show(node, &is);
        known.insert(node.to_owned(), is);
    }

    fn show(&self, node: &str, is: &Known) {
        let quiet = is.age + is.changed.elapsed();
        let (state, said) = match quiet >= SILENT {
            true => (NodeState::Gone, "it has said nothing"),
            false => (is.state, is.said.as_str()),
        };
        let since = clock::now() - if quiet >= SILENT { clock::millis(quiet) } else { 0 };
        let (node, said) = (node.to_owned(), said.to_owned());
        let drained = Some(is.drained);
        self.board.change(|board| board.node(Node { node, state, said, since, drained }));
    }

    pub(super) fn details(&self, node: &str, name: &str) -> Option<Details> {
        let known = self.lock();
        let view = &known.get(node)?.view;
        let service = view.service(name.as_bytes())?;
        Some(Details { why: why::of_its_run(name.as_bytes(), service), ..Details::default() })
    }

    /// Asks the node for it.
    pub(super) async fn tail(&self, node: &str, name: &str) -> Option<Tail> {
        self.lock().get(node)?.view.service(name.as_bytes())?;
        let asked = self.store.ask_for_log(node, name).await;
        Some(asked.unwrap_or_else(|error| {
            let error = match error {
                // The agent is asked, and not the store: the server passes the question on until it
                // knows that the agent is gone.
                StoreError::Nobody(_) | StoreError::Unclear(_) => {
                    "its agent does not answer".to_owned()
                }
                error => readable(error.to_string().as_bytes()),
            };
            let name = readable(name.as_bytes());
            Tail::none(&format!("{error}; on {node}, dpctl logs {name} shows it"))
        }))
    }

    /// Writes the wish into the store; the node says itself when it is so.
    pub(super) async fn act(&self, node: &str, verb: Verb) -> std::result::Result<(), String> {
        let drain = match verb {
            Verb::Drain => true,
            Verb::Undrain => false,
            _ => return Err("What nodes run is changed with dpfleet put and rollout.".to_owned()),
        };
        // Not for a name that nobody has.
        if !self.lock().contains_key(node) {
            return Err(format!("There is no node {node}."));
        }
        let done = update(&self.store, node, |it| it.drain = drain).await;
        done.map_err(|failure| readable(failure.text.as_bytes()))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a node is, and what there is to say of it.
fn how(status: &Status, stored: u64) -> (NodeState, String) {
    let mut said = vec![match (status.phase, status.drained) {
        (_, true) => "drained".to_owned(),
        (Phase::Applied, _) => format!("revision {}", status.revision),
        (phase, _) => {
            let word = serde_json::to_value(phase).unwrap_or_default();
            format!("revision {}: {}", status.revision, word.as_str().unwrap_or_default())
        }
    }];
    if !status.note.is_empty() {
        said.push(status.note.clone());
    }
    if status.more > 0 {
        said.push(format!("{} more services, for which there was no room", status.more));
    }
    if status.lost > 0 {
        said.push(format!("{} events lost", status.lost));
    }
    said.extend(deviation(status, stored));
    let state = if status.daemon { NodeState::Here } else { NodeState::Silent };
    if !status.daemon {
        said.insert(0, "its agent has no connection to the daemon".to_owned());
    }
    (state, readable(said.join("; ").as_bytes()))
}

/// The clock of the server, as far as it is known.
struct Server {
    /// Its time when ours was that, in nanoseconds.
    began: Option<u64>,
    at: Instant,
}

impl Server {
    fn new(feed: &Feed) -> Self {
        Self { began: feed.began(), at: Instant::now() }
    }

    /// How long ago something was stored.
    fn age(&self, stored: u64) -> Duration {
        let Some(began) = self.began else { return Duration::ZERO };
        (Duration::from_nanos(began) + self.at.elapsed())
            .saturating_sub(Duration::from_nanos(stored))
    }
}
