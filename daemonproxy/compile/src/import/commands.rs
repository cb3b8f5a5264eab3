//! Commands of the protocol: config files of the daemon, as those of the original are.

use std::collections::BTreeMap;

use daemonproxy_protocol::tables::OPTIONS;
use daemonproxy_protocol::{Fields, Triggers};

use super::{File, Table, Wrong, cannot_run};
use crate::build::triggers as triggers_of;
use crate::export::{decoded, holds};
use crate::listen;
use crate::now::{shown_triggers, told_triggers};
use crate::option;
use crate::raw::Restart;
use crate::text::{key, list, quote, table};

/// Programs that write what they read from descriptor 0.
const LOGGERS: &[&str] = &["log", "multilog", "cronolog", "rotatelogs", "tee"];

/// What a command has said of a service.
#[derive(Clone, Debug, Default)]
struct Said {
    args: Vec<String>,
    fds: Vec<String>,
    tags: Vec<String>,
    options: Vec<String>,
    env: Vec<String>,
    interval: Option<u64>,
    triggers: Vec<String>,
    is_started: bool,
    /// A logger, by `service.pipe`.
    logger: Vec<String>,
    directives: usize,
    lost: Vec<String>,
}

/// A descriptor that was made.
#[derive(Clone, Debug)]
enum Made {
    /// The other end, and whether this one is for reading.
    Pipe(String, bool),
    File(String, String),
    Socket(String, String),
}

#[derive(Default)]
struct Config {
    services: BTreeMap<String, Said>,
    order: Vec<String>,
    descriptors: BTreeMap<String, (Made, String)>,
    env: Vec<String>,
}

pub(super) fn import(text: &str, file: &mut File) -> Result<(), Wrong> {
    let mut config = Config::default();
    let mut is_known = false;
    for (nth, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        is_known |= fields[0].contains('.') || fields[0] == "chdir" || fields[0] == "terminate";
        if !is_known {
            let why = "this is no command: fields are separated by one TAB each".to_owned();
            return Err((nth + 1, why));
        }
        config.command(&fields, line, file);
    }
    config.write(file);
    Ok(())
}

impl Config {
    fn service(&mut self, name: &str) -> &mut Said {
        if !self.services.contains_key(name) {
            self.order.push(name.to_owned());
        }
        self.services.entry(name.to_owned()).or_default()
    }

    fn command(&mut self, fields: &[&str], line: &str, file: &mut File) {
        let shown = line.replace('\t', " ");
        let rest = |from: usize| -> Vec<String> {
            fields.get(from..).unwrap_or_default().iter().map(|it| (*it).to_owned()).collect()
        };
        let name = fields.get(1).copied().unwrap_or_default();
        let mut made = |made: Made| {
            self.descriptors.insert(name.to_owned(), (made, shown.clone()));
        };
        match (fields[0], fields.len()) {
            ("fd.pipe", 3) => {
                let other = fields[2].to_owned();
                self.descriptors
                    .insert(other.clone(), (Made::Pipe(name.to_owned(), false), String::new()));
                self.descriptors.insert(name.to_owned(), (Made::Pipe(other, true), shown));
            }
            ("fd.open", 4) => made(Made::File(fields[2].to_owned(), fields[3].to_owned())),
            ("fd.socket", 4) => made(Made::Socket(fields[2].to_owned(), fields[3].to_owned())),
            (
                "service.args" | "service.fds" | "service.tags" | "service.options" | "service.env"
                | "service.auto_up" | "service.start" | "service.pipe",
                2..,
            ) => {
                let said = self.service(name);
                said.directives += 1;
                match fields[0] {
                    "service.args" => said.args = rest(2),
                    "service.fds" => said.fds = rest(2),
                    "service.tags" => said.tags = rest(2),
                    "service.options" => said.options = rest(2),
                    "service.env" => said.env = rest(2),
                    "service.start" => said.is_started = true,
                    "service.pipe" if matches!(fields.get(2), Some(&("1,2" | "1" | "2"))) => {
                        said.logger = rest(3);
                    }
                    "service.pipe" => said.lost.push(shown),
                    _ => {
                        said.interval = fields.get(2).and_then(|it| it.parse().ok());
                        said.triggers = rest(3);
                    }
                }
            }
            ("env", _) => {
                file.table("defaults").directives += 1;
                self.env = rest(1);
            }
            // Where dpctl is heard is said on the command line.
            ("socket.create" | "log.filter" | "statedump" | "echo", _) => {
                file.head.directives += 1;
                file.head.not_needed(format!("{shown}; see daemonproxy(1)"));
            }
            _ => {
                file.head.directives += 1;
                file.head.lost(shown);
            }
        }
    }

