//! When a service has been started: its process is there and executes its program.
//!
//! What becomes of it then is another question. A service that ends at once has been started,
//! whatever its status, so that the answer does not depend on a race. One whose program cannot be
//! executed has not: the daemon says why in an error that comes before it reports the end of that
//! process.
//!
//! The protocol does not report that a program was executed, only that it was not. Until it is, the
//! process is a copy of the daemon, and its command line in /proc is that of the daemon; so we look
//! there while no event comes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::time::{Duration, Instant};

use daemonproxy_apply::namespace;
use daemonproxy_client::protocol::{Fact, ServiceView};
use daemonproxy_client::{Client, Error, Event, EventLine, StateField, StateView};
use daemonproxy_look::time;

use super::stop::{Stops, is_being_stopped, list, those};
use crate::failure::{FAILED, Failure, Result, TIME_IS_UP};
use crate::style::readable;

/// How often we look at /proc.
const LOOK: Duration = Duration::from_millis(5);
/// How often we look at the time while there is no process to look at.
const PAUSE: Duration = Duration::from_secs(1);
/// So much of a command line is compared, in bytes.
const LONGEST: usize = 4096;
/// How long a start may take if nobody says it, in seconds.
const PATIENCE: f64 = 10.0;

/// Services to be started, and how far they have got.
#[derive(Default)]
pub(super) struct Starts {
    /// Those that are not started yet, with the process that may not have executed its program.
    left: BTreeMap<Vec<u8>, Option<i32>>,
    failed: Option<String>,
}

impl Starts {
    /// Those of these services that are not running, or not for long: they are being stopped.
    pub(super) fn of(client: &Client, names: &[Vec<u8>]) -> Self {
        let goes_on = |it: &ServiceView| it.pid().is_some() && !it.run().has(Fact::Stop);
        let runs = |name: &&Vec<u8>| client.view().service(name).is_some_and(goes_on);
        let left = names.iter().filter(|name| !runs(name)).map(|name| (name.clone(), None));
        Self { left: left.collect(), failed: None }
    }

    /// Sends a command that starts this one, now or after its stop, and takes in what it causes. If
    /// the service is already running, that is not an error.
    pub(super) fn start(
        &mut self,
        client: &mut Client,
        name: &[u8],
        fields: &[&[u8]],
    ) -> Result<()> {
        self.left.entry(name.to_vec()).or_default();
        let sent = client.line(&fields.join(&b'\t'), |line| self.take_in(line));
        match sent {
            Err(Error::Refused(refused)) if refused.name() == Some("ServiceIsNotStartable") => {
                self.left.remove(name);
                Ok(())
            }
            sent => Ok(sent?),
        }
    }

    /// Sends a command that may start one of them, and takes in what it causes.
    pub(super) fn command(&mut self, client: &mut Client, fields: &[&[u8]]) -> Result<()> {
        Ok(client.line(&fields.join(&b'\t'), |line| self.take_in(line))?)
    }

