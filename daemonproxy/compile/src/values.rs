//! The values of one service: its own table, and the defaults behind it.
//!
//! What has the wrong type is as if it were not there: it was complained about in `check`.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::keys::{self, Key, SERVICE};
use crate::problem::Place;
use crate::value;

/// A value, and where it stands.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Found<'t> {
    pub(crate) file: usize,
    pub(crate) value: &'t Spanned<DeValue<'t>>,
}

impl<'t> Found<'t> {
    pub(crate) fn place(&self) -> Place {
        Place { file: self.file, span: self.value.span() }
    }

    pub(crate) fn get(&self) -> &'t DeValue<'t> {
        self.value.get_ref()
    }

    pub(crate) fn str(&self) -> Option<&'t str> {
        self.get().as_str()
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        self.get().as_bool()
    }

    pub(crate) fn number(&self) -> Option<i64> {
        value::integer(self.get())
    }

    pub(crate) fn seconds(&self) -> Option<i64> {
        value::seconds(self.get())
    }

    /// The one text, or all of the list.
    pub(crate) fn texts(&self) -> Vec<(&'t str, Place)> {
        let file = self.file;
        let one = |value: &'t Spanned<DeValue<'t>>| {
            Some((value.get_ref().as_str()?, Place { file, span: value.span() }))
        };
        match self.get().as_array() {
            Some(all) => all.iter().filter_map(one).collect(),
            None => one(self.value).into_iter().collect(),
        }
    }

    /// The entries, if it is a table.
    pub(crate) fn entries(&self) -> Vec<(&'t str, Place, Found<'t>)> {
        let file = self.file;
        let Some(table) = self.get().as_table() else { return Vec::new() };
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| {
                let place = Place { file, span: key.span() };
                (&**key.get_ref(), place, Found { file, value })
            })
            .collect();
        entries.sort_by_key(|(_, place, _)| place.span.start);
        entries
    }

    /// The value of this key, if it is a table that has it.
    pub(crate) fn entry(&self, key: &str) -> Option<Found<'t>> {
        let value = self.get().as_table()?.get(key)?;
        Some(Found { file: self.file, value })
    }
}

/// The table of a service, and the defaults.
#[derive(Clone, Debug)]
pub(crate) struct Values<'t> {
    pub(crate) name: &'t str,
    /// Where the name stands.
    pub(crate) place: Place,
    pub(crate) own: Found<'t>,
    /// The later wins.
    pub(crate) defaults: Vec<Found<'t>>,
}

impl<'t> Values<'t> {
    /// The value that counts.
    pub(crate) fn get(&self, key: &str) -> Option<Found<'t>> {
        if self.is_off(key) {
            return None;
        }
        self.own(key).or_else(|| self.defaults.iter().rev().find_map(|it| it.entry(key)))
    }

    /// Whether `KEY = false` takes a default back.
    fn is_off(&self, key: &str) -> bool {
        let is_false = self.own(key).and_then(|it| it.flag()) == Some(false);
        is_false && keys::find(SERVICE, key).is_none_or(Key::can_be_off)
    }

    /// Only its own.
    pub(crate) fn own(&self, key: &str) -> Option<Found<'t>> {
        self.own.entry(key)
    }

    /// All of them, its own last, for keys that are put together.
    pub(crate) fn all(&self, key: &str) -> Vec<Found<'t>> {
        let is_off = self.is_off(key);
        let all = self.defaults.iter().chain([&self.own]).filter(move |_| !is_off);
        all.filter_map(|it| it.entry(key)).collect()
    }

    /// The names of all its keys, with their values.
    pub(crate) fn keys(&self) -> Vec<(&'t str, Found<'t>)> {
        let mut keys: Vec<(&str, Found<'_>)> = Vec::new();
        for table in self.defaults.iter().rev().chain([&self.own]).rev() {
            for (key, _, value) in table.entries() {
                if !keys.iter().any(|(known, _)| *known == key) {
                    keys.push((key, value));
                }
            }
        }
        keys
    }
}

/// The part `within` of a text that stands at `span`, if it stands there as it is.
pub(crate) fn part(
    text: &str,
    span: &Range<usize>,
    value: &str,
    within: &Range<usize>,
) -> Range<usize> {
    let Some(raw) = text.get(span.clone()) else { return span.clone() };
    for quotes in [3, 1] {
        let inner = raw.get(quotes..raw.len().saturating_sub(quotes));
        if inner == Some(value) {
            let begin = span.start + quotes;
            return begin + within.start..begin + within.end;
        }
    }
    span.clone()
}
