//! What may come at some place in a command: from the grammar, and from the current state.

use std::collections::BTreeSet;
use std::path::Path;

use daemonproxy_client::protocol::tables::{ArgInfo, COMMANDS, OPTIONS, Presence};
use daemonproxy_client::protocol::{Signal, StateView, is_unsafe, key};
use nix::unistd::{AccessFlags, access};

use super::help::LOCAL;
use super::verbs::{self, in_full, is_verb, verbs};
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

/// Everything that may follow these fields and begins with what was typed.
///
/// Relative paths are those of the daemon, and so of its services; `folder` is its working
/// directory.
pub(super) fn candidates(
    view: &StateView,
    folder: &Path,
    before: &[&str],
    typed: &str,
) -> Vec<Candidate> {
    let home = home_path(typed);
    let typed = home.as_deref().unwrap_or(typed);
    let before = match before {
        [tag, command @ ..] if tag.starts_with('@') && !command.is_empty() => command,
        _ => before,
    };
    let all = match before {
        [tag] if tag.starts_with('@') => command_names().map(Candidate::whole).collect(),
        [] => {
            let local = LOCAL.iter().map(|(name, ..)| *name);
            local.chain(verbs()).chain(command_names()).map(Candidate::whole).collect()
        }
        ["help"] => {
            let local = LOCAL.iter().map(|(name, ..)| *name);
            local.chain(verbs()).chain(command_names()).map(Candidate::whole).collect()
        }
        ["watch", ..] => services(view),
        [verb, args @ ..] if is_verb(verb) => of_verb(view, folder, verb, args, typed),
        [command, args @ ..] => match argument(command, args.len()) {
            Some(arg) if is_program(command, args, arg) => programs(folder, typed),
            Some(arg) => of_kind(view, folder, arg, args, typed),
            None => Vec::new(),
        },
    };
    // On the line being edited nothing can be escaped: what controls the terminal is not offered.
    let is_fit = |text: &str| text.starts_with(typed) && !text.chars().any(is_unsafe);
    all.into_iter().filter(|candidate| is_fit(&candidate.text)).collect()
}

/// Behind a verb: what may stand there on the command line, or in the command that it is short for.
fn of_verb(
    view: &StateView,
    folder: &Path,
    verb: &str,
    args: &[&str],
    typed: &str,
) -> Vec<Candidate> {
    if let Some(values) = args.last().and_then(|word| verbs::values(verb, word)) {
        return values.into_iter().map(Candidate::whole).collect();
    }
    let names_signal = |word: &str| Signal::parse(word.to_uppercase().as_bytes()).is_some();
    let mut found: Vec<Candidate> = match (verb, args) {
        ("signal", []) => services(view).into_iter().chain(signals(typed)).collect(),
        ("signal", [first, ..]) if names_signal(first) => services(view),
        // What comes behind the name is that of the command.
        ("tags" | "options" | "env" | "shutdown", _) | ("signal", [_, ..]) => {
            let arg = argument(verb, args.len());
            arg.map_or_else(Vec::new, |arg| of_kind(view, folder, arg, args, typed))
        }
        _ => services(view),
    };
    if typed.starts_with("--") {
        found.extend(verbs::options(verb).into_iter().map(Candidate::whole));
    }
    found
}

/// The argument at this place; the last one may be repeated.
pub(super) fn argument(command: &str, index: usize) -> Option<&'static ArgInfo> {
    let info = COMMANDS.iter().find(|info| info.name.as_str() == in_full(command))?;
    info.args.get(index).or_else(|| info.args.last().filter(|arg| is_repeated(arg)))
}

pub(super) fn is_repeated(arg: &ArgInfo) -> bool {
    matches!(arg.presence, Presence::Repeated | Presence::RepeatedAtLeastOnce)
}

fn command_names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|info| info.name.as_str())
}

