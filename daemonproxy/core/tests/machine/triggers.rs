//! `service.auto_up`: what starts a service by itself.

use daemonproxy_core::Fd;
use daemonproxy_protocol::Signal;

use crate::fixture::{Fixture, assert_lines};

#[test]
fn no_trigger_turns_it_off() {
    let mut f = Fixture::new();
    let c = f.connect();
    for off in ["service.auto_up a", "service.auto_up a -", "service.auto_up a 7"] {
        f.send(c, "service.args a a");
        f.send(c, "service.auto_up a 1 always");
        assert_lines(&f.ask(c, off), &["service.auto_up a -"]);
        f.exit("a", 0);
        f.advance(100);
        assert!(!f.runs("a"), "{off}");
    }
}

#[test]
fn a_signal_while_it_runs_starts_it_again_when_it_ends() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.send(c, "service.auto_up a 1 USR1");
    f.signal(Signal::USR1);
    f.exit("a", 0);
    f.advance(1);
    assert!(f.runs("a"));
}

#[test]
fn a_trigger_without_args_never_forks_also_after_a_run() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 1 always");
    f.send(c, "service.args a");
    f.exit("a", 0);
    f.calls();
    f.advance(100);
    assert_lines(&f.calls(), &[]);
    f.send(c, "service.args a a");
    assert!(f.runs("a"));
}

#[test]
fn args_taken_away_while_a_trigger_waits_end_it_once_and_new_ones_start_it() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 50 always");
    f.exit("a", 0);
    f.send(c, "service.args a");
    f.lines(c);
    f.advance(200);
    let errors = f.lines(c).iter().filter(|line| line.starts_with("error ")).count();
    assert_eq!(errors, 1);
    f.send(c, "service.args a a");
    assert!(f.runs("a"));
}

#[test]
fn a_longer_interval_holds_although_its_trigger_did_not_when_it_was_set() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.send(c, "fd.pipe r w");
    f.send(c, "service.auto_up a 1 always");
    f.exit("a", 0);
    f.send(c, "service.auto_up a 5 fd:r");
    let r = f.world().named("pipe from");
    f.world().file(r).sends(b"x".to_vec(), Vec::new());
    f.advance(4);
    assert!(!f.runs("a"));
    f.advance(1);
    assert!(f.runs("a"));
}

#[test]
fn a_trigger_that_is_turned_off_does_not_start_what_still_waits_for_its_interval() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 50 always");
    f.exit("a", 0);
    f.send(c, "service.auto_up a -");
    f.advance(100);
    assert!(!f.runs("a"), "turned off, and started all the same");
}

#[test]
fn turning_a_trigger_off_leaves_a_start_that_was_asked_for() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.start a 200010");
    f.send(c, "service.auto_up a -");
    f.advance(10);
    assert!(f.runs("a"));
}

#[test]
fn a_trigger_does_not_wait_for_a_start_that_is_far_away() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.start a 201000");
    f.send(c, "service.auto_up a 1 always");
    f.advance(1);
    assert!(f.runs("a"), "a trigger holds since a second, and it was not started");
}

#[test]
fn one_of_two_triggers_that_is_left_still_starts_it() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 5 HUP USR1");
    f.signal(Signal::HUP);
    f.signal(Signal::USR1);
    f.exit("a", 0);
    f.send(c, "signal.clear HUP 9");
    f.advance(5);
    assert!(f.runs("a"));
}

#[test]
fn a_start_by_hand_that_comes_sooner_than_the_trigger_may_stays() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 50 HUP");
    f.signal(Signal::HUP);
    f.exit("a", 0);
    f.send(c, "service.start a 200010");
    f.signal(Signal::HUP);
    f.send(c, "signal.clear HUP 9");
    f.advance(10);
    assert!(f.runs("a"));
}

#[test]
fn a_cancelled_start_is_not_planned_again_before_something_happens() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 5 always");
    f.exit("a", 0);
    f.lines(c);
    let lines = f.ask(c, "service.start a -");
    assert_lines(&lines, &["service.state a down 200000 100 exit 0 0 0"]);
    f.advance(50);
    assert!(!f.runs("a"));
    f.send(c, "service.auto_up a 5 always");
    assert!(f.runs("a"));
}

/// A service that is started when there is something to read from all of these descriptors, whose
/// names are theirs.
fn waiting(f: &mut Fixture, service: &str, names: &[&str]) -> Vec<Fd> {
    let c = f.connect();
    let fds = names.iter().map(|name| {
        let fd = f.world().make("passed");
        f.pass(c, &format!("fd.take {name}\n"), &[fd]);
        fd
    });
    let fds = fds.collect();
    f.send(c, &format!("service.args {service} {service}"));
    let conditions: Vec<String> = names.iter().map(|name| format!("fd:{name}")).collect();
    f.send(c, &format!("service.auto_up {service} 1 {}", conditions.join(",")));
    fds
}

fn gets_data(f: &mut Fixture, fd: Fd) {
    f.world().file(fd).sends(b"x".to_vec(), Vec::new());
}

#[test]
fn data_start_a_service_and_a_broken_pipe_does_not() {
    let mut f = Fixture::new();
    let (a, b) = (waiting(&mut f, "a", &["x"])[0], waiting(&mut f, "b", &["y"])[0]);
    f.world().file(b).peer_gone = true;
    f.pump();
    assert!(!f.runs("a") && !f.runs("b"));
    gets_data(&mut f, a);
    f.pump();
    assert!(f.runs("a") && !f.runs("b"));
}

#[test]
fn data_in_all_of_several_descriptors_start_a_service_in_whatever_order_they_come() {
    for order in [&[0, 1, 2][..], &[2, 1, 0], &[1, 0, 2]] {
        let mut f = Fixture::new();
        let fds = waiting(&mut f, "web", &["x", "y", "z"]);
        for &place in order {
            assert!(!f.runs("web"));
            gets_data(&mut f, fds[place]);
            f.pump();
        }
        assert!(f.runs("web"), "{order:?}");
    }
}

#[test]
fn data_that_come_in_all_at_once_start_a_service() {
    let mut f = Fixture::new();
    let fds = waiting(&mut f, "web", &["x", "y"]);
    fds.iter().for_each(|&fd| gets_data(&mut f, fd));
    f.pump();
    assert!(f.runs("web"));
}
