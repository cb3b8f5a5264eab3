//! The services: what they are started with, what starts them, and which of them run.

use std::collections::{BTreeMap, BTreeSet};

use daemonproxy_client::protocol::{
    Command, Fields, Options, Ready, ServiceOption, StartTime, Triggers, key,
};
use daemonproxy_look::circles::{Waiting, told};

use super::descriptors::Descriptors;
use super::life::{Life, Triggered};
use super::{Finding, Outcome};

/// The descriptors of a service that has no list of them.
const DEFAULT_FDS: &[&str] = &["null", "null", "null"];

/// What the daemon would know of one service.
#[derive(Clone, Default)]
struct Service {
    has_program: bool,
    /// Empty: the default.
    fds: Vec<String>,
    options: Vec<Vec<u8>>,
    triggered: Triggered,
    is_held: bool,
    life: Life,
    /// It was started when it had the option `ready=control`.
    says_ready: bool,
}

impl Service {
    fn has(&self, wanted: impl Fn(ServiceOption<'_>) -> bool) -> bool {
        let list = self.options.join(&b'\t');
        Options::new(Fields::new(&list)).iter().any(wanted)
    }

    fn fds(&self) -> Vec<&str> {
        match self.fds.is_empty() {
            true => DEFAULT_FDS.to_vec(),
            false => self.fds.iter().map(String::as_str).collect(),
        }
    }

    /// Refuses it if the descriptor of `ready=` is in its list.
    fn check_ready_fd(&self, line: usize, name: &str) -> Outcome {
        let fds = self.fds();
        let list = self.options.join(&b'\t');
        let number = Options::new(Fields::new(&list)).iter().find_map(|option| match option {
            ServiceOption::Ready(Ready::Fd(number)) => Some(number),
            _ => None,
        });
        let Some(number) = number else { return Ok(()) };
        match fds.get(usize::from(number)) {
            Some(&fd) if fd != "-" => {
                let text = format!(
                    "ready=fd:{number} needs a descriptor that the list of {name} leaves free: {number} \
                     is {fd} there, and {} is free",
                    fds.len().max(3)
                );
                Err(Finding::error(line, text))
            }
            _ => Ok(()),
        }
    }

    fn starts(&mut self, line: usize, descriptors: &Descriptors) {
        self.is_held = false;
        let can_start = self.fds().iter().all(|fd| *fd == "-" || descriptors.has(fd));
        let life = self.life.started(line, can_start);
        if life != self.life {
            self.says_ready = self.has(|it| it == ServiceOption::Ready(Ready::Control));
        }
        self.life = life;
    }

    /// Its triggers start it, if they do.
    fn wakes(&mut self, line: usize, descriptors: &Descriptors) {
        if !self.has_program || self.is_held {
            return;
        }
        match self.triggered {
            Triggered::AtOnce => self.starts(line, descriptors),
            Triggered::Perhaps if self.life == Life::Down => self.life = Life::Perhaps,
            Triggered::Perhaps | Triggered::Never => {}
        }
    }
}

#[derive(Default)]
pub(super) struct Services {
    services: BTreeMap<String, Service>,
    /// Who has the option `main`, and the line that says so.
    main: Option<(String, usize)>,
    /// Those that wait for others; not those that are started.
    waiting: Waiting,
    /// The line of their triggers.
    conditional: BTreeMap<String, usize>,
    started: BTreeSet<String>,
    /// Services with a pipe of `service.pipe` among their descriptors, and the line that put it
    /// there.
    piped: BTreeMap<String, usize>,
    /// Triggers that wait for a program: the service, and the line.
    triggered: Vec<(String, usize)>,
}

impl Services {
    pub(super) fn take_in(
        &mut self,
        line: usize,
        command: &Command<'_>,
        descriptors: &mut Descriptors,
        findings: &mut Vec<Finding>,
    ) -> Outcome {
        match *command {
            Command::ServiceArgs { name, args } => {
                let service = self.service(&name.to_string());
                service.has_program = !args.is_empty();
                service.wakes(line, descriptors);
            }
            Command::ServiceFds { name, fds } => {
                let all = fds.iter().map(|fd| String::from_utf8_lossy(fd).into_owned());
                self.set_fds(line, &name.to_string(), all.collect())?;
                self.undoes_pipe(line, &name.to_string(), findings);
                for fd in fds.iter().filter(|&fd| fd != b"-") {
                    descriptors.uses(&String::from_utf8_lossy(fd), line);
                }
            }
            Command::ServiceTags { name, .. }
            | Command::ServiceTagsApply { name, .. }
            | Command::ServiceEnv { name, .. }
            | Command::ServiceEnvApply { name, .. } => {
                self.service(&name.to_string());
            }
            Command::ServiceOptions { name, options } => {
                let options = options.iter().map(<[u8]>::to_vec).collect();
                self.set_options(line, &name.to_string(), options)?;
            }
            Command::ServiceOptionsApply { name, changes } => {
                let name = name.to_string();
                let before = self.services.get(&name).map(|it| it.options.clone());
                self.set_options(line, &name, changed(before.unwrap_or_default(), changes))?;
            }
            Command::ServiceAutoUp { name, triggers, .. } => {
                let name = name.to_string();
                self.set_triggers(line, &name, triggers, descriptors);
            }
            Command::ServicePipe { name, fds, .. } => {
                let numbers: Vec<_> = fds.iter().map(usize::from).collect();
                self.pipe(line, &name.to_string(), &numbers, descriptors)?;
            }
            Command::ServiceStart { name, at } => {
                self.start(line, &name.to_string(), at, descriptors)?;
            }
            Command::ServiceRestart { name, .. } => {
                let name = name.to_string();
                let service = self.with_program(line, &name)?;
                match service.life {
                    Life::Up(_) => service.life = Life::Stopping,
                    _ => service.starts(line, descriptors),
                }
                self.started.insert(name);
            }
            Command::ServiceStop { name, .. } => {
                let service = self.known(line, &name.to_string())?;
                service.life = service.life.stopped();
                service.is_held = true;
            }
            Command::ServiceRelease { name } => {
                let service = self.known(line, &name.to_string())?;
                service.is_held = false;
                service.wakes(line, descriptors);
            }
            Command::ServiceSignal { name, .. } | Command::ServiceReload { name } => {
                self.running(line, &name.to_string())?;
            }
            Command::ServiceReady { name } => {
                let name = name.to_string();
                let service = self.running(line, &name)?;
                if let (Life::Up(since), false) = (service.life, service.says_ready) {
                    let text = format!(
                        "the service {name} was started without ready=control, by line {since}"
                    );
                    return Err(Finding::error(line, text));
                }
            }
            Command::ServiceDeadman { name } => {
                let name = name.to_string();
                let service = self.running(line, &name)?;
                if !service.has(|it| matches!(it, ServiceOption::Deadman(_))) {
                    let text = format!("the service {name} does not have the option deadman=");
                    return Err(Finding::error(line, text));
                }
            }
            Command::ServiceDelete { name } => self.delete(line, &name.to_string())?,
            _ => {}
        }
        Ok(())
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
            if self.services.get(&name).is_some_and(|service| !service.has_program) {
                let text = format!("the service {name} is to be started, but never gets any args");
                let args = format!("service.args<TAB>{name}<TAB>PROGRAM, before this line");
                findings.push(Finding::error(line, text).instead(args));
            }
        }
    }

