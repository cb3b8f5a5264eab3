//! What is shown: nodes, their services, and the runs that have ended.
//!
//! Each change of a node or a service gives it the next version. Who has seen everything up to some
//! version asks for what has come since: each thing once, however often it has changed. What is
//! gone stays known by name for a while; who has not asked for longer than that gets everything.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::watch;

use super::clock::{self, Millis};
use super::row::{Ended, Row};

/// So many names of what is gone are kept.
const GONE: usize = 1000;
/// So many ended runs of a service are kept.
const RUNS: usize = 20;
/// So many ended runs are kept in all.
const ALL_RUNS: usize = 20_000;
/// So many nodes and services are told in one message.
const AT_ONCE: usize = 2000;

/// A machine with a daemon.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Node {
    pub(super) node: String,
    pub(super) state: NodeState,
    /// Why it is so, for a person.
    pub(super) said: String,
    /// Since when.
    pub(super) since: Millis,
    /// Whether it is drained, where that can be.
    pub(super) drained: Option<bool>,
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum NodeState {
    /// What is shown is what is.
    Here,
    /// It does not answer; it may come back.
    Silent,
    /// There is no connection to it.
    #[default]
    Gone,
}

/// What is told to a browser.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    now: Millis,
    /// What is not in this message does not exist, or is in the next one.
    all: bool,
    nodes: Vec<Node>,
    services: Vec<Row>,
    /// The names of nodes and services that do not exist any more.
    gone: Vec<(String, Option<String>)>,
}

/// A node, or a service on one.
type Key = (String, Option<String>);

#[derive(Debug)]
pub(super) struct Board {
    inner: Mutex<Inner>,
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Inner {
    version: u64,
    nodes: BTreeMap<String, Versioned<Node>>,
    services: BTreeMap<(String, String), Versioned<Row>>,
    ended: BTreeMap<(String, String), VecDeque<Ended>>,
    ended_count: usize,
    /// What has this version; what is in neither map is gone.
    order: BTreeMap<u64, Key>,
    /// The versions of what is gone, and the last of those that are not known any more.
    gone: VecDeque<u64>,
    forgotten: u64,
}

#[derive(Debug)]
struct Versioned<T> {
    version: u64,
    value: T,
}

impl Board {
    pub(super) fn new() -> Self {
        // Nothing has version 0, so whoever has seen that has seen nothing.
        let inner = Inner { version: 1, ..Inner::default() };
        Self { inner: Mutex::new(inner), changed: watch::Sender::new(1) }
    }

