//! The shell as the interactive controller of a daemon: it gets the connection and the daemon's
//! log, and its end is the end of the daemon.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command};

use daemonproxy_testing::{Terminal, programs};

use crate::terminal;

/// The last line when nothing is typed.
const PROMPT: &str = "daemonproxy>";

struct Session {
    terminal: Terminal,
    daemon: Child,
    _folder: tempfile::TempDir,
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

fn session() -> Session {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = UnixStream::pair().unwrap();
    let (log, log_end) = std::io::pipe().unwrap();
    let theirs = OwnedFd::from(theirs);
    let daemon = Command::new(programs::daemon())
        .arg("--interactive")
        .stdin(theirs.try_clone().unwrap())
        .stdout(theirs)
        .stderr(log_end)
        .spawn()
        .unwrap();
    let args = ["shell", "--control-fd", "3", "--show-fd", "log=4"];
    let fds = [OwnedFd::from(ours), OwnedFd::from(log)];
    let mut terminal = terminal::with_fds(folder.path(), &args, &fds);
    terminal.line_is(PROMPT);
    Session { terminal, daemon, _folder: folder }
}

#[test]
fn the_end_of_the_shell_is_the_end_of_the_daemon() {
    let mut session = session();
    session.terminal.types("\x04");
    session.terminal.shows("left: the daemon has ended");
    assert_eq!(session.terminal.ends(), Some(0));
    session.daemon.wait().unwrap();
}

#[test]
fn leaving_says_what_becomes_of_the_services() {
    let mut session = session();
    session.terminal.types("service.args it sleep 1000\r");
    session.terminal.shows("service.args it sleep 1000\r\n");
    session.terminal.line_is(PROMPT);
    session.terminal.types("service.start it\r");
    session.terminal.shows("it up ");
    session.terminal.line_is(PROMPT);
    session.terminal.types("\x04");
    session.terminal.shows("it up");
    session.terminal.shows("Leaving ends the daemon");
    session.terminal.line_is(PROMPT);
    session.terminal.types("terminate.shutdown\r");
    session.terminal.shows("the daemon has ended after its shutdown");
    assert_eq!(session.terminal.ends(), Some(0));
}

#[test]
fn what_the_daemon_logs_is_marked() {
    let mut session = session();
    session.terminal.types("service.signal nope HUP\r");
    session.terminal.shows("log| error: ");
}

#[test]
fn what_a_service_says_is_shown_above_the_line() {
    let mut session = session();
    session.terminal.types("service.args it sh -c 'echo hello from it >&2'\r");
    session.terminal.shows("hello from it >&2\r\n");
    session.terminal.line_is(PROMPT);
    session.terminal.types("service.fds it null null stderr\r");
    session.terminal.shows("service.fds it null null stderr\r\n");
    session.terminal.line_is(PROMPT);
    session.terminal.types("service.start it\r");
    session.terminal.shows("log| hello from it");
    session.terminal.line_is(PROMPT);
}

#[test]
fn a_daemon_that_is_killed_leaves_the_terminal_in_order() {
    let mut session = session();
    session.terminal.types("help");
    session.daemon.kill().unwrap();
    session.terminal.shows("the daemon closed the connection");
    assert_eq!(session.terminal.ends(), Some(150));
    assert!(session.terminal.is_cooked());
}

/// Whoever starts the editor may be late in putting it into the foreground.
#[test]
fn the_terminal_is_taken_from_the_background() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = UnixStream::pair().unwrap();
    let theirs = OwnedFd::from(theirs);
    let mut daemon = Command::new(programs::daemon())
        .arg("--interactive")
        .stdin(theirs.try_clone().unwrap())
        .stdout(theirs)
        .spawn()
        .unwrap();
    let script = "set -m; dpctl shell --control-fd 3 & exec 3>&-; wait";
    let mut terminal = terminal::script(folder.path(), script, &[OwnedFd::from(ours)]);
    terminal.line_is(PROMPT);
    terminal.types("\x04");
    terminal.shows("left: the daemon has ended");
    terminal.becomes_cooked();
    daemon.wait().unwrap();
}
