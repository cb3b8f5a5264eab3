//! `import`: files of another tool, as a file of ours.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf, absolute};

use daemonproxy_compile::{Counts, Input, LARGEST_FILE, Reader, Tool, import as imported};

use crate::cli::{Foreign, From};
use crate::failure::{FAILED, Failure, OK, Result, USAGE};
use crate::output;
use daemonproxy_apply::Disk;

/// Directories of services are not deeper: `sv/web/log/run`.
const DEEPEST: usize = 4;
/// Nor do they hold more files.
const MOST_FILES: usize = 10_000;
/// Of a file in such a directory this much is read: what is said there is short.
const LARGEST_SAID: usize = 64 << 10;

pub(crate) fn import(foreign: &Foreign) -> Result<u8> {
    let mut inputs = Vec::new();
    for path in &foreign.files {
        inputs.push(read(path)?);
    }
    let tool = match foreign.from {
        Some(From::Supervisord) => Tool::Supervisord,
        Some(From::Procfile) => Tool::Procfile,
        Some(From::Systemd) => Tool::Systemd,
        Some(From::Compose) => Tool::Compose,
        Some(From::Runit) => Tool::Runit,
        Some(From::S6) => Tool::S6,
        Some(From::Commands) => Tool::Commands,
        None => guess_all(&inputs)?,
    };
    let done = imported(tool, &inputs).map_err(|it| Failure::new(FAILED, it.to_string()))?;
    output::write(done.text.as_bytes())?;
    if foreign.stats {
        output::warn(&shown(done.counts));
    }
    Ok(OK)
}

fn shown(counts: Counts) -> String {
    let Counts { all, not_needed, lost } = counts;
    let carried = all - not_needed - lost;
    format!("{all} directives: {carried} carried over, {not_needed} not needed, {lost} lost")
}

/// A file, or a directory with what is in it.
fn read(path: &Path) -> Result<Input> {
    let shown = path.display();
    let fail = |why: String| Failure::new(FAILED, why);
    let name = path.to_str().ok_or_else(|| fail(format!("the path {shown} is not UTF-8")))?;
    let mut files = BTreeMap::new();
    if path.is_dir() {
        let found = walk(path, "", 0, &mut files);
        found.map_err(|error| fail(format!("cannot read {shown}: {error}")))?;
        // Scripts are run from wherever the daemon is.
        let whole = absolute(path)?.into_os_string().into_string();
        let path = whole.map_err(|_| fail(format!("the path of {shown} is not UTF-8")))?;
        return Ok(Input { path, files });
    }
    let content = Disk::default()
        .read(name)
        .map_err(|error| fail(format!("cannot read {shown}: {error}")))?;
    if content.bytes.len() > LARGEST_FILE {
        return Err(fail(format!("{shown} is larger than {} MiB", LARGEST_FILE >> 20)));
    }
    files.insert(String::new(), content.bytes);
    Ok(Input { path: name.to_owned(), files })
}

/// The files below a directory, by their paths in it. Pipes and the like are there without content.
fn walk(
    folder: &Path,
    name: &str,
    depth: usize,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A name that is not UTF-8 is none of those that are looked for.
        let Some(base) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let name = if name.is_empty() { base } else { format!("{name}/{base}") };
        // Services are often links to where they stand.
        let Ok(meta) = fs::metadata(entry.path()) else {
            files.insert(name, Vec::new());
            continue;
        };
        if meta.is_dir() {
            let folder = entry.path();
            if depth < DEEPEST && walk(&folder, &name, depth + 1, files).is_err() {
                files.insert(name, Vec::new());
            }
        } else if meta.is_file() {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            files.insert(name, bytes.into_iter().take(LARGEST_SAID).collect());
        } else {
            files.insert(name, Vec::new());
        }
        if files.len() > MOST_FILES {
            return Err(io::Error::other("there are too many files in it"));
        }
    }
    Ok(())
}

/// The one tool whose files all of these are.
fn guess_all(inputs: &[Input]) -> Result<Tool> {
    let mut tool = None;
    for input in inputs {
        let Some(guessed) = guess(input) else {
            let text = format!("whose file is {}? Say it with --from", input.path);
            return Err(Failure::new(USAGE, text));
        };
        if tool.is_some_and(|tool| tool != guessed) {
            let text = "these are files of several tools; import those of one at a time";
            return Err(Failure::new(USAGE, text));
        }
        tool = Some(guessed);
    }
    tool.ok_or_else(|| Failure::new(USAGE, "say which file"))
}

/// By the name of the file, or by what is in it.
fn guess(input: &Input) -> Option<Tool> {
    let Some(bytes) = input.files.get("") else {
        let is_s6 = |path: &String| {
            let base = path.rsplit('/').next().unwrap_or(path);
            matches!(base, "type" | "notification-fd" | "down-signal" | "timeout-kill")
        };
        let scripts = || input.files.iter().filter(|(path, _)| path.ends_with("run"));
        let is_execline = scripts().any(|(_, text)| {
            let first = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
            first.windows(8).any(|it| it == b"execline")
        });
        let is_s6 = input.files.keys().any(is_s6) || is_execline;
        return Some(if is_s6 { Tool::S6 } else { Tool::Runit });
    };
    let path = PathBuf::from(&input.path);
    let name = path.file_name()?.to_str()?;
    match name.rsplit_once('.').map_or(name, |(_, end)| end) {
        "conf" | "ini" | "supervisor" if is_commands(bytes) => Some(Tool::Commands),
        "conf" | "ini" | "supervisor" => Some(Tool::Supervisord),
        "service" => Some(Tool::Systemd),
        "yml" | "yaml" => Some(Tool::Compose),
        "Procfile" | "procfile" => Some(Tool::Procfile),
        _ if name.starts_with("Procfile") => Some(Tool::Procfile),
        _ => None,
    }
}

/// Whether the first line that says something has TABs, and no section stands before it.
fn is_commands(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|&byte| byte == b'\n');
    let first = lines.find(|line| {
        !line.is_empty() && !line.starts_with(b"#") && !line.iter().all(u8::is_ascii_whitespace)
    });
    first.is_some_and(|line| line.contains(&b'\t') && !line.starts_with(b"["))
}
