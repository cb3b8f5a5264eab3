//! The guide "What to do when it says …": every error, by its text.

use std::fmt::Write as _;

use crate::COMMAND;
use crate::grammar::{ErrorText, Grammar};

/// What stands in front of the list.
const BEGIN: &str = include_str!("errors.md");

/// The page.
pub(crate) fn page(grammar: &Grammar) -> Result<String, Box<dyn std::error::Error>> {
    let mut page = format!(
        "<!-- Generated from grammar.toml by `{COMMAND}`. Do not edit: what stands in front of the \
         list is protocol/codegen/src/errors.md. -->\n\n{BEGIN}"
    );
    let mut errors: Vec<_> = grammar.errors.iter().collect();
    errors.sort_by_key(|error| error.text.to_lowercase());
    for error in errors {
        write!(page, "\n### {}\n\n{}", shown(&error.text), error.doc)?;
        if let Some(remedy) = &error.remedy {
            write!(page, " {remedy}")?;
        }
        write!(page, "\n\n`{}`{}\n", error.name, from(grammar, error))?;
    }
    Ok(page)
}

/// The commands that answer with it by themselves.
fn from(grammar: &Grammar, error: &ErrorText) -> String {
    let commands = grammar.commands.iter();
    let those = commands.filter(|it| it.errors.contains(&error.name));
    let those: Vec<_> = those.map(|it| format!("`{}`", it.name)).collect();
    if those.is_empty() { String::new() } else { format!(", from {}", those.join(", ")) }
}

/// A heading; what differs from case to case is in capital letters.
fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut in_braces = false;
    for c in text.chars() {
        match c {
            '{' => in_braces = true,
            '}' => in_braces = false,
            c if in_braces => out.extend(c.to_uppercase()),
            '*' | '_' | '<' | '`' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
