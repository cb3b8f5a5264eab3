//! The file for what a daemon has.
//!
//! Of what `dpctl apply` has made, the file says everything: applied again, it changes nothing.
//! What has no key becomes a comment.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use daemonproxy_protocol::tables::OPTIONS;
use daemonproxy_protocol::{FdStateField, ServiceView, StateView, is_unsafe};

use crate::build::{LOGGER, LUA, triggers};
use crate::health::{self, name_of_check};
use crate::lease::{LEASE, is_lease, is_stopped_in_time};
use crate::log::Arguments;
use crate::now::{self, has_tag, made, tag, texts};
use crate::option;
use crate::raw::{ADDED_TAG, LOGGER_TAG, MEMORY_TAGS, Restart, is_own_tag, key_of_tag};
use crate::text::{key, lines, list, quote, table};
use crate::value::hidden;
use crate::{OWNER, diff, listen};

/// The names of the owners of services.
#[must_use]
pub fn owners(view: &StateView) -> BTreeSet<String> {
    view.services().filter_map(|(_, it)| tag(it, "owner")).collect()
}

/// The file for the services of this owner; of nobody, if no service has an owner. With `secrets`
/// it has their values in it. The view is that of a connection with the features `runs` and
/// `settings`.
#[must_use]
pub fn export(view: &StateView, owner: Option<&str>, secrets: bool) -> String {
    Export { view, owner, secrets, out: String::new() }.file()
}

struct Export<'e> {
    view: &'e StateView,
    owner: Option<&'e str>,
    secrets: bool,
    out: String,
}

impl<'e> Export<'e> {
    fn file(mut self) -> String {
        let view = self.view;
        let mut others = Vec::new();
        let mut ours: BTreeMap<String, &ServiceView> = BTreeMap::new();
        for (name, it) in view.services() {
            let name = String::from_utf8_lossy(name).into_owned();
            let its = tag(it, "owner");
            if its.as_deref() != self.owner {
                let whose = its.map_or("nobody".to_owned(), |owner| owner);
                others.push(format!("{name} belongs to {whose}"));
            } else if !is_logger(it) && !has_tag(it, ADDED_TAG) {
                ours.insert(name, it);
            }
        }
        self.daemon();
        for line in others {
            self.comment(&line);
        }
        self.groups(&ours);
        // In the order in which a shared logger has them.
        let shared = self.shared();
        let mut names: Vec<&String> = ours.keys().collect();
        names.sort_by_key(|name| shared.iter().position(|it| it == *name).unwrap_or(usize::MAX));
        for name in names {
            self.service(name, ours[name], shared.contains(name));
        }
        self.out
    }

    fn line(&mut self, name: &str, value: &str) {
        // Writing to memory does not fail.
        let _ = writeln!(self.out, "{name} = {value}");
    }

    /// It may be anything, but not a line that says something.
    fn comment(&mut self, text: &str) {
        let shown: String =
            text.chars().map(|c| if c < ' ' || is_unsafe(c) { ' ' } else { c }).collect();
        let _ = writeln!(self.out, "# {shown}");
    }

    fn daemon(&mut self) {
        let _ = writeln!(self.out, "[daemon]");
        let owner = self.owner.unwrap_or(OWNER);
        self.line("name", &quote(owner));
        if let Some(logs) = self.logs() {
            self.line("logs", &quote(&logs));
        }
        let logger =
            self.loggers().find_map(|(_, args)| Arguments::read(&args).and(args.first().cloned()));
        if let Some(program) = logger.filter(|program| program != LOGGER) {
            self.line("logger", &quote(&program));
        }
        let shared = self.shared_logger().map(|it| it.settings.entries()).unwrap_or_default();
        if !shared.is_empty() {
            self.line("shared_log", &table(shared));
        }
        let program = ["health", "schedule"].into_iter().find_map(|name| {
            let it = self.view.service(name.as_bytes()).filter(|it| self.is_added(it))?;
            texts(it.args()).first().cloned()
        });
        if let Some(program) = program.filter(|program| program != LUA) {
            self.line("lua", &quote(&program));
        }
    }

    /// Whether this owner has it besides what the file names.
    fn is_added(&self, it: &ServiceView) -> bool {
        has_tag(it, ADDED_TAG) && tag(it, "owner").as_deref() == self.owner
    }

