//! What the world knows that another daemon goes on with.

use daemonproxy_core::{Fd, Read, StateLine, Value, Writer, Wrong, split};
use daemonproxy_protocol::Fields;

use super::control::Listener;
use super::exit::ExitExec;
use super::spawn::Start;
use super::start::Startup;
use super::{Os, fd};

impl Os {
    /// Writes it.
    pub(crate) fn write_state(&self, to: &mut Writer) {
        let Self {
            // Memory for a path.
            path: _,
            // Closed when the other program is executed, and made again.
            awaited: _,
            spawner,
            control,
            exit_exec,
            // A copy, which is made again.
            log_output: _,
            // Nobody looks between two turns.
            processes: _,
            shared_output,
            is_locked,
        } = self;
        to.begin(b"resume.os");
        to.keyed("exit_exec", &exit_exec.args());
        to.keyed("shared_output", shared_output);
        to.keyed("is_locked", is_locked);
        to.keyed("reserve", &fd::reserve());
        to.keyed("cgroups", &spawner.cgroups.dir());
        to.end();
        spawner.write_state(to);
        control.write_state(to);
    }

    /// Goes on with it.
    pub(crate) fn go_on(
        startup: &Startup,
        longest: usize,
        services: usize,
        exit_exec: ExitExec,
        left: Left,
    ) -> Self {
        let Left { exit_exec: _, shared_output, is_locked, reserve, cgroups, starts, listeners } =
            left;
        let mut os = Self::new(startup, longest, services, exit_exec);
        os.shared_output = shared_output;
        if let Some(reserve) = reserve {
            fd::keep_in_reserve(reserve);
        }
        if let Some(dir) = cgroups {
            os.set_cgroups(dir);
        }
        os.spawner.go_on(starts);
        os.control.go_on(listeners);
        // If it was possible then, it is now. If not, there is nobody to be told.
        let _ = is_locked.then(|| os.lock_memory());
        os
    }
}

/// What was written there.
#[derive(Default)]
pub(crate) struct Left {
    exit_exec: Vec<u8>,
    shared_output: Option<Fd>,
    is_locked: bool,
    reserve: Option<Fd>,
    cgroups: Option<Fd>,
    starts: Vec<Start>,
    listeners: Vec<Listener>,
}

impl Left {
    /// What is to be executed instead of exiting.
    pub(crate) fn exit_exec(&self) -> Fields<'_> {
        Fields::new(&self.exit_exec)
    }

    /// Takes a line of it. False if it is about something else.
    pub(crate) fn take<'a>(&mut self, line: StateLine<'a>) -> Read<'a, bool> {
        match line.kind {
            b"resume.start" => self.starts.push(Start::read(line)?),
            b"resume.socket" => self.listeners.push(Listener::read(line)?),
            b"resume.os" => {
                for field in line.rest.iter() {
                    let (key, value) = split(field)?;
                    let read = match key {
                        b"exit_exec" => self.exit_exec.read(value),
                        b"shared_output" => self.shared_output.read(value),
                        b"is_locked" => self.is_locked.read(value),
                        b"reserve" => self.reserve.read(value),
                        b"cgroups" => self.cgroups.read(value),
                        _ => return Err(Wrong::Key(key)),
                    };
                    read.ok_or(Wrong::Value(field))?;
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}
