//! One daemon: a thread follows it and keeps the board up to date.
//!
//! It asks for no settings. Commands go over connections of their own, so that they wait for
//! nobody, and the daemon's log tells of each. A daemon that goes away, or hangs, is shown as such,
//! and looked for every second.

use std::collections::BTreeSet;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use daemonproxy_client::protocol::{Fields, StateView};
use daemonproxy_client::{Client, Connection, Error, Event, EventLine, UnderWay};
use daemonproxy_look::{readable, why};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tokio::sync::Semaphore;

use super::board::{Board, Change, Node, NodeState};
use super::row::{Ended, Row};
use super::source::{Details, Verb};
use crate::failure::{FAILED, Failure, Result as Outcome};
use crate::tail::{self, Tail};

/// How often a daemon that is not there is looked for.
const AGAIN: Duration = Duration::from_secs(1);
/// A daemon that has said nothing for so long is asked whether it is there, and how long it may
/// take to say so.
const QUIET: Duration = Duration::from_secs(5);
/// So many events are taken in before they are shown.
const AT_ONCE: usize = 2000;
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many commands, and so many reads of logs, go on at once.
const SLOTS: usize = 4;

/// A daemon that is followed.
pub(super) struct Daemon {
    path: PathBuf,
    node: String,
    client: Mutex<Option<Client>>,
    board: Arc<Board>,
    commands: Semaphore,
    tails: Semaphore,
}

impl Daemon {
    /// Follows the daemon at this socket from now on.
    pub(super) fn follow(path: PathBuf, board: &Arc<Board>) -> Outcome<Arc<Self>> {
        let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let node = match name.trim() {
            "" => "localhost".to_owned(),
            name => readable(name.as_bytes()),
        };
        let daemon = Arc::new(Self {
            path,
            node,
            client: Mutex::new(None),
            board: Arc::clone(board),
            commands: Semaphore::new(SLOTS),
            tails: Semaphore::new(SLOTS),
        });
        daemon.is(NodeState::Gone, "connecting");
        let follower = Arc::clone(&daemon);
        thread::Builder::new()
            .name("daemon".to_owned())
            .spawn(move || follower.run())
            .map_err(|error| Failure::new(FAILED, format!("cannot start a thread: {error}")))?;
        Ok(daemon)
    }

    pub(super) fn node(&self) -> &str {
        &self.node
    }

    /// The socket, where a person finds it.
    fn place(&self) -> String {
        readable(self.path.as_os_str().as_encoded_bytes())
    }

    fn run(&self) {
        loop {
            let error = match Client::connect_to(&self.path) {
                Ok(client) => self.with(client),
                Err(error) => error,
            };
            *self.lock() = None;
            self.is(NodeState::Gone, &readable(error.to_string().as_bytes()));
            thread::sleep(AGAIN);
        }
    }

    /// Until the connection ends.
    fn with(&self, mut client: Client) -> Error {
        let fd = match client.as_fd().try_clone_to_owned() {
            Ok(fd) => fd,
            Err(error) => return Error::Io("the connection", error),
        };
        client.set_patience(PATIENCE);
        self.show_all(client.view());
        *self.lock() = Some(client);
        self.is(NodeState::Here, &self.place());
        let mut alive = Alive::new();
        loop {
            let came = match is_readable(&fd) {
                Ok(came) => came,
                Err(errno) => return Error::Io("waiting for events", errno.into()),
            };
            let mut guard = self.lock();
            let Some(client) = guard.as_mut() else { return Error::Closed };
            if let Err(error) = self.take_in(client).and_then(|()| alive.ask(client, came)) {
                return error;
            }
            drop(guard);
            match alive.is_silent() {
                true => self.is(NodeState::Silent, "the daemon does not answer"),
                false => self.is(NodeState::Here, &self.place()),
            }
        }
    }

    /// Takes in all events that have come, and shows what they have changed.
    fn take_in(&self, client: &mut Client) -> Result<(), Error> {
        loop {
            let mut changed = BTreeSet::new();
            let mut ended = Vec::new();
            let mut count = 0;
            let mut end = None;
            while count < AT_ONCE {
                match client.next_event(Duration::ZERO) {
                    Ok(Some(line)) => {
                        count += 1;
                        note(&line, client.view(), &mut changed, &mut ended);
                    }
                    Ok(None) => break,
                    Err(error) => {
                        end = Some(error);
                        break;
                    }
                }
            }
            if client.view().has_overflowed() && end.is_none() {
                client.resync()?;
                self.show_all(client.view());
                continue;
            }
            if count > 0 {
                self.board.change(|board| {
                    ended.drain(..).for_each(|(name, run)| board.ended(&self.node, &name, run));
                    changed.iter().for_each(|name| self.show(board, client.view(), name));
                });
            }
            match end {
                Some(error) => return Err(error),
                None if count == AT_ONCE => {}
                None => return Ok(()),
            }
        }
    }

    fn show(&self, board: &mut Change<'_>, view: &StateView, name: &[u8]) {
        match view.service(name) {
            Some(service) => {
                board.service(Row::new(&self.node, name, service));
            }
            None => board.service_gone(&self.node, &readable(name)),
        }
    }

