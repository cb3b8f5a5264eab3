//! A program whose execution takes its time, as on a network file system that hangs: a write lease,
//! which anybody can take on a file of his own, lets execve(2) wait until it is given back, or for
//! 45 seconds (fcntl(2)). Nobody else may notice.

use daemonproxy_testing::{
    Daemon, LeasedProgram, Setup, alive, eventually, exited, killed, starting, state, status_field,
    up,
};

/// The process is there, and not yet its program.
fn hangs(pid: i64) -> bool {
    alive(pid) && !is_executed(pid)
}

fn is_executed(pid: i64) -> bool {
    status_field(pid, "Name").as_deref() == Some(LeasedProgram::NAME)
}

#[test]
fn everything_else_goes_on() {
    let mut d = Setup::interactive().socket().start();
    let program = LeasedProgram::new(&d);
    let pid = program.hang(&mut d, "web");
    d.define("other", &["/bin/true"]);
    d.run_to_end("other");
    d.connect().sync();
    d.signal(libc::SIGHUP);
    d.expect(&["signal\tSIGHUP\t{ts}\t1"]);
    assert!(hangs(pid));
    program.release();
    eventually("it is executed", || is_executed(pid).then_some(()));
    d.stop("web");
}

/// More than there are places for in the daemon's memory.
#[test]
fn many_at_once() {
    let mut d = Daemon::interactive();
    let program = LeasedProgram::new(&d);
    let names: Vec<String> = (0..20).map(|nth| format!("web{nth}")).collect();
    let pids: Vec<i64> = names.iter().map(|name| program.hang(&mut d, name)).collect();
    d.define("other", &["/bin/true"]);
    d.run_to_end("other");
    for name in &names[..10] {
        d.stop(name);
    }
    assert!(pids[10..].iter().all(|&pid| hangs(pid)));
    // Their places are free again.
    for _ in 0..20 {
        d.run_to_end("other");
    }
    program.release();
    for (name, &pid) in names.iter().zip(&pids).skip(10) {
        eventually("it is executed", || is_executed(pid).then_some(()));
        d.stop(name);
    }
}

/// It has no handlers of the daemon's: those would run in the daemon's memory. And it leads its
/// group from the moment in which it is up.
#[test]
fn a_signal_ends_it() {
    let mut d = Daemon::interactive();
    let program = LeasedProgram::new(&d);
    d.define("web", &[&program.path, "300"]);
    for signal in ["TERM", "KILL", "QUIT", "SEGV", "ABRT", "PIPE", "USR1", "ALRM", "PWR"] {
        d.send(&format!("service.start\tweb\nservice.signal\tweb\t{signal}\tgroup"));
        d.expect(&[starting("web"), up("web"), killed("web", &format!("SIG{signal}"))]);
    }
    // Long after it has begun to wait.
    let pid = program.hang(&mut d, "web");
    eventually("it waits", || matches!(state(pid), Some('S' | 'D')).then_some(()));
    d.send("service.signal\tweb\tQUIT\tgroup");
    d.expect(&[killed("web", "SIGQUIT")]);
}

/// Whoever leads a session cannot be moved to another group, executed or not.
#[test]
fn a_signal_ends_one_that_leads_a_session() {
    let mut d = Daemon::interactive();
    let program = LeasedProgram::new(&d);
    d.define("web", &[&program.path, "300"]);
    d.ask("service.options\tweb\tsession");
    for signal in ["TERM", "KILL", "QUIT", "SEGV"] {
        d.send(&format!("service.start\tweb\nservice.signal\tweb\t{signal}\tgroup"));
        d.expect(&[starting("web"), up("web"), killed("web", &format!("SIG{signal}"))]);
    }
}

/// What it has of the daemon's is closed before it waits.
#[test]
fn it_keeps_nothing_open() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tr\tw");
    let program = LeasedProgram::new(&d);
    let pid = program.hang(&mut d, "web");
    d.ask("fd.delete\tw");
    d.define("reader", &["/bin/cat"]);
    d.give_fds("reader", &["r", "null", "stderr"]);
    d.run_to_end("reader");
    assert!(hangs(pid));
}

#[test]
fn the_daemon_leaves_as_ever() {
    let mut d = Daemon::interactive();
    let program = LeasedProgram::new(&d);
    let pid = program.hang(&mut d, "web");
    d.send("terminate\t0");
    d.exits_with(0);
    assert!(hangs(pid));
    program.release();
    eventually("it is executed", || is_executed(pid).then_some(()));
}

#[test]
fn the_daemon_becomes_another_program_as_ever() {
    let mut d = Daemon::interactive();
    let program = LeasedProgram::new(&d);
    let pid = program.hang(&mut d, "web");
    d.ask("terminate.exec_args\t/bin/sh\t-c\texit 7");
    d.send("terminate\t0");
    d.exits_with(7);
    assert!(hangs(pid));
    program.release();
    eventually("it is executed", || is_executed(pid).then_some(()));
}

#[test]
fn an_orderly_shutdown_ends_it() {
    let mut d = Daemon::interactive();
    let program = LeasedProgram::new(&d);
    program.hang(&mut d, "web");
    d.send("terminate.shutdown");
    d.wait_for(killed("web", "SIGTERM"));
    d.exits_with(0);
}

/// A file that is read before anything else: what it starts may hang, too.
#[test]
fn in_a_config_file() {
    let leased = Daemon::interactive();
    let program = LeasedProgram::new(&leased);
    let mut config = String::new();
    for nth in 0..12 {
        let path = &program.path;
        config += &format!("service.args\tweb{nth}\t{path}\t300\nservice.start\tweb{nth}\n");
    }
    config += "service.args\tgone\t/no/such/program\nservice.start\tgone\n";
    let mut d = Setup::interactive().config(config).start();
    // The one that cannot be executed may be up for a moment, too.
    let hangs = |line: &&String| line.starts_with("service.state\tweb") && line.contains("\tup\t");
    assert_eq!(d.dump().iter().filter(hangs).count(), 12);
    d.log.wait_for("cannot execute \"/no/such/program\"");
    program.release();
}

#[test]
fn no_descriptor_is_left_over() {
    let mut d = Daemon::interactive();
    let program = LeasedProgram::new(&d);
    d.define("gone", &["/no/such/program"]);
    d.define("fine", &["/bin/true"]);
    let before = d.settled_fds();
    for _ in 0..10 {
        program.hang(&mut d, "web");
        d.stop("web");
        d.send("service.start\tgone");
        d.wait_for(exited("gone", 127));
        d.run_to_end("fine");
    }
    eventually("they are closed", || (d.settled_fds() == before).then_some(()));
}
