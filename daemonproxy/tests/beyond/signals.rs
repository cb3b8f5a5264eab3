//! What a signal does when nobody listens: `--on-signal`, and `signal.default`.

use std::fs::File;
use std::io::Write;
use std::os::fd::{FromRawFd, OwnedFd};
use std::process::Command;

use daemonproxy_testing::{Daemon, Setup, alive, children, eventually, kill, killed, lines};

use crate::helpers::{exists, nobody_is_left};

/// Notes SIGINT and SIGTERM in the file `got`; ends at SIGTERM.
const NOTING: &str = "trap 'echo INT >> got' INT; trap 'echo QUIT >> got' QUIT; \
                      trap 'echo TERM >> got; exit 0' TERM; echo > ready; \
                      while :; do sleep 0.01; done";

/// A daemon with a config file that starts one service, and no controller.
fn alone(options: &[&str]) -> Daemon {
    let d = alone_setup(options).spawn();
    exists(&d, "ready");
    d
}

fn alone_setup(options: &[&str]) -> Setup {
    Setup::new(options).no_input().config(lines(&[
        &format!("service.args\tweb\t/bin/sh\t-c\t{NOTING}"),
        "service.auto_up\tweb\t1\talways",
    ]))
}

/// It does not leave because of this signal: a controller that comes afterwards finds it counted,
/// and the service running.
#[track_caller]
fn only_counts(d: &Daemon, number: i32, name: &str) {
    let counted = |count: usize| {
        let mut conn = d.connect();
        eventually("the signal is counted", || {
            let dump = conn.dump_of(&format!("signal\t{name}"));
            dump.iter().any(|l| l.ends_with(&format!("\t{count}"))).then_some(())
        });
        conn.send("exit");
        conn.lines_to_end();
    };
    d.signal(number);
    counted(1);
    d.signal(number);
    counted(2);
}

#[test]
fn a_plain_config_file_ends_cleanly() {
    for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGQUIT] {
        let mut d = alone(&[]);
        d.signal(signal);
        d.exits_with(0);
        assert_eq!(d.read("got"), "TERM\n", "signal {signal}");
        d.log.wait_for("shutting down");
        nobody_is_left(&d);
    }
}

#[test]
fn with_a_socket_that_nobody_is_connected_to_as_well() {
    let mut d = {
        let d = alone_setup(&[]).socket().spawn();
        exists(&d, "ready");
        d
    };
    let mut conn = d.connect();
    conn.send("exit");
    conn.expect_end();
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}

#[test]
fn the_other_signals_are_only_counted() {
    let d = alone_setup(&[]).socket().spawn();
    exists(&d, "ready");
    for (number, name) in
        [(libc::SIGHUP, "SIGHUP"), (libc::SIGUSR1, "SIGUSR1"), (libc::SIGUSR2, "SIGUSR2")]
    {
        only_counts(&d, number, name);
    }
    assert!(!std::path::Path::new(&d.path("got")).exists());
}

/// While the config file is still coming, from a pipe, there is no one to read events either.
#[test]
fn while_the_config_is_read_from_standard_input() {
    let mut d = Setup::new(["-c", "-"]).spawn();
    d.send(&format!("service.args\tweb\t/bin/sh\t-c\t{NOTING}"));
    d.send("service.start\tweb");
    exists(&d, "ready");
    d.signal(libc::SIGTERM);
    d.exits_with(0);
    assert_eq!(d.read("got"), "TERM\n");
}

#[test]
fn a_controller_that_reads_is_only_told() {
    let mut d = Daemon::interactive();
    for (number, name) in
        [(libc::SIGTERM, "SIGTERM"), (libc::SIGINT, "SIGINT"), (libc::SIGQUIT, "SIGQUIT")]
    {
        d.signal(number);
        d.expect(&[format!("signal\t{name}\t{{ts}}\t1")]);
    }
    d.still_answers();
}

#[test]
fn a_service_that_reads_events_is_only_told() {
    let mut d = alone_setup(&[]).socket().spawn();
    exists(&d, "ready");
    let mut conn = d.connect();
    conn.open_output("seen");
    conn.define("controller", &["/bin/cat"]);
    conn.give_fds("controller", &["control.event", "seen", "stderr"]);
    conn.run("controller");
    conn.send("exit");
    conn.lines_to_end();
    d.signal(libc::SIGTERM);
    let path = d.path("seen");
    eventually("the controller is told", || {
        std::fs::read_to_string(&path).ok().filter(|text| text.contains("signal\tSIGTERM"))
    });
    // It has not cleared it, and when nobody is left who could, the signal is for the daemon.
    let mut conn = d.connect();
    conn.stop("controller");
    conn.send("exit");
    conn.lines_to_end();
    d.exits_with(0);
}

