//! What the original answers to a line, and what we do: `original.tsv` has both, and where they
//! differ, why. With `ORIGINAL=write` in the environment our answers are written there.
//!
//! A line is played to the state machine in its world, in which files exist and sockets can be bound.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use conformance_tests::suite::HOME;
use daemonproxy_core::{ControllerKind, Fd, Limits, Monotonic, Proxy};
use daemonproxy_protocol::LogFilter;
use daemonproxy_testing::world::{self, World};

/// What both were told before each line.
const BEFORE: &str = "service.args\tweb\tsleep\t1000\nservice.tags\tweb\tk=v\tt\n\
    service.fds\tweb\tnull\tnull\tstderr\nservice.auto_up\trep\t60\tSIGUSR1\n\
    service.args\trep\ttrue\nfd.pipe\tlog.r\tlog.w\nservice.args\tup\tsleep\t1000\n\
    service.start\tup\n";

/// The second of the clock.
const SECOND: u64 = 1000;

struct Daemon {
    proxy: Proxy<World>,
    fd: Fd,
}

impl Daemon {
    fn new() -> Self {
        let now = Monotonic::from_seconds(SECOND);
        let mut proxy = Proxy::new(World::new(now), Limits::default(), None, LogFilter::Info);
        world::name_standard(&mut proxy, b"unknown");
        let fd = proxy.sys().make_connection("terminal");
        proxy.connected(ControllerKind::Interactive, Some(fd), Some(fd), now);
        let mut daemon = Self { proxy, fd };
        daemon.answer(BEFORE.as_bytes());
        daemon
    }

    fn answer(&mut self, bytes: &[u8]) -> Vec<u8> {
        let now = Monotonic::from_seconds(SECOND);
        self.proxy.sys().file(self.fd).sends(bytes.to_vec(), Vec::new());
        for _ in 0..100 {
            self.proxy.run(now);
            world::turn(&mut self.proxy, now, 1 << 16, |_| false);
        }
        std::mem::take(&mut self.proxy.sys().file(self.fd).written)
    }
}

/// A field as it stands in the file, and back.
fn shown(bytes: &[u8]) -> String {
    let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(line).collect();
    if lines.is_empty() { "(nothing)".to_owned() } else { lines.join("  //  ") }
}

fn line(line: &[u8]) -> String {
    let fields: Vec<String> = line.split(|&byte| byte == b'\t').map(field).collect();
    let is_moment = |at: usize| at == 3 && fields[0] == "service.state" && fields[at] != "-";
    let one = |(at, field): (usize, &String)| {
        if is_moment(at) { "{ts}".to_owned() } else { field.clone() }
    };
    fields.iter().enumerate().map(one).collect::<Vec<_>>().join(" | ")
}

fn field(bytes: &[u8]) -> String {
    let one = |&byte: &u8| match byte {
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    bytes.iter().map(one).collect()
}

fn bytes(shown: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = shown;
    while let Some(char) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("\\x") {
            bytes.push(u8::from_str_radix(&after[..2], 16).unwrap());
            rest = &after[2..];
        } else if let Some(after) = rest.strip_prefix(" | ") {
            bytes.push(b'\t');
            rest = after;
        } else {
            bytes.push(char as u8);
            rest = &rest[1..];
        }
    }
    bytes
}

fn file() -> PathBuf {
    Path::new(HOME).join("original.tsv")
}

#[test]
fn every_answer_is_that_of_the_original_or_differs_for_a_reason() {
    let write = std::env::var_os("ORIGINAL").is_some();
    let (mut text, mut wrong, mut same, mut different) = (String::new(), Vec::new(), 0, 0);
    for row in fs::read_to_string(file()).unwrap().lines() {
        if row.starts_with("# ") {
            text.push_str(&format!("{row}\n"));
            continue;
        }
        let columns: Vec<&str> = row.split('\t').collect();
        let (asked, original) = (columns[0], columns[1]);
        let (ours, why) = (columns.get(2).unwrap_or(&""), columns.get(3).unwrap_or(&""));
        let mut line = bytes(asked);
        line.push(b'\n');
        let answer = shown(&Daemon::new().answer(&line));
        let answer = if answer == original { "=" } else { &answer };
        text.push_str(&format!("{asked}\t{original}\t{answer}\t{why}\n"));
        if *ours != answer {
            wrong.push(format!("{asked}: `{answer}` instead of `{ours}`"));
        }
        if (answer == "=") != why.is_empty() {
            wrong.push(format!("{asked}: the reason is {why:?}, the answer {answer}"));
        }
        if answer == "=" { same += 1 } else { different += 1 }
    }
    if write {
        fs::write(file(), text).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{} are not as written:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(same + different, 612);
}

#[test]
fn every_reason_is_explained_and_used() {
    let text = fs::read_to_string(file()).unwrap();
    let head = text.lines().filter_map(|row| row.strip_prefix("# ")?.split_once(": "));
    let known: Vec<&str> = head.map(|(word, _)| word).filter(|word| !word.contains(' ')).collect();
    let rows = || text.lines().filter(|row| !row.starts_with("# "));
    let used: Vec<&str> =
        rows().flat_map(|row| row.rsplit('\t').next().unwrap().split(' ')).collect();
    for word in used.iter().filter(|word| !word.is_empty()) {
        assert!(known.contains(word), "the reason `{word}` is not explained");
    }
    for word in known {
        assert!(used.contains(&word), "the reason `{word}` is not used");
    }
}
