//! Files of other tools, as a file of ours: texts become another text.
//!
//! What is understood becomes keys; whatever is not becomes a comment that says so, beside the
//! service that it is about. Nothing is left out in silence, and what became of how much of it is
//! counted.

mod commands;
mod compose;
mod folder;
mod procfile;
mod restart;
mod supervisord;
mod systemd;
mod yaml;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use crate::text::key;

/// Whose files can be read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `supervisord.conf`.
    Supervisord,
    /// `Procfile`.
    Procfile,
    /// Units of systemd: `NAME.service`.
    Systemd,
    /// `compose.yaml`: what is about processes.
    Compose,
    /// Directories of services of runit, daemontools and the like.
    Runit,
    /// Directories of services of s6, and of sources of s6-rc.
    S6,
    /// Commands of the protocol, as config files of the daemon have them.
    Commands,
}

/// What is read: a file, or a directory.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Its path.
    pub path: String,
    /// The files in it, by their paths in the directory; of a file, itself, with an empty path.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// A file of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// What is in it.
    pub text: String,
    /// How much was carried over.
    pub counts: Counts,
}

/// How many directives there were, and what became of them.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub all: usize,
    /// Those that say what holds here anyway, or what does not matter here.
    pub not_needed: usize,
    /// Those that have become comments.
    pub lost: usize,
}

/// Why there is nothing to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// In which file.
    pub path: String,
    /// On which line; 0 if it is about all of it.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.why),
            line => write!(f, "{}:{line}: {}", self.path, self.why),
        }
    }
}

/// A file of ours for these.
///
/// # Errors
///
/// One of them is not of this tool.
pub fn import(tool: Tool, inputs: &[Input]) -> Result<Imported, Refused> {
    let mut file = File::default();
    match tool {
        Tool::Systemd => systemd::import(&texts(inputs)?, &mut file)?,
        Tool::Runit => folder::import(folder::Kind::Runit, inputs, &mut file)?,
        Tool::S6 => folder::import(folder::Kind::S6, inputs, &mut file)?,
        Tool::Supervisord | Tool::Procfile | Tool::Compose | Tool::Commands => {
            for (path, text) in texts(inputs)? {
                let refused = |(line, why): Wrong| Refused { path: path.to_owned(), line, why };
                match tool {
                    Tool::Procfile => procfile::import(text, &mut file),
                    Tool::Compose => compose::import(text, &mut file),
                    Tool::Commands => commands::import(text, &mut file),
                    _ => supervisord::import(text, &mut file),
                }
                .map_err(refused)?;
            }
        }
    }
    file.different_names();
    Ok(Imported { counts: file.counts(), text: file.write() })
}

/// A line, and what is wrong with it.
type Wrong = (usize, String);

/// The paths and the texts of files.
fn texts(inputs: &[Input]) -> Result<Vec<(&str, &str)>, Refused> {
    let mut all = Vec::new();
    for Input { path, files } in inputs {
        let refused = |why: &str| Refused { path: path.clone(), line: 0, why: why.to_owned() };
        let bytes = files.get("").ok_or_else(|| refused("it is a directory"))?;
        let text = std::str::from_utf8(bytes).map_err(|_| refused("it is not UTF-8"))?;
        all.push((&**path, text));
    }
    Ok(all)
}

/// What is written.
#[derive(Debug, Default)]
struct File {
    /// At the top.
    head: Table,
    tables: Vec<Table>,
}

/// A table: keys with their values as they are written, and comments.
#[derive(Debug, Default)]
struct Table {
    header: String,
    keys: Vec<(String, String)>,
    notes: Vec<(Note, String)>,
    /// How many directives it is made of.
    directives: usize,
}

/// What a comment is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Note {
    /// A directive that is not carried over.
    Lost,
    /// A directive without which it is the same.
    NotNeeded,
    /// Something that somebody should know.
    Remark,
}

impl Table {
    fn named(header: &str) -> Self {
        Self { header: header.to_owned(), ..Self::default() }
    }

    fn service(name: &str) -> Self {
        Self::named(&format!("service.{}", key(name)))
    }