/// It sends commands and hears nothing, so it cannot be told.
#[test]
fn a_service_that_only_sends_commands_is_no_reader() {
    let mut d = Setup::default()
        .no_input()
        .config(lines(&[
            "service.args\tctl\t/bin/sh\t-c\techo > ready; exec sleep 300",
            "service.fds\tctl\tnull\tcontrol.cmd\tstderr",
            "service.start\tctl",
        ]))
        .spawn();
    exists(&d, "ready");
    d.signal(libc::SIGTERM);
    d.exits_with(0);
    nobody_is_left(&d);
}

#[test]
fn with_a_trigger_the_service_starts_instead() {
    let mut d = Setup::default()
        .no_input()
        .config(lines(&[
            "service.args\thandler\t/bin/sh\t-c\techo > handled; exec sleep 300",
            "service.auto_up\thandler\t1\tSIGTERM",
            "service.args\tweb\t/bin/sh\t-c\techo > ready; exec sleep 300",
            "service.start\tweb",
        ]))
        .spawn();
    exists(&d, "ready");
    d.signal(libc::SIGTERM);
    exists(&d, "handled");
    // Other signals still mean what they mean.
    d.signal(libc::SIGINT);
    d.exits_with(0);
}

#[test]
fn an_option_for_each_signal_and_action() {
    let mut d = alone(&["--on-signal", "HUP=terminate"]);
    d.signal(libc::SIGHUP);
    d.exits_with(0);
    assert!(!std::path::Path::new(&d.path("got")).exists(), "the service is left alone");

    let mut d = alone(&["--on-signal=SIGUSR2=shutdown"]);
    d.signal(libc::SIGUSR2);
    d.exits_with(0);
    assert_eq!(d.read("got"), "TERM\n");

    let setup = alone_setup(&["--on-signal", "TERM=event", "--on-signal", "15=event"]).socket();
    let d = setup.spawn();
    exists(&d, "ready");
    only_counts(&d, libc::SIGTERM, "SIGTERM");
}

#[test]
fn the_last_option_counts() {
    let mut d = alone(&["--on-signal", "HUP=event", "--on-signal", "HUP=shutdown"]);
    d.signal(libc::SIGHUP);
    d.exits_with(0);
}

#[test]
fn a_wrong_option_is_explained() {
    for wrong in [
        "",
        "TERM",
        "TERM=",
        "=shutdown",
        "TERM=explode",
        "term=shutdown",
        "KILL=shutdown",
        "CHLD=event",
        "TERM=Shutdown",
        "0=event",
        "99=event",
        "TERM = event",
        "TERM=event,INT=event",
    ] {
        let mut d = Setup::new(["-i", "--on-signal", wrong]).spawn();
        d.exits_with(2);
        let log = d.log.wait_for_end();
        assert!(log[0].contains("--on-signal"), "{wrong:?}: {log:?}");
        assert!(log[0].contains(&format!("\"{wrong}\"")), "{wrong:?}: {log:?}");
        for word in ["event", "shutdown", "terminate"] {
            assert!(log[0].contains(word), "{wrong:?}: {log:?}");
        }
    }
    let mut d = Setup::new(["-i", "--on-signal"]).spawn();
    d.exits_with(2);
    assert!(d.log.wait_for_end()[0].contains("--on-signal"));
}

#[test]
fn the_command_changes_it_at_run_time_and_back() {
    let d = alone_setup(&[]).socket().spawn();
    exists(&d, "ready");
    let say = |command: &str| {
        let mut conn = d.connect();
        conn.answers(command, &[] as &[&str]);
        conn.send("exit");
        conn.expect_end();
    };
    say("signal.default\tTERM\tevent");
    only_counts(&d, libc::SIGTERM, "SIGTERM");
    say("signal.default\tSIGHUP\tshutdown");
    say("signal.default\t1\tevent");
    only_counts(&d, libc::SIGHUP, "SIGHUP");
    say("signal.default\tTERM\tshutdown");
    d.signal(libc::SIGTERM);
    let mut d = d;
    d.exits_with(0);
    assert_eq!(d.read("got"), "TERM\n");
}