    /// The loggers of this owner.
    fn loggers(&self) -> impl Iterator<Item = (String, Vec<String>)> + use<'e> {
        let owner = self.owner;
        self.view.services().filter_map(move |(name, it)| {
            let is_ours = is_logger(it) && tag(it, "owner").as_deref() == owner;
            is_ours.then(|| (String::from_utf8_lossy(name).into_owned(), texts(it.args())))
        })
    }

    /// The directory for logs, from what was put into it.
    fn logs(&self) -> Option<String> {
        let folder = |path: &str| {
            let (logs, name) = path.rsplit_once('/')?;
            // In the foreground there are no files.
            let logs = if logs.is_empty() { "/" } else { logs };
            Some(logs.to_owned()).filter(|_| !name.contains('='))
        };
        let of_loggers = self.loggers().find_map(|(_, args)| folder(&Arguments::read(&args)?.dir));
        of_loggers.or_else(|| {
            self.view.services().find_map(|(name, it)| {
                let is_ours = tag(it, "owner").as_deref() == self.owner;
                let path = is_ours.then(|| catch_up(&String::from_utf8_lossy(name), it))?;
                folder(&path?)
            })
        })
    }

    /// The services that the shared logger reads from.
    fn shared(&self) -> Vec<String> {
        let name = format!("{}-log", self.owner.unwrap_or(OWNER));
        let args = self.loggers().find(|(logger, args)| *logger == name && args.len() > 2);
        let args = args.map_or(Vec::new(), |(_, args)| args);
        // In the foreground another program has such arguments, too.
        let inputs = args.windows(2).filter(|two| two[0] == "--fd");
        inputs.filter_map(|two| Some(two[1].split_once('=')?.1.to_owned())).collect()
    }

    fn shared_logger(&self) -> Option<Arguments> {
        let name = format!("{}-log", self.owner.unwrap_or(OWNER));
        let (_, args) = self.loggers().find(|(logger, _)| *logger == name)?;
        Arguments::read(&args).filter(|it| !it.inputs.is_empty())
    }

    /// `log`, of a service with a logger of its own.
    fn own_log(&self, name: &str) -> String {
        let Some(it) = self.view.service(format!("{name}-log").as_bytes()) else {
            return "true".into();
        };
        match Arguments::read(&texts(it.args())) {
            Some(it) if it.settings.is_empty() => "true".into(),
            Some(it) => table(it.settings.entries()),
            None => self.command(it).map_or("true".into(), |way| table([way])),
        }
    }

    fn groups(&mut self, services: &BTreeMap<String, &ServiceView>) {
        let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (name, it) in services {
            let of = tag(it, "groups").unwrap_or_default();
            for group in of.split(',').filter(|group| !group.is_empty()) {
                groups.entry(group.to_owned()).or_default().push(name);
            }
        }
        if groups.is_empty() {
            return;
        }
        let _ = writeln!(self.out, "\n[groups]");
        for (group, members) in groups {
            self.line(&key(&group), &list(members));
        }
    }

    fn service(&mut self, name: &str, it: &ServiceView, is_shared: bool) {
        let _ = writeln!(self.out, "\n[service.{}]", key(name));
        let lists = [it.args(), it.fds(), it.options(), it.env(), it.tags()];
        if lists.iter().any(|list| std::str::from_utf8(list.as_bytes()).is_err()) {
            self.comment("something here is not UTF-8, and stands as the character U+FFFD");
        }
        self.args(it);
        if !self.lease(it) {
            self.triggers(it);
        }
        self.fds(name, it, is_shared);
        self.options(name, it);
        self.env(it);
        let tags = texts(it.tags());
        let own = |tag: &&String| {
            let key = tag.split('=').next().unwrap_or_default();
            !is_own_tag(key)
        };
        let tags: Vec<&str> = tags.iter().filter(own).map(|tag| &**tag).collect();
        if !tags.is_empty() {
            self.line("tags", &list(tags));
        }
        if has_tag(it, "rolling") {
            self.line("rolling", "true");
        }
        self.health(name, it);
        self.schedule(name, it);
    }

    /// The keys that give these tags, if there are any.
    fn health(&mut self, name: &str, it: &ServiceView) {
        let way = self.way_of_check(name, it);
        let Some(way) = way else { return self.left_tags(it, "health", &[]) };
        let mut entries = vec![way];
        let mut known = vec!["health"];
        for (key, name) in [
            ("every", "health.every"),
            ("within", "health.within"),
            ("failures", "health.failures"),
        ] {
            if let Some(number) = tag(it, name).filter(|it| is_number(it)) {
                entries.push((key, number));
                known.push(name);
            }
        }
        self.line("health", &table(entries));
        self.left_tags(it, "health", &known);
    }

    /// How it is checked, as the file says it.
    fn way_of_check(&self, name: &str, it: &ServiceView) -> Option<(&'static str, String)> {
        let how = tag(it, "health")?;
        if how == format!("service:{}", name_of_check(name)) {
            let check = self.view.service(name_of_check(name).as_bytes());
            return self.command(check.filter(|check| self.is_added(check))?);
        }
        match how.strip_prefix("tcp:") {
            Some(address) if health::tcp(address).is_ok() => Some(("tcp", quote(address))),
            None if health::http(&how).is_ok() => Some(("http", quote(&how))),
            _ => None,
        }
    }

    fn schedule(&mut self, name: &str, it: &ServiceView) {
        let Some(cron) = tag(it, "schedule") else { return self.left_tags(it, "schedule", &[]) };
        let mut entries = vec![("cron", quote(&cron))];
        let mut known = vec!["schedule"];
        if let Some(tz) = tag(it, "schedule.tz") {
            entries.push(("tz", quote(&tz)));
            known.push("schedule.tz");
        }
        if catch_up(name, it).is_some() {
            entries.push(("catch_up", "true".into()));
            known.push("schedule.catch_up");
        }
        self.line("schedule", &table(entries));
        self.left_tags(it, "schedule", &known);
    }

    /// Tags that belong to a key, and that it cannot say.
    fn left_tags(&mut self, it: &ServiceView, key: &str, known: &[&str]) {
        for tag in texts(it.tags()) {
            let name = tag.split('=').next().unwrap_or_default();
            let is_known = known.contains(&name) || MEMORY_TAGS.contains(&name);
            if key_of_tag(name) == Some(key) && !is_known {
                self.comment(&format!("the tag {tag}"));
            }
        }
    }

    /// The key and the value that say what a service runs.
    fn command(&self, it: &ServiceView) -> Option<(&'static str, String)> {
        let mut args = texts(it.args());
        if it.options().iter().any(|option| option == b"args=percent") {
            args = args.iter().map(|arg| decoded(arg)).collect();
        }
        match &args[..] {
            [sh, c, script] if sh == "sh" && c == "-c" && !script.trim().is_empty() => {
                Some(("sh", lines(script)))
            }
            [] => None,
            args => Some(("run", list(args.iter().map(|arg| &**arg)))),
        }
    }

    fn args(&mut self, it: &ServiceView) {
        if it.options().iter().any(|option| option == b"args=percent") {
            let decoded = texts(it.args()).into_iter().map(|arg| decoded(&arg));
            if decoded.flat_map(String::into_bytes).all(|byte| byte >= 0x20) {
                self.comment("args=percent");
            }
        }
        match self.command(it) {
            Some((key, value)) => self.line(key, &value),
            None => self.comment("run = […]: it was never said what to run"),
        }
    }

    /// Whether it has a lease as the key gives it, with which nothing is said of triggers.
    fn lease(&mut self, it: &ServiceView) -> bool {
        let Some(name) = tag(it, LEASE) else { return false };
        let is_of_key = is_lease(&name)
            && now::shown_triggers(it.triggers()).is_empty()
            && is_stopped_in_time(&texts(it.options()))
            && tag(it, "health").is_none()
            && tag(it, "schedule").is_none();
        match is_of_key {
            true => self.line(LEASE, &quote(&name)),
            false => self.left_tags(it, LEASE, &[]),
        }
        is_of_key
    }

    /// The keys that give these triggers, if there are any.
    fn triggers(&mut self, it: &ServiceView) {
        let told = now::shown_triggers(it.triggers());
        let delay = it.interval().filter(|&seconds| seconds != 1 && !told.is_empty());
        let all = [Restart::Always, Restart::OnFailure, Restart::Never];
        let ways = all.into_iter().flat_map(|restart| [(restart, true), (restart, false)]);
        let known = ways.into_iter().find_map(|(restart, autostart)| {
            let holds = holds(&told, restart, autostart)?;
            (now::told_triggers(&triggers(restart, autostart, &holds)) == told)
                .then_some((restart, autostart, holds))
        });
        let is_scheduled = tag(it, "schedule").is_some();
        let known = known.filter(|(restart, ..)| !is_scheduled || *restart != Restart::Always);
        let (restart, autostart, holds) = known.unwrap_or_else(|| {
            self.comment(&format!("started by: {}", told.join(" ")));
            (Restart::Never, false, Vec::new())
        });
        let when = match restart {
            Restart::Always => "always",
            Restart::OnFailure => "on-failure",
            Restart::Never => "never",
        };
        let mut entries = Vec::new();
        if let Some(seconds) = delay {
            entries.push(("delay", seconds.to_string()));
        }
        for option in texts(it.options()) {
            match option.split_once('=') {
                Some(("backoff", value)) if is_backoff(value) => {
                    let keys = ["max", "factor", "reset"].into_iter();
                    entries.extend(keys.zip(value.split(':').map(str::to_owned)));
                }
                Some(("giveup", value)) if is_whole(value) => {
                    let (times, within) = value.split_once('/').unwrap_or((value, ""));
                    let both = [("times", times.to_owned()), ("within", within.to_owned())];
                    entries.push(("giveup", table(both)));
                }
                Some(("backoff" | "giveup", _)) => self.comment(&option),
                _ => {}
            }
        }
        if !entries.is_empty() {
            entries.insert(0, ("when", quote(when)));
            self.line("restart", &table(entries));
        } else if restart != Restart::Always {
            self.line("restart", &quote(when));
        }
        // Without the key, what has a schedule is not started by itself.
        if autostart == is_scheduled {
            self.line("autostart", if autostart { "true" } else { "false" });
        }
        if !holds.is_empty() {
            let plain = holds.iter().map(|it| it.strip_prefix("ready:").unwrap_or(it));
            self.line("after", &list(plain));
        }
    }

    fn fds(&mut self, name: &str, it: &ServiceView, is_shared: bool) {
        let mut fds = texts(it.fds());
        if fds.is_empty() {
            fds = vec!["null".into(); 3];
        }
        let pipe = format!("{name}-log.w");
        let is_logged =
            fds.iter().take(3).skip(1).any(|fd| *fd == pipe) && made(it).contains(&pipe);
        if is_logged {
            let log = if is_shared { "\"shared\"".into() } else { self.own_log(name) };
            self.line("log", &log);
        }
        let without = [
            "null",
            if is_logged { &pipe } else { "stdout" },
            if is_logged { &pipe } else { "stderr" },
        ];
        let ends = [("stdin", "in"), ("stdout", "out"), ("stderr", "err")];
        for (nth, (key, end)) in ends.into_iter().enumerate() {
            let fd = fds.get(nth).map_or("-", |fd| &**fd);
            if fd == without[nth] {
                continue;
            }
            let state = self.view.fd(fd.as_bytes()).map(|fd| fd.state());
            match state {
                Some(FdStateField::File { path, .. }) if fd == format!("{name}.{end}") => {
                    let path = quote(&String::from_utf8_lossy(path));
                    self.line(key, &table([("file", path)]));
                }
                _ => self.line(key, &quote(fd)),
            }
        }
        let more: Vec<&String> = fds.iter().skip(3).collect();
        let sockets: Vec<_> =
            more.iter().map_while(|fd| Some((fd.as_str(), self.socket(it, fd)?))).collect();
        let rest = more.iter().skip(sockets.len()).map(|fd| fd.as_str());
        let rest: Vec<&str> = rest.collect();
        if !sockets.is_empty() {
            self.line("listen", &table(sockets));
        } else if it.options().iter().any(|option| option == b"listen") {
            self.comment("listen");
        }
        if !rest.is_empty() {
            self.line("fds", &list(rest));
        }
    }

    /// A socket that was made for a service, as it is written.
    fn socket(&self, it: &ServiceView, name: &str) -> Option<String> {
        if !made(it).contains(name) {
            return None;
        }
        let FdStateField::Socket { flags, address } = self.view.fd(name.as_bytes())?.state() else {
            return None;
        };
        let address = std::str::from_utf8(address).ok()?;
        listen::text(flags, address).map(|text| quote(&text))
    }

    fn options(&mut self, service: &str, it: &ServiceView) {
        let mut limits = Vec::new();
        let mut stop = Vec::new();
        for option in texts(it.options()) {
            let (name, value) = option.split_once('=').unwrap_or((&option, ""));
            match name {
                "args" | "listen" | "backoff" | "giveup" => continue,
                "ready" if value == "control" && self.way_of_check(service, it).is_some() => {
                    self.line("ready", "\"health\"");
                }
                "stop" => stop.push(("signal", quote(value))),
                "stop_after" if value.bytes().all(|it| it.is_ascii_digit() || it == b'.') => {
                    stop.push(("after", value.to_owned()));
                }
                "stop_after" if value == "-" => stop.push(("after", quote("never"))),
                _ => match (name.strip_prefix("limit."), OPTIONS.iter().find(|it| it.name == name))
                {
                    (Some(limit), _) => limits.push((limit.to_owned(), limit_value(value))),
                    (None, Some(info)) if option::find(name).is_some() => {
                        let line = option::toml(info, &option);
                        let _ = writeln!(self.out, "{line}");
                    }
                    _ => self.comment(&option),
                },
            }
        }
        if !stop.is_empty() {
            self.line("stop", &table(stop));
        }
        if !limits.is_empty() {
            let limits = limits.iter().map(|(name, value)| (&**name, value.clone()));
            self.line("limits", &table(limits));
        }
    }

    fn env(&mut self, it: &ServiceView) {
        let tags = texts(it.tags());
        let secrets: BTreeSet<&str> = diff::secrets(&tags).collect();
        let (mut variables, mut unset) = (Vec::new(), Vec::new());
        for item in texts(it.env()) {
            if item == "!" {
                self.line("env_clear", "true");
            } else if let Some(name) = item.strip_prefix('!') {
                unset.push(name.to_owned());
            } else if let Some((name, value)) = item.split_once('=') {
                let (name, value) = match name.strip_suffix('%') {
                    Some(name) => (name, decoded(value)),
                    None => (name, value.to_owned()),
                };
                if secrets.contains(name) && !self.secrets {
                    self.comment(&format!(
                        "{name}={}",
                        hidden(item.split_once('=').map_or("", |it| it.1).as_bytes())
                    ));
                } else {
                    variables.push((name.to_owned(), quote(&value)));
                }
            }
        }
        if !unset.is_empty() {
            self.line("env_unset", &list(unset.iter().map(|name| &**name)));
        }
        if !variables.is_empty() {
            let variables = variables.iter().map(|(name, value)| (&**name, value.clone()));
            self.line("env", &table(variables));
        }
        if !secrets.is_empty() && self.secrets {
            self.line("secrets", &list(secrets));
        }
    }
}

