//! What there should be, in the words of the protocol: the result of reading a file.

use std::collections::BTreeMap;

use daemonproxy_protocol::is_ignored;

use crate::problem::Place;

/// Everything that a file asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The tag `owner=` of all services in it.
    pub owner: String,
    /// Descriptors that are made, each before the services that use it.
    pub descriptors: Vec<Descriptor>,
    /// Services; those that others come after are in front of them.
    pub services: Vec<Service>,
    /// Where sockets stand in the file, by their names.
    pub places: BTreeMap<String, Place>,
}

/// A service, as its commands set it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// The name in the file; several instances have the same.
    pub base: String,
    /// Its program and arguments.
    pub args: Vec<String>,
    /// The names of its descriptors.
    pub fds: Vec<String>,
    /// Its options.
    pub options: Vec<String>,
    /// What is different in its environment.
    pub env: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The least number of seconds between two starts.
    pub interval: u32,
    /// What starts it.
    pub triggers: Vec<String>,
    /// The services that it comes after.
    pub after: Vec<String>,
    /// Whether the next instance waits until this one is ready.
    pub rolling: bool,
    /// What it is there for.
    pub role: Role,
    /// Its program is one of ours, and the file does not say where that is: the same in another
    /// place is as good.
    pub is_program_found: bool,
}

/// What a service is there for.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// It stands in the file.
    #[default]
    Own,
    /// It writes what others print.
    Logger,
    /// It is the command that checks another one.
    Check,
    /// It starts others: when they fail, or when their time comes.
    Controller,
}

/// A descriptor that the daemon is to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// Its name.
    pub name: String,
    /// What it is.
    pub make: Make,
}

/// What a descriptor is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Make {
    /// The read end of a pipe, and the name of the write end, which is made with it.
    Pipe(String),
    /// A file: flags and path.
    File(&'static str, String),
    /// A socket: flags and address.
    Socket(&'static str, String),
}

impl Descriptor {
    /// The command that makes it.
    #[must_use]
    pub fn command(&self) -> Vec<u8> {
        match &self.make {
            Make::Pipe(write) => line(&["fd.pipe", &self.name, write], &[]),
            Make::File(flags, path) => line(&["fd.open", &self.name, flags, path], &[]),
            Make::Socket(flags, address) => line(&["fd.socket", &self.name, flags, address], &[]),
        }
    }
}

impl Service {
    /// The commands that set it up where it was not, without its triggers.
    #[must_use]
    pub fn commands(&self, max_line: usize) -> Vec<Vec<u8>> {
        let mut lines = vec![
            self.tags_command(),
            line(&["service.args", &self.name], &self.args),
            line(&["service.fds", &self.name], &self.fds),
        ];
        if !self.options.is_empty() {
            lines.push(line(&["service.options", &self.name], &self.options));
        }
        if !self.env.is_empty() {
            lines.extend(self.env_commands(max_line));
        }
        lines
    }

    /// The command that sets its tags.
    #[must_use]
    pub fn tags_command(&self) -> Vec<u8> {
        line(&["service.tags", &self.name], &self.tags)
    }

    /// The commands that set its environment: several, if it is longer than a line.
    #[must_use]
    pub fn env_commands(&self, max_line: usize) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        let mut now = line(&["service.env", &self.name], &[]);
        let mut is_empty = true;
        for item in &self.env {
            if !is_empty && now.len() + item.len() + 2 > max_line {
                lines.push(std::mem::replace(
                    &mut now,
                    line(&["service.env.apply", &self.name], &[]),
                ));
            }
            is_empty = false;
            now.push(b'\t');
            now.extend_from_slice(item.as_bytes());
        }
        lines.push(now);
        lines
    }

    /// The command that sets what starts it.
    #[must_use]
    pub fn trigger_command(&self) -> Vec<u8> {
        if self.triggers.is_empty() {
            return line(&["service.auto_up", &self.name, "-"], &[]);
        }
        line(&["service.auto_up", &self.name, &self.interval.to_string()], &self.triggers)
    }

    /// The longest line that it needs, LF included.
    pub(crate) fn longest_line(&self) -> usize {
        let commands = self.commands(0);
        commands.iter().map(Vec::len).max().unwrap_or(0).max(self.trigger_command().len()) + 1
    }
}

impl Plan {
    /// The commands that a daemon without services needs, in their order.
    #[must_use]
    pub fn commands(&self, max_line: usize) -> Vec<Vec<u8>> {
        let mut lines: Vec<_> = self.descriptors.iter().map(Descriptor::command).collect();
        for service in &self.services {
            lines.extend(service.commands(max_line));
        }
        lines.extend(self.services.iter().map(Service::trigger_command));
        debug_assert!(!lines.iter().any(|line| is_ignored(line)));
        lines
    }

    /// The service of this name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }

    /// The descriptor of this name; of a pipe also its write end.
    #[must_use]
    pub fn has_descriptor(&self, name: &str) -> bool {
        self.descriptors
            .iter()
            .any(|it| it.name == name || matches!(&it.make, Make::Pipe(write) if write == name))
    }
}

/// A line: fields joined by TABs.
pub(crate) fn line(first: &[&str], rest: &[String]) -> Vec<u8> {
    let mut line = first.join("\t");
    for field in rest {
        line.push('\t');
        line.push_str(field);
    }
    line.into_bytes()
}
