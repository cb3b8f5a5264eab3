//! The daemon tells whoever has started it that it is ready, that its loop goes on, and that it is
//! about to end: `--ready-fd`, and sd_notify(3).

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use daemonproxy_protocol::{Event, Fact, RunView};
use daemonproxy_testing::{Daemon, PATIENCE, Setup, eventually, programs};

/// What is told next of a run that has this.
fn run_with(d: &mut Daemon, wanted: impl Fn(&RunView) -> bool) -> RunView {
    loop {
        let line = d.line();
        if let Ok(Event::ServiceRun { run, facts, .. }) = Event::parse(&line) {
            let run = RunView::new(run, facts);
            if wanted(&run) {
                return run;
            }
        }
    }
}

/// The outer one is told by the inner one, in both ways, and services of the inner one know nothing
/// of that.
#[test]
fn a_daemon_supervises_another_one() {
    for (options, more) in [("ready=notify", ""), ("ready=fd:5", " --ready-fd 5")] {
        let mut d = Daemon::interactive();
        let config = "service.args\tit\tsh\t-c\techo \"$NOTIFY_SOCKET\" > seen; exec sleep 300\n\
                      service.start\tit\n";
        fs::write(d.path("inner.conf"), config).unwrap();
        let daemon = programs::daemon();
        d.define("inner", &["sh", "-c", &format!("exec {} -c inner.conf{more}", daemon.display())]);
        d.ask(&format!("service.options\tinner\t{options}\tready_within=60"));
        d.answers("conn.features\truns", &["conn.features\truns"]);
        d.send("service.start\tinner");
        let run = run_with(&mut d, |run| run.has(Fact::Ready));
        if more.is_empty() {
            assert_eq!(run.word(Fact::Status), Some(&b"supervising"[..]));
        }
        let seen = d.path("seen");
        let seen = eventually("its service runs", || {
            fs::read_to_string(&seen).ok().filter(|seen| seen.ends_with('\n'))
        });
        assert_eq!(seen, "\n");
        d.send("service.stop\tinner");
        let run = run_with(&mut d, |run| run.has(Fact::End));
        assert_eq!(run.count(Fact::Exit), Some(0), "{run:?}");
        if more.is_empty() {
            assert_eq!(run.word(Fact::Status), Some(&b"stopping all services"[..]));
        }
    }
}

#[test]
fn a_descriptor_that_is_not_there_is_found_out_at_once() {
    let mut d = Setup::new(["-i", "--ready-fd", "77"]).spawn();
    d.log.wait_for("fatal: --ready-fd: the daemon was started without a descriptor 77");
    d.exits_with(1);
}

/// The next message there.
fn heard(receiver: &UnixDatagram) -> String {
    let mut message = [0; 256];
    let length = receiver.recv(&mut message).unwrap();
    String::from_utf8(message[..length].to_vec()).unwrap()
}

/// What a supervisor such as systemd would get: a whole message is exactly this.
#[test]
fn whoever_started_it_is_told_in_single_messages_also_after_an_upgrade() {
    let setup = Setup::interactive();
    let path = setup.path("notify");
    let receiver = UnixDatagram::bind(&path).unwrap();
    receiver.set_read_timeout(Some(PATIENCE)).unwrap();
    let heard = || heard(&receiver);
    let mut d = setup.env("NOTIFY_SOCKET", &path).start();
    assert_eq!(heard(), "READY=1\nSTATUS=supervising");
    d.send("@up\tupgrade");
    d.wait_for("done\tup");
    assert_eq!(heard(), "READY=1\nSTATUS=supervising");
    assert_eq!(d.shell_output("echo ${NOTIFY_SOCKET-none}"), "none\n");
    d.send("terminate.shutdown");
    assert_eq!(heard(), "STOPPING=1\nSTATUS=stopping all services");
    d.exits_with(0);
}

