//! From what the file says to what the daemon gets: instances, loggers, descriptors.

use std::collections::BTreeMap;

use crate::check::is_name;
use crate::env::{Env, percent};
use crate::fill::fill;
use crate::health::{How, is_common, name_of_check};
use crate::lease::LEASE;
use crate::log::{Arguments, Settings};
use crate::order;
use crate::plan::{Descriptor, Make, Plan, Role, Service};
use crate::problem::{Place, Problem};
use crate::raw::{ADDED_TAG, LOGGER_TAG, Log, Raw, Restart, Standard};

/// The program of loggers.
pub(crate) const LOGGER: &str = "daemonproxy-log";
/// The program of health checks and schedules.
pub(crate) const LUA: &str = "daemonproxy-lua";

/// How files are opened that are written to at their end.
const APPENDED: &str = "write,append,create,mkdir";

/// What `[daemon]` says.
#[derive(Clone, Debug)]
pub(crate) struct Daemon {
    pub(crate) owner: String,
    pub(crate) logs: Option<String>,
    /// The program of loggers.
    pub(crate) logger: Program,
    /// The program of health checks and schedules.
    pub(crate) lua: Program,
    /// All output goes through this program, which shows it.
    pub(crate) shown_by: Option<Vec<String>>,
    pub(crate) max_line: usize,
    /// How the shared logger writes.
    pub(crate) shared_log: Settings,
}

/// A program that the file does not have to name.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) path: String,
    /// The file does not say where it is.
    pub(crate) is_found: bool,
}

/// Builds the plan.
pub(crate) struct Builder<'b> {
    pub(crate) daemon: &'b Daemon,
    pub(crate) services: &'b [Raw],
    /// The groups that each service is in.
    pub(crate) groups: &'b BTreeMap<String, Vec<String>>,
    pub(crate) problems: &'b mut Vec<Problem>,
    plan: Plan,
    /// Names of descriptors that are taken, with the place that took them.
    taken: BTreeMap<String, Place>,
    /// Those that write to the shared logger: the read end of each pipe, and the name.
    shared: Vec<(String, String)>,
    shared_place: Option<Place>,
}

impl<'b> Builder<'b> {
    pub(crate) fn new(
        daemon: &'b Daemon,
        services: &'b [Raw],
        groups: &'b BTreeMap<String, Vec<String>>,
        problems: &'b mut Vec<Problem>,
    ) -> Self {
        let plan = Plan { owner: daemon.owner.clone(), ..Plan::default() };
        let (taken, shared) = (BTreeMap::new(), Vec::new());
        Self { daemon, services, groups, problems, plan, taken, shared, shared_place: None }
    }

    /// The plan, with services in this order.
    pub(crate) fn build(mut self, order: &[usize]) -> Plan {
        self.sockets();
        self.controllers();
        for raw in order.iter().map(|&index| &self.services[index]).filter(|raw| raw.enabled) {
            let names = order::names(raw);
            for (nth, name) in names.iter().enumerate() {
                let number = raw.instances.and_then(|_| u32::try_from(nth + 1).ok());
                self.instance(raw, name, number);
            }
        }
        self.shared_logger();
        self.names();
        self.plan
    }

    fn error(&mut self, place: &Place, message: impl Into<String>) {
        self.problems.push(Problem::error(place.clone(), message));
    }

    /// Those that carry out health checks and schedules. They come first, because others may wait
    /// until the first check succeeds.
    fn controllers(&mut self) {
        let enabled = || self.services.iter().filter(|raw| raw.enabled);
        let health = enabled().find(|raw| raw.health.is_some());
        let schedule = enabled().find(|raw| raw.schedule.is_some());
        for (name, raw) in [("health", health), ("schedule", schedule)] {
            let Some(raw) = raw else { continue };
            let script = format!("require('daemonproxy.{name}').run()");
            self.plan.services.push(Service {
                name: name.to_owned(),
                base: raw.name.clone(),
                args: vec![self.daemon.lua.path.clone(), "-e".to_owned(), script],
                fds: ["control.event", "control.cmd", "stderr"].map(str::to_owned).to_vec(),
                tags: vec![format!("owner={}", self.daemon.owner), ADDED_TAG.to_owned()],
                interval: 1,
                triggers: vec!["always".into()],
                role: Role::Controller,
                is_program_found: self.daemon.lua.is_found,
                ..Service::default()
            });
        }
    }

