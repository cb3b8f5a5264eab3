//! `log.filter [LEVEL]` says from which level on messages are logged.

use daemonproxy_testing::{Daemon, Log, Setup};

#[test]
fn without_an_argument_the_level_is_told() {
    let mut d = Daemon::interactive();
    d.answers("log.filter", &["log.filter\tdebug"]);
}

#[test]
fn every_level_can_be_set() {
    let mut d = Daemon::interactive();
    for level in ["none", "trace", "debug", "info", "warning", "error", "fatal"] {
        d.answers(&format!("log.filter\t{level}"), &[format!("log.filter\t{level}")]);
        d.answers("log.filter", &[format!("log.filter\t{level}")]);
    }
}

#[test]
fn plus_and_minus_are_one_step() {
    let mut d = Daemon::interactive();
    for level in ["info", "warning", "error", "fatal"] {
        d.answers("log.filter\t+", &[format!("log.filter\t{level}")]);
    }
    for level in ["error", "warning", "info", "debug", "trace", "none"] {
        d.answers("log.filter\t-", &[format!("log.filter\t{level}")]);
    }
}

#[test]
fn there_is_no_step_beyond_the_ends() {
    let mut d = Daemon::interactive();
    d.ask("log.filter\tfatal");
    d.answers("log.filter\t+", &["log.filter\tfatal"]);
    d.ask("log.filter\tnone");
    d.answers("log.filter\t-", &["log.filter\tnone"]);
}

#[test]
fn only_the_controller_that_asked_is_told() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    d.answers("log.filter\tinfo", &["log.filter\tinfo"]);
    other.answers("echo", &[] as &[&str]);
    // But the filter is that of the daemon.
    other.answers("log.filter", &["log.filter\tinfo"]);
}

#[test]
fn an_unknown_level_is_refused() {
    let mut d = Daemon::interactive();
    for wrong in ["loud", "++", "3", "errors"] {
        d.refuses(&format!("log.filter\t{wrong}"), "Invalid loglevel argument");
    }
    d.answers("log.filter", &["log.filter\tdebug"]);
}

/// Logs an error that names `marker`, if errors are logged.
fn provoke(d: &mut Daemon, marker: &str) {
    d.ask(&format!("service.delete\t{marker}"));
}

fn mentions(log: &Log, marker: &str) -> bool {
    log.lines().iter().any(|line| line.contains(marker))
}

#[test]
fn messages_of_that_level_are_suppressed() {
    let mut d = Daemon::interactive();
    d.ask("log.filter\terror");
    provoke(&mut d, "hidden1");
    d.ask("log.filter\tfatal");
    provoke(&mut d, "hidden2");
    d.ask("log.filter\tnone");
    provoke(&mut d, "marker");
    d.log.wait_for("marker");
    assert!(!mentions(&d.log, "hidden1"), "{}", d.log.show());
    assert!(!mentions(&d.log, "hidden2"), "{}", d.log.show());
}

#[test]
fn messages_above_that_level_are_logged() {
    let mut d = Daemon::interactive();
    for level in ["none", "trace", "debug", "info", "warning"] {
        d.ask(&format!("log.filter\t{level}"));
        provoke(&mut d, &format!("at.{level}"));
        d.log.wait_for(&format!("at.{level}"));
    }
}

/// A controller is told of its error whatever the log says.
#[test]
fn events_are_not_suppressed() {
    let mut d = Daemon::interactive();
    d.ask("log.filter\tfatal");
    d.refuses("service.delete\tweb", "No such service");
}
