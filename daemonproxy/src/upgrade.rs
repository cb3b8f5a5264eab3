//! `upgrade`: the daemon becomes another version of itself.
//!
//! First the other program is asked, as a child, whether it understands the whole state; meanwhile
//! everything goes on. If it does, the state is written once more, and the program is executed in
//! our place. Until then all can be undone, and after that nothing is decided any more.
//!
//! The state may have changed since the question. That matters only if there is a new *word* in it,
//! a kind of line or a key, which the other one may not know. Then it is asked again; and when that
//! has happened a few times, commands wait.

use std::borrow::Cow;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use daemonproxy_core::{Fd, Monotonic, Proxy, State, Writer};

use crate::own::{self, Own};
use crate::sys::{self, Check, Os, Program, monotonic};

/// Seconds in which it must answer.
const PATIENCE: u32 = 10;
/// Questions until commands wait, and until it is given up.
const ASKED_BEFORE_COMMANDS_WAIT: u32 = 3;
const ASKED_AT_MOST: u32 = 6;
/// The most that is heard of an answer.
const ANSWER: usize = 512;
/// So much of a path, from its end, is said in an error.
const MOST_SHOWN: usize = 255;

/// A question that is under way.
struct Question {
    check: Check,
    until: Monotonic,
    /// The words of the state that it is about, and the answer to it that says yes.
    words: Vec<u64>,
    yes: String,
    answer: Vec<u8>,
}

/// An upgrade that is under way.
struct Attempt {
    program: Program,
    path: CString,
    question: Question,
    asked: u32,
}

/// The upgrade, if there is one.
#[derive(Default)]
pub(crate) struct Upgrade {
    attempt: Option<Box<Attempt>>,
}

impl Upgrade {
    /// Where the answer comes from.
    pub(crate) fn fd(&self) -> Option<Fd> {
        self.attempt.as_ref().map(|attempt| attempt.question.check.fd())
    }

    /// When it must have come.
    pub(crate) fn deadline(&self) -> Option<Monotonic> {
        self.attempt.as_ref().map(|attempt| attempt.question.until)
    }

    /// Begins with one that somebody has asked for.
    pub(crate) fn begin_if_asked(&mut self, proxy: &mut Proxy<Os>, ours: &Own) {
        if self.attempt.is_some() {
            return;
        }
        let Some(path) = proxy.upgrade_asked() else { return };
        let path = if path.is_empty() { &ours.program } else { path };
        match Attempt::begin(path, proxy, ours) {
            Ok(attempt) => self.attempt = Some(Box::new(attempt)),
            Err(reason) => proxy.upgrade_failed(&reason),
        }
    }

    /// There is something to be read, or the time is over. If all is well, this does not return.
    pub(crate) fn go_on(&mut self, proxy: &mut Proxy<Os>, ours: &Own) {
        let Some(attempt) = &mut self.attempt else { return };
        match attempt.go_on(proxy, ours) {
            Ok(()) => {}
            Err(reason) => {
                attempt.question.check.kill();
                self.attempt = None;
                proxy.upgrade_failed(&reason);
            }
        }
    }
}

impl Attempt {
    fn begin(path: &[u8], proxy: &Proxy<Os>, ours: &Own) -> Result<Self, String> {
        if path.is_empty() {
            return Err("it is not known by which path the daemon was started: name it".to_owned());
        }
        let shown = shown(path);
        let path = std::path::absolute(PathBuf::from(std::ffi::OsStr::from_bytes(path)))
            .map_err(|error| format!("{shown}: {error}"))?;
        let path = CString::new(path.into_os_string().into_encoded_bytes())
            .map_err(|_| format!("{shown}: not a path"))?;
        let program =
            Program::open(&path).map_err(|errno| format!("{shown}: {}", sys::explain(errno)))?;
        let question = Question::ask(&program, proxy, ours)?;
        Ok(Self { program, path, question, asked: 1 })
    }

    fn go_on(&mut self, proxy: &mut Proxy<Os>, ours: &Own) -> Result<(), String> {
        if !self.question.is_answered()? {
            return Ok(());
        }
        let state = state(proxy, ours, self.path.as_bytes())?;
        let is_known = |word| self.question.words.binary_search(word).is_ok();
        if state.words.iter().all(is_known) {
            return Err(self.become_it(&state));
        }
        if self.asked == ASKED_AT_MOST {
            return Err("the state changes too fast".to_owned());
        }
        proxy.hold_commands(self.asked >= ASKED_BEFORE_COMMANDS_WAIT);
        self.asked += 1;
        self.question = Question::ask(&self.program, proxy, ours)?;
        Ok(())
    }

    /// Returns only if that cannot be, and why.
    fn become_it(&self, state: &State) -> String {
        if !self.program.is_as_it_was() {
            return "the program has changed since it was asked".to_owned();
        }
        let memory = match sys::sealed(&state.text) {
            Ok(memory) => memory,
            Err(errno) => return format!("no memory for the state: {}", sys::explain(errno)),
        };
        let errno = sys::become_program(&self.program, &memory, &state.fds, &self.path);
        format!("{}: {}", shown(self.path.as_bytes()), sys::explain(errno))
    }
}

impl Question {
    fn ask(program: &Program, proxy: &Proxy<Os>, ours: &Own) -> Result<Self, String> {
        let wrong = |what: &str, errno| format!("{what}: {}", sys::explain(errno));
        let state = state(proxy, ours, &ours.program)?;
        let memory = sys::sealed(&state.text)
            .map_err(|errno| wrong("no memory for the state (memfd_create)", errno))?;
        let check = Check::begin(program, &memory, &proxy.world().startup())
            .map_err(|errno| wrong("cannot ask the program (pipe, fork)", errno))?;
        let until = monotonic().plus_seconds(PATIENCE);
        let yes = own::yes(&state.text);
        Ok(Self { check, until, words: state.words, yes, answer: Vec::new() })
    }

    /// Whether it is, with yes. An `Err` is a no, in words.
    fn is_answered(&mut self) -> Result<bool, String> {
        let mut space = [0; ANSWER];
        while let Some(count) = self.check.read(&mut space) {
            if count > 0 {
                let room = ANSWER.saturating_sub(self.answer.len());
                self.answer.extend_from_slice(&space[..count.min(room)]);
                continue;
            }
            let text = String::from_utf8_lossy(&self.answer);
            // More than the last line is what a debugger or a library has said.
            return match text.lines().last() {
                Some(line) if line.trim_start().starts_with(&self.yes) => Ok(true),
                Some(line) => {
                    let line = line.trim().replace(char::is_control, " ");
                    Err(format!("the program says: {line}"))
                }
                None => Err("the program says nothing when it is asked".to_owned()),
            };
        }
        if monotonic() >= self.until {
            return Err(format!("the program says nothing for {PATIENCE} seconds"));
        }
        Ok(false)
    }
}

/// A path for an error: of a long one its end.
fn shown(path: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&path[path.len().saturating_sub(MOST_SHOWN)..])
}

/// Everything, for a daemon that then is this program.
fn state(proxy: &Proxy<Os>, ours: &Own, program: &[u8]) -> Result<State, String> {
    let write = |to: &mut Writer| own::write(proxy.world(), ours, program, to);
    proxy.state_after(write).map_err(|_| "no memory for the state".to_owned())
}