    /// Two services may have a socket in common.
    fn sockets(&mut self) {
        let all = self.services.iter().filter(|raw| raw.enabled).flat_map(|raw| &raw.listen);
        for (name, make, place) in all {
            match self.plan.descriptors.iter().find(|it| it.name == *name) {
                None => {
                    let twin = self.plan.descriptors.iter().find(|it| it.make == *make);
                    if let Some(twin) = twin {
                        let message = format!("`{}` is the same address", twin.name);
                        let other = self.taken.get(&twin.name).cloned();
                        let problem = Problem::error(place.clone(), message);
                        let problem = problem.help(format!(
                            "a socket can be shared: name it `{}` here, too",
                            twin.name
                        ));
                        self.problems.push(match other {
                            Some(other) => problem.other(other, "it is here"),
                            None => problem,
                        });
                    }
                    self.taken.insert(name.clone(), place.clone());
                    self.plan
                        .descriptors
                        .push(Descriptor { name: name.clone(), make: make.clone() });
                }
                Some(known) if known.make == *make => {}
                Some(_) => {
                    let message = format!("the socket `{name}` has another address elsewhere");
                    let problem = Problem::error(place.clone(), message);
                    self.problems.push(match self.taken.get(name) {
                        Some(other) => problem.other(other.clone(), "here"),
                        None => problem,
                    });
                }
            }
        }
        self.plan.places = self.taken.clone();
    }

    fn instance(&mut self, raw: &Raw, name: &str, number: Option<u32>) {
        let fill = |text: &str| fill(text, number);
        let mut args: Vec<String> = raw.args.iter().map(|arg| fill(arg)).collect();
        if raw.options.iter().any(|option| option == "args=percent") {
            args = args.iter().map(|arg| percent(arg)).collect();
        }
        let mut made = Vec::new();
        let fds = self.fds(raw, name, number, &mut made);
        let timing = self.schedule(raw, name, &mut made);
        let env = Env {
            variables: raw
                .env
                .variables
                .iter()
                .map(|(key, value)| (key.clone(), fill(value)))
                .collect(),
            ..raw.env.clone()
        };
        let mut after = Vec::new();
        let mut holds = Vec::new();
        for one in &raw.after {
            let (conditions, first) = order::conditions(self.services, one);
            holds.extend(conditions);
            after.extend(first);
        }
        let service = Service {
            name: name.to_owned(),
            base: raw.name.clone(),
            args,
            fds,
            options: raw.options.iter().map(|option| fill(option)).collect(),
            env: env.items(),
            tags: self.tags(raw, name, made, timing, number),
            interval: raw.interval,
            triggers: triggers(raw.restart, raw.autostart, &holds),
            after,
            rolling: raw.rolling,
            role: Role::Own,
            is_program_found: false,
        };
        if let Some(check) = check(raw, &service, number) {
            self.add(raw, check);
        }
        self.add(raw, service);
        if self.log(raw) == Log::Own {
            self.logger(raw, name, number);
        }
    }

    /// Adds a service, whose commands must fit.
    fn add(&mut self, raw: &Raw, service: Service) {
        let name = &service.name;
        let longest = service.longest_line();
        if longest > self.daemon.max_line {
            let most = self.daemon.max_line;
            let message =
                format!("`{name}` needs a line of {longest} bytes, and the daemon takes {most}");
            let problem = Problem::error(raw.place.clone(), message);
            self.problems.push(
                problem.help("start the daemon with --max-line, and say so: max_line in [daemon]"),
            );
        }
        self.plan.services.push(service);
    }

    /// The tags of a schedule. Where it is noted when it last ran is a file that the daemon makes,
    /// with its directory.
    fn schedule(&mut self, raw: &Raw, name: &str, made: &mut Vec<String>) -> Vec<String> {
        let Some(schedule) = &raw.schedule else { return Vec::new() };
        let mut tags = vec![format!("schedule={}", schedule.cron)];
        tags.extend(schedule.tz.iter().map(|tz| format!("schedule.tz={tz}")));
        if let Some(place) = &schedule.catch_up {
            let file = format!("{name}.last");
            let path = self.log_dir(place, &file);
            tags.push(format!("schedule.catch_up={path}"));
            self.descriptor(raw, file, Make::File(APPENDED, path), made);
        }
        tags
    }

