//! `terminate.shutdown [TERM [KILL [FLUSH [GUARD]]]]`: the orderly end.

use std::time::Instant;

use crate::harness::{Daemon, Setup, alive, eventually, exited, killed};

#[test]
fn without_services_it_leaves_with_0() {
    let mut d = Daemon::interactive();
    d.send("terminate.shutdown");
    d.exits_with(0);
}

#[test]
fn each_service_gets_sigterm() {
    let mut d = Daemon::interactive();
    for name in ["a", "b", "c"] {
        d.define_sleeper(name);
        d.run(name);
    }
    d.send("terminate.shutdown");
    d.wait_for_all(&[killed("a", "SIGTERM"), killed("b", "SIGTERM"), killed("c", "SIGTERM")]);
    d.exits_with(0);
}

#[test]
fn progress_is_told() {
    let mut d = Daemon::interactive();
    d.define_shell("tough", "trap '' TERM; echo > ready; while :; do sleep 0.05; done");
    d.run("tough");
    wait_for_file(&d, "ready");
    d.send("terminate.shutdown\t1\t5\t5");
    d.wait_for("terminate.state\tstopping\t1");
    d.wait_for("terminate.state\tkilling\t1");
    d.wait_for(killed("tough", "SIGKILL"));
    d.wait_for("terminate.state\tflushing\t{n}");
    d.exits_with(10);
}

#[track_caller]
fn wait_for_file(d: &Daemon, name: &str) {
    let path = d.path(name);
    eventually(name, || std::fs::exists(&path).unwrap().then_some(()));
}

#[test]
fn one_that_needs_sigkill_makes_it_10() {
    let mut d = Daemon::interactive();
    d.define_shell("tough", "trap '' TERM; echo > ready; while :; do sleep 0.05; done");
    d.run("tough");
    d.define_sleeper("weak");
    d.run("weak");
    wait_for_file(&d, "ready");
    let begin = Instant::now();
    d.send("terminate.shutdown\t1");
    d.wait_for(killed("weak", "SIGTERM"));
    d.wait_for(killed("tough", "SIGKILL"));
    assert!(begin.elapsed().as_millis() > 900, "the time to end by itself was given");
    d.exits_with(10);
}

/// The child in its process group as well, where it leads one.
#[test]
fn sigkill_reaches_the_process_group() {
    let mut d = Daemon::interactive();
    let script = "setpgrp; $SIG{TERM} = 'IGNORE'; if (!fork) { open O, '>', 'new'; print O $$; \
                  close O; rename 'new', 'member' } sleep 300 while 1";
    d.define("web", &["perl", "-e", script]);
    d.run("web");
    wait_for_file(&d, "member");
    let member = d.read("member").parse().unwrap();
    assert!(alive(member));
    d.send("terminate.shutdown\t1");
    d.exits_with(10);
    eventually("the member of the group ends", || (!alive(member)).then_some(()));
}

#[test]
fn nothing_is_started_any_more() {
    let mut d = Daemon::interactive();
    d.define_sleeper("again");
    d.ask("service.auto_up\tagain\t1\talways");
    d.define_sleeper("later");
    d.ask(&format!("service.start\tlater\t{}", crate::harness::monotonic() + 2));
    // It keeps the daemon until both would have been started.
    d.define_shell(
        "slow",
        "trap 'sleep 2.5; exit 0' TERM; echo > ready; while :; do sleep 0.05; done",
    );
    d.run("slow");
    wait_for_file(&d, "ready");
    d.sync();
    d.send("terminate.shutdown");
    let lines = d.lines_to_end();
    assert!(!lines.iter().any(|l| l.contains("\tup\t")), "{lines:#?}");
    assert!(lines.iter().any(|l| l.starts_with("service.state\tslow\tdown\t")), "{lines:#?}");
    d.exits_with(0);
}

