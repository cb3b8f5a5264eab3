//! `terminate.shutdown`: its times, its exit status, who hears of it, what is refused meanwhile.

use std::time::{Duration, Instant};

use daemonproxy_testing::{
    Daemon, Setup, alive, eventually, exited, kill, killed, lines, starting, state, up,
};

use crate::helpers::{exists, family, nobody_is_left};

/// What runs after a trap was set: the shell looks at its signals between two commands.
const FOREVER: &str = "while :; do sleep 0.01; done";
/// Ignores SIGTERM, and says when it does.
const STUBBORN: &str = "trap '' TERM; echo > ready; while :; do sleep 0.01; done";
/// Ends at SIGTERM, after a moment.
const WILLING: &str = "trap 'sleep 0.1; exit 0' TERM; echo > ready; while :; do sleep 0.01; done";

/// A daemon with one service that ignores SIGTERM.
fn stubborn() -> Daemon {
    let mut d = Daemon::interactive();
    d.define_shell("web", STUBBORN);
    d.run("web");
    exists(&d, "ready");
    d
}

#[test]
fn with_no_service_it_is_the_end() {
    let mut d = Daemon::interactive();
    d.send("terminate.shutdown");
    d.wait_for("terminate.state\tflushing\t0");
    d.exits_with(0);
}

#[test]
fn services_get_sigterm() {
    let mut d = Daemon::interactive();
    for name in ["a", "b", "c"] {
        d.define_sleeper(name);
        d.run(name);
    }
    d.send("terminate.shutdown");
    d.wait_for_all(&["a", "b", "c"].map(|name| killed(name, "SIGTERM")));
    d.exits_with(0);
    nobody_is_left(&d);
}

#[test]
fn its_progress_is_told() {
    let mut d = stubborn();
    d.define_sleeper("other");
    d.run("other");
    d.send("terminate.shutdown\t1");
    d.expect(&[
        "terminate.state\tstopping\t2",
        &killed("other", "SIGTERM"),
        "terminate.state\tstopping\t1",
        "terminate.state\tkilling\t1",
        &killed("web", "SIGKILL"),
        "terminate.state\tflushing\t0",
    ]);
    d.expect_end();
    d.exits_with(10);
}

#[test]
fn who_ignores_sigterm_is_killed_after_its_time() {
    let mut d = stubborn();
    let begin = Instant::now();
    d.send("terminate.shutdown\t1");
    d.wait_for(killed("web", "SIGKILL"));
    d.exits_with(10);
    assert!(begin.elapsed() >= Duration::from_millis(990), "{:?}", begin.elapsed());
    nobody_is_left(&d);
}

/// Its children live in its process group, and ignore SIGTERM like it.
#[test]
fn the_process_group_of_who_must_be_killed_is_killed() {
    let mut d = Daemon::interactive();
    let script = "trap '' TERM; (sleep 300; :) & (exec sleep 301) & echo > ready; wait; wait";
    d.define_shell("web", script);
    d.run("web");
    exists(&d, "ready");
    eventually("it has its children", || (family(d.pid()).len() >= 5).then_some(()));
    d.send("terminate.shutdown\t0");
    d.exits_with(10);
    eventually("they die", || family(d.pid()).is_empty().then_some(()));
}

/// SIGTERM alone would wait until somebody says SIGCONT.
#[test]
fn a_stopped_service_ends() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let web = d.run("web");
    kill(web, libc::SIGSTOP);
    eventually("it stops", || (state(web) == Some('T')).then_some(()));
    d.send("terminate.shutdown");
    d.wait_for(killed("web", "SIGTERM"));
    d.exits_with(0);
}

#[test]
fn a_stopped_service_that_ignores_sigterm_is_killed() {
    let mut d = stubborn();
    let web = d.dump_of("service.state\tweb")[0].split('\t').nth(4).unwrap().parse().unwrap();
    kill(web, libc::SIGSTOP);
    d.send("terminate.shutdown\t1");
    d.wait_for(killed("web", "SIGKILL"));
    d.exits_with(10);
}

