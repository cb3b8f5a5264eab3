//! From one file to what a daemon should have.
//!
//! [`compile`] reads the TOML file that most people write, and either says everything that is wrong
//! with it, with places and with what to write instead, or makes a [`Plan`]: services, descriptors
//! and the commands that set them up.
//!
//! It opens nothing and connects to nothing: files come through a [`Reader`].
//!
//! The way through it: `source` reads the files; `check` compares them with the table of keys
//! (`keys`); `raw` takes the values of each service; `order` looks up names and finds circles;
//! `build` makes instances, loggers and descriptors of them.
#![forbid(unsafe_code)]

mod build;
mod check;
mod diff;
mod duplicate;
mod env;
mod export;
mod fill;
mod health;
mod hints;
mod import;
pub mod keys;
mod lease;
mod listen;
mod log;
mod manual;
mod now;
mod option;
mod order;
mod plan;
mod problem;
mod raw;
mod render;
mod schedule;
mod schema;
mod source;
mod text;
mod value;
mod values;
mod words;

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use diff::{Change, Consequence, Difference, Sign, Step, Wishes, difference};
pub use export::{export, owners};
pub use hints::nearest;
pub use import::{Counts, Imported, Input, Refused, Tool, import};
pub use manual::manual;
pub use now::{is_as_wanted, is_ready, is_ready_or_done, is_success, was_started};
pub use option::keys as option_keys;
pub use plan::{Descriptor, Make, Plan, Role, Service};
pub use problem::{Place, Problem, Severity};
pub use schema::schema;
pub use source::{Account, Content, LARGEST_FILE, Reader, SourceFile, Thing};

use build::{Builder, Daemon, LOGGER, LUA, Program};
use raw::{Raw, Readings};
use values::{Found, Values};

/// The owner of a file that does not name one.
pub const OWNER: &str = "main";
/// The longest line of a daemon that was not told otherwise.
pub const MAX_LINE: usize = 4096;

/// So many faults of syntax are shown: most others follow from the first ones.
const FAULTS_OF_SYNTAX: usize = 5;

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// The files that were read, to show problems with.
    pub files: Vec<SourceFile>,
    /// What is wrong, or may be.
    pub problems: Vec<Problem>,
    /// What there should be, unless there are errors.
    pub plan: Option<Plan>,
    /// The longest line that the daemon takes, as the file says.
    pub max_line: usize,
}

/// Reads the file at `path`, and all that belongs to it.
pub fn compile(path: &str, reader: &mut dyn Reader) -> Compiled {
    compile_for(path, reader, None)
}

/// The same, but with `shown_by` no output of services goes into files: all of it goes through the
/// program with these arguments, which gets `--fd NUMBER=NAME` for each service.
pub fn compile_for(path: &str, reader: &mut dyn Reader, shown_by: Option<Vec<String>>) -> Compiled {
    let mut problems = Vec::new();
    let files = source::load(path, reader, &mut problems);
    let mut trees = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let (tree, errors) = DeTable::parse_recoverable(&file.text);
        let more = errors.len().saturating_sub(FAULTS_OF_SYNTAX);
        for (nth, error) in errors.iter().take(FAULTS_OF_SYNTAX).enumerate() {
            let span = error.span().unwrap_or_default();
            let message = error.message().trim().to_owned();
            let first = duplicate::first(&file.text, tree.get_ref(), &message, span.start);
            let mut problem = Problem::error(Place { file: index, span }, message);
            if let Some(span) = first {
                problem = problem.other(Place { file: index, span }, "it is here, too");
            }
            let is_last = more > 0 && nth + 1 == FAULTS_OF_SYNTAX;
            let help = || format!("and {more} more like this: is it a file in TOML?");
            problems.push(problem.help_if(is_last.then(help)));
        }
        trees.push((index, tree));
    }
    for file in &files {
        if let Some(who) = &file.changed_by {
            let message = format!("{who} can change {}, and so what runs", file.name);
            problems.push(Problem::nowhere(message).into_warning());
        }
    }
    let mut max_line = MAX_LINE;
    let mut plan = None;
    // What could not be read is not known, so all that refers to it would be wrong as well.
    if !files.is_empty() && !problems.iter().any(Problem::is_error) {
        for (file, tree) in &trees {
            check::Checker { file: *file, problems: &mut problems }.whole(tree.get_ref());
        }
        // The file itself comes last, for it wins.
        trees.rotate_left(1);
        let whole = Whole { files: &files, trees: &trees };
        let daemon = Daemon { shown_by, ..whole.daemon(reader, &mut problems) };
        max_line = daemon.max_line;
        let built = whole.plan(&daemon, reader, &mut problems);
        plan = Some(built).filter(|_| !problems.iter().any(Problem::is_error));
    }
    problems.sort_by_key(|problem| {
        let place = problem.place.as_ref().map(|(place, _)| (place.file, place.span.start));
        (!problem.is_error(), place)
    });
    problems.dedup();
    Compiled { files, problems, plan, max_line }
}

