//! A stop is about a process group: what is left of it when the main process has ended.

use daemonproxy_protocol::Signal;
use daemonproxy_testing::world::Op;

use crate::fixture::{Client, Fixture, assert_lines};

/// A service `a` that runs, with this many others in its group.
fn one(others: usize) -> (Fixture, Client) {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.others("a", others);
    f.calls();
    f.lines(c);
    (f, c)
}

#[test]
fn when_the_main_process_has_ended_the_others_get_the_same() {
    let (mut f, c) = one(2);
    f.send(c, "terminate.shutdown");
    assert_lines(&f.calls(), &["kill a SIGTERM", "kill a SIGCONT"]);
    f.lines(c);
    f.killed("a", Signal::TERM);
    assert_lines(&f.lines(c), &["service.state a down 200000 100 signal SIGTERM 0 0"]);
    assert_lines(&f.calls(), &["kill a SIGTERM group", "kill a SIGCONT group"]);
    assert!(f.world().has_zombies(), "its number must stay its own");
    let text = "info: service 'a' has left processes behind: stopping them".to_owned();
    assert!(f.log().contains(&text));
    f.others("a", 0);
    f.advance(1);
    assert_lines(&f.lines(c), &["terminate.state flushing 0"]);
    assert_eq!(f.exit_code(), Some(0));
    assert!(!f.world().has_zombies());
}

#[test]
fn others_that_ignore_sigterm_are_killed_at_the_deadline() {
    let (mut f, c) = one(1);
    f.send(c, "terminate.shutdown");
    f.exit("a", 0);
    f.calls();
    f.lines(c);
    f.advance_millis(9_999);
    assert_lines(&f.calls(), &[]);
    f.advance_millis(1);
    assert_lines(&f.calls(), &["kill a SIGKILL group"]);
    assert_lines(&f.lines(c), &["terminate.state killing 1"]);
    f.others("a", 0);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(10));
}

#[test]
fn others_that_outlive_sigkill_are_given_up_and_the_log_names_them() {
    let (mut f, c) = one(1);
    f.send(c, "terminate.shutdown 1 1");
    f.exit("a", 0);
    f.advance(2);
    assert_eq!(f.exit_code(), Some(11));
    let log = f.log();
    let text = "warning: service 'a' has left processes of the group 100".to_owned();
    assert!(log.contains(&text), "{log:#?}");
}

/// They have gone just before the deadline, unheard: there is nothing to kill.
#[test]
fn before_sigkill_there_is_a_look() {
    let (mut f, c) = one(1);
    f.send(c, "terminate.shutdown");
    f.exit("a", 0);
    f.advance_millis(9_999);
    f.calls();
    f.others("a", 0);
    f.advance_millis(1);
    assert_lines(&f.calls(), &[]);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn zombies_are_not_waited_for() {
    let (mut f, c) = one(0);
    let group = f.world().pid("a");
    f.world().set_zombies(group, 2);
    f.send(c, "terminate.shutdown");
    f.exit("a", 0);
    assert_eq!(f.exit_code(), Some(0));
}

/// A look at every process costs something: while others do not end it is done less and less often.
#[test]
fn looks_come_at_growing_intervals_and_not_at_all_without_need() {
    let (mut f, c) = one(0);
    f.advance(1_000);
    f.send(c, "terminate.shutdown 1000");
    f.advance(100);
    assert_eq!(f.world().looks, 0, "its main process runs, and will be heard");
    f.others("a", 1);
    f.exit("a", 0);
    f.advance(1);
    let first = f.world().looks;
    assert!((2..=9).contains(&first), "{first} in the first second");
    f.advance(100);
    let later = f.world().looks - first;
    assert!((90..=110).contains(&later), "{later} in 100 seconds");
}

#[test]
fn no_child_is_kept_and_nothing_is_looked_at_when_nothing_is_being_stopped() {
    let (mut f, c) = one(3);
    f.exit("a", 0);
    assert!(!f.world().has_zombies());
    assert_eq!(f.world().looks, 0);
    assert_lines(&f.lines(c), &["service.state a down 200000 100 exit 0 0 0"]);
    assert_lines(&f.calls(), &[]);
}

/// The kernel shows the one that is kept whenever it is asked who has ended.
#[test]
fn a_zombie_that_is_kept_hides_nobody() {
    let (mut f, c) = one(1);
    for name in ["b", "d"] {
        f.run_service(c, name);
    }
    f.send(c, "terminate.shutdown");
    f.exit("a", 0);
    f.lines(c);
    f.exit("d", 4);
    f.exit("b", 3);
    f.stranger_ends();
    assert_lines(
        &f.lines(c),
        &[
            "service.state d down 200000 102 exit 4 0 0",
            "terminate.state stopping 2",
            "service.state b down 200000 101 exit 3 0 0",
            "terminate.state stopping 1",
        ],
    );
    f.others("a", 0);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(0));
    assert!(!f.world().has_zombies(), "the stranger, too, was reaped");
}

