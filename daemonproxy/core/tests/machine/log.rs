//! The log: it never waits, and never loses count.

use daemonproxy_core::{Errno, LogWait, limits::LOG_BUFFER};
use daemonproxy_protocol::LogFilter;
use daemonproxy_testing::world::Output;

use crate::fixture::{Fixture, assert_lines};

const REFUSED: &str = "error: Unknown command: x";
const ENOSPC: Errno = Errno(28);
const EPIPE: Errno = Errno(32);
/// How many of these lines the buffer holds.
const FIT: usize = LOG_BUFFER / (REFUSED.len() + 1);

#[test]
fn a_log_that_is_blocked_keeps_what_fits_and_counts_the_rest() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.log_output(Output::BLOCKED);
    for _ in 0..FIT + 5 {
        assert_lines(&f.ask(c, "x"), &["error Unknown command: x"]);
    }
    f.log_output(Output::Free);
    let log = f.log();
    assert_eq!(log.len(), FIT + 1);
    assert!(log[..FIT].iter().all(|line| line == REFUSED));
    assert_eq!(log[FIT], "warning: lost 5 log messages");
    f.send(c, "x");
    assert_lines(&f.log(), &[REFUSED]);
}

#[test]
fn after_the_first_loss_a_short_message_does_not_slip_in() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.log_output(Output::BLOCKED);
    let long = "y".repeat(300);
    for command in [&long, &long, &long, &long, "z", "z"] {
        f.send(c, command);
    }
    f.log_output(Output::Free);
    let log = f.log();
    assert_eq!(log.len(), 4);
    assert_eq!(log[3], "warning: lost 3 log messages");
}

#[test]
fn a_log_that_takes_little_at_a_time_gets_everything() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.log_output(Output::Pieces(3));
    f.send(c, "x");
    assert_lines(&f.log(), &[REFUSED]);
}

#[test]
fn a_message_that_is_too_long_is_cut() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, &format!("service.start {}", "y".repeat(2_000)));
    let log = f.log();
    assert_eq!(log.len(), 2);
    assert_eq!(log[1].len(), LOG_BUFFER - 1);
}

#[test]
fn a_write_that_fails_is_tried_again_every_half_second() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.log_output(Output::Fails(ENOSPC));
    f.send(c, "x");
    assert_eq!(f.proxy.log_wait(), LogWait::Until(f.now.plus_millis(500)));
    f.advance(60);
    f.log_output(Output::Free);
    assert_lines(&f.log(), &[]);
    f.advance_millis(500);
    assert_lines(&f.log(), &[REFUSED]);
    assert_eq!(f.proxy.log_wait(), LogWait::Nothing);
}

#[test]
fn after_a_failed_write_it_may_be_blocked_too() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.log_output(Output::Fails(ENOSPC));
    f.send(c, "x");
    f.log_output(Output::BLOCKED);
    f.advance(10);
    f.log_output(Output::Free);
    f.advance(1);
    assert_lines(&f.log(), &[REFUSED]);
}

#[test]
fn a_reader_that_has_gone_is_not_waited_for() {
    for errno in [EPIPE, Errno(5), Errno(9)] {
        let mut f = Fixture::new();
        let c = f.connect();
        f.log_output(Output::Fails(errno));
        f.send(c, "x");
        assert_eq!(f.proxy.log_wait(), LogWait::Nothing, "{errno:?}");
    }
}

/// A FIFO may be opened by another.
#[test]
fn the_next_message_finds_out_whether_there_is_another_reader() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.log_output(Output::Fails(EPIPE));
    for _ in 0..FIT + 3 {
        f.send(c, "x");
    }
    f.log_output(Output::BLOCKED);
    f.send(c, "x");
    assert!(matches!(f.proxy.log_wait(), LogWait::Writable(_) | LogWait::Until(_)));
    f.log_output(Output::Fails(EPIPE));
    f.advance_millis(500);
    f.log_output(Output::Free);
    f.send(c, "x");
    let log = f.log();
    assert_eq!(log.len(), FIT + 1);
    assert_eq!(log[FIT], "warning: lost 5 log messages");
    f.send(c, "x");
    assert_lines(&f.log(), &[REFUSED]);
}

