//! `terminate.shutdown` along the pipes: whatever was written before or after SIGTERM is read.

use daemonproxy_testing::{Setup, eventually, exited, kill, killed, state};

use crate::helpers::{
    assert_complete, daemon_with_writers, exists, has_written, nobody_is_left, run_writer,
    with_writers,
};

#[test]
fn a_logger_gets_the_last_words_of_its_service() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.run_logger("log", "p.r");
    run_writer(&mut d, "web", "p.w", 500, "0.001");
    has_written(&d, "web", 20);
    d.send("terminate.shutdown");
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
    nobody_is_left(&d);
}

/// A service that dies of the signal at once still has lines in the pipe.
#[test]
fn a_logger_gets_everything_from_a_service_without_a_handler() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.run_logger("log", "p.r");
    let script = "i=0; while :; do echo web $i; echo web $i >> web.wrote; i=$((i+1)); done";
    d.define_shell("web", script);
    d.give_fds("web", &["null", "p.w", "stderr"]);
    d.run("web");
    has_written(&d, "web", 100);
    d.send("terminate.shutdown");
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
}

#[test]
fn the_logger_ends_after_its_service_and_by_end_of_file() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.run_logger("log", "p.r");
    run_writer(&mut d, "web", "p.w", 10, "0.001");
    has_written(&d, "web", 1);
    d.send("terminate.shutdown");
    let (before, _) = d.lines_until(exited("web", 0));
    assert!(!before.iter().any(|l| l.starts_with("service.state\tlog\tdown")), "{before:?}");
    // Exit 0, and not by a signal: it has read to the end.
    d.wait_for(exited("log", 0));
    d.exits_with(0);
}

#[test]
fn a_chain_of_three_stops_from_its_beginning() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.make_pipe("q");
    // Started back to front, so that the order of the starts is no help.
    d.run_logger("c", "q.r");
    d.define("b", &["perl", "-pe", "BEGIN { $| = 0 }"]);
    d.give_fds("b", &["p.r", "q.w", "stderr"]);
    d.run("b");
    run_writer(&mut d, "a", "p.w", 1000, "0.001");
    has_written(&d, "a", 20);
    d.send("terminate.shutdown");
    d.wait_for(exited("a", 0));
    d.wait_for(exited("b", 0));
    d.wait_for(exited("c", 0));
    d.exits_with(0);
    assert_complete(&d, "c.log", &["a"]);
    nobody_is_left(&d);
}

#[test]
fn two_services_share_a_logger() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    run_writer(&mut d, "one", "p.w", 10, "0.001");
    d.run_logger("log", "p.r");
    // This one takes its time, long after the first has gone.
    d.define_shell(
        "two",
        "trap 'sleep 0.4; i=0; while [ $i -lt 300 ]; do echo two $i; echo two $i >> two.wrote; \
         i=$((i+1)); done; exit 0' TERM; echo > ready; while :; do sleep 0.01; done",
    );
    d.give_fds("two", &["null", "p.w", "stderr"]);
    d.run("two");
    exists(&d, "ready");
    has_written(&d, "one", 10);
    d.send("terminate.shutdown");
    d.wait_for(exited("two", 0));
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["one", "two"]);
}

/// Three quarters of a megabyte wait when it begins, and the logger has not read a byte.
#[test]
fn a_full_pipe_is_read_to_the_end() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    let reader = "until [ -e go ]; do sleep 0.02; done; exec cat";
    d.define_logger("log", "p.r", reader);
    d.run("log");
    d.define("web", &["perl", "big_writer.pl", "web", "200", "0", "12000"]);
    d.give_fds("web", &["null", "p.w", "stderr"]);
    d.run("web");
    exists(&d, "web.full");
    d.send("terminate.shutdown");
    d.wait_for(exited("web", 0));
    std::fs::write(d.path("go"), "").unwrap();
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
    assert!(d.read("log.log").len() > 600_000);
}

/// It needs more than a second for what is in the pipe, and dies of SIGTERM.
#[test]
fn a_slow_logger_is_given_its_time() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    let slowly = "$| = 1; while (sysread(STDIN, my $piece, 4096)) { syswrite(STDOUT, $piece); \
                  select(undef, undef, undef, 0.1) }";
    d.define("log", &["perl", "-e", slowly]);
    d.open_output("log.log");
    d.give_fds("log", &["p.r", "log.log", "stderr"]);
    d.run("log");
    run_writer(&mut d, "web", "p.w", 0, "0");
    has_written(&d, "web", 1200);
    d.send("terminate.shutdown");
    d.wait_for(exited("web", 0));
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
}

