//! The descriptors that exist, and those that are named before they do.

use std::collections::BTreeSet;

use daemonproxy_client::protocol::{Command, Name};

use super::{Finding, Outcome};

/// The daemon's own, which are always there.
const OWN: &[&str] = &["null", "control.cmd", "control.event", "control.socket"];
/// Those that it has from the beginning.
const FIRST: &[&str] = &["stdin", "stdout", "stderr"];

pub(super) struct Descriptors {
    fds: BTreeSet<String>,
    /// Those that were named before they existed: name, line, and the line that made it.
    early: Vec<(String, usize, Option<usize>)>,
}

impl Default for Descriptors {
    fn default() -> Self {
        Self { fds: FIRST.iter().map(|&fd| fd.to_owned()).collect(), early: Vec::new() }
    }
}

impl Descriptors {
    pub(super) fn take_in(&mut self, line: usize, command: &Command<'_>) -> Outcome {
        match *command {
            Command::FdPipe { read, write, .. } => {
                may_be_made(line, read)?;
                may_be_made(line, write)?;
                self.makes(&read.to_string(), line);
                self.makes(&write.to_string(), line);
            }
            Command::FdOpen { name, .. } | Command::FdSocket { name, .. } => {
                may_be_made(line, name)?;
                self.makes(&name.to_string(), line);
            }
            Command::FdTake { .. } => {
                let text = "a config file cannot pass a descriptor; open it with fd.open, or let a controller pass it";
                return Err(Finding::error(line, text));
            }
            Command::FdGive { .. } => {
                let text = "a config file cannot get a descriptor; a controller can, over a socket";
                return Err(Finding::error(line, text));
            }
            Command::FdDelete { name } => {
                let name = name.to_string();
                if OWN.contains(&name.as_str()) {
                    return Err(is_own(line, &name));
                }
                if !self.fds.remove(&name) && !is_inherited(&name) {
                    return Err(Finding::error(line, format!("there is no descriptor {name} yet")));
                }
            }
            Command::LogDest { fd } => self.uses(&fd.to_string(), line),
            _ => {}
        }
        Ok(())
    }

    /// What only the end of the file shows.
    pub(super) fn finish(self, findings: &mut Vec<Finding>) {
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

    pub(super) fn makes(&mut self, fd: &str, line: usize) {
        self.fds.insert(fd.to_owned());
        for (name, _, made) in &mut self.early {
            if name == fd && made.is_none() {
                *made = Some(line);
            }
        }
    }

    pub(super) fn uses(&mut self, fd: &str, line: usize) {
        if !self.has(fd) && !is_inherited(fd) {
            self.early.push((fd.to_owned(), line, None));
        }
    }

    /// Whether it certainly exists by now.
    pub(super) fn has(&self, fd: &str) -> bool {
        self.fds.contains(fd) || OWN.contains(&fd)
    }
}

/// Whether a descriptor may get this name.
fn may_be_made(line: usize, name: Name<'_>) -> Outcome {
    let name = name.to_string();
    if name == "-" {
        let text = "- stands for no descriptor, and cannot be the name of one";
        return Err(Finding::error(line, text));
    }
    if OWN.contains(&name.as_str()) { Err(is_own(line, &name)) } else { Ok(()) }
}

fn is_own(line: usize, name: &str) -> Finding {
    let text = format!("the descriptor {name} is the daemon's own, and stays as it is");
    Finding::error(line, text)
}

/// Whether it may be one that the daemon has inherited.
fn is_inherited(name: &str) -> bool {
    name.strip_prefix("fd_").is_some_and(|n| n.parse::<u32>().is_ok())
}