#[test]
fn terminate_leaves_the_services_alone() {
    let mut d = alone_setup(&[]).socket().spawn();
    exists(&d, "ready");
    let mut conn = d.connect();
    let dump = conn.dump_of("service.state\tweb");
    let web: i64 = dump[0].split('\t').nth(4).unwrap().parse().unwrap();
    conn.answers("signal.default\tUSR1\tterminate", &[] as &[&str]);
    conn.send("exit");
    conn.expect_end();
    d.signal(libc::SIGUSR1);
    d.exits_with(0);
    assert!(alive(web));
    d.log.wait_for(&format!("service 'web' running as pid {web}"));
}

/// A second one has no patience with what does not listen to the first.
#[test]
fn a_second_signal_kills() {
    let script = "trap 'echo TERM >> got' TERM; echo > ready; while :; do sleep 0.01; done";
    let mut d = Setup::default()
        .no_input()
        .config(lines(&[
            &format!("service.args\tweb\t/bin/sh\t-c\t{script}"),
            "service.start\tweb",
        ]))
        .spawn();
    exists(&d, "ready");
    d.signal(libc::SIGINT);
    exists(&d, "got");
    d.signal(libc::SIGTERM);
    d.exits_with(10);
    assert_eq!(d.read("got"), "TERM\n");
}

#[test]
fn the_guard_holds_against_signals() {
    let d = alone_setup(&["--exit-guard", "5"]).socket().spawn();
    exists(&d, "ready");
    only_counts(&d, libc::SIGTERM, "SIGTERM");
    d.log.wait_for("guard");
    assert!(!std::path::Path::new(&d.path("got")).exists());
}

#[test]
fn exit_exec_is_obeyed() {
    let rescue = "/bin/sh\t-c\techo \"$DAEMONPROXY_EXITCODE:$DAEMONPROXY_ERROR\" > found; exit 99";
    for (option, reason) in [("TERM=shutdown", "shutdown"), ("TERM=terminate", "signal")] {
        let mut d = alone(&["-E", rescue, "--on-signal", option]);
        d.signal(libc::SIGTERM);
        d.exits_with(99);
        let found = d.read("found");
        assert!(found.starts_with("0:") && found.contains(reason), "{found}");
    }
}

// A terminal

/// A pair of terminal ends: ours, and the one that a program sees.
fn terminal() -> (File, OwnedFd) {
    let (mut ours, mut theirs) = (-1, -1);
    let null = std::ptr::null_mut();
    // SAFETY: two descriptors are written; the rest is allowed to be null (openpty(3)).
    unsafe {
        assert_eq!(
            libc::openpty(&raw mut ours, &raw mut theirs, null, null.cast(), null.cast()),
            0
        );
        (File::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs))
    }
}

/// A daemon in the foreground of a terminal, as a shell starts it.
fn in_a_terminal(options: &[&str]) -> (Daemon, File) {
    let (ours, theirs) = terminal();
    let d = alone_setup(options)
        .std(0, theirs.try_clone().unwrap())
        .std(1, theirs.try_clone().unwrap())
        .std(2, theirs)
        .before_exec(|| {
            // SAFETY: makes the terminal ours; the harness has made us lead a session.
            unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) };
            Ok(())
        })
        .spawn();
    exists(&d, "ready");
    (d, ours)
}

#[test]
fn control_c_in_a_terminal_ends_it_and_is_not_for_the_services() {
    let (mut d, mut terminal) = in_a_terminal(&[]);
    terminal.write_all(b"\x03").unwrap();
    d.exits_with(0);
    assert_eq!(d.read("got"), "TERM\n");
}

#[test]
fn control_backslash_in_a_terminal_does_too() {
    let (mut d, mut terminal) = in_a_terminal(&[]);
    terminal.write_all(b"\x1c").unwrap();
    d.exits_with(0);
    assert_eq!(d.read("got"), "TERM\n");
}

/// The terminal is closed: SIGHUP, which is an event unless somebody says otherwise.
#[test]
fn a_terminal_that_is_closed_may_end_it() {
    let (mut d, terminal) = in_a_terminal(&["--on-signal", "HUP=shutdown"]);
    drop(terminal);
    d.exits_with(0);
    assert_eq!(d.read("got"), "TERM\n");
}

// Process 1