/// As it is with a disk that does not answer. Here it is a tracer (us) that does not let go of the
/// dead: until it has looked, the parent does not get to see them (ptrace(2)).
#[test]
fn who_outlives_sigkill_is_given_up() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.define_sleeper("other");
    let web = d.run("web");
    d.run("other");
    let pid = i32::try_from(web).unwrap();
    let none = std::ptr::null_mut::<libc::c_void>();
    // SAFETY: neither address nor data is used by this request.
    if unsafe { libc::ptrace(libc::PTRACE_SEIZE, pid, none, none) } != 0 {
        println!("skipped: we may not trace it: {}", std::io::Error::last_os_error());
        return;
    }
    d.send("terminate.shutdown\t1\t1");
    d.wait_for_all(&["terminate.state\tkilling\t1", "terminate.state\tflushing\t1"]);
    d.exits_with(11);
    d.log.wait_for("service 'web' outlived SIGKILL");
    d.log.wait_for(&format!("service 'web' running as pid {web}"));
    // SAFETY: only collects what is ours to collect; no status is asked for.
    unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::__WALL) };
}

#[test]
fn nothing_is_started_by_a_trigger_any_more() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.auto_up\tweb\t1\talways");
    d.define_shell("slow", WILLING);
    d.run("slow");
    exists(&d, "ready");
    d.send("terminate.shutdown");
    let lines = d.lines_to_end();
    d.exits_with(0);
    let down = lines.iter().position(|l| l.starts_with("service.state\tweb\tdown")).unwrap();
    assert!(!lines[down..].iter().any(|l| l.contains("\tstart\t") || l.contains("\tup\t")));
    assert!(lines.contains(&"service.auto_up\tweb\t-".to_owned()), "{lines:#?}");
}

#[test]
fn a_trigger_that_is_set_meanwhile_starts_nothing() {
    let mut d = stubborn();
    d.define("other", &["/bin/sh", "-c", "echo > started"]);
    d.send("terminate.shutdown\t1");
    d.send("service.auto_up\tother\t1\talways");
    d.signal(libc::SIGHUP);
    d.send("service.auto_up\tother\t1\tSIGHUP");
    d.send("service.pipe\tother\t1\t/bin/sh\t-c\techo > started");
    let lines = d.lines_to_end();
    d.exits_with(10);
    assert!(!lines.iter().any(|l| l.contains("\tup\t") && !l.contains("\tweb\t")), "{lines:#?}");
    assert!(!std::path::Path::new(&d.path("started")).exists());
}

#[test]
fn service_start_is_refused() {
    let mut d = stubborn();
    d.define_sleeper("other");
    d.send("terminate.shutdown\t1000");
    d.wait_for("terminate.state\tstopping\t1");
    d.refuses("service.start\tother", "shutdown in progress");
    d.refuses("service.start\tother\t2000000000", "shutdown in progress");
    d.send("terminate.shutdown\t0");
    d.exits_with(10);
}

#[test]
fn a_pending_start_is_cancelled() {
    let mut d = stubborn();
    d.define_sleeper("later");
    let at = daemonproxy_testing::monotonic() + 1000;
    d.ask(&format!("service.start\tlater\t{at}"));
    d.send("terminate.shutdown\t1000");
    d.wait_for_all(&[
        "service.state\tlater\tdown\t-\t-\t-\t-\t-\t-",
        "terminate.state\tstopping\t1",
    ]);
    d.refuses("service.start\tlater\t-", "no service.start pending");
    d.send("terminate.shutdown\t0");
    let lines = d.lines_to_end();
    assert!(!lines.iter().any(|l| l.contains("later")), "{lines:#?}");
    d.exits_with(10);
}

#[test]
fn a_second_one_shortens_the_times() {
    let mut d = stubborn();
    d.send("terminate.shutdown\t1000");
    d.wait_for("terminate.state\tstopping\t1");
    d.send("terminate.shutdown\t0");
    d.wait_for(killed("web", "SIGKILL"));
    d.exits_with(10);
}

