//! The line editor, in a thread of its own.
//!
//! It never leaves `readline` by an error: rustyline would throw away what was typed ahead. ^C and
//! ^D are bound to handlers that record the key and accept the line.

use std::io::{self, ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use mlua::{Lua, LuaOptions, StdLib};
use nix::sys::signal::{SigSet, SigmaskHow, pthread_sigmask};
use nix::sys::termios::{
    InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, tcgetattr, tcsetattr,
};
use rustyline::completion::{Completer, Pair};
use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{
    Behavior, Cmd, CompletionType, ConditionalEventHandler, Config, Context, Editor, Event,
    EventContext, EventHandler, ExternalPrinter, Helper, KeyEvent, RepeatCount,
};

use super::Request;
use crate::{leave, watchdog};

const PROMPT: &str = "lua> ";
/// How many lines are remembered.
const HISTORY: usize = 2000;
/// How often to check whether the loop has said what can be here, how often at most, and how often
/// if the script is busy with the same piece of work all the time.
const LOOK: Duration = Duration::from_millis(50);
const LOOKS: u32 = 600;
const LOOKS_IF_BUSY: u32 = 40;

type LineEditor = Editor<Assistant, FileHistory>;

/// The terminal, before the thread runs.
pub(super) struct Terminal {
    editor: LineEditor,
    cleared: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
}

impl Terminal {
    pub(super) fn open() -> Result<Self, String> {
        let text = |error: ReadlineError| error.to_string();
        let config = Config::builder()
            .behavior(Behavior::PreferTerm)
            .completion_type(CompletionType::List)
            .max_history_size(HISTORY)
            .and_then(|config| config.history_ignore_dups(true))
            .map_err(text)?
            .history_ignore_space(true)
            .build();
        let mut editor = LineEditor::with_config(config).map_err(text)?;
        let [cleared, ended] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let on_key = |note: &Arc<AtomicBool>, only_if_empty| {
            let note = Arc::clone(note);
            EventHandler::Conditional(Box::new(Accept { note, only_if_empty }))
        };
        editor.bind_sequence(KeyEvent::ctrl('C'), on_key(&cleared, false));
        editor.bind_sequence(KeyEvent::ctrl('D'), on_key(&ended, true));
        if let Some(path) = history_file() {
            // It is not an error if there is none yet.
            let _ = editor.load_history(&path);
        }
        Ok(Self { editor, cleared, ended })
    }

    pub(super) fn printer(&mut self) -> Result<impl ExternalPrinter + Send + use<>, String> {
        self.editor.create_external_printer().map_err(|error| error.to_string())
    }

    /// Reads lines from here on, for ever.
    pub(super) fn start(mut self, requests: Sender<Request>, bell: OwnedFd) -> Result<(), String> {
        quieten().map_err(|error| error.desc().to_owned())?;
        let wish = Wish { requests, bell: bell.into() };
        self.editor.set_auto_add_history(false);
        without_signals(|| thread::spawn(move || self.converse(wish)));
        Ok(())
    }

    fn converse(mut self, wish: Wish) {
        let wish = Arc::new(wish);
        let (cleared, ended) = (Arc::clone(&self.cleared), Arc::clone(&self.ended));
        self.editor
            .set_helper(Some(Assistant { wish: Arc::clone(&wish), asides: [cleared, ended] }));
        loop {
            let line = self.editor.readline(PROMPT);
            if self.cleared.swap(false, Ordering::Relaxed) {
                watchdog::interrupt();
                continue;
            }
            match line {
                Ok(_) if self.ended.load(Ordering::Relaxed) => break,
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) => {
                    remember(&mut self.editor, &line);
                    wish.send(Request::Run(line));
                }
                // Bytes that are not UTF-8: the line is dropped.
                Err(ReadlineError::Io(error)) if error.kind() == ErrorKind::InvalidData => {}
                Err(_) => break,
            }
        }
        wish.send(Request::Leave);
    }
}

/// Between two lines the terminal is as the editor sets it: nothing is echoed and no key sends a
/// signal, so nothing that is typed ahead is lost or shown twice.
fn quieten() -> nix::Result<()> {
    let terminal = io::stdin();
    let mut settings = tcgetattr(&terminal)?;
    leave::remember_terminal(0, settings.clone().into())?;
    let taken = LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG | LocalFlags::IEXTEN;
    settings.local_flags.remove(taken);
    settings.input_flags.remove(InputFlags::ICRNL | InputFlags::IXON);
    settings.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
    settings.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
    tcsetattr(&terminal, SetArg::TCSADRAIN, &settings)
}

