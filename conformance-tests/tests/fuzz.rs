//! The targets of the fuzzer, with what is kept of it, and with what is near to that: cut off, with
//! a byte changed, taken out, or said twice, and mixed with another one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use conformance_tests::fuzz::TARGETS;
use conformance_tests::suite::HOME;
use daemonproxy_testing::Rng;

/// So many changes of each file.
const CHANGES: usize = 60;

fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(HOME).join("fuzz/corpus").join(name);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

#[test]
fn nothing_is_found_in_the_corpus_and_near_to_it() {
    for (name, target) in TARGETS {
        let files = corpus(name);
        assert!(!files.is_empty(), "there is no corpus for {name}");
        let mut rng = Rng::new(17);
        for (path, data) in &files {
            let mut changed = data.clone();
            for nth in 0..=CHANGES {
                let run = catch_unwind(AssertUnwindSafe(|| target(&changed)));
                assert!(run.is_ok(), "{name}: change {nth} of {}: {changed:?}", path.display());
                let other = &files[rng.below(files.len())].1;
                changed = change(if nth % 4 == 3 { data } else { &changed }, other, &mut rng);
            }
        }
    }
}

fn change(data: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut data = data.to_vec();
    let at = rng.below(data.len() + 1);
    match rng.below(6) {
        0 => data.truncate(at),
        1 if at < data.len() => data[at] = rng.draw() as u8,
        2 if at < data.len() => drop(data.remove(at)),
        3 => data.insert(at, rng.choose(b"\t\n\0 =-,:@9\x7f\xff")),
        4 => data.extend_from_within(..at),
        _ => {
            data.truncate(at);
            data.extend_from_slice(&other[rng.below(other.len() + 1)..]);
        }
    }
    data.truncate(1 << 14);
    data
}

#[test]
fn every_target_has_a_program_for_the_fuzzer() {
    let programs = Path::new(HOME).join("fuzz/fuzz_targets");
    for (name, _) in TARGETS {
        let text = fs::read_to_string(programs.join(format!("{name}.rs"))).unwrap_or_default();
        assert!(text.contains(&format!("target(\"{name}\"")), "fuzz_targets/{name}.rs");
    }
    assert_eq!(fs::read_dir(programs).unwrap().count(), TARGETS.len());
}
