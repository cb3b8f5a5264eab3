//! A daemon that is started with `-i` on a terminal opens the editor there.

use daemonproxy_testing::{Terminal, children, kill};

use crate::terminal;

/// The last line when nothing is typed.
const PROMPT: &str = "daemonproxy>";

/// A service that has written to `stderr` and is still running.
const IT: &str = "service.args it sh -c \"echo oops >&2; exec sleep 1000\"\r\
    service.fds it null null stderr\r\
    service.start it\r";

fn terminal(folder: &tempfile::TempDir) -> Terminal {
    let mut terminal = terminal::daemon(folder.path());
    terminal.line_is(PROMPT);
    terminal.types(IT);
    terminal
}

#[test]
fn what_services_write_to_stderr_appears_above_the_prompt() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    terminal.shows("stderr| oops");
    terminal.types("terminate.shutdown\r");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

/// As long as only one service can have written a line, it is marked with its name.
#[test]
fn errors_of_services_are_marked_with_where_they_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    terminal.shows("it stderr| oops");
    terminal.types("service.args other sh -c \"echo me too >&2\"\r");
    terminal.types("service.fds other null null stderr\rservice.start other\r");
    terminal.shows("stderr| me too");
    assert!(!terminal.screen().contains("r stderr|"), "{}", terminal.screen());
    terminal.types("terminate.shutdown\r");
    assert_eq!(terminal.ends(), Some(0));
}

#[test]
fn bytes_of_a_service_cannot_harm_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal::daemon(folder.path());
    terminal.line_is(PROMPT);
    terminal.types("service.args it printf '\\033[2Jcaf\\351\\n'\r");
    terminal.types("service.fds it null stderr\rservice.start it\r");
    terminal.shows("it stderr| \\u{1b}[2Jcaf\\xe9");
    terminal.types("terminate.shutdown\r");
    assert_eq!(terminal.ends(), Some(0));
}

/// Both the daemon and its services are out of the foreground.
#[test]
fn an_interrupt_reaches_neither_the_daemon_nor_a_service() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    terminal.shows("stderr| oops");
    terminal.types("half a line\x03service.signal it USR1\r");
    terminal.shows("SIGUSR1");
    terminal.types("terminate.shutdown\r");
    assert_eq!(terminal.ends(), Some(0));
}

/// The editor looks at the daemon as any other client does, and does not keep signals from it.
#[test]
fn a_signal_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    terminal.shows("stderr| oops");
    terminal.signals(libc::SIGTERM);
    terminal.ends();
    assert!(terminal.is_cooked());
}

#[test]
fn the_banner_is_written_as_it_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal::daemon(folder.path());
    terminal.line_is(PROMPT);
    assert!(!terminal.written().contains("<TAB>"), "{}", terminal.screen());
    terminal.types("\x04");
    terminal.ends();
}

/// Nobody would resume the daemon, which is not among the jobs of the shell.
#[test]
fn it_cannot_be_suspended() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    terminal.shows("stderr| oops");
    terminal.types("half\x1a");
    terminal.shows("^Z does nothing here");
    terminal.types("\x03service.signal it USR1\r");
    terminal.shows("SIGUSR1");
    terminal.types("terminate.shutdown\r");
    assert_eq!(terminal.ends(), Some(0));
}

fn under_a_shell(folder: &tempfile::TempDir) -> (Terminal, i64) {
    let daemon = daemonproxy_testing::programs::daemon();
    // As a shell does at the terminal: it takes the terminal back, and stays.
    let script =
        format!("set -m; {} -i; echo 'that was it'; read answer; exit 7", daemon.display());
    let mut terminal = terminal::script(folder.path(), &script, &[]);
    terminal.line_is(PROMPT);
    let daemon = only_child(terminal.pid());
    (terminal, daemon)
}

#[test]
fn a_daemon_that_is_killed_leaves_the_terminal_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (mut terminal, daemon) = under_a_shell(&folder);
    kill(daemon, libc::SIGKILL);
    terminal.shows("the daemon closed the connection");
    terminal.becomes_cooked();
    terminal.types("\r");
    assert_eq!(terminal.ends(), Some(7));
}

#[test]
fn an_editor_that_is_killed_leaves_the_terminal_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (mut terminal, daemon) = under_a_shell(&folder);
    kill(only_child(daemon), libc::SIGKILL);
    terminal.shows("that was it");
    assert!(terminal.is_cooked());
    terminal.types("\r");
    assert_eq!(terminal.ends(), Some(7));
}

#[track_caller]
fn only_child(pid: i64) -> i64 {
    let [child] = children(pid)[..] else { panic!("{pid} has {:?}", children(pid)) };
    child
}
