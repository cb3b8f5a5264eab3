//! `service.auto_up NAME INTERVAL [TRIGGER]…` starts a service whenever a trigger holds, but not
//! sooner than INTERVAL seconds after its last start.

use daemonproxy_testing::{Daemon, exited, killed, monotonic, never_started, starting, up};

#[test]
fn the_change_is_told() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.send("service.auto_up\tweb\t3\tUSR1");
    d.expect(&["service.auto_up\tweb\t3\tSIGUSR1"]);
}

#[test]
fn signals_are_named_with_and_without_sig_and_by_number() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for name in ["HUP", "SIGHUP", "1"] {
        d.answers(
            &format!("service.auto_up\tweb\t3\t{name}"),
            &["service.auto_up\tweb\t3\tSIGHUP"],
        );
    }
}

#[test]
fn there_may_be_several_triggers() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let lines = d.ask("service.auto_up\tweb\t3\tUSR2\tHUP");
    let mut fields: Vec<&str> = lines[0].split('\t').collect();
    fields[3..].sort_unstable();
    assert_eq!(fields, ["service.auto_up", "web", "3", "SIGHUP", "SIGUSR2"]);
}

#[test]
fn always_takes_effect_at_once() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.send("service.auto_up\tweb\t3\talways");
    d.expect(&["service.auto_up\tweb\t3\talways".to_owned(), starting("web"), up("web")]);
}

#[test]
fn no_trigger_turns_it_off() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for off in ["service.auto_up\tweb\t3", "service.auto_up\tweb\t-", "service.auto_up\tweb"] {
        d.ask("service.auto_up\tweb\t9\tHUP");
        d.answers(off, &["service.auto_up\tweb\t-"]);
        assert_eq!(d.dump_of("service.auto_up\tweb"), ["service.auto_up\tweb\t-"]);
    }
}

#[test]
fn off_means_that_nothing_is_started() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.auto_up\tweb\t1\tUSR1");
    d.ask("service.auto_up\tweb\t-");
    d.signal(libc::SIGUSR1);
    d.expect(&["signal\tSIGUSR1\t{ts}\t1"]);
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
}

#[test]
fn a_dash_keeps_the_interval() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.auto_up\tweb\t7\tHUP");
    d.answers("service.auto_up\tweb\t-\tUSR1", &["service.auto_up\tweb\t7\tSIGUSR1"]);
}

/// The original had 0 here, and restarted hundreds of times a second.
#[test]
fn a_dash_means_5_when_no_interval_was_ever_set() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.send("service.auto_up\tweb\t-\talways");
    d.expect(&["service.auto_up\tweb\t5\talways"]);
    let since = d.expect(&[starting("web"), up("web")])[1];
    let due = d.expect(&[exited("web", 0), starting("web")])[4];
    assert_eq!(due, since + 5);
}

#[test]
fn a_service_that_ends_is_started_again_after_the_interval() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.send("service.auto_up\tweb\t2\talways");
    d.expect(&["service.auto_up\tweb\t2\talways"]);
    let first = d.expect(&[starting("web"), up("web")])[1];
    // Told once that a start is pending; the original told it twice.
    let due = d.expect(&[exited("web", 0), starting("web")])[4];
    let second = d.expect(&[up("web")])[0];
    assert_eq!(due, first + 2);
    assert!(second >= due, "due at {due}, started at {second}");
}

/// The original counted from the end of the last run.
#[test]
fn the_interval_counts_from_the_last_start() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/sleep", "2.2"]);
    d.send("service.auto_up\tweb\t2\talways");
    d.wait_for(up("web"));
    let ended = d.wait_for(exited("web", 0))[0];
    let due = d.expect(&[starting("web")])[0];
    assert!(due <= ended, "ended at {ended}, due at {due}");
    d.expect(&[up("web")]);
}

#[test]
fn a_service_that_is_killed_is_started_again() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.send("service.auto_up\tweb\t1\talways");
    let pid = d.wait_for(up("web"))[1];
    daemonproxy_testing::kill(pid, libc::SIGKILL);
    d.expect(&[killed("web", "SIGKILL"), starting("web"), up("web")]);
}

#[test]
fn a_signal_starts_the_service() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.auto_up\tweb\t1\tUSR1");
    d.signal(libc::SIGUSR1);
    d.expect(&["signal\tSIGUSR1\t{ts}\t1".to_owned(), starting("web"), up("web")]);
}

#[test]
fn another_signal_does_not() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.auto_up\tweb\t1\tUSR1");
    d.signal(libc::SIGUSR2);
    d.expect(&["signal\tSIGUSR2\t{ts}\t1"]);
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
}

