//! Directories of services: those of runit and daemontools, and those of s6 and s6-rc.
//!
//! The scripts in them are kept where they are, and run as they are.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, Input, Refused, Table, cannot_run, for_shell, name};
use crate::text::{list, quote, table};

/// Whose they are.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Runit,
    S6,
}

/// The directory of one service.
struct Folder<'i> {
    kind: Kind,
    theirs: &'i str,
    path: String,
    files: BTreeMap<&'i str, &'i [u8]>,
}

/// What others know of it.
#[derive(Clone, Debug)]
struct Known {
    /// How one waits for it.
    conditions: Vec<String>,
}

/// Files that belong to a supervisor itself, or that scripts read by themselves.
const NOT_OURS: &[&str] =
    &["supervise/", "event/", "env/", ".meta/", "data/", "conf", "README", ".gitignore", "root/"];

pub(super) fn import(kind: Kind, inputs: &[Input], file: &mut File) -> Result<(), Refused> {
    let mut folders = Vec::new();
    for input in inputs {
        let before = folders.len();
        find(kind, input, &mut folders);
        if folders.len() == before {
            let why = "there is no service in it: a directory with a file `run` is expected";
            return Err(Refused { path: input.path.clone(), line: 0, why: why.to_owned() });
        }
    }
    let known = known(&folders);
    for folder in &folders {
        match folder.text("type") {
            Some("bundle") => {
                let groups = file.table("groups");
                groups.directives += 1;
                let (mut members, mut left) = (BTreeSet::new(), BTreeSet::new());
                folder.members(&folders, 0, &mut members, &mut left);
                if !left.is_empty() {
                    let left: Vec<_> = left.iter().map(|it| &**it).collect();
                    groups.note(format!("not given, of {}: {}", folder.theirs, left.join(" ")));
                }
                let key = crate::text::key(&name(folder.theirs));
                groups.set(&key, list(members.iter().map(|it| &**it)));
            }
            _ => file.tables.push(folder.service(&known)),
        }
    }
    file.logs();
    Ok(())
}

/// The directories in what was given, which may be one itself.
fn find<'i>(kind: Kind, input: &'i Input, folders: &mut Vec<Folder<'i>>) {
    let mut found: BTreeMap<&str, BTreeMap<&str, &[u8]>> = BTreeMap::new();
    let is_begin = |path: &str| matches!(path, "run" | "type");
    let is_one = input.files.keys().any(|path| is_begin(path));
    for (path, bytes) in &input.files {
        let (own, rest) = match path.split_once('/') {
            _ if is_one => ("", &**path),
            Some((own, rest)) => (own, rest),
            None => continue,
        };
        found.entry(own).or_default().insert(rest, bytes);
    }
    for (own, files) in found {
        if !files.keys().any(|path| is_begin(path)) {
            continue;
        }
        let base = input.path.trim_end_matches('/');
        let path = if own.is_empty() { base.to_owned() } else { format!("{base}/{own}") };
        let theirs = if own.is_empty() { base.rsplit('/').next().unwrap_or(base) } else { own };
        folders.push(Folder { kind, theirs, path, files });
    }
}

