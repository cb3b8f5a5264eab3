//! The interactive prompt.
//!
//! Three threads. The main one has the interpreter and the loop, so handlers and timers go on while somebody
//! types; lines come to it as requests, between two events. One is the editor, which is at the terminal
//! nearly always: a terminal with no editor at work would echo what is typed by itself, and the editor
//! would lose it. One shows what the script prints, above the line that is being typed.
//!
//! So that nothing can get in the way of that line, descriptors 1 and 2 become a pipe to the third thread.

mod editor;
mod screen;

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
    /// What may stand at the end of this?
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
}

impl Prompt {
    /// Makes sure that there is a terminal, before anything else is begun.
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

    /// The next request, if there is one.
    pub(crate) fn take(&self) -> Option<Request> {
        // As many bytes as there are: a request that comes now rings again.
        let mut bytes = [0; 64];
        let _ = read(&self.bell, &mut bytes);
        self.requests.try_recv().ok()
    }

    pub(crate) fn poll_fd(&self) -> PollFd<'_> {
        PollFd::new(self.bell.as_fd(), PollFlags::POLLIN)
    }

    /// Does what was asked for. What is wrong with a line is told where its results would be.
    pub(crate) fn carry_out(&self, request: Request) -> mlua::Result<()> {
        match request {
            Request::Run(line) => self.functions.get::<Function>("evaluate")?.call(line),
            Request::Complete(line, answer) => {
                let found = self.functions.get::<Function>("complete")?.call(line);
                // Nobody waits any more: it took too long.
                let _ = answer.send(found.unwrap_or_default());
                Ok(())
            }
            Request::Leave => leave::with(OK.into()),
        }
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
        Ok(Prompt { requests, bell, functions })
    }
}
