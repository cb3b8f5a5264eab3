//! Services: how they are created, started by command, end and are forgotten.

use daemonproxy_core::{Ended, Pid};
use daemonproxy_protocol::Name;

use crate::fixture::{Fixture, assert_lines};

#[test]
fn a_start_gives_start_and_up() {
    let mut f = Fixture::new();
    let c = f.connect();
    assert_lines(&f.ask(c, "service.args a a x"), &["service.args a a x"]);
    assert_lines(
        &f.ask(c, "service.start a"),
        &["service.state a start 200000 - - - - -", "service.state a up 200000 100 - - 0 -"],
    );
    assert_lines(&f.calls(), &["spawn a x [null, null, null]"]);
}

#[test]
fn an_exit_is_told_with_its_times() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.advance(7);
    f.exit("a", 42);
    assert_lines(&f.lines(c), &["service.state a down 200007 100 exit 42 7 0"]);
    f.advance(3);
    assert!(f.dump(c).contains(&"service.state a down 200007 100 exit 42 7 3".to_owned()));
}

#[test]
fn a_process_that_is_no_service_is_nobodys() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.stranger_ends();
    f.pump();
    assert_lines(&f.lines(c), &[]);
}

#[test]
fn a_pid_that_comes_again_belongs_to_the_new_one() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.exit("a", 0);
    f.world().next_pid = 100;
    f.run_service(c, "b");
    f.exit("b", 3);
    assert_lines(&f.lines(c), &["service.state b down 200000 100 exit 3 0 0"]);
}

#[test]
fn one_signal_stands_for_all_who_have_ended_and_names_the_first() {
    let mut f = Fixture::new();
    let c = f.connect();
    for name in ["a", "b", "d"] {
        f.run_service(c, name);
    }
    for (pid, status) in [(102, 3), (100, 1), (101, 2)] {
        f.world().end(Pid(pid), Ended::Exit(status));
    }
    f.sigchld();
    assert_lines(
        &f.lines(c),
        &[
            "service.state d down 200000 102 exit 3 0 0",
            "service.state a down 200000 100 exit 1 0 0",
            "service.state b down 200000 101 exit 2 0 0",
        ],
    );
}

/// Its child was reaped before the signal was read, and another one has its pid.
#[test]
fn a_signal_that_comes_late_ends_nobody() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.world().end(Pid(100), Ended::Exit(0));
    let late = f.world().take_sigchld();
    f.sigchld();
    f.world().next_pid = 100;
    f.run_service(c, "b");
    f.lines(c);
    f.proxy.children_ended(late, f.now);
    f.proxy.children_ended(Some(Pid(12345)), f.now);
    f.pump();
    assert_lines(&f.lines(c), &[]);
    assert!(f.runs("b"));
}

#[test]
fn a_group_is_signalled_when_asked_for() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.calls();
    assert_lines(&f.ask(c, "service.signal a 15 group"), &[]);
    assert_lines(&f.calls(), &["kill a SIGTERM group"]);
}

#[test]
fn a_time_in_the_past_means_now_unless_it_is_of_another_clock() {
    let mut f = Fixture::new();
    let c = f.connect();
    for (name, at) in [("a", 199_999), ("b", 200_000), ("c", 100_000)] {
        f.send(c, &format!("service.args {name} {name}"));
        f.send(c, &format!("service.start {name} {at}"));
        assert!(f.runs(name), "{at}");
    }
    f.send(c, "service.args d d");
    for at in ["99999", "-1", "-9223372036854775808", "9223372036854775807", "18446744074"] {
        let lines = f.ask(c, &format!("service.start d {at}"));
        assert!(lines[0].starts_with("error invalid timestamp"), "{at}: {lines:?}");
        assert_eq!(lines.len(), 1);
    }
    assert!(!f.runs("d"));
}

#[test]
fn a_second_start_replaces_the_pending_one() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.start a 200010");
    assert_lines(&f.ask(c, "service.start a 200020"), &["service.state a start 200020 - - - - -"]);
    f.advance(15);
    assert!(!f.runs("a"));
    f.advance(5);
    assert!(f.runs("a"));
    f.exit("a", 0);
    f.advance(100);
    assert!(!f.runs("a"));
}

#[test]
fn cancelling_needs_no_args() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.start a 200010");
    f.send(c, "service.args a");
    assert_lines(&f.ask(c, "service.start a -"), &["service.state a down - - - - - -"]);
}

#[test]
fn args_taken_away_end_a_pending_start_with_an_error() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.exit("a", 1);
    f.send(c, "service.start a 200010");
    f.send(c, "service.args a");
    f.lines(c);
    f.advance(10);
    assert_lines(
        &f.lines(c),
        &[
            "service.state a down 200000 100 exit 1 0 10",
            "error no args configured, for service \"a\"",
        ],
    );
    f.advance(100);
    assert_lines(&f.lines(c), &[]);
}

#[test]
fn an_empty_list_of_fds_is_shown_empty_and_started_with_null() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    assert!(f.dump(c).contains(&"service.fds a null null null".to_owned()));
    assert_lines(&f.ask(c, "service.fds a"), &["service.fds a "]);
    assert!(f.dump(c).contains(&"service.fds a ".to_owned()));
    f.calls();
    f.send(c, "service.start a");
    assert_lines(&f.calls(), &["spawn a [null, null, null]"]);
}

#[test]
fn more_starts_than_one_round_makes_are_all_made_in_their_order() {
    let mut f = Fixture::new();
    let c = f.connect();
    for i in 0..50 {
        f.send(c, &format!("service.args s{i} s{i}"));
        f.send(c, &format!("service.start s{i} {}", 200_010 - i % 2));
    }
    f.calls();
    f.advance(10);
    let calls = f.calls();
    assert_eq!(calls.len(), 50);
    let odd = |call: &String| {
        call.as_bytes()[7..].iter().take_while(|b| b.is_ascii_digit()).last().unwrap() % 2 == 1
    };
    assert!(calls[..25].iter().all(odd), "{calls:?}");
}

/// 65535 bytes, however many commands they come in.
#[test]
fn an_environment_has_a_bound() {
    let mut f = Fixture::new();
    let c = f.connect();
    let value = "x".repeat(4000);
    for nth in 0..16 {
        let told = f.ask(c, &format!("service.env.apply a K{nth:02}={value}"));
        assert!(told.iter().all(|line| line.starts_with("service.")), "{told:?}");
    }
    // 16 items of 4004 bytes and the TABs between them.
    let rest = 65535 - (16 * 4004 + 15) - 1;
    let refused = f.ask(c, &format!("service.env.apply a Z={}", "z".repeat(rest - 1)));
    let start = "error environment longer than 65535 bytes";
    assert!(refused[0].starts_with(start), "{refused:?}");
    let told = f.ask(c, &format!("service.env.apply a Z={}", "z".repeat(rest - 2)));
    assert!(told[0].starts_with("service.env a K00="), "{told:?}");
}

#[test]
fn only_one_is_the_main_service() {
    let mut f = Fixture::new();
    let c = f.connect();
    let is_main = |f: &Fixture, name: &str| f.proxy.is_main(Name::new(name.as_bytes()).unwrap());
    assert!(!is_main(&f, "a"));
    f.send(c, "service.options a main");
    f.send(c, "service.args b b");
    assert!(is_main(&f, "a") && !is_main(&f, "b"));
}