/// All files together.
struct Whole<'t> {
    files: &'t [SourceFile],
    trees: &'t [(usize, Spanned<DeTable<'t>>)],
}

impl<'t> Whole<'t> {
    fn tables(&self, key: &str) -> Vec<Found<'t>> {
        let one = |(file, tree): &'t (usize, Spanned<DeTable<'t>>)| {
            let value: &'t Spanned<DeValue<'t>> = tree.get_ref().get(key)?;
            Some(Found { file: *file, value })
        };
        self.trees.iter().filter_map(one).collect()
    }

    fn daemon(&self, reader: &mut dyn Reader, problems: &mut Vec<Problem>) -> Daemon {
        let tables = self.tables("daemon");
        let get = |key: &str| tables.iter().rev().find_map(|table| table.entry(key));
        let mut owner = OWNER.to_owned();
        if let Some(found) = get("name")
            && let Some(name) = found.str()
        {
            if !check::is_name(name) {
                let message = format!("{name:?} cannot be the name of an owner");
                let problem = Problem::error(found.place(), message);
                problems.push(problem.help("it has 1 to 31 characters out of A-Z a-z 0-9 . _ -"));
            }
            owner = name.to_owned();
        }
        let logs = get("logs").and_then(|it| it.str()).map(str::to_owned);
        let max_line = get("max_line").and_then(|it| usize::try_from(it.number()?).ok());
        let max_line = max_line.filter(|bytes| (512..=65536).contains(bytes));
        let mut program = |key, name: &str| match get(key).and_then(|it| it.str()) {
            Some(said) => Program { path: said.to_owned(), is_found: false },
            None => {
                let path = reader.program(name).unwrap_or_else(|| name.to_owned());
                Program { path, is_found: true }
            }
        };
        let (logger, lua) = (program("logger", LOGGER), program("lua", LUA));
        let max_line = max_line.unwrap_or(MAX_LINE);
        let shared_log = get("shared_log");
        if let Some(run) = shared_log.and_then(|it| it.entry("run").or(it.entry("sh"))) {
            let message = "the shared logger is daemonproxy-log: it tells services apart";
            problems.push(Problem::error(run.place(), message));
        }
        let shared_log = shared_log.map(|it| log::Settings::of(&it)).unwrap_or_default();
        Daemon { owner, logs, logger, lua, shown_by: None, max_line, shared_log }
    }

    fn plan(&self, daemon: &Daemon, reader: &mut dyn Reader, problems: &mut Vec<Problem>) -> Plan {
        let values = self.services(problems);
        let mut readings = Readings { files: self.files, reader, problems };
        let services: Vec<Raw> = values.iter().map(|it| readings.service(it)).collect();
        if services.is_empty() {
            let problem = Problem::nowhere("there is no service in this file");
            problems.push(problem.help("a service is a table [service.NAME] with `run` in it"));
        } else if services.iter().all(|raw| !raw.enabled) {
            problems.push(Problem::nowhere("no service in this file is enabled"));
        }
        let groups = self.groups(&services, problems);
        let order = order::check(&services, problems);
        Builder::new(daemon, &services, &groups, problems).build(&order)
    }

    /// The services of all files, in the order in which they stand there.
    fn services(&self, problems: &mut Vec<Problem>) -> Vec<Values<'t>> {
        let defaults = self.tables("defaults");
        let mut all: Vec<Values<'t>> = Vec::new();
        for (name, place, own) in self.tables("service").iter().flat_map(Found::entries) {
            if !own.get().is_table() {
                continue;
            }
            if let Some(other) = all.iter().find(|values| values.name == name) {
                let message = format!("the service `{name}` stands in two files");
                let problem = Problem::error(place.clone(), message);
                let problem = problem.other(other.place.clone(), "it is here, too");
                problems.push(problem.help("rename one of them, or take it out of one file"));
                continue;
            }
            all.push(Values { name, place, own, defaults: defaults.clone() });
        }
        all
    }

    /// The groups that each service is in.
    fn groups(
        &self,
        services: &[Raw],
        problems: &mut Vec<Problem>,
    ) -> BTreeMap<String, Vec<String>> {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (group, place, members) in self.tables("groups").iter().flat_map(Found::entries) {
            if !check::is_name(group) {
                problems.push(Problem::error(
                    place,
                    format!("{group:?} cannot be the name of a group"),
                ));
            }
            for (member, place) in members.texts() {
                if !services.iter().any(|raw| raw.name == member) {
                    let message = format!("there is no service `{member}` in this file");
                    let near = hints::nearest(member, services.iter().map(|raw| &*raw.name));
                    let help = near.map(|near| format!("did you mean `{near}`?"));
                    problems.push(Problem::error(place, message).help_if(help));
                    continue;
                }
                let of_member = groups.entry(member.to_owned()).or_default();
                if !of_member.iter().any(|known| known == group) {
                    of_member.push(group.to_owned());
                }
            }
        }
        groups.values_mut().for_each(|groups| groups.sort());
        groups
    }
}