/// One that writes when its input ends: SIGTERM too soon would lose all that it has collected.
#[test]
fn a_logger_that_writes_late_is_given_its_time() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.define_logger("log", "p.r", "lines=$(cat); sleep 0.5; echo \"$lines\"");
    d.run("log");
    run_writer(&mut d, "web", "p.w", 50, "0.001");
    has_written(&d, "web", 50);
    d.send("terminate.shutdown");
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
}

/// It reads for ever, end of file or not.
#[test]
fn a_logger_that_does_not_end_by_itself_gets_sigterm() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.define_logger("log", "p.r", "cat; echo done > drained; exec sleep 300");
    d.run("log");
    run_writer(&mut d, "web", "p.w", 50, "0.001");
    has_written(&d, "web", 10);
    d.send("terminate.shutdown\t2");
    d.wait_for(killed("log", "SIGTERM"));
    d.exits_with(0);
    assert_eq!(d.read("drained"), "done\n");
    assert_complete(&d, "log.log", &["web"]);
}

#[test]
fn one_logger_reads_two_pipes() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.make_pipe("q");
    d.open_output("log.log");
    d.define_shell("log", "cat <&3 & cat; wait");
    d.give_fds("log", &["p.r", "log.log", "stderr", "q.r"]);
    d.run("log");
    run_writer(&mut d, "one", "p.w", 5, "0.001");
    run_writer(&mut d, "two", "q.w", 400, "0.001");
    has_written(&d, "one", 10);
    has_written(&d, "two", 10);
    d.send("terminate.shutdown");
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    let both = d.read("log.log");
    for writer in ["one", "two"] {
        let wrote = d.read(&format!("{writer}.wrote"));
        let logged: Vec<&str> = both.lines().filter(|l| l.starts_with(writer)).collect();
        assert_eq!(logged, wrote.lines().collect::<Vec<_>>());
    }
}

#[test]
fn a_circle_of_pipes_ends() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.make_pipe("q");
    for (name, from, to) in [("a", "p.r", "q.w"), ("b", "q.r", "p.w")] {
        d.define(name, &["/bin/cat"]);
        d.give_fds(name, &[from, to, "stderr"]);
        d.run(name);
    }
    d.send("terminate.shutdown");
    d.wait_for_all(&[killed("a", "SIGTERM"), killed("b", "SIGTERM")]);
    d.exits_with(0);
    nobody_is_left(&d);
}

/// One after the other they would take twenty times as long as they are given.
#[test]
fn circles_that_are_not_connected_end_together() {
    let mut d = daemon_with_writers();
    for i in 0..20 {
        d.make_pipe(&format!("p{i}"));
        d.make_pipe(&format!("q{i}"));
        for (name, from, to) in [("a", "p", "q"), ("b", "q", "p")] {
            let name = format!("{name}{i}");
            d.define(&name, &["/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done"]);
            d.give_fds(&name, &[&format!("{from}{i}.r"), &format!("{to}{i}.w"), "stderr"]);
            d.run(&name);
        }
    }
    d.send("terminate.shutdown\t2\t2\t1");
    d.wait_exit();
    nobody_is_left(&d);
}

/// Its own reader is what a service with both ends of a pipe is.
#[test]
fn a_service_that_reads_from_itself_ends() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.define("a", &["/bin/cat"]);
    d.give_fds("a", &["p.r", "p.w", "stderr"]);
    d.run("a");
    d.send("terminate.shutdown\t2");
    d.wait_for(killed("a", "SIGTERM"));
    d.exits_with(0);
}

/// The list is for the next start; the service that runs still writes into the pipe.
#[test]
fn a_list_that_was_changed_since_the_start() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.run_logger("log", "p.r");
    run_writer(&mut d, "web", "p.w", 500, "0.001");
    has_written(&d, "web", 20);
    d.give_fds("web", &["null", "null", "null"]);
    d.send("terminate.shutdown");
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
}

/// The daemon has no write end any more: the logger gets end of file without it.
#[test]
fn a_write_end_that_was_deleted_since_the_start() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.run_logger("log", "p.r");
    run_writer(&mut d, "web", "p.w", 500, "0.001");
    has_written(&d, "web", 20);
    d.answers("fd.delete\tp.w", &["fd.state\tp.w\tdeleted"]);
    d.send("terminate.shutdown");
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
}

/// Neither end is the daemon's any more.
#[test]
fn a_pipe_that_was_deleted_since_the_start() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.run_logger("log", "p.r");
    run_writer(&mut d, "web", "p.w", 500, "0.001");
    has_written(&d, "web", 20);
    d.ask("fd.delete\tp.r");
    d.ask("fd.delete\tp.w");
    d.send("terminate.shutdown");
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
}