    fn service(&mut self, name: &str) -> &mut Service {
        self.services.entry(name.to_owned()).or_default()
    }

    fn known(&mut self, line: usize, name: &str) -> Result<&mut Service, Finding> {
        let service = self.services.get_mut(name);
        service.ok_or_else(|| Finding::error(line, format!("there is no service {name} yet")))
    }

    /// One that can be started.
    fn with_program(&mut self, line: usize, name: &str) -> Result<&mut Service, Finding> {
        let service = self.known(line, name)?;
        if service.has_program {
            return Ok(service);
        }
        let text = format!("the service {name} is started before it has any args");
        let args = format!("service.args<TAB>{name}<TAB>PROGRAM");
        Err(Finding::error(line, text).instead(format!("{args}, before this line")))
    }

    /// One that has a process, or may have one.
    fn running(&mut self, line: usize, name: &str) -> Result<&mut Service, Finding> {
        let service = self.known(line, name)?;
        match service.life {
            Life::Down => {
                let text = format!("the service {name} does not run yet");
                let start = format!("service.start<TAB>{name}, before this line");
                Err(Finding::error(line, text).instead(start))
            }
            Life::Perhaps | Life::Up(_) | Life::Stopping => Ok(service),
        }
    }

    fn set_fds(&mut self, line: usize, name: &str, fds: Vec<String>) -> Outcome {
        let mut service = self.services.get(name).cloned().unwrap_or_default();
        service.fds = fds;
        service.check_ready_fd(line, name)?;
        self.services.insert(name.to_owned(), service);
        Ok(())
    }

    fn set_options(&mut self, line: usize, name: &str, options: Vec<Vec<u8>>) -> Outcome {
        let mut service = self.services.get(name).cloned().unwrap_or_default();
        service.options = options;
        let is_main = service.has(|it| it == ServiceOption::Main);
        match &self.main {
            Some((main, since)) if is_main && main != name => {
                let text = format!("{main} is the main service already, by line {since}");
                return Err(Finding::error(line, text));
            }
            _ => {}
        }
        service.check_ready_fd(line, name)?;
        if is_main {
            self.main = Some((name.to_owned(), line));
        } else {
            self.main.take_if(|(main, _)| main == name);
        }
        self.services.insert(name.to_owned(), service);
        Ok(())
    }

