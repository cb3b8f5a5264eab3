//! A stop is about a process group: nothing that a service has started stays behind, with its
//! ports.

use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::helpers::{exists, family, nobody_is_left};
use daemonproxy_testing::{
    Daemon, Setup, alive, children, eventually, exited, kill, killed, lines, state,
};

/// Listens at a port of its own, and tells which.
const SERVER: &str = r#"
use strict; use warnings; use IO::Socket::INET;
my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
open(my $port, '>', 'port.new') or die $!;
print $port $socket->sockport; close $port; rename 'port.new', 'port';
while (my $peer = $socket->accept) { print $peer "hello\n" }
"#;

/// Ends at SIGTERM with a status of its own; its child ignores that.
const LEAVES_A_CHILD: &str = "(trap '' TERM; echo > child.ready; while :; do sleep 0.05; done) & \
                              trap 'exit 3' TERM; echo > ready; while :; do sleep 0.01; done";

/// A daemon with a service whose child outlives it.
fn leaves_a_child() -> Daemon {
    let mut d = Daemon::interactive();
    d.define_shell("web", LEAVES_A_CHILD);
    d.run("web");
    exists(&d, "ready");
    exists(&d, "child.ready");
    d
}

/// By a signal, with no controller: as somebody types ^C, or as a container is stopped.
#[test]
fn a_server_that_a_shell_has_started_goes_with_it() {
    let config = lines(&[
        "service.args\tweb\t/bin/sh\t-c\tcd . && perl server.pl; echo",
        "service.start\tweb",
    ]);
    let mut d = Setup::new([""; 0]).file("server.pl", SERVER).config(config).spawn();
    exists(&d, "port");
    let port: u16 = d.read("port").parse().unwrap();
    TcpStream::connect(("127.0.0.1", port)).unwrap();
    d.signal(libc::SIGTERM);
    d.exits_with(0);
    nobody_is_left(&d);
    TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
}

/// The new one can have the port that a child of the old one held.
#[test]
fn a_restart_ends_with_the_new_one_listening() {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let server = SERVER.replace(
        "LocalAddr => '127.0.0.1'",
        &format!("LocalAddr => '127.0.0.1', LocalPort => {port}"),
    );
    let mut d = Setup::interactive().file("server.pl", server).start();
    d.define_shell("web", "cd . && perl server.pl; echo");
    d.run("web");
    for _ in 0..3 {
        exists(&d, "port");
        let old = TcpStream::connect(("127.0.0.1", port)).unwrap();
        std::fs::remove_file(d.path("port")).unwrap();
        d.send("service.restart\tweb");
        d.wait_for(daemonproxy_testing::up("web"));
        exists(&d, "port");
        TcpStream::connect(("127.0.0.1", port)).expect("the new one listens");
        drop(old);
    }
}

#[test]
fn the_status_of_the_main_process_is_told_at_its_end_and_its_number_is_kept() {
    let mut d = leaves_a_child();
    let web = children(d.pid())[0];
    d.send("terminate.shutdown\t1000");
    d.wait_for(exited("web", 3));
    d.answers("echo\tx", &["x"]);
    assert_eq!(state(web), Some('Z'), "nobody else can have its number");
    assert_eq!(family(d.pid()).len(), 3, "the daemon, the child, and its sleep");
    d.refuses("service.delete\tweb", "service is running");
    d.send("terminate.shutdown\t0");
    d.exits_with(10);
    nobody_is_left(&d);
}

#[test]
fn a_child_that_ignores_sigterm_is_killed_at_the_deadline() {
    let mut d = leaves_a_child();
    let begin = Instant::now();
    d.send("terminate.shutdown\t1");
    d.wait_for(exited("web", 3));
    d.expect(&["terminate.state\tkilling\t1", "terminate.state\tflushing\t0"]);
    d.exits_with(10);
    assert!(begin.elapsed() >= Duration::from_millis(990), "{:?}", begin.elapsed());
    nobody_is_left(&d);
}

/// At SIGTERM there are more and more of them.
#[test]
fn children_that_multiply_are_all_gone() {
    let mut d = Daemon::interactive();
    let fork = "$SIG{TERM} = sub { fork for 1 .. 3 }; open(my $f, '>', 'child.ready'); \
                select(undef, undef, undef, 0.05) while 1";
    d.define_shell("web", &format!("perl -e \"{}\" & wait", fork.replace('$', "\\$")));
    d.run("web");
    exists(&d, "child.ready");
    d.send("terminate.shutdown\t1");
    d.wait_for(killed("web", "SIGTERM"));
    d.exits_with(10);
    nobody_is_left(&d);
}

/// The one that is kept is always the first that the kernel shows.
#[test]
fn others_that_end_meanwhile_are_told_at_once() {
    let mut d = leaves_a_child();
    for i in 0..5 {
        // Their handlers wait for a word from here.
        let script = format!(
            "trap 'until [ -e go{i} ]; do sleep 0.01; done; exit {i}' TERM; \
             echo > s{i}.ready; while :; do sleep 0.01; done"
        );
        d.define_shell(&format!("s{i}"), &script);
        d.run(&format!("s{i}"));
        exists(&d, &format!("s{i}.ready"));
    }
    d.send("terminate.shutdown\t1000");
    d.wait_for(exited("web", 3));
    for i in [3, 1, 4, 0, 2] {
        std::fs::write(d.path(&format!("go{i}")), "").unwrap();
        d.wait_for(exited(&format!("s{i}"), i));
    }
    d.wait_for("terminate.state\tstopping\t1");
    d.send("terminate.shutdown\t0");
    d.exits_with(10);
}

