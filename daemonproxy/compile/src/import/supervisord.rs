//! `supervisord.conf`: sections with `KEY=VALUE`, as its own parser reads them.
//!
//! - A line that begins with a blank goes on with the value before it.
//! - `;` and `#` in the first column begin a comment, and so does a `;` after a blank.
//! - `%(NAME)s` stands for something, and `%%` for `%`.

use std::collections::BTreeMap;

use super::restart::Restart;
use super::{File, Note, Table, Wrong, cannot_run, name};
use crate::option;
use crate::text::{list, quote, table};

/// A section, with its keys in the order in which they stand there.
struct Section {
    name: String,
    keys: Vec<(String, String)>,
}

/// What holds here anyway, so it does not have to be said.
const NOT_NEEDED: &[&str] = &["process_name", "stopasgroup", "killasgroup", "numprocs"];

pub(super) fn import(text: &str, file: &mut File) -> Result<(), Wrong> {
    for section in &sections(text)? {
        let count = section.keys.len();
        match section.name.split_once(':') {
            Some(("program" | "fcgi-program", theirs)) => {
                file.tables.push(Table { directives: count, ..program(theirs, section) });
            }
            Some(("group", theirs)) => group(theirs, section, file.table("groups")),
            _ if section.name == "supervisord" => {
                let mut defaults = Table::default();
                supervisord(section, file.table("daemon"), &mut defaults);
                for (key, value) in defaults.keys {
                    file.table("defaults").set(&key, value);
                }
            }
            _ if section.name == "include" => {
                file.head.directives += count;
                for (key, value) in &section.keys {
                    let what = format!("[include] {key}={value}; import these files, too");
                    file.head.lost(what);
                }
            }
            Some(("rpcinterface", _)) => {
                file.head.directives += count;
                file.head.not_needed(format!("[{}]; see dpctl(1)", section.name));
                (1..count).for_each(|_| file.head.not_needed_silently());
            }
            Some(_) => {
                file.head.directives += count.max(1);
                file.head.lost(format!("[{}]", section.name));
                for (key, value) in &section.keys {
                    file.head.notes.push((Note::Lost, format!("    {key}={value}")));
                }
            }
            // How to talk to supervisord itself.
            None => {
                file.head.directives += count;
                file.head.not_needed(format!("[{}]; see dpctl(1)", section.name));
                (1..count).for_each(|_| file.head.not_needed_silently());
            }
        }
    }
    file.logs();
    Ok(())
}

fn group(theirs: &str, section: &Section, groups: &mut Table) {
    groups.directives += section.keys.len();
    for (key, value) in &section.keys {
        if key == "programs" {
            let members: Vec<String> = value.split(',').map(|it| name(it.trim())).collect();
            let members = list(members.iter().map(|it| &**it));
            groups.set(&crate::text::key(&name(theirs)), members);
        } else {
            groups.lost(format!("{key}={value}, of the group {theirs}"));
        }
    }
}

fn sections(text: &str) -> Result<Vec<Section>, Wrong> {
    let mut sections: Vec<Section> = Vec::new();
    for (nth, line) in text.lines().enumerate() {
        let wrong = |why: &str| (nth + 1, why.to_owned());
        let is_more = line.starts_with([' ', '\t']);
        let line = without_comment(line);
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        if let Some(rest) = trimmed.strip_prefix('[').filter(|_| !is_more) {
            let inner = rest.strip_suffix(']').ok_or_else(|| wrong("expected a ] at the end"))?;
            sections.push(Section { name: inner.trim().to_owned(), keys: Vec::new() });
            continue;
        }
        let section = sections.last_mut().ok_or_else(|| wrong("expected a section, [NAME]"))?;
        if is_more && let Some((_, value)) = section.keys.last_mut() {
            value.push('\n');
            value.push_str(trimmed);
            continue;
        }
        let (key, value) =
            trimmed.split_once(['=', ':']).ok_or_else(|| wrong("expected KEY=VALUE"))?;
        section.keys.push((key.trim().to_lowercase(), value.trim().to_owned()));
    }
    Ok(sections)
}

fn without_comment(line: &str) -> &str {
    if line.starts_with([';', '#']) {
        return "";
    }
    let after_blank = line.match_indices(';').find(|(at, _)| line[..*at].ends_with([' ', '\t']));
    after_blank.map_or(line, |(at, _)| &line[..at])
}

fn supervisord(section: &Section, daemon: &mut Table, defaults: &mut Table) {
    daemon.directives += section.keys.len();
    for (key, value) in &section.keys {
        match &**key {
            "childlogdir" => daemon.set("logs", quote(&expanded(value, "supervisord", None).0)),
            "environment" => match environment(value) {
                Some(env) => defaults
                    .set("env", table(env.iter().map(|(name, value)| (&**name, quote(value))))),
                None => daemon.lost(format!("environment={value}")),
            },
            "umask" => defaults.set("umask", quote(value)),
            "nodaemon" | "pidfile" | "logfile" | "logfile_maxbytes" | "logfile_backups"
            | "loglevel" | "silent" | "identifier" | "nocleanup" | "strip_ansi" => {
                daemon.not_needed(format!("{key}={value}, of supervisord itself"));
            }
            "minfds" if value.parse::<u64>().is_ok() => {
                defaults.set("limits", table([("nofile", value.clone())]));
            }
            _ => daemon.lost(format!("{key}={value}")),
        }
    }
}

