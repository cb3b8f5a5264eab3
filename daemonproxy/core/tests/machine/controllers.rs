//! Controllers: lines in, lines out, and how each kind of them ends.

use daemonproxy_core::Limits;
use daemonproxy_protocol::LogFilter;
use daemonproxy_testing::world::Output;

use crate::fixture::{Fixture, assert_lines};

#[test]
fn lines_may_come_in_any_pieces() {
    let mut f = Fixture::new();
    let c = f.connect();
    for byte in "echo a b\n\n# x\necho  c\n".chars() {
        f.send_raw(c, &byte.to_string());
    }
    assert_lines(&f.lines(c), &["a b", " c"]);
}

#[test]
fn comments_and_blank_lines_say_nothing() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send_raw(c, "\n  \n\r\n# echo x\n#\n");
    f.send_raw(c, &format!("#{}\n", "x".repeat(10_000)));
    assert_lines(&f.lines(c), &[]);
    assert_lines(&f.log(), &[]);
}

#[test]
fn exit_delivers_first_and_forgets_what_comes_behind_it() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.reads(c, Output::Room(3));
    f.send_raw(c, "echo one\nstatedump\n");
    f.reads(c, Output::Free);
    f.lines(c);
    f.send_raw(c, "echo two\nstatedump\necho three\nexit\necho never\n");
    let lines = f.lines(c);
    assert_eq!(lines.first().unwrap(), "two");
    assert_eq!(lines.last().unwrap(), "three");
    assert!(!f.is_connected(c));
}

#[test]
fn exit_waits_until_a_slow_reader_has_everything() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, "echo one\nexit\n");
    assert!(f.is_connected(c));
    f.advance(14);
    f.reads(c, Output::Room(2));
    assert!(f.is_connected(c));
    f.reads(c, Output::Free);
    assert_lines(&f.lines(c), &["one"]);
    assert!(!f.is_connected(c));
}

#[test]
fn the_end_of_input_executes_everything_and_delivers_first() {
    let mut f = Fixture::new();
    let c = f.connect();
    let read = c.read.unwrap();
    f.world().file(read).output = Output::BLOCKED;
    f.world().file(read).input_ended = true;
    f.send_raw(c, "echo one\necho two\n");
    assert!(f.is_connected(c));
    f.reads(c, Output::Free);
    assert_lines(&f.lines(c), &["one", "two"]);
    assert!(!f.is_connected(c));
}

#[test]
fn half_a_line_at_the_end_is_ignored_with_a_warning() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send_raw(c, "service.tags a x\nservice.tags b");
    f.end_input(c);
    assert_lines(&f.lines(c), &["service.tags a x"]);
    assert!(f.log().iter().any(|line| line.starts_with("warning: ")));
    assert!(!f.is_connected(c));
}

#[test]
fn half_a_line_at_the_end_of_a_config_file_is_executed_with_a_warning() {
    let mut f = Fixture::new();
    f.config("service.args a a\nservice.start a");
    assert!(f.runs("a"));
    let log = f.log();
    assert!(
        log.iter().any(|line| line.starts_with("warning: config file:2: the last line")),
        "{log:?}"
    );
}

#[test]
fn half_a_line_that_is_a_comment_is_nothing_to_warn_of() {
    let mut f = Fixture::new();
    f.config("service.tags a x\n# the end");
    assert_lines(&f.log(), &[]);
}

#[test]
fn half_a_line_that_is_too_long_is_not_executed() {
    let mut f = Fixture::new();
    f.config(&format!("service.args a a\nservice.args a {}", "x ".repeat(5_000)));
    let log = f.log();
    assert!(!log.is_empty(), "thrown away without a word");
    let c = f.connect();
    assert!(f.dump(c).contains(&"service.args a a".to_owned()));
}

#[test]
fn a_config_file_has_its_errors_in_the_log_and_does_not_end_the_daemon() {
    let mut f = Fixture::new();
    f.config("nonsense\necho x\nstatedump\nexit\nservice.tags a x\n");
    assert!(f.log().contains(&"error: config file:1: Unknown command: nonsense".to_owned()));
    f.advance(100);
    assert_eq!(f.leave(), None);
    let c = f.connect();
    assert_lines(&f.dump(c), &[]);
}

