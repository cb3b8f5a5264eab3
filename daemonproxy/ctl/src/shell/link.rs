//! What the threads of the shell share: the connection to the daemon, its state, and what is to be
//! shown.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use daemonproxy_client::{Event, Sender, StateField, StateView};

use super::features::Features;
use crate::failure::{Failure, NO_DAEMON, Result, TIME_IS_UP};
use crate::quoting::Word;
use crate::sentence;
use crate::style::{Style, readable};

/// How much is kept to be shown while the terminal is busy. If there is more, the oldest is left
/// out.
const MAX_PENDING: usize = 256 * 1024;

/// How long the daemon may take to report its state.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a prompt waits for the terminal. The editor may keep a piece until it is asked for a
/// line.
const SHOWING: Duration = Duration::from_millis(300);

pub(crate) struct Link {
    writer: Mutex<Sender>,
    state: Mutex<State>,
    changed: Condvar,
    style: Style,
    raw: bool,
    session: bool,
    folder: PathBuf,
}

/// Why the connection will end.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// The shell closes it.
    Shell,
    /// The daemon was asked to.
    Exit,
    /// The daemon was told to leave.
    Terminate,
}

/// A line that was sent, for answers that are about it.
pub(super) struct Sent {
    pub(super) line: String,
    /// None if it was sent unchecked.
    pub(super) words: Vec<Word>,
    /// The first echo that comes after its answers.
    until: u32,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) view: StateView,
    pub(super) features: Features,
    /// The number of the last echo that was asked for, and that came back.
    pub(super) asked: u32,
    pub(super) seen: u32,
    /// The echo after which a dump begins: what is not in the dump is gone. Not earlier, since
    /// until then news of a signal that was cleared meanwhile may be on its way.
    dump_behind: Option<u32>,
    /// Until this echo comes back, what comes is taken in but not shown: nobody asked to see it.
    pub(super) quiet_until: Option<u32>,
    /// The lines whose answers may still come, in order.
    pub(super) sent: VecDeque<Sent>,
    /// The services that were started with a descriptor, under its name. They keep it when their
    /// list changes.
    writers: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>,
    /// What takes its time is to be given up.
    pub(super) interrupted: bool,
    /// Somebody asked to leave.
    pub(super) leaving: Option<Leaving>,
    pub(super) ended: bool,
    /// What is to be shown, and whether it has to wait.
    pub(super) pending: String,
    pub(super) held: bool,
    pub(super) showing: bool,
    /// How often the editor has drawn its line, and how often it had done so when it last got
    /// something to show.
    pub(super) drawn: u64,
    pub(super) drawn_before: u64,
}

impl State {
    /// This echo has come back.
    pub(super) fn has_seen(&mut self, mark: u32) {
        self.seen = mark;
        self.sent.retain(|sent| sent.until > mark);
        if self.dump_behind == Some(mark) {
            self.dump_behind = None;
            self.view.reset();
        }
        if self.quiet_until == Some(mark) {
            self.quiet_until = None;
            // Otherwise the beginning of the dump was lost.
            if self.dump_behind.take().is_none() {
                self.view.sweep();
            }
        }
    }

    /// Notes which descriptors a service was started with, for [`State::only_writer`].
    pub(super) fn note_writer(&mut self, event: &Event<'_>) {
        let (Event::ServiceState { name, .. } | Event::ServiceFds { name, .. }) = event else {
            return;
        };
        let Some(service) = self.view.service(name.as_bytes()) else { return };
        if service.state() == StateField::NeverStarted {
            return;
        }
        for fd in service.fds().iter() {
            self.writers.entry(fd.to_vec()).or_default().insert(name.as_bytes().to_vec());
        }
    }

    /// The only service that was ever started with this descriptor: it, or what it started, wrote
    /// there. If there are several, nobody can tell, since they share it.
    pub(super) fn only_writer(&self, fd: &str) -> Option<String> {
        let writers = self.writers.get(fd.as_bytes())?;
        let only = writers.first().filter(|_| writers.len() == 1)?;
        Some(readable(only))
    }
}

impl Link {
    pub(super) fn new(writer: Sender, style: Style, raw: bool, session: bool) -> Self {
        let (state, changed) = (Mutex::default(), Condvar::new());
        let folder = folder_of_peer(&writer);
        Self { writer: Mutex::new(writer), state, changed, style, raw, session, folder }
    }

    pub(super) fn style(&self) -> Style {
        self.style
    }

    pub(super) fn is_raw(&self) -> bool {
        self.raw
    }

    /// The working directory of the daemon.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the end of the connection is the end of the daemon.
    pub(super) fn is_session(&self) -> bool {
        self.session
    }

