//! The conformance vectors, run against this crate.

use daemonproxy_protocol::{Command, CommandName, Event, EventName};

const VECTORS: &str = include_str!("../generated/vectors.tsv");

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    VECTORS
        .lines()
        .filter(|row| !row.is_empty() && !row.starts_with('#'))
        .map(|row| row.split_once('\t').unwrap_or((row, "")))
}

#[test]
fn every_row_holds() {
    let mut rows_seen = 0;
    for (verdict, rest) in rows() {
        rows_seen += 1;
        let mut again = Vec::new();
        match verdict {
            "command" => {
                let command = Command::parse(rest.as_bytes())
                    .unwrap_or_else(|error| panic!("{rest}: {error}"));
                command.encode(&mut again);
                assert_eq!(Command::parse(&again), Ok(command), "{rest}");
            }
            "refused" => {
                let (text, line) = rest.split_once('\t').expect("a text and a line");
                match Command::parse(line.as_bytes()) {
                    Ok(command) => panic!("{line}: {command:?}"),
                    Err(refusal) => assert_eq!(refusal.to_string(), text, "{line}"),
                }
            }
            "event" => {
                let event =
                    Event::parse(rest.as_bytes()).unwrap_or_else(|error| panic!("{rest}: {error}"));
                assert!(event.name().is_some(), "{rest}");
                event.encode(&mut again);
                assert_eq!(String::from_utf8_lossy(&again), rest);
            }
            _ => panic!("{verdict}: no such verdict"),
        }
    }
    assert!(rows_seen > 200, "only {rows_seen} rows");
}

#[test]
fn every_command_and_event_has_a_row() {
    let lines: Vec<_> = rows().collect();
    let has = |verdict, name: &str| {
        lines.iter().any(|(v, line)| *v == verdict && line.split('\t').next() == Some(name))
    };
    assert!(CommandName::ALL.iter().all(|command| has("command", command.as_str())));
    assert!(EventName::ALL.iter().all(|event| has("event", event.as_str())));
}

/// Faults that depend on other fields, or that contain bytes which a table cannot show.
#[test]
fn faults_beyond_the_mechanical_ones() {
    let refused = |line: &[u8]| match Command::parse(line) {
        Ok(command) => panic!("{command:?}"),
        Err(refusal) => refusal.to_string(),
    };
    assert_eq!(refused(b"fd.socket\ta\t-\t"), "invalid address");
    assert_eq!(refused(b"fd.socket\ta\tinet6,bind\t127.0.0.1:80"), "invalid address");
    assert_eq!(refused(b"fd.open\ta\tread\tb\x00c"), "control character in path");
    assert_eq!(refused(b"chdir\t/tmp\r"), "control character in path");
    assert_eq!(refused(b"service.args\ta\tb\x1b"), "unable to set argv");
    assert_eq!(refused(b"service.tags\ta\tb\x00"), "unable to set tags");
    assert_eq!(refused(b"service.fds\ta\tnull\t\tnull"), "invalid fd name");
    assert_eq!(refused(b"service.start\ta\t"), "invalid timestamp");
    assert_eq!(refused(b"service.tags.apply\ta\tb\t\tc"), "invalid tag change \"\"");
    assert_eq!(refused(b"terminate.exec_args\t\x07"), "control character in exec arguments");
    assert_eq!(refused(b"bo\x07gus"), "Unknown command: bo gus");
}