    fn write(&self, file: &mut File) {
        let mut defaults = Table::default();
        environment(&self.env, &mut defaults);
        for (key, value) in defaults.keys {
            file.table("defaults").set(&key, value);
        }
        let loggers: Vec<&str> =
            self.order.iter().map(|it| &**it).filter(|it| self.is_logger(it)).collect();
        let mut used: Vec<&str> = Vec::new();
        for name in &self.order {
            if loggers.contains(&&**name) {
                continue;
            }
            let table = self.table(name, &loggers, &mut used);
            file.tables.push(table);
        }
        for (name, (made, line)) in &self.descriptors {
            if line.is_empty() {
                continue;
            }
            file.head.directives += 1;
            let is_used = used.contains(&&**name)
                || matches!(made, Made::Pipe(other, _) if used.contains(&&**other));
            if !is_used {
                file.head.lost(line);
            }
        }
        file.logs();
    }

    /// Whether a service reads a pipe, and its name or its program says what for.
    fn is_logger(&self, name: &str) -> bool {
        let Some(said) = self.services.get(name) else { return false };
        let reads = said.fds.first().and_then(|fd| self.descriptors.get(fd));
        let program = said.args.iter().take(2).any(|arg| {
            let base = arg.rsplit('/').next().unwrap_or(arg);
            LOGGERS.iter().any(|it| base.contains(it))
        });
        let writers = |fd: &String| {
            let writes = |said: &&Said| said.fds.iter().skip(1).any(|it| it == fd);
            self.services.values().filter(writes).count()
        };
        match reads {
            Some((Made::Pipe(other, true), _)) => {
                (program || name.contains("log")) && said.fds.len() <= 3 && writers(other) == 1
            }
            _ => false,
        }
    }

