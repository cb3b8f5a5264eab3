//! The daemon as process 1, in a pid namespace of its own.

use std::fs;
use std::process::Command;
use std::sync::OnceLock;

use daemonproxy_testing::{Daemon, Setup, children, eventually, exited, kill, starting, state, up};

/// How to become process 1; `None`, with a word why, where the kernel does not allow it.
fn unshare() -> Option<&'static [&'static str]> {
    static WAY: OnceLock<Option<&'static [&'static str]>> = OnceLock::new();
    let way = *WAY.get_or_init(|| {
        const AS_ROOT: &[&str] = &["unshare", "--pid", "--fork", "--mount", "--mount-proc"];
        const AS_USER: &[&str] =
            &["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount", "--mount-proc"];
        [AS_ROOT, AS_USER].into_iter().find(|way| {
            let tried = Command::new(way[0]).args(&way[1..]).arg("true").output();
            tried.is_ok_and(|output| output.status.success())
        })
    });
    if way.is_none() {
        println!("skipped: this kernel does not let us have a pid namespace");
    }
    way
}

/// A daemon that is process 1, and its pid as seen from here.
fn start(setup: Setup) -> Option<(Daemon, i64)> {
    let mut d = setup.wrapped_in(unshare()?).start();
    let pid = children(d.pid())[0];
    // Its own pid is 1 in its world: the first service is 2 or soon after.
    d.define("first", &["/bin/true"]);
    assert!(d.run("first") < 20);
    d.wait_for(exited("first", 0));
    Some((d, pid))
}

#[test]
fn orphans_that_it_never_started_are_reaped() {
    let Some((mut d, pid)) = start(Setup::interactive()) else { return };
    let orphans = "for i in 1 2 3 4 5 6 7 8 9; do (sleep 0.05; echo $i >> ended) & done; exit 0";
    d.define_shell("web", orphans);
    d.run_to_end("web");
    let path = d.path("ended");
    eventually("the orphans end", || {
        fs::read_to_string(&path).ok().filter(|text| text.lines().count() == 9)
    });
    eventually("no zombie is left", || children(pid).is_empty().then_some(()));
    d.answers("echo", &[] as &[&str]);
}

#[test]
fn orphans_and_services_that_end_together_are_told_apart() {
    let Some((mut d, pid)) = start(Setup::interactive()) else { return };
    for round in 0..10 {
        d.define_shell("web", &format!("for i in 1 2 3 4 5 6; do sleep 0 & done; exit {round}"));
        d.run("web");
        d.wait_for(exited("web", round));
    }
    eventually("no zombie is left", || children(pid).is_empty().then_some(()));
}

/// While a main process that has ended is kept for the sake of its group, and is always the first
/// that the kernel shows.
#[test]
fn orphans_are_reaped_while_an_orderly_end_is_under_way() {
    let Some((mut d, pid)) = start(Setup::interactive().args(["--exit-guard", "0"])) else {
        return;
    };
    let orphans =
        "trap '' TERM; echo > ready; while :; do (sleep 0.01 &); echo >> made; sleep 0.02; done";
    d.define_shell(
        "web",
        &format!("trap 'exit 3' TERM; ({orphans}) & while :; do sleep 0.01; done"),
    );
    d.run("web");
    let made = |d: &Daemon, more: usize| {
        let path = d.path("made");
        let count = || fs::read(&path).map_or(0, |text| text.len());
        let before = count();
        eventually("there are orphans", || (count() >= before + more).then_some(()));
    };
    made(&d, 1);
    d.send("terminate.shutdown\t1000");
    d.wait_for(exited("web", 3));
    made(&d, 40);
    // The one that is kept, its child, that one's own, and what has been made just now.
    let zombies = || {
        let children = children(pid);
        children.into_iter().filter(|&child| state(child) == Some('Z')).count()
    };
    eventually("the orphans are reaped", || (zombies() < 10).then_some(()));
    d.send("terminate.shutdown\t0");
    d.exits_with(10);
}

#[test]
fn the_guard_is_on() {
    let Some((mut d, _)) = start(Setup::interactive()) else { return };
    d.refuses("terminate\t0", "terminate guard code required");
}

