//! The keys that end a line without sending it: ^C clears it, ^D on an empty line leaves. And ^Z.
//!
//! The editor reports ^C and ^D as errors of its own, but then throws away what it had read ahead.
//! So here each of them accepts the line, and we remember which key it was.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};

use nix::sys::termios::SpecialCharacterIndices as Special;
use rustyline::error::ReadlineError;
use rustyline::{
    Cmd, ConditionalEventHandler, Event, EventContext, EventHandler, KeyEvent, Modifiers,
    RepeatCount,
};

use super::link::Link;
use super::{PROMPT, Prompt};
use crate::failure::Result;
use crate::terminal;

/// What became of a prompt.
pub(super) enum Typed {
    Line(String),
    /// The line is given up.
    Interrupted,
    /// The person wants to leave.
    End,
    /// The terminal is gone.
    Gone,
    /// Bytes that are not UTF-8.
    Unreadable,
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Key {
    Interrupt,
    End,
    Other,
}

/// The last key, if it is of interest.
#[derive(Clone)]
pub(super) struct LastKey(Arc<Mutex<Key>>);

impl LastKey {
    fn is(&self, key: Key) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = key;
    }

    fn take(&self) -> Key {
        let mut key = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut key, Key::Other)
    }

    /// Reads a line.
    pub(super) fn read(&self, prompt: &mut Prompt) -> Result<Typed> {
        self.is(Key::Other);
        match (prompt.readline(PROMPT), self.take()) {
            (Ok(_), Key::Interrupt) | (Err(ReadlineError::Interrupted), _) => {
                Ok(Typed::Interrupted)
            }
            (Ok(_), Key::End) => Ok(Typed::End),
            (Ok(line), Key::Other) => Ok(Typed::Line(line)),
            (Err(ReadlineError::Eof), _) => Ok(Typed::Gone),
            (Err(ReadlineError::Io(error)), _) if error.kind() == ErrorKind::InvalidData => {
                Ok(Typed::Unreadable)
            }
            (Err(error), _) => Err(super::editor_failure(&error)),
        }
    }
}

/// Binds the keys that the terminal uses for these.
pub(super) fn bind(prompt: &mut Prompt, link: &Arc<Link>) -> LastKey {
    let last = LastKey(Arc::new(Mutex::new(Key::Other)));
    let mut bind = |index: Special, handler: Box<dyn ConditionalEventHandler>| {
        let found = terminal::found();
        let key = found.map_or(0, |found| found.control_chars[index as usize]);
        if key != 0 {
            let key = KeyEvent::new(char::from(key), Modifiers::NONE);
            prompt.bind_sequence(key, EventHandler::Conditional(handler));
        }
    };
    bind(Special::VINTR, Box::new(Interrupt(last.clone())));
    bind(Special::VQUIT, Box::new(Interrupt(last.clone())));
    bind(Special::VEOF, Box::new(End(last.clone())));
    bind(Special::VSUSP, Box::new(Suspend(last.clone(), Arc::clone(link))));
    let other = EventHandler::Conditional(Box::new(Other(last.clone())));
    prompt.bind_sequence(Event::Any, other);
    last
}

struct Interrupt(LastKey);

impl ConditionalEventHandler for Interrupt {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.0.is(Key::Interrupt);
        Some(Cmd::AcceptLine)
    }
}

struct End(LastKey);

impl ConditionalEventHandler for End {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, at: &EventContext<'_>) -> Option<Cmd> {
        let is_end = at.line().is_empty();
        self.0.is(if is_end { Key::End } else { Key::Other });
        is_end.then_some(Cmd::AcceptLine)
    }
}

struct Suspend(LastKey, Arc<Link>);

impl ConditionalEventHandler for Suspend {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.0.is(Key::Other);
        if self.1.is_session() {
            self.1.show("^Z does nothing here: nobody could wake the daemon up again\n");
            return Some(Cmd::Noop);
        }
        terminal::suspend();
        Some(Cmd::Repaint)
    }
}

/// Any other key. What it does is up to the editor.
struct Other(LastKey);

impl ConditionalEventHandler for Other {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.0.is(Key::Other);
        None
    }
}
