//! `log.filter [LEVEL]` says from which level on messages are logged.

use daemonproxy_testing::{Daemon, Log};

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
