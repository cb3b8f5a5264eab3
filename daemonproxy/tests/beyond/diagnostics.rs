//! What a person is told who made a mistake in a config file, and how the daemon ends over it with
//! `--strict`; what the log tells of a run, of commands, of events, and when.

use daemonproxy_testing::{Setup, alive, exited, killed};

/// One mistake after the other.
const ALL_WRONG: &str = "service.args web httpd\n\
    # a comment\n\
    service.start\tweb\r\n\
    service.start\t\u{a0}web\n\
    \u{feff}echo\tx\n\
    service.fds\tweb\tnull\ta/b\n";

#[test]
fn errors_in_a_config_file_have_their_place_and_a_hint() {
    let d = Setup::interactive().config(ALL_WRONG).start();
    d.log.wait_for("invalid fd name");
    let log = d.log.lines().join("\n");
    let path = d.path("config");
    for expected in [
        format!(
            "error: {path}:1: Unknown command: service.args web httpd\n\
             error:   there are spaces where TABs belong: write service.args<TAB>web<TAB>httpd\n"
        ),
        format!(
            "error: {path}:3: Invalid service name\n\
             error:   in the command: service.start web\\r\n\
             error:   the line ends in CR LF; LF alone ends a line\n"
        ),
        format!("error: {path}:4: Invalid service name\n"),
        "error:   there is a no-break space (U+00A0) in column 15\n".to_owned(),
        format!(
            "error: {path}:5: Unknown command: \u{feff}echo\n\
             error:   there is a byte order mark (U+FEFF) in column 1\n"
        ),
        format!("error: {path}:6: invalid fd name"),
    ] {
        assert!(log.contains(&expected), "{expected}\n{log}");
    }
}

#[test]
fn a_line_of_standard_input_has_its_place_too() {
    let mut d = Setup::new(["-c", "-", "-S", "control"]).spawn();
    d.send("service.args\tweb\tsleep\t1000");
    d.send("nonsense");
    d.log.wait_for("error: stdin:2: Unknown command: nonsense");
}

#[test]
fn a_file_with_errors_is_no_end_unless_it_is_said() {
    let mut d = Setup::interactive().config(ALL_WRONG).start();
    d.still_answers();
}

#[test]
fn strict_ends_with_status_2_and_tells_all_errors() {
    let mut d = Setup::new(["--strict"]).no_input().config(ALL_WRONG).spawn();
    d.exits_with(2);
    let log = d.log.wait_for_end();
    for line in [1, 3, 4, 5, 6] {
        let place = format!("error: {}:{line}: ", d.path("config"));
        assert!(log.iter().any(|it| it.starts_with(&place)), "{place}: {log:#?}");
    }
    assert!(log.contains(&"fatal: the configuration has errors (--strict)".to_owned()), "{log:#?}");
}

/// What was started before is stopped, and what comes after the first error is not carried out.
#[test]
fn strict_leaves_nothing_running() {
    let config = "service.args\tweb\tsh\t-c\techo $$ > web.pid; exec sleep 1000\n\
        service.start\tweb\n\
        nonsense\n\
        service.args\tlate\tsh\t-c\ttouch late\n\
        service.start\tlate\n";
    let mut d = Setup::new(["--strict"]).no_input().config(config).spawn();
    d.exits_with(2);
    assert!(!std::path::Path::new(&d.path("late")).exists());
    // It may have been stopped before it came so far.
    if let Ok(pid) = std::fs::read_to_string(d.path("web.pid")) {
        assert!(!alive(pid.trim().parse().unwrap_or(0)));
    }
}

#[test]
fn strict_has_nothing_against_a_good_file() {
    let config = "# fine\nservice.args\tweb\tsleep\t1000\nservice.fds\tweb\tnull\tnot-yet\n";
    let mut d = Setup::interactive().args(["--strict"]).config(config).start();
    d.ask("nonsense");
    d.still_answers();
}

#[test]
fn strict_holds_for_standard_input_at_its_end() {
    let mut d = Setup::new(["--strict", "-c", "-"]).spawn();
    d.send("nonsense");
    d.close_input();
    d.exits_with(2);
}

#[test]
fn strict_ends_in_the_program_of_exit_exec() {
    let exec = "/bin/sh\t-c\techo $DAEMONPROXY_EXITCODE:$DAEMONPROXY_ERROR > found; exit 9";
    let setup = Setup::new(["-E", exec, "--strict", "--exit-guard", "5"]).no_input();
    let mut d = setup.config(ALL_WRONG).spawn();
    d.exits_with(9);
    assert_eq!(d.read("found"), "2:the configuration has errors (--strict)\n");
}

#[test]
fn how_a_service_ended_is_in_the_log() {
    let mut d = Setup::interactive().start();
    d.define_shell("web", "exit 3");
    let pid = d.run("web");
    d.wait_for(exited("web", 3));
    d.log.wait_for(&format!("info: service 'web' has ended, pid {pid}: exit 3"));
    // By its own hand: anybody else's may come before its program is executed.
    d.define_shell("db", "kill -KILL $$");
    let pid = d.run("db");
    d.wait_for(killed("db", "SIGKILL"));
    d.log.wait_for(&format!("info: service 'db' has ended, pid {pid}: signal SIGKILL"));
}

#[test]
fn commands_of_a_service_and_of_a_file_are_told_apart() {
    let config = "service.args\tboss\tsh\t-c\tprintf 'service.tags\\tboss\\tx\\n'; exec sleep 1000\n\
        service.fds\tboss\tcontrol.event\tcontrol.cmd\n\
        service.start\tboss\n";
    let d = Setup::interactive().args(["-v"]).config(config).start();
    d.log.wait_for("debug: command of service boss: service.tags\tboss\tx");
    d.log.wait_for("debug: event to all: service.tags\tboss\tx");
    d.log.wait_for(&format!("debug: command of {}:3: service.start\tboss", d.path("config")));
}

#[test]
fn a_moment_stands_in_front_when_it_is_asked_for() {
    let mut d = Setup::interactive().args(["--log-time"]).start();
    let before = nix::time::clock_gettime(nix::time::ClockId::CLOCK_MONOTONIC).unwrap();
    d.ask("nonsense");
    let line = d.log.wait_for("nonsense");
    let (moment, text) = line.split_once(' ').unwrap();
    assert_eq!(text, "error: Unknown command: nonsense");
    let (seconds, micros) = moment.split_once('.').unwrap();
    assert!(seconds.parse::<i64>().unwrap() - before.tv_sec() <= 60, "{line}");
    assert!(seconds.parse::<i64>().unwrap() >= before.tv_sec(), "{line}");
    assert!(micros.len() == 6 && micros.bytes().all(|byte| byte.is_ascii_digit()), "{line}");
}
