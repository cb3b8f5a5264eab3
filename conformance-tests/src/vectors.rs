//! The vectors: single lines, and what every parser must make of them.
//!
//! Those of the protocol are generated from its grammar; those in `vectors/` are made by hand, and
//! hostile. There bytes can be written as `\xNN`.

use std::fs;

use daemonproxy_protocol::{Command, Event};

use crate::driver::judge;
use crate::failure::{Failure, shown};
use crate::sdk::Driver;
use crate::suite::{HOME, Outcome, Target, Verdict};
use crate::transcript::unescape;

/// A line, and how it should be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vector {
    /// Where it is written.
    pub line: usize,
    /// What it is.
    pub kind: VectorKind,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// How a line should be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VectorKind {
    /// A valid command.
    Command,
    /// A command that is refused with this text.
    Refused(String),
    /// A valid event.
    Event,
    /// A line that begins like an event but is not one.
    BadEvent,
    /// A line that an echo made.
    Other,
}

/// Reads a table of vectors.
pub fn parse(file: &str, text: &str) -> Result<Vec<Vector>, String> {
    let mut vectors = Vec::new();
    for (line, row) in (1..).zip(text.lines()) {
        if row.is_empty() || row.starts_with('#') {
            continue;
        }
        let (verdict, rest) = row.split_once('\t').unwrap_or((row, ""));
        let (kind, rest) = match verdict {
            "command" => (VectorKind::Command, rest),
            "event" => (VectorKind::Event, rest),
            "bad-event" => (VectorKind::BadEvent, rest),
            "other" => (VectorKind::Other, rest),
            "refused" => {
                let (text, rest) = rest
                    .split_once('\t')
                    .ok_or_else(|| format!("{file}:{line}: expected a text and a line"))?;
                (VectorKind::Refused(text.to_owned()), rest)
            }
            _ => {
                return Err(format!(
                    "{file}:{line}: expected command, refused, event, bad-event or other, not \
                     `{verdict}`"
                ));
            }
        };
        vectors.push(Vector { line, kind, bytes: unescape(rest) });
    }
    Ok(vectors)
}

const FILES: [(&str, &str); 2] = [
    ("vectors/grammar", "../protocol/generated/vectors.tsv"),
    ("vectors/hostile", "vectors/hostile.tsv"),
];

/// Tries all vectors on the parser of this subject, if it has one.
pub fn run(target: &Target) -> Vec<Outcome> {
    let Target::Sdk(subject, command) = target else { return Vec::new() };
    let outcome = |(name, path): (&str, &str)| {
        let begin = std::time::Instant::now();
        let verdict = try_file(&format!("{HOME}/{path}"), command);
        Outcome {
            subject: subject.clone(),
            folder: "vectors".to_owned(),
            name: name.to_owned(),
            title: "Every line is understood as the grammar has it.".to_owned(),
            verdict,
            seconds: begin.elapsed().as_secs_f64(),
        }
    };
    FILES.into_iter().map(outcome).collect()
}

fn try_file(path: &str, command: &[String]) -> Verdict {
    let failed = |line: usize, expected: String, got: String| {
        let failure = Failure {
            file: path.to_owned(),
            line,
            expected,
            got,
            said: Vec::new(),
            log: String::new(),
        };
        Verdict::Failed(Box::new(failure))
    };
    let read = fs::read_to_string(path).map_err(|error| error.to_string());
    let vectors = match read.and_then(|text| parse(path, &text)) {
        Ok(vectors) => vectors,
        Err(error) => return failed(0, "vectors".to_owned(), error),
    };
    let mut driver = match Driver::start(command) {
        Ok(driver) => driver,
        Err(error) => return failed(0, "a driver".to_owned(), error),
    };
    let (mut skipped, mut wrong) = (0, Vec::new());
    for vector in &vectors {
        match ask(&mut driver, vector) {
            Ok(answer) if answer.first().is_some_and(|first| first == b"skip") => skipped += 1,
            Ok(answer) => {
                if let Err(expected) = compare(vector, &answer) {
                    let (line, answer) =
                        (shown("", &vector.bytes), shown("", &answer.join(&b'\t')));
                    wrong
                        .push((vector.line, format!("{line}\n      -{expected}\n      +{answer}")));
                }
            }
            Err(error) => return failed(vector.line, shown("?", &vector.bytes), error),
        }
    }
    if let Some(&(line, _)) = wrong.first() {
        let all: Vec<String> =
            wrong.into_iter().map(|(line, text)| format!("\n    {line}:{text}")).collect();
        return failed(line, "every line".to_owned(), all.concat());
    }
    if skipped == vectors.len() {
        return Verdict::Skipped("it judges no lines".to_owned());
    }
    Verdict::Passed
}