fn program(theirs: &str, section: &Section) -> Table {
    let ours = name(theirs);
    let mut service = Table::service(&ours);
    if ours != theirs {
        service.note(format!("it was called {theirs}"));
    }
    let get = |key: &str| {
        section.keys.iter().rev().find(|(known, _)| known == key).map(|(_, value)| &**value)
    };
    let count: u32 = get("numprocs").and_then(|it| it.parse().ok()).unwrap_or(1);
    let first = get("numprocs_start").map_or(0, |it| it.parse().unwrap_or(0));
    let instances = (count > 1).then_some(first);
    let mut stop = Vec::new();
    let mut restart = Restart { when: Some("on-failure"), ..Restart::default() };
    // Values with `%(…)s` in them as they are meant.
    let text = |service: &mut Table, key: &str, value: &str| {
        let (text, missing) = expanded(value, theirs, instances);
        for what in missing {
            service.note(format!("in {key}: {what}"));
        }
        text
    };
    if count > 1 {
        service.set("instances", count.to_string());
    }
    for (key, value) in &section.keys {
        match &**key {
            "command" => {
                let value = text(&mut service, key, value);
                match shlex::split(&value).filter(|words| !words.is_empty()) {
                    Some(words) => service.set("run", list(words.iter().map(|it| &**it))),
                    None => service.lost(format!("command={value}")),
                }
            }
            "directory" => {
                let value = text(&mut service, key, value);
                service.set("cwd", quote(&value));
            }
            "user" => service.set("user", quote(value)),
            "umask" => service.set("umask", quote(value)),
            "autostart" if is_false(value) => service.set("autostart", "false"),
            "autostart" => {}
            "autorestart" => {
                let ours = match &*value.to_lowercase() {
                    "unexpected" => "on-failure",
                    value if is_false(value) => "never",
                    _ => "always",
                };
                restart.when = Some(ours);
            }
            "startsecs" | "startretries" => {}
            "exitcodes" if option::is_known("success") => {
                let codes: Vec<&str> =
                    value.split(',').map(str::trim).filter(|code| *code != "0").collect();
                if !codes.is_empty() {
                    service.set("success", quote(&codes.join(":")));
                }
            }
            "stopsignal" => stop.push(("signal", quote(value))),
            "stopwaitsecs" => stop.push(("after", value.clone())),
            "environment" => {
                let value = text(&mut service, key, value);
                match environment(&value) {
                    Some(env) => service
                        .set("env", table(env.iter().map(|(name, value)| (&**name, quote(value))))),
                    None => service.lost(format!("environment={value}")),
                }
            }
            "stdout_logfile" | "stderr_logfile" => {
                let value = text(&mut service, key, value);
                output(&mut service, key, &value);
            }
            "redirect_stderr" | "stdout_logfile_maxbytes" | "stdout_logfile_backups" => {}
            // What it writes there goes into the same log here.
            "stderr_logfile_maxbytes" | "stderr_logfile_backups" => service.not_needed_silently(),
            "numprocs_start" if count > 1 => {
                service.note(format!("numbers begin with 1, and with {value} there"));
            }
            key if NOT_NEEDED.contains(&key) => service.not_needed_silently(),
            _ => service.lost(format!("{key}={value}")),
        }
    }
    if get("stdout_logfile_maxbytes").and_then(bytes) != Some(0) {
        rotated(&mut service);
    }
    both(&mut service, &ours, count, get("redirect_stderr").is_some_and(|it| !is_false(it)));
    log_settings(&mut service, get("stdout_logfile_maxbytes"), get("stdout_logfile_backups"));
    // After so many starts without success it has failed for good; each waits a second longer.
    let number = |key: &str| get(key).map(|it| it.trim().parse::<u64>().unwrap_or(1));
    let (seconds, retries) = (number("startsecs"), number("startretries"));
    if seconds.is_some_and(|it| it > 0) || retries.is_some() {
        let (seconds, retries) = (seconds.unwrap_or(1), retries.unwrap_or(3).min(1000));
        let waits = retries * (retries + 1) / 2;
        let within = seconds.min(100_000) * (retries + 1) + waits;
        restart.giveup = Some((retries + 1, within));
    }
    if let Some(text) = restart.text() {
        service.set("restart", text);
    }
    if !stop.is_empty() {
        service.set("stop", table(stop));
    }
    if !service.keys.iter().any(|(key, _)| key == "run") {
        cannot_run(&mut service, "it has no command, so it cannot run");
    }
    service
}

