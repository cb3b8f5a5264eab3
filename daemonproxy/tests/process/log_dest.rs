//! `log.dest fd NAME` sends the log to a named descriptor, and waits for it where it is missing.

use daemonproxy_testing::{Daemon, eventually};

const NOTHING: &[&str] = &[];

/// Logs an error that names `marker`.
fn provoke(d: &mut Daemon, marker: &str) {
    d.ask(&format!("service.delete\t{marker}"));
}

#[track_caller]
fn wait_for(d: &Daemon, file: &str, text: &str) -> String {
    let path = d.path(file);
    eventually(&format!("{text} in {file}"), || {
        std::fs::read_to_string(&path).ok().filter(|content| content.contains(text))
    })
}

#[test]
fn lines_have_the_same_form() {
    let mut d = Daemon::interactive();
    d.open_output("log");
    d.ask("log.dest\tfd\tlog");
    provoke(&mut d, "marker");
    let log = wait_for(&d, "log", "marker");
    let line = log.lines().find(|l| l.contains("marker")).unwrap();
    assert!(line.starts_with("error: "), "{log}");
}

#[test]
fn a_name_that_does_not_exist_is_warned_about_and_waited_for() {
    let mut d = Daemon::interactive();
    d.answers("log.dest\tfd\tlater", &["warning\tfd \"later\" does not exist"]);
    provoke(&mut d, "waiting");
    d.open_output("later");
    provoke(&mut d, "flowing");
    let log = wait_for(&d, "later", "flowing");
    assert!(log.contains("waiting"), "what was logged meanwhile was kept: {log}");
}

#[test]
fn one_that_is_made_again_is_used_again() {
    let mut d = Daemon::interactive();
    d.open_output("log");
    d.ask("log.dest\tfd\tlog");
    provoke(&mut d, "first");
    wait_for(&d, "log", "first");
    d.ask("fd.delete\tlog");
    provoke(&mut d, "meanwhile");
    d.ask("fd.open\tlog\twrite,create\tsecond.log");
    provoke(&mut d, "second");
    let log = wait_for(&d, "second.log", "second");
    assert!(log.contains("meanwhile"), "{log}");
}

#[test]
fn one_that_is_replaced_is_used_at_once() {
    let mut d = Daemon::interactive();
    d.open_output("log");
    d.ask("log.dest\tfd\tlog");
    d.ask("fd.open\tlog\twrite,create\tsecond.log");
    provoke(&mut d, "second");
    wait_for(&d, "second.log", "second");
}

/// What a service writes and what the daemon logs can go to the same logger.
#[test]
fn a_service_can_be_the_logger() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tlog.r\tlog.w");
    d.open_output("out");
    d.define("logger", &["/bin/cat"]);
    d.give_fds("logger", &["log.r", "out"]);
    d.run("logger");
    d.ask("log.dest\tfd\tlog.w");
    provoke(&mut d, "marker");
    wait_for(&d, "out", "marker");
    // What is logged while the logger is away waits in the pipe.
    d.stop("logger");
    provoke(&mut d, "away");
    d.run("logger");
    wait_for(&d, "out", "away");
}

#[test]
fn stderr_is_a_name_like_any_other() {
    let mut d = Daemon::interactive();
    d.open_output("log");
    d.ask("log.dest\tfd\tlog");
    d.answers("log.dest\tfd\tstderr", NOTHING);
    provoke(&mut d, "back");
    d.log.wait_for("back");
}

#[test]
fn deleting_the_name_of_standard_error_stops_the_log_until_it_is_back() {
    let mut d = Daemon::interactive();
    d.ask("fd.delete\tstderr");
    provoke(&mut d, "marker");
    d.still_answers();
    d.open_output("stderr");
    provoke(&mut d, "marker2");
    d.still_answers();
}
