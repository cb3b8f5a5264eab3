//! What the threads of the shell share: the way to the daemon, its state, and what is to be shown.

use std::io::Write;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use daemonproxy_protocol::{StateField, StateView};

use crate::commands::state_sentence;
use crate::conn::PATIENCE;
use crate::failure::{Failure, NO_DAEMON, Result, TIME_IS_UP};
use crate::style::{Style, readable};

/// What is kept to be shown while the terminal is busy. Of more, the oldest is left out.
const MAX_PENDING: usize = 256 * 1024;

/// How long a prompt waits for the terminal. The editor may keep a piece until it is asked for a line.
const SHOWING: Duration = Duration::from_millis(300);

pub(crate) struct Link {
    writer: Mutex<UnixStream>,
    state: Mutex<State>,
    changed: Condvar,
    style: Style,
    raw: bool,
    session: bool,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) view: StateView,
    /// The number of the last echo that was asked for, and that came back.
    pub(super) asked: u32,
    pub(super) seen: u32,
    /// Until this echo comes back, what comes is only taken in: nobody asked to see it.
    pub(super) quiet_until: Option<u32>,
    /// Leaving is what was asked for.
    pub(super) leaving: bool,
    pub(super) ended: bool,
    /// What is to be shown, and whether it has to wait.
    pub(super) pending: String,
    pub(super) held: bool,
    pub(super) showing: bool,
    /// How often the editor has drawn its line, and how often it had when it last got something to show.
    pub(super) drawn: u64,
    pub(super) drawn_before: u64,
}

impl Link {
    pub(super) fn new(writer: UnixStream, style: Style, raw: bool, session: bool) -> Self {
        let (state, changed) = (Mutex::default(), Condvar::new());
        Self { writer: Mutex::new(writer), state, changed, style, raw, session }
    }

    pub(super) fn style(&self) -> Style {
        self.style
    }

    pub(super) fn is_raw(&self) -> bool {
        self.raw
    }

    /// Whether the end of the connection is the end of the daemon.
    pub(super) fn is_session(&self) -> bool {
        self.session
    }

    /// The state. What another thread had to say before it panicked is still true.
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

    /// Sends a line, which is given without its LF.
    pub(super) fn send(&self, line: &[u8]) -> Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.set_write_timeout(Some(PATIENCE))?;
        let sent = writer.write_all(&[line, b"\n"].concat());
        sent.map_err(|_| Failure::new(NO_DAEMON, "the daemon does not take commands any more"))
    }

    /// Asks for an echo, and gives its number.
    fn mark(&self, quiet: bool) -> Result<u32> {
        let mark = self.update(|state| {
            state.asked += 1;
            if quiet {
                state.quiet_until = Some(state.asked);
            }
            state.asked
        });
        self.send(format!("echo\t{}{mark}", mark_prefix()).as_bytes())?;
        Ok(mark)
    }

    /// Learns the state anew, unseen. Does not wait.
    pub(super) fn resync(&self) -> Result<u32> {
        self.update(|state| {
            state.view.reset();
            // Quiet from here on; the mark says until when.
            state.quiet_until = Some(u32::MAX);
        });
        self.send(b"statedump")?;
        self.mark(true)
    }

    /// Learns the state, and waits for it.
    pub(super) fn load(&self) -> Result<()> {
        let mark = self.resync()?;
        if self.wait(PATIENCE, |state| state.seen >= mark || state.ended) {
            return Ok(());
        }
        Err(Failure::new(TIME_IS_UP, "the daemon does not answer"))
    }

    /// Waits until all that was sent has been answered, and the answers shown. Not for ever: they come
    /// above the prompt, too.
    pub(super) fn settle(&self, patience: Duration) -> Result<()> {
        let Ok(mark) = self.mark(false) else {
            // The connection is gone; its end says why.
            self.wait_for_end(patience);
            return Ok(());
        };
        self.wait(patience, |state| state.seen >= mark || state.ended);
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

    /// Waits until the editor has drawn its line behind what it was given to show. Not for ever: perhaps it
    /// is not asked for a line any more.
    pub(super) fn wait_for_editor(&self) {
        self.wait(SHOWING, |state| !state.showing && state.drawn > state.drawn_before);
    }

    /// Keeps everything from the terminal, or lets it go on.
    pub(super) fn hold(&self, held: bool) {
        self.update(|state| state.held = held);
    }

    /// Closes the connection from our side.
    pub(super) fn leave(&self) -> Result<()> {
        self.update(|state| state.leaving = true);
        if self.session {
            let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            // If it is closed already, that is what was wanted.
            let _ = writer.shutdown(Shutdown::Write);
        } else {
            let _ = self.send(b"exit");
        }
        Ok(())
    }

    pub(super) fn wait_for_end(&self, patience: Duration) {
        self.wait(patience, |state| state.ended);
        self.drain();
    }

    /// The services that are up, a line each.
    pub(super) fn running(&self) -> Vec<String> {
        let state = self.state();
        let up =
            state.view.services().filter(|(_, it)| matches!(it.state(), StateField::Up { .. }));
        up.map(|(name, it)| format!("{} {}", readable(name), state_sentence(it.state()))).collect()
    }
}

/// How the echoes of this shell begin.
pub(super) fn mark_prefix() -> String {
    format!("dpctl-shell-{}-", std::process::id())
}
