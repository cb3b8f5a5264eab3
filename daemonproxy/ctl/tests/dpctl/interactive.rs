//! A daemon that is started with `-i` on a terminal opens the editor there.

use crate::terminal::Terminal;

/// The last line when nothing is typed.
const PROMPT: &str = "daemonproxy>";

/// With a service that has written to `stderr` and runs on.
fn terminal(folder: &tempfile::TempDir) -> Terminal {
    let mut terminal = Terminal::daemon(folder.path());
    terminal.line_is(PROMPT);
    for command in [
        "service.args it sh -c \"echo oops >&2; exec sleep 1000\"",
        "service.fds it null null stderr",
        "service.start it",
    ] {
        terminal.types(command);
        terminal.types("\r");
    }
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

/// Both the daemon and its services are out of the foreground.
#[test]
fn an_interrupt_reaches_neither_the_daemon_nor_a_service() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    terminal.shows("stderr| oops");
    terminal.line_is(PROMPT);
    terminal.types("half a line\x03");
    terminal.line_is(PROMPT);
    terminal.types("service.signal it USR1\r");
    terminal.shows("it down");
    terminal.types("terminate.shutdown\r");
    assert_eq!(terminal.ends(), Some(0));
}