    fn show_all(&self, view: &StateView) {
        self.board.change(|board| {
            board.only(&self.node, |name| view.service(name.as_bytes()).is_some());
            for (name, service) in view.services() {
                board.service(Row::new(&self.node, name, service));
                if let Some(run) = Ended::of(service.run()) {
                    board.ended(&self.node, &readable(name), run);
                }
            }
        });
    }

    fn is(&self, state: NodeState, said: &str) {
        let (node, said) = (self.node.clone(), said.to_owned());
        let since = super::clock::now();
        self.board.change(|board| board.node(Node { node, state, said, since, drained: None }));
    }

    pub(super) fn details(&self, node: &str, name: &str) -> Option<Details> {
        let guard = self.lock();
        let view = guard.as_ref()?.view();
        let service = view.service(name.as_bytes()).filter(|_| node == self.node)?;
        let triggers = service.triggers().iter().map(|it| readable(&it)).collect::<Vec<_>>();
        Some(Details {
            why: why::all(name.as_bytes(), view),
            args: words(service.args()),
            triggers: triggers.join(" "),
            tags: words(service.tags()),
        })
    }

    /// The last lines of a service; `None` if there is no such service.
    pub(super) async fn tail(&self, node: &str, name: &str) -> Option<Tail> {
        let source = {
            let guard = self.lock();
            let Some(client) = guard.as_ref() else {
                let why = "the daemon is not there, and with it who knows the log";
                return Some(Tail::none(why));
            };
            let view = client.view();
            view.service(name.as_bytes()).filter(|_| node == self.node)?;
            tail::source(view, name)
        };
        let Ok(_slot) = self.tails.acquire().await else { return Some(Tail::none("no time")) };
        let read = tokio::task::spawn_blocking(move || tail::read(source)).await;
        Some(read.unwrap_or_else(|error| Tail::none(&error.to_string())))
    }

    /// Sends a command over a connection of its own, and waits for its end.
    pub(super) async fn act(&self, node: &str, name: &str, verb: Verb) -> Result<(), String> {
        if node != self.node {
            return Err(format!("there is no node {node}"));
        }
        let Some(what) = verb.command() else {
            return Err("This is one daemon, and no fleet.".to_owned());
        };
        let Ok(_slot) = self.commands.acquire().await else { return Err("no time".to_owned()) };
        let (path, name) = (self.path.clone(), name.to_owned());
        let done = tokio::task::spawn_blocking(move || command(&path, what, &name)).await;
        match done {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(readable(error.to_string().as_bytes())),
            Err(error) => Err(error.to_string()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Client>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which service an event is about, and the run that has ended with it.
fn note(
    line: &EventLine,
    view: &StateView,
    changed: &mut BTreeSet<Vec<u8>>,
    ended: &mut Vec<(String, Ended)>,
) {
    let Ok(event) = line.event() else { return };
    let name = match event {
        Event::ServiceState { name, .. } | Event::ServiceAutoUp { name, .. } => name,
        Event::ServiceRun { name, .. } => {
            let run = view.service(name.as_bytes()).and_then(|it| Ended::of(it.run()));
            ended.extend(run.map(|run| (name.to_string(), run)));
            name
        }
        _ => match event.service_list() {
            Some((name, ..)) => name,
            None => return,
        },
    };
    if !changed.contains(name.as_bytes()) {
        changed.insert(name.as_bytes().to_vec());
    }
}

/// Whether the daemon still answers.
struct Alive {
    question: Option<(UnderWay, Instant)>,
}

impl Alive {
    fn new() -> Self {
        Self { question: None }
    }

    /// Asks, if nothing has come for a while, and hears of the answer.
    fn ask(&mut self, client: &mut Client, came: bool) -> Result<(), Error> {
        if self.question.as_ref().is_some_and(|(question, _)| question.has_ended()) {
            self.question = None;
        }
        if !came && self.question.is_none() {
            self.question = Some((client.begin(["echo"])?, Instant::now()));
        }
        Ok(())
    }

    fn is_silent(&self) -> bool {
        self.question.as_ref().is_some_and(|(_, since)| since.elapsed() >= QUIET)
    }
}

/// Waits for events, but not for ever.
fn is_readable(fd: &OwnedFd) -> nix::Result<bool> {
    let mut polled = [PollFd::new(fd.as_fd(), PollFlags::POLLIN)];
    let timeout = PollTimeout::try_from(QUIET).unwrap_or(PollTimeout::NONE);
    match poll(&mut polled, timeout) {
        Ok(count) => Ok(count > 0),
        Err(nix::Error::EINTR) => Ok(true),
        Err(errno) => Err(errno),
    }
}

fn command(path: &Path, command: &str, name: &str) -> Result<(), Error> {
    let mut client = Client::new(Connection::connect(path)?);
    client.set_patience(PATIENCE);
    client.command([command, name])
}

fn words(fields: Fields<'_>) -> String {
    fields.iter().map(readable).collect::<Vec<_>>().join(" ")
}
