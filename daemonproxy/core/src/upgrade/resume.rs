//! The whole: [`Proxy::state`] writes it, [`Proxy::resume`] goes on with it.

use daemonproxy_protocol::{Command, LogFilter, Name};

use crate::descriptor::descriptors::Descriptors;
use crate::leave::leaving::Leaving;
use crate::limits::{Limits, Pool};
use crate::log::writer::Log;
use crate::memory::Text;
use crate::proxy::Proxy;
use crate::upgrade::state::{Carried, Read, State, StateLine, Writer, Wrong, carried, split};
use crate::upgrade::value::{Value, halves};

/// What a state ends with.
const END: &[u8] = b"resume.end\n";

/// There is no memory for the state.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// Why a state cannot be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The line that is not understood, from 1; 0 if it is none of them.
    pub line: usize,
    /// What is wrong with it, in words.
    pub why: Vec<u8>,
}

carried!(Limits, as in Limits::default(), carries max_line services fds controllers, but not);

/// `COUNT:BYTES`.
impl Value for Pool {
    fn write(&self, to: &mut Writer) {
        let Self { count, bytes } = self;
        count.write(to);
        to.push(b":");
        bytes.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (count, bytes) = halves(text)?;
        Some(Self { count: Value::parse(count)?, bytes: Value::parse(bytes)? })
    }
}

impl<S> Proxy<S> {
    /// Everything that is known, as text: lines, each with its LF. What the world itself keeps
    /// (processes, open files) is not in it, but for their numbers.
    ///
    /// # Errors
    ///
    /// There is no memory for it.
    pub fn state(&self) -> Result<State, OutOfMemory> {
        self.state_after(|_| {})
    }

    /// The same, after lines that somebody else writes, who will read them.
    ///
    /// # Errors
    ///
    /// There is no memory for it.
    pub fn state_after(&self, before: impl FnOnce(&mut Writer)) -> Result<State, OutOfMemory> {
        let Self {
            sys: _,
            limits,
            now,
            services,
            notifying,
            environment,
            fds,
            signals,
            controllers,
            log,
            stopping,
            leaving,
            upgrading,
            // Memory for what is under construction.
            scratch: _,
        } = self;
        let mut to = Writer::default();
        before(&mut to);
        to.begin(b"resume.limits");
        limits.save(&mut to);
        to.end();
        to.begin(b"resume.now");
        to.keyed("now", now);
        to.end();
        to.begin(b"resume.log");
        log.save(&mut to);
        to.end();
        to.begin(b"resume.leaving");
        leaving.save(&mut to);
        to.end();
        to.begin(b"resume.upgrading");
        upgrading.save(&mut to);
        to.end();
        environment.write_state(&mut to);
        signals.write_state(&mut to);
        services.write_state(&mut to);
        fds.write_state(&mut to);
        notifying.write_state(services, &mut to);
        stopping.write_state(services, &mut to);
        controllers.write_state(&mut to);
        to.push(END);
        to.finish().map_err(|_| OutOfMemory)
    }

    /// A supervisor that goes on with the text of a state. Nothing is asked of the world.
    ///
    /// # Errors
    ///
    /// A line that it does not understand.
    pub fn resume(sys: S, state: &[u8]) -> Result<Self, Trouble> {
        let mut line = 0;
        Self::read(sys, state, &mut line).map_err(|wrong| Trouble { line, why: wrong.explain() })
    }

    fn read<'a>(sys: S, state: &'a [u8], number: &mut usize) -> Read<'a, Self> {
        let text = state.strip_suffix(END).and_then(|text| text.strip_suffix(b"\n"));
        let text = text.ok_or(Wrong::Missing)?;
        let mut lines = text.split(|&byte| byte == b'\n');
        *number = 1;
        let first = StateLine::of(lines.next().unwrap_or_default());
        if first.kind != b"resume.limits" {
            return Err(Wrong::Missing);
        }
        let mut limits = Limits::default();
        limits.load(first.rest)?;
        let mut proxy = Self::empty(sys, limits);
        for line in lines {
            *number += 1;
            let record = StateLine::of(line);
            if !record.kind.starts_with(b"resume.") && Command::parse(line).is_err() {
                return Err(Wrong::Kind);
            }
            proxy.take(record)?;
        }
        *number = 0;
        proxy.services.end_reading()?;
        proxy.fds.end_reading(|slot| proxy.services.is_place(slot))?;
        proxy.stopping.reserve(proxy.services.len())?;
        Ok(proxy)
    }

    /// One with nothing in it, not even what a new one begins with.
    fn empty(sys: S, limits: Limits) -> Self {
        let fds = Descriptors::empty(limits.fds);
        let log = Log::new(LogFilter::None, Name::NULL);
        let leaving = Leaving::new(None, limits.max_line);
        Self::made_of(sys, limits, fds, log, leaving)
    }

    fn take<'a>(&mut self, record: StateLine<'a>) -> Read<'a> {
        match record.kind {
            b"resume.now" => {
                let (_, now) = split(record.rest.as_bytes())?;
                return self.now.read(now).ok_or(Wrong::Value(now));
            }
            b"resume.log" => return self.log.load(record.rest),
            b"resume.leaving" => return self.leaving.load(record.rest),
            b"resume.upgrading" => return self.upgrading.load(record.rest),
            b"resume.notifier" => return self.notifying.read_one(record, &self.services),
            _ => {}
        }
        let is_taken = self.environment.read_state(record)?
            || self.signals.read_state(record)?
            || self.services.read_state(record)?
            || self.fds.read_state(record)?
            || self.stopping.read_state(record, &self.services)?
            || self.controllers.read_state(record)?;
        if is_taken { Ok(()) } else { Err(Wrong::Kind) }
    }
}

impl Wrong<'_> {
    /// In words.
    #[must_use]
    pub fn explain(self) -> Vec<u8> {
        let (what, shown): (&str, &[u8]) = match self {
            Self::Key(key) => ("it does not know what this is: ", key),
            Self::Value(field) => ("it does not understand this value: ", field),
            Self::Missing => ("something is missing", b""),
            Self::Kind => ("it does not know what this line is", b""),
            Self::Unknown => ("this line is about something that is not there", b""),
            Self::NoRoom => ("there is no memory for it", b""),
        };
        const MOST: usize = 200;
        let shown = shown.get(..MOST).unwrap_or(shown);
        let mut text = Vec::new();
        if text.try_reserve(what.len() + shown.len()).is_ok() {
            text.add(what.as_bytes());
            text.add(shown);
        }
        text
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {} of the state: {}", self.line, self.why.escape_ascii())
    }
}
