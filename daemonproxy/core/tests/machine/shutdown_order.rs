//! The order of an orderly shutdown: along the pipes, controllers late, the log's reader last.

use daemonproxy_protocol::Signal;
use daemonproxy_testing::world::Output;

use crate::fixture::{Client, Fixture, assert_lines};

/// What was done to services since the last look: `a SIGTERM`.
fn kills(f: &mut Fixture) -> Vec<String> {
    let kills =
        f.calls().into_iter().filter_map(|call| call.strip_prefix("kill ").map(str::to_owned));
    kills.filter(|kill| !kill.ends_with("SIGCONT")).collect()
}

/// The same since the beginning.
fn kills_so_far(f: &mut Fixture) -> Vec<String> {
    let calls = f.world().calls.iter();
    calls.filter_map(|call| call.strip_prefix("kill ").map(str::to_owned)).collect()
}

/// The daemon's log goes into a pipe.
fn log_into_a_pipe() -> (Fixture, Client) {
    let mut f = Fixture::new();
    let c = f.connect();
    f.pipe(c, "log");
    f.send(c, "log.dest fd log.w");
    (f, c)
}

/// Whether there is still a name for the write end.
fn is_writable(f: &mut Fixture, c: Client, name: &str) -> bool {
    f.dump(c).iter().any(|line| line.starts_with(&format!("fd.state {name}.w ")))
}

#[test]
fn a_reader_is_left_alone_until_its_writer_has_gone_and_then_gets_end_of_file() {
    let (mut f, c) = Fixture::running(&["p"], &[("logger", "p.r"), ("web", "null p.w p.w")]);
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["web SIGTERM"]);
    assert!(is_writable(&mut f, c, "p"));
    f.advance(4);
    f.exit("web", 0);
    assert!(!is_writable(&mut f, c, "p"), "the logger never sees the end");
    assert!(f.lines(c).is_empty());
    assert_eq!(kills(&mut f), [""; 0], "the logger is to read to the end first");
    f.exit("logger", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_reader_that_does_not_end_at_end_of_file_gets_sigterm_and_sigkill_in_term_altogether() {
    let (mut f, c) = Fixture::running(&["p"], &[("logger", "p.r"), ("web", "null p.w")]);
    f.send(c, "terminate.shutdown 10 5");
    f.exit("web", 0);
    kills(&mut f);
    f.advance(10);
    let kills = kills(&mut f);
    assert_eq!(kills, ["logger SIGTERM", "logger SIGKILL", "logger SIGKILL group"]);
    f.killed("logger", Signal::KILL);
    assert_eq!(f.exit_code(), Some(10));
}

#[test]
fn a_chain_of_three_stops_from_its_beginning() {
    let (mut f, c) = Fixture::running(
        &["p", "q"],
        &[("last", "q.r"), ("middle", "p.r q.w"), ("first", "null p.w")],
    );
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["first SIGTERM"]);
    f.exit("first", 0);
    assert!(!is_writable(&mut f, c, "p") && is_writable(&mut f, c, "q"));
    f.exit("middle", 0);
    assert!(!is_writable(&mut f, c, "q"));
    f.exit("last", 0);
    assert_eq!(f.exit_code(), Some(0));
    assert_eq!(kills(&mut f), [""; 0]);
}

#[test]
fn what_was_killed_in_a_chain_does_not_hold_up_the_rest() {
    let (mut f, c) = Fixture::running(
        &["p", "q"],
        &[("last", "q.r"), ("middle", "p.r q.w"), ("first", "null p.w")],
    );
    f.send(c, "terminate.shutdown 2 2 2");
    // Nobody ever ends: each link has its time, and then comes the next.
    f.advance(12);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn two_services_with_one_logger() {
    let (mut f, c) = Fixture::running(
        &["p"],
        &[("logger", "p.r"), ("one", "null p.w"), ("two", "null p.w p.w")],
    );
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["one SIGTERM", "two SIGTERM"]);
    f.exit("two", 0);
    assert!(is_writable(&mut f, c, "p"));
    f.exit("one", 0);
    assert!(!is_writable(&mut f, c, "p"));
}

