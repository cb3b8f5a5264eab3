//! The interactive prompt.
//!
//! Three threads. The main one has the interpreter and the loop, so handlers and timers go on while
//! somebody types; lines come to it as requests, between two events. One is the editor, which is at
//! the terminal nearly always: without an editor, the terminal itself would echo what is typed, and
//! the editor would lose it. One shows what the script prints, above the line that is being typed.
//!
//! So that nothing can disturb that line, descriptors 1 and 2 become a pipe to the third thread.

mod editor;
mod screen;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::IsTerminal;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::mpsc::{Receiver, Sender, channel};

use mlua::{Function, Lua, Table};
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags};
use nix::unistd::{pipe2, read};

use crate::status::{FAILED, Failure, OK, Result, USAGE};
use crate::{leave, script, watchdog};
use editor::Terminal;
use screen::Screen;

/// What the editor wants of the loop.
pub(crate) enum Request {
    /// Carry this out.
    Run(String),
    /// What can be at the end of this?
    Complete(String, Sender<Vec<String>>),
    /// The person has had enough.
    Leave,
}

/// The prompt, before there is an interpreter.
pub(crate) struct Prepared {
    terminal: Terminal,
    screen: Screen,
}

pub(crate) struct Prompt {
    requests: Receiver<Request>,
    /// A byte for each request.
    bell: OwnedFd,
    functions: Table,
    /// What was typed and not carried out yet.
    lines: RefCell<VecDeque<String>>,
    is_running: Cell<bool>,
}

impl Prompt {
    /// Makes sure that there is a terminal, before anything else begins.
    pub(crate) fn prepare() -> Result<Prepared> {
        if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
            let text = "a prompt needs a terminal; otherwise give a SCRIPT or -e CODE";
            return Err(Failure::new(USAGE, text));
        }
        let failed = |text: String| Failure::new(FAILED, format!("the terminal: {text}"));
        let mut terminal = Terminal::open().map_err(failed)?;
        let printer = terminal.printer().map_err(failed)?;
        let screen = Screen::start(printer).map_err(|error| failed(error.to_string()))?;
        Ok(Prepared { terminal, screen })
    }

    /// Does what was asked for since the last call. True if a line was carried out.
    pub(crate) fn look(&self) -> mlua::Result<bool> {
        // As many bytes as there are: a request that comes now wakes us again.
        let mut bytes = [0; 64];
        let _ = read(&self.bell, &mut bytes);
        while let Ok(request) = self.requests.try_recv() {
            match request {
                Request::Run(line) => self.lines.borrow_mut().push_back(line),
                Request::Complete(line, answer) => {
                    watchdog::work_begins();
                    let found = self.functions.get::<Function>("complete")?.call(line);
                    watchdog::work_ends();
                    // Nobody waits any more: it took too long.
                    let _ = answer.send(found.unwrap_or_default());
                }
                Request::Leave => leave::with(OK.into()),
            }
        }
        self.run_lines()
    }

    /// One line after the other. A line that waits where a coroutine cannot yield keeps the others
    /// from running.
    fn run_lines(&self) -> mlua::Result<bool> {
        if self.is_running.get() || !self.functions.get::<Function>("is_ready")?.call::<bool>(())? {
            return Ok(false);
        }
        let mut has_run = false;
        while let Some(line) = self.next_line() {
            self.is_running.set(true);
            watchdog::work_begins();
            let done = self.functions.get::<Function>("evaluate")?.call::<()>(line);
            watchdog::work_ends();
            self.is_running.set(false);
            done?;
            has_run = true;
        }
        Ok(has_run)
    }

    fn next_line(&self) -> Option<String> {
        self.lines.borrow_mut().pop_front()
    }

    pub(crate) fn poll_fd(&self) -> PollFd<'_> {
        PollFd::new(self.bell.as_fd(), PollFlags::POLLIN)
    }
}

impl Prepared {
    pub(crate) fn start(self, lua: &Lua, traceback: Function) -> Result<Prompt> {
        let failed = |text: String| Failure::new(FAILED, format!("the prompt: {text}"));
        let functions = lua
            .load(include_str!("prompt.lua"))
            .set_name("=daemonproxy/prompt.lua")
            .call(traceback)
            .map_err(|error| failed(script::message(&error)))?;
        watchdog::spare(lua.exec_raw_lua(mlua::state::RawLua::state))
            .map_err(|error| failed(error.desc().to_owned()))?;
        let (bell, ring) = pipe2(OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)
            .map_err(|error| failed(error.desc().to_owned()))?;
        let (sender, requests) = channel();
        self.terminal.start(sender, ring).map_err(failed)?;
        let mut screen = self.screen;
        leave::first(move || screen.end());
        Ok(Prompt {
            requests,
            bell,
            functions,
            lines: RefCell::default(),
            is_running: Cell::new(false),
        })
    }
}