#[test]
fn a_reader_waits_for_all_of_the_group_that_writes_to_it() {
    let (mut f, c) = Fixture::running(&["p"], &[("logger", "p.r"), ("web", "p.w")]);
    f.others("web", 1);
    f.send(c, "terminate.shutdown");
    f.exit("web", 0);
    let has_pipe = |f: &mut Fixture| f.dump(c).iter().any(|l| l.starts_with("fd.state p.w "));
    assert!(has_pipe(&mut f));
    f.others("web", 0);
    f.advance(1);
    assert!(!has_pipe(&mut f));
    f.exit("logger", 0);
    assert_eq!(f.exit_code(), Some(0));
}

/// It ended by itself while it waited for its turn; what it left behind gets its turn, too.
#[test]
fn what_is_left_of_a_reader_is_stopped_when_its_turn_comes() {
    let (mut f, c) = Fixture::running(&["p"], &[("logger", "p.r"), ("web", "p.w")]);
    f.send(c, "terminate.shutdown");
    f.others("logger", 1);
    f.exit("logger", 0);
    f.calls();
    f.exit("web", 0);
    assert_lines(&f.calls(), &["kill logger SIGCONT group"]);
    f.advance(5);
    assert_lines(&f.calls(), &["kill logger SIGTERM group", "kill logger SIGCONT group"]);
    f.others("logger", 0);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_service_is_not_deleted_while_something_of_it_is_being_stopped() {
    let (mut f, c) = one(1);
    f.send(c, "terminate.shutdown");
    f.exit("a", 0);
    f.lines(c);
    let lines = f.ask(c, "service.delete a");
    assert_lines(&lines, &["error service is running, for command \"service.delete a\""]);
}

/// No /proc: the kernel still knows whether there is such a group.
#[test]
fn without_a_look_the_group_is_asked() {
    let (mut f, c) = one(1);
    f.world().fail(Op::Processes, 2, u32::MAX);
    f.run_service(c, "b");
    f.send(c, "terminate.shutdown");
    f.calls();
    f.lines(c);
    f.exit("a", 0);
    assert!(!f.world().has_zombies(), "nobody is kept");
    assert_lines(&f.calls(), &["kill a SIGTERM group", "kill a SIGCONT group"]);
    f.exit("b", 5);
    assert_lines(
        &f.lines(c),
        &[
            "service.state a down 200000 100 exit 0 0 0",
            "service.state b down 200000 101 exit 5 0 0",
            "terminate.state stopping 1",
        ],
    );
    f.others("a", 0);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn without_a_look_there_is_sigkill_at_the_deadline_too() {
    let (mut f, c) = one(1);
    f.world().fail(Op::Processes, 2, u32::MAX);
    f.send(c, "terminate.shutdown 2 2");
    f.exit("a", 0);
    f.calls();
    f.advance(2);
    assert_lines(&f.calls(), &["kill a SIGKILL group"]);
    f.others("a", 0);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(10));
}

/// A service that was stopped with SIGSTOP would not see that there is nothing more to read.
#[test]
fn every_stop_begins_with_sigcont() {
    let (mut f, c) = Fixture::running(&["p"], &[("logger", "p.r"), ("manager", "control.socket")]);
    f.send(c, "terminate.shutdown");
    assert_lines(&f.calls(), &["kill logger SIGCONT"]);
    f.exit("logger", 0);
    assert_lines(&f.calls(), &["kill manager SIGCONT"]);
}

/// Its groups are found by a look, and their processes told one by one.
#[test]
fn all_of_a_session_gets_what_the_group_gets() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.options a session");
    f.run_service(c, "a");
    let session = f.world().pid("a");
    f.world().set_session(session, 2);
    f.calls();
    f.send(c, "service.stop a 1");
    assert_lines(&f.calls(), &["kill a SIGTERM", "kill a SIGCONT"]);
    f.killed("a", Signal::TERM);
    f.advance_millis(20);
    let calls = f.calls();
    let one = ["kill another SIGTERM", "kill another SIGCONT"];
    assert_lines(&calls[..2], &["kill a SIGTERM group", "kill a SIGCONT group"]);
    assert_lines(&calls[2..], &[one, one].concat());
    assert!(f.world().has_zombies(), "its number must stay its own");
    f.advance_millis(970);
    assert_lines(&f.calls(), &[]);
    f.advance_millis(50);
    let calls = f.calls();
    assert!(calls.iter().filter(|call| *call == "kill another SIGKILL").count() >= 2, "{calls:?}");
    f.world().set_session(session, 0);
    f.advance(2);
    assert!(!f.world().has_zombies());
    f.lines(c);
    assert_lines(&f.ask(c, "service.delete a"), &["service.state a deleted - - - - - -"]);
}

