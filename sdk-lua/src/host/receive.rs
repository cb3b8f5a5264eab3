//! `receive`: the one place where this program waits.
//!
//! What is already here is reported before looking for anything new, and everybody gets a share: a
//! flood of events is read a buffer at a time, and in between signals and handles have their turn.

use std::time::{Duration, Instant};

use daemonproxy_protocol::{Event, Line};
use mlua::{Lua, LuaString, Result, Value};
use nix::errno::Errno;
use nix::poll::{PollFlags, PollTimeout, poll};

use super::Host;
use crate::event;
use crate::leave;
use crate::memory;
use crate::rest;
use crate::watchdog;

/// A kind, and up to two values that belong to it.
type Told = (LuaString, Value, Value);

/// The kinds, made once.
pub(super) struct Words {
    event: LuaString,
    garbage: LuaString,
    long: LuaString,
    ready: LuaString,
    signal: LuaString,
    idle: LuaString,
    closed: LuaString,
}

impl Words {
    pub(super) fn new(lua: &Lua) -> Result<Self> {
        let word = |text: &str| lua.create_string(text);
        Ok(Self {
            event: word("event")?,
            garbage: word("garbage")?,
            long: word("long")?,
            ready: word("ready")?,
            signal: word("signal")?,
            idle: word("idle")?,
            closed: word("closed")?,
        })
    }
}

impl Host {
    pub(super) fn receive(&self, lua: &Lua, seconds: Option<f64>) -> Result<Told> {
        self.check_memory(lua)?;
        watchdog::work_ends();
        self.link.output.borrow_mut().flush_if_possible();
        let told = self.next(lua, seconds);
        if let Err(error) = &told {
            leave_without_memory(error);
        }
        watchdog::work_begins();
        told
    }