#[test]
fn commands_cannot_start_anything_any_more() {
    let mut d = Daemon::interactive();
    d.define_shell(
        "slow",
        "trap 'sleep 0.5; exit 0' TERM; echo > ready; while :; do sleep 0.05; done",
    );
    d.run("slow");
    d.define_sleeper("late");
    wait_for_file(&d, "ready");
    d.send("terminate.shutdown");
    d.wait_for("terminate.state\tstopping\t{n}");
    d.send("service.start\tlate");
    d.send("service.auto_up\tlate\t1\talways");
    let lines = d.lines_to_end();
    assert!(!lines.iter().any(|l| l.starts_with("service.state\tlate\tup")), "{lines:#?}");
    d.exits_with(0);
}

/// A logger is left alone while its writer runs; then it reads everything, and the end of file.
#[test]
fn a_logger_reads_everything_and_then_the_end() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tlog.r\tlog.w");
    let writer = "trap 'sleep 0.5; i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; \
                  exit 0' TERM; echo > ready; while :; do sleep 0.05; done";
    d.define_shell("writer", writer);
    d.give_fds("writer", &["null", "log.w", "stderr"]);
    d.define_shell("logger", "while read -r l; do echo \"$l\"; done > log; echo end >> log");
    d.give_fds("logger", &["log.r", "null", "stderr"]);
    d.run("logger");
    d.run("writer");
    wait_for_file(&d, "ready");
    d.send("terminate.shutdown");
    d.wait_for(exited("writer", 0));
    d.wait_for(exited("logger", 0));
    d.exits_with(0);
    let log = d.read("log");
    assert_eq!(log.lines().count(), 2001);
    assert!(log.ends_with("line 1999\nend\n"));
}

/// `a` writes to `b`, `b` writes to `c`: they stop in this order, whatever that of their names is.
#[test]
fn services_stop_along_the_pipes() {
    for [first, second, third] in [["a", "b", "c"], ["c", "a", "b"], ["b", "c", "a"]] {
        let mut d = Daemon::interactive();
        d.ask("fd.pipe\tone.r\tone.w");
        d.ask("fd.pipe\ttwo.r\ttwo.w");
        for (name, fds) in
            [(first, ["null", "one.w"]), (second, ["one.r", "two.w"]), (third, ["two.r", "null"])]
        {
            // It takes its time, so that nothing is in order by chance.
            let script = "trap 'sleep 0.1; exit 0' TERM; echo > $0; while :; do sleep 0.02; done";
            d.define(name, &["/bin/sh", "-c", script, &format!("ready-{name}")]);
            d.give_fds(name, &fds);
            d.run(name);
            wait_for_file(&d, &format!("ready-{name}"));
        }
        d.send("terminate.shutdown");
        let lines = d.lines_to_end();
        let order: Vec<&str> = lines
            .iter()
            .filter(|l| l.starts_with("service.state\t") && l.contains("\tdown\t"))
            .map(|l| l.split('\t').nth(1).unwrap())
            .collect();
        assert_eq!(order, [first, second, third], "{lines:#?}");
        d.exits_with(0);
    }
}

/// Otherwise each would wait for the other.
#[test]
fn a_circle_of_pipes_counts_as_one() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tab.r\tab.w");
    d.ask("fd.pipe\tba.r\tba.w");
    d.define_sleeper("a");
    d.give_fds("a", &["ba.r", "ab.w"]);
    d.define_sleeper("b");
    d.give_fds("b", &["ab.r", "ba.w"]);
    d.run("a");
    d.run("b");
    d.send("terminate.shutdown");
    d.wait_for_all(&[killed("a", "SIGTERM"), killed("b", "SIGTERM")]);
    d.exits_with(0);
}