/// By the command, or by the option.
#[test]
fn the_time_of_a_stop_may_have_digits_after_the_point() {
    for (option, after) in [("", " 0.25"), ("stop_after=0.25", "")] {
        let mut f = Fixture::new();
        let c = f.connect();
        f.send(c, &format!("service.options a {option}"));
        f.run_service(c, "a");
        f.calls();
        f.send(c, &format!("service.stop a{after}"));
        f.advance_millis(249);
        assert_lines(&f.calls(), &["kill a SIGTERM", "kill a SIGCONT"]);
        f.advance_millis(1);
        assert_lines(&f.calls()[..1], &["kill a SIGKILL"]);
    }
}

// What is left by services that end by themselves

#[test]
fn the_end_of_a_service_is_looked_into_only_if_somebody_wants_to_know() {
    let (mut f, c) = one(2);
    f.exit("a", 0);
    f.advance(1);
    assert_eq!(f.world().looks, 0);
    f.lines(c);
    f.send(c, "conn.features runs");
    f.lines(c);
    f.run_service(c, "b");
    f.exit("b", 0);
    f.advance(1);
    assert_eq!(f.world().looks, 0, "nothing is left of that one");
    f.lines(c);
    f.send(c, "statedump");
    assert_eq!(f.world().looks, 1);
    let lines = f.lines(c);
    assert!(lines.iter().any(|line| line.contains(" exit=0 left=2")), "{lines:#?}");
}

#[test]
fn one_look_counts_what_all_have_left() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "conn.features runs");
    for (name, left) in [("a", 1), ("b", 2), ("c", 0)] {
        f.run_service(c, name);
        f.others(name, left);
    }
    for name in ["a", "b", "c"] {
        f.exit(name, 0);
    }
    f.lines(c);
    // What ends with them has a moment.
    f.others("a", 0);
    f.advance(1);
    let lines = f.lines(c);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].starts_with("service.run b ") && lines[0].ends_with(" left=2"), "{lines:#?}");
    assert_eq!(f.world().looks, 1);
}

#[test]
fn what_was_left_is_stopped_with_everything_else_or_by_a_command() {
    for command in ["terminate.shutdown", "service.stop a", "service.restart a"] {
        let (mut f, c) = one(1);
        f.exit("a", 0);
        f.calls();
        f.send(c, command);
        assert_lines(&f.calls(), &["kill a SIGTERM group", "kill a SIGCONT group"]);
        f.others("a", 0);
        f.advance(1);
        assert!(!f.calls().iter().any(|call| call.starts_with("kill")), "after {command}");
    }
}

#[test]
fn kill_main_leaves_alone_what_was_left() {
    let (mut f, c) = one(1);
    f.send(c, "service.options a kill=main");
    f.exit("a", 0);
    f.calls();
    f.send(c, "terminate.shutdown");
    assert_lines(&f.calls(), &[]);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn what_a_stop_of_the_main_process_alone_leaves_is_stopped_by_a_shutdown_that_is_about_the_group() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.options a kill=main");
    f.run_service(c, "a");
    f.others("a", 1);
    f.send(c, "service.stop a");
    f.exit("a", 0);
    f.send(c, "service.options a");
    f.calls();
    f.send(c, "terminate.shutdown");
    assert_lines(&f.calls(), &["kill a SIGTERM group", "kill a SIGCONT group"]);
    f.others("a", 0);
    f.advance(1);
    assert_eq!(f.exit_code(), Some(0));
}
