//! `kill=cgroup`: a stop is about all that is in the cgroup of the service.

use daemonproxy_protocol::Signal;
use daemonproxy_testing::world::Op;

use crate::fixture::{Client, Fixture, assert_lines};

/// A service `a` that runs in a cgroup.
fn one() -> (Fixture, Client) {
    let mut f = Fixture::new();
    f.world().has_cgroups = true;
    let c = f.connect();
    f.send(c, "service.options a kill=cgroup");
    f.run_service(c, "a");
    f.calls();
    f.lines(c);
    (f, c)
}

#[test]
fn others_get_the_same_when_the_main_process_has_ended_and_nobody_is_kept() {
    let (mut f, c) = one();
    f.world().set_cgroup("a", 2);
    f.send(c, "service.stop a");
    assert_lines(&f.calls(), &["kill a SIGTERM", "kill a SIGCONT"]);
    f.killed("a", Signal::TERM);
    assert!(!f.world().has_zombies(), "its number is not needed");
    assert_lines(&f.calls(), &["kill cgroup a SIGTERM", "kill cgroup a SIGCONT"]);
    let refused = "error service is running, for command \"service.delete a\"";
    assert_lines(&f.ask(c, "service.delete a"), &[refused]);
    f.world().set_cgroup("a", 0);
    f.advance_millis(1);
    assert_lines(&f.calls(), &["remove cgroup a"]);
    assert_eq!(f.world().looks, 0, "nobody is looked for");
    assert_lines(&f.ask(c, "service.delete a"), &["service.state a deleted - - - - - -"]);
}

#[test]
fn it_is_watched_and_not_looked_at() {
    let (mut f, c) = one();
    f.world().set_cgroup("a", 1);
    f.send(c, "service.options.apply a stop_after=1000");
    f.send(c, "service.restart a");
    f.killed("a", Signal::TERM);
    f.advance(1);
    let before = f.proxy.deadline().unwrap();
    f.advance(100);
    assert_eq!(f.proxy.deadline(), Some(before), "it only waits for SIGKILL");
    f.world().set_cgroup("a", 0);
    f.advance_millis(1);
    assert!(f.runs("a"), "it was to be restarted");
}

#[test]
fn sigkill_is_for_all_of_it() {
    let (mut f, c) = one();
    f.world().set_cgroup("a", 1);
    f.send(c, "terminate.shutdown 1 1");
    f.calls();
    f.advance(1);
    assert_lines(&f.calls(), &["kill a SIGKILL", "kill cgroup a SIGKILL"]);
    f.killed("a", Signal::KILL);
    f.world().set_cgroup("a", 0);
    f.advance_millis(20);
    assert_eq!(f.exit_code(), Some(10));
}

#[test]
fn what_is_in_it_at_a_start_is_killed_first() {
    let (mut f, c) = one();
    f.exit("a", 0);
    f.world().set_cgroup("a", 1);
    f.lines(c);
    f.calls();
    f.send(c, "service.start a");
    assert_lines(&f.lines(c), &["service.state a start 200000 - - - - -"]);
    assert_lines(&f.calls(), &["kill cgroup a SIGKILL"]);
    assert!(f.log().iter().any(|line| line.contains("killing them")));
    f.advance(1);
    assert!(!f.runs("a"));
    f.world().set_cgroup("a", 0);
    f.advance_millis(1);
    assert!(f.runs("a"));
}

#[test]
fn an_interval_that_becomes_longer_holds_for_a_start_that_waits_for_that() {
    let (mut f, c) = one();
    f.send(c, "service.auto_up a 1 always");
    f.world().set_cgroup("a", 1);
    f.exit("a", 0);
    f.advance(1);
    f.send(c, "service.auto_up a 5 always");
    f.world().set_cgroup("a", 0);
    f.advance_millis(1);
    assert!(!f.runs("a"));
    f.advance_millis(3_998);
    assert!(!f.runs("a"));
    f.advance_millis(1);
    assert!(f.runs("a"));
}

