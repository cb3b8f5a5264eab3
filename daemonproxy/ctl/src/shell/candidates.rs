//! What may stand at a place of a command: from the grammar, and from the state as it is.

use std::collections::BTreeSet;
use std::path::Path;

use daemonproxy_protocol::StateView;
use daemonproxy_protocol::tables::{ArgInfo, COMMANDS, Presence};

use super::help::LOCAL;
use crate::completion::standard_signals;

/// A candidate, and whether the field is complete with it.
pub(super) struct Candidate {
    pub(super) text: String,
    pub(super) complete: bool,
}

impl Candidate {
    fn whole(text: impl Into<String>) -> Self {
        Self { text: text.into(), complete: true }
    }
}

/// Everything that may stand behind these fields and begins with what was typed.
pub(super) fn candidates(view: &StateView, before: &[&str], typed: &str) -> Vec<Candidate> {
    let all = match before {
        [] => {
            let local = LOCAL.iter().map(|(name, ..)| *name);
            local.chain(command_names()).map(Candidate::whole).collect()
        }
        ["help"] => {
            let local = LOCAL.iter().map(|(name, ..)| *name);
            local.chain(command_names()).map(Candidate::whole).collect()
        }
        ["status" | "watch", ..] => services(view),
        [command, args @ ..] => match argument(command, args.len()) {
            Some(arg) => of_kind(view, arg, args, typed),
            None => Vec::new(),
        },
    };
    all.into_iter().filter(|candidate| candidate.text.starts_with(typed)).collect()
}

/// The argument at this place; the last one may be repeated.
pub(super) fn argument(command: &str, index: usize) -> Option<&'static ArgInfo> {
    let info = COMMANDS.iter().find(|info| info.name.as_str() == command)?;
    info.args.get(index).or_else(|| info.args.last().filter(|arg| is_repeated(arg)))
}

pub(super) fn is_repeated(arg: &ArgInfo) -> bool {
    matches!(arg.presence, Presence::Repeated | Presence::RepeatedAtLeastOnce)
}

fn command_names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|info| info.name.as_str())
}

fn of_kind(view: &StateView, arg: &ArgInfo, args: &[&str], typed: &str) -> Vec<Candidate> {
    let words = |words: &[&str]| words.iter().map(|word| Candidate::whole(*word)).collect();
    match arg.kind.name {
        "service" => services(view),
        "fd" => fds(view),
        "fd_or_none" => fds(view).into_iter().chain([Candidate::whole("-")]).collect(),
        "signal" => signals(typed),
        "trigger" => signals(typed).into_iter().chain([Candidate::whole("always")]).collect(),
        "tag" => tags(view, None),
        "tag_change" => tags(view, args.first().copied()),
        "group" => words(&["group"]),
        "log_type" => words(&["fd"]),
        "no_options" | "interval" | "start_time" => words(&["-"]),
        "guard_switch" => words(&["+", "-"]),
        "signal_action" => words(&["event", "shutdown", "terminate"]),
        "filter_change" => {
            words(&["none", "trace", "debug", "info", "warning", "error", "fatal", "+", "-"])
        }
        "pipe_flags" | "file_flags" | "socket_flags" => flags(arg.kind.doc, typed),
        "path" | "address" | "arg" | "exec_arg" => paths(typed),
        _ => Vec::new(),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn services(view: &StateView) -> Vec<Candidate> {
    view.services().map(|(name, _)| Candidate::whole(text(name))).collect()
}

fn fds(view: &StateView) -> Vec<Candidate> {
    view.fds().map(|(name, _)| Candidate::whole(text(name))).collect()
}

fn signals(typed: &str) -> Vec<Candidate> {
    let prefix = if typed.starts_with("SIG") { "SIG" } else { "" };
    standard_signals().map(|name| Candidate::whole(format!("{prefix}{name}"))).collect()
}

/// The tags that any service has; and what takes off those of one service.
fn tags(view: &StateView, service: Option<&str>) -> Vec<Candidate> {
    let all = view.services().flat_map(|(_, service)| service.tags().iter());
    let mut found: BTreeSet<String> = all.map(text).collect();
    if let Some(service) = service.and_then(|name| view.service(name.as_bytes())) {
        let keys = service.tags().iter().map(|tag| {
            let key = tag.split(|&byte| byte == b'=').next().unwrap_or(tag);
            format!("-{}", text(key))
        });
        found.extend(keys);
    }
    found.into_iter().map(Candidate::whole).collect()
}

/// Flags stand in the grammar between the first two backticks of their kind, and on the line with
/// commas between them.
fn flags(doc: &str, typed: &str) -> Vec<Candidate> {
    let (before, _) = typed.rsplit_once(',').map_or(("", typed), |(before, last)| (before, last));
    let had: Vec<_> = before.split(',').collect();
    let known = doc.split('`').nth(1).unwrap_or_default().split(' ');
    let new = known.filter(|flag| !had.contains(flag) && !flag.contains("=B"));
    let prefix = if before.is_empty() { String::new() } else { format!("{before},") };
    new.map(|flag| Candidate { text: format!("{prefix}{flag}"), complete: false }).collect()
}

/// Files, from our working directory, which is the daemon's only for absolute paths.
fn paths(typed: &str) -> Vec<Candidate> {
    let (folder, _) = typed.rsplit_once('/').map_or(("", typed), |(folder, name)| (folder, name));
    let (shown, folder) = match (typed.contains('/'), folder) {
        (false, _) => return Vec::new(),
        (true, "") => ("/".to_owned(), "/"),
        (true, folder) => (format!("{folder}/"), folder),
    };
    let Ok(entries) = std::fs::read_dir(Path::new(folder)) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_folder = entry.path().is_dir();
            let text = format!("{shown}{name}{}", if is_folder { "/" } else { "" });
            Some(Candidate { text, complete: !is_folder })
        })
        .collect();
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found
}
