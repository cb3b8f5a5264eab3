//! The event `service.state`, which tells how a service fares: how its end is described, and that
//! its times are those of the monotonic clock.

use daemonproxy_testing::{Daemon, eventually, exited, kill, killed, matches, monotonic};
use daemonproxy_testing::{starting, up};

#[test]
fn the_pid_is_that_of_the_service() {
    let mut d = Daemon::interactive();
    d.define_shell("web", "echo $$ > pid; exec sleep 300");
    let pid = d.run("web");
    let path = d.path("pid");
    let written = eventually("the pid is written", || {
        std::fs::read_to_string(&path).ok().filter(|text| text.ends_with('\n'))
    });
    assert_eq!(written.trim(), pid.to_string());
}

#[test]
fn the_exit_status_is_told() {
    let mut d = Daemon::interactive();
    for status in [0, 1, 2, 42, 128, 255] {
        d.define_shell("web", &format!("exit {status}"));
        let pid = d.run("web");
        assert_eq!(d.expect(&[exited("web", status)])[1], pid);
    }
}

#[test]
fn the_signal_that_killed_it_is_told() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for (number, name) in [
        (libc::SIGTERM, "SIGTERM"),
        (libc::SIGSEGV, "SIGSEGV"),
        (libc::SIGHUP, "SIGHUP"),
        (libc::SIGKILL, "SIGKILL"),
        (libc::SIGABRT, "SIGABRT"),
        (libc::SIGPIPE, "SIGPIPE"),
        (libc::SIGIO, "SIGIO"),
    ] {
        let pid = d.run("web");
        kill(pid, number);
        assert_eq!(d.expect(&[killed("web", name)])[1], pid);
    }
}

#[test]
fn a_stopped_service_still_runs() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let pid = d.run("web");
    kill(pid, libc::SIGSTOP);
    eventually("the service stops", || {
        (daemonproxy_testing::state(pid) == Some('T')).then_some(())
    });
    assert!(matches(&up("web"), d.dump_of("service.state\tweb")[0].as_bytes()).is_some());
    kill(pid, libc::SIGCONT);
    d.stop("web");
}

#[test]
fn times_are_of_the_monotonic_clock() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let before = monotonic();
    d.send("service.start\tweb");
    let captures = d.expect(&[starting("web"), up("web")]);
    let between = monotonic();
    d.send("service.signal\tweb\tKILL");
    let reaped = d.expect(&[killed("web", "SIGKILL")])[0];
    let after = monotonic();
    for (early, time, late) in
        [(before, captures[0], between), (before, captures[1], between), (between, reaped, after)]
    {
        assert!(early <= time && time <= late, "{early} <= {time} <= {late}");
    }
}

#[test]
fn uptime_and_downtime_grow() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.run("web");
    let grown = eventually("the uptime is not 0", || {
        let now = d.dump_of("service.state\tweb");
        matches(&up("web"), now[0].as_bytes()).filter(|captures| captures[2] > 0)
    });
    // The uptime is what passed exactly, cut to whole seconds; the moments are cut each for itself,
    // so that their difference can be one more.
    let running_for = monotonic() - grown[0];
    assert!((grown[2]..=grown[2] + 1).contains(&running_for), "{grown:?}, {running_for}");

    d.send("service.signal\tweb\tKILL");
    let end = d.expect(&[killed("web", "SIGKILL")]);
    let whole_seconds = end[0] - grown[0];
    assert!((end[2]..=end[2] + 1).contains(&whole_seconds), "uptime is to the end: {end:?}");
    assert_eq!(end[3], 0, "it is down only now: {end:?}");
    let later = eventually("the downtime is not 0", || {
        let now = d.dump_of("service.state\tweb");
        matches(&killed("web", "SIGKILL"), now[0].as_bytes()).filter(|captures| captures[3] > 0)
    });
    assert_eq!(later[..3], end[..3], "nothing else changes");
}

#[test]
fn many_that_end_at_once_are_all_told() {
    let mut d = Daemon::interactive();
    let count = 60;
    d.ask("fd.pipe\tr\tw");
    for i in 0..count {
        d.define_shell(&format!("s{i}"), "read x; exit 5");
        d.give_fds(&format!("s{i}"), &["r"]);
        d.run(&format!("s{i}"));
    }
    // End of file for all of them.
    d.send("fd.delete\tw");
    let mut ended = 0;
    while ended < count {
        d.wait_for("service.state\t{any}\tdown\t{ts}\t{pid}\texit\t5\t{secs}\t{secs}");
        ended += 1;
    }
}

#[test]
fn a_start_for_later_comes_then() {
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