/// The channel to the loop.
struct Wish {
    requests: Sender<Request>,
    bell: std::fs::File,
}

impl Wish {
    fn send(&self, request: Request) {
        // When the loop is gone, so is this program.
        let _ = self.requests.send(request);
        let _ = (&self.bell).write_all(b"!");
    }
}

/// Records the key, and lets `readline` return normally.
struct Accept {
    note: Arc<AtomicBool>,
    only_if_empty: bool,
}

impl ConditionalEventHandler for Accept {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, ctx: &EventContext<'_>) -> Option<Cmd> {
        if self.only_if_empty && !ctx.line().is_empty() {
            return None;
        }
        self.note.store(true, Ordering::Relaxed);
        Some(Cmd::AcceptLine)
    }
}

/// What the editor asks while a line is typed.
struct Assistant {
    wish: Arc<Wish>,
    /// ^C and ^D: then the line need not be complete.
    asides: [Arc<AtomicBool>; 2],
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = &line[..pos];
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let start = before.trim_end_matches(name).len();
        let (answer, found) = channel();
        self.wish.send(Request::Complete(before.to_owned(), answer));
        let found = answered(&found).unwrap_or_default();
        let pair = |name: String| Pair { display: name.clone(), replacement: name };
        Ok((start, found.into_iter().map(pair).collect()))
    }
}

/// What the loop says; nothing if it takes too long.
fn answered(found: &Receiver<Vec<String>>) -> Option<Vec<String>> {
    let mut work = None;
    let mut busy = 0;
    for _ in 0..LOOKS {
        match found.recv_timeout(LOOK) {
            Ok(found) => return Some(found),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        let now = watchdog::work();
        busy = if now.is_some() && now == work { busy + 1 } else { 0 };
        work = now;
        if busy == LOOKS_IF_BUSY {
            return None;
        }
    }
    None
}

impl Validator for Assistant {
    fn validate(&self, ctx: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        if self.asides.iter().any(|note| note.load(Ordering::Relaxed)) {
            return Ok(ValidationResult::Valid(None));
        }
        Ok(if is_incomplete(ctx.input()) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

impl Hinter for Assistant {
    type Hint = String;
}

impl Highlighter for Assistant {}

impl Helper for Assistant {}

thread_local! {
    /// An interpreter that only compiles, so that the editor does not have to wait for the loop.
    static COMPILER: Option<Lua> = Lua::new_with(StdLib::NONE, LuaOptions::default()).ok();
}

/// Whether more has to come before this can be Lua.
fn is_incomplete(text: &str) -> bool {
    COMPILER.with(|lua| {
        let Some(lua) = lua else { return false };
        let compile = |text: &str| lua.load(text).set_name("=prompt").into_function();
        if compile(&format!("return {text}")).is_ok() {
            return false;
        }
        matches!(compile(text), Err(mlua::Error::SyntaxError { incomplete_input: true, .. }))
    })
}

/// Adds a line to the history and to its file, immediately: the end may be sudden.
fn remember(editor: &mut LineEditor, line: &str) {
    let added = editor.add_history_entry(line);
    if let (Ok(true), Some(path)) = (added, history_file()) {
        if let Some(folder) = path.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        // A history that cannot be written is no reason to stop.
        let _ = editor.append_history(&path);
    }
}

fn history_file() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/state"));
    Some(state.or_else(home)?.join("daemonproxy/lua-history"))
}

/// Starts a thread to which no signal is delivered: all of them are for the main one.
pub(super) fn without_signals<T>(start: impl FnOnce() -> T) -> T {
    let mut before = SigSet::empty();
    let _ = pthread_sigmask(SigmaskHow::SIG_BLOCK, Some(&SigSet::all()), Some(&mut before));
    let started = start();
    let _ = pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&before), None);
    started
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lacks_its_end_is_incomplete() {
        for text in ["for i = 1, 3 do", "function f()", "x = {", "f(", "x =", "[[a"] {
            assert!(is_incomplete(text), "{text}");
        }
        for text in ["1 + 1", "x = 1", "dp", "x = )", "f()", "return 1"] {
            assert!(!is_incomplete(text), "{text}");
        }
    }
}