/// How to become process 1; `None`, with a word why, where the kernel does not allow it.
pub(crate) fn unshare() -> Option<&'static [&'static str]> {
    const AS_ROOT: &[&str] = &["unshare", "--pid", "--fork", "--mount-proc"];
    const AS_USER: &[&str] =
        &["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"];
    let way = [AS_ROOT, AS_USER].into_iter().find(|way| {
        let tried = Command::new(way[0]).args(&way[1..]).arg("true").output();
        tried.is_ok_and(|output| output.status.success())
    });
    if way.is_none() {
        println!("skipped: this kernel does not let us have a pid namespace");
    }
    way
}

/// As a container is stopped.
#[test]
fn as_process_1_it_ends_when_told_so_on_the_command_line() {
    let Some(way) = unshare() else { return };
    let mut d = alone_setup(&["--on-signal", "SIGTERM=shutdown"]).wrapped_in(way).spawn();
    exists(&d, "ready");
    kill(children(d.pid())[0], libc::SIGTERM);
    d.exits_with(0);
    assert_eq!(d.read("got"), "TERM\n");
}

/// The command says the same as the option.
#[test]
fn as_process_1_it_ends_when_told_so_in_the_config_file() {
    let Some(way) = unshare() else { return };
    let setup = Setup::new([""; 0]).no_input().config(lines(&[
        &format!("service.args\tweb\t/bin/sh\t-c\t{NOTING}"),
        "service.auto_up\tweb\t1\talways",
        "signal.default\tTERM\tshutdown",
    ]));
    let mut d = setup.wrapped_in(way).spawn();
    exists(&d, "ready");
    d.log.wait_for(
        "info: a signal may end the daemon: the terminate guard, on by itself, is turned off",
    );
    kill(children(d.pid())[0], libc::SIGTERM);
    d.exits_with(0);
    assert_eq!(d.read("got"), "TERM\n");
}

#[test]
fn a_guard_that_was_asked_for_is_told_of_at_once() {
    let d = alone_setup(&["--on-signal", "HUP=shutdown", "--exit-guard", "7"]).spawn();
    d.log.wait_for("warning: the terminate guard is on, so SIGHUP does not end the daemon");
}

#[test]
fn as_process_1_nothing_happens_without_it() {
    let Some(way) = unshare() else { return };
    let d = alone_setup(&[]).socket().wrapped_in(way).spawn();
    exists(&d, "ready");
    let pid = children(d.pid())[0];
    let six =
        [libc::SIGTERM, libc::SIGINT, libc::SIGQUIT, libc::SIGHUP, libc::SIGUSR1, libc::SIGUSR2];
    six.into_iter().for_each(|number| kill(pid, number));
    let mut conn = d.connect();
    eventually("all six are counted", || (conn.dump_of("signal").len() == 6).then_some(()));
    assert!(!std::path::Path::new(&d.path("got")).exists());
}

/// An exit guard on the command line holds, wherever it is.
#[test]
fn as_process_1_a_guard_that_was_asked_for_holds() {
    let Some(way) = unshare() else { return };
    for options in [
        ["--on-signal", "TERM=shutdown", "--exit-guard", "7"],
        ["--exit-guard", "7", "--on-signal", "TERM=shutdown"],
    ] {
        let d = alone_setup(&options).socket().wrapped_in(way).spawn();
        exists(&d, "ready");
        kill(children(d.pid())[0], libc::SIGTERM);
        d.log.wait_for("guard");
        d.connect().refuses("terminate\t0", "terminate guard code required");
    }
}

#[test]
fn a_service_in_a_group_of_its_own_is_not_hit_by_a_signal_to_the_group_of_the_daemon() {
    let mut d = alone(&[]);
    let pid = i32::try_from(d.pid()).unwrap();
    // SAFETY: a signal to a process group.
    assert_eq!(unsafe { libc::kill(-pid, libc::SIGINT) }, 0);
    d.exits_with(0);
    assert_eq!(d.read("got"), "TERM\n");
}

/// Who is being shut down by a signal tells those who connect meanwhile how far it has come.
#[test]
fn progress_is_told_to_who_connects_meanwhile() {
    let script = "trap '' TERM; echo > ready; while :; do sleep 0.01; done";
    let mut d = Setup::default()
        .no_input()
        .socket()
        .config(lines(&[
            &format!("service.args\tweb\t/bin/sh\t-c\t{script}"),
            "service.start\tweb",
        ]))
        .spawn();
    exists(&d, "ready");
    d.signal(libc::SIGTERM);
    d.log.wait_for("shutting down");
    let mut conn = d.connect();
    conn.send("terminate.shutdown\t0");
    conn.wait_for(killed("web", "SIGKILL"));
    conn.wait_for("terminate.state\tflushing\t0");
    d.exits_with(10);
}