    fn table<'c>(&'c self, name: &str, loggers: &[&str], used: &mut Vec<&'c str>) -> Table {
        let said = &self.services[name];
        let mut service = Table { directives: said.directives, ..Table::service(name) };
        said.lost.iter().for_each(|it| service.lost(it));
        match &said.args[..] {
            [] => cannot_run(&mut service, "it was never said what to run"),
            [sh, c, script] if sh == "sh" && c == "-c" && !script.trim().is_empty() => {
                service.set("sh", quote(script));
            }
            args => service.set("run", list(args.iter().map(|it| &**it))),
        }
        self.triggers(said, &mut service);
        self.fds(said, loggers, used, &mut service);
        options(said, &mut service);
        environment(&said.env, &mut service);
        let is_tag = |tag: &&String| {
            let key = tag.split('=').next().unwrap_or_default();
            !key.is_empty() && !key.starts_with('-') && !crate::raw::is_own_tag(key)
        };
        let (tags, left): (Vec<&String>, Vec<_>) = said.tags.iter().partition(is_tag);
        if !tags.is_empty() {
            service.set("tags", list(tags.into_iter().map(|it| &**it)));
        }
        left.into_iter().for_each(|tag| service.note(format!("the tag {tag}")));
        service
    }

    fn triggers(&self, said: &Said, service: &mut Table) {
        let joined = said.triggers.join("\t");
        let told =
            Triggers::parse(Fields::new(joined.as_bytes())).map_or(Vec::new(), shown_triggers);
        let ways = [
            (Restart::Always, "always", true),
            (Restart::OnFailure, "on-failure", true),
            (Restart::Never, "never", true),
            (Restart::OnFailure, "on-failure", false),
            (Restart::Never, "never", false),
        ];
        let found = ways.into_iter().find_map(|(restart, word, autostart)| {
            let holds = holds(&told, restart, autostart)?;
            let same = told_triggers(&triggers_of(restart, autostart, &holds)) == told;
            same.then_some((word, autostart, holds))
        });
        let (when, autostart, holds) = match found {
            _ if told.is_empty() && said.is_started => ("never", true, Vec::new()),
            Some(found) => found,
            None => {
                service.lost(format!("started by: {}", told.join(" ")));
                ("never", false, Vec::new())
            }
        };
        match said.interval.filter(|&it| it > 1 && !told.is_empty()) {
            Some(seconds) => {
                let entries = [("when", quote(when)), ("delay", seconds.to_string())];
                service.set("restart", table(entries));
            }
            None if when != "always" => service.set("restart", quote(when)),
            None => {}
        }
        if !autostart {
            service.set("autostart", "false");
        }
        if !holds.is_empty() {
            let plain = holds.iter().map(|it| it.strip_prefix("ready:").unwrap_or(it));
            service.set("after", list(plain));
        }
    }

    fn fds<'c>(
        &'c self,
        said: &'c Said,
        loggers: &[&str],
        used: &mut Vec<&'c str>,
        service: &mut Table,
    ) {
        let without = ["null".to_owned(), "null".to_owned(), "null".to_owned()];
        let fds = if said.fds.is_empty() { &without[..] } else { &said.fds[..] };
        if !said.logger.is_empty() {
            let logger = list(said.logger.iter().map(|it| &**it));
            service.set("log", table([("run", logger)]));
        }
        let keys = [("stdin", "null"), ("stdout", "stdout"), ("stderr", "stderr")];
        for (nth, (key, default)) in keys.into_iter().enumerate() {
            let fd = fds.get(nth).map_or("-", |fd| &**fd);
            if fd == default && said.logger.is_empty() {
                continue;
            }
            if nth > 0 && !said.logger.is_empty() {
                // The pipe of service.pipe.
                continue;
            }
            let made = said.fds.get(nth).and_then(|fd| Some((fd, self.descriptors.get(fd)?)));
            match made {
                Some((fd, (Made::Pipe(other, false), _))) => {
                    let logger = loggers.iter().find(|it| {
                        self.services[**it].fds.first().is_some_and(|read| read == other)
                    });
                    if let Some(logger) = logger {
                        let args = &self.services[*logger].args;
                        service.directives += self.services[*logger].directives;
                        service.set("log", table([("run", list(args.iter().map(|it| &**it)))]));
                        if !used.contains(&&**fd) {
                            used.push(fd);
                        }
                        continue;
                    }
                }
                Some((fd, (Made::File(flags, path), _))) => {
                    let is_read = nth == 0 && flags == "read";
                    if is_read || nth > 0 && flags.contains("append") {
                        service.set(key, table([("file", quote(path))]));
                        used.push(fd);
                        continue;
                    }
                }
                _ => {}
            }
            if fd != default {
                service.set(key, quote(fd));
            }
        }
        let more = said.fds.get(3..).unwrap_or_default();
        let sockets: Vec<(&str, String)> = more
            .iter()
            .map_while(|fd| match self.descriptors.get(fd) {
                Some((Made::Socket(flags, address), _)) => {
                    let text = socket(flags, address)?;
                    Some((&**fd, quote(&text)))
                }
                _ => None,
            })
            .collect();
        used.extend(more.iter().take(sockets.len()).map(|fd| &**fd));
        let rest: Vec<&str> = more.iter().skip(sockets.len()).map(|fd| &**fd).collect();
        if !sockets.is_empty() {
            service.set("listen", table(sockets));
        }
        if !rest.is_empty() {
            service.set("fds", list(rest));
        }
    }
}

