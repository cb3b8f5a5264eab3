//! How commands are framed: one a line, 4096 bytes with the LF at the most.

use daemonproxy_testing::{Daemon, Log, Setup};

const NOTHING: &[&str] = &[];
const TOO_LONG: &str = "error\tline too long";

/// `echo` with an answer that makes the whole line, LF included, so many bytes long.
fn echo_of(length: usize) -> (Vec<u8>, String) {
    let answer = "x".repeat(length - "echo\t\n".len());
    (format!("echo\t{answer}\n").into_bytes(), answer)
}

#[test]
fn a_line_of_4096_bytes_is_executed() {
    let mut d = Daemon::interactive();
    let (line, answer) = echo_of(4096);
    d.send_bytes(&line);
    d.expect(&[answer]);
}

#[test]
fn a_line_of_4097_bytes_is_too_long() {
    let mut d = Daemon::interactive();
    let (line, _) = echo_of(4097);
    d.send_bytes(&line);
    d.expect(&[TOO_LONG]);
    d.log.wait_for("command exceeds buffer size");
    d.answers("echo\tnext", &["next"]);
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

#[test]
fn several_too_long_lines_are_answered_one_by_one() {
    let mut d = Daemon::interactive();
    let (long, _) = echo_of(9000);
    let bytes =
        [&long[..], b"echo\tone\n", &long, &long, b"echo\ttwo\n", &long, b"echo\tthree\n"].concat();
    d.send_bytes(&bytes);
    d.expect(&[TOO_LONG, "one", TOO_LONG, TOO_LONG, "two", TOO_LONG, "three"]);
}

/// From well below the limit to far beyond it, and a comment of each length, which is never an error.
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
fn comments_are_ignored_without_a_word() {
    let mut d = quiet();
    d.send_bytes(b"# a comment\n#\n#echo\tno\n#\t\n##\n#\x01\xff\0\n");
    assert_silence(d);
}

#[test]
fn over_long_comments_are_ignored_without_a_word() {
    let mut d = quiet();
    for length in [4095, 4096, 4097, 8192, 100_000] {
        d.send_bytes(format!("#{}\n", "c".repeat(length)).as_bytes());
    }
    assert_silence(d);
}

#[test]
fn blank_lines_are_ignored_without_a_word() {
    let mut d = quiet();
    d.send_bytes(b"\n\n \n\t\n\r\n \t \r \t\n   \n");
    assert_silence(d);
}

/// A daemon of which nothing is in the log but what the test brings about.
fn quiet() -> Daemon {
    let mut d = Daemon::interactive();
    d.ask("service.delete\tbegin");
    d.log.wait_for("begin");
    d
}

/// Nothing was answered and nothing logged.
#[track_caller]
fn assert_silence(mut d: Daemon) {
    d.answers("echo", NOTHING);
    d.ask("service.delete\tend");
    d.log.wait_for("end");
    let lines = d.log.lines();
    let begin = lines.iter().rposition(|l| l.contains("begin")).unwrap();
    let end = lines.iter().position(|l| l.contains("end\"") || l.ends_with("end")).unwrap();
    for line in &lines[begin + 1..=end] {
        let ours = line.contains("No such service") || line.contains("end");
        assert!(ours, "{line:?} in {lines:#?}");
    }
}

#[test]
fn a_hash_further_in_begins_no_comment() {
    let mut d = Daemon::interactive();
    d.answers(" # x", &["error\tUnknown command:  # x"]);
    d.define("web", &["/bin/echo", "#", "x # y"]);
}

#[test]
fn an_unknown_command_is_told_and_logged() {
    let mut d = Daemon::interactive();
    d.answers("no.such\ta\tb", &["error\tUnknown command: no.such"]);
    let line = d.log.wait_for("no.such");
    assert!(line.contains("nknown command"), "{line}");
}

#[test]
fn names_of_commands_are_exact() {
    let mut d = Daemon::interactive();
    for wrong in ["ECHO", "ech", "echoo", "echo ", " echo", "service", "service.args.x", "echo x"] {
        d.answers(wrong, &[format!("error\tUnknown command: {wrong}")]);
    }
}

#[test]
fn a_command_that_fails_is_logged_as_two_lines() {
    let mut d = Daemon::interactive();
    d.refuses("service.start\tbegin", "No such service");
    d.refuses("service.start\tmarker", "No such service");
    d.refuses("service.start\tend", "No such service");
    d.log.wait_for("end");
    let errors: Vec<String> =
        d.log.lines().into_iter().filter(|l| l.starts_with("error: ")).collect();
    // Six, of which the last may not have come yet.
    assert!((5..=6).contains(&errors.len()), "{errors:#?}");
    assert!(errors.iter().any(|l| l.contains("No such service")), "{errors:#?}");
}

#[test]
fn thirty_bytes_of_the_command_are_quoted() {
    let mut d = Daemon::interactive();
    //       123456789012345678901234567890
    d.answers(
        "service.delete\t56789012345678",
        &["error\tNo such service, for command \"service.delete 56789012345678\""],
    );
    d.answers(
        "service.delete\t567890123456789",
        &["error\tNo such service, for command \"service.delete 567890123456789\""],
    );
    d.answers(
        "service.delete\t5678901234567890",
        &["error\tNo such service, for command \"service.delete 567890123456789...\""],
    );
}

/// The original quoted them as they are, so that an error had more than two fields.
#[test]
fn tabs_are_quoted_as_spaces() {
    let mut d = Daemon::interactive();
    d.answers(
        "chdir\ta\tb\tc",
        &["error\tunexpected argument after path, for command \"chdir a b c\""],
    );
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
fn nul_and_control_characters_come_back_from_echo() {
    let mut d = Daemon::interactive();
    d.send_bytes(b"echo\ta\0b\x01\r\x1b\n");
    assert_eq!(d.line(), b"a\0b\x01\r\x1b");
}

#[test]
fn bytes_that_are_no_utf8_come_back_from_echo() {
    let mut d = Daemon::interactive();
    let bytes: Vec<u8> = (0x7f..=0xff).collect();
    d.send_bytes(&[b"echo\t", &bytes[..], b"\n"].concat());
    assert_eq!(d.line(), bytes);
}

#[test]
fn an_unknown_command_of_strange_bytes_makes_one_error_of_two_fields() {
    let mut d = Daemon::interactive();
    for strange in [&b"\xff\xfe"[..], b"\0\0", b"a\x01b", b"\x7f", b"\rx"] {
        d.send_bytes(&[strange, b"\n"].concat());
        let line = d.line();
        assert!(line.starts_with(b"error\tUnknown command: "), "{}", line.escape_ascii());
        assert_eq!(line.iter().filter(|&&b| b == b'\t').count(), 1, "{}", line.escape_ascii());
    }
    d.answers("echo", NOTHING);
}

#[test]
fn a_command_without_a_name_is_unknown() {
    let mut d = Daemon::interactive();
    d.answers("\tx", &["error\tUnknown command: "]);
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