#[test]
fn a_logger_that_reads_two_pipes_waits_for_both() {
    let (mut f, c) = Fixture::running(
        &["p", "q"],
        &[("logger", "p.r q.r"), ("one", "null p.w"), ("two", "null q.w")],
    );
    f.send(c, "terminate.shutdown 10");
    f.exit("one", 0);
    assert!(!is_writable(&mut f, c, "p") && is_writable(&mut f, c, "q"));
    f.advance(9);
    f.exit("two", 0);
    assert!(!is_writable(&mut f, c, "q"));
    kills(&mut f);
    f.advance_millis(499);
    assert_eq!(kills(&mut f), [""; 0], "half of what is left of the time is its own");
    f.advance_millis(1);
    assert_eq!(kills(&mut f), ["logger SIGTERM"]);
    f.exit("logger", 0);
    assert_eq!(f.exit_code(), Some(0));
}

/// However long the chain: SIGKILL for the first at TERM, and the end at TERM and KILL.
#[test]
fn one_deadline_holds_for_a_chain_of_any_length() {
    for length in [1, 2, 5, 30] {
        let mut f = Fixture::new();
        let c = f.connect();
        for i in 0..length {
            f.pipe(c, &format!("p{i}"));
        }
        f.start(c, "s0", "null p0.w");
        for i in 1..length {
            f.start(c, &format!("s{i}"), &format!("p{}.r p{i}.w", i - 1));
        }
        f.start(c, "last", &format!("p{}.r", length - 1));
        f.send(c, "terminate.shutdown 8 4 1");
        f.advance_millis(7_999);
        assert_eq!(kills(&mut f), ["s0 SIGTERM"], "nobody ends");
        f.advance_millis(1);
        assert_eq!(kills(&mut f), ["s0 SIGKILL", "s0 SIGKILL group"]);
        f.advance_millis(3_999);
        assert_eq!(f.leave(), None);
        // Nobody was waited for any more: all have got everything.
        for name in (1..length).map(|i| format!("s{i}")).chain(["last".to_owned()]) {
            let calls = format!("{name} SIGKILL group");
            assert!(kills_so_far(&mut f).contains(&calls), "{length}: {calls}");
        }
        f.advance_millis(1);
        assert_eq!(f.exit_code(), Some(11));
    }
}

/// A chain of readers that end of SIGTERM only: today's half of TERM for each would be half of TERM
/// a link.
#[test]
fn readers_in_a_chain_that_need_sigterm_all_get_it_in_time() {
    let mut f = Fixture::new();
    let c = f.connect();
    for i in 0..6 {
        f.pipe(c, &format!("p{i}"));
    }
    f.start(c, "s0", "p0.w");
    for i in 1..6 {
        f.start(c, &format!("s{i}"), &format!("p{}.r p{i}.w", i - 1));
    }
    f.send(c, "terminate.shutdown 64 5 1");
    f.exit("s0", 0);
    kills(&mut f);
    for (i, seconds) in (1..6).zip([32, 16, 8, 4, 2]) {
        f.advance(seconds);
        assert_eq!(kills(&mut f), [format!("s{i} SIGTERM")]);
        f.exit(&format!("s{i}"), 0);
    }
    assert_eq!(f.exit_code(), Some(0));
}

/// What waited for somebody who had to be killed still reads to the end, and has its time for that.
#[test]
fn a_reader_of_what_was_killed_has_half_of_the_rest() {
    let (mut f, c) = Fixture::running(&["p"], &[("logger", "p.r"), ("web", "p.w")]);
    f.send(c, "terminate.shutdown 8 4 1");
    f.advance_millis(8_004);
    f.killed("web", Signal::KILL);
    assert!(!is_writable(&mut f, c, "p"));
    kills(&mut f);
    f.advance_millis(998);
    assert_eq!(kills(&mut f), [""; 0]);
    f.advance_millis(1);
    assert_eq!(kills(&mut f), ["logger SIGTERM"]);
    f.advance_millis(1_999);
    assert_eq!(kills(&mut f), ["logger SIGKILL", "logger SIGKILL group"]);
    f.advance(2);
    assert_eq!(f.exit_code(), Some(11));
}

/// One that is stuck in the kernel holds up its reader for half of KILL, and no longer.
#[test]
fn nobody_waits_for_ever_for_what_outlives_sigkill() {
    let (mut f, c) = Fixture::running(&["p"], &[("logger", "p.r"), ("web", "p.w")]);
    f.send(c, "terminate.shutdown 8 4 1");
    f.advance_millis(9_999);
    kills(&mut f);
    f.advance_millis(1);
    f.advance_millis(500);
    assert_eq!(kills(&mut f), ["logger SIGTERM"]);
    f.exit("logger", 0);
    f.advance_millis(1_500);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn a_logger_whose_writer_has_gone_long_ago_gets_end_of_file_at_once() {
    let (mut f, c) = Fixture::running(&["p"], &[("logger", "p.r"), ("web", "null p.w")]);
    f.exit("web", 0);
    f.send(c, "terminate.shutdown");
    assert!(!is_writable(&mut f, c, "p"));
    assert_eq!(kills(&mut f), [""; 0]);
}

#[test]
fn a_logger_with_service_pipe() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.pipe web 1,2 cat");
    f.run_service(c, "web");
    f.calls();
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["web SIGTERM"]);
    f.exit("web", 0);
    f.lines(c);
    f.exit("cat", 0);
    assert_eq!(f.exit_code(), Some(0));
    assert!(!f.runs("cat"));
}

