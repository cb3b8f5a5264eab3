//! `--main PROGRAM ARG…`: a daemon that is there for one service, as in a container.

use std::fs::{self, File};

use daemonproxy_testing::{Daemon, Setup, children, eventually, kill};

use crate::helpers::{exists, nobody_is_left};
use crate::signals::unshare;

/// Writes down which signals it gets; TERM ends it with a status of its own.
const NOTING: &str = "for s in HUP INT QUIT USR1 USR2 WINCH; do trap \"echo $s >> got\" $s; done; \
                      trap 'echo TERM >> got; exit 5' TERM; echo > ready; \
                      while :; do sleep 0.01; done";

/// A daemon with this main service, which is a script.
fn main_service(setup: Setup, script: &str) -> Setup {
    setup.args(["--main", "/bin/sh", "-c", script])
}

/// The same as process 1, and its pid as seen from here.
fn contained(setup: Setup, script: &str) -> Option<(Daemon, i64)> {
    let way = unshare()?;
    let d = main_service(setup.no_input(), script).wrapped_in(way).spawn();
    let pid = eventually("it is there", || children(d.pid()).first().copied());
    Some((d, pid))
}

/// These are the signals that it has written down.
fn has_got(d: &Daemon, names: &str) {
    let path = d.path("got");
    eventually(names, || fs::read_to_string(&path).is_ok_and(|got| got == names).then_some(()));
}

#[test]
fn its_status_is_that_of_the_daemon() {
    for (script, status) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("kill $$", 143)] {
        let mut d = main_service(Setup::default().no_input(), script).spawn();
        d.exits_with(status);
    }
}

#[test]
fn its_descriptors_are_those_of_the_daemon() {
    let setup = Setup::default().file("in", "a line\n");
    let input = File::open(setup.path("in")).unwrap();
    let output = File::create(setup.path("out")).unwrap();
    let setup = setup.std(0, input.into()).std(1, output.into());
    let mut d = main_service(setup, "read line; echo \"$line\"; echo 'an error' >&2").spawn();
    d.exits_with(0);
    assert_eq!(d.read("out"), "a line\n");
    assert!(d.log.wait_for_end().iter().any(|line| line == "an error"));
}

/// Even those that look like options, and those that no field of a line could hold.
#[test]
fn everything_after_it_is_its_own() {
    let script = "for arg; do printf '<%s>' \"$arg\" >> got; done";
    let setup = main_service(Setup::default().no_input(), script);
    let mut d = setup.args(["sh", "-v", "--help", "--", "a\tb\nc", "50%25", ""]).spawn();
    d.exits_with(0);
    assert_eq!(d.read("got"), "<-v><--help><--><a\tb\nc><50%25><>");
}

#[test]
fn a_program_that_is_not_there_is_the_end() {
    let mut d = Setup::new(["--main", "/there/is/none"]).no_input().spawn();
    d.exits_with(127);
    d.log.wait_for("cannot execute \"/there/is/none\"");
}

#[test]
fn a_config_file_may_say_when_it_starts_again() {
    let config = "service.auto_up\tmain\t1\tonce\tfailure\n\
                  service.options.apply\tmain\tgiveup=2/60\n";
    let setup = Setup::default().no_input().config(config);
    let mut d = main_service(setup, "echo >> ran; exit 3").spawn();
    d.exits_with(3);
    assert_eq!(d.read("ran"), "\n\n");
    d.log.wait_for("service 'main' is given up");
}

#[test]
fn a_config_file_that_has_another_main_service_is_refused() {
    let config = "service.options\tother\tmain\n";
    let mut d = main_service(Setup::default().no_input().config(config), "exit 3").spawn();
    d.exits_with(1);
    d.log.wait_for("another service is the main one");
}

#[test]
fn what_is_not_an_option_is_told() {
    for (args, text, status) in [
        (&["--main"][..], "missing argument for option '--main'", 2),
        (&["--main", ""], "its name is empty", 1),
        (&["--shutdown-times", "1,x", "-i"], "--shutdown-times needs", 2),
        (&["--shutdown-times", "1,2,3,4", "-i"], "--shutdown-times needs", 2),
        (&["--shutdown-times", "-1", "-i"], "--shutdown-times needs", 2),
        (&["--on-signal", "WINCH=shutdown", "-i"], "--on-signal needs", 2),
    ] {
        let mut d = Setup::new(args).no_input().spawn();
        d.log.wait_for(text);
        d.exits_with(status);
    }
}