    fn tags(
        &mut self,
        raw: &Raw,
        name: &str,
        mut made: Vec<String>,
        timing: Vec<String>,
        number: Option<u32>,
    ) -> Vec<String> {
        let mut tags = vec![format!("owner={}", self.daemon.owner)];
        if let Some(groups) = self.groups.get(&raw.name) {
            tags.push(format!("groups={}", groups.join(",")));
        }
        made.sort();
        if !made.is_empty() {
            tags.push(format!("made={}", made.join(",")));
        }
        if raw.rolling {
            tags.push("rolling".into());
        }
        tags.extend(secrets(raw));
        tags.extend(raw.health.iter().flat_map(|it| it.tags(name, |text| fill(text, number))));
        tags.extend(timing);
        tags.extend(raw.lease.iter().map(|name| format!("{LEASE}={}", fill(name, number))));
        tags.extend(raw.tags.iter().map(|tag| fill(tag, number)));
        tags
    }

    fn fds(
        &mut self,
        raw: &Raw,
        name: &str,
        number: Option<u32>,
        made: &mut Vec<String>,
    ) -> Vec<String> {
        let how = self.log(raw);
        let log = (how != Log::Not).then(|| format!("{name}-log.w"));
        let without = ["null".to_owned(), "stdout".to_owned(), "stderr".to_owned()];
        let mut fds = Vec::new();
        let mut is_logged = false;
        for (nth, (standard, without)) in raw.standard.iter().zip(without).enumerate() {
            fds.push(match (standard, &log) {
                (Some(Standard::Named(named)), _) => named.clone(),
                (Some(Standard::File(path)), _) => {
                    let (end, flags) = [("in", "read"), ("out", APPENDED), ("err", APPENDED)][nth];
                    let (fd, path) = (format!("{name}.{end}"), fill(path, number));
                    self.descriptor(raw, fd.clone(), Make::File(flags, path), made);
                    fd
                }
                (None, Some(log)) if nth > 0 => {
                    is_logged = true;
                    log.clone()
                }
                (None, _) => without,
            });
        }
        if is_logged {
            let (read, write) = (format!("{name}-log.r"), format!("{name}-log.w"));
            made.push(write.clone());
            self.descriptor(raw, read.clone(), Make::Pipe(write), made);
            if how == Log::Shared {
                self.shared.push((read, name.to_owned()));
                self.shared_place.get_or_insert_with(|| raw.log_place.clone());
            }
        } else if log.is_some() && self.daemon.shown_by.is_none() {
            self.error(
                &raw.log_place,
                format!("`{name}` writes nothing to its log: `stdout` and `stderr` go elsewhere"),
            );
        }
        for (socket, _, _) in &raw.listen {
            made.push(socket.clone());
            fds.push(socket.clone());
        }
        fds.extend(raw.fds.iter().map(|fd| fill(fd, number)));
        fds
    }

    fn descriptor(&mut self, raw: &Raw, name: String, make: Make, made: &mut Vec<String>) {
        if !is_name(&name) {
            too_long(self.problems, &raw.place, &name);
        }
        if let Some(other) = self.taken.insert(name.clone(), raw.place.clone()) {
            let problem = Problem::error(
                raw.place.clone(),
                format!("two descriptors would be called `{name}`"),
            );
            self.problems.push(problem.other(other, "the other one"));
        }
        made.push(name.clone());
        self.plan.descriptors.push(Descriptor { name, make });
    }

    /// Where the output of a service goes.
    fn log(&self, raw: &Raw) -> Log {
        if self.daemon.shown_by.is_some() { Log::Shared } else { raw.log }
    }

    /// Where logs go, as a directory for this name.
    fn log_dir(&mut self, place: &Place, name: &str) -> String {
        let logs = self.daemon.logs.clone();
        let logs = logs.unwrap_or_else(|| {
            let problem = Problem::error(place.clone(), "this needs a directory for logs");
            self.problems.push(problem.help("write logs = \"/var/log/NAME\" into [daemon]"));
            String::new()
        });
        format!("{}/{name}", logs.trim_end_matches('/'))
    }

