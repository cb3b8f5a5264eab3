//! `compose.yaml`: the services in it, as processes of this machine.
//!
//! There are no images, no networks and no volumes here. What a container says about its process is
//! carried over, and the rest becomes comments.

use std::collections::BTreeSet;

use super::restart::Restart;
use super::yaml::{self, Value};
use super::{File, Table, Wrong, cannot_run, name};
use crate::text::{key, list, quote, table};
use crate::value::{duration, size};

/// What is the same for all processes of a machine.
const NOT_NEEDED: &[&str] = &[
    "container_name",
    "expose",
    "init",
    "networks",
    "platform",
    "pull_policy",
    "links",
    "hostname",
    "domainname",
    "attach",
];

pub(super) fn import(text: &str, file: &mut File) -> Result<(), Wrong> {
    let tree = yaml::read(text)?;
    let services = tree.get("services").map(Value::entries).unwrap_or_default();
    // Long ago, services stood at the top.
    let is_old = services.is_empty()
        && tree.entries().iter().any(|(_, it)| it.get("image").or(it.get("build")).is_some());
    let services = if is_old { tree.entries() } else { services };
    if services.is_empty() {
        return Err((0, "there are no services in it".to_owned()));
    }
    for (key, value) in tree.entries().iter().filter(|_| !is_old) {
        match (&**key, value) {
            ("services", _) => {}
            ("name", Value::Text(theirs)) => {
                file.table("daemon").directives += 1;
                let ours = name(&plain(theirs, &mut Table::default()));
                file.table("daemon").set("name", quote(&ours));
            }
            ("version" | "networks", _) => {
                file.head.directives += 1;
                file.head.not_needed_silently();
            }
            // What others refer to.
            (key, _) if key.starts_with("x-") => {}
            _ => {
                file.head.directives += 1;
                file.head.lost(format!("{key}: {}", value.shown()));
            }
        }
    }
    let healthy = waited_for(services);
    for (theirs, value) in services {
        let service = Service { theirs, value, is_waited_for: healthy.contains(&**theirs) };
        let (table, groups) = service.table();
        let ours = name(theirs);
        file.tables.push(table);
        for group in groups {
            let groups = file.table("groups");
            let before = groups.get(&key(&group)).unwrap_or("[]").trim_end_matches(']').to_owned();
            let comma = if before == "[" { "" } else { ", " };
            groups.set(&key(&group), format!("{before}{comma}{}]", quote(&ours)));
        }
    }
    file.logs();
    Ok(())
}

/// Services that others wait for until they are healthy.
fn waited_for(services: &[(String, Value)]) -> BTreeSet<&str> {
    let all = services.iter().filter_map(|(_, it)| it.get("depends_on"));
    let is = |it: &&(String, Value)| {
        it.1.get("condition").and_then(Value::text) == Some("service_healthy")
    };
    all.flat_map(Value::entries).filter(is).map(|(name, _)| &**name).collect()
}

/// A service of theirs.
struct Service<'v> {
    theirs: &'v str,
    value: &'v Value,
    is_waited_for: bool,
}