#[test]
fn a_circle_is_stopped_as_one() {
    let (mut f, c) = Fixture::running(&["p", "q"], &[("a", "p.r q.w"), ("b", "q.r p.w")]);
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["a SIGTERM", "b SIGTERM"]);
    f.exit("a", 0);
    f.exit("b", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn two_circles_in_a_chain_stop_one_after_the_other() {
    for backwards in [false, true] {
        let mut f = Fixture::new();
        let c = f.connect();
        for name in ["p", "q", "x", "y", "between"] {
            f.pipe(c, name);
        }
        let mut services = [
            ("a", "p.r q.w between.w"),
            ("b", "q.r p.w"),
            ("c", "x.r y.w between.r"),
            ("d", "y.r x.w"),
        ];
        if backwards {
            services.reverse();
        }
        for (name, fds) in services {
            f.start(c, name, fds);
        }
        f.send(c, "terminate.shutdown");
        let mut first = kills(&mut f);
        first.sort();
        assert_eq!(first, ["a SIGTERM", "b SIGTERM"], "backwards: {backwards}");
        f.exit("b", 0);
        assert_eq!(kills(&mut f), [""; 0]);
        f.exit("a", 0);
        assert!(!is_writable(&mut f, c, "between"));
        let mut second = kills(&mut f);
        second.sort();
        assert_eq!(second, ["c SIGTERM", "d SIGTERM"], "backwards: {backwards}");
    }
}

#[test]
fn a_circle_that_is_fed_waits_and_one_that_feeds_goes_first() {
    let mut f = Fixture::new();
    let c = f.connect();
    for name in ["p", "q", "in", "out"] {
        f.pipe(c, name);
    }
    f.start(c, "logger", "out.r");
    f.start(c, "a", "p.r q.w in.r");
    f.start(c, "b", "q.r p.w out.w");
    f.start(c, "source", "null in.w");
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["source SIGTERM"]);
    f.exit("source", 0);
    assert_eq!(kills(&mut f), ["a SIGTERM", "b SIGTERM"]);
    f.exit("a", 0);
    f.exit("b", 0);
    assert!(!is_writable(&mut f, c, "out"));
    f.exit("logger", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn of_a_socket_pair_the_first_end_reads_and_the_second_writes() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "fd.pipe p.r p.w unix");
    f.start(c, "logger", "p.r");
    f.start(c, "web", "p.w");
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["web SIGTERM"]);
    f.exit("web", 0);
    assert!(!is_writable(&mut f, c, "p"));
    assert_eq!(kills(&mut f), [""; 0]);
    f.exit("logger", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn two_socket_pairs_the_one_way_and_the_other_are_a_circle() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "fd.pipe p.r p.w unix");
    f.send(c, "fd.pipe q.r q.w unix");
    f.start(c, "a", "p.r q.w");
    f.start(c, "b", "q.r p.w");
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["a SIGTERM", "b SIGTERM"]);
}