    fn next(&self, lua: &Lua, seconds: Option<f64>) -> Result<Told> {
        if let Some(told) = self.what_is_there(lua)? {
            return Ok(told);
        }
        let deadline = seconds.and_then(deadline);
        loop {
            self.look_at_prompt()?;
            if self.look_again.take() {
                return Ok(self.idle());
            }
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            self.wait_or_rest(left)?;
            if let Some(told) = self.what_is_there(lua)? {
                return Ok(told);
            }
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(self.idle());
            }
        }
    }

    fn idle(&self) -> Told {
        (self.words.idle.clone(), Value::Nil, Value::Nil)
    }

    fn what_is_there(&self, lua: &Lua) -> Result<Option<Told>> {
        if let Some(name) = self.signals.take() {
            let name = lua.create_string(name)?;
            return Ok(Some((self.words.signal.clone(), Value::String(name), Value::Nil)));
        }
        let ready = self.watches.borrow_mut().take_ready();
        if let Some(handle) = ready {
            return Ok(Some((self.words.ready.clone(), Value::UserData(handle), Value::Nil)));
        }
        let Ok(mut input) = self.link.input.try_borrow_mut() else {
            return Err(mlua::Error::runtime("a finalizer cannot wait"));
        };
        if let Some(line) = input.next_line() {
            return self.line(lua, line).map(Some);
        }
        let Some(end) = input.end() else { return Ok(None) };
        let why = end.as_ref().map(|why| lua.create_string(why)).transpose()?;
        let why = why.map_or(Value::Nil, Value::String);
        Ok(Some((self.words.closed.clone(), why, Value::Nil)))
    }

    /// What a line is. Under a memory limit every step of this would have to be ready for an error,
    /// which takes as long as everything else together; so the limit is off meanwhile. A line is
    /// short.
    fn line(&self, lua: &Lua, line: Line<'_>) -> Result<Told> {
        let Some(limit) = self.limit else { return self.made_of(lua, line) };
        lua.set_memory_limit(0)?;
        let told = self.made_of(lua, line);
        lua.set_memory_limit(limit)?;
        told
    }

    fn made_of(&self, lua: &Lua, line: Line<'_>) -> Result<Told> {
        let text = |bytes: &[u8]| lua.create_string(bytes).map(Value::String);
        match line {
            Line::TooLong { start } => Ok((self.words.long.clone(), text(start)?, Value::Nil)),
            Line::Complete(line) => match Event::parse(line) {
                Ok(event) => {
                    let event = Value::Table(event::table(lua, &event)?);
                    Ok((self.words.event.clone(), event, Value::Nil))
                }
                Err(error) => {
                    let why = text(error.to_string().as_bytes())?;
                    Ok((self.words.garbage.clone(), text(line)?, why))
                }
            },
        }
    }

    /// The first time that nothing happens for a while, what was needed for the start is given
    /// back.
    fn wait_or_rest(&self, left: Option<Duration>) -> Result<()> {
        let is_long = left.is_none_or(|left| left > rest::AFTER);
        if self.has_rested.get() || !is_long {
            return self.wait(left).map(drop);
        }
        if !self.wait(Some(rest::AFTER))? {
            self.has_rested.set(true);
            rest::give_back();
        }
        Ok(())
    }

    /// Waits until something happens, for at most this long, and notes what it was. False if
    /// nothing did.
    fn wait(&self, left: Option<Duration>) -> Result<bool> {
        let ready = {
            let (input, output) = (self.link.input.borrow(), self.link.output.borrow());
            let watches = self.watches.borrow();
            let prompt = self.prompt.as_ref().map(|prompt| prompt.poll_fd());
            let mut fds = vec![self.signals.poll_fd()];
            fds.extend(prompt);
            fds.extend(watches.poll_fds());
            fds.extend(input.poll_fd());
            fds.extend(output.poll_fd());
            match poll(&mut fds, milliseconds(left)) {
                // A signal: if it is a trapped one, it has been noted by now.
                Ok(0) => return Ok(false),
                Ok(_) | Err(Errno::EINTR) => {}
                Err(error) => return Err(mlua::Error::external(error)),
            }
            let happened = |fd: &nix::poll::PollFd<'_>| {
                fd.revents().is_none_or(|events| events != PollFlags::empty())
            };
            fds.iter().map(happened).collect::<Vec<bool>>()
        };
        let mut ready = ready.into_iter();
        if ready.next() == Some(true) {
            self.signals.heard();
        }
        if self.prompt.is_some() {
            // Whether there are lines is asked of the prompt itself.
            ready.next();
        }
        let watched = self.watches.borrow().poll_fds().count();
        for at in 0..watched {
            if ready.next() == Some(true) {
                self.watches.borrow_mut().happened(at);
            }
        }
        let mut input = self.link.input.borrow_mut();
        if input.end().is_none() && ready.next() == Some(true) {
            input.fill();
        }
        if ready.next() == Some(true) {
            self.link.output.borrow_mut().flush();
        }
        Ok(true)
    }

    /// Carries out what was typed. Then timers may have changed.
    fn look_at_prompt(&self) -> Result<()> {
        if let Some(prompt) = &self.prompt
            && prompt.look()?
        {
            self.look_again.set(true);
        }
        Ok(())
    }

    /// Leaves if nearly all of the allowed memory is in use, and none of it is garbage.
    fn check_memory(&self, lua: &Lua) -> Result<()> {
        let Some(limit) = self.limit else { return Ok(()) };
        memory::close_reserve();
        let enough = limit - limit / 20;
        if lua.used_memory() < enough {
            return Ok(());
        }
        let collected = lua.gc_collect();
        if collected.is_err() || lua.used_memory() >= enough {
            let text = format!(
                "the script uses {} kB of memory and may use {} kB (--memory)",
                lua.used_memory().div_ceil(1024),
                limit / 1024
            );
            leave::for_want_of_memory(&text);
        }
        Ok(())
    }
}

/// There is no room even for an event.
fn leave_without_memory(error: &mlua::Error) {
    if is_memory(error) {
        leave::for_want_of_memory("there is no memory left for events (--memory)");
    }
}

/// Whether this is a lack of memory.
pub(crate) fn is_memory(error: &mlua::Error) -> bool {
    match error {
        mlua::Error::MemoryError(_) => true,
        mlua::Error::CallbackError { cause, .. } => is_memory(cause),
        _ => false,
    }
}

/// None if that is further away than anybody can wait.
fn deadline(seconds: f64) -> Option<Instant> {
    let wait = Duration::try_from_secs_f64(seconds.max(0.0)).ok()?;
    Instant::now().checked_add(wait)
}

/// Rounded up, so that the time is over when the wait is.
fn milliseconds(left: Option<Duration>) -> PollTimeout {
    let Some(left) = left else { return PollTimeout::NONE };
    let whole = left.as_millis() + u128::from(!left.subsec_nanos().is_multiple_of(1_000_000));
    PollTimeout::try_from(whole.min(u128::from(i32::MAX.unsigned_abs())))
        .unwrap_or(PollTimeout::MAX)
}