#[test]
fn a_logger_that_service_pipe_made() {
    let mut d = daemon_with_writers();
    d.ask("service.pipe\tweb\t1\t/bin/sh\t-c\texec cat >> log.log");
    d.ask("service.args\tweb\tperl\twriter.pl\tweb\t500\t0.001\t0");
    d.ask("service.auto_up\tweb\t1\talways");
    has_written(&d, "web", 20);
    d.send("terminate.shutdown");
    d.wait_for(exited("web-log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
    nobody_is_left(&d);
}

/// A controller may have a logger too: first the services, then it, then its logger.
#[test]
fn a_controller_with_a_logger() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.run_logger("log", "p.r");
    d.define("ctl", &["/bin/cat"]);
    d.give_fds("ctl", &["control.event", "p.w", "stderr"]);
    d.run("ctl");
    run_writer(&mut d, "web", "null", 20, "0.001");
    has_written(&d, "web", 5);
    d.send("terminate.shutdown");
    d.wait_for(exited("web", 0));
    d.wait_for(exited("ctl", 0));
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    let log = d.read("log.log");
    assert!(log.contains("service.state\tweb\tdown\t"), "{log}");
}

/// A circle, and a logger after it: the circle stops, and its logger reads everything.
#[test]
fn a_circle_with_a_logger_behind_it() {
    let mut d = daemon_with_writers();
    for pipe in ["p", "q", "l"] {
        d.make_pipe(pipe);
    }
    d.run_logger("log", "l.r");
    d.define("b", &["/bin/cat"]);
    d.give_fds("b", &["q.r", "p.w", "stderr"]);
    d.run("b");
    d.define("a", &["perl", "writer.pl", "a", "300", "0.001", "0"]);
    d.give_fds("a", &["p.r", "l.w", "stderr", "q.w"]);
    d.run("a");
    has_written(&d, "a", 20);
    d.send("terminate.shutdown");
    let (before, _) = d.lines_until(exited("log", 0));
    assert!(before.iter().any(|l| l.starts_with("service.state\ta\tdown")), "{before:?}");
    d.exits_with(0);
    assert_complete(&d, "log.log", &["a"]);
}

/// What cannot be in the pipe yet, because the pipe is full.
#[test]
fn a_writer_that_is_blocked_by_a_full_pipe() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.define_logger("log", "p.r", "until [ -e go ]; do sleep 0.02; done; exec cat");
    d.run("log");
    let web = run_writer(&mut d, "web", "p.w", 100, "0");
    has_written(&d, "web", 600);
    eventually("the writer is blocked", || (state(web) == Some('S')).then_some(()));
    d.send("terminate.shutdown");
    d.wait_for("terminate.state\tstopping\t2");
    std::fs::write(d.path("go"), "").unwrap();
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
}

/// The writer has to be killed; what it had written is still read.
#[test]
fn the_logger_outlives_a_writer_that_must_be_killed() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.run_logger("log", "p.r");
    let script = "trap '' TERM; i=0; while :; do echo web $i; echo web $i >> web.wrote; \
                  i=$((i+1)); done";
    d.define_shell("web", script);
    d.give_fds("web", &["null", "p.w", "stderr"]);
    d.run("web");
    has_written(&d, "web", 100);
    d.send("terminate.shutdown\t1");
    d.wait_for(killed("web", "SIGKILL"));
    d.wait_for(exited("log", 0));
    d.exits_with(10);
    assert_complete(&d, "log.log", &["web"]);
}

/// A logger that was stopped cannot read, until it is told to go on: not even the end of its input.
#[test]
fn a_logger_that_was_stopped() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    let log = d.run_logger("log", "p.r");
    run_writer(&mut d, "web", "p.w", 20, "0.001");
    has_written(&d, "web", 10);
    kill(log, libc::SIGSTOP);
    eventually("it stops", || (state(log) == Some('T')).then_some(()));
    d.send("terminate.shutdown\t2\t2");
    // Its turn begins with SIGCONT: it reads to the end.
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
    nobody_is_left(&d);
}

/// A pipe into which nobody writes any more: its reader need not wait for anybody.
#[test]
fn a_logger_without_a_service_ends() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.run_logger("log", "p.r");
    d.send("terminate.shutdown");
    d.wait_for(exited("log", 0));
    d.exits_with(0);
}