#[test]
fn the_guard_has_the_code_of_the_command_line() {
    let setup = Setup::interactive().args(["--exit-guard", "55"]);
    let Some((mut d, _)) = start(setup) else { return };
    d.refuses("terminate\t0\t54", "incorrect terminate guard code");
    d.ask("terminate.guard\t-\t55");
    d.send("terminate\t3");
    d.exits_with(3);
}

#[test]
fn the_guard_can_be_turned_off_by_the_command_line() {
    let Some((mut d, _)) = start(Setup::interactive().args(["--exit-guard", "0"])) else { return };
    d.refuses("terminate.guard\t-\t5", "terminate guard was not set");
    d.send("terminate\t3");
    d.exits_with(3);
}

/// Who starts it asks for the end; the guard is against those who come later.
#[test]
fn strict_ends_it_over_an_error_in_its_config_file() {
    let Some(way) = unshare() else { return };
    let setup = Setup::new(["--strict"]).no_input().config("service.args web httpd\n");
    let mut d = setup.wrapped_in(way).spawn();
    d.exits_with(2);
}

#[test]
fn the_end_of_its_input_is_not_its_end() {
    let Some((mut d, _)) = start(Setup::interactive().socket()) else { return };
    let mut other = d.connect();
    other.sync();
    d.close_input();
    // Its standard output does not come to an end with it: `unshare` has it too.
    for _ in 0..3 {
        other.define("web", &["/bin/true"]);
        other.run_to_end("web");
    }
}

#[test]
fn signals_are_only_told() {
    let Some((mut d, pid)) = start(Setup::interactive()) else { return };
    for (number, name) in
        [(libc::SIGTERM, "SIGTERM"), (libc::SIGINT, "SIGINT"), (libc::SIGQUIT, "SIGQUIT")]
    {
        kill(pid, number);
        d.expect(&[format!("signal\t{name}\t{{ts}}\t1")]);
    }
}

/// Nobody reads these events, and still nothing else happens: as process 1 that would be the end
/// of the machine.
#[test]
fn signals_that_nobody_reads_do_nothing() {
    let Some(way) = unshare() else { return };
    let d = Setup::default().socket().wrapped_in(way).no_input().spawn();
    let mut conn = d.connect();
    conn.send("exit");
    conn.expect_end();
    let pid = children(d.pid())[0];
    for number in [libc::SIGTERM, libc::SIGINT, libc::SIGQUIT, libc::SIGHUP] {
        kill(pid, number);
    }
    let mut conn = d.connect();
    eventually("the signals are counted", || (conn.dump_of("signal").len() == 4).then_some(()));
}

#[test]
fn daemonize_is_ignored() {
    let setup = Setup::new(["-D"]).socket();
    let Some(way) = unshare() else { return };
    let d = setup.wrapped_in(way).spawn();
    d.connect().sync();
    assert_eq!(children(d.pid()).len(), 1);
}

#[test]
fn its_config_file_is_in_etc() {
    let Some(way) = unshare() else { return };
    let mut command = way.to_vec();
    // A directory /etc of its own, which nobody else sees.
    let script = "mount -t tmpfs none /etc && cp config /etc/daemonproxy.conf && exec \"$@\"";
    command.extend(["/bin/sh", "-c", script, "sh"]);
    let d = Setup::default()
        .file("config", "socket.create\t-\tcontrol\nservice.args\tweb\t/bin/true\n")
        .wrapped_in(&command)
        .no_input()
        .spawn();
    let mut conn = d.connect();
    assert_eq!(conn.dump_of("service.args\tweb"), ["service.args\tweb\t/bin/true"]);
    conn.refuses("terminate\t0", "terminate guard code required");
}

