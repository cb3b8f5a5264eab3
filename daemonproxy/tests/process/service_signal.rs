//! `service.signal NAME SIGNAL [group]` is kill(), but only ever of a service that runs.

use daemonproxy_testing::{Daemon, alive, eventually, kill, killed};

#[test]
fn every_signal_that_kills_is_known_by_name() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for name in [
        "ABRT", "ALRM", "BUS", "FPE", "HUP", "ILL", "INT", "IO", "KILL", "PIPE", "PROF", "PWR",
        "QUIT", "SEGV", "STKFLT", "SYS", "TERM", "TRAP", "USR1", "USR2", "VTALRM", "XCPU", "XFSZ",
    ] {
        d.run("web");
        d.send(&format!("service.signal\tweb\t{name}"));
        d.expect(&[killed("web", &format!("SIG{name}"))]);
    }
}

#[test]
fn signals_with_two_names_are_known_by_both() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for (name, number) in [("IOT", libc::SIGABRT), ("POLL", libc::SIGIO)] {
        let canonical = if number == libc::SIGABRT { "SIGABRT" } else { "SIGIO" };
        d.run("web");
        d.send(&format!("service.signal\tweb\t{name}"));
        d.expect(&[killed("web", canonical)]);
    }
}

#[test]
fn every_signal_that_does_not_kill_is_known_by_name() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.run("web");
    for name in ["CHLD", "CLD", "URG", "WINCH", "STOP", "TSTP", "TTIN", "TTOU", "CONT"] {
        d.answers(&format!("service.signal\tweb\t{name}"), &[] as &[&str]);
    }
}

#[test]
fn real_time_signals_are_known() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for name in ["RTMIN+1", "SIGRTMIN+2", "RTMIN+15", "RTMIN+29"] {
        d.run("web");
        d.send(&format!("service.signal\tweb\t{name}"));
        d.expect(&[killed("web", &format!("SIG{}", name.trim_start_matches("SIG")))]);
    }
    // The first has no number of its own to be told with.
    d.run("web");
    d.send("service.signal\tweb\tRTMIN+0");
    d.expect(&[killed("web", "SIGRTMIN{any}")]);
}

/// A service whose group has a second member, which ignores its parent's end.
fn run_group(d: &mut Daemon) -> (i64, i64) {
    let script = "setpgrp; if ($p = fork) { open O, '>', 'member.new'; print O $p; close O; \
                  rename 'member.new', 'member' } sleep 300";
    d.define("web", &["perl", "-e", script]);
    let leader = d.run("web");
    let path = d.path("member");
    let member = eventually("the service forks", || std::fs::read_to_string(&path).ok());
    (leader, member.parse().unwrap())
}

#[test]
fn group_reaches_the_whole_process_group() {
    let mut d = Daemon::interactive();
    let (_, member) = run_group(&mut d);
    d.send("service.signal\tweb\tTERM\tgroup");
    d.expect(&[killed("web", "SIGTERM")]);
    eventually("the member of the group ends", || (!alive(member)).then_some(()));
}

#[test]
fn without_group_only_the_service_is_reached() {
    let mut d = Daemon::interactive();
    let (_, member) = run_group(&mut d);
    d.send("service.signal\tweb\tTERM");
    d.expect(&[killed("web", "SIGTERM")]);
    assert!(alive(member));
}

/// This one has joined the group of the daemon, which must not be hit.
#[test]
fn group_of_a_service_that_leads_none_is_refused_and_spares_the_daemon() {
    let mut d = Daemon::interactive();
    let script = "setpgrp 0, getpgrp getppid; open O, '>', 'joined'; close O; sleep 300";
    d.define("web", &["perl", "-e", script]);
    let pid = d.run("web");
    let path = d.path("joined");
    eventually("it joins", || std::fs::exists(&path).unwrap().then_some(()));
    d.refuses(
        "service.signal\tweb\tUSR1\tgroup",
        &format!("can't kill web (pid {pid}): No such process"),
    );
    assert!(alive(pid));
    assert!(d.dump_of("signal").is_empty());
}

/// What is known as the service's pid must be forgotten when the service is reaped: the number may
/// belong to anybody by then.
#[test]
fn nothing_is_killed_once_the_service_was_reaped() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let pid = d.run("web");
    kill(pid, libc::SIGKILL);
    d.expect(&[killed("web", "SIGKILL")]);
    d.refuses("service.signal\tweb\tKILL\tgroup", "service is not running");
}
