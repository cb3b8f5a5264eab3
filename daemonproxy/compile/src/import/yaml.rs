//! YAML as a tree of texts: what a plain word means is up to whoever reads it.
//!
//! Anchors and merges (`<<`) are carried out. A file of a few lines can stand for more than there
//! is memory in this way, so the tree has a limit.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::Wrong;

/// No file that a person has written has more values.
const MOST: usize = 100_000;
/// Nor is it deeper.
const DEEPEST: usize = 64;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing, or `null`.
    Null,
    /// A text, or a number, or whatever stands there.
    Text(String),
    List(Vec<Value>),
    Table(Vec<(String, Value)>),
}

impl Value {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key, if it is a table that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        let found = self.entries().iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value)
    }

    pub(super) fn entries(&self) -> &[(String, Value)] {
        match self {
            Self::Table(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// On one line, for a comment.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Text(text) => text.replace('\n', " "),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::shown).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Table(entries) => {
                let entries =
                    entries.iter().map(|(key, value)| format!("{key}: {}", value.shown()));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Null | Self::Text(_) => 1,
            Self::List(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Self::Table(entries) => 1 + entries.iter().map(|(_, it)| it.size()).sum::<usize>(),
        }
    }
}

/// The first document of a file.
pub(super) fn read(text: &str) -> Result<Value, Wrong> {
    let mut tree = Tree::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            (marker.line(), format!("this is no YAML: {}", error.info()))
        })?;
        let wrong = |why: &str| (span.start.line(), why.to_owned());
        match event {
            Event::DocumentEnd => break,
            Event::Alias(id) => {
                let value = tree.anchors.get(&id).cloned();
                let value = value.ok_or_else(|| wrong("this anchor is not there yet"))?;
                tree.values += value.size();
                tree.add(value, 0);
            }
            Event::Scalar(text, style, anchor, _) => {
                let is_null = style == ScalarStyle::Plain
                    && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if is_null { Value::Null } else { Value::Text(text.into_owned()) };
                tree.add(value, anchor);
            }
            Event::SequenceStart(anchor, _) => tree.open.push(Open::new(false, anchor)),
            Event::MappingStart(anchor, _) => tree.open.push(Open::new(true, anchor)),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = tree.open.pop() {
                    let anchor = open.anchor;
                    tree.add(open.value(), anchor);
                }
            }
            _ => {}
        }
        tree.values += 1;
        if tree.values > MOST || tree.open.len() > DEEPEST {
            return Err(wrong("this is too much for a file of services"));
        }
    }
    Ok(tree.root.unwrap_or(Value::Null))
}

#[derive(Default)]
struct Tree {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Value>,
    root: Option<Value>,
    values: usize,
}

impl Tree {
    fn add(&mut self, value: Value, anchor: usize) {
        if anchor > 0 {
            self.values += value.size();
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some(open) => open.add(value),
        }
    }
}

/// A list or a table whose end has not come yet.
struct Open {
    is_table: bool,
    anchor: usize,
    items: Vec<Value>,
    entries: Vec<(String, Value)>,
    /// What `<<` stands for; it counts less than what is written.
    merged: Vec<(String, Value)>,
    key: Option<String>,
}

impl Open {
    fn new(is_table: bool, anchor: usize) -> Self {
        let (items, entries, merged) = (Vec::new(), Vec::new(), Vec::new());
        Self { is_table, anchor, items, entries, merged, key: None }
    }

    fn add(&mut self, value: Value) {
        if !self.is_table {
            self.items.push(value);
            return;
        }
        match self.key.take() {
            None => {
                let key = value.text().map_or_else(|| value.shown(), str::to_owned);
                self.key = Some(key);
            }
            Some(key) if key == "<<" => {
                self.merged.extend_from_slice(value.entries());
                self.merged.extend(value.items().iter().flat_map(Value::entries).cloned());
            }
            Some(key) => self.entries.push((key, value)),
        }
    }

    fn value(mut self) -> Value {
        if !self.is_table {
            return Value::List(self.items);
        }
        for (key, value) in self.merged {
            if !self.entries.iter().any(|(known, _)| *known == key) {
                self.entries.push((key, value));
            }
        }
        Value::Table(self.entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_as_they_are() {
        let value = read("a: 0022\nb: no\nc: '~'\nd: ~\ne:\nf: [1.10, {g: h}]\n").unwrap();
        assert_eq!(value.get("a").unwrap().text(), Some("0022"));
        assert_eq!(value.get("b").unwrap().text(), Some("no"));
        assert_eq!(value.get("c").unwrap().text(), Some("~"));
        assert_eq!((value.get("d"), value.get("e")), (Some(&Value::Null), Some(&Value::Null)));
        assert_eq!(value.get("f").unwrap().shown(), "[1.10, {g: h}]");
    }

    #[test]
    fn what_is_written_counts_more_than_what_is_merged() {
        let text = "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [*x, {c: 4}]}\n";
        let value = read(text).unwrap();
        assert_eq!(value.get("y").unwrap().shown(), "{b: 3, a: 1}");
        assert_eq!(value.get("z").unwrap().shown(), "{a: 1, b: 2, c: 4}");
    }

    #[test]
    fn there_is_a_limit() {
        let mut text = "a0: &a0 [x, x]\n".to_owned();
        for n in 1..40 {
            text += &format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1);
        }
        assert!(read(&text).unwrap_err().1.contains("too much"));
        assert!(read(&"[".repeat(10_000)).is_err());
        assert_eq!(read("a: [\nb: }\n").map_err(|(line, _)| line), Err(2));
    }
}
