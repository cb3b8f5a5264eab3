//! Where the text comes from: the file itself, and those that it includes.
//!
//! Nothing in this crate opens a file. Whoever uses it passes a [`Reader`], and so a test, or a
//! fuzzer, passes texts.

use std::io;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem, Severity};

/// More than this is no file that a person has written.
pub const LARGEST_FILE: usize = 4 << 20;

/// Reads files for the compiler.
pub trait Reader {
    /// The content of a file, of at most [`LARGEST_FILE`] bytes and one more.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn read(&mut self, path: &str) -> io::Result<Content>;

    /// The paths that match a pattern with `*`, `?` and `[abc]`, sorted.
    ///
    /// # Errors
    ///
    /// What the system says of a directory that cannot be read; none that is not there.
    fn matching(&mut self, pattern: &str) -> io::Result<Vec<String>>;

    /// How bad it is if there is no such user or group; nothing if there is, or if that cannot be
    /// known here.
    fn lacks(&mut self, _account: Account, _name: &str) -> Option<Severity> {
        None
    }

    /// Whether there is such a directory, or program, which without a `/` is looked for in PATH.
    fn is_there(&mut self, _what: Thing, _path: &str) -> bool {
        true
    }

    /// The path of a program that comes with the daemon, where PATH does not lead to it.
    fn program(&mut self, _name: &str) -> Option<String> {
        None
    }
}

/// Who a service may run as.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// A name of /etc/passwd.
    User,
    /// A name of /etc/group.
    Group,
}

/// What a service needs to be started.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A program.
    Program,
    /// A directory.
    Directory,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether others than its owner and group may read it.
    pub is_public: bool,
    /// Who else can change it, and so what runs, and as whom: another user, or everybody.
    pub changed_by: Option<String>,
}

/// A file, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path, as it is shown.
    pub name: String,
    /// What is in it.
    pub text: String,
    /// Whether others than its owner and group may read it.
    pub is_public: bool,
    /// Who else can change it.
    pub changed_by: Option<String>,
}

/// Reads the file and those that it includes, which come first: the later wins.
pub(crate) fn load(
    path: &str,
    reader: &mut dyn Reader,
    problems: &mut Vec<Problem>,
) -> Vec<SourceFile> {
    let mut files = match open(path, reader) {
        Ok(file) => vec![file],
        Err(text) => {
            problems.push(Problem::nowhere(text));
            return Vec::new();
        }
    };
    let (tree, _) = DeTable::parse_recoverable(&files[0].text);
    let mut included = Vec::new();
    let mut wrong = Vec::new();
    for (pattern, place) in includes(tree.get_ref()) {
        match reader.matching(&beside(path, &pattern)) {
            Ok(paths) if paths.is_empty() && !is_pattern(&pattern) => {
                let text = format!("there is no file {}", beside(path, &pattern));
                wrong.push(Problem::error(place, text));
            }
            Ok(paths) => included.extend(paths.into_iter().map(|path| (path, place.clone()))),
            Err(error) => {
                let text = format!("cannot look for {}: {error}", beside(path, &pattern));
                wrong.push(Problem::error(place, text));
            }
        }
    }
    for (name, place) in included {
        if files.iter().any(|file| file.name == name) {
            continue;
        }
        match open(&name, reader) {
            Ok(file) => files.push(file),
            Err(text) => wrong.push(Problem::error(place, text)),
        }
    }
    problems.extend(wrong);
    files
}

fn open(path: &str, reader: &mut dyn Reader) -> Result<SourceFile, String> {
    let content = reader.read(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    if content.bytes.len() > LARGEST_FILE {
        let most = LARGEST_FILE >> 20;
        return Err(format!("{path} is larger than {most} MiB: that is hardly a file of services"));
    }
    let Content { bytes, is_public, changed_by } = content;
    let text = String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes();
        let line = bytes[..error.utf8_error().valid_up_to()].iter().filter(|&&it| it == b'\n');
        format!("{path}:{}: this is not UTF-8, which TOML is written in", line.count() + 1)
    })?;
    Ok(SourceFile { name: path.to_owned(), text, is_public, changed_by })
}

/// What stands in `include`; its types are checked later.
fn includes(tree: &DeTable<'_>) -> Vec<(String, Place)> {
    let place = |value: &Spanned<DeValue<'_>>| Place { file: 0, span: value.span() };
    let one =
        |value: &Spanned<DeValue<'_>>| Some((value.get_ref().as_str()?.to_owned(), place(value)));
    match tree.get("include") {
        Some(value) => match value.get_ref().as_array() {
            Some(all) => all.iter().filter_map(one).collect(),
            None => one(value).into_iter().collect(),
        },
        None => Vec::new(),
    }
}

/// A path that stands in the file `of`: a relative one is beside it.
pub(crate) fn beside(of: &str, path: &str) -> String {
    match of.rfind('/') {
        Some(at) if !path.starts_with('/') => format!("{}{path}", &of[..=at]),
        _ => path.to_owned(),
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}