fn options(said: &Said, service: &mut Table) {
    let (mut stop, mut limits) = (Vec::new(), Vec::new());
    let mut restart: Vec<(&str, String)> = Vec::new();
    for option in &said.options {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let is_whole = !value.is_empty() && value.bytes().all(|it| it.is_ascii_digit());
        match (name, name.strip_prefix("limit."), OPTIONS.iter().find(|it| it.name == name)) {
            ("stop", ..) => stop.push(("signal", quote(value))),
            ("stop_after", ..) if is_whole => stop.push(("after", value.to_owned())),
            ("stop_after", ..) if value == "-" => stop.push(("after", quote("never"))),
            ("backoff", ..) if is_whole => restart.push(("max", value.to_owned())),
            ("giveup", ..) if value.bytes().all(|it| it.is_ascii_digit() || it == b'/') => {
                let (times, within) = value.split_once('/').unwrap_or((value, "1"));
                let both = [("times", times.to_owned()), ("within", within.to_owned())];
                restart.push(("giveup", table(both)));
            }
            ("listen", ..) => {}
            (_, Some(limit), _) => {
                let one = |it: &str| if it == "unlimited" { quote(it) } else { it.to_owned() };
                let value = match value.split_once(':') {
                    Some((soft, hard)) => format!("[{}, {}]", one(soft), one(hard)),
                    None => one(value),
                };
                limits.push((limit, value));
            }
            (_, None, Some(info)) if option::find(name).is_some() => {
                let line = option::toml(info, option);
                if let Some((key, value)) = line.split_once(" = ") {
                    service.set(key, value);
                }
            }
            _ => service.note(format!("the option {option}")),
        }
    }
    if !restart.is_empty() {
        let when = service.get("restart").unwrap_or("\"always\"").to_owned();
        let begin = match when.strip_suffix(" }") {
            Some(begin) => begin.to_owned(),
            None => format!("{{ when = {when}"),
        };
        let more = restart.iter().map(|(key, value)| format!(", {} = {value}", self::key(key)));
        service.set("restart", format!("{begin}{} }}", more.collect::<String>()));
    }
    if !stop.is_empty() {
        service.set("stop", table(stop));
    }
    if !limits.is_empty() {
        service.set("limits", table(limits));
    }
}

fn environment(items: &[String], table_: &mut Table) {
    let (mut variables, mut unset) = (Vec::new(), Vec::new());
    for item in items {
        if item == "!" {
            table_.set("env_clear", "true");
        } else if let Some(name) = item.strip_prefix('!') {
            unset.push(name);
        } else if let Some((name, value)) = item.split_once('=') {
            let (name, value) = match name.strip_suffix('%') {
                Some(name) => (name, decoded(value)),
                None => (name, value.to_owned()),
            };
            variables.push((name, quote(&value)));
        }
    }
    if !unset.is_empty() {
        table_.set("env_unset", list(unset));
    }
    if !variables.is_empty() {
        table_.set("env", table(variables));
    }
}

/// A socket, as the file says it; how many may wait is not said there.
fn socket(flags: &str, address: &str) -> Option<String> {
    let has = |word: &str| flags.split(',').any(|it| it == word);
    let listens = flags.split(',').any(|it| it.starts_with("listen"));
    let is_inet = has("inet") || has("inet6") || has("tcp") || has("udp");
    let is_datagram = has("udp") || has("dgram");
    let kind = match (is_inet, is_datagram) {
        (true, false) if listens => "tcp",
        (true, true) => "udp",
        (false, false) if listens => "unix",
        _ => return None,
    };
    let version = if has("inet6") && !address.starts_with('[') { "6" } else { "" };
    let text = format!("{kind}{version}:{address}");
    listen::parse(&text).is_ok().then_some(text)
}
