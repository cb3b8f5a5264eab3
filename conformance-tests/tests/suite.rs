//! The whole suite, as `cargo test` runs it: against the state machine, a real daemon, the crate of
//! the protocol, and every SDK that is there.

#![cfg(test)]

use std::io::Write;
use std::path::{Path, PathBuf};

use conformance_tests::report::{self, Counts};
use conformance_tests::subject::daemon::Programs;
use conformance_tests::suite;
use conformance_tests::transcript::Transcript;
use conformance_tests::vectors;

fn transcripts() -> Vec<Transcript> {
    let found = suite::find(&Path::new(suite::HOME).join("transcripts")).unwrap();
    found.iter().map(|(name, path)| suite::read(name, path).unwrap()).collect()
}

#[test]
fn every_transcript_holds() {
    let programs = Programs {
        daemon: suite::find_daemon(Path::new(env!("CARGO_BIN_EXE_conformance-tests"))).unwrap(),
        suite: PathBuf::from(env!("CARGO_BIN_EXE_conformance-tests")),
    };
    let (targets, notes) = suite::default_targets(&programs);
    let known = suite::known_failures(&Path::new(suite::HOME).join("known-failures")).unwrap();
    let transcripts = transcripts();
    let mut outcomes = suite::run(&transcripts, &targets, &known, suite::default_jobs());
    outcomes.extend(targets.iter().flat_map(vectors::run));
    let counts = Counts::of(&outcomes);
    // The counts are for whoever reads the log, but `cargo test` captures what is printed.
    let table = report::table(&outcomes, &targets);
    let notes: String = notes.iter().map(|note| format!("{note}\n")).collect();
    let _ = writeln!(std::io::stderr(), "\n{notes}{table}{}", counts.line(transcripts.len()));
    assert_eq!(counts.failed, 0, "\n{}", report::failures(&outcomes));
}

#[test]
fn every_transcript_is_written_as_it_would_be_printed() {
    for (name, path) in suite::find(&Path::new(suite::HOME).join("transcripts")).unwrap() {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(Transcript::parse(&name, &text).unwrap().to_string(), text, "{name}");
    }
}

#[test]
fn every_transcript_says_what_it_is_about_and_has_a_subject() {
    let programs = Programs { daemon: PathBuf::new(), suite: PathBuf::new() };
    let targets = ["core", "daemon", "rust"].map(|name| suite::target(name, &programs));
    for transcript in transcripts() {
        assert!(transcript.title().ends_with('.'), "{} has no title", transcript.file);
        let fits = targets.iter().any(|target| target.unfit(&transcript).is_none());
        assert!(fits, "{} is for nobody", transcript.file);
    }
}
