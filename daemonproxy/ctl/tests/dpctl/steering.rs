//! The subcommands that change something.

use std::thread;

use daemonproxy_testing::eventually;

use crate::daemon::Daemon;

#[track_caller]
fn field(daemon: &Daemon, name: &str, field: &str) -> String {
    let out = daemon.dpctl_args(&["status", name, "-o", field, "--format", "tsv"]).out;
    out.lines().nth(1).unwrap_or_default().to_owned()
}

fn with(args: &[&str]) -> Daemon {
    let daemon = Daemon::start();
    daemon.ok_args(&[&["send", "service.args", "it"], args].concat());
    daemon
}

#[test]
fn stop_holds_a_service_whatever_its_triggers() {
    let daemon = with(&["sleep", "1000"]);
    daemon.ok("up it --interval 1 --timeout 60");
    daemon.ok("stop it --timeout 60");
    assert_eq!(field(&daemon, "it", "state,value,triggers"), "down\tSIGTERM\talways");
    daemon.ok_args(&["send", "service.auto_up", "it", "1", "always"]);
    assert_eq!(field(&daemon, "it", "state"), "down");
    daemon.ok("release it");
    daemon.ok("wait it --for up --timeout 60");
}

#[test]
fn start_and_up_end_the_hold() {
    let daemon = with(&["sleep", "1000"]);
    for again in ["start it --timeout 60", "up it --interval 1 --timeout 60"] {
        daemon.ok("stop it --timeout 60");
        daemon.ok(again);
        assert_eq!(field(&daemon, "it", "state"), "up", "{again}");
    }
}

#[test]
fn stop_kills_what_does_not_listen() {
    let script = "trap '' TERM; kill -USR1 $PPID; while :; do sleep 1; done";
    let daemon = with(&["sh", "-c", script]);
    daemon.ok("start it");
    // It tells the daemon once it ignores SIGTERM.
    eventually("the service gets ready", || {
        daemon.ok("dump").contains("signal\tSIGUSR1").then_some(())
    });
    daemon.ok("stop it --timeout 0.1");
    assert_eq!(field(&daemon, "it", "state,value"), "down\tSIGKILL");
}

#[test]
fn restart_keeps_the_triggers() {
    let daemon = with(&["sleep", "1000"]);
    daemon.ok("up it --interval 7 --timeout 60");
    let before = field(&daemon, "it", "pid");
    daemon.ok("restart it --timeout 60");
    assert_eq!(field(&daemon, "it", "state,interval,triggers"), "up\t7\talways");
    assert_ne!(field(&daemon, "it", "pid"), before);
}

#[test]
fn down_leaves_it_running() {
    let daemon = with(&["sleep", "1000"]);
    daemon.ok("up it --timeout 60");
    daemon.ok("down it");
    assert_eq!(field(&daemon, "it", "state,triggers"), "up\t-");
}

#[test]
fn a_signal_is_sent() {
    let daemon = with(&["sleep", "1000"]);
    daemon.ok("start it");
    daemon.ok("signal usr1 it");
    daemon.ok("wait it --for down --timeout 60");
    assert_eq!(field(&daemon, "it", "value"), "SIGUSR1");
}

#[test]
fn a_wait_has_an_end() {
    let said = with(&["sleep", "1000"]).dpctl("wait it --timeout 0.1");
    assert_eq!((said.status, said.err.as_str()), (151, "dpctl: not up within 0.1 s: it\n"));
}

/// A controller that has just been started has not set up its services yet.
#[test]
fn one_that_does_not_exist_yet_is_waited_for() {
    let daemon = with(&["true"]);
    thread::scope(|scope| {
        let waits = scope.spawn(|| daemon.dpctl("wait late it2 --for ready --timeout 60"));
        eventually("somebody waits", || {
            // It is connected as well as the one that asks.
            let sockets = daemon.ok("who -o kind --format tsv");
            (sockets.lines().filter(|line| *line == "socket").count() > 1).then_some(())
        });
        for name in ["late", "it2"] {
            daemon.ok(&format!("send service.args {name} sleep 1000"));
            daemon.ok(&format!("start {name}"));
        }
        assert_eq!(waits.join().map(|said| said.status).ok(), Some(0));
    });
    let said = daemon.dpctl("wait nosuch --timeout 0.1");
    assert_eq!((said.status, said.err.as_str()), (4, "dpctl: there is no service nosuch\n"));
    let said = daemon.dpctl("wait latr --timeout 0.1");
    let near = "dpctl: waiting for latr, which is not there yet; did you mean late?\n\
                dpctl: there is no service latr; did you mean late?\n";
    assert_eq!((said.status, said.err.as_str()), (4, near));
    let said = daemon.dpctl("wait nosuch --for down --timeout 60");
    assert_eq!((said.status, said.err.as_str()), (4, "dpctl: there is no service nosuch\n"));
}

