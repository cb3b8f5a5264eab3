//! What the transcripts mention: nothing in the grammar may be left out.

#![cfg(test)]

use std::collections::BTreeSet;
use std::path::Path;

use conformance_tests::suite;
use conformance_tests::transcript::{Bindings, What};
use daemonproxy_protocol::tables::{COMMANDS, ERRORS, EVENTS, OPTIONS};

/// Errors that cannot be provoked, and why.
const OUT_OF_REACH: [(&str, &str); 3] = [
    ("exec arguments exceed buffer size", "the length of a line is the only limit"),
    ("environment longer than 65535 bytes", "too long for a transcript: a test of the core has it"),
    ("setsockopt: {reason}", "SO_REUSEADDR can be set on every socket"),
];

/// All lines of all transcripts that begin like this.
fn lines(speaker: &str) -> BTreeSet<String> {
    let folder = Path::new(suite::HOME).join("transcripts");
    let mut lines = BTreeSet::new();
    for (name, path) in suite::find(&folder).unwrap() {
        let mut bindings = Bindings::new(0, &["relay"]);
        for step in suite::read(&name, &path).unwrap().steps {
            let ((What::Command(_, fields), ">") | (What::Event(_, _, fields), "<")) =
                (&step.what, speaker)
            else {
                continue;
            };
            let line = bindings.made_up_line(fields);
            lines.insert(String::from_utf8_lossy(&line).into_owned());
        }
    }
    lines
}

#[test]
fn every_command_is_sent() {
    let lines = lines(">");
    for command in COMMANDS {
        let name = command.name.as_str();
        let is_sent = lines.iter().any(|line| line.split('\t').next() == Some(name));
        assert!(is_sent, "no transcript sends {name}");
    }
}

#[test]
fn every_option_is_set() {
    let lines = lines(">");
    for option in OPTIONS {
        let is_set = lines.iter().any(|line| {
            let mut fields = line.split('\t');
            fields.next().is_some_and(|name| name.starts_with("service.options"))
                && fields.any(|field| {
                    let key = field.split('=').next().unwrap_or_default();
                    key == option.name || key.split('.').next() == Some(option.name)
                })
        });
        assert!(is_set, "no transcript sets the option {}", option.name);
    }
}

#[test]
fn every_event_is_expected() {
    let lines = lines("<");
    for event in EVENTS {
        let name = event.name.as_str();
        let is_there = lines.iter().any(|line| line.split('\t').next() == Some(name));
        assert!(is_there, "no transcript expects {name}");
    }
}

#[test]
fn every_error_is_expected() {
    let lines = lines("<");
    let missing: Vec<&str> = ERRORS
        .iter()
        .map(|error| error.text)
        .filter(|text| OUT_OF_REACH.iter().all(|(known, _)| known != text))
        .filter(|text| !lines.iter().any(|line| fits(line, text)))
        .collect();
    assert!(missing.is_empty(), "no transcript expects {missing:#?}");
}

/// Whether this line is an error with this text, in which holes are in braces, or ends a tagged
/// command with it.
fn fits(line: &str, text: &str) -> bool {
    let done = || line.strip_prefix("done\t")?.splitn(3, '\t').nth(2);
    let Some(mut rest) = line.strip_prefix("error\t").or_else(done) else { return false };
    let mut parts = text.split(['{', '}']).step_by(2);
    let first = parts.next().unwrap_or_default();
    let Some(behind) = rest.strip_prefix(first) else { return false };
    rest = behind;
    parts.all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}