    fn logger(&mut self, raw: &Raw, name: &str, number: Option<u32>) {
        let logger = format!("{name}-log");
        let fds = vec![format!("{name}-log.r"), "null".into(), "stderr".into()];
        if let Some(other) = &raw.other_logger {
            let args = other.iter().map(|arg| fill(arg, number)).collect();
            return self.add_logger(logger, &raw.name, args, fds, false);
        }
        let dir = self.log_dir(&raw.log_place, name);
        let arguments = Arguments { settings: raw.logger.clone(), inputs: Vec::new(), dir };
        let args = arguments.write(&self.daemon.logger.path);
        self.add_logger(logger, &raw.name, args, fds, self.daemon.logger.is_found);
    }

    /// It is always up: what is written while it is not stays in the pipe.
    fn add_logger(
        &mut self,
        name: String,
        of: &str,
        mut args: Vec<String>,
        fds: Vec<String>,
        is_program_found: bool,
    ) {
        let owner = format!("owner={}", self.daemon.owner);
        let is_strange = args.iter().any(|arg| arg.bytes().any(|byte| byte < 0x20));
        if is_strange {
            args = args.iter().map(|arg| percent(arg)).collect();
        }
        self.plan.services.push(Service {
            base: of.to_owned(),
            name,
            args,
            fds,
            tags: vec![owner, LOGGER_TAG.into()],
            interval: 1,
            triggers: vec!["always".into()],
            role: Role::Logger,
            options: is_strange.then(|| "args=percent".into()).into_iter().collect(),
            is_program_found,
            ..Service::default()
        });
    }

    fn shared_logger(&mut self) {
        let (shared, place) = (std::mem::take(&mut self.shared), self.shared_place.take());
        let Some(place) = place else { return };
        let name = format!("{}-log", self.daemon.owner);
        if !is_name(&name) {
            self.error(
                &place,
                format!("`{name}`, the shared logger, cannot be the name of a service"),
            );
        }
        let mut fds = vec!["null".to_owned(), "null".into(), "stderr".into()];
        let inputs: Vec<(String, String)> = (3..)
            .zip(&shared)
            .map(|(number, (_, name))| (number.to_string(), name.clone()))
            .collect();
        fds.extend(shared.iter().map(|(read, _)| read.clone()));
        let of = shared.first().map_or(String::new(), |(_, name)| name.clone());
        if let Some(mut args) = self.daemon.shown_by.clone() {
            fds[1] = "stdout".into();
            for (number, name) in inputs {
                args.extend(["--fd".into(), format!("{number}={name}")]);
            }
            return self.add_logger(name, &of, args, fds, false);
        }
        let dir = self.log_dir(&place, "shared");
        let arguments = Arguments { settings: self.daemon.shared_log.clone(), inputs, dir };
        let args = arguments.write(&self.daemon.logger.path);
        self.add_logger(name, &of, args, fds, self.daemon.logger.is_found);
    }

    /// Every name is there once, and short enough.
    fn names(&mut self) {
        let mut seen: BTreeMap<&str, &Service> = BTreeMap::new();
        for service in &self.plan.services {
            let Service { name, base, role, .. } = service;
            let raw = self.services.iter().find(|raw| raw.name == *base);
            let Some(place) = raw.map(|raw| raw.place.clone()) else { continue };
            // The pipe of a logger has a name that is longer.
            if !is_name(name) && is_name(base) && *role != Role::Logger {
                too_long(self.problems, &place, name);
            }
            let what = |service: &Service| match service.role {
                Role::Own => format!("one of `{}`", service.base),
                Role::Logger => format!("the logger of `{}`", service.base),
                Role::Check => format!("the command that checks `{}`", service.base),
                Role::Controller => {
                    format!("the one that carries out `{}` of `{}`", service.name, service.base)
                }
            };
            if let Some(other) = seen.insert(name, service) {
                let seen_role = other.role;
                let (one, other) = (what(other), what(service));
                let message = format!("two services would be called `{name}`: {one}, and {other}");
                let is_taken = [seen_role, *role].contains(&Role::Controller);
                let help = is_taken.then(|| format!("give yours another name than `{name}`"));
                self.problems.push(Problem::error(place, message).help_if(help));
            }
        }
    }
}