#[test]
fn a_second_one_does_not_lengthen_the_times() {
    let mut d = stubborn();
    let begin = Instant::now();
    d.send("terminate.shutdown\t1");
    d.wait_for("terminate.state\tstopping\t1");
    d.send("terminate.shutdown\t1000\t1000\t1000");
    d.send("terminate.shutdown");
    d.wait_for(killed("web", "SIGKILL"));
    d.exits_with(10);
    assert!(begin.elapsed() < Duration::from_secs(8));
}

/// It does not begin from the beginning, either: no second SIGTERM.
#[test]
fn a_second_one_sends_no_second_sigterm() {
    let mut d = Daemon::interactive();
    let script = "trap 'echo term >> terms' TERM; echo > ready; \
                  until [ -e go ]; do sleep 0.01; done";
    d.define_shell("web", script);
    d.run("web");
    exists(&d, "ready");
    d.send("terminate.shutdown");
    exists(&d, "terms");
    d.ask("terminate.shutdown\t9\t4\t4");
    std::fs::write(d.path("go"), "").unwrap();
    d.exits_with(0);
    assert_eq!(d.read("terms"), "term\n");
}

#[test]
fn terminate_still_leaves_at_once() {
    let mut d = stubborn();
    d.send("terminate.shutdown\t1000");
    d.wait_for("terminate.state\tstopping\t1");
    d.send("terminate\t33");
    d.exits_with(33);
}

#[test]
fn the_guard_is_asked() {
    let mut d = Setup::interactive().args(["--exit-guard", "77"]).start();
    d.define_sleeper("web");
    let web = d.run("web");
    d.refuses("terminate.shutdown", "terminate guard code required");
    d.refuses("terminate.shutdown\t-\t-\t-\t78", "incorrect terminate guard code");
    let no_exec = "cannot exit, and exec-on-exit is not configured";
    d.refuses("terminate.shutdown\t1\t1\t1\t77", no_exec);
    assert!(alive(web));
    // Nothing has begun.
    d.define("other", &["/bin/true"]);
    d.run_to_end("other");
    d.ask("terminate.guard\t-\t77");
    d.send("terminate.shutdown");
    d.exits_with(0);
}

#[test]
fn with_the_guard_on_and_a_program_to_execute_the_code_is_enough() {
    let setup = Setup::interactive().args(["--exit-guard", "77", "-E", "/bin/sh\t-c\texit 5"]);
    let mut d = setup.start();
    d.send("terminate.shutdown\t-\t-\t-\t77");
    d.exits_with(5);
}

/// A second one is a request like the first: it needs the code as well.
#[test]
fn the_guard_is_asked_for_the_second_one_too() {
    let setup = Setup::interactive().args(["--exit-guard", "77", "-E", "/bin/sh\t-c\texit 5"]);
    let mut d = setup.start();
    d.define_shell("web", STUBBORN);
    d.run("web");
    exists(&d, "ready");
    d.send("terminate.shutdown\t1000\t-\t-\t77");
    d.wait_for("terminate.state\tstopping\t1");
    d.refuses("terminate.shutdown\t0", "terminate guard code required");
    d.send("terminate.shutdown\t0\t-\t-\t77");
    d.wait_for(killed("web", "SIGKILL"));
    d.exits_with(5);
}

#[test]
fn exit_exec_is_told_the_status() {
    let rescue = "/bin/sh\t-c\techo \"$DAEMONPROXY_EXITCODE:$DAEMONPROXY_ERROR\" > found; exit 99";
    for (script, code) in [(WILLING, "0"), (STUBBORN, "10")] {
        let mut d = Setup::interactive().args(["-E", rescue]).start();
        d.define_shell("web", script);
        d.run("web");
        exists(&d, "ready");
        d.send("terminate.shutdown\t1");
        d.exits_with(99);
        let found = d.read("found");
        let (got, reason) = found.trim_end().split_once(':').unwrap();
        assert_eq!(got, code, "{found}");
        assert!(reason.contains("shutdown"), "{found}");
        nobody_is_left(&d);
    }
}