/// The service of a logger is between two starts: the logger still gets all that is in the pipe.
#[test]
fn a_service_that_is_down_already() {
    let mut d = daemon_with_writers();
    d.make_pipe("p");
    d.define_shell("web", "seq -f 'web %g' 1 2000 | tee web.wrote");
    d.give_fds("web", &["null", "p.w", "stderr"]);
    d.run_to_end("web");
    d.ask("service.auto_up\tweb\t300\talways");
    d.define_logger("log", "p.r", "sleep 0.3; exec cat");
    d.run("log");
    d.send("terminate.shutdown");
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
}

/// Of a pair of sockets the first name is the end to read from, as in a pipe.
#[test]
fn a_pair_of_sockets_that_is_used_as_a_pipe() {
    let mut d = daemon_with_writers();
    d.ask("fd.pipe\tp.r\tp.w\tstream");
    d.run_logger("log", "p.r");
    run_writer(&mut d, "web", "p.w", 500, "0.001");
    has_written(&d, "web", 20);
    d.send("terminate.shutdown");
    d.wait_for(exited("web", 0));
    d.wait_for(exited("log", 0));
    d.exits_with(0);
    assert_complete(&d, "log.log", &["web"]);
}

#[test]
fn everything_at_once_with_twenty_services() {
    let mut d = daemon_with_writers();
    let mut names = Vec::new();
    for i in 0..5 {
        let pipe = format!("p{i}");
        d.make_pipe(&pipe);
        d.run_logger(&format!("log{i}"), &format!("{pipe}.r"));
        for part in ["x", "y", "z"] {
            let name = format!("{part}{i}");
            run_writer(&mut d, &name, &format!("{pipe}.w"), 40, "0.002");
            names.push(name);
        }
    }
    names.iter().for_each(|name| has_written(&d, name, 5));
    d.send("terminate.shutdown");
    d.exits_with(0);
    for i in 0..5 {
        let parts = ["x", "y", "z"].map(|part| format!("{part}{i}"));
        assert_complete(&d, &format!("log{i}.log"), &parts.each_ref().map(String::as_str));
    }
    nobody_is_left(&d);
}

/// The daemon's own log goes through a pipe into a service, and reports the end of every other
/// service.
#[test]
fn the_log_of_the_daemon_goes_on_to_the_last_service() {
    let mut d = with_writers(Setup::new(["-iv"])).start();
    d.make_pipe("p");
    d.make_pipe("l");
    d.run_logger("daemon-log", "l.r");
    d.answers("log.dest\tfd\tl.w", &[] as &[&str]);
    d.ask("log.filter\tnone");
    d.run_logger("log", "p.r");
    run_writer(&mut d, "web", "p.w", 10, "0.001");
    d.define_shell("stubborn", "trap '' TERM; echo > ready; while :; do sleep 0.01; done");
    d.run("stubborn");
    exists(&d, "ready");
    has_written(&d, "web", 10);
    d.send("terminate.shutdown\t1");
    d.wait_for(exited("daemon-log", 0));
    d.exits_with(10);
    let log = d.read("daemon-log.log");
    assert!(log.contains("shutting down"), "{log}");
    assert!(log.contains("service 'stubborn' does not end: killing it"), "{log}");
    assert!(log.ends_with('\n'), "{log}");
    assert_complete(&d, "log.log", &["web"]);
}

/// Its reader is slow, the pipe is full, and more is still in the daemon.
#[test]
fn the_log_of_the_daemon_is_complete_with_a_slow_reader() {
    let mut d = Setup::interactive().start();
    d.make_pipe("l");
    d.define_logger("daemon-log", "l.r", "until [ -e go ]; do sleep 0.02; done; exec cat");
    d.run("daemon-log");
    d.answers("log.dest\tfd\tl.w", &[] as &[&str]);
    // Until the pipe is full and the daemon counts what it loses.
    for i in 0..2000 {
        d.send(&format!("no.such.command.{i}"));
    }
    d.sync();
    d.define_shell("web", "trap 'exit 0' TERM; echo > ready; while :; do sleep 0.01; done");
    d.run("web");
    exists(&d, "ready");
    d.send("terminate.shutdown");
    d.wait_for(exited("web", 0));
    std::fs::write(d.path("go"), "").unwrap();
    d.wait_for(exited("daemon-log", 0));
    d.exits_with(0);
    let log = d.read("daemon-log.log");
    assert!(log.contains("no.such.command.0"), "{log}");
    // The last thing that it read is how much it did not: the count must not go elsewhere.
    let lost = log.lines().find_map(|l| l.strip_prefix("warning: lost ")?.split(' ').next());
    let lost: usize = lost.expect("the count of lost messages").parse().unwrap();
    let told = log.lines().filter(|l| l.contains("no.such.command.")).count();
    assert!(told + lost >= 2000, "{told} told and {lost} lost");
}
