//! Applies what the node is to have: a thread, one thing after the other.
//!
//! An intent is taken before it is applied: its file and its identity are on the disk by then, and
//! whatever happens, nothing older is obeyed any more. Applying is what `dpctl apply` does. Doing it
//! again finishes what was begun, so it is tried again as long as it fails.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use daemonproxy_apply::{Disk as Files, carry_out, connect, lock, patience_for, ports};
use daemonproxy_client::{Client, StateView};
use daemonproxy_compile::{Compiled, Plan, Severity, Sign, Wishes, compile, difference};

use super::daemon::identity;
use super::disk::Disk;
use super::shared::Shared;
use crate::intent::{Verdict, digest, judge};
use crate::model::{Identity, Phase};
use crate::say;

/// How long somebody else may be applying a file, an instance that is changed may take to be ready,
/// and one to end that never gets SIGKILL.
const PATIENCE: Duration = Duration::from_secs(60);
/// When it is tried again, if the store does not come with it before.
const AGAIN: Duration = Duration::from_secs(30);
/// At most so much of what is wrong is told.
const LONGEST_NOTE: usize = 4000;

/// What there is to do.
#[derive(Debug)]
pub(super) enum Job {
    /// This is in the store.
    Found(Identity, Vec<u8>),
    /// There is nothing in the store for this node.
    Absent,
    /// What is in the store cannot be an intent.
    Unreadable(String),
    /// Whether the node is to be drained.
    Drain(bool),
    /// The agent is connected to this daemon.
    Daemon(String),
}

#[derive(Debug)]
pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    pub(super) socket: PathBuf,
    pub(super) disk: Disk,
}

/// Why something was not done, for people.
type Result<T> = std::result::Result<T, String>;