/// Where standard output, or error, goes.
fn output(service: &mut Table, key: &str, value: &str) {
    let (ours, same) =
        if key == "stdout_logfile" { ("stdout", "/dev/stdout") } else { ("stderr", "/dev/stderr") };
    match value {
        "NONE" | "none" | "/dev/null" => service.set(ours, quote("null")),
        "AUTO" | "auto" | "" => {}
        "syslog" => service.lost(format!("{key}=syslog")),
        value if value == same || value == "/dev/fd/1" || value == "/dev/fd/2" => {
            service.set(ours, quote(ours));
        }
        path => service.set(ours, table([("file", quote(path))])),
    }
}

/// A file that begins anew when it is full is the work of a logger.
fn rotated(service: &mut Table) {
    for key in ["stdout", "stderr"] {
        let path = service.get(key).and_then(|it| it.strip_prefix("{ file = "));
        let Some(path) = path.map(|it| it.trim_end_matches(" }").to_owned()) else { continue };
        service.keys.retain(|(known, _)| known != key);
        service.note(format!("its {key} went to {path}; see dpctl logs"));
    }
}

/// How the log is kept small, if it is said.
fn log_settings(service: &mut Table, size: Option<&str>, backups: Option<&str>) {
    if service.get("log").is_none() {
        return;
    }
    let size = size.and_then(bytes).map(|it| ("size", it.to_string()));
    let keep = backups.and_then(|it| it.parse::<u32>().ok()).map(|it| ("keep", it.to_string()));
    let entries: Vec<_> = size.into_iter().chain(keep).collect();
    if !entries.is_empty() {
        service.set("log", table(entries));
    }
}

/// A number of bytes, such as `50MB`.
fn bytes(text: &str) -> Option<u64> {
    let text = text.trim().to_uppercase();
    crate::value::size(text.trim_end_matches('B'))
}

/// What is not said goes into logs, and both may go into one file.
fn both(service: &mut Table, name: &str, count: u32, redirect: bool) {
    let get = |service: &Table, key: &str| {
        service.keys.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
    };
    let (out, err) = (get(service, "stdout"), get(service, "stderr"));
    match (&out, &err, redirect) {
        (Some(out), _, true) if out.starts_with('{') && count > 1 => {
            service.note("standard error went into the same file");
        }
        (Some(out), _, true) if out.starts_with('{') => {
            service.set("stderr", quote(&format!("{name}.out")));
        }
        (Some(out), _, true) => service.set("stderr", out.clone()),
        (Some(_), Some(_), _) => {}
        _ => service.set("log", "true"),
    }
}

fn is_false(value: &str) -> bool {
    matches!(&*value.to_lowercase(), "false" | "no" | "off" | "0")
}

/// A value with what `%(…)s` stands for, and what nobody knows here. `instances`: there are several,
/// and this is the number of the first.
fn expanded(value: &str, program: &str, instances: Option<u32>) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut missing = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let found = rest.strip_prefix('(').and_then(|it| it.split_once(')'));
        // Behind it comes `s`, or `02d` and the like.
        let found = found.and_then(|(name, after)| {
            let end = after.find(['s', 'd'])?;
            after[..end]
                .bytes()
                .all(|it| it.is_ascii_digit())
                .then(|| (name, &after[..=end], &after[end + 1..]))
        });
        let Some((name, format, after)) = found else {
            out.push('%');
            continue;
        };
        rest = after;
        match name {
            "program_name" | "group_name" => out.push_str(program),
            "process_num" if instances.is_none() => out.push('0'),
            "process_num" => {
                out.push_str("{n}");
                if instances != Some(1) || format.len() > 1 {
                    missing.push(format!(
                        "%(process_num){format} was another number: {{n}} begins with 1"
                    ));
                }
            }
            "here" => {
                out.push('.');
                missing.push(
                    "%(here)s, the folder of that file, is `.` here: write the path".to_owned(),
                );
            }
            name => {
                missing.push(format!("%({name}){format} is not known here"));
                out.push_str(&format!("%({name}){format}"));
            }
        }
    }
    out.push_str(rest);
    (out, missing)
}

/// `A="1",B='2',C=3`.
fn environment(value: &str) -> Option<BTreeMap<String, String>> {
    let mut env = BTreeMap::new();
    let mut rest = value.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, more) = match quote {
            Some(quote) => {
                let end = after[1..].find(quote)? + 1;
                (&after[1..end], &after[end + 1..])
            }
            None => {
                let end = after.find([',', '\n']).unwrap_or(after.len());
                (after[..end].trim_end(), &after[end..])
            }
        };
        let name = name.trim();
        crate::env::is_name(name).then_some(())?;
        env.insert(name.to_owned(), value.to_owned());
        let more = more.trim_start();
        rest = more.strip_prefix(',').unwrap_or(more).trim_start();
        if !more.is_empty() && !more.starts_with(',') {
            return None;
        }
    }
    Some(env)
}
