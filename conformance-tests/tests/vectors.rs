//! The tables of vectors themselves, against the parser in Rust.

#![cfg(test)]

use std::path::Path;

use conformance_tests::{suite, vectors};

#[test]
fn every_hostile_line_is_understood_as_its_table_says() {
    let path = Path::new(suite::HOME).join("vectors/hostile.tsv");
    let table = vectors::parse("hostile.tsv", &std::fs::read_to_string(path).unwrap()).unwrap();
    let wrong: Vec<String> =
        table.iter().filter_map(|vector| vectors::check(vector).err()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(table.len() > 100, "only {} vectors", table.len());
}
