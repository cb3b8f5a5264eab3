//! `check` and a daemon with `--strict` are of one mind about what a line means after those before
//! it.

use std::process::Command;

use daemonproxy_testing::Setup;

use crate::daemon::run;

/// What begins most files: a service that runs, or only one that could.
const WEB: &str = "service.args web true;";
const RUNS: &str = "service.args web true;service.start web;";

/// What `check` says of a file, and whether a daemon accepts it. Fields are separated by spaces, and
/// lines by semicolons.
fn both(lines: &str) -> (i32, String, bool) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let file = lines.replace(' ', "\t").replace(';', "\n").replace("FOLDER", folder);
    let path = format!("{folder}/a.conf");
    // Who has accepted all of it leaves.
    let text = format!("{file}\nterminate\t7\n");
    std::fs::write(&path, &text).unwrap();
    let said = run(Command::new(env!("CARGO_BIN_EXE_dpctl")).args(["check", &path]));
    let mut daemon = Setup::new(["--strict"]).no_input().config(&text).launch().unwrap();
    let status = daemon.wait().and_then(|status| status.code());
    assert!(matches!(status, Some(2 | 7)), "{lines}: {status:?}");
    (said.status, said.out, status == Some(7))
}

/// Both refuse the last line; `check` says why.
#[track_caller]
fn refused(before: &str, lines: &str, why: &str) {
    let lines = format!("{before}{lines}");
    let last = lines.split(';').count();
    let (status, out, is_accepted) = both(&lines);
    assert!(!is_accepted, "the daemon accepts {lines}");
    assert_eq!(status, 1, "{lines}");
    assert!(out.contains(&format!("a.conf:{last}: error: {why}\n")), "{lines}: {out}");
}

#[track_caller]
fn accepted(before: &str, lines: &str) {
    let lines = format!("{before}{lines}");
    let (status, out, is_accepted) = both(&lines);
    assert!(is_accepted, "the daemon refuses {lines}");
    assert_eq!((status, out.as_str()), (0, ""), "{lines}");
}

#[test]
fn the_descriptor_of_ready_is_free() {
    let why = "ready=fd:3 needs a descriptor that the list of web leaves free: 3 is null there, \
               and 4 is free";
    let four = "service.fds web null null null null";
    refused(WEB, &format!("{four};service.options web ready=fd:3"), why);
    refused(WEB, &format!("{four};service.options.apply web ready=fd:3"), why);
    refused(WEB, &format!("service.options web ready=fd:3;{four}"), why);
    let default = why.replace("fd:3", "fd:2").replace("3 is", "2 is").replace("and 4", "and 3");
    refused(WEB, "service.options web ready=fd:2", &default);
    let pipe = why.replace("null", "web-log.w");
    refused(WEB, "service.options web ready=fd:3;service.pipe web 3 true", &pipe);
    refused(WEB, "service.pipe web 3 true;service.options web ready=fd:3", &pipe);
    accepted(WEB, "service.fds web null null null -;service.options web ready=fd:3");
    accepted(WEB, &format!("service.options web ready=fd:3;service.options web;{four}"));
    accepted(WEB, &format!("{four};service.fds web;service.options web ready=fd:3"));
}

#[test]
fn one_service_is_the_main_one() {
    let why = "web is the main service already, by line 2";
    refused(WEB, "service.options web main;service.options b main", why);
    refused(WEB, "service.options web main;service.options.apply b main", why);
    accepted(
        WEB,
        "service.options web main;service.options.apply web -main;service.options b main",
    );
    accepted(WEB, "service.options web main;service.delete web;service.options b main");
}

#[test]
fn there_is_a_service_of_that_name() {
    for command in ["stop", "restart", "release", "reload", "ready", "deadman"] {
        refused("", &format!("service.{command} web"), "there is no service web yet");
    }
    accepted("", "service.env web A=1;service.stop web;service.options b nice=1;service.release b");
}