#[test]
fn a_refused_command_is_told() {
    let said = with(&["true"]).dpctl("send service.signal it HUP");
    assert_eq!(said.status, 1);
    assert!(said.out.starts_with("error\tservice is not running"), "{}", said.out);
}

/// The daemon says what is wrong; the grammar says what is right.
#[test]
fn a_refusal_comes_with_the_rule() {
    let daemon = Daemon::start();
    let said = daemon.dpctl("send service.args a/b true");
    let out = "error\tInvalid service name, for command \"service.args\ta/b\ttrue\"\n";
    assert_eq!(
        (said.status, said.out.as_str()),
        (1, out.replace("args\ta/b\ttrue", "args a/b true").as_str())
    );
    assert_eq!(
        said.err,
        "dpctl: refused (InvalidServiceName). A name has 1 to 31 characters out of A-Z a-z 0-9 . _ -.\n"
    );
    daemon.ok("send service.args it true");
    let said = daemon.dpctl("send service.auto_up it 1 ready:db,redy:web");
    assert!(
        said.err.contains("(UnableToSetTriggers): redy:web is no trigger. Those are"),
        "{}",
        said.err
    );
    let said = daemon.dpctl("tags it =x");
    assert_eq!(said.status, 2);
    assert!(said.err.contains("A change of tags has an empty key"), "{}", said.err);
}

/// For scripts: names stay, texts may be improved.
#[test]
fn a_refusal_has_a_name_in_json() {
    let daemon = with(&["true"]);
    let said = daemon.dpctl("send --format json service.signal it HUP");
    assert_eq!(said.status, 1);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let error = &json[0];
    assert_eq!(error["name"], "ServiceIsNotRunning");
    assert_eq!(error["text"], "service is not running");
    let said = daemon.dpctl("send --format jsonl service.tags it x");
    assert_eq!(said.out, "{\"event\":\"service.tags\",\"name\":\"it\",\"tags\":[\"x\"]}\n");
}

/// A tag that is part of the command is left to the daemon.
#[test]
fn a_tagged_command_is_sent_as_it_is() {
    let daemon = with(&["true"]);
    assert_eq!(daemon.ok("send @x service.tags it"), "service.tags\tit\t\ndone\tx\n");
    let said = daemon.dpctl("send @x service.signal it HUP");
    let done = "done\tx\tServiceIsNotRunning\tservice is not running\n";
    assert_eq!((said.status, said.out.as_str()), (1, done));
}

#[test]
fn arguments_are_bytes_and_keep_their_spaces() {
    let daemon = with(&["printf", "a b", ""]);
    let out = daemon.ok("dump");
    assert!(out.contains("service.args\tit\tprintf\ta b\t\n"), "{out}");
}

#[test]
fn tags_are_changed_one_by_one() {
    let daemon = with(&["true"]);
    daemon.ok("tags it role=x critical");
    daemon.ok("tags it -role");
    assert_eq!(daemon.ok("tags it"), "critical\n");
}

/// Whether it was seen while it ran is a matter of luck, and so it must not matter.
#[test]
fn what_ends_at_once_has_been_started() {
    for (args, value) in [(&["true"][..], "0"), (&["sh", "-c", "exit 3"], "3")] {
        let daemon = with(args);
        for _ in 0..20 {
            daemon.ok("start it");
            daemon.ok("wait it --for down --timeout 60");
        }
        assert_eq!(field(&daemon, "it", "value"), value);
    }
}

#[test]
fn what_cannot_be_executed_has_not_been_started() {
    let daemon = with(&["no-such-program"]);
    for command in ["start it", "restart it", "up it --interval 1"] {
        let said = daemon.dpctl(command);
        assert_eq!(said.status, 1, "{command}: {}", said.err);
        assert!(said.err.contains("cannot execute \"no-such-program\""), "{}", said.err);
    }
}

/// That it is down and that it will be started are two events.
#[test]
fn what_will_be_started_is_not_down() {
    let daemon = with(&["true"]);
    daemon.ok("up it --interval 1000");
    let said = daemon.dpctl("wait it --for down --timeout 0.2");
    assert_eq!((said.status, said.err.as_str()), (151, "dpctl: not down within 0.2 s: it\n"));
}

/// Then its process looks like one that has not executed its program yet.
#[test]
fn a_daemon_that_runs_itself_is_started_too() {
    let daemon = Daemon::start();
    let socket = daemon.socket().display().to_string();
    let program = daemonproxy_testing::programs::daemon().display().to_string();
    daemon.ok_args(&["send", "service.args", "it", &program, "--socket", &socket]);
    let said = daemon.dpctl("start it");
    assert_eq!(said.status, 0, "{}", said.err);
}

