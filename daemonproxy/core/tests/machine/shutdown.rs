//! `terminate.shutdown`: its steps, its times, its exit status.

use daemonproxy_core::{Errno, Limits};
use daemonproxy_protocol::{Signal, SignalAction};
use daemonproxy_testing::world::{Op, Output};

use crate::fixture::{Client, Fixture, assert_lines};

/// A daemon with services `a` and `b` that run and have nothing to do with each other.
fn two() -> (Fixture, Client) {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.run_service(c, "b");
    f.calls();
    (f, c)
}

#[test]
fn nothing_to_stop_leaves_at_once() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "terminate.shutdown");
    assert_eq!(f.exit_code(), Some(0));
    assert_lines(&f.lines(c), &["terminate.state stopping 0", "terminate.state flushing 0"]);
}

#[test]
fn services_get_sigterm_and_progress_is_told() {
    let (mut f, c) = two();
    assert_lines(&f.ask(c, "terminate.shutdown"), &["terminate.state stopping 2"]);
    assert_lines(
        &f.calls(),
        &["kill a SIGTERM", "kill a SIGCONT", "kill b SIGTERM", "kill b SIGCONT"],
    );
    f.advance(3);
    f.killed("a", Signal::TERM);
    assert_lines(
        &f.lines(c),
        &["service.state a down 200003 100 signal SIGTERM 3 0", "terminate.state stopping 1"],
    );
    f.exit("b", 0);
    assert_lines(
        &f.lines(c),
        &["service.state b down 200003 101 exit 0 3 0", "terminate.state flushing 0"],
    );
    assert_eq!(f.exit_code(), Some(0));
    assert_lines(&f.calls(), &[]);
}

#[test]
fn what_ignores_sigterm_is_killed_with_its_group_and_the_status_is_10() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown");
    f.exit("b", 0);
    f.calls();
    f.lines(c);
    f.advance_millis(9_999);
    assert_lines(&f.calls(), &[]);
    f.advance_millis(1);
    assert_lines(&f.calls(), &["kill a SIGKILL", "kill a SIGKILL group"]);
    assert_lines(&f.lines(c), &["terminate.state killing 1"]);
    f.killed("a", Signal::KILL);
    assert_eq!(f.exit_code(), Some(10));
}

#[test]
fn what_outlives_even_sigkill_is_given_up_and_the_status_is_11() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown");
    f.exit("b", 0);
    f.advance(14);
    assert_eq!(f.leave(), None);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(11));
    assert_eq!(f.lines(c).last().unwrap(), "terminate.state flushing 1");
    assert!(f.log().contains(&"warning: service 'a' running as pid 100".to_owned()));
}

#[test]
fn what_is_given_up_and_ends_later_leaves_the_status_at_11() {
    let (mut f, c) = two();
    f.reads(c, Output::Room(10_000));
    f.send(c, "terminate.shutdown 2 2 5");
    f.advance(1);
    f.reads(c, Output::BLOCKED);
    f.advance(3);
    f.killed("a", Signal::KILL);
    f.killed("b", Signal::KILL);
    f.reads(c, Output::Free);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn a_kill_that_fails_does_not_stop_it() {
    let (mut f, c) = two();
    f.world().fail(Op::Kill, 3, 1_000);
    f.send(c, "terminate.shutdown");
    f.advance(15);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn times_can_be_given_and_a_dash_keeps_the_default() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown 1 - 3");
    f.calls();
    f.advance(1);
    assert_eq!(f.calls().len(), 4);
    f.advance_millis(4_999);
    assert_eq!(f.leave(), None);
    f.advance_millis(1);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn no_time_at_all() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown 0 0 0");
    f.advance(0);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn the_longest_times_there_are() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown 2147483647 2147483647 2147483647");
    f.advance(1_000_000);
    f.exit("a", 0);
    f.exit("b", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_second_one_shortens_the_times() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown 100 100");
    f.advance(5);
    f.send(c, "terminate.shutdown 2 1");
    f.calls();
    f.advance_millis(1_999);
    assert_lines(&f.calls(), &[]);
    f.advance_millis(1);
    assert_eq!(f.calls().len(), 4);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn a_second_one_does_not_lengthen_them() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown 5 5");
    for _ in 0..5 {
        f.send(c, "terminate.shutdown 100 100 100");
        f.advance(1);
    }
    assert!(f.calls().contains(&"kill a SIGKILL".to_owned()));
    f.send(c, "terminate.shutdown 4 4");
    f.advance(4);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn a_second_one_tells_nothing_new_and_sends_no_second_sigterm() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown");
    f.calls();
    assert_lines(&f.ask(c, "terminate.shutdown"), &[]);
    assert_lines(&f.calls(), &[]);
}

#[test]
fn triggers_go_off_and_pending_starts_are_cancelled() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "z");
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 5 USR1");
    f.send(c, "service.args b b");
    f.send(c, "service.start b 200005");
    assert_lines(
        &f.ask(c, "terminate.shutdown"),
        &["terminate.state stopping 1", "service.auto_up a -", "service.state b down - - - - - -"],
    );
    f.calls();
    f.signal(Signal::USR1);
    f.advance(6);
    assert_lines(&f.calls(), &[]);
}