#[test]
fn a_signal_that_came_before_the_trigger_counts() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.signal(libc::SIGHUP);
    d.expect(&["signal\tSIGHUP\t{ts}\t1"]);
    d.send("service.auto_up\tweb\t1\tHUP");
    d.expect(&["service.auto_up\tweb\t1\tSIGHUP".to_owned(), starting("web"), up("web")]);
}

#[test]
fn a_service_is_started_again_while_the_signal_is_pending() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.ask("service.auto_up\tweb\t1\tUSR1");
    d.signal(libc::SIGUSR1);
    d.wait_for(exited("web", 0));
    d.expect(&[starting("web"), up("web"), exited("web", 0), starting("web")]);
}

#[test]
fn a_service_is_not_started_again_once_the_signal_is_cleared() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.auto_up\tweb\t1\tUSR1");
    d.signal(libc::SIGUSR1);
    d.wait_for(up("web"));
    d.ask("signal.clear\tUSR1\t1");
    d.stop("web");
    d.answers("echo", &[] as &[&str]);
    assert!(d.dump_of("service.state\tweb")[0].contains("\tdown\t"));
}

/// Waits until so many seconds have passed on the daemon's own clock, and returns what it told
/// meanwhile: whatever was due by then has happened.
fn told_within(d: &mut Daemon, seconds: i64) -> Vec<String> {
    d.send("service.args\tclock\t/bin/true");
    d.send(&format!("service.start\tclock\t{}", monotonic() + seconds));
    d.lines_until(up("clock")).0
}

#[test]
fn a_start_that_waits_for_its_interval_is_given_up_when_the_signal_is_cleared() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.ask("service.auto_up\tweb\t2\tUSR1");
    d.signal(libc::SIGUSR1);
    d.wait_for(exited("web", 0));
    d.expect(&[starting("web")]);
    d.send("signal.clear\tUSR1\t1");
    let told = told_within(&mut d, 4);
    assert!(!told.iter().any(|l| l.starts_with("service.state\tweb\tup")), "{told:#?}");
    assert!(d.dump_of("service.state\tweb")[0].contains("\tdown\t"));
}

#[test]
fn a_shorter_interval_takes_effect_at_once_and_starts_once() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.send("service.auto_up\tweb\t3\talways");
    let first = d.wait_for(up("web"))[0];
    d.expect(&[exited("web", 0), starting("web")]);
    d.send("service.args\tweb\t/bin/sleep\t300");
    d.send("service.auto_up\tweb\t1\talways");
    let second = d.wait_for(up("web"))[0];
    assert!(second < first + 3, "started at {first}, and again at {second}");
    // When it was due before, it runs already.
    let told = told_within(&mut d, 4);
    assert!(!told.iter().any(|l| l.starts_with("service.state\tweb\t")), "{told:#?}");
}

#[test]
fn setting_it_for_a_running_service_does_not_start_it_twice() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.run("web");
    d.answers("service.auto_up\tweb\t1\talways", &["service.auto_up\tweb\t1\talways"]);
}

/// The sequence with which a controller stops a service for good.
#[test]
fn off_then_cancel_then_signal_stops_a_service_for_good() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.send("service.auto_up\tweb\t60\talways");
    d.wait_for(exited("web", 0));
    d.expect(&[starting("web")]);
    d.answers("service.auto_up\tweb\t-", &["service.auto_up\tweb\t-"]);
    d.answers("service.start\tweb\t-", &[exited("web", 0)]);
    d.refuses("service.signal\tweb\tTERM", "service is not running");
    assert!(d.dump_of("service.state\tweb")[0].contains("\tdown\t"));
}

#[test]
fn without_a_name_it_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("service.auto_up", "Expected service name");
}

#[test]
fn a_wrong_name_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_a_service_name("service.auto_up", "\t1\talways");
}

#[test]
fn an_interval_that_is_no_number_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for wrong in ["always", "1.5", "1s", "", "--1"] {
        d.refuses(&format!("service.auto_up\tweb\t{wrong}\talways"), "Expected integer");
    }
}

#[test]
fn an_interval_below_1_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for wrong in ["0", "-1"] {
        d.refuses(&format!("service.auto_up\tweb\t{wrong}\talways"), "invalid interval");
    }
}

#[test]
fn an_unknown_trigger_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.auto_up\tweb\t7\tHUP");
    for wrong in ["sometimes", "ALWAYS", "SIGNOSUCH", "0", "999", ""] {
        d.refuses(
            &format!("service.auto_up\tweb\t1\tUSR1\t{wrong}"),
            "unable to set auto_up triggers",
        );
    }
    assert_eq!(d.dump_of("service.auto_up\tweb"), ["service.auto_up\tweb\t7\tSIGHUP"]);
}
