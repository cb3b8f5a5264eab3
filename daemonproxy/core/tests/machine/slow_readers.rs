//! Controllers that do not read: back pressure, reset, `overflow`, close.

use daemonproxy_core::{Errno, Limits};
use daemonproxy_testing::world::Output;

use crate::fixture::{Fixture, assert_lines};

fn small() -> Limits {
    Limits { max_line: 512, ..Limits::default() }
}

#[test]
fn commands_wait_while_the_output_is_blocked() {
    let mut f = Fixture::new();
    let (c, d) = (f.connect(), f.connect());
    f.reads(c, Output::BLOCKED);
    f.send(c, "echo one");
    f.send(c, "service.tags a x");
    f.advance(14);
    assert_lines(&f.lines(d), &[]);
    f.reads(c, Output::Free);
    assert_lines(&f.lines(c), &["one", "service.tags a x"]);
    assert_lines(&f.lines(d), &["service.tags a x"]);
}

#[test]
fn back_pressure_loses_nothing() {
    let mut f = Fixture::with(small(), None);
    let c = f.connect();
    f.reads(c, Output::Pieces(7));
    let text: String = (0..5_000).map(|i| format!("echo {i}\n")).collect();
    f.send_raw(c, &text);
    let lines = f.lines(c);
    assert!(lines.iter().enumerate().all(|(i, line)| *line == i.to_string()));
    assert_eq!(lines.len(), 5_000);
}

#[test]
fn nobody_else_is_slowed_down() {
    let mut f = Fixture::with(small(), None);
    let (c, d) = (f.connect(), f.connect());
    f.reads(c, Output::BLOCKED);
    for i in 0..1_000 {
        assert_lines(&f.ask(d, &format!("service.tags a {i}")), &[&format!("service.tags a {i}")]);
    }
}

#[test]
fn after_the_reset_time_commands_are_executed_again_and_overflow_comes_last() {
    let mut f = Fixture::new();
    let (c, d) = (f.connect(), f.connect());
    f.reads(c, Output::Room(2));
    f.send_raw(c, "echo one\necho two\n");
    f.send_raw(c, "service.tags a x\necho three\n");
    f.advance_millis(14_999);
    assert_lines(&f.lines(d), &[]);
    f.advance_millis(1);
    assert_lines(&f.lines(d), &["service.tags a x"]);
    f.send(d, "service.tags a y");
    f.send(c, "service.tags a z");
    assert_lines(&f.lines(d), &["service.tags a y", "service.tags a z"]);
    f.reads(c, Output::Free);
    assert_lines(&f.lines(c), &["one", "two", "overflow"]);
    assert_lines(&f.ask(c, "echo again"), &["again"]);
}

#[test]
fn an_event_that_does_not_fit_makes_an_overflow_at_once() {
    let mut f = Fixture::with(small(), None);
    let (c, d) = (f.connect(), f.connect());
    f.reads(c, Output::BLOCKED);
    for i in 0..1_000 {
        f.send(d, &format!("service.tags a {i}"));
    }
    f.reads(c, Output::Free);
    let lines = f.lines(c);
    assert_eq!(lines.last().unwrap(), "overflow");
    assert!(lines.len() < 1_000);
    for (i, line) in lines[..lines.len() - 1].iter().enumerate() {
        assert_eq!(*line, format!("service.tags a {i}"));
    }
}

