//! Text that controls a terminal, or turns the direction of writing: on a terminal it is escaped,
//! and a program gets it as it is.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::process::Command;

use crate::daemon::Daemon;
use crate::terminal;

/// U+009B begins a command of the terminal, a lone 0x9B does so on one of 8 bits, U+202E turns the
/// direction.
const HOSTILE: &[u8] = b"a\xc2\x9b2J\x9bx\xe2\x80\xaez";
const SPELT: &str = "a\\u{9b}2J\\x9bx\\u{202e}z";

fn daemon() -> Daemon {
    let daemon = Daemon::start();
    let mut other = UnixStream::connect(daemon.socket()).unwrap();
    other.write_all(&[b"service.tags\tweb\t", HOSTILE, b"\n"].concat()).unwrap();
    daemon.comes_to_say("ls", "web\n");
    daemon
}

#[test]
fn on_a_terminal_it_is_escaped() {
    let daemon = daemon();
    for args in [
        &["tags", "web"][..],
        &["dump"],
        &["send", "statedump"],
        &["events"],
        &["events", "--format", "tsv"],
        &["status", "--fields", "tags"],
        &["status", "--fields", "tags", "--format", "tsv"],
    ] {
        let mut terminal = terminal::dpctl(&daemon, args);
        terminal.shows(SPELT);
        assert_eq!(terminal.ends(), Some(0), "{args:?}");
    }
}

#[test]
fn a_program_gets_it_as_it_is() {
    let daemon = daemon();
    for args in
        [&["tags", "web"][..], &["dump"], &["status", "--fields", "tags", "--format", "tsv"]]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpctl"));
        let output =
            command.env("DAEMONPROXY_SOCKET", daemon.socket()).args(args).output().unwrap();
        let found = output.stdout.windows(HOSTILE.len()).any(|bytes| bytes == HOSTILE);
        assert!(found, "{args:?}: {}", output.stdout.escape_ascii());
    }
}

/// JSON has a spelling of its own for it, that says the same to a program.
#[test]
fn in_json_it_is_always_escaped() {
    let daemon = Daemon::start();
    let mut other = UnixStream::connect(daemon.socket()).unwrap();
    other.write_all("service.tags\tweb\ta\u{9b}b\u{202e}c\n".as_bytes()).unwrap();
    daemon.comes_to_say("ls", "web\n");
    for args in
        ["status --fields tags --format json", "events --format jsonl", "events --format json"]
    {
        let out = daemon.ok(args);
        assert!(out.contains(r#""a\u009bb\u202ec""#), "{args}: {out}");
    }
}