/// All listeners: the session that asked, a connection, and a service.
#[test]
fn every_controller_sees_every_service_end_before_its_own_stream_does() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    d.open_output("seen");
    // Started before, and first in every list.
    d.define("a-controller", &["/bin/cat"]);
    d.give_fds("a-controller", &["control.event", "seen", "stderr"]);
    d.run("a-controller");
    other.sync();
    for name in ["web", "xyz"] {
        let ready = format!("{name}.ready");
        let script = format!("trap 'sleep 0.2; exit 0' TERM; echo > {ready}; {FOREVER}");
        d.define_shell(name, &script);
        d.run(name);
        exists(&d, &ready);
    }
    d.send("terminate.shutdown");
    let (mine, others) = (d.lines_to_end(), other.lines_to_end());
    d.exits_with(0);
    let seen = d.read("seen");
    let seen: Vec<&str> = seen.lines().collect();
    for name in ["web", "xyz"] {
        let down = format!("service.state\t{name}\tdown");
        assert!(mine.iter().any(|l| l.starts_with(&down)), "{mine:#?}");
        assert!(others.iter().any(|l| l.starts_with(&down)), "{others:#?}");
        assert!(seen.iter().any(|l| l.starts_with(&down)), "{seen:#?}");
    }
    let down = "service.state\ta-controller\tdown";
    let last = |lines: &[String]| lines.iter().any(|l| l.starts_with(down));
    assert!(last(&mine) && last(&others), "{mine:#?}");
    assert_eq!(mine.last().unwrap(), "terminate.state\tflushing\t0");
    assert_eq!(others.last().unwrap(), "terminate.state\tflushing\t0");
}

/// A controller is spared while services run, also those in a circle of pipes.
#[test]
fn a_controller_sees_the_end_of_a_circle_of_pipes() {
    let mut d = Daemon::interactive();
    d.make_pipe("p");
    d.make_pipe("q");
    for (name, from, to) in [("a", "p.r", "q.w"), ("b", "q.r", "p.w")] {
        d.define(name, &["/bin/cat"]);
        d.give_fds(name, &[from, to, "stderr"]);
        d.run(name);
    }
    d.open_output("seen");
    d.define("controller", &["/bin/cat"]);
    d.give_fds("controller", &["control.event", "seen", "stderr"]);
    d.run("controller");
    d.send("terminate.shutdown\t4");
    d.exits_with(0);
    let seen = d.read("seen");
    for name in ["a", "b"] {
        assert!(seen.contains(&format!("service.state\t{name}\tdown")), "{seen}");
    }
}

/// On one descriptor for both directions, with a program that only ends at end of file.
#[test]
fn a_controller_on_control_socket_gets_end_of_file_after_the_last_event() {
    let mut d = Daemon::interactive();
    let script = "exec 3<&0; while read -r line; do echo \"$line\" >&2; done; echo eof >&2";
    d.open_output("seen");
    d.define_shell("controller", script);
    d.give_fds("controller", &["control.socket", "null", "seen"]);
    d.run("controller");
    d.define_sleeper("web");
    d.run("web");
    d.send("terminate.shutdown");
    d.wait_for(exited("controller", 0));
    d.exits_with(0);
    let seen = d.read("seen");
    assert!(seen.contains("service.state\tweb\tdown"), "{seen}");
    assert!(seen.ends_with("eof\n"), "{seen}");
}

/// The controller itself gives the order, as most will.
#[test]
fn a_service_may_ask_for_it() {
    let setup = Setup::default().config(lines(&[
        "service.args\tweb\t/bin/sleep\t300",
        "service.start\tweb",
        "fd.open\tseen\twrite,create\tseen",
        "service.args\tctl\t/bin/sh\t-c\tprintf 'terminate.shutdown\\n' >&3; exec cat",
        "service.fds\tctl\tcontrol.event\tseen\tstderr\tcontrol.cmd",
        "service.start\tctl",
    ]));
    let mut d = setup.spawn();
    d.exits_with(0);
    let seen = d.read("seen");
    assert!(seen.contains("service.state\tweb\tdown"), "{seen}");
    nobody_is_left(&d);
}

