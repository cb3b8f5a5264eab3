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
    if let Some(header) = line.trim_start().strip_prefix('[') {
        let path: Vec<&str> = header.split(']').next()?.split('.').map(bare).collect();
        return key_at(tree, &path);
    }
    // The table whose header is the last one before.
    let mut path: Vec<&str> = Vec::new();
    for line in text.get(..begin)?.lines() {
        if let Some(header) = line.trim_start().strip_prefix('[') {
            path = header.split(']').next()?.split('.').map(bare).collect();
        }
    }
    path.extend(line.split('=').next()?.split('.').map(bare));
    key_at(tree, &path)
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