impl Worker {
    /// Until nobody has anything to do any more.
    pub(super) fn work(mut self, jobs: &Receiver<Job>) {
        self.shared.state().is_draining = self.disk.kept.drain;
        self.shared.applied(self.disk.kept.applied.as_ref(), None);
        loop {
            let done = match jobs.recv_timeout(AGAIN) {
                Ok(job) => self.job(job),
                Err(RecvTimeoutError::Timeout) => self.finish(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if let Err(text) = done {
                say(&text);
            }
        }
    }

    fn job(&mut self, job: Job) -> Result<()> {
        match job {
            Job::Found(identity, bytes) => {
                self.found(&identity, &bytes);
                Ok(())
            }
            Job::Absent => {
                let note = match self.disk.kept.taken.is_some() {
                    true => "the store has nothing for this node; what was applied goes on",
                    false => "the store has nothing for this node",
                };
                self.shared.phase(Phase::Absent, 0, note);
                Ok(())
            }
            Job::Unreadable(why) => {
                self.shared.phase(Phase::Unreadable, 0, &why);
                Ok(())
            }
            Job::Drain(true) => self.drain(),
            Job::Drain(false) => self.undrain(),
            Job::Daemon(daemon) => {
                if self.disk.kept.drain {
                    return self.drain();
                }
                if self.disk.kept.daemon != daemon {
                    self.disk.kept.applied = None;
                    self.disk.kept.drained.clear();
                }
                self.finish_or_look()
            }
        }
    }

    fn found(&mut self, identity: &Identity, bytes: &[u8]) {
        let (shared, revision) = (Arc::clone(&self.shared), identity.revision);
        match judge(self.disk.kept.taken.as_ref(), identity) {
            Verdict::WentBack(why) => shared.phase(Phase::WentBack, revision, &why),
            _ if self.disk.kept.drain => {
                shared.phase(Phase::Waiting, revision, "the node is drained");
            }
            Verdict::Same if self.is_finished() => shared.phase(Phase::Applied, revision, ""),
            Verdict::Same => {
                if let Err(why) = self.finish() {
                    shared.phase(Phase::Failed, revision, &why);
                }
            }
            Verdict::Newer => {
                let path = self.disk.look_at(bytes).map_err(|error| error.to_string());
                if let Err(why) = path.and_then(|path| self.apply(&path, Some(identity))) {
                    shared.phase(Phase::Failed, revision, &why);
                }
            }
        }
    }

    fn is_finished(&self) -> bool {
        self.disk.kept.applied == self.disk.kept.taken
    }

    /// Applies what was taken, if that is not done.
    fn finish(&mut self) -> Result<()> {
        if self.is_finished() || self.disk.kept.drain { Ok(()) } else { self.again() }
    }

    /// The same; and if it is done, what it wants is known again after a start of the agent.
    fn finish_or_look(&mut self) -> Result<()> {
        match (self.disk.kept.taken.clone(), self.is_finished()) {
            (None, _) => Ok(()),
            (Some(_), false) => self.again(),
            (Some(taken), true) => {
                let path = self.disk.file();
                if digest(&std::fs::read(&path).unwrap_or_default()) == taken.sha256
                    && let Ok((_, plan)) = compiled(&path)
                {
                    self.shared.applied(Some(&taken), Some(Arc::new(plan)));
                    self.shared.phase(Phase::Applied, taken.revision, "");
                }
                Ok(())
            }
        }
    }

    /// Applies the file that was taken.
    fn again(&mut self) -> Result<()> {
        let Some(taken) = self.disk.kept.taken.clone() else { return Ok(()) };
        let path = self.disk.file();
        let is_it = std::fs::read(&path).is_ok_and(|bytes| digest(&bytes) == taken.sha256);
        if !is_it {
            return Err(format!("{} is not what was taken from the store", path.display()));
        }
        let done = self.apply(&path, None);
        if let Err(why) = &done {
            self.shared.phase(Phase::Failed, taken.revision, why);
        }
        done
    }

    /// Applies a file; one that is new is taken before anything is changed.
    fn apply(&mut self, path: &Path, new: Option<&Identity>) -> Result<()> {
        let (compiled, plan) = compiled(path)?;
        let mut client = connect(&self.socket).map_err(|error| error.to_string())?;
        let _lock = lock(&self.socket, PATIENCE).map_err(|error| error.to_string())?;
        client.resync().map_err(|error| error.to_string())?;
        let wishes = Wishes { adopt: false, release: false };
        let difference = difference(&plan, client.view(), wishes, compiled.max_line);
        let difference = difference.map_err(|claimed| claimed.join("; "))?;
        let wrong = ports::wrong(&plan, &mut client);
        if !wrong.is_empty() {
            let wrong: Vec<_> = wrong.iter().map(|it| it.render(&compiled.files, false)).collect();
            return Err(short(&wrong.join("\n")));
        }
        if let Some(identity) = new {
            self.disk.take(identity).map_err(|error| format!("cannot keep the file: {error}"))?;
        }
        let Some(taken) = self.disk.kept.taken.clone() else { return Ok(()) };
        let shared = Arc::clone(&self.shared);
        shared.phase(Phase::Applying, taken.revision, "");
        let done = carry_out(&mut client, &difference, PATIENCE, |change| {
            let sign = match change.sign {
                Sign::Add => '+',
                Sign::Change => '~',
                Sign::Delete => '-',
            };
            shared.phase(Phase::Applying, taken.revision, &format!("{sign} {}", change.name));
            Ok(())
        });
        done.map_err(|unfinished| {
            let left: Vec<_> = unfinished.left.iter().map(|it| &*it.name).collect();
            short(&format!("{}; not done: {}", unfinished.error, left.join(", ")))
        })?;
        let kept = &mut self.disk.kept;
        kept.applied = Some(taken.clone());
        kept.daemon = identity(&mut client);
        let owner = plan.owner.clone();
        if !kept.owners.contains(&owner) {
            kept.owners.push(owner);
        }
        self.save()?;
        shared.applied(Some(&taken), Some(Arc::new(plan)));
        shared.phase(Phase::Applied, taken.revision, "");
        Ok(())
    }

    fn save(&self) -> Result<()> {
        self.disk.save().map_err(|error| format!("cannot keep what was done: {error}"))
    }

    /// Stops what the fleet runs here, as often as it is asked.
    fn drain(&mut self) -> Result<()> {
        self.disk.kept.drain = true;
        self.shared.state().is_draining = true;
        self.save()?;
        let mut client = connect(&self.socket).map_err(|error| error.to_string())?;
        // Whoever writes what others print goes last.
        for is_logger in [false, true] {
            let running = self.running(client.view(), is_logger);
            for name in &running {
                // Known before it is done: what was stopped here is released later.
                if !self.disk.kept.drained.contains(name) {
                    self.disk.kept.drained.push(name.clone());
                }
            }
            if !running.is_empty() {
                self.save()?;
            }
            for name in &running {
                self.stop(&mut client, name)?;
            }
        }
        self.shared.drained(true);
        Ok(())
    }

    fn stop(&self, client: &mut Client, name: &str) -> Result<()> {
        client.command(["service.stop", name]).map_err(|error| format!("{name}: {error}"))?;
        let patience = patience_for(client.view().service(name.as_bytes()), PATIENCE);
        let has_ended =
            |view: &StateView| view.service(name.as_bytes()).is_none_or(|it| it.pid().is_none());
        match client.wait(patience, has_ended) {
            Ok(true) => Ok(()),
            Ok(false) => Err(format!("{name} does not end")),
            Err(error) => Err(error.to_string()),
        }
    }

    /// What the fleet has here that is not held yet.
    fn running(&self, view: &StateView, is_logger: bool) -> Vec<String> {
        let owner = |tag: &[u8]| tag.strip_prefix(b"owner=").map(<[u8]>::to_vec);
        let is_ours = |tags: daemonproxy_client::protocol::Fields<'_>| {
            let mut owners = tags.iter().filter_map(owner);
            owners.any(|it| self.disk.kept.owners.iter().any(|own| own.as_bytes() == it))
        };
        let all = view.services().filter(|(_, it)| is_ours(it.tags()));
        let all = all.filter(|(_, it)| it.tags().iter().any(|tag| tag == b"logger") == is_logger);
        let is_held = |it: &daemonproxy_client::protocol::ServiceView| {
            it.pid().is_none() && it.run().has(daemonproxy_client::protocol::Fact::Held)
        };
        let all = all.filter(|(_, it)| !is_held(it));
        all.map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// Lets go what was stopped to drain the node, and nothing else.
    fn undrain(&mut self) -> Result<()> {
        if !self.disk.kept.drain {
            return Ok(());
        }
        let mut client = connect(&self.socket).map_err(|error| error.to_string())?;
        // Loggers were stopped last.
        for name in self.disk.kept.drained.iter().rev() {
            if client.view().service(name.as_bytes()).is_some() {
                let done = client.command(["service.release", name]);
                done.map_err(|error| format!("{name}: {error}"))?;
            }
        }
        self.disk.kept.drain = false;
        self.disk.kept.drained.clear();
        // Another daemon may have come meanwhile, and has nothing yet.
        if self.disk.kept.daemon != identity(&mut client) {
            self.disk.kept.applied = None;
        }
        self.save()?;
        self.shared.state().is_draining = false;
        self.shared.drained(false);
        self.finish_or_look()
    }
}

fn compiled(path: &Path) -> Result<(Compiled, Plan)> {
    let name = path.to_str().ok_or("the path of the state is not UTF-8")?;
    let mut compiled = compile(name, &mut Files { missing: Some(Severity::Error) });
    match compiled.plan.take() {
        Some(plan) => Ok((compiled, plan)),
        None => {
            let wrong = compiled.problems.iter().filter(|it| it.is_error());
            let wrong: Vec<_> = wrong.map(|it| it.render(&compiled.files, false)).collect();
            Err(short(&wrong.join("\n")))
        }
    }
}

/// A status has room for so much.
fn short(text: &str) -> String {
    let text = text.trim_end();
    match text.char_indices().nth(LONGEST_NOTE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