/// How others wait for each of them; for a bundle, for all that is in it.
fn known(folders: &[Folder<'_>]) -> BTreeMap<String, Known> {
    let mut known = BTreeMap::new();
    for folder in folders.iter().filter(|it| it.is_service()) {
        let ours = name(folder.theirs);
        let condition = match folder.text("type") {
            Some("oneshot") => format!("done:{ours}"),
            _ if folder.files.contains_key("notification-fd") => ours,
            _ => format!("up:{ours}"),
        };
        known.insert(folder.theirs.to_owned(), Known { conditions: vec![condition] });
    }
    // A bundle may be in a bundle.
    for _ in 0..8 {
        for folder in folders.iter().filter(|it| !it.is_service()) {
            let members = folder.names_in("contents", "contents.d");
            let all = members.iter().filter_map(|it| known.get(it)).cloned();
            let conditions: BTreeSet<String> = all.flat_map(|it: Known| it.conditions).collect();
            let conditions = conditions.into_iter().collect();
            known.insert(folder.theirs.to_owned(), Known { conditions });
        }
    }
    known
}

impl Folder<'_> {
    fn is_service(&self) -> bool {
        self.text("type") != Some("bundle")
    }

    /// The services in a bundle, and the names that nothing was given for. A bundle may be in a
    /// bundle.
    fn members(
        &self,
        folders: &[Folder<'_>],
        depth: usize,
        members: &mut BTreeSet<String>,
        left: &mut BTreeSet<String>,
    ) {
        for theirs in self.names_in("contents", "contents.d") {
            match folders.iter().find(|it| it.theirs == theirs) {
                Some(it) if it.is_service() => {
                    members.insert(name(&theirs));
                }
                Some(it) if depth < 8 => it.members(folders, depth + 1, members, left),
                Some(_) => {}
                None => {
                    left.insert(theirs);
                }
            }
        }
    }

    /// What stands in a file, if it is a text.
    fn text(&self, name: &str) -> Option<&str> {
        self.files.get(name).and_then(|it| std::str::from_utf8(it).ok()).map(str::trim)
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    /// The names in a file, a line each, and those of the files in a directory.
    fn names_in(&self, file: &str, folder: &str) -> Vec<String> {
        let lines = self.text(file).unwrap_or_default().lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let files = self.files.keys().filter_map(|path| path.strip_prefix(folder));
        let files = files.filter_map(|path| path.strip_prefix('/'));
        lines.chain(files).map(str::to_owned).collect()
    }

    fn service(&self, known: &BTreeMap<String, Known>) -> Table {
        let ours = name(self.theirs);
        let mut service = Table::service(&ours);
        if ours != self.theirs {
            service.note(format!("it was called {}", self.theirs));
        }
        let path = &self.path;
        match (self.files.contains_key("run"), self.text("type"), self.text("up")) {
            // One command line of execline.
            (_, Some("oneshot"), Some(_)) => {
                service.set("run", list(["execlineb", "-P", &format!("{path}/up")]));
                service.set("restart", quote("never"));
            }
            (true, ..) => {
                service.set("run", list([&*format!("{path}/run")]));
                service.set("cwd", quote(path));
            }
            _ => cannot_run(&mut service, "it has no `run`"),
        }
        let mut stop = Vec::new();
        let mut counted = BTreeSet::new();
        for file in self.files.keys() {
            // A directory counts once.
            let what = match file.split_once('/') {
                Some((first, _)) => format!("{first}/"),
                None => (*file).to_owned(),
            };
            if !counted.insert(what.clone()) {
                continue;
            }
            service.directives += 1;
            match &*what {
                "run" | "up" | "type" => {}
                "log/" if self.files.contains_key("log/run") => {
                    let script = format!("cd {} && exec ./run", for_shell(&format!("{path}/log")));
                    service.set("log", table([("sh", quote(&script))]));
                }
                "down" if self.text("type") == Some("oneshot") => {
                    service.lost("down, what is to be done when it is stopped");
                }
                "down" => service.set("autostart", "false"),
                "notification-fd" => match self.number(&what) {
                    Some(number) => service.set("ready", quote(&format!("fd:{number}"))),
                    None => service.lost("notification-fd"),
                },
                "down-signal" => {
                    let signal = self.text(&what).unwrap_or_default();
                    stop.push(("signal", quote(signal.strip_prefix("SIG").unwrap_or(signal))));
                }
                "timeout-kill" => match self.number(&what) {
                    Some(0) | None => service.not_needed("timeout-kill"),
                    Some(milliseconds) => {
                        stop.push(("after", milliseconds.div_ceil(1000).to_string()));
                    }
                },
                "dependencies" | "dependencies.d/" => self.depends(known, &what, &mut service),
                "finish" => service.lost("finish: do at the end of `run` what it does"),
                "producer-for" | "consumer-for" | "pipeline-name" => {
                    service.lost(format!("{what}: {}", self.text(&what).unwrap_or_default()));
                }
                "nosetsid" | "timeout-finish" | "timeout-up" | "flag-essential" | "bundle" => {
                    service.not_needed_silently();
                }
                _ if NOT_OURS.contains(&&*what) => service.not_needed_silently(),
                _ => service.lost(format!("the file {what}")),
            }
        }
        // Without it, nobody is killed.
        if self.kind == Kind::S6 && self.text("type").is_some() && stop.is_empty() {
            service.note("here it is killed when it does not stop within 10 seconds");
        }
        if !stop.is_empty() {
            service.set("stop", table(stop));
        }
        service
    }

    fn depends(&self, known: &BTreeMap<String, Known>, what: &str, service: &mut Table) {
        let names = match what {
            "dependencies" => self.names_in("dependencies", "\0"),
            _ => self.names_in("\0", "dependencies.d"),
        };
        let mut after: Vec<String> = Vec::new();
        let mut left = Vec::new();
        for name in &names {
            match known.get(name) {
                Some(known) => after.extend(known.conditions.iter().cloned()),
                // What s6-overlay itself brings.
                None if name == "base" => {}
                None => left.push(&**name),
            }
        }
        let before = service.get("after").unwrap_or("[]").to_owned();
        let more: Vec<String> =
            after.into_iter().map(|it| quote(&it)).filter(|it| !before.contains(&**it)).collect();
        if !more.is_empty() {
            let begin = before.trim_end_matches(']');
            let comma = if begin == "[" { "" } else { ", " };
            service.set("after", format!("{begin}{comma}{}]", more.join(", ")));
        }
        if !left.is_empty() {
            service.lost(format!("depends on {}: not among what was given", left.join(" ")));
        }
    }
}