fn ask(driver: &mut Driver, vector: &Vector) -> Result<Vec<Vec<u8>>, String> {
    driver.ask(&[b"?", kind(vector), &vector.bytes])
}

fn kind(vector: &Vector) -> &'static [u8] {
    match vector.kind {
        VectorKind::Command | VectorKind::Refused(_) => b"command",
        VectorKind::Event | VectorKind::BadEvent | VectorKind::Other => b"event",
    }
}

/// Compares with the verdict, and with the fields that the parser in Rust finds.
fn compare(vector: &Vector, answer: &[Vec<u8>]) -> Result<(), String> {
    let expected = match vector.kind {
        VectorKind::Command | VectorKind::Event => judge(kind(vector), &vector.bytes),
        VectorKind::Refused(_) | VectorKind::BadEvent => vec![b"invalid".to_vec()],
        VectorKind::Other => vec![b"other".to_vec()],
    };
    let fits = match vector.kind {
        VectorKind::Command => {
            answer.first() == expected.first() && same_command(&expected[1..], &answer[1..])
        }
        VectorKind::Refused(_) | VectorKind::BadEvent => answer.first() == expected.first(),
        VectorKind::Event => {
            answer.first() == expected.first() && same_event(&expected[1..], &answer[1..])
        }
        VectorKind::Other => answer == expected,
    };
    if fits { Ok(()) } else { Err(shown("", &expected.join(&b'\t'))) }
}

/// A command can be written in more than one way.
fn same_command(left: &[Vec<u8>], right: &[Vec<u8>]) -> bool {
    let (left, right) = (left.join(&b'\t'), right.join(&b'\t'));
    Command::parse(&left).is_ok_and(|left| Command::parse(&right) == Ok(left))
}

/// So can an event: an empty list with its TAB, and without.
fn same_event(left: &[Vec<u8>], right: &[Vec<u8>]) -> bool {
    let (left, right) = (left.join(&b'\t'), right.join(&b'\t'));
    Event::parse(&left).is_ok_and(|left| Event::parse(&right) == Ok(left))
}

/// What the parser in Rust makes of it, without any driver: for the tests of the tables themselves.
pub fn check(vector: &Vector) -> Result<(), String> {
    let bytes = vector.bytes.escape_ascii();
    match (&vector.kind, Command::parse(&vector.bytes), Event::parse(&vector.bytes)) {
        (VectorKind::Command, Ok(_), _) => Ok(()),
        (VectorKind::Refused(text), Err(refusal), _) if refusal.to_string() == *text => Ok(()),
        (VectorKind::Event, _, Ok(event)) if event.name().is_some() => Ok(()),
        (VectorKind::Other, _, Ok(event)) if event.name().is_none() => Ok(()),
        (VectorKind::BadEvent, _, Err(_)) => Ok(()),
        (VectorKind::Command | VectorKind::Refused(_), command, _) => {
            Err(format!("line {}: {bytes}: {command:?}", vector.line))
        }
        (_, _, event) => Err(format!("line {}: {bytes}: {event:?}", vector.line)),
    }
}