#[test]
fn services_that_are_controllers_come_last() {
    let mut d = Daemon::interactive();
    d.define("ctl", &["/bin/cat"]);
    d.give_fds("ctl", &["control.event", "null"]);
    d.run("ctl");
    d.define_shell(
        "slow",
        "trap 'sleep 0.3; exit 0' TERM; echo > ready; while :; do sleep 0.05; done",
    );
    d.run("slow");
    wait_for_file(&d, "ready");
    d.send("terminate.shutdown");
    let (before, _) = d.lines_until(exited("slow", 0));
    assert!(!before.iter().any(|l| l.starts_with("service.state\tctl\tdown")), "{before:#?}");
    d.wait_for("service.state\tctl\tdown\t{text}");
    d.exits_with(0);
}

#[test]
fn a_second_one_shortens_the_times() {
    let mut d = Daemon::interactive();
    d.define_shell("tough", "trap '' TERM; echo > ready; while :; do sleep 0.05; done");
    d.run("tough");
    wait_for_file(&d, "ready");
    d.send("terminate.shutdown\t600\t600\t600");
    d.wait_for("terminate.state\tstopping\t1");
    d.send("terminate.shutdown\t0\t5\t5");
    d.exits_with(10);
}

#[test]
fn terminate_still_ends_it_at_once() {
    let mut d = Daemon::interactive();
    d.define_shell("tough", "trap '' TERM; echo > ready; while :; do sleep 0.05; done");
    d.run("tough");
    wait_for_file(&d, "ready");
    d.send("terminate.shutdown\t600\t600\t600");
    d.wait_for("terminate.state\tstopping\t1");
    d.send("terminate\t7");
    d.exits_with(7);
}

#[test]
fn what_is_owed_to_controllers_is_delivered_first() {
    let mut d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.send_bytes("echo\tx\n".repeat(20_000).as_bytes());
    conn.send("terminate.shutdown");
    let lines = conn.lines_to_end();
    assert_eq!(lines.iter().filter(|l| *l == "x").count(), 20_000);
    d.exits_with(0);
}

/// A reader that does not read cannot keep the daemon for longer than that.
#[test]
fn flushing_has_a_time_limit() {
    let mut d = Setup::interactive().socket().start();
    let mut stuck = d.connect();
    stuck.sync();
    d.define("web", &["/bin/true"]);
    for i in 0..600 {
        d.ask(&format!("service.tags\tweb\t{i}\t{}", "x".repeat(900)));
    }
    d.send("terminate.shutdown\t1\t1\t1");
    d.exits_with(0);
}

#[test]
fn it_is_guarded_as_terminate_is() {
    let mut d = Setup::interactive().args(["--exit-guard", "77"]).start();
    d.refuses("terminate.shutdown", "terminate guard code required");
    d.refuses("terminate.shutdown\t10\t5\t5", "terminate guard code required");
    d.refuses("terminate.shutdown\t-\t-\t-\t78", "incorrect terminate guard code");
    d.refuses("terminate.shutdown\t-\t-\t-\t77", "cannot exit, and exec-on-exit is not configured");
    d.ask("terminate.exec_args\tsh\t-c\texit 9");
    d.send("terminate.shutdown\t-\t-\t-\t77");
    d.exits_with(9);
}

#[test]
fn exec_comes_when_everything_has_stopped() {
    let mut d = Daemon::interactive();
    d.define_shell("tough", "trap '' TERM; echo > ready; while :; do sleep 0.05; done");
    let pid = d.run("tough");
    wait_for_file(&d, "ready");
    d.ask("terminate.exec_args\tsh\t-c\techo $DAEMONPROXY_EXITCODE > code; exit 9");
    d.send("terminate.shutdown\t1");
    d.exits_with(9);
    assert_eq!(d.read("code"), "10\n");
    assert!(!alive(pid));
}

#[test]
fn times_that_are_no_numbers_are_refused() {
    let mut d = Daemon::interactive();
    for wrong in ["soon", "1\tsoon", "1\t1\t1.5", "-1"] {
        d.refuses_somehow(&format!("terminate.shutdown\t{wrong}"));
    }
    d.still_answers();
}