#[test]
fn an_orderly_end_does_not_wait_for_a_reader_that_has_gone() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.log_output(Output::Fails(EPIPE));
    f.send(c, "terminate.shutdown");
    f.advance(0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_destination_that_appears_later_gets_what_waits() {
    let mut f = Fixture::new();
    let c = f.connect();
    assert_lines(&f.ask(c, "log.dest fd later"), &["warning fd \"later\" does not exist"]);
    f.send(c, "x");
    assert_eq!(f.proxy.log_wait(), LogWait::Nothing);
    f.send(c, "fd.open later write /log");
    let later = f.world().named("/log");
    let log = f.written(later);
    assert_eq!(log.last().unwrap(), REFUSED);
}

#[test]
fn a_destination_that_is_closed_and_made_again() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send_raw(c, "fd.open l write /log\nlog.dest fd l\nfd.delete l\nx\n");
    assert_lines(&f.log(), &[]);
    for _ in 0..FIT + 2 {
        f.send(c, "x");
    }
    f.send(c, "fd.open l write /log2");
    let second = f.world().named("/log2");
    let log = f.written(second);
    assert_eq!(log.len(), FIT + 1);
    assert_eq!(log[FIT], "warning: lost 3 log messages");
}

#[test]
fn every_way_of_making_a_descriptor_brings_the_log_back() {
    for command in ["fd.open l write /l", "fd.pipe r l", "fd.socket l unix", "fd.take l"] {
        let mut f = Fixture::new();
        let c = f.connect();
        f.send_raw(c, "log.dest fd l\nx\n");
        let fd = f.world().make("passed");
        f.pass(c, &format!("{command}\n"), &[fd]);
        let end = b"Unknown command: x\n";
        let found = f.world().files().filter(|file| file.written.ends_with(end)).count();
        assert_eq!(found, 1, "{command}");
    }
}

#[test]
fn the_filter_suppresses_its_level_and_those_below() {
    let mut f = Fixture::new();
    let c = f.connect();
    for (level, shown) in
        [("none", true), ("debug", true), ("warning", true), ("error", false), ("fatal", false)]
    {
        let answer = format!("log.filter {level}");
        assert_lines(&f.ask(c, &answer), &[&answer]);
        f.send(c, "x");
        assert_eq!(!f.log().is_empty(), shown, "{level}");
    }
    assert_lines(&f.ask(c, "log.filter +"), &["log.filter fatal"]);
    assert_lines(&f.ask(c, "log.filter -"), &["log.filter error"]);
    assert_lines(&f.ask(c, "log.filter"), &["log.filter error"]);
    f.send(c, "log.filter none");
    assert_lines(&f.ask(c, "log.filter -"), &["log.filter none"]);
}

#[test]
fn everything_shown_names_starts_and_ends() {
    let limits = daemonproxy_core::Limits::default();
    let mut f = Fixture::logging(limits, None, LogFilter::None);
    let c = f.connect();
    f.run_service(c, "a");
    f.exit("a", 0);
    assert!(f.log().contains(&"debug: service 'a' started as pid 100".to_owned()));
}

#[test]
fn leaving_with_a_blocked_log_does_not_wait() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.log_output(Output::BLOCKED);
    f.send(c, "terminate 4");
    assert_eq!(f.exit_code(), Some(4));
}

#[test]
fn with_times_a_line_begins_with_its_moment() {
    let mut f = Fixture::new();
    f.proxy.set_log_times();
    let c = f.connect();
    f.log();
    f.advance_millis(1_234);
    f.send(c, "x");
    assert_lines(&f.log(), &["200001.234000 error: Unknown command: x"]);
}