    fn set(&mut self, key: &str, value: impl Into<String>) {
        let value = value.into();
        match self.keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => self.keys.push((key.to_owned(), value)),
        }
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.keys.iter().find(|(known, _)| known == key).map(|(_, value)| &**value)
    }

    fn note(&mut self, text: impl Into<String>) {
        let note = (Note::Remark, text.into());
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// This directive has no counterpart.
    fn lost(&mut self, directive: impl fmt::Display) {
        self.notes.push((Note::Lost, format!("not carried over: {directive}")));
    }

    /// This directive is not needed.
    fn not_needed(&mut self, directive: impl fmt::Display) {
        self.notes.push((Note::NotNeeded, format!("not needed: {directive}")));
    }

    /// The same without a word: what everybody has anyway.
    fn not_needed_silently(&mut self) {
        self.notes.push((Note::NotNeeded, String::new()));
    }

    fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.notes.iter().all(|(_, text)| text.is_empty())
    }
}

impl File {
    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for table in self.tables.iter().chain([&self.head]) {
            let many = |kind| table.notes.iter().filter(|(note, _)| *note == kind).count();
            counts.all += table.directives;
            // A directive of which two parts are lost is lost once.
            let lost = many(Note::Lost).min(table.directives);
            counts.lost += lost;
            counts.not_needed += many(Note::NotNeeded).min(table.directives - lost);
        }
        counts
    }

    /// The table of this header, which is made if it is not there.
    fn table(&mut self, header: &str) -> &mut Table {
        let at = match self.tables.iter().position(|table| table.header == header) {
            Some(at) => at,
            None => {
                self.tables.push(Table::named(header));
                self.tables.len() - 1
            }
        };
        &mut self.tables[at]
    }

    /// Where logs go, if some are kept and nobody has said where.
    fn logs(&mut self) {
        let is_logged = |table: &Table| {
            table.get("log").is_some_and(|log| !log.contains("run =") && !log.contains("sh ="))
        };
        if self.tables.iter().any(is_logged) && self.table("daemon").get("logs").is_none() {
            self.table("daemon").set("logs", "\"/var/log/services\"");
        }
    }

    /// A name that two have cannot be read.
    fn different_names(&mut self) {
        let mut seen: Vec<String> = Vec::new();
        for table in &mut self.tables {
            if !table.header.starts_with("service.") || !seen.contains(&table.header) {
                seen.push(table.header.clone());
                continue;
            }
            table.note("another one has this name as well");
            let begin = table.header.trim_end_matches('"').to_owned();
            let end = if table.header.ends_with('"') { "\"" } else { "" };
            let other = (2..).map(|number| format!("{begin}-{number}{end}"));
            table.header = other.take(10_000).find(|it| !seen.contains(it)).unwrap_or_default();
            seen.push(table.header.clone());
        }
    }

    fn write(&self) -> String {
        let mut out = String::new();
        let comment = |out: &mut String, text: &str| {
            for line in text.lines() {
                // A control character would be an error, even here.
                let line: String =
                    line.chars().map(|c| if c < ' ' || c == '\u{7f}' { ' ' } else { c }).collect();
                let _ = writeln!(out, "{}", format!("# {line}").trim_end());
            }
        };
        for (_, note) in &self.head.notes {
            comment(&mut out, note);
        }
        let rank = |table: &&Table| match &*table.header {
            "daemon" => 0,
            "defaults" => 1,
            "groups" => 3,
            _ => 2,
        };
        let mut tables: Vec<&Table> = self.tables.iter().filter(|it| !it.is_empty()).collect();
        tables.sort_by_key(rank);
        for table in tables {
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "[{}]", table.header);
            for (_, note) in &table.notes {
                comment(&mut out, note);
            }
            let mut keys: Vec<&(String, String)> = table.keys.iter().collect();
            keys.sort_by_key(|(key, _)| key != "run" && key != "sh");
            for (key, value) in keys {
                let _ = writeln!(out, "{key} = {value}");
            }
        }
        out
    }
}

/// A name that a service can have here, with room for what belongs to it.
fn name(theirs: &str) -> String {
    let is = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let name: String = theirs.chars().map(|c| if is(c) { c } else { '-' }).take(25).collect();
    if name.is_empty() { "service".to_owned() } else { name }
}

/// It cannot run, and stands there all the same.
fn cannot_run(service: &mut Table, why: &str) {
    service.note(why);
    if service.get("run").is_none() && service.get("sh").is_none() {
        service.set("run", "[\"false\"]");
    }
    service.set("enabled", "false");
}

/// A word as a shell reads it.
fn for_shell(word: &str) -> String {
    shlex::try_quote(word).map_or_else(|_| word.replace('\0', ""), std::borrow::Cow::into_owned)
}
