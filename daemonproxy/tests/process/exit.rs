//! `exit` closes this controller's connection, after everything it is owed has been delivered.

use daemonproxy_testing::{Conn, Daemon, Setup, lines, up};
use nix::fcntl::{FcntlArg, fcntl};

/// More than fits into any buffer on the way.
const MANY: usize = 20_000;

/// Commands whose answers are owed when `exit` comes.
fn flood_and_exit() -> Vec<u8> {
    let mut commands: Vec<String> = (0..MANY).map(|i| format!("echo\tanswer {i}")).collect();
    commands.push("exit".to_owned());
    lines(&commands)
}

#[track_caller]
fn expect_flood(conn: &mut Conn) {
    let got = conn.lines_to_end();
    assert_eq!(got.len(), MANY);
    for (i, line) in got.iter().enumerate() {
        assert_eq!(*line, format!("answer {i}"));
    }
}

/// The original lost them on a socket.
#[test]
fn answers_that_are_owed_come_first() {
    let d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.send_bytes(&flood_and_exit());
    expect_flood(&mut conn);
}

#[test]
fn a_dump_that_is_owed_comes_first() {
    let mut d = Setup::interactive().socket().start();
    for i in 0..500 {
        d.send(&format!("service.args\ts{i}\t/bin/true"));
    }
    let dump = d.dump().len();
    let mut conn = d.connect();
    conn.send_bytes(b"statedump\nexit\n");
    assert_eq!(conn.lines_to_end().len(), 7 + 5 * 500);
    assert_eq!(dump, 7 + 500 * 5 + 500, "the changes, then the dump");
}

/// Through a pipe that takes no more than a line at a time.
#[test]
fn what_is_owed_comes_through_the_narrowest_pipe() {
    let mut d = Daemon::interactive();
    for i in 0..8 {
        d.define(&format!("s{i}"), &["/bin/echo", &"x".repeat(3000)]);
    }
    fcntl(d.events_fd(), FcntlArg::F_SETPIPE_SZ(4096)).expect("F_SETPIPE_SZ");
    d.send_bytes(b"statedump\nexit\n");
    let lines = d.lines_to_end();
    let dumped = lines.iter().filter(|l| !l.starts_with("info\t")).count();
    assert_eq!(dumped, 7 + 5 * 8);
}

#[test]
fn commands_behind_it_are_not_executed() {
    let mut d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.send_bytes(b"echo\tlast\nexit\necho\ttoo late\nfd.open\tx\tread\t/dev/null\n");
    assert_eq!(conn.lines_to_end(), ["last"]);
    assert!(d.dump_of("fd.state\tx").is_empty());
}

#[test]
fn in_interactive_mode_the_daemon_leaves() {
    let mut d = Daemon::interactive();
    d.send_bytes(&flood_and_exit());
    let got = d.lines_to_end();
    assert!(got.len() >= MANY);
    for (i, line) in got[..MANY].iter().enumerate() {
        assert_eq!(*line, format!("answer {i}"));
    }
    for line in &got[MANY..] {
        assert!(line.starts_with("info\t"), "{line}");
    }
    assert!(d.wait_exit().code().is_some());
}

#[test]
fn a_service_that_is_a_controller_is_not_touched() {
    let mut d = Daemon::interactive();
    // It says so when its events have come to an end.
    d.define_shell("ctl", "echo exit; cat >/dev/null; echo over > over; exec sleep 300");
    d.give_fds("ctl", &["control.event", "control.cmd"]);
    d.send("service.start\tctl");
    d.wait_for(up("ctl"));
    let path = d.path("over");
    daemonproxy_testing::eventually("end of file on control.event", || {
        std::fs::exists(&path).unwrap().then_some(())
    });
    assert!(d.dump_of("service.state\tctl")[0].contains("\tup\t"));
}