/// The file that was made to note when it last ran.
fn catch_up(name: &str, it: &ServiceView) -> Option<String> {
    tag(it, "schedule.catch_up").filter(|_| made(it).contains(&format!("{name}.last")))
}

fn is_logger(it: &ServiceView) -> bool {
    has_tag(it, LOGGER_TAG)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What holds in every one of the triggers, if they are those of this restart.
pub(crate) fn holds(told: &[String], restart: Restart, autostart: bool) -> Option<Vec<String>> {
    let heads = triggers(restart, autostart, &[]);
    let Some(first) = told.first() else { return heads.is_empty().then(Vec::new) };
    let rest = match (restart, autostart) {
        (Restart::Always, true) if first == "always" => "",
        (Restart::Always, true) => first,
        _ => {
            let head = heads.first()?;
            let rest = first.strip_prefix(&**head)?;
            if rest.is_empty() { rest } else { rest.strip_prefix(',')? }
        }
    };
    let holds: Vec<String> =
        rest.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let is_key = |it: &String| {
        it.split_once(':')
            .is_some_and(|(kind, _)| matches!(kind, "ready" | "up" | "down" | "done" | "fd"))
    };
    holds.iter().all(is_key).then_some(holds)
}

/// The bytes that `%XX` stands for, if they are a text.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let hex = hex.filter(|it| byte == b'%' && it.bytes().all(|it| it.is_ascii_hexdigit()));
        match hex.and_then(|it| u8::from_str_radix(it, 16).ok()).filter(|&byte| byte != 0) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn limit_value(value: &str) -> String {
    let one = |text: &str| if text == "unlimited" { quote(text) } else { text.to_owned() };
    match value.split_once(':') {
        Some((soft, hard)) => format!("[{}, {}]", one(soft), one(hard)),
        None => one(value),
    }
}

/// `MAX:FACTOR:RESET`, where only the factor may have a point.
fn is_backoff(value: &str) -> bool {
    let whole = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    value.split(':').enumerate().all(|(nth, part)| match nth {
        1 => part.split('.').all(whole) && part.split('.').count() <= 2,
        _ => whole(part),
    })
}

/// `N/SECONDS` in whole numbers.
fn is_whole(value: &str) -> bool {
    value.split('/').count() == 2 && value.bytes().all(|it| it.is_ascii_digit() || it == b'/')
}