#[test]
fn nothing_is_started_any_more() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown");
    f.calls();
    f.send(c, "service.args x x");
    f.send(c, "service.auto_up x 1 always");
    f.lines(c);
    assert_lines(
        &f.ask(c, "service.start x"),
        &["error shutdown in progress, for command \"service.start x\""],
    );
    f.send(c, "service.start x 200002");
    f.send(c, "service.auto_up a 1 always");
    f.exit("a", 0);
    f.advance(5);
    assert_lines(&f.calls(), &[]);
    f.exit("b", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_fork_that_is_to_be_tried_again_is_not() {
    let (mut f, c) = two();
    f.send(c, "service.args x x");
    f.world().fail(Op::Fork, 11, 1);
    f.send(c, "service.start x");
    f.send(c, "terminate.shutdown");
    f.advance(5);
    assert!(!f.runs("x"));
}

#[test]
fn terminate_still_leaves_at_once() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown");
    f.send(c, "terminate 5");
    assert_eq!(f.exit_code(), Some(5));
}

#[test]
fn the_guard_can_be_turned_on_meanwhile_and_rules_the_second() {
    let (mut f, c) = two();
    f.send_raw(c, "terminate.shutdown\nterminate.guard + 3\n");
    f.lines(c);
    let lines = f.ask(c, "terminate.shutdown 0 0");
    assert!(lines[0].starts_with("error terminate guard code required"), "{lines:?}");
    f.exit("a", 0);
    f.exit("b", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_blocked_controller_is_waited_for_so_long_and_no_longer() {
    let (mut f, c) = two();
    f.reads(c, Output::BLOCKED);
    let d = f.connect();
    f.send(d, "terminate.shutdown");
    f.exit("a", 0);
    f.exit("b", 0);
    f.advance_millis(4_999);
    assert_eq!(f.leave(), None);
    f.advance_millis(1);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_blocked_controller_that_reads_ends_the_wait() {
    let (mut f, c) = two();
    f.reads(c, Output::BLOCKED);
    f.send(c, "terminate.shutdown");
    f.exit("a", 0);
    f.exit("b", 0);
    f.advance(2);
    assert_eq!(f.leave(), None);
    f.reads(c, Output::Free);
    assert_eq!(f.exit_code(), Some(0));
    assert_eq!(f.lines(c).last().unwrap(), "terminate.state flushing 0");
}

#[test]
fn a_second_one_shortens_the_wait_for_a_blocked_controller() {
    let (mut f, c) = two();
    let d = f.connect();
    f.send(d, "terminate.shutdown - - 1000");
    f.reads(c, Output::BLOCKED);
    f.exit("a", 0);
    f.exit("b", 0);
    f.send(d, "terminate.shutdown - - 1");
    f.advance(1);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_blocked_log_is_waited_for_so_long_and_no_longer() {
    for output in [Output::BLOCKED, Output::Fails(Errno(28))] {
        let (mut f, c) = two();
        f.log_output(output);
        f.send(c, "x");
        f.send(c, "terminate.shutdown");
        f.exit("a", 0);
        f.exit("b", 0);
        f.advance_millis(4_999);
        assert_eq!(f.leave(), None);
        f.advance_millis(1);
        assert_eq!(f.exit_code(), Some(0));
    }
}

#[test]
fn a_log_without_a_destination_is_not_waited_for() {
    let (mut f, c) = two();
    f.send_raw(c, "log.dest fd nowhere\nx\nterminate.shutdown\n");
    f.exit("a", 0);
    f.exit("b", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_state_dump_that_is_under_way_is_delivered() {
    let mut f = Fixture::with(Limits { max_line: 512, ..Limits::default() }, None);
    let (c, d) = (f.connect(), f.connect());
    for i in 0..100 {
        f.send(c, &format!("service.args s{i} s{i}"));
    }
    f.lines(c);
    f.reads(c, Output::Pieces(100));
    let whole = f.ask(c, "statedump");
    f.reads(c, Output::BLOCKED);
    f.send(c, "statedump");
    f.send(d, "terminate.shutdown");
    f.reads(c, Output::Pieces(100));
    let lines = f.lines(c);
    assert!(lines.len() > whole.len(), "{} of {} lines", lines.len(), whole.len());
}

#[test]
fn an_interactive_controller_that_ends_meanwhile_does_not_cut_it_short() {
    let mut f = Fixture::new();
    let c = f.interactive();
    f.run_service(c, "a");
    f.send(c, "terminate.shutdown");
    f.end_input(c);
    assert_eq!(f.leave(), None);
    f.exit("a", 0);
    assert_eq!(f.exit_code(), Some(0));
}

/// A service that runs, and TERM, INT and QUIT that mean an orderly end.
fn signalled(config: &str) -> Fixture {
    let mut f = Fixture::new();
    f.config(&format!("service.args a a\nservice.start a\n{config}"));
    for signal in [Signal::TERM, Signal::INT, Signal::QUIT] {
        f.on_signal(signal, SignalAction::Shutdown);
    }
    f.calls();
    f
}

#[test]
fn a_signal_begins_one_and_a_second_one_means_sigkill_now() {
    for second in [Signal::TERM, Signal::INT, Signal::QUIT] {
        let mut f = signalled("");
        f.signal(Signal::TERM);
        assert_lines(&f.calls(), &["kill a SIGTERM", "kill a SIGCONT"]);
        f.advance(1);
        f.signal(Signal::HUP);
        assert_lines(&f.calls(), &[]);
        f.signal(second);
        assert_lines(&f.calls(), &["kill a SIGKILL", "kill a SIGKILL group"]);
        f.killed("a", Signal::KILL);
        assert_eq!(f.exit_code(), Some(10));
    }
}

#[test]
fn the_first_signal_during_one_that_was_ordered_is_not_the_second() {
    let mut f = signalled("");
    let c = f.connect();
    f.send(c, "terminate.shutdown");
    f.hang_up(c);
    f.calls();
    f.signal(Signal::TERM);
    assert_lines(&f.calls(), &[]);
    f.signal(Signal::INT);
    assert_lines(&f.calls(), &["kill a SIGKILL", "kill a SIGKILL group"]);
}

/// A controller that listens has heard the first and ordered the end: the second is not only its
/// own.
#[test]
fn who_listens_does_not_keep_the_second_one_from_its_work() {
    let mut f = signalled("");
    let c = f.connect();
    f.signal(Signal::TERM);
    assert_lines(&f.calls(), &[]);
    f.send(c, "terminate.shutdown");
    f.calls();
    f.lines(c);
    f.signal(Signal::TERM);
    assert_lines(&f.calls(), &["kill a SIGKILL", "kill a SIGKILL group"]);
    assert_lines(&f.lines(c), &["signal SIGTERM 200000 2", "terminate.state killing 1"]);
}

/// What was dealt with asks for nothing any more.
#[test]
fn a_signal_that_was_cleared_before_it_began_does_not_count() {
    let mut f = signalled("");
    let c = f.connect();
    f.signal(Signal::TERM);
    f.send(c, "signal.clear TERM 1");
    f.send(c, "terminate.shutdown");
    f.calls();
    f.signal(Signal::TERM);
    assert_lines(&f.calls(), &[]);
}

#[test]
fn a_signal_that_is_only_counted_hurries_nothing_and_neither_does_any_with_the_guard_on() {
    let mut f = signalled("");
    f.on_signal(Signal::INT, SignalAction::Event);
    f.signal(Signal::TERM);
    f.calls();
    f.signal(Signal::INT);
    assert_lines(&f.calls(), &[]);
    let c = f.connect();
    f.send(c, "terminate.guard + 3");
    f.signal(Signal::TERM);
    assert_lines(&f.calls(), &[]);
    f.send(c, "terminate.guard - 3");
    f.signal(Signal::TERM);
    assert_eq!(f.calls().len(), 2);
}

/// Each of them kills those whose turn has come since, and in the end ends the wait for the last
/// events.
#[test]
fn signals_go_on_hurrying_until_it_is_over() {
    let mut f = signalled("fd.pipe p.r p.w\n");
    let c = f.connect();
    f.send(c, "service.fds b p.r");
    f.run_service(c, "b");
    f.send(c, "service.fds w p.w");
    f.run_service(c, "w");
    f.reads(c, Output::BLOCKED);
    f.calls();
    f.signal(Signal::TERM);
    let d = f.connect();
    f.send(d, "terminate.shutdown");
    f.signal(Signal::TERM);
    f.advance_millis(1);
    f.killed("a", Signal::KILL);
    f.killed("w", Signal::KILL);
    f.calls();
    f.signal(Signal::TERM);
    assert_lines(&f.calls(), &["kill b SIGKILL", "kill b SIGKILL group"]);
    f.killed("b", Signal::KILL);
    assert_eq!(f.leave(), None, "it waits for the one that does not read");
    f.signal(Signal::TERM);
    assert_eq!(f.exit_code(), Some(10));
}

#[test]
fn events_and_commands_go_on_meanwhile() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown");
    f.lines(c);
    assert_lines(&f.ask(c, "echo x"), &["x"]);
    f.signal(Signal::HUP);
    assert_lines(&f.lines(c), &["signal SIGHUP 200000 1"]);
    assert_lines(&f.ask(c, "service.tags a y"), &["service.tags a y"]);
    let d = f.connect();
    assert_lines(&f.ask(d, "echo y"), &["y"]);
}

#[test]
fn a_service_deleted_meanwhile_is_gone() {
    let (mut f, c) = two();
    f.send(c, "terminate.shutdown");
    f.exit("a", 0);
    f.lines(c);
    assert_lines(&f.ask(c, "service.delete a"), &["service.state a deleted - - - - - -"]);
    f.send(c, "service.args new new");
    f.exit("b", 0);
    assert_eq!(f.exit_code(), Some(0));
}

// As process 1

/// Process 1 with this many processes that belong to no service.
fn first(others: usize) -> (Fixture, Client) {
    let mut f = Fixture::new();
    let c = f.connect();
    f.proxy.owns_everything();
    f.world().set_cgroup("nobody", others);
    (f, c)
}

#[test]
fn process_1_takes_everything_else_along() {
    let (mut f, c) = first(2);
    assert_lines(&f.ask(c, "terminate.shutdown"), &["terminate.state stopping 0"]);
    assert_lines(&f.calls(), &["kill everybody SIGTERM", "kill everybody SIGCONT"]);
    f.advance(5);
    f.world().set_cgroup("nobody", 0);
    f.advance(1);
    assert_lines(&f.lines(c), &["terminate.state flushing 0"]);
    assert_eq!(f.exit_code(), Some(0));
    assert_lines(&f.calls(), &[]);
}

#[test]
fn process_1_kills_what_does_not_end() {
    let (mut f, c) = first(1);
    f.send(c, "terminate.shutdown 3 2");
    f.calls();
    f.advance(3);
    assert_lines(&f.calls(), &["kill everybody SIGKILL"]);
    assert_eq!(f.lines(c).last().unwrap(), "terminate.state killing 0");
    f.world().set_cgroup("nobody", 0);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(10));
}

#[test]
fn process_1_gives_up_what_outlives_even_that() {
    let (mut f, c) = first(1);
    f.send(c, "terminate.shutdown 3 2");
    f.advance(5);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn process_1_that_is_alone_kills_nobody() {
    let (mut f, c) = first(0);
    f.send(c, "terminate.shutdown");
    assert_eq!(f.exit_code(), Some(0));
    assert_lines(&f.calls(), &[]);
}

/// The others are being ended when a service is stopped of which something is left.
#[test]
fn process_1_does_not_run_in_circles_while_a_late_stop_goes_on() {
    let (mut f, c) = first(1);
    f.world().has_cgroups = true;
    f.send(c, "service.options a kill=cgroup");
    f.send(c, "terminate.shutdown 5 5");
    f.world().set_cgroup("a", 1);
    f.calls();
    f.send(c, "service.stop a 2");
    assert_lines(&f.calls(), &["kill cgroup a SIGTERM", "kill cgroup a SIGCONT"]);
    f.advance(2);
    assert_lines(&f.calls(), &["kill cgroup a SIGKILL"]);
    f.world().set_cgroup("a", 0);
    f.advance(3);
    assert_lines(&f.calls(), &["remove cgroup a", "kill everybody SIGKILL"]);
    f.world().set_cgroup("nobody", 0);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(10));
}