#[test]
fn after_an_overflow_no_event_comes_before_the_word() {
    let mut f = Fixture::with(small(), None);
    let (c, d) = (f.connect(), f.connect());
    f.reads(c, Output::BLOCKED);
    for _ in 0..200 {
        f.send(d, "service.tags a xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    }
    // Some room, but what was missed must be told before anything new.
    f.reads(c, Output::Room(2_000));
    f.send(d, "service.tags b new");
    f.reads(c, Output::Free);
    f.send(d, "service.tags b newer");
    let lines = f.lines(c);
    let overflow = lines.iter().position(|line| line == "overflow").unwrap();
    assert_eq!(lines[overflow + 1..], ["service.tags b newer"]);
    assert!(!lines.contains(&"service.tags b new".to_owned()));
}

#[test]
fn a_reader_that_always_comes_just_in_time_is_told_of_each_gap_once() {
    let mut f = Fixture::new();
    let (c, d) = (f.connect(), f.connect());
    for _ in 0..3 {
        f.reads(c, Output::BLOCKED);
        f.send(d, "service.tags a x");
        f.advance(15);
        f.send(d, "service.tags a y");
        f.reads(c, Output::Free);
        assert_lines(&f.lines(c), &["service.tags a x", "overflow"]);
    }
}

#[test]
fn after_the_close_time_it_is_closed() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.reads(c, Output::BLOCKED);
    f.send(c, "echo one");
    f.advance_millis(29_999);
    assert!(f.is_connected(c));
    f.advance_millis(1);
    assert!(!f.is_connected(c));
    assert_eq!(f.log().len(), 2);
}

#[test]
fn progress_restarts_the_clock() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, &format!("echo {}\necho two\n", "x".repeat(100)));
    for _ in 0..5 {
        f.advance(14);
        f.reads(c, Output::Room(1));
    }
    f.advance(14);
    f.reads(c, Output::Free);
    assert_lines(&f.lines(c), &["x".repeat(100).as_str(), "two"]);
}

#[test]
fn a_reset_reader_that_reads_a_little_is_not_closed() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, &format!("echo {}\n", "x".repeat(100)));
    f.advance(16);
    for _ in 0..5 {
        f.advance(13);
        f.reads(c, Output::Room(1));
    }
    f.advance(13);
    assert!(f.is_connected(c));
    f.reads(c, Output::Free);
    assert_lines(&f.lines(c), &["x".repeat(100).as_str(), "overflow"]);
}

#[test]
fn both_times_can_be_set() {
    let mut f = Fixture::new();
    let (c, d) = (f.connect(), f.connect());
    f.send(c, "conn.event_timeout 2 3");
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, "echo one\n");
    f.send_raw(c, "service.tags a x\n");
    f.advance_millis(1_999);
    assert_lines(&f.lines(d), &[]);
    f.advance_millis(1);
    assert_lines(&f.lines(d), &["service.tags a x"]);
    f.advance(1);
    assert!(!f.is_connected(c));
    let lines = f.ask(d, "conn.event_timeout 4 3");
    assert!(lines[0].starts_with("error reset timeout is greater than close"), "{lines:?}");
}

#[test]
fn two_times_that_are_the_same_only_close() {
    let mut f = Fixture::new();
    let (c, d) = (f.connect(), f.connect());
    f.send(c, "conn.event_timeout 1 1");
    f.reads(c, Output::BLOCKED);
    f.send(c, "echo x");
    f.send(c, "service.tags a x");
    f.advance(1);
    assert!(!f.is_connected(c));
    assert_lines(&f.lines(d), &[]);
}

#[test]
fn who_has_nothing_to_read_is_never_blocked() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.reads(c, Output::BLOCKED);
    f.advance(1_000);
    assert!(f.is_connected(c));
}

#[test]
fn an_output_that_fails_is_closed_and_nobody_else() {
    let mut f = Fixture::new();
    let (c, d) = (f.connect(), f.connect());
    f.reads(c, Output::Fails(Errno(104)));
    f.send(d, "service.tags a x");
    assert_lines(&f.lines(d), &["service.tags a x"]);
    // It can still send, until it goes.
    f.send(c, "service.tags a y");
    assert_lines(&f.lines(d), &["service.tags a y"]);
    f.hang_up(c);
    assert!(!f.is_connected(c));
}

#[test]
fn one_command_with_more_answers_than_fit_loses_nothing_for_who_reads() {
    let mut f = Fixture::with(small(), None);
    let c = f.connect();
    f.reads(c, Output::Pieces(100));
    let names: Vec<String> = (0..240).map(|i| char::from(b'a' + i % 26).to_string()).collect();
    let lines = f.ask(c, &format!("service.fds a {}", names.join(" ")));
    assert_eq!(lines.len(), 241);
}
