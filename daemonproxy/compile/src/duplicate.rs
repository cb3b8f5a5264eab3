//! Where a key stands first that stands in a file twice.
//!
//! The reader of TOML says where the second one is, and keeps the first one in its tree.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The place of the first one, if the message is about such a key, which begins at `at`.
pub(crate) fn first(
    text: &str,
    tree: &DeTable<'_>,
    message: &str,
    at: usize,
) -> Option<Range<usize>> {
    if !message.contains("duplicate key") {
        return None;
    }
    let begin = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(begin..)?.lines().next()?;
    if let Some(path) = header(line) {
        // The tree has both tables as one: the text knows which line was first.
        let mut start = 0;
        for one in text.get(..begin)?.split_inclusive('\n') {
            if header(one).is_some_and(|it| it == path) {
                return Some(start..start + one.trim_end().len());
            }
            start += one.len();
        }
        return None;
    }
    // The table whose header is the last one before.
    let mut path: Vec<&str> = Vec::new();
    for line in text.get(..begin)?.lines() {
        path = header(line).unwrap_or(path);
    }
    path.extend(line.split('=').next()?.split('.').map(bare));
    key_at(tree, &path).filter(|first| first.start < at)
}

/// The path of the table that a line begins.
fn header(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim_start().strip_prefix('[')?.split(']').next()?;
    Some(inner.split('.').map(bare).collect())
}

/// A part of a key without its quotes.
fn bare(part: &str) -> &str {
    part.trim().trim_matches(['"', '\''])
}

fn key_at(tree: &DeTable<'_>, path: &[&str]) -> Option<Range<usize>> {
    let (last, parents) = path.split_last()?;
    let mut table = tree;
    for parent in parents {
        let value: &Spanned<DeValue<'_>> = table.get(*parent)?;
        table = value.get_ref().as_table()?;
    }
    let (key, _) = table.iter().find(|(key, _)| key.get_ref() == last)?;
    Some(key.span())
}