/// In the original a dead service's pid stayed indexed, so that a service that got that pid again
/// was never seen to end.
#[test]
fn a_pid_may_come_again() {
    let Some((mut d, _)) = start(Setup::interactive()) else { return };
    // The next process but one gets the pid that is wanted: `echo` is built into the shell.
    d.define_shell("turn", "echo 400 > /proc/sys/kernel/ns_last_pid");
    d.define("one", &["/bin/true"]);
    d.define_shell("two", "exit 2");
    d.send("service.start\tturn");
    let (_, ended) =
        d.lines_until("service.state\tturn\tdown\t{ts}\t{pid}\texit\t{n}\t{secs}\t{secs}");
    if ended[2] != 0 {
        println!("skipped: pids cannot be chosen here");
        return;
    }
    let first = d.run("one");
    d.expect(&[exited("one", 0)]);
    d.run_to_end("turn");
    let second = d.run("two");
    assert_eq!(first, second, "the same pid");
    d.expect(&[exited("two", 2)]);
    // And the other service is not thought to run, or to have ended so.
    let one = d.dump_of("service.state\tone");
    assert!(one[0].contains("\texit\t0\t"), "{one:?}");
    d.run_to_end("turn");
    d.send("service.start\tone");
    assert_eq!(d.expect(&[starting("one"), up("one")])[2], first);
    d.expect(&[exited("one", 0)]);
}

/// It is spared what it has no handler for, and that is how it stays.
#[test]
fn an_alarm_does_not_end_it() {
    let setup = Setup::new(["-E", "/bin/sh\t-c\texit 99", "-i"]);
    let Some((mut d, _)) = start(setup) else { return };
    for signal in ["ALRM", "IO", "RTMIN", "XFSZ", "VTALRM"] {
        d.define_shell("kill", &format!("kill -{signal} 1"));
        d.run_to_end("kill");
    }
    d.still_answers();
    d.define_shell("kill", "kill -SEGV 1");
    d.send("service.start\tkill");
    d.exits_with(99);
}

/// And if there is nothing to execute, by no signal at all, as often as it is sent.
#[test]
fn a_sigsegv_that_somebody_sent_does_not_end_it() {
    let Some((mut d, _)) = start(Setup::interactive()) else { return };
    d.define_shell("kill", "kill -SEGV 1");
    for _ in 0..3 {
        d.run_to_end("kill");
    }
    d.still_answers();
}

/// Whoever has left the group and the session of its service, and one that the daemon never knew.
#[test]
fn a_shutdown_takes_everything_in_the_namespace_along() {
    for (trap, code) in [("exit", 0), ("", 10)] {
        let setup = Setup::interactive().args(["--exit-guard", "0"]);
        let Some((mut d, pid)) = start(setup) else { return };
        let escapes = format!(
            "trap '{trap}' TERM; echo $$ > escaped; while :; do sleep 0.02; echo >> lives; done"
        );
        d.define("web", &["setsid", "-f", "/bin/sh", "-c", &escapes]);
        d.run_to_end("web");
        let path = d.path("escaped");
        eventually("it has escaped", || fs::read(&path).ok().filter(|text| !text.is_empty()));
        d.define("other", &["sleep", "300"]);
        d.run("other");
        d.send("terminate.shutdown\t1");
        d.wait_for("terminate.state\tstopping\t0");
        d.exits_with(code);
        eventually("nobody is left", || children(pid).is_empty().then_some(()));
        let lives = || fs::metadata(d.path("lives")).map_or(0, |file| file.len());
        let before = lives();
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert_eq!(lives(), before, "it would go on writing");
    }
}

#[test]
fn it_becomes_a_new_version_with_all_orphans() {
    let Some((mut d, pid)) = start(Setup::interactive()) else { return };
    d.define_shell(
        "web",
        "(trap 'echo > ended; exit' TERM; while :; do sleep 0.1; done) & exec sleep 1000",
    );
    let service = d.run("web");
    d.define_shell("parent", "(sleep 0.3; echo > orphan) & exit 0");
    d.run_to_end("parent");
    // Its guard protects it from this, too.
    d.send("@u\tupgrade\t-\t1");
    d.wait_for("done\tu");
    eventually("the orphan ends, and is reaped", || {
        let is_over = fs::exists(d.path("orphan")).unwrap();
        (is_over && children(pid).len() == 1).then_some(())
    });
    d.send("service.stop\tweb");
    d.wait_for(format!(
        "service.state\tweb\tdown\t{{ts}}\t{service}\tsignal\tSIGTERM\t{{secs}}\t{{secs}}"
    ));
    eventually("its group has ended, too", || fs::exists(d.path("ended")).unwrap().then_some(()));
    eventually("no zombie is left", || children(pid).is_empty().then_some(()));
}
