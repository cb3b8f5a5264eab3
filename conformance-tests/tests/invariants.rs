//! INVARIANTS.md names every fault that the simulator can find, and no other.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use conformance_tests::suite::HOME;

/// Levels of the log, which look like faults.
const LEVELS: [&str; 5] = ["trace", "debug", "info", "warning", "error"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, found),
            false => found.push(path),
        }
    }
}

/// The words at the beginnings of texts: `"word: …`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').filter_map(|part| {
        let (word, _) = part.split_once(": ")?;
        let is_word = word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.chars().all(|char| char.is_ascii_lowercase() || char == '-');
        is_word.then_some(word)
    })
}

#[test]
fn every_fault_of_the_simulator_has_its_place_and_the_other_way_round() {
    let mut paths = Vec::new();
    for folder in ["src/sim", "../daemonproxy/testing/src/world"] {
        sources(&Path::new(HOME).join(folder), &mut paths);
    }
    let texts: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let lines = || texts.iter().flat_map(|text| text.lines());
    let code = lines().filter(|line| !line.trim_start().starts_with("//"));
    let faults: BTreeSet<&str> = code.flat_map(words).filter(|it| !LEVELS.contains(it)).collect();
    let page = fs::read_to_string(Path::new(HOME).join("INVARIANTS.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| **"));
    let last = rows.filter_map(|row| row.trim_end_matches(" |").rsplit_once(" | "));
    let named: BTreeSet<&str> = last
        .flat_map(|(_, words)| words.split('`'))
        .filter(|word| !word.trim().is_empty())
        .collect();
    assert_eq!(named, faults);
}
