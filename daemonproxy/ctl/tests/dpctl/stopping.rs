//! `stop` and `restart`: how long they take, and what becomes of them when another command follows.

use std::thread;
use std::time::{Duration, Instant};

use daemonproxy_testing::eventually;

use crate::daemon::Daemon;

/// Sends USR1 to the daemon when it ignores TERM.
const IGNORES: &str = "trap '' TERM; kill -USR1 $PPID; while :; do sleep 0.05; done";

/// A daemon with one service, which runs a script and has these options, and has sent USR1.
#[track_caller]
fn running(script: &str, options: &str) -> Daemon {
    let daemon = Daemon::start();
    run_in(&daemon, script, options);
    daemon
}

#[track_caller]
fn run_in(daemon: &Daemon, script: &str, options: &str) {
    daemon.ok_args(&["send", "service.args", "it", "sh", "-c", script]);
    daemon.ok(&format!("options it {options}"));
    daemon.ok("start it --timeout 60");
    is_there(daemon);
}

#[track_caller]
fn is_there(daemon: &Daemon) {
    eventually("the service says that it is there", || {
        daemon.ok("dump").contains("signal\tSIGUSR1").then_some(())
    });
    daemon.ok("send signal.clear SIGUSR1 1");
}

#[track_caller]
fn field(daemon: &Daemon, field: &str) -> String {
    let out = daemon.dpctl_args(&["status", "it", "-o", field, "--format", "tsv"]).out;
    out.lines().nth(1).unwrap_or_default().to_owned()
}

/// Waits until the stop has begun, and the main process may still be there.
#[track_caller]
fn is_being_stopped(daemon: &Daemon) {
    let mut said = String::new();
    eventually("it is told to stop", || {
        said = daemon.dpctl("why it").out;
        said.contains("was told to stop").then_some(())
    });
}

/// Its service ends when this file is there, which is removed then, and not before.
fn slow() -> (Daemon, String) {
    let daemon = Daemon::start();
    let file = daemon.path("end");
    let script = format!(
        "trap '' TERM; kill -USR1 $PPID; until [ -e {file} ]; do sleep 0.02; done; rm {file}"
    );
    run_in(&daemon, &script, "stop_after=-");
    (daemon, file)
}

/// A service that needs eleven seconds, and may take them: two of our own times are over by then.
#[test]
fn without_a_timeout_the_service_has_the_time_that_it_says() {
    let script = "trap 'sleep 11; exit 3' TERM; kill -USR1 $PPID; while :; do sleep 0.05; done";
    thread::scope(|scope| {
        let restarts = scope.spawn(|| {
            let daemon = running(script, "stop_after=-");
            let before = field(&daemon, "pid");
            let said = daemon.dpctl("restart it");
            assert_eq!(said.status, 0, "{}", said.err);
            let hint = "to hurry it: dpctl restart --timeout 0 it\n";
            assert!(said.err.ends_with(hint), "{}", said.err);
            assert_eq!(field(&daemon, "state"), "up");
            assert_ne!(field(&daemon, "pid"), before);
        });
        let daemon = running(script, "stop_after=30");
        let said = daemon.dpctl("stop it");
        assert_eq!(said.status, 0, "{}", said.err);
        assert_eq!(field(&daemon, "state,reason,value"), "down\texit\t3");
        let waits = "dpctl: waiting for the end of it, which has the time that stop_after= gives it; \
                     to hurry it: dpctl stop --timeout 0 it\n";
        assert_eq!(said.err, waits);
        assert!(restarts.join().is_ok());
    });
}

#[test]
fn a_short_time_of_the_service_is_not_made_longer() {
    let daemon = running(IGNORES, "stop_after=0.1");
    let begun = Instant::now();
    daemon.ok("restart it");
    is_there(&daemon);
    daemon.ok("stop it");
    assert_eq!(field(&daemon, "state,value"), "down\tSIGKILL");
    // Ten seconds for each, if it had not.
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
}

#[test]
fn a_timeout_goes_before_the_time_of_the_service() {
    let daemon = running(IGNORES, "stop_after=-");
    daemon.ok("restart it --timeout 0.1");
    is_there(&daemon);
    daemon.ok("stop it --timeout 0.1");
    assert_eq!(field(&daemon, "state,value"), "down\tSIGKILL");
}

/// What a stop takes is not what the start takes.
#[test]
fn a_start_waits_for_the_stop_before_it() {
    let (daemon, file) = slow();
    daemon.ok("send service.stop it");
    for command in ["start it", "up it --interval 1"] {
        thread::scope(|scope| {
            let begun = field(&daemon, "pid");
            let starts = scope.spawn(|| daemon.dpctl(command));
            eventually("it is not held any more", || {
                (!daemon.dpctl("why it").out.contains("is held")).then_some(())
            });
            assert!(!starts.is_finished(), "{command}");
            std::fs::write(&file, "").unwrap();
            assert_eq!(starts.join().map(|said| said.status).ok(), Some(0), "{command}");
            assert_ne!(field(&daemon, "pid"), begun);
            assert_eq!(field(&daemon, "state"), "up");
        });
        is_there(&daemon);
        daemon.ok("send service.stop it");
    }
    std::fs::write(&file, "").unwrap();
}

/// The latest command decides, and who has sent an earlier one is told at once.
#[test]
fn a_stop_says_that_it_was_overtaken() {
    for later in ["service.start", "service.restart"] {
        let (daemon, file) = slow();
        thread::scope(|scope| {
            let stops = scope.spawn(|| daemon.dpctl("stop it"));
            is_being_stopped(&daemon);
            daemon.ok(&format!("send {later} it"));
            // Before the process has ended.
            let said = stops.join().unwrap();
            let text = "dpctl: a later command starts again what was to stay down: it\n";
            assert_eq!((said.status, said.err.as_str()), (1, text), "{later}");
            assert_eq!(field(&daemon, "state"), "up");
        });
        std::fs::write(&file, "").unwrap();
    }
}

#[test]
fn a_restart_and_a_start_say_that_they_were_overtaken() {
    let (daemon, file) = slow();
    for command in ["restart it", "restart it --timeout 500", "start it"] {
        thread::scope(|scope| {
            let starts = scope.spawn(|| daemon.dpctl(command));
            eventually("it will be started again", || {
                daemon.dpctl("why it").out.contains("once its stop is over").then_some(())
            });
            daemon.ok("send service.stop it");
            let said = starts.join().unwrap();
            let text = "dpctl: a later command has stopped what was to be started: it\n";
            assert_eq!((said.status, said.err.as_str()), (1, text), "{command}");
        });
    }
    assert_eq!(field(&daemon, "state"), "up");
    std::fs::write(&file, "").unwrap();
    daemon.ok("wait it --for down --timeout 60");
}