/// The service that runs the command that checks another one, as whom and where that one runs.
/// Only the checker starts it.
fn check(raw: &Raw, of: &Service, number: Option<u32>) -> Option<Service> {
    let How::Command(args) = &raw.health.as_ref()?.how else { return None };
    let mut options: Vec<String> =
        of.options.iter().filter(|option| is_common(option)).cloned().collect();
    let mut args: Vec<String> = args.iter().map(|arg| fill(arg, number)).collect();
    if args.iter().any(|arg| arg.bytes().any(|byte| byte < 0x20)) {
        args = args.iter().map(|arg| percent(arg)).collect();
        options.push("args=percent".into());
        options.sort();
    }
    let owner = of.tags.iter().filter(|tag| tag.starts_with("owner=")).cloned();
    let complaints = of.fds.get(2).cloned().unwrap_or_else(|| "null".to_owned());
    Some(Service {
        name: name_of_check(&of.name),
        base: of.base.clone(),
        args,
        fds: vec!["null".to_owned(), "null".to_owned(), complaints],
        options,
        env: of.env.clone(),
        tags: owner.chain([ADDED_TAG.to_owned()]).chain(secrets(raw)).collect(),
        interval: 1,
        role: Role::Check,
        ..Service::default()
    })
}

/// The tag that names the secrets.
fn secrets(raw: &Raw) -> Option<String> {
    let names: Vec<_> = raw.env.secrets.iter().map(|it| &**it).collect();
    (!names.is_empty()).then(|| format!("secrets={}", names.join(",")))
}

/// What starts a service: alternatives, in each of which all of `holds` must hold, too.
pub(crate) fn triggers(restart: Restart, autostart: bool, holds: &[String]) -> Vec<String> {
    let heads: &[&str] = match (restart, autostart) {
        (Restart::Always, true) if holds.is_empty() => &["always"],
        (Restart::Always, true) => &[""],
        (Restart::Always, false) => &["failure", "success"],
        (Restart::OnFailure, true) => &["once", "failure"],
        (Restart::OnFailure, false) => &["failure"],
        (Restart::Never, true) => &["once"],
        (Restart::Never, false) => &[],
    };
    let with = |head: &&str| {
        let first = Some(*head).filter(|head| !head.is_empty());
        first.into_iter().chain(holds.iter().map(|it| &**it)).collect::<Vec<_>>().join(",")
    };
    heads.iter().map(with).collect()
}

/// One of a service is enough: the others are as long.
fn too_long(problems: &mut Vec<Problem>, place: &Place, name: &str) {
    const START: &str = "the name is too long: ";
    let is_told = |problem: &Problem| {
        let at = problem.place.as_ref().map(|(at, _)| at);
        at == Some(place) && problem.message.starts_with(START)
    };
    if !problems.iter().any(is_told) {
        let message = format!("{START}`{name}` would pass 31 characters");
        let problem = Problem::error(place.clone(), message);
        problems.push(problem.help("shorten it: its number, or what it has, is added to it"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_filled_in() {
        assert_eq!(fill("a{n}-{{n}}-{x}-{{y}}{", Some(7)), "a7-{n}-{x}-{{y}}{");
        assert_eq!(fill("{n} {{n}}", None), "{n} {{n}}");
    }

    #[test]
    fn triggers_are_alternatives() {
        let holds = ["ready:db".to_owned(), "done:m".to_owned()];
        assert_eq!(triggers(Restart::Always, true, &[]), ["always"]);
        assert_eq!(triggers(Restart::Always, true, &holds), ["ready:db,done:m"]);
        assert_eq!(triggers(Restart::OnFailure, true, &[]), ["once", "failure"]);
        let both = ["once,ready:db,done:m", "failure,ready:db,done:m"];
        assert_eq!(triggers(Restart::OnFailure, true, &holds), both);
        assert_eq!(triggers(Restart::Always, false, &[]), ["failure", "success"]);
        assert!(triggers(Restart::Never, false, &holds).is_empty());
    }
}