    /// Waits until all of them have been started, for so many seconds. If that is not said, stops
    /// that come first take what time they have, which is for the daemon to say.
    pub(super) fn wait(mut self, client: &mut Client, given: Option<f64>) -> Result<()> {
        let in_seconds = |seconds| Instant::now().checked_add(time::seconds(seconds));
        let mut deadline = given.and_then(in_seconds);
        let mut stops = Stops::new("restart", true);
        let peer = client.connection().peer_pid().filter(|&pid| namespace::is_ours(pid));
        let of_daemon = peer.and_then(command_line);
        let blind = self.blind(client, of_daemon.as_deref());
        let is_blind = |name: &Vec<u8>| blind.contains(name);
        let of_daemon = of_daemon.unwrap_or_default();
        loop {
            if let Some(text) = self.failed {
                return Err(Failure::new(FAILED, text));
            }
            self.left.retain(|name, pid| {
                is_blind(name) || !pid.is_some_and(|pid| executes(&of_daemon, pid))
            });
            if self.left.is_empty() {
                return Ok(());
            }
            self.check_none_was_stopped(client.view())?;
            if given.is_none() {
                let names: Vec<_> = self.left.keys().collect();
                let stopping = those(client.view(), &names, is_being_stopped);
                if stopping.is_empty() {
                    deadline = deadline.or_else(|| in_seconds(PATIENCE));
                } else {
                    deadline = None;
                    stops.look(client.view(), &stopping)?;
                }
            }
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                return Err(Failure::new(TIME_IS_UP, self.late(given.unwrap_or(PATIENCE))));
            }
            let has_process = self.left.values().any(Option::is_some);
            let look = if has_process { LOOK } else { PAUSE };
            let left = deadline.map_or(look, |it| it.saturating_duration_since(Instant::now()));
            let came = client.watch(left.min(look), |line, _| {
                self.take_in(line);
                true
            })?;
            let unseen = self.left.iter().filter(|(name, pid)| is_blind(name) && pid.is_some());
            let unseen: BTreeSet<_> = unseen.map(|(name, _)| name.clone()).collect();
            if !came && !unseen.is_empty() {
                // Nothing can be seen from here. After this, the daemon has reported all it knows
                // so far.
                client.sync_seeing(|line| self.take_in(line))?;
                if self.failed.is_none() {
                    self.left.retain(|name, _| !unseen.contains(name));
                }
            }
        }
    }

    /// The latest command decides: what was stopped after it was to be started is not started.
    fn check_none_was_stopped(&self, view: &StateView) -> Result<()> {
        let waiting = self.left.iter().filter(|(_, process)| process.is_none());
        let names: Vec<_> = waiting.map(|(name, _)| name).collect();
        let held = those(view, &names, |it| {
            it.is_some_and(|it| it.run().has(Fact::Held) && !it.run().has(Fact::Gaveup))
        });
        if held.is_empty() {
            return Ok(());
        }
        let text = format!("a later command has stopped what was to be started: {}", list(&held));
        Err(Failure::new(FAILED, text))
    }

    /// The services whose processes look like the daemon: they have its command line, or we may not
    /// see the daemon's.
    fn blind(&self, client: &Client, of_daemon: Option<&[u8]>) -> BTreeSet<Vec<u8>> {
        let is_same = |name: &&Vec<u8>| {
            let Some(of_daemon) = of_daemon else { return true };
            let service = client.view().service(name);
            let args = service.map(|it| it.args().iter().flat_map(|arg| [arg, b"\0"].concat()));
            args.is_some_and(|args| args.take(LONGEST).eq(of_daemon.iter().copied()))
        };
        self.left.keys().filter(is_same).cloned().collect()
    }

    fn take_in(&mut self, line: &EventLine) {
        match line.event() {
            Ok(Event::ServiceState { name, state }) => {
                let Some(process) = self.left.get_mut(name.as_bytes()) else { return };
                match state {
                    StateField::Up { pid, .. } => *process = Some(pid),
                    // A failed start is reported before the end of its process.
                    StateField::Down { .. } if process.is_some() => {
                        self.left.remove(name.as_bytes());
                    }
                    StateField::Deleted => {
                        self.failed = Some(format!("{name} was deleted"));
                    }
                    _ => {}
                }
            }
            Ok(Event::Error { text }) => {
                let is_about =
                    |name: &[u8]| text.ends_with(&[b", for service \"", name, b"\""].concat());
                if self.failed.is_none() && self.left.keys().any(|name| is_about(name)) {
                    self.failed = Some(readable(text));
                }
            }
            _ => {}
        }
    }

    fn late(&self, seconds: f64) -> String {
        let names: Vec<_> = self.left.keys().map(|name| readable(name)).collect();
        let hangs = self.left.values().any(Option::is_some);
        let why = if hangs { " (its process does not get to execute its program)" } else { "" };
        format!("not started within {seconds} s: {}{why}", names.join(" "))
    }
}

/// Whether a process of the daemon has executed its own program. One that has ended has no command
/// line any more; its events say what became of it.
fn executes(of_daemon: &[u8], pid: i32) -> bool {
    command_line(pid).is_some_and(|line| !line.is_empty() && line != of_daemon)
}

/// In one read: between two, a process that cannot execute its program may end, and the half that
/// was read by then is not the command line of the daemon.
fn command_line(pid: i32) -> Option<Vec<u8>> {
    let mut line = vec![0; LONGEST];
    let length = File::open(format!("/proc/{pid}/cmdline")).ok()?.read(&mut line).ok()?;
    line.truncate(length);
    Some(line)
}