#[test]
fn what_is_left_in_it_is_stopped_with_a_service_that_is_down() {
    for command in ["service.stop a", "terminate.shutdown"] {
        let (mut f, c) = one();
        f.world().set_cgroup("a", 1);
        f.exit("a", 0);
        assert_lines(&f.calls(), &[]);
        f.send(c, command);
        assert_lines(&f.calls(), &["kill cgroup a SIGTERM", "kill cgroup a SIGCONT"]);
        f.world().set_cgroup("a", 0);
        f.advance_millis(1);
        assert_lines(&f.calls(), &["remove cgroup a"]);
        f.world().set_cgroup("a", 1);
        f.send(c, "service.options a");
        f.send(c, "terminate.shutdown");
        assert_eq!(f.exit_code(), Some(0), "without the option, nobody asks");
    }
}

/// There is no descriptor left: it is tried again.
#[test]
fn what_cannot_be_watched_is_asked_again() {
    let (mut f, c) = one();
    f.world().set_cgroup("a", 1);
    f.world().fail(Op::Cgroup, 24, 2);
    f.send(c, "service.stop a 5");
    f.exit("a", 0);
    f.world().set_cgroup("a", 0);
    f.advance(1);
    assert!(f.calls().contains(&"remove cgroup a".to_owned()));
}

/// The same of a service that is down: as long as that is not known, somebody may be there.
#[test]
fn what_is_left_in_one_that_cannot_be_watched_is_stopped() {
    for command in ["service.stop a", "terminate.shutdown"] {
        let (mut f, c) = one();
        f.world().set_cgroup("a", 1);
        f.exit("a", 0);
        f.calls();
        f.world().fail(Op::Cgroup, 24, 1);
        f.send(c, command);
        assert_lines(&f.calls(), &["kill cgroup a SIGTERM", "kill cgroup a SIGCONT"]);
        f.advance(1);
        assert_eq!(f.exit_code(), None);
        f.world().set_cgroup("a", 0);
        f.advance(1);
        assert!(f.calls().contains(&"remove cgroup a".to_owned()));
    }
}

/// Nobody was kept for its sake, so its number may be that of somebody else.
#[test]
fn a_stop_that_was_about_one_kills_no_group_that_is_not_there() {
    let (mut f, c) = one();
    f.send(c, "service.options a kill=cgroup session");
    f.exit("a", 0);
    f.send(c, "service.start a");
    f.world().set_cgroup("a", 1);
    let pid = f.world().pid("a");
    f.world().set_session(pid, 1);
    f.send(c, "service.stop a 1");
    f.exit("a", 0);
    f.send(c, "service.options a session");
    f.calls();
    f.advance(2);
    assert!(!f.calls().iter().any(|call| call.ends_with("group")));
    assert_eq!(f.world().fault, None);
    f.world().set_session(pid, 0);
    f.world().set_cgroup("a", 0);
    f.advance(2);
}

#[test]
fn a_run_that_was_started_without_one_is_stopped_by_its_group() {
    let (mut f, c) = one();
    f.run_service(c, "b");
    f.others("b", 1);
    f.send(c, "service.options b kill=cgroup");
    f.send(c, "service.stop b");
    f.calls();
    f.exit("b", 0);
    assert_lines(&f.calls(), &["kill b SIGTERM group", "kill b SIGCONT group"]);
    f.others("b", 0);
    f.advance(1);
    assert_lines(&f.calls(), &["remove cgroup b"]);
}

/// One run has left somebody in the cgroup, others in their groups: whoever goes first, what is
/// left is waited for.
#[test]
fn what_is_left_in_it_and_what_is_left_in_groups_are_all_waited_for() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let (mut f, c) = one();
        f.send(c, "service.options a kill=group memory=4096");
        let mut groups = Vec::new();
        for _ in 0..2 {
            f.send(c, "service.start a");
            f.others("a", 1);
            groups.push(f.world().pid("a"));
            f.exit("a", 0);
        }
        f.world().set_cgroup("a", 1);
        f.send(c, "service.restart a 100");
        // The first one goes before anybody has looked.
        for what in order {
            assert!(!f.runs("a"));
            match groups.get(what) {
                Some(&group) => f.world().set_others(group, 0),
                None => f.world().set_cgroup("a", 0),
            }
            f.advance(3);
        }
        assert!(f.runs("a"), "{order:?}");
    }
}
