//! A connection together with what is known of the daemon through it.

use std::path::Path;
use std::time::Instant;

use daemonproxy_protocol::{Event, ServiceView, StateView};

use crate::conn::{Conn, PATIENCE};
use crate::failure::{FAILED, Failure, Result, TIME_IS_UP, UNKNOWN};
use crate::glob;
use crate::style::readable;

pub(crate) struct Client {
    pub(crate) conn: Conn,
    pub(crate) view: StateView,
}

impl Client {
    /// Connects, and learns the state.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut client = Self { conn: Conn::open(path)?, view: StateView::new() };
        client.load()?;
        Ok(client)
    }

    /// Learns the state anew, and again if something was missed meanwhile.
    pub(crate) fn load(&mut self) -> Result<()> {
        loop {
            // News of what is no more may still be on its way.
            self.answers(|_| {})?;
            self.view.reset();
            self.conn.send(b"statedump")?;
            self.answers(|_| {})?;
            if !self.view.has_overflowed() {
                self.view.sweep();
                return Ok(());
            }
        }
    }

    /// Reads all that the commands so far had to say.
    pub(crate) fn answers(&mut self, mut each: impl FnMut(&[u8])) -> Result<()> {
        let mark = self.conn.mark()?;
        loop {
            let Some(line) = self.conn.line_by(Instant::now() + PATIENCE)? else {
                return Err(Failure::new(TIME_IS_UP, "the daemon does not answer"));
            };
            if line == mark {
                return Ok(());
            }
            self.take_in(&line);
            each(&line);
        }
    }

    /// Carries out a command, or says why the daemon did not.
    pub(crate) fn command(&mut self, fields: &[&[u8]]) -> Result<()> {
        self.conn.send(&fields.join(&b'\t'))?;
        let mut refused = None;
        self.answers(|line| refused = refused.take().or_else(|| refusal(line)))?;
        refused.map_or(Ok(()), |text| Err(Failure::new(FAILED, text)))
    }

    /// Takes in events until `done` is content. False if it is not by then.
    pub(crate) fn wait(
        &mut self,
        deadline: Instant,
        mut done: impl FnMut(&StateView) -> bool,
    ) -> Result<bool> {
        loop {
            if done(&self.view) {
                return Ok(true);
            }
            let Some(line) = self.conn.line_by(deadline)? else { return Ok(false) };
            self.take_in(&line);
            if self.view.has_overflowed() {
                self.load()?;
            }
        }
    }

    /// The services that these names and patterns mean, each once; all of them if there are none.
    pub(crate) fn chosen(&self, patterns: &[String]) -> Result<Vec<Vec<u8>>> {
        let (found, missing) = self.select(patterns);
        match missing.first() {
            Some(missing) => Err(Failure::new(UNKNOWN, no_such(missing))),
            None => Ok(found),
        }
    }

    /// The same, and the patterns that match nothing.
    pub(crate) fn select(&self, patterns: &[String]) -> (Vec<Vec<u8>>, Vec<String>) {
        let mut found: Vec<Vec<u8>> = Vec::new();
        let mut missing = Vec::new();
        for pattern in patterns {
            let before = found.len();
            let mut known = false;
            for (name, _) in self.view.services() {
                if glob::matches(pattern.as_bytes(), name) {
                    known = true;
                    if !found[..before].iter().any(|other| other == name) {
                        found.push(name.to_vec());
                    }
                }
            }
            if !known {
                missing.push(pattern.clone());
            }
        }
        if patterns.is_empty() {
            found.extend(self.view.services().map(|(name, _)| name.to_vec()));
        }
        (found, missing)
    }

    pub(crate) fn service(&self, name: &[u8]) -> Result<&ServiceView> {
        let found = self.view.service(name);
        found
            .ok_or_else(|| Failure::new(UNKNOWN, format!("the service {} is gone", readable(name))))
    }

    fn take_in(&mut self, line: &[u8]) {
        // A line that only looks like an event is somebody's echo.
        if let Ok(event) = Event::parse(line) {
            self.view.apply(&event);
        }
    }
}

/// That nothing has this name.
pub(crate) fn no_such(pattern: &str) -> String {
    if glob::is_pattern(pattern.as_bytes()) {
        format!("no service matches {pattern}")
    } else {
        format!("there is no service {pattern}")
    }
}

/// The text with which a command was refused, if the line says that. Failed starts are told to
/// everybody, and are nobody's refusal.
pub(crate) fn refusal(line: &[u8]) -> Option<String> {
    match Event::parse(line) {
        Ok(Event::Error { text }) => {
            let text = readable(text);
            (!text.contains(", for service \"")).then_some(text)
        }
        _ => None,
    }
}