#[test]
fn a_service_runs_or_does_not() {
    let down = "the service web does not run yet";
    for command in ["signal web TERM", "reload web", "ready web", "deadman web"] {
        refused(WEB, &format!("service.{command}"), down);
    }
    refused(WEB, "service.stop web;service.auto_up web 1 always;service.signal web TERM", down);
    let why = "the service web runs already: line 2 has started it";
    refused(RUNS, "service.start web", why);
    refused(WEB, "service.auto_up web 1 always;service.start web", why);
    refused(WEB, "service.auto_up web 1 once;service.start web", why);
    let why = why.replace("web", "web-log");
    refused(WEB, "service.pipe web 1 true;service.start web-log", &why);
    let why = "the service web runs, since line 2, and cannot be deleted yet";
    refused(RUNS, "service.delete web", why);
    let why = "the service web is being stopped, and cannot be deleted yet";
    refused(RUNS, "service.stop web;service.delete web", why);
    let why = "the service web is started before it has any args";
    refused("", "service.tags web x;service.restart web", why);
    let why = "no start of the service web is pending here";
    refused(WEB, "service.start web -", why);
    refused(RUNS, "service.start web -", why);
    accepted(RUNS, "service.stop web;service.start web;service.start web;service.reload web");
    accepted(WEB, "service.start web 999999999;service.start web -;service.delete web");
    accepted(WEB, "service.restart web;service.signal web TERM;service.restart web");
    accepted(WEB, "service.auto_up web 1 up:b;service.delete web");
    let released = "service.stop web;service.auto_up web 1 always;service.release web";
    accepted(WEB, &format!("{released};service.signal web TERM"));
}

#[test]
fn a_service_waits_for_what_is_said_of_it() {
    let why = "the service web was started without ready=control, by line 2";
    refused(RUNS, "service.ready web", why);
    refused(RUNS, "service.options web ready=control;service.ready web", why);
    accepted(WEB, "service.options web ready=control;service.start web;service.ready web");
    let why = "the service web does not have the option deadman=";
    refused(RUNS, "service.deadman web", why);
    accepted(RUNS, "service.options web deadman=9;service.deadman web");
}

#[test]
fn descriptors_of_the_daemon_stay_as_they_are() {
    let why = "the descriptor null is the daemon's own, and stays as it is";
    refused("", "fd.pipe a null", why);
    refused("", "fd.open null write /dev/null", why);
    refused("", "fd.delete null", why);
    let dash = "- stands for no descriptor, and cannot be the name of one";
    refused("", "fd.open - write /dev/null", dash);
    refused("", "fd.delete stdin;fd.delete stdin", "there is no descriptor stdin yet");
    let why = "a config file cannot get a descriptor; a controller can, over a socket";
    refused("", "fd.give stdin", why);
    accepted("", "fd.pipe stdin a;fd.delete stdout");
}

#[test]
fn what_is_about_the_daemon_itself() {
    let guard = "terminate.guard + 5;";
    refused(guard, "terminate.guard + 6", "the guard is on since line 1");
    refused(guard, "terminate.guard - 6", "the guard has another code, on line 1");
    let why = "the guard is on since line 1: its code is missing here";
    refused(guard, "terminate.shutdown", why);
    accepted(guard, "terminate.guard - 5");
    let socket = "socket.create name=a FOLDER/a;";
    let why = "there is a control socket a already, of line 1";
    refused(socket, "socket.create name=a FOLDER/b", why);
    refused("", "socket.delete a", "there is no control socket a yet");
    accepted(socket, "socket.delete a;socket.delete;socket.create name=a FOLDER/a;socket.delete a");
    let kill = "SIGKILL cannot do this: the daemon does not wait for it";
    refused("", "signal.default KILL event", kill);
    accepted("", "signal.default WINCH forward;signal.default USR1 event");
    refused("", "upgrade", "a config file cannot ask for an upgrade");
    let why = "the conn.restrict of line 2 has taken the right to do this";
    refused(WEB, "conn.restrict operate;service.args web x", why);
}