impl Service<'_> {
    /// Its table, and the groups that it is in.
    fn table(&self) -> (Table, Vec<String>) {
        let ours = name(self.theirs);
        let mut service = Table::service(&ours);
        if ours != self.theirs {
            service.note(format!("it was called {}", self.theirs));
        }
        let mut restart = Restart { when: Some("never"), ..Restart::default() };
        let (mut stop, mut groups) = (Vec::new(), Vec::new());
        self.command(&mut service);
        for (key, value) in self.value.entries() {
            service.directives += 1;
            let mut remarks = Table::default();
            let text = value.text().map(|it| plain(it, &mut remarks));
            let before = service.notes.len();
            let lost = |service: &mut Table| service.lost(format!("{key}: {}", value.shown()));
            match (&**key, text) {
                ("command" | "entrypoint", _) => {}
                ("working_dir", Some(text)) => service.set("cwd", quote(&text)),
                ("user", Some(text)) => user(&text, &mut service),
                ("group_add", _) => {
                    let groups: Vec<_> = value.items().iter().filter_map(Value::text).collect();
                    service.set("groups", list(groups));
                }
                ("environment", _) => environment(value, &mut service),
                ("env_file", _) => env_file(value, &mut service),
                ("depends_on", _) => self.depends_on(value, &mut service),
                ("restart", Some(text)) => restart_of(&text, &mut restart, &mut service),
                ("deploy", _) => deploy(value, &mut restart, &mut service),
                ("scale", Some(text)) => service.set("instances", text),
                ("healthcheck", _) => self.health(value, &mut service),
                ("stop_signal", Some(text)) => stop.push(("signal", quote(&text))),
                ("stop_grace_period", Some(text)) => match span(&text) {
                    Some(seconds) => stop.push(("after", seconds.to_string())),
                    None => lost(&mut service),
                },
                ("ulimits", _) => limits(value, &mut service),
                ("oom_score_adj", Some(text)) => service.set("oom", text),
                ("mem_limit", Some(text)) => memory(&text, key, &mut service),
                ("labels", _) => labels(value, &mut service),
                ("profiles", _) => {
                    let names = value.items().iter().filter_map(Value::text);
                    groups.extend(names.map(name));
                    // Only who names the profile starts it.
                    service.set("autostart", "false");
                }
                ("security_opt", _) => match value.shown().contains("no-new-privileges") {
                    true => service.set("no_new_privs", "true"),
                    false => lost(&mut service),
                },
                ("logging", _) => {
                    service.set("log", "true");
                    lost(&mut service);
                }
                // It listens there itself.
                ("ports", _) if value.items().iter().all(is_same_port) => {
                    service.not_needed_silently();
                }
                (key, _) if NOT_NEEDED.contains(&key) => service.not_needed_silently(),
                _ => lost(&mut service),
            }
            // Of what is a comment anyway there is no more to say.
            if service.notes.len() == before && !matches!(&**key, "command" | "entrypoint") {
                remarks.notes.into_iter().for_each(|(_, text)| service.note(text));
            }
        }
        if let Some(text) = restart.text() {
            service.set("restart", text);
        }
        if !stop.is_empty() {
            service.set("stop", table(stop));
        }
        (service, groups)
    }

    fn command(&self, service: &mut Table) {
        let (entry, command) = (self.value.get("entrypoint"), self.value.get("command"));
        let mut words = Vec::new();
        for value in [entry, command].into_iter().flatten() {
            match value {
                Value::Text(text) => {
                    let text = plain(text, service);
                    match shlex::split(&text) {
                        Some(split) => words.extend(split),
                        None => service.lost(text),
                    }
                }
                value => {
                    let items = value.items().iter().map(Value::shown);
                    let items: Vec<_> = items.map(|it| plain(&it, service)).collect();
                    words.extend(items);
                }
            }
        }
        if entry.is_none() && !words.is_empty() && self.value.get("image").is_some() {
            service.note("its image may have an entrypoint, which runs what stands here");
        }
        match words.is_empty() {
            true => cannot_run(service, "what it runs stands in its image: write it here"),
            false => service.set("run", list(words.iter().map(|it| &**it))),
        }
    }

    fn depends_on(&self, value: &Value, service: &mut Table) {
        let mut after: Vec<String> = value
            .items()
            .iter()
            .filter_map(Value::text)
            .map(|it| format!("up:{}", name(it)))
            .collect();
        for (other, how) in value.entries() {
            let ours = name(other);
            after.push(match how.get("condition").and_then(Value::text) {
                Some("service_healthy") => ours,
                Some("service_completed_successfully") => format!("done:{ours}"),
                _ => format!("up:{ours}"),
            });
            for (key, value) in how.entries() {
                if !matches!((&**key, value.text()), ("condition", _) | ("required", Some("true")))
                {
                    service.note(format!("depends_on {other} has {key}: {}", value.shown()));
                }
            }
        }
        service.set("after", list(after.iter().map(|it| &**it)));
    }

    fn health(&self, value: &Value, service: &mut Table) {
        let test = value.get("test");
        let words: Vec<String> = match test {
            Some(Value::Text(text)) => vec!["CMD-SHELL".into(), text.clone()],
            Some(it) => it.items().iter().map(Value::shown).collect(),
            None => Vec::new(),
        };
        let words: Vec<_> = words.iter().map(|it| plain(it, service)).collect();
        let is_off = value.get("disable").and_then(Value::text) == Some("true");
        let way = match &words[..] {
            [first, ..] if first == "NONE" => None,
            [first, shell] if first == "CMD-SHELL" => Some(("sh", quote(shell))),
            [first, rest @ ..] if first == "CMD" && !rest.is_empty() => {
                Some(("run", list(rest.iter().map(|it| &**it))))
            }
            _ => None,
        };
        let Some(way) = way.filter(|_| !is_off) else {
            if is_off || words.first().is_some_and(|it| it == "NONE") {
                return service.not_needed_silently();
            }
            return service.lost(format!("healthcheck: {}", value.shown()));
        };
        let mut entries = vec![way];
        for (theirs, ours) in [("interval", "every"), ("timeout", "within")] {
            let seconds = value.get(theirs).and_then(Value::text).and_then(span);
            entries.extend(seconds.map(|it| (ours, it.to_string())));
        }
        let retries = value.get("retries").and_then(Value::text);
        entries.extend(retries.map(|it| ("failures", it.to_owned())));
        for (key, value) in value.entries() {
            if !["test", "interval", "timeout", "retries", "disable"].contains(&&**key) {
                service.note(format!("healthcheck has {key}: {}", value.shown()));
            }
        }
        service.set("health", table(entries));
        if self.is_waited_for {
            service.set("ready", quote("health"));
        }
    }
}

