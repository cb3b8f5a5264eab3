//! A client that only watches a daemon keeps nobody from ending it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use daemonproxy_testing::{PATIENCE, kill};

use crate::daemon::Daemon;
use crate::terminal;

/// `dpctl events -f`, and what it writes.
struct Follower {
    child: Child,
    lines: Receiver<String>,
}

impl Follower {
    /// Starts it, and waits until it is known to follow.
    fn start(daemon: &Daemon, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpctl"));
        command.args(["events", "-f"]).args(args).env("DAEMONPROXY_SOCKET", daemon.socket());
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let (send, lines) = std::sync::mpsc::channel();
        let mut follower = Self { child: command.spawn().unwrap(), lines };
        let written = BufReader::new(follower.child.stdout.take().unwrap());
        let written = written.lines().map_while(Result::ok);
        std::thread::spawn(move || written.for_each(|line| send.send(line).unwrap_or_default()));
        let deadline = Instant::now() + PATIENCE;
        while follower.lines.recv_timeout(Duration::from_millis(20)).is_err() {
            assert!(Instant::now() < deadline, "nothing is written");
            daemon.ok("send service.tags it x");
        }
        follower
    }

    fn ends(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn events_do_not_keep_a_daemon_from_its_end() {
    let mut daemon = Daemon::start();
    let mut follower = Follower::start(&daemon, &[]);
    daemon.signal(libc::SIGTERM);
    daemon.wait_exit();
    assert_eq!(follower.ends(), Some(150));
}

#[test]
fn top_does_not_keep_a_daemon_from_its_end() {
    let mut daemon = Daemon::start();
    let mut terminal = terminal::dpctl(&daemon, &["top"]);
    terminal.shows("RESTARTS");
    daemon.signal(libc::SIGTERM);
    daemon.wait_exit();
    assert_eq!(terminal.ends(), Some(150));
}

#[test]
fn a_shell_does_not_keep_a_daemon_from_its_end() {
    let mut daemon = Daemon::start();
    let mut terminal = terminal::dpctl(&daemon, &["shell"]);
    terminal.line_is("daemonproxy>");
    daemon.signal(libc::SIGTERM);
    daemon.wait_exit();
    terminal.ends();
    assert!(terminal.is_cooked());
}

/// Each is written as it comes, so that nothing is lost when the program is ended.
#[test]
fn events_are_written_at_once() {
    let daemon = Daemon::start();
    let mut follower = Follower::start(&daemon, &["--format", "json"]);
    daemon.ok("send service.args it sleep 1000");
    let is_args = |line: &String| line.contains("service.args");
    assert_eq!(
        follower.lines.iter().find(is_args).unwrap(),
        r#"{"event":"service.args","name":"it","args":["sleep","1000"]}"#
    );
    kill(follower.child.id().into(), libc::SIGTERM);
    assert_eq!(follower.ends(), None, "it is ended by the signal");
}
