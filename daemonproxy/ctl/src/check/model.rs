//! What several lines together show: which services have a program, and which descriptors exist, at
//! each line of the file.

use std::collections::{BTreeMap, BTreeSet};

use daemonproxy_client::protocol::Command;

use super::Finding;
use daemonproxy_look::circles::{Waiting, told};

/// The descriptors that are always there.
const ALWAYS: &[&str] =
    &["null", "control.cmd", "control.event", "control.socket", "stdin", "stdout", "stderr"];

/// What the daemon would know after the lines so far.
#[derive(Default)]
pub(super) struct Model {
    /// The services, and whether they have a program.
    services: BTreeMap<String, bool>,
    /// Those that wait for others; not those that are started.
    waiting: Waiting,
    /// The line of their triggers.
    conditional: BTreeMap<String, usize>,
    started: BTreeSet<String>,
    fds: BTreeSet<String>,
    /// Services with a pipe of `service.pipe` among their descriptors, and the line that put it
    /// there.
    piped: BTreeMap<String, usize>,
    /// Triggers that wait for a program: the service, and the line.
    triggered: Vec<(String, usize)>,
    /// Descriptors that were named before they existed: name, line, and the line that made it.
    early: Vec<(String, usize, Option<usize>)>,
}

impl Model {
    /// Takes in one command.
    pub(super) fn take_in(
        &mut self,
        line: usize,
        command: &Command<'_>,
        findings: &mut Vec<Finding>,
    ) {
        match *command {
            Command::ServiceArgs { name, args } => {
                self.services.insert(name.to_string(), !args.is_empty());
            }
            Command::ServiceFds { name, fds } => {
                self.service(&name.to_string());
                let pipe = format!("{name}-log.w");
                if !fds.iter().any(|fd| fd == pipe.as_bytes())
                    && let Some(piped) = self.piped.remove(&name.to_string())
                {
                    let text = format!(
                        "this undoes the service.pipe of line {piped}: {pipe} is not among these descriptors"
                    );
                    let finding = Finding::warning(line, text);
                    findings.push(finding.instead(format!("this line before line {piped}")));
                }
                for fd in fds.iter().filter(|&fd| fd != b"-") {
                    self.uses(&String::from_utf8_lossy(fd), line);
                }
            }
            Command::ServiceTags { name, .. } | Command::ServiceTagsApply { name, .. } => {
                self.service(&name.to_string());
            }
            Command::ServiceAutoUp { name, triggers, .. } => {
                let name = name.to_string();
                self.service(&name);
                self.waiting.add(&name, triggers, |_| false);
                self.conditional.insert(name.clone(), line);
                if !triggers.is_empty() {
                    self.triggered.push((name, line));
                }
            }
            Command::ServicePipe { name, .. } => {
                self.service(&name.to_string());
                self.services.insert(format!("{name}-log"), true);
                self.piped.insert(name.to_string(), line);
                self.makes(&format!("{name}-log.r"), line);
                self.makes(&format!("{name}-log.w"), line);
            }
            Command::ServiceStart { name, .. } => match self.services.get(&name.to_string()) {
                None => {
                    findings.push(Finding::error(line, format!("there is no service {name} yet")));
                }
                Some(false) => {
                    let text = format!("the service {name} is started before it has any args");
                    let args = format!("service.args<TAB>{name}<TAB>PROGRAM");
                    findings.push(
                        Finding::error(line, text).instead(format!("{args}, before this line")),
                    );
                }
                Some(true) => {
                    self.started.insert(name.to_string());
                }
            },
            Command::ServiceSignal { name, .. } | Command::ServiceDelete { name } => {
                if !self.services.contains_key(&name.to_string()) {
                    findings.push(Finding::error(line, format!("there is no service {name} yet")));
                }
                if matches!(command, Command::ServiceDelete { .. }) {
                    self.services.remove(&name.to_string());
                }
            }
            Command::FdPipe { read, write, .. } => {
                self.makes(&read.to_string(), line);
                self.makes(&write.to_string(), line);
            }
            Command::FdOpen { name, .. } | Command::FdSocket { name, .. } => {
                self.makes(&name.to_string(), line);
            }
            Command::FdTake { .. } => {
                let text = "a config file cannot pass a descriptor; open it with fd.open, or let a controller pass it";
                findings.push(Finding::error(line, text));
            }
            Command::FdDelete { name } => {
                let name = name.to_string();
                if !self.fds.remove(&name) && !is_always_there(&name) {
                    findings
                        .push(Finding::error(line, format!("there is no descriptor {name} yet")));
                }
            }
            Command::LogDest { fd } => self.uses(&fd.to_string(), line),
            _ => {}
        }
    }

    /// What only the end of the file shows.
    pub(super) fn finish(self, findings: &mut Vec<Finding>) {
        for circle in self.waiting.circles() {
            let line = circle.iter().filter_map(|name| self.conditional.get(*name)).max();
            let is_started = circle.iter().any(|name| self.started.contains(*name));
            if let Some(&line) = line.filter(|_| !is_started) {
                findings.push(Finding::error(line, told(&circle)));
            }
        }
        for (name, line) in self.triggered {
            if self.services.get(&name) == Some(&false) {
                let text = format!("the service {name} is to be started, but never gets any args");
                let args = format!("service.args<TAB>{name}<TAB>PROGRAM, before this line");
                findings.push(Finding::error(line, text).instead(args));
            }
        }
        for (name, line, made) in self.early {
            findings.push(match made {
                Some(made) => {
                    let text = format!(
                        "the descriptor {name} is named here, and made only on line {made}"
                    );
                    Finding::warning(line, text)
                }
                None => Finding::error(
                    line,
                    format!("nothing in this file makes the descriptor {name}"),
                ),
            });
        }
    }

    fn service(&mut self, name: &str) {
        self.services.entry(name.to_owned()).or_insert(false);
    }

    fn makes(&mut self, fd: &str, line: usize) {
        self.fds.insert(fd.to_owned());
        for (name, _, made) in &mut self.early {
            if name == fd && made.is_none() {
                *made = Some(line);
            }
        }
    }

    fn uses(&mut self, fd: &str, line: usize) {
        if !self.fds.contains(fd) && !is_always_there(fd) {
            self.early.push((fd.to_owned(), line, None));
        }
    }
}

/// Whether the daemon has this descriptor without being told: its own, and what it inherited.
fn is_always_there(name: &str) -> bool {
    let inherited = name.strip_prefix("fd_").is_some_and(|n| n.parse::<u32>().is_ok());
    ALWAYS.contains(&name) || inherited
}
