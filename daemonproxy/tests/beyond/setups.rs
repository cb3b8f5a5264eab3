//! The examples that need no controller, each a set-up that many people want: run as they are, they
//! do what they say.

use std::fs;

use daemonproxy_testing::{Daemon, Setup};

/// A daemon with this example as its config file; what its services write to `stdout` is in its
/// log.
fn run(name: &str, change: impl Fn(String) -> String) -> Daemon {
    let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let text = change(text.replace("\tnull\tstdout\tstderr", "\tnull\tstderr\tstderr"));
    Setup::default().no_input().config(text).spawn()
}

fn as_it_is(name: &str) -> Daemon {
    run(name, |text| text)
}

/// It goes on until somebody ends it, and ends well.
#[track_caller]
fn ends_well(mut d: Daemon) {
    d.signal(libc::SIGINT);
    d.exits_with(0);
}

#[test]
fn environment() {
    let d = as_it_is("environment.conf");
    d.log.wait_for("web: good morning, C.UTF-8, home is nowhere");
    d.log.wait_for("alone: HOME is unset, LANG is C");
    d.log.wait_for("alone: two");
    ends_well(d);
}

#[test]
fn user_and_directory() {
    // SAFETY: it cannot fail, and touches nothing.
    if unsafe { libc::geteuid() } != 0 {
        println!("skipped: only root can become somebody else");
        return;
    }
    let d = as_it_is("user.conf");
    d.log.wait_for("web: nobody in /tmp, HOME is ");
    d.log.wait_for("0027");
    d.log.wait_for("job: 12345 54321 54321");
    ends_well(d);
}

#[test]
fn limits() {
    let d = as_it_is("limits.conf");
    d.log.wait_for("web: 100 of 200 files, core 0, nice 5, oom 500");
    ends_well(d);
}

#[test]
fn restart_on_failure_until_it_is_given_up() {
    // As it is, that takes six seconds.
    let d = run("backoff.conf", |text| text.replace("backoff=10", "backoff=10:1"));
    d.log.wait_for(
        "service 'broken' is given up, since its triggers start it too often (giveup=3/60)",
    );
    d.log.wait_for("alarm: somebody should have a look");
    let tries = d.log.lines().iter().filter(|line| *line == "broken: trying").count();
    assert_eq!(tries, 3);
    ends_well(d);
    // What counts as a success is not started again.
    let d = run("backoff.conf", |text| text.replace("exit 1", "exit 3"));
    d.log.wait_for("service 'broken' has ended");
    ends_well(d);
}

#[test]
fn stop_signal() {
    let mut d = as_it_is("stop.conf");
    d.log.wait_for("web: up");
    d.signal(libc::SIGINT);
    d.exits_with(0);
    let log = d.log.wait_for_end();
    assert!(log.iter().any(|line| line == "web: finishing"), "{log:#?}");
}