#[test]
fn a_service_that_feeds_itself_is_stopped() {
    let (mut f, c) = Fixture::running(&["p"], &[("a", "p.r p.w p.w")]);
    f.send(c, "terminate.shutdown 10 1 1");
    f.advance(10);
    assert_eq!(kills(&mut f)[0], "a SIGTERM");
    f.advance(1);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn a_controller_comes_after_the_others_and_gets_end_of_file() {
    let (mut f, c) = Fixture::running(&[], &[("manager", "control.socket"), ("web", "null")]);
    let manager = f.client_of("manager");
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["web SIGTERM"]);
    assert!(f.is_connected(manager));
    f.exit("web", 0);
    assert!(!f.is_connected(manager));
    let lines = f.lines(manager);
    assert!(
        lines.contains(&"service.state web down 200000 101 exit 0 0 0".to_owned()),
        "{lines:?}"
    );
    assert_eq!(kills(&mut f), [""; 0]);
    f.exit("manager", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_controller_comes_after_a_circle_of_others_whatever_their_order() {
    for first in [false, true] {
        let mut f = Fixture::new();
        let c = f.connect();
        f.pipe(c, "p");
        f.pipe(c, "q");
        if first {
            f.start(c, "manager", "control.socket");
        }
        f.start(c, "a", "p.r q.w");
        f.start(c, "b", "q.r p.w");
        if !first {
            f.start(c, "manager", "control.socket");
        }
        f.send(c, "terminate.shutdown");
        assert_eq!(kills(&mut f), ["a SIGTERM", "b SIGTERM"], "manager first: {first}");
    }
}

#[test]
fn what_reads_from_a_controller_comes_after_it() {
    let (mut f, c) = Fixture::running(
        &["p"],
        &[("logger", "p.r"), ("manager", "control.socket p.w"), ("web", "null")],
    );
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["web SIGTERM"]);
    f.exit("web", 0);
    assert!(is_writable(&mut f, c, "p"));
    f.exit("manager", 0);
    assert!(!is_writable(&mut f, c, "p"));
    assert_eq!(kills(&mut f), [""; 0]);
    f.exit("logger", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn the_reader_of_the_daemons_log_comes_last_of_all() {
    let (mut f, c) = log_into_a_pipe();
    f.start(c, "reader", "log.r");
    f.start(c, "manager", "control.socket");
    f.start(c, "web", "null log.w");
    f.send(c, "terminate.shutdown");
    assert_eq!(kills(&mut f), ["web SIGTERM"]);
    f.exit("web", 0);
    assert!(is_writable(&mut f, c, "log"));
    f.send(c, "x");
    f.exit("manager", 0);
    assert!(!is_writable(&mut f, c, "log"));
    assert_eq!(kills(&mut f), [""; 0]);
    f.exit("reader", 0);
    assert_eq!(f.exit_code(), Some(0));
    let pipe = f.world().named("pipe to");
    let log = f.written(pipe);
    assert!(log.contains(&"error: Unknown command: x".to_owned()), "{log:?}");
}

#[test]
fn the_reader_of_the_log_that_is_a_controller_too_comes_last() {
    let (mut f, c) = log_into_a_pipe();
    f.start(c, "reader", "log.r control.event");
    f.start(c, "manager", "control.socket");
    let reader = f.client_of("reader");
    f.send(c, "terminate.shutdown");
    assert!(f.is_connected(reader));
    f.exit("manager", 0);
    assert!(!f.is_connected(reader));
    f.exit("reader", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_log_into_a_pipe_that_nobody_reads_does_not_hold_it_up() {
    let (mut f, c) = log_into_a_pipe();
    f.start(c, "web", "null");
    f.send(c, "terminate.shutdown");
    f.exit("web", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn the_reader_of_the_log_has_its_turn_when_all_of_the_log_is_in_the_pipe() {
    let (mut f, c) = log_into_a_pipe();
    f.start(c, "reader", "log.r");
    let pipe = f.world().named("pipe to");
    f.world().file(pipe).output = Output::BLOCKED;
    f.send(c, "x");
    f.send(c, "terminate.shutdown");
    assert_eq!(kills_so_far(&mut f), [""; 0]);
    f.world().file(pipe).output = Output::Free;
    f.pump();
    assert_eq!(kills_so_far(&mut f), ["reader SIGCONT"]);
    f.exit("reader", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_log_that_stays_blocked_has_half_of_the_time_to_get_into_its_pipe() {
    let (mut f, c) = log_into_a_pipe();
    f.start(c, "reader", "log.r");
    let pipe = f.world().named("pipe to");
    f.world().file(pipe).output = Output::BLOCKED;
    f.send(c, "x");
    f.send(c, "terminate.shutdown 4 1 1");
    f.advance(1);
    assert_eq!(kills_so_far(&mut f), [""; 0]);
    f.advance(1);
    assert_eq!(kills_so_far(&mut f), ["reader SIGCONT"]);
    f.exit("reader", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn lists_that_change_in_the_middle_never_make_it_hang() {
    let (mut f, c) = Fixture::running(&["p"], &[("a", "null p.w"), ("b", "p.r")]);
    f.send(c, "terminate.shutdown 4 1 1");
    f.send(c, "service.fds a p.r control.socket");
    f.send(c, "service.fds b p.w control.socket");
    f.send(c, "fd.pipe p.w p.r");
    f.send(c, "fd.delete p.w");
    f.send(c, "log.dest fd p.r");
    f.advance(12);
    assert_eq!(f.exit_code(), Some(11));
}

#[test]
fn a_controller_that_is_in_the_middle_of_a_dump_gets_all_of_it() {
    let limits = daemonproxy_core::Limits { max_line: 512, ..Default::default() };
    let mut f = Fixture::with(limits, None);
    let c = f.connect();
    for i in 0..100 {
        f.send(c, &format!("service.args s{i} x"));
    }
    f.start(c, "manager", "control.socket");
    let manager = f.client_of("manager");
    f.reads(manager, Output::BLOCKED);
    f.send(manager, "statedump");
    f.send(c, "terminate.shutdown");
    f.reads(manager, Output::Pieces(100));
    let lines = f.lines(manager);
    let told = lines.iter().filter(|line| line.starts_with("service.auto_up ")).count();
    assert_eq!(told, 101);
    assert!(!f.is_connected(manager));
}

#[test]
fn a_second_shutdown_shortens_the_wait_for_a_log_that_is_blocked() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.pipe(c, "log");
    let write = f.world().named("pipe to");
    f.world().file(write).output = Output::BLOCKED;
    f.send(c, "log.dest fd log.w");
    f.start(c, "reader", "log.r");
    f.send(c, "x");
    f.send(c, "terminate.shutdown 1000 1 1");
    f.advance(5);
    assert_eq!(f.leave(), None);
    f.send(c, "terminate.shutdown 2 1 1");
    f.advance(6);
    assert_eq!(f.exit_code(), Some(11));
}

// Conditions

/// Runs these services, each with these triggers, and begins a shutdown. Returns who was told to
/// end.
fn with_conditions(services: &[(&str, &str)]) -> (Fixture, Vec<String>) {
    let mut f = Fixture::new();
    let c = f.connect();
    for (name, triggers) in services {
        f.run_service(c, name);
        f.send(c, &format!("service.auto_up {name} 1 {triggers}"));
    }
    f.calls();
    f.send(c, "terminate.shutdown");
    let told = kills(&mut f);
    (f, told)
}

#[test]
fn whoever_needs_another_one_is_stopped_before_it() {
    let services = [("db", "once"), ("app", "ready:db,once"), ("web", "always up:app")];
    let (mut f, first) = with_conditions(&services);
    assert_lines(&first, &["web SIGTERM"]);
    f.exit("web", 0);
    assert_lines(&kills(&mut f), &["app SIGTERM"]);
    f.exit("app", 0);
    assert_lines(&kills(&mut f), &["db SIGTERM"]);
    f.exit("db", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn other_conditions_say_nothing_about_the_order() {
    let services = [("a", "down:c,done:b"), ("b", "up:nobody"), ("c", "up:c")];
    let (_, told) = with_conditions(&services);
    assert_lines(&told, &["a SIGTERM", "b SIGTERM", "c SIGTERM"]);
}

#[test]
fn a_circle_of_conditions_is_stopped_as_one_before_what_it_needs() {
    let services = [("x", "once"), ("a", "up:b"), ("b", "ready:a up:x")];
    let (mut f, first) = with_conditions(&services);
    assert_lines(&first, &["a SIGTERM", "b SIGTERM"]);
    f.exit("b", 0);
    assert_lines(&kills(&mut f), &["x SIGTERM"]);
    f.exit("a", 0);
    f.exit("x", 0);
    assert_eq!(f.exit_code(), Some(0));
}

/// The logger names whoever writes to it, or the other way round.
#[test]
fn pipes_count_more_than_conditions() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "fd.pipe r w");
    f.send(c, "service.fds log r");
    f.send(c, "service.fds web null w w");
    f.run_service(c, "log");
    f.run_service(c, "web");
    f.send(c, "service.auto_up log 1 up:web");
    f.calls();
    f.send(c, "terminate.shutdown");
    assert_lines(&kills(&mut f), &["web SIGTERM"]);
    f.exit("web", 0);
    f.exit("log", 0);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn what_a_controller_needs_comes_after_it() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "db");
    f.send(c, "service.fds boss control.socket");
    f.run_service(c, "boss");
    f.run_service(c, "web");
    f.send(c, "service.auto_up boss 1 up:db");
    f.calls();
    f.send(c, "terminate.shutdown");
    assert_lines(&kills(&mut f), &["web SIGTERM"]);
    f.exit("web", 0);
    assert_lines(&kills(&mut f), &[]);
    f.exit("boss", 0);
    assert_lines(&kills(&mut f), &["db SIGTERM"]);
}
