//! `service.start NAME [TIMESTAMP]` starts a service, now or at that second.

use daemonproxy_testing::{Daemon, exited, killed, lines, monotonic, never_started, starting, up};

#[test]
fn without_a_time_it_starts_now() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let pid = d.run("web");
    assert!(daemonproxy_testing::alive(pid));
}

#[test]
fn a_service_can_be_started_again() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    for _ in 0..3 {
        d.run("web");
        d.expect(&[exited("web", 0)]);
    }
}

#[test]
fn at_a_later_second_it_starts_then() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let at = monotonic() + 2;
    d.answers(
        &format!("service.start\tweb\t{at}"),
        &[format!("service.state\tweb\tstart\t{at}\t-\t-\t-\t-\t-")],
    );
    let since = d.expect(&[up("web")])[0];
    assert!((at..at + 5).contains(&since), "due at {at}, started at {since}");
}

#[test]
fn a_pending_start_is_in_the_dump() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let at = monotonic() + 1000;
    let state = format!("service.state\tweb\tstart\t{at}\t-\t-\t-\t-\t-");
    d.answers(&format!("service.start\tweb\t{at}"), &[&state]);
    assert_eq!(d.dump_of("service.state\tweb"), [state]);
}

/// A controller computes the second before it sends it. The original refused every second but
/// those to come.
#[test]
fn this_second_and_those_just_past_mean_now() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for past in [0, 1, 5] {
        d.send(&format!("service.start\tweb\t{}", monotonic() - past));
        d.expect(&[starting("web"), up("web")]);
        d.stop("web");
    }
}

#[test]
fn a_second_long_past_means_now() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.send(&format!("service.start\tweb\t{}", (monotonic() - 90_000).max(1)));
    d.expect(&[starting("web"), up("web")]);
}

#[test]
fn a_dash_cancels_a_pending_start() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask(&format!("service.start\tweb\t{}", monotonic() + 1000));
    d.answers("service.start\tweb\t-", &[never_started("web")]);
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
}

#[test]
fn a_cancelled_start_does_not_happen() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.define_sleeper("other");
    let at = monotonic() + 2;
    d.send(&format!("service.start\tweb\t{at}"));
    d.send("service.start\tweb\t-");
    d.send(&format!("service.start\tother\t{at}"));
    // Both were due in the same second, and only one comes.
    let (before, _) = d.lines_until(up("other"));
    assert!(!before.iter().any(|l| l.contains("\tup\t")), "{before:?}");
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
}

#[test]
fn cancelling_keeps_how_the_last_run_ended() {
    let mut d = Daemon::interactive();
    d.define_shell("web", "exit 4");
    d.run("web");
    let ended = d.expect(&[exited("web", 4)]);
    d.ask(&format!("service.start\tweb\t{}", monotonic() + 1000));
    let cancelled = d.answers("service.start\tweb\t-", &[exited("web", 4)]);
    assert_eq!(cancelled[..3], ended[..3]);
}

/// The original forked in the next round of its loop.
#[test]
fn a_signal_on_the_next_line_finds_it_running() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.send_bytes(&lines(&["service.start\tweb", "service.signal\tweb\tTERM"]));
    d.expect(&[starting("web"), up("web"), killed("web", "SIGTERM")]);
}

#[test]
fn without_a_name_it_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("service.start", "Expected service name");
}

#[test]
fn a_wrong_name_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_a_service_name("service.start", "");
}

#[test]
fn an_unknown_service_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("service.start\tweb", "No such service");
    assert!(d.dump_of("service.state\tweb").is_empty());
}

#[test]
fn a_service_without_a_program_is_refused() {
    let mut d = Daemon::interactive();
    d.ask("service.args\tweb");
    d.refuses("service.start\tweb", "no args configured for service");
    d.refuses(
        &format!("service.start\tweb\t{}", monotonic() + 1000),
        "no args configured for service",
    );
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
}

#[test]
fn a_time_that_is_none_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for wrong in ["soon", "1.5", "0x10", "99999999999999999999"] {
        d.refuses(&format!("service.start\tweb\t{wrong}"), "invalid timestamp");
    }
}

#[test]
fn a_time_too_long_past_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let past = monotonic() - 100_010;
    d.refuses(&format!("service.start\tweb\t{past}"), "invalid timestamp");
}

#[test]
fn a_running_service_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.run("web");
    d.refuses("service.start\tweb", "service is not startable");
    d.refuses(&format!("service.start\tweb\t{}", monotonic() + 1000), "service is not startable");
}

#[test]
fn cancelling_what_is_not_pending_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.refuses("service.start\tweb\t-", "no service.start pending");
    d.run("web");
    d.refuses("service.start\tweb\t-", "no service.start pending");
    d.stop("web");
    d.refuses("service.start\tweb\t-", "no service.start pending");
}

#[test]
fn starts_happen_in_the_order_of_their_times() {
    let mut d = Daemon::interactive();
    for name in ["a", "b", "c"] {
        d.define_sleeper(name);
    }
    let now = monotonic();
    for (name, in_secs) in [("c", 3), ("a", 1), ("b", 2)] {
        d.send(&format!("service.start\t{name}\t{}", now + in_secs));
    }
    let (before, _) = d.lines_until(up("c"));
    let earlier: Vec<&str> = before
        .iter()
        .filter(|l| l.contains("\tup\t"))
        .map(|l| l.split('\t').nth(1).unwrap())
        .collect();
    assert_eq!(earlier, ["a", "b"]);
}