/// As a system manager or a person stops a container.
#[test]
fn as_process_1_it_is_told_to_end_and_its_status_counts() {
    for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGQUIT] {
        let Some((mut d, pid)) = contained(Setup::default(), NOTING) else { return };
        exists(&d, "ready");
        kill(pid, signal);
        d.exits_with(5);
        assert_eq!(d.read("got"), "TERM\n", "signal {signal}");
    }
}

#[test]
fn as_process_1_other_signals_are_forwarded() {
    let Some((mut d, pid)) = contained(Setup::default(), NOTING) else { return };
    exists(&d, "ready");
    let mut expected = String::new();
    for (signal, name) in [
        (libc::SIGHUP, "HUP"),
        (libc::SIGUSR1, "USR1"),
        (libc::SIGUSR2, "USR2"),
        (libc::SIGWINCH, "WINCH"),
        (libc::SIGHUP, "HUP"),
    ] {
        kill(pid, signal);
        expected += &format!("{name}\n");
        has_got(&d, &expected);
    }
    kill(pid, libc::SIGTERM);
    d.exits_with(5);
}

#[test]
fn the_command_line_may_say_otherwise() {
    let setup = Setup::new(["--on-signal", "HUP=shutdown", "--on-signal", "INT=forward"]);
    let Some((mut d, pid)) = contained(setup, NOTING) else { return };
    exists(&d, "ready");
    kill(pid, libc::SIGINT);
    has_got(&d, "INT\n");
    kill(pid, libc::SIGHUP);
    d.exits_with(5);
    assert_eq!(d.read("got"), "INT\nTERM\n");
}

#[test]
fn as_process_1_it_reaps_what_others_leave_behind() {
    // They are children of a shell that has gone.
    let script = "sh -c 'for i in 1 2 3 4 5; do sleep 0.05 & done'; echo > ready; \
                  while [ ! -e go ]; do sleep 0.01; done; exit 4";
    let Some((mut d, pid)) = contained(Setup::default(), script) else { return };
    exists(&d, "ready");
    let is_zombie = |pid: &i64| daemonproxy_testing::state(*pid) == Some('Z');
    eventually("no zombie is left", || {
        let children = children(pid);
        (children.len() == 1 && !children.iter().any(is_zombie)).then_some(())
    });
    fs::write(d.path("go"), "").unwrap();
    d.exits_with(4);
}

#[test]
fn other_services_are_stopped_when_it_has_ended() {
    let helper = "trap 'echo helper >> order; exit 0' TERM; echo > helping; \
                  while :; do sleep 0.01; done";
    let config = format!(
        "service.args\thelper\t/bin/sh\t-c\t{helper}\nservice.auto_up\thelper\t1\talways\n"
    );
    let script = "while [ ! -e helping ]; do sleep 0.01; done; echo main >> order; exit 6";
    let Some((mut d, _)) = contained(Setup::default().config(config), script) else { return };
    d.exits_with(6);
    assert_eq!(d.read("order"), "main\nhelper\n");
}

#[test]
fn how_long_that_takes_is_said_by_the_command_line() {
    let script = "trap '' TERM; echo > ready; while :; do sleep 0.01; done";
    let setup = Setup::new(["--shutdown-times", "0,5"]);
    let mut d = main_service(setup.no_input(), script).spawn();
    exists(&d, "ready");
    d.signal(libc::SIGTERM);
    // What had to be killed is told, and not how it has ended.
    d.exits_with(10);
    nobody_is_left(&d);
}

#[test]
fn a_guard_that_was_asked_for_stays() {
    let setup = Setup::new(["--exit-guard", "5"]);
    let Some((d, pid)) = contained(setup, "exit 3") else { return };
    d.log.wait_for("main service 'main' has ended, but the terminate guard is on");
    kill(pid, libc::SIGTERM);
    d.log.wait_for("a signal asks for the end, but the terminate guard is on");
}
