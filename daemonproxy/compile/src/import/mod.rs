//! Files of other tools, as a file of ours: one text becomes another.
//!
//! What is understood becomes keys; whatever is not becomes a comment that says so, beside the
//! service that it is about. Nothing is left out in silence.

mod procfile;
mod supervisord;

use std::fmt::Write as _;

use crate::text::key;

/// Whose files can be read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `supervisord.conf`.
    Supervisord,
    /// `Procfile`.
    Procfile,
}

/// A file of ours for this one, or what is wrong with it: the number of a line, and why.
///
/// # Errors
///
/// It is not a file of this tool.
pub fn import(tool: Tool, text: &str) -> Result<String, (usize, String)> {
    let file = match tool {
        Tool::Supervisord => supervisord::import(text)?,
        Tool::Procfile => procfile::import(text)?,
    };
    Ok(file.write())
}

/// What is written.
#[derive(Debug, Default)]
struct File {
    /// Comments at the top.
    notes: Vec<String>,
    tables: Vec<Table>,
}

/// A table: keys with their values as they are written, and comments.
#[derive(Debug, Default)]
struct Table {
    header: String,
    keys: Vec<(String, String)>,
    notes: Vec<String>,
}

impl Table {
    fn service(name: &str) -> Self {
        Self { header: format!("service.{}", key(name)), ..Self::default() }
    }

    fn set(&mut self, key: &str, value: impl Into<String>) {
        let value = value.into();
        match self.keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => self.keys.push((key.to_owned(), value)),
        }
    }

    fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}

impl File {
    fn write(&self) -> String {
        let mut out = String::new();
        let comment = |out: &mut String, text: &str| {
            for line in text.lines() {
                // A control character would be an error, even here.
                let line: String =
                    line.chars().map(|c| if c < ' ' || c == '\u{7f}' { ' ' } else { c }).collect();
                let _ = writeln!(out, "# {}", line.trim_end());
            }
        };
        for note in &self.notes {
            comment(&mut out, note);
        }
        for table in &self.tables {
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "[{}]", table.header);
            for note in &table.notes {
                comment(&mut out, note);
            }
            for (key, value) in &table.keys {
                let _ = writeln!(out, "{key} = {value}");
            }
        }
        out
    }
}

/// A name that a service can have here.
fn name(theirs: &str) -> String {
    let is = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let name: String = theirs.chars().map(|c| if is(c) { c } else { '-' }).take(25).collect();
    if name.is_empty() { "service".to_owned() } else { name }
}