#[test]
fn reload_sends_the_signal_of_the_option() {
    let daemon = with(&["sh", "-c", "trap 'exit 7' USR1; while :; do sleep 0.01; done"]);
    daemon.ok("options it reload=USR1 success=7");
    assert_eq!(daemon.ok("options it"), "reload=USR1\nsuccess=7\n");
    daemon.ok("start it");
    eventually("it catches the signal", || {
        let pid = field(&daemon, "it", "pid");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:\t"))?;
        (u64::from_str_radix(caught, 16).ok()? & 1 << 9 != 0).then_some(())
    });
    daemon.ok("reload it");
    daemon.ok("wait it --for done --timeout 60");
    assert_eq!(field(&daemon, "it", "value"), "7");
    daemon.ok("options it -success");
    assert_eq!(daemon.ok("options it"), "reload=USR1\n");
    assert_eq!(daemon.dpctl("options it bogus=1").status, 2);
}

#[test]
fn what_fails_is_not_done() {
    let daemon = with(&["false"]);
    daemon.ok("start it");
    daemon.ok("wait it --for down --timeout 60");
    let said = daemon.dpctl("wait it --for done --timeout 0.1");
    assert_eq!((said.status, said.err.as_str()), (151, "dpctl: not done within 0.1 s: it\n"));
}

#[test]
fn one_that_says_when_it_is_ready_is_waited_for() {
    let daemon = with(&["sleep", "1000"]);
    daemon.ok("options it ready=control");
    daemon.ok("start it --timeout 60");
    let said = daemon.dpctl("wait it --for ready --timeout 0.1");
    assert_eq!((said.status, said.err.as_str()), (151, "dpctl: not ready within 0.1 s: it\n"));
    daemon.ok("ready it");
    daemon.ok("wait it --for ready --timeout 60");
    assert_eq!(daemon.dpctl("ready none").status, 4);
}

#[test]
fn one_for_which_somebody_must_vouch_is_vouched_for() {
    let daemon = with(&["sleep", "1000"]);
    let said = daemon.dpctl("deadman it");
    assert_eq!(said.status, 1);
    assert!(said.err.starts_with("dpctl: service is not running"), "{}", said.err);
    daemon.ok("options it deadman=1000");
    daemon.ok("start it --timeout 60");
    daemon.ok("deadman it");
    daemon.ok("options it -deadman");
    assert_eq!(daemon.dpctl("deadman it").status, 1);
}

#[test]
fn environments_are_shown_and_changed() {
    let daemon = with(&["sh", "-c", "exit $STATUS"]);
    daemon.ok("env --all STATUS=3 OTHER=x");
    daemon.ok("env --all -OTHER");
    assert_eq!(daemon.ok("env --all"), "STATUS=3\n");
    daemon.ok("env it STATUS=4");
    assert_eq!(daemon.ok("env it"), "STATUS=4\n");
    daemon.ok("start it");
    daemon.ok("wait it --for down --timeout 60");
    assert_eq!(field(&daemon, "it", "value"), "4");
}

#[test]
fn a_shutdown_ends_when_the_daemon_has_gone() {
    let daemon = with(&["sh", "-c", "trap '' TERM; while :; do sleep 0.01; done"]);
    daemon.ok("send terminate.guard + 7");
    daemon.ok("send terminate.exec_args /bin/true");
    daemon.ok("start it");
    let said = daemon.dpctl("shutdown");
    assert_eq!(said.status, 1);
    assert!(said.err.contains("terminate guard code required"), "{}", said.err);
    daemon.ok("shutdown --timeout 0 --guard 7");
    assert_eq!(daemon.dpctl("status").status, 150);
}

#[test]
fn an_upgrade_keeps_what_runs_or_says_why_not() {
    let daemon = with(&["sleep", "1000"]);
    daemon.ok("start it --timeout 60");
    let pid = field(&daemon, "it", "pid");
    daemon.ok("upgrade");
    assert_eq!(field(&daemon, "it", "pid"), pid);
    let said = daemon.dpctl("upgrade /nowhere/daemon");
    assert_eq!(said.status, 1);
    let why = "cannot upgrade: /nowhere/daemon: No such file or directory";
    assert!(said.err.contains(why), "{}", said.err);
    daemon.ok_args(&["send", "terminate.guard", "+", "7"]);
    assert_eq!(daemon.dpctl("upgrade").status, 1);
    daemon.ok("upgrade --guard 7");
}