/// A daemon that somebody with this socket has started, as a unit with `WatchdogSec` does.
fn watched(setup: Setup, socket: &UnixDatagram, time: &str) -> Daemon {
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let path = socket.local_addr().unwrap().as_pathname().unwrap().to_owned();
    setup.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", time).start()
}

#[test]
fn a_watchdog_hears_of_it_twice_in_its_time_also_after_an_upgrade() {
    let setup = Setup::interactive();
    let socket = UnixDatagram::bind(setup.path("notify")).unwrap();
    let mut d = watched(setup, &socket, "400000");
    assert_eq!(heard(&socket), "READY=1\nSTATUS=supervising");
    let mut before = Instant::now();
    for nth in 0..4 {
        assert_eq!(heard(&socket), "WATCHDOG=1");
        assert!(nth == 0 || before.elapsed() > Duration::from_millis(100), "far too often");
        before = Instant::now();
    }
    d.send("@up\tupgrade");
    d.wait_for("done\tup");
    while heard(&socket) != "READY=1\nSTATUS=supervising" {}
    for _ in 0..4 {
        assert_eq!(heard(&socket), "WATCHDOG=1");
    }
    assert_eq!(d.shell_output("echo ${WATCHDOG_USEC-none}"), "none\n");
    d.send("terminate.shutdown");
    while heard(&socket) != "STOPPING=1\nSTATUS=stopping all services" {}
    d.exits_with(0);
}

#[test]
fn a_watchdog_for_another_process_or_without_a_time_hears_nothing() {
    for (pid, time) in [("1", "100000"), ("", "100000"), ("x", "0")] {
        let setup = Setup::interactive().env("WATCHDOG_PID", pid);
        let socket = UnixDatagram::bind(setup.path("notify")).unwrap();
        let mut d = watched(setup, &socket, time);
        assert_eq!(heard(&socket), "READY=1\nSTATUS=supervising");
        // Much longer than such a watchdog would wait.
        assert_eq!(d.shell_output("sleep 0.3; echo over"), "over\n");
        d.send("terminate.shutdown");
        assert_eq!(heard(&socket), "STOPPING=1\nSTATUS=stopping all services");
        d.exits_with(0);
    }
}

/// A receiver that hangs: it is asked again, in time, and everything else goes on.
#[test]
fn a_watchdog_that_reads_nothing_holds_nothing_up() {
    let setup = Setup::interactive();
    let socket = UnixDatagram::bind(setup.path("notify")).unwrap();
    let mut d = watched(setup, &socket, "20000");
    // More than a queue holds (net.unix.max_dgram_qlen).
    assert_eq!(d.shell_output("sleep 1; echo over"), "over\n");
    let begin = Instant::now();
    d.answers("echo\thi", &["hi"]);
    assert!(begin.elapsed() < Duration::from_millis(500));
    assert_eq!(heard(&socket), "READY=1\nSTATUS=supervising");
    assert_eq!(heard(&socket), "WATCHDOG=1");
}

/// A daemon is watched by another one as any program is.
#[test]
fn a_daemon_as_a_service_with_a_watchdog_lives_on() {
    let mut d = Daemon::interactive();
    fs::write(d.path("inner.conf"), "").unwrap();
    let daemon = programs::daemon();
    d.define("inner", &[daemon.to_str().unwrap(), "-c", "inner.conf"]);
    d.ask("service.options\tinner\tready=notify\twatchdog=0.5");
    d.define("time", &["sleep", "1.5"]);
    d.answers("conn.features\truns", &["conn.features\truns"]);
    d.send("service.start\tinner");
    run_with(&mut d, |run| run.has(Fact::Ready));
    d.send("service.start\ttime");
    loop {
        let line = d.line();
        let line = String::from_utf8_lossy(&line);
        let is_down = |name: &str| line.starts_with(&format!("service.state\t{name}\tdown"));
        assert!(!is_down("inner"), "{line}");
        if is_down("time") {
            break;
        }
    }
}