/// A child whose own child died unwaited: nobody waits for zombies.
#[test]
fn zombies_of_others_hold_up_nobody() {
    let mut d = Daemon::interactive();
    // The parent of the zombie has left the group, so it is not stopped with it.
    let script = "setsid perl -e 'setpgrp(0, 0)' & \
                  perl -e 'my $group = getppid; if (fork) { setpgrp(0, 0); open(my $f, \">\", \"ready\"); \
                  print $f $$; close $f; sleep 300 } else { exit }' & wait";
    d.define_shell("web", script);
    d.run("web");
    exists(&d, "ready");
    eventually("it has written its pid", || d.read("ready").trim().parse::<i64>().ok());
    let stays: i64 = d.read("ready").trim().parse().unwrap();
    eventually("its child is a zombie", || {
        children(stays).iter().any(|&child| state(child) == Some('Z')).then_some(())
    });
    d.send("terminate.shutdown\t1000");
    d.exits_with(0);
    assert!(alive(stays), "it had left the group");
    kill(stays, libc::SIGKILL);
}

/// No /proc to look at: the kernel is asked for the group instead.
#[test]
fn it_goes_without_proc() {
    let hide = "mount -t tmpfs none /proc && exec \"$@\"";
    let way = ["unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", hide, "sh"];
    let tried = std::process::Command::new(way[0]).args(&way[1..]).arg("true").output();
    if !tried.is_ok_and(|output| output.status.success()) {
        println!("skipped: this kernel does not let us hide /proc");
        return;
    }
    for (term, code) in [("1000", 0), ("1", 10)] {
        let mut d = Setup::interactive().wrapped_in(&way).start();
        let script = match code {
            0 => "sleep 300; echo",
            _ => LEAVES_A_CHILD,
        };
        d.define_shell("web", script);
        let web = d.run("web");
        eventually("it has a child", || (!children(web).is_empty()).then_some(()));
        if code == 10 {
            exists(&d, "ready");
            exists(&d, "child.ready");
        }
        d.send(&format!("terminate.shutdown\t{term}"));
        d.exits_with(code);
        nobody_is_left(&d);
    }
}

/// ^C twice: somebody does not want to wait. An end that was ordered is not the first ^C.
#[test]
fn a_second_signal_means_sigkill_now() {
    for ordered in [true, false] {
        let script = "trap '' TERM; echo > ready; while :; do sleep 0.01; done";
        let config =
            lines(&[&format!("service.args\tweb\t/bin/sh\t-c\t{script}"), "service.start\tweb"]);
        let mut d = Setup::new([""; 0]).config(config).socket().spawn();
        exists(&d, "ready");
        if ordered {
            let mut conn = d.connect();
            conn.send("terminate.shutdown\t1000\t1000");
            conn.wait_for("terminate.state\tstopping\t1");
            conn.send("exit");
            conn.expect_end();
        }
        d.signal(libc::SIGTERM);
        d.log.wait_for("shutting down");
        d.signal(libc::SIGINT);
        d.exits_with(10);
        nobody_is_left(&d);
    }
}

#[test]
fn a_second_signal_means_sigkill_now_whoever_listens() {
    let mut d = leaves_a_child();
    d.signal(libc::SIGTERM);
    d.wait_for("signal\tSIGTERM\t{ts}\t1");
    d.send("terminate.shutdown\t1000");
    d.wait_for(exited("web", 3));
    d.signal(libc::SIGTERM);
    d.wait_for("signal\tSIGTERM\t{ts}\t2");
    d.wait_for("terminate.state\tkilling\t1");
    d.exits_with(10);
    nobody_is_left(&d);
}

/// As a shell with job control does it: each job is in a group of its own.
const JOBS: &str = "perl -e 'setpgrp(0, 0); $SIG{TERM} = \"IGNORE\"; open(my $f, \">\", \"job.ready\"); \
                    close $f; select(undef, undef, undef, 0.05) while 1' & \
                    perl -e 'setpgrp(0, 0); sleep 300' & exec sleep 300";

#[test]
fn all_of_a_session_is_stopped_whatever_groups_it_has() {
    let mut d = Daemon::interactive();
    d.define_shell("web", JOBS);
    d.ask("service.options\tweb\tsession");
    let web = d.run("web");
    exists(&d, "job.ready");
    let others = || family(web).into_iter().filter(|&pid| pid != web).count();
    eventually("they are in its session", || (others() >= 2).then_some(()));
    d.send("service.stop\tweb\t1");
    d.wait_for(killed("web", "SIGTERM"));
    eventually("its session is empty", || (others() == 0).then_some(()));
    d.ask("service.delete\tweb");
}

#[test]
fn a_shutdown_stops_all_of_a_session() {
    let mut d = Daemon::interactive();
    d.define_shell("web", JOBS);
    d.ask("service.options\tweb\tsession");
    let web = d.run("web");
    exists(&d, "job.ready");
    d.send("terminate.shutdown\t1");
    d.wait_for(killed("web", "SIGTERM"));
    d.exits_with(10);
    assert_eq!(family(web), [0; 0], "nobody of its session");
}

#[test]
fn with_kill_main_the_others_are_left_alone() {
    let mut d = leaves_a_child();
    d.ask("service.options\tweb\tkill=main");
    d.send("terminate.shutdown\t1000");
    d.wait_for(exited("web", 3));
    d.exits_with(0);
    let left = family(d.pid());
    assert!(!left.is_empty(), "the child lives");
    left.into_iter().for_each(|pid| kill(pid, libc::SIGKILL));
}
