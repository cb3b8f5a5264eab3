//! How commands are framed: one per line, at most 4096 bytes with the LF.

use daemonproxy_testing::{Daemon, Log, Setup};

const TOO_LONG: &str = "error\tline too long";

/// `echo` with an answer that makes the whole line, LF included, this many bytes long.
fn echo_of(length: usize) -> (Vec<u8>, String) {
    let answer = "x".repeat(length - "echo\t\n".len());
    (format!("echo\t{answer}\n").into_bytes(), answer)
}

#[test]
fn ten_megabytes_in_one_line_are_thrown_away() {
    let mut d = Daemon::interactive();
    let before = daemonproxy_testing::status_field(d.pid(), "VmRSS").unwrap();
    let mut line = vec![b'y'; 10 << 20];
    line.push(b'\n');
    d.send_bytes(&line);
    d.expect(&[TOO_LONG]);
    d.answers("echo\tnext", &["next"]);
    let after = daemonproxy_testing::status_field(d.pid(), "VmRSS").unwrap();
    let grown = kilobytes(&after) - kilobytes(&before);
    assert!(grown < 1024, "it took {grown} kB");
}

fn kilobytes(field: &str) -> i64 {
    field.trim_end_matches("kB").trim().parse().unwrap()
}

/// From well below the limit to far beyond it, and a comment of each length, which is never an
/// error.
#[test]
fn lines_that_grow_are_executed_up_to_the_limit_and_refused_beyond() {
    let mut d = Daemon::interactive();
    for length in (64..4064).step_by(500).chain(4064..4128).chain((4128..20_000).step_by(1000)) {
        let (line, answer) = echo_of(length);
        let comment = format!("#{}\n", "c".repeat(length));
        d.send_bytes(&[comment.as_bytes(), &line].concat());
        d.expect(&[if length <= 4096 { answer.as_str() } else { TOO_LONG }]);
    }
}

#[test]
fn a_line_may_come_in_any_pieces() {
    let mut d = Daemon::interactive();
    for piece in ["ec", "ho", "\tin", " pieces", "\necho\tsecond\nec", "ho\tthird", "\n"] {
        d.send_bytes(piece.as_bytes());
    }
    d.expect(&["in pieces", "second", "third"]);
}

#[test]
fn bytes_may_come_one_by_one() {
    let d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    for byte in b"echo\tone by one\n# comment\necho\tanother\n" {
        conn.send_bytes(&[*byte]);
    }
    conn.expect(&["one by one", "another"]);
}

#[test]
fn half_a_line_waits_for_the_rest_while_others_are_served() {
    let mut d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.send_bytes(b"echo\thalf");
    d.answers("echo\twhole", &["whole"]);
    d.connect().sync();
    conn.send_bytes(b" and half\n");
    conn.expect(&["half and half"]);
}

#[test]
fn a_last_line_without_its_end_is_executed_from_a_config_file() {
    let d = Setup::new(["-S", "control"])
        .no_input()
        .config("service.args\tfirst\t/bin/true\nservice.args\tlast\t/bin/true")
        .spawn();
    let services = d.connect().dump_of("service.args\tlast");
    assert_eq!(services, ["service.args\tlast\t/bin/true"]);
    warning(&d.log);
}

#[test]
fn a_last_line_without_its_end_is_ignored_from_standard_input() {
    let mut d = Setup::interactive().args(["--exit-guard", "5"]).socket().start();
    d.send_bytes(b"fd.open\twhole\tread\t/dev/null\nfd.open\thalf\tread\t/dev/null");
    d.close_input();
    warning(&d.log);
    let mut other = d.connect();
    assert_eq!(other.dump_of("fd.state\twhole").len(), 1);
    assert_eq!(other.dump_of("fd.state\thalf").len(), 0);
}

#[test]
fn a_last_line_without_its_end_is_ignored_from_a_socket() {
    let mut d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.send_bytes(b"fd.open\twhole\tread\t/dev/null\nfd.open\thalf\tread\t/dev/null");
    conn.close_input();
    conn.lines_to_end();
    warning(&d.log);
    d.expect(&["fd.state\twhole\tfile\tread\t/dev/null"]);
    assert!(d.dump_of("fd.state\thalf").is_empty());
}

/// The log has a warning.
#[track_caller]
fn warning(log: &Log) {
    log.wait_for("warning: ");
}

#[test]
fn a_last_line_that_is_too_long_harms_nobody() {
    let mut d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.send_bytes(&[b'z'; 10_000]);
    conn.close_input();
    conn.lines_to_end();
    d.still_answers();
}