/// `80:80` and the like.
fn is_same_port(port: &Value) -> bool {
    let mut ends = port.text().unwrap_or_default().rsplit(':');
    matches!((ends.next(), ends.next()), (Some(inside), Some(outside)) if inside == outside)
}

/// A text without what compose fills in: `$$` is `$`, and of `${NAME:-text}` the text is taken.
fn plain(text: &str, service: &mut Table) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let inner = rest.strip_prefix('{').and_then(|it| it.split_once('}'));
        if let Some((inner, after)) = inner {
            let (variable, without) = match inner.split_once(":-").or(inner.split_once('-')) {
                Some((variable, without)) => (variable, Some(without)),
                None => (inner.split([':', '?']).next().unwrap_or(inner), None),
            };
            match without {
                Some(without) => out.push_str(without),
                None => out.push_str(&format!("${{{inner}}}")),
            }
            service.note(match without {
                Some(_) => format!("${{{inner}}} was filled in by compose, from {variable}"),
                None => format!("${{{inner}}} was filled in by compose: write what {variable} is"),
            });
            rest = after;
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        out.push_str(&format!("${}", &rest[..end]));
        if end > 0 {
            let variable = &rest[..end];
            service.note(format!("${variable} was filled in by compose: write what it is"));
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn user(text: &str, service: &mut Table) {
    let (user, group) = text.split_once(':').map_or((text, None), |(a, b)| (a, Some(b)));
    service.set("user", quote(user));
    let is_number = !user.is_empty() && user.bytes().all(|it| it.is_ascii_digit());
    match group {
        Some(group) => service.set("group", quote(group)),
        // Nobody may have this number here.
        None if is_number => service.set("group", quote("0")),
        None => {}
    }
}

fn environment(value: &Value, service: &mut Table) {
    let mut variables: Vec<(String, String)> = Vec::new();
    let listed = value.items().iter().filter_map(Value::text).map(|it| {
        let (name, value) = it.split_once('=').map_or((it, None), |(a, b)| (a, Some(b)));
        (name.to_owned(), value.map(str::to_owned))
    });
    let named =
        value.entries().iter().map(|(name, value)| (name.clone(), value.text().map(str::to_owned)));
    for (name, value) in listed.chain(named) {
        // Without a value it is that of whoever runs compose; here it is there anyway.
        let Some(value) = value else { continue };
        let value = plain(&value, service);
        if !crate::env::is_name(&name) || name.contains(' ') {
            service.lost(format!("environment: {name}={value}"));
            continue;
        }
        variables.retain(|(known, _)| *known != name);
        variables.push((name, quote(&value)));
    }
    if !variables.is_empty() {
        service.set("env", table(variables.iter().map(|(name, it)| (&**name, it.clone()))));
    }
}

fn env_file(value: &Value, service: &mut Table) {
    let one = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        value => value.get("path").and_then(Value::text).map(str::to_owned),
    };
    let files: Vec<String> = match value {
        Value::List(items) => items.iter().filter_map(one).collect(),
        value => one(value).into_iter().collect(),
    };
    let is_optional =
        value.items().iter().any(|it| it.get("required").and_then(Value::text) == Some("false"));
    if is_optional {
        service.note("a file of env_file that is not there is an error here");
    }
    service.set("env_file", list(files.iter().map(|it| &**it)));
}

fn restart_of(text: &str, restart: &mut Restart, service: &mut Table) {
    let (word, times) = text.split_once(':').map_or((text, None), |(a, b)| (a, Some(b)));
    restart.when = Some(match word {
        "always" | "unless-stopped" => "always",
        "on-failure" => "on-failure",
        _ => "never",
    });
    if let Some(times) = times.and_then(|it| it.parse().ok()) {
        restart.giveup = Some((times, 3600));
        service.note("it was given up after so many failures in a row, however long that took");
    }
}

fn deploy(value: &Value, restart: &mut Restart, service: &mut Table) {
    // What stands in it counts, not itself.
    service.directives -= 1;
    for (key, value) in value.entries() {
        match &**key {
            "replicas" => {
                service.directives += 1;
                service.set("instances", value.shown());
            }
            "restart_policy" => {
                let seconds = |key: &str| value.get(key).and_then(Value::text).and_then(span);
                service.directives += value.entries().len();
                restart.when = Some(match value.get("condition").and_then(Value::text) {
                    Some("none") => "never",
                    Some("on-failure") => "on-failure",
                    _ => "always",
                });
                restart.delay = seconds("delay");
                let times = value.get("max_attempts").and_then(Value::text);
                if let Some(times) = times.and_then(|it| it.parse().ok()) {
                    restart.giveup = Some((times, seconds("window").unwrap_or(3600)));
                }
            }
            "resources" => {
                for (kind, value) in value.entries() {
                    for (what, value) in value.entries() {
                        service.directives += 1;
                        match (&**kind, &**what, value.text()) {
                            ("limits", "memory", Some(text)) => {
                                memory(text, "deploy.resources.limits.memory", service);
                            }
                            _ => service.lost(format!("{kind}.{what}: {}", value.shown())),
                        }
                    }
                }
            }
            _ => {
                service.directives += 1;
                service.lost(format!("deploy.{key}: {}", value.shown()));
            }
        }
    }
}

fn limits(value: &Value, service: &mut Table) {
    let number = |text: &str| if text == "-1" { quote("unlimited") } else { text.to_owned() };
    let mut limits = Vec::new();
    for (limit, value) in value.entries() {
        let pair = |key: &str| value.get(key).and_then(Value::text).map(number);
        match (value.text(), pair("soft"), pair("hard")) {
            (Some(text), ..) => limits.push((&**limit, number(text))),
            (None, Some(soft), Some(hard)) => limits.push((&**limit, format!("[{soft}, {hard}]"))),
            _ => service.lost(format!("ulimits: {limit}: {}", value.shown())),
        }
    }
    if !limits.is_empty() {
        service.set("limits", table(limits));
    }
}

fn memory(text: &str, key: &str, service: &mut Table) {
    let short = text.trim_end_matches(['b', 'B']).to_uppercase();
    match size(&short) {
        Some(bytes) if bytes >= 4096 => {
            service.set("memory", bytes.to_string());
            service.note("memory is limited by a daemon that was started with --cgroup");
        }
        _ => service.lost(format!("{key}: {text}")),
    }
}

fn labels(value: &Value, service: &mut Table) {
    let listed = value.items().iter().filter_map(Value::text).map(str::to_owned);
    let named = value.entries().iter().map(|(key, value)| match value {
        Value::Null => key.clone(),
        value => format!("{key}={}", value.shown()),
    });
    let is_tag = |it: &String| {
        let key = it.split('=').next().unwrap_or_default();
        !key.is_empty()
            && !key.starts_with('-')
            && !crate::raw::is_own_tag(key)
            && it.bytes().all(|byte| byte >= 0x20)
    };
    let (tags, left): (Vec<_>, Vec<_>) = listed.chain(named).partition(is_tag);
    if !tags.is_empty() {
        let tags: Vec<_> = tags.iter().map(|it| plain(it, service)).collect();
        service.set("tags", list(tags.iter().map(|it| &**it)));
    }
    if !left.is_empty() {
        service.lost(format!("labels: {}", left.join(", ")));
    }
}

/// Whole seconds, of at least one, in `1m30s`, `500ms` and the like.
fn span(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Some(milliseconds) = text.strip_suffix("ms") {
        return milliseconds.parse::<u64>().ok().map(|it| it.div_ceil(1000));
    }
    // `1m0.5s` has a point.
    let whole = match (text.find('.'), text.strip_suffix('s')) {
        (Some(at), Some(_)) => format!("{}s", &text[..at]),
        _ => text.to_owned(),
    };
    duration(&whole).map(|it| it.max(1))
}
