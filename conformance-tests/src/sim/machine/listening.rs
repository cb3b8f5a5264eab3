//! What is said to the controllers, and to the log.

use daemonproxy_core::Pid;
use daemonproxy_protocol::{Event, Fact, RunView};

use super::{Machine, OBSERVER, name};
use crate::sim::options::kill;
use crate::sim::restarts::Moment;
use crate::sim::show::show;
use crate::sim::stream::{is_news, parse};

impl Machine {
    /// Reads what has arrived, everywhere.
    pub(super) fn listen(&mut self) -> Result<(), String> {
        self.meet(true);
        for (pid, end) in std::mem::take(&mut self.proxy.sys().told) {
            self.note(|record| record.reap(pid.0, end));
        }
        for at in 0..self.streams.len() {
            let mut received = std::mem::take(&mut self.connection(at).written);
            if received.is_empty() {
                continue;
            }
            let end = received.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            for line in received[..end].split_inclusive(|&byte| byte == b'\n') {
                self.line(at, &line[..line.len() - 1])
                    .map_err(|fault| format!("{fault} ({} reads it)", name(at)))?;
            }
            received.drain(..end);
            let slow = self.streams[at].slow;
            let connection = self.connection(at);
            if connection.is_open {
                connection.written = received;
            } else if !received.is_empty() && !connection.peer_gone && !slow {
                return Err(format!("cut-line: {:?} for {}", show(&received), name(at)));
            }
        }
        self.check_log()?;
        self.proxy.sys().fault.take().map_or(Ok(()), Err)
    }

    /// Lines of the log that have arrived where it goes at first.
    fn check_log(&mut self) -> Result<(), String> {
        const LEVELS: [&[u8]; 5] = [b"trace: ", b"debug: ", b"info: ", b"warning: ", b"error: "];
        let log_moves = self.log_moves || self.shutting_down;
        let fd = self.log;
        let log = &mut self.proxy.sys().file(fd).written;
        let end = log.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        for line in log[..end].split_inclusive(|&byte| byte == b'\n') {
            if !log_moves && !LEVELS.iter().any(|level| line.starts_with(level)) {
                return Err(format!("log: {:?} has no level", show(line)));
            }
        }
        log.drain(..end);
        Ok(())
    }

    fn line(&mut self, at: usize, line: &[u8]) -> Result<(), String> {
        self.note(|record| record.line(&name(at), line));
        if line.len() >= self.max_line {
            return Err(format!("long-line: {} bytes and an LF: {:?}", line.len(), show(line)));
        }
        if let Ok(Event::ConnTimer { name }) = Event::parse(line) {
            self.streams[at].timers.came(name.as_bytes(), self.now)?;
        }
        if at == OBSERVER { self.observe(line) } else { self.streams[at].line(line, &self.news) }
    }

    fn observe(&mut self, line: &[u8]) -> Result<(), String> {
        let event = parse(line)?;
        if let Some(dump) = &mut self.dump {
            dump.apply(&event);
            return Ok(());
        }
        self.view.apply(&event);
        self.runs.check_order(matches!(event, Event::ServiceRun { .. }))?;
        if event == Event::Overflow {
            return Err("overflow: who reads everything at once missed something".to_owned());
        }
        if matches!(event, Event::TerminateState { .. }) && !self.shutting_down {
            self.shutting_down = true;
            self.patience = self.longest_stop();
            self.proxy.sys().stop_begins();
            let services = self.view.services().map(|(name, _)| name.to_vec());
            services.collect::<Vec<_>>().iter().for_each(|name| self.set_kill(name, true));
        }
        if let (Event::ServiceOptions { name, .. }, true) = (event, self.shutting_down) {
            self.set_kill(name.as_bytes(), false);
        }
        if let Event::Error { text } = event {
            match StartFailure::of(text) {
                // A retry has its own time.
                Some(StartFailure::NoProcess) => self.ordered = true,
                Some(StartFailure::NoProgram(name)) => self.check_exec_failure(name)?,
                None => {}
            }
        }
        if let Event::ServiceState { name, state } = event {
            let (name, boottime) = (name.as_bytes(), self.boottime());
            self.state(name, state)?;
            self.runs.state(name, state);
            self.restarts.state(name, state);
            self.deadman.state(name, state, boottime);
        }
        if let Event::ServiceRun { name, run, facts } = event {
            self.check_run(name.as_bytes(), &RunView::new(run, facts))?;
            self.runs.run(name.as_bytes(), run, facts)?;
        }
        if let Event::ServiceOptions { name, .. } = event {
            let (name, boottime) = (name.as_bytes(), self.boottime());
            if let Some(service) = self.view.service(name) {
                self.restarts.options(name, service);
                self.deadman.options(name, service, boottime);
            }
        }
        if is_news(&event) {
            self.news.push(line);
        }
        Ok(())
    }

    /// Tells the world what the stop of a service is about. `begins`: it does now.
    fn set_kill(&mut self, name: &[u8], begins: bool) {
        let Some(service) = self.view.service(name) else { return };
        let pid = service.run().count(Fact::Pid).and_then(|pid| pid.try_into().ok());
        let pid = pid.filter(|&pid| !self.is_of_another(name, pid)).unwrap_or_default();
        self.proxy.sys().set_kill(Pid(pid), name, kill(service), begins);
    }

    /// Whether another service has had this pid since the last run of this one.
    fn is_of_another(&self, name: &[u8], pid: i32) -> bool {
        let started = |name: &[u8]| self.last_starts.get(name);
        self.view.services().any(|(other, service)| {
            let had = service.run().count(Fact::Pid) == Some(pid.into());
            had && started(other) > started(name)
        }) || self.up.iter().any(|(up, of)| *of == pid && up != name)
    }

    /// This is said of the run of a service.
    fn check_run(&mut self, name: &[u8], run: &RunView) -> Result<(), String> {
        let boottime = self.boottime();
        let before = self.runs.known(name);
        self.deadman.run(name, run, before, boottime)?;
        let unsure = self.ordered || self.unclear;
        let moment = Moment { view: &self.view, before, now: self.now, unsure };
        self.restarts.run(name, run, &moment)
    }

    /// That a start has failed is told once, between its `up` and its `down`.
    fn check_exec_failure(&mut self, name: &[u8]) -> Result<(), String> {
        let is_up = self.up.iter().any(|(up, _)| up == name);
        let start = self.last_starts.get(name).copied().filter(|_| is_up);
        let untold = &mut self.proxy.sys().untold;
        match untold.iter().position(|&nth| Some(nth) == start) {
            Some(at) => {
                untold.swap_remove(at);
                Ok(())
            }
            None => Err(format!("wrong-error: the start of {:?} did not fail", show(name))),
        }
    }
}

/// What an `error` event says of the start of a service.
enum StartFailure<'a> {
    /// There is no process; it is tried again.
    NoProcess,
    /// This service has a process, but no program in it.
    NoProgram(&'a [u8]),
}

impl<'a> StartFailure<'a> {
    fn of(text: &'a [u8]) -> Option<Self> {
        let begins = |start: &str| text.starts_with(start.as_bytes());
        if begins("cannot make a process ") {
            return Some(Self::NoProcess);
        }
        if !begins("cannot execute ") && !begins("cannot set up ") {
            return None;
        }
        // The name has no quotation mark in it, but the text before it may have some.
        let text = text.strip_suffix(b"\"")?;
        let quote = text.iter().rposition(|&byte| byte == b'"')?;
        text[..quote].ends_with(b", for service ").then(|| Self::NoProgram(&text[quote + 1..]))
    }
}