    /// The state. What another thread put there before it panicked is still true.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and tells the others.
    pub(super) fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.state());
        self.changed.notify_all();
        result
    }

    /// Waits until the state is as wanted, or the time is up. True if it is.
    pub(super) fn wait(&self, patience: Duration, mut done: impl FnMut(&State) -> bool) -> bool {
        let waited = self.changed.wait_timeout_while(self.state(), patience, |state| !done(state));
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Sends a line, which is given without its LF. `typed` is the line as it was typed, for
    /// answers that are about it.
    pub(super) fn send(&self, line: &[u8], typed: &str, words: Vec<Word>) -> Result<()> {
        let writer = self.writer();
        self.update(|state| {
            let until = state.asked + 1;
            state.features.note(line);
            state.sent.push_back(Sent { line: typed.to_owned(), words, until });
        });
        write(&writer, line)
    }

    fn writer(&self) -> MutexGuard<'_, Sender> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for an echo, and notes and returns its number. Echoes come back in the order of their
    /// numbers.
    pub(super) fn mark(&self, note: impl FnOnce(&mut State, u32)) -> Result<u32> {
        let writer = self.writer();
        let mark = self.update(|state| {
            state.asked += 1;
            note(state, state.asked);
            state.asked
        });
        write(&writer, format!("echo\t{}{mark}", mark_prefix()).as_bytes())?;
        Ok(mark)
    }

    /// Waits until everything that the daemon has said up to now has been taken in. False if that
    /// takes too long.
    pub(super) fn catch_up(&self) -> bool {
        let Ok(mark) = self.mark(|_, _| {}) else { return false };
        self.wait(SHOWING, |state| state.seen >= mark)
    }

    /// Learns the state again without showing anything. Does not wait.
    pub(super) fn resync(&self) -> Result<u32> {
        // Quiet from here on; the mark after the dump says until when.
        self.update(|state| state.quiet_until = Some(u32::MAX));
        self.mark(|state, mark| state.dump_behind = Some(mark))?;
        write(&self.writer(), b"statedump")?;
        self.mark(|state, mark| state.quiet_until = Some(mark))
    }

    /// Becomes an observer, so that signals do to the daemon what they do when nobody is connected,
    /// learns the state, with runs, options and environments, and waits for it.
    pub(super) fn load(&self) -> Result<()> {
        if self.learn(&Features::default())? {
            return Ok(());
        }
        Err(Failure::new(TIME_IS_UP, "the daemon does not answer"))
    }

    /// Does this while the state is known with everything that the shell asks for, even if the
    /// person has asked for less.
    pub(super) fn knowing<T>(&self, look: impl FnOnce() -> T) -> Result<T> {
        let features = self.state().features.clone();
        if features.are_enough() {
            return Ok(look());
        }
        // If the daemon takes too long, what is known is all there is.
        self.learn(&features.enough())?;
        let seen = look();
        self.update(|state| state.quiet_until = Some(u32::MAX));
        write(&self.writer(), &features.line())?;
        self.mark(|state, mark| state.quiet_until = Some(mark))?;
        Ok(seen)
    }

    /// Asks for these, and for the state with them. False if it does not come in time.
    fn learn(&self, features: &Features) -> Result<bool> {
        self.update(|state| state.quiet_until = Some(u32::MAX));
        write(&self.writer(), &features.line())?;
        let mark = self.resync()?;
        Ok(self.wait(PATIENCE, |state| state.seen >= mark || state.ended))
    }

    /// Waits until all that was sent has been answered, and the answers shown. Not for ever: they
    /// come above the prompt, too.
    pub(super) fn settle(&self, patience: Duration) -> Result<()> {
        let Ok(mark) = self.mark(|_, _| {}) else {
            // The connection is gone; its end says why.
            self.wait_for_end(patience);
            return Ok(());
        };
        if self.wait(patience, |state| state.seen >= mark || state.ended) {
            // If leaving was asked for, it was refused.
            self.update(|state| state.leaving = None);
        }
        self.wait(SHOWING, |state| state.pending.is_empty() && !state.showing);
        Ok(())
    }

    /// Shows text above the prompt; it ends in an LF.
    pub(super) fn show(&self, text: &str) {
        self.update(|state| {
            state.pending.push_str(text);
            if state.pending.len() > MAX_PENDING {
                let surplus = state.pending.len() - MAX_PENDING / 2;
                let at = state.pending.as_bytes()[surplus..].iter().position(|&byte| byte == b'\n');
                let at = at.map_or(state.pending.len(), |at| surplus + at + 1);
                state.pending.replace_range(..at, "... (some lines are left out here)\n");
            }
        });
    }

    /// Waits until all of it is shown.
    pub(super) fn drain(&self) {
        self.wait(SHOWING, |state| state.pending.is_empty() && !state.showing);
    }

    /// Waits until the editor has drawn its line after what it was given to show. Not for ever:
    /// perhaps nobody asks it for a line any more.
    pub(super) fn wait_for_editor(&self) {
        self.wait(SHOWING, |state| !state.showing && state.drawn > state.drawn_before);
    }

    /// Holds back everything from the terminal, or lets it through.
    pub(super) fn hold(&self, held: bool) {
        self.update(|state| state.held = held);
    }

    /// Closes the connection from our side.
    pub(super) fn leave(&self) -> Result<()> {
        self.update(|state| state.leaving = Some(Leaving::Shell));
        if self.session {
            self.writer().shut();
        } else {
            let _ = write(&self.writer(), b"exit");
        }
        Ok(())
    }

    pub(super) fn wait_for_end(&self, patience: Duration) {
        self.wait(patience, |state| state.ended);
        self.drain();
    }

    /// The services that are up, one per line.
    pub(super) fn running(&self) -> Vec<String> {
        let state = self.state();
        let up =
            state.view.services().filter(|(_, it)| matches!(it.state(), StateField::Up { .. }));
        up.map(|(name, it)| format!("{} {}", readable(name), sentence::of_state(it.state())))
            .collect()
    }
}

fn write(sender: &Sender, line: &[u8]) -> Result<()> {
    let sent = sender.send_as_it_is(line);
    sent.map_err(|_| Failure::new(NO_DAEMON, "the daemon does not take commands any more"))
}

/// The working directory of whoever made the other end, or ours if we may not know that one. The
/// kernel resolves this name whenever it is used, so it stays right when the daemon goes elsewhere.
fn folder_of_peer(sender: &Sender) -> PathBuf {
    let folder = sender.peer_pid().map(|peer| PathBuf::from(format!("/proc/{peer}/cwd")));
    folder.filter(|folder| folder.is_dir()).unwrap_or_else(|| PathBuf::from("."))
}

/// How the echoes of this shell begin.
pub(super) fn mark_prefix() -> String {
    format!("dpctl-shell-{}-", std::process::id())
}