    /// Tells when something has changed.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Makes changes, and tells of them once.
    pub(super) fn change(&self, what: impl FnOnce(&mut Change<'_>)) {
        let mut inner = self.lock();
        what(&mut Change { inner: &mut inner });
        let version = inner.version;
        drop(inner);
        self.changed.send_if_modified(|known| std::mem::replace(known, version) != version);
    }

    /// What has come since that version, and moves it on; nothing if there is nothing.
    pub(super) fn since(&self, seen: &mut u64) -> Option<Message> {
        let inner = self.lock();
        let all = *seen < inner.forgotten || *seen == 0;
        if all {
            *seen = 0;
        } else if *seen >= inner.version {
            return None;
        }
        let (mut nodes, mut services, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (version, (node, name)) in inner.order.range(*seen + 1..).take(AT_ONCE) {
            *seen = *version;
            match name {
                None => match inner.nodes.get(node) {
                    Some(it) => nodes.push(it.value.clone()),
                    None if all => {}
                    None => gone.push((node.clone(), None)),
                },
                Some(name) => match inner.services.get(&(node.clone(), name.clone())) {
                    Some(it) => services.push(it.value.clone()),
                    None if all => {}
                    None => gone.push((node.clone(), Some(name.clone()))),
                },
            }
        }
        *seen = (*seen).max(inner.forgotten).max(1);
        Some(Message { now: clock::now(), all, nodes, services, gone })
    }

    /// Everything, for those who do not wait for changes.
    pub(super) fn all(&self) -> (Vec<Node>, Vec<Row>) {
        let inner = self.lock();
        let nodes = inner.nodes.values().map(|it| it.value.clone()).collect();
        (nodes, inner.services.values().map(|it| it.value.clone()).collect())
    }

    /// One service, and its runs that have ended, the last one first.
    pub(super) fn service(&self, node: &str, name: &str) -> Option<(Row, Vec<Ended>)> {
        let inner = self.lock();
        let key = (node.to_owned(), name.to_owned());
        let row = inner.services.get(&key)?.value.clone();
        let ended = inner.ended.get(&key).into_iter().flatten().rev().cloned().collect();
        Some((row, ended))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Changes that are made together.
pub(super) struct Change<'b> {
    inner: &'b mut Inner,
}

impl Change<'_> {
    /// A node is so.
    pub(super) fn node(&mut self, mut node: Node) {
        let known = self.inner.nodes.get(&node.node);
        if let Some(known) = known {
            if known.value.state == node.state {
                node.since = known.value.since;
            }
            if known.value == node {
                return;
            }
        }
        let old = known.map(|it| it.version);
        let version = self.next((node.node.clone(), None), old);
        self.inner.nodes.insert(node.node.clone(), Versioned { version, value: node });
    }

    /// A node is gone, and its services with it.
    pub(super) fn node_gone(&mut self, node: &str) {
        self.only(node, |_| false);
        if let Some(known) = self.inner.nodes.remove(node) {
            let version = self.next((node.to_owned(), None), Some(known.version));
            self.bury(version);
        }
    }

    /// A service is so.
    pub(super) fn service(&mut self, row: Row) {
        let key = (row.node.clone(), row.name.clone());
        let known = self.inner.services.get(&key);
        if known.is_some_and(|known| known.value == row) {
            return;
        }
        let old = known.map(|it| it.version);
        let version = self.next((key.0.clone(), Some(key.1.clone())), old);
        self.inner.services.insert(key, Versioned { version, value: row });
    }

    /// A service is gone, and its runs with it.
    pub(super) fn service_gone(&mut self, node: &str, name: &str) {
        let key = (node.to_owned(), name.to_owned());
        if let Some(ended) = self.inner.ended.remove(&key) {
            self.inner.ended_count -= ended.len();
        }
        if let Some(known) = self.inner.services.remove(&key) {
            let version = self.next((key.0, Some(key.1)), Some(known.version));
            self.bury(version);
        }
    }

    /// Those services of a node that are not among these are gone.
    pub(super) fn only(&mut self, node: &str, is_there: impl Fn(&str) -> bool) {
        let of_node = (node.to_owned(), String::new())..;
        let of_node = self.inner.services.range(of_node).map(|((of, name), _)| (of, name));
        let gone: Vec<String> = of_node
            .take_while(|(of, _)| *of == node)
            .filter(|(_, name)| !is_there(name))
            .map(|(_, name)| name.clone())
            .collect();
        gone.iter().for_each(|name| self.service_gone(node, name));
    }

    /// A run has ended, or more is known of one that had.
    pub(super) fn ended(&mut self, node: &str, name: &str, run: Ended) {
        let runs = self.inner.ended.entry((node.to_owned(), name.to_owned())).or_default();
        if let Some(known) = runs.iter_mut().find(|known| known.run == run.run) {
            *known = run;
            return;
        }
        if runs.len() == RUNS || (self.inner.ended_count >= ALL_RUNS && !runs.is_empty()) {
            runs.pop_front();
            self.inner.ended_count -= 1;
        }
        if self.inner.ended_count < ALL_RUNS {
            runs.push_back(run);
            self.inner.ended_count += 1;
        }
    }

    /// The next version, which this has from now on, and not the one that it had.
    fn next(&mut self, key: Key, old: Option<u64>) -> u64 {
        if let Some(old) = old {
            self.inner.order.remove(&old);
        }
        self.inner.version += 1;
        self.inner.order.insert(self.inner.version, key);
        self.inner.version
    }

    fn bury(&mut self, version: u64) {
        if self.inner.gone.len() == GONE
            && let Some(oldest) = self.inner.gone.pop_front()
        {
            self.inner.order.remove(&oldest);
            self.inner.forgotten = oldest;
        }
        self.inner.gone.push_back(version);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, pid: i32) -> Row {
        Row { node: "n".to_owned(), name: name.to_owned(), pid: Some(pid), ..Row::default() }
    }

    fn names(message: Option<Message>) -> String {
        let Some(message) = message else { return "nothing".to_owned() };
        let mut said: Vec<_> = message.services.iter().map(|row| row.name.clone()).collect();
        said.extend(message.gone.into_iter().map(|(_, name)| format!("-{}", name.unwrap())));
        if message.all {
            said.insert(0, "all".to_owned());
        }
        said.join(" ")
    }

    #[test]
    fn each_change_is_told_once() {
        let board = Board::new();
        let mut seen = 0;
        assert_eq!(names(board.since(&mut seen)), "all");
        board.change(|it| ["a", "b", "c"].iter().for_each(|name| it.service(row(name, 1))));
        let mut late = 0;
        assert_eq!(names(board.since(&mut late)), "all a b c");
        assert_eq!(names(board.since(&mut late)), "nothing");
        board.change(|it| {
            it.service(row("a", 2));
            it.service(row("a", 3));
            it.service(row("b", 1));
            it.service_gone("n", "c");
        });
        assert_eq!(names(board.since(&mut late)), "a -c");
        board.change(|it| it.only("n", |name| name == "b"));
        assert_eq!(names(board.since(&mut late)), "-a");
        assert_eq!(names(board.since(&mut late)), "nothing");
    }

    #[test]
    fn who_has_been_away_for_too_long_gets_everything() {
        let board = Board::new();
        board.change(|it| it.service(row("stays", 1)));
        let (mut seen, mut always) = (0, 0);
        board.since(&mut seen);
        board.since(&mut always);
        for round in 0..GONE + 1 {
            board.change(|it| {
                it.service(row("goes", 1));
                it.service_gone("n", "goes");
            });
            assert_eq!(names(board.since(&mut always)), "-goes", "{round}");
        }
        assert_eq!(names(board.since(&mut seen)), "all stays");
        assert!(board.lock().order.len() <= GONE + 1);
    }

    #[test]
    fn a_message_has_an_end() {
        let board = Board::new();
        let count = 2 * AT_ONCE + 5;
        board.change(|it| (0..count).for_each(|nth| it.service(row(&format!("s{nth}"), 1))));
        let (mut seen, mut told) = (0, 0);
        while let Some(message) = board.since(&mut seen) {
            assert!(message.services.len() <= AT_ONCE);
            assert_eq!(message.all, told == 0);
            told += message.services.len();
        }
        assert_eq!(told, count);
    }

    #[test]
    fn a_number_of_runs_is_kept() {
        let board = Board::new();
        board.change(|it| {
            it.service(row("a", 1));
            (0..50).for_each(|run| it.ended("n", "a", Ended { run, ..Ended::default() }));
            it.ended("n", "a", Ended { run: 49, how: "better".to_owned(), ..Ended::default() });
        });
        let (_, ended) = board.service("n", "a").unwrap();
        assert_eq!((ended.len(), ended[0].run, ended[0].how.as_str()), (RUNS, 49, "better"));
        board.change(|it| it.service_gone("n", "a"));
        assert_eq!(board.lock().ended_count, 0);
    }
}