#[test]
fn broken_output_does_not_lose_commands_already_sent() {
    let mut f = Fixture::new();
    let c = f.connect();
    let write = c.write.unwrap();
    f.world().file(write).hang_up();
    f.send_raw(c, "echo x\nstatedump\necho y\nservice.args a a\nservice.start a\n");
    assert!(f.runs("a"));
    assert!(!f.is_connected(c));
}

#[test]
fn a_controller_that_only_reads_goes_when_it_hangs_up() {
    let mut f = Fixture::new();
    f.config("service.args a a\nservice.fds a control.event\nservice.start a\n");
    let a = f.client_of("a");
    assert!(f.is_connected(a));
    f.exit("a", 0);
    assert!(!f.is_connected(a));
}

#[test]
fn an_interactive_controller_is_greeted_and_its_end_leaves() {
    let mut f = Fixture::new();
    let c = f.interactive();
    let lines = f.lines(c);
    assert!(lines.len() >= 3 && lines.iter().all(|line| line.starts_with("info ")), "{lines:?}");
    f.run_service(c, "a");
    f.lines(c);
    f.end_input(c);
    let lines = f.lines(c);
    assert!(lines.iter().all(|line| line.starts_with("info ")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("'a'") && line.contains("100")), "{lines:?}");
    assert_eq!(f.exit_code(), Some(0));
    assert!(f.log().contains(&"warning: service 'a' running as pid 100".to_owned()));
}

#[test]
fn with_the_guard_on_the_end_of_an_interactive_controller_does_not_leave() {
    let mut f = Fixture::with(Limits::default(), Some(1));
    let c = f.interactive();
    f.end_input(c);
    assert!(!f.is_connected(c));
    assert_eq!(f.leave(), None);
}

#[test]
fn an_interactive_controller_that_exits_leaves() {
    let mut f = Fixture::new();
    let c = f.interactive();
    f.send(c, "exit");
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_controller_with_many_commands_does_not_keep_others_from_theirs() {
    let mut f = Fixture::new();
    let (c, d) = (f.connect(), f.connect());
    let (read, other) = (c.read.unwrap(), d.read.unwrap());
    f.world().file(other).sends(b"echo\tx\n".to_vec(), Vec::new());
    f.world().file(read).sends("echo\ty\n".repeat(1_000).into_bytes(), Vec::new());
    f.pump();
    assert_lines(&f.lines(d), &["x"]);
    assert_eq!(f.lines(c).len(), 1_000);
}

#[test]
fn as_many_as_there_may_be_all_hear_the_news() {
    let mut f = Fixture::new();
    let clients: Vec<_> = (0..100).map(|_| f.connect()).collect();
    f.send(clients[50], "service.tags a x");
    for client in clients {
        assert_lines(&f.lines(client), &["service.tags a x"]);
    }
}

#[test]
fn the_end_of_an_interactive_controller_during_a_shutdown_does_not_claim_to_leave() {
    let mut f = Fixture::new();
    let c = f.interactive();
    f.run_service(c, "a");
    f.send(c, "terminate.shutdown");
    f.lines(c);
    f.end_input(c);
    assert_eq!(f.leave(), None);
    let lines = f.lines(c);
    let claims = lines.iter().any(|line| line == "info end of input: leaving");
    assert!(!claims, "{lines:?}");
}

#[test]
fn what_nobody_reads_is_in_the_log_all_the_same() {
    let mut f = Fixture::logging(Limits::default(), None, LogFilter::Trace);
    f.config("service.args a a\nservice.start a\n");
    let log = f.log();
    assert!(log.iter().any(|line| line.contains("event to all: service.state")), "{log:?}");
}

#[test]
fn an_error_in_a_config_file_is_the_end_if_that_is_wanted() {
    for (text, is_end) in [("nonsense\n", true), ("service.tags a x\n", false)] {
        let mut f = Fixture::new();
        f.proxy.set_strict();
        f.config(text);
        assert_eq!(f.exit_code().is_some_and(|code| code != 0), is_end, "{text}");
    }
}