fn of_kind(
    view: &StateView,
    folder: &Path,
    arg: &ArgInfo,
    args: &[&str],
    typed: &str,
) -> Vec<Candidate> {
    let kind = arg.kind;
    let words = kind.words.iter().chain(kind.none.then_some(&"-"));
    let known: Vec<_> = match kind.name {
        "service" => services(view),
        "fd" | "fd_or_none" => fds(view),
        "signal" | "trigger" => signals(typed),
        "tag" => tags(view, None),
        "tag_change" => tags(view, args.first().copied()),
        "option" => options(),
        "option_change" => option_changes(view, args.first().copied()),
        "path" | "address" | "arg" | "exec_arg" => paths(folder, typed),
        _ => flags(kind.flags, typed),
    };
    known.into_iter().chain(words.map(|word| Candidate::whole(*word))).collect()
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

/// The tags that any service has; and what removes those of one service.
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

/// The options that there are: with a value to be typed, or whole.
fn options() -> Vec<Candidate> {
    let mut found = Vec::new();
    for info in OPTIONS {
        let keys = info.names.iter().map(|name| format!("{}.{name}", info.name));
        let keys: Vec<_> =
            if info.names.is_empty() { vec![info.name.to_owned()] } else { keys.collect() };
        for key in keys {
            // A word that says everything has an example that is just that.
            if info.examples.contains(&key.as_str()) {
                found.push(Candidate::whole(key.as_str()));
            }
            found.extend(info.words.iter().map(|word| Candidate::whole(format!("{key}={word}"))));
            let values = info.examples.iter().filter_map(|it| it.split_once('='));
            if values.map(|(_, value)| value).any(|value| !info.words.contains(&value)) {
                found.push(Candidate { text: format!("{key}="), complete: false });
            }
        }
    }
    found
}

/// The same, and what takes out those of one service.
fn option_changes(view: &StateView, service: Option<&str>) -> Vec<Candidate> {
    let mut found = options();
    if let Some(service) = service.and_then(|name| view.service(name.as_bytes())) {
        let set = service.options().iter().map(|option| format!("-{}", text(key(option))));
        found.extend(set.map(Candidate::whole));
    }
    found
}

/// Flags, which are separated by commas on the line. One that takes a value is completed by hand.
fn flags(flags: &[&str], typed: &str) -> Vec<Candidate> {
    let (before, _) = typed.rsplit_once(',').map_or(("", typed), |(before, last)| (before, last));
    let had: Vec<_> = before.split(',').collect();
    let new = flags.iter().filter(|flag| !had.contains(flag));
    let prefix = if before.is_empty() { String::new() } else { format!("{before},") };
    let shown = |flag: &str| match flag.split_once('=') {
        Some((key, _)) => format!("{prefix}{key}="),
        None => format!("{prefix}{flag}"),
    };
    new.map(|flag| Candidate { text: shown(flag), complete: false }).collect()
}

/// Whether this argument is the first of a command line.
fn is_program(command: &str, args: &[&str], arg: &ArgInfo) -> bool {
    let is_line = |arg: &ArgInfo| matches!(arg.kind.name, "arg" | "exec_arg");
    let before = args.len().checked_sub(1).and_then(|before| argument(command, before));
    is_line(arg) && !before.is_some_and(is_line)
}

/// A path that begins with `~/`, with the folder that it stands for: the daemon would take `~` for
/// a name.
fn home_path(typed: &str) -> Option<String> {
    let rest = typed.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
    let home = std::env::var("HOME").ok().filter(|home| home.starts_with('/'))?;
    Some(format!("{}/{}", home.trim_end_matches('/'), rest.trim_start_matches('/')))
}

/// Files and folders.
fn paths(folder: &Path, typed: &str) -> Vec<Candidate> {
    let shown = typed.rfind('/').map_or("", |at| &typed[..=at]);
    let Ok(entries) = std::fs::read_dir(folder.join(shown)) else { return Vec::new() };
    let hidden = typed[shown.len()..].starts_with('.');
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            if name.starts_with('.') && !hidden {
                return None;
            }
            let is_folder = entry.path().is_dir();
            let text = format!("{shown}{name}{}", if is_folder { "/" } else { "" });
            Some(Candidate { text, complete: !is_folder })
        })
        .collect();
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found
}

/// What could be executed: by path, or by name in PATH.
fn programs(folder: &Path, typed: &str) -> Vec<Candidate> {
    if typed.contains('/') {
        let is_program = |path: &str| {
            path.ends_with('/') || access(&folder.join(path), AccessFlags::X_OK).is_ok()
        };
        let found = paths(folder, typed).into_iter();
        return found.filter(|candidate| is_program(&candidate.text)).collect();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut names = BTreeSet::new();
    for entry in std::env::split_paths(&folders).flat_map(std::fs::read_dir).flatten().flatten() {
        if let Ok(name) = entry.file_name().into_string()
            && name.starts_with(typed)
            && access(&entry.path(), AccessFlags::X_OK).is_ok()
        {
            names.insert(name);
        }
    }
    names.into_iter().map(Candidate::whole).collect()
}

#[cfg(test)]
mod tests {
    use super::{candidates, options};
    use daemonproxy_client::protocol::{Event, ServiceOption, StateView};

    #[test]
    fn options_are_completed() {
        let mut view = StateView::new();
        view.apply(&Event::parse(b"service.options\tweb\tumask=022\tno_new_privs").unwrap());
        let completed = |command, typed| -> Vec<String> {
            let found = candidates(&view, "/".as_ref(), &[command, "web"], typed);
            found.into_iter().map(|candidate| candidate.text).collect()
        };
        assert_eq!(completed("service.options", "um"), ["umask="]);
        assert_eq!(completed("service.options", "no"), ["no_new_privs"]);
        assert_eq!(completed("service.options", "args"), ["args=percent"]);
        assert_eq!(
            completed("service.options", "limit.core"),
            ["limit.core=unlimited", "limit.core="]
        );
        assert_eq!(completed("service.options.apply", "-"), ["-umask", "-no_new_privs"]);
    }

    #[test]
    fn what_is_complete_is_an_option() {
        for candidate in options().iter().filter(|candidate| candidate.complete) {
            let option = candidate.text.as_bytes();
            assert!(ServiceOption::parse(option).is_ok(), "{}", candidate.text);
        }
    }
}