    fn set_triggers(
        &mut self,
        line: usize,
        name: &str,
        triggers: Triggers<'_>,
        descriptors: &Descriptors,
    ) {
        self.waiting.add(name, triggers, |_| false);
        self.conditional.insert(name.to_owned(), line);
        if !triggers.is_empty() {
            self.triggered.push((name.to_owned(), line));
        }
        let service = self.service(name);
        let is_first = service.life == Life::Down;
        let at_once = triggers.always || is_first && triggers.others().any(|it| it == b"once");
        service.triggered = match triggers.is_empty() {
            true => Triggered::Never,
            false if at_once => Triggered::AtOnce,
            false => Triggered::Perhaps,
        };
        service.wakes(line, descriptors);
    }

    fn start(
        &mut self,
        line: usize,
        name: &str,
        at: StartTime,
        descriptors: &Descriptors,
    ) -> Outcome {
        if at == StartTime::Cancel {
            let service = self.known(line, name)?;
            if matches!(service.life, Life::Down | Life::Up(_)) {
                let text = format!("no start of the service {name} is pending here");
                return Err(Finding::error(line, text));
            }
            return Ok(());
        }
        let service = self.with_program(line, name)?;
        match (service.life, at) {
            (Life::Up(since), _) => {
                let text = format!("the service {name} runs already: line {since} has started it");
                return Err(Finding::error(line, text));
            }
            (Life::Down, StartTime::At(_)) => {
                service.is_held = false;
                service.life = Life::Perhaps;
            }
            (_, StartTime::At(_)) => service.is_held = false,
            _ => service.starts(line, descriptors),
        }
        self.started.insert(name.to_owned());
        Ok(())
    }

    fn pipe(
        &mut self,
        line: usize,
        name: &str,
        numbers: &[usize],
        descriptors: &mut Descriptors,
    ) -> Outcome {
        let [logger, read, write] = ["-log", "-log.r", "-log.w"].map(|end| format!("{name}{end}"));
        let mut service = self.services.get(name).cloned().unwrap_or_default();
        service.fds = service.fds().into_iter().map(str::to_owned).collect();
        for &number in numbers {
            let length = service.fds.len().max(number + 1);
            service.fds.resize(length, "-".to_owned());
            service.fds[number].clone_from(&write);
        }
        service.check_ready_fd(line, name)?;
        let mut other = self.services.get(&logger).cloned().unwrap_or_default();
        other.fds = vec![read.clone(), "stderr".to_owned(), "stderr".to_owned()];
        other.check_ready_fd(line, &logger)?;
        descriptors.makes(&read, line);
        descriptors.makes(&write, line);
        other.has_program = true;
        other.triggered = Triggered::AtOnce;
        other.wakes(line, descriptors);
        self.services.insert(name.to_owned(), service);
        self.services.insert(logger, other);
        self.piped.insert(name.to_owned(), line);
        Ok(())
    }

    fn undoes_pipe(&mut self, line: usize, name: &str, findings: &mut Vec<Finding>) {
        let pipe = format!("{name}-log.w");
        let keeps = self.services.get(name).is_some_and(|service| service.fds.contains(&pipe));
        if !keeps && let Some(piped) = self.piped.remove(name) {
            let text = format!(
                "this undoes the service.pipe of line {piped}: {pipe} is not among these descriptors"
            );
            let finding = Finding::warning(line, text);
            findings.push(finding.instead(format!("this line before line {piped}")));
        }
    }

    fn delete(&mut self, line: usize, name: &str) -> Outcome {
        let life = self.known(line, name)?.life;
        let why = match life {
            Life::Up(since) => format!("runs, since line {since}"),
            Life::Stopping => "is being stopped".to_owned(),
            Life::Down | Life::Perhaps => {
                self.services.remove(name);
                self.waiting.add(name, Triggers::default(), |_| false);
                self.main.take_if(|(main, _)| main == name);
                return Ok(());
            }
        };
        Err(Finding::error(line, format!("the service {name} {why}, and cannot be deleted yet")))
    }
}

/// A list of options after the changes of `service.options.apply`.
fn changed(mut options: Vec<Vec<u8>>, changes: Fields<'_>) -> Vec<Vec<u8>> {
    for change in changes.iter() {
        if let Some(removed) = change.strip_prefix(b"-") {
            options.retain(|option| key(option) != removed);
        } else if let Some(old) = options.iter_mut().find(|it| key(it) == key(change)) {
            *old = change.to_vec();
        } else {
            options.push(change.to_vec());
        }
    }
    options
}