#[test]
fn it_may_stand_in_a_config_file() {
    let mut d = Setup::default()
        .config(lines(&[
            "service.args\tweb\t/bin/sleep\t300",
            "service.start\tweb",
            "terminate.shutdown",
            "service.start\tweb",
        ]))
        .spawn();
    d.exits_with(0);
    nobody_is_left(&d);
}

#[test]
fn a_controller_that_does_not_read_delays_the_end_no_longer_than_told() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    // More than the kernel's buffers and the daemon's hold.
    let padding = "x".repeat(1000);
    let mut sent = 0;
    while other.wait_for_room(Duration::from_millis(300)) && sent < 5000 {
        other.push(format!("echo\t{padding}\n").as_bytes());
        sent += 1;
    }
    let begin = Instant::now();
    d.send("terminate.shutdown\t1\t1\t1");
    d.exits_with(0);
    let took = begin.elapsed();
    assert!(took >= Duration::from_millis(990) && took < Duration::from_secs(6), "{took:?}");
}

/// All that there is room for, or the word that something was missed.
#[test]
fn a_controller_that_reads_late_gets_everything() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    d.define_sleeper("web");
    d.run("web");
    let padding = "x".repeat(1000);
    let mut sent = 0;
    while other.wait_for_room(Duration::from_millis(300)) && sent < 5000 {
        other.push(format!("echo\t{padding}\n").as_bytes());
        sent += 1;
    }
    d.send("terminate.shutdown");
    d.wait_for("terminate.state\tflushing\t0");
    let lines = other.lines_to_end();
    let told = |l: &String| l.starts_with("service.state\tweb\tdown") || l == "overflow";
    assert!(lines.iter().any(told), "{:?}", lines.last());
    d.exits_with(0);
}

#[test]
fn the_end_of_the_session_meanwhile_does_not_cut_it_short() {
    let mut d = Daemon::interactive();
    let script = "trap 'sleep 0.5; echo > tidied; exit 0' TERM; echo > ready";
    d.define_shell("web", &format!("{script}; {FOREVER}"));
    d.run("web");
    exists(&d, "ready");
    d.send("terminate.shutdown");
    d.wait_for("terminate.state\tstopping\t1");
    d.close_input();
    d.exits_with(0);
    exists(&d, "tidied");
}

#[test]
fn its_socket_file_is_gone_afterwards() {
    let mut d = Setup::interactive().socket().start();
    d.send("terminate.shutdown");
    d.exits_with(0);
    assert!(!std::path::Path::new(&d.path("control")).exists());
}

/// It becomes another program at SIGTERM, under the same pid.
#[test]
fn a_service_that_restarts_itself_ends_in_time() {
    let mut d = Daemon::interactive();
    let again = format!("exec sh -c \"trap : TERM; {FOREVER}\"");
    d.define_shell("web", &format!("trap '{again}' TERM; echo > ready; {FOREVER}"));
    d.run("web");
    exists(&d, "ready");
    d.send("terminate.shutdown\t1");
    d.wait_for(killed("web", "SIGKILL"));
    d.exits_with(10);
    nobody_is_left(&d);
}

#[test]
fn a_hundred_services() {
    let mut d = Daemon::interactive();
    for i in 0..100 {
        d.ask(&format!("service.args\ts{i}\t/bin/sleep\t300"));
        d.send(&format!("service.start\ts{i}"));
        d.expect(&[starting(&format!("s{i}")), up(&format!("s{i}"))]);
    }
    d.send("terminate.shutdown");
    let lines = d.lines_to_end();
    d.exits_with(0);
    let down = lines.iter().filter(|l| l.contains("\tdown\t") && l.contains("SIGTERM")).count();
    assert_eq!(down, 100);
    nobody_is_left(&d);
}
