//! `top`, and the lists that share its keys.

use crate::daemon::Daemon;
use crate::terminal;

fn with_forty() -> Daemon {
    let daemon = Daemon::start();
    for number in 1..=40 {
        daemon.ok(&format!("send service.args s{number:02} true"));
    }
    daemon
}

#[test]
fn it_scrolls() {
    let daemon = with_forty();
    let mut terminal = terminal::dpctl(&daemon, &["top"]);
    terminal.line_is_first("s01");
    terminal.types("\x1b[B");
    terminal.line_is_first("s02");
    terminal.types("\x1b[6~");
    terminal.line_is_first("s21");
    assert!(terminal.screen().contains(", 21-40 of 40"), "{}", terminal.screen());
    terminal.types("\x1b[H");
    terminal.line_is_first("s01");
    terminal.types("G");
    terminal.line_is_first("s21");
    terminal.types("q");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn a_watch_scrolls() {
    let daemon = with_forty();
    let mut terminal = terminal::dpctl(&daemon, &["shell"]);
    terminal.line_is("daemonproxy>");
    terminal.types("watch\r");
    terminal.line_is_first("s01");
    terminal.types("G");
    terminal.line_is_first("s20");
    terminal.types("q");
    terminal.line_is("daemonproxy>");
}

#[test]
fn a_status_fits_the_terminal() {
    let daemon = Daemon::start();
    daemon.ok_args(&["send", "service.args", "it", "echo", &"x".repeat(200)]);
    let mut terminal = terminal::dpctl(&daemon, &["status"]);
    terminal.shows("\u{2026}");
    assert_eq!(terminal.ends(), Some(0));
    let screen = terminal.screen();
    assert_eq!(screen.trim_end().lines().count(), 2, "{screen}");
    // Other programs get all of it.
    assert!(daemon.ok("status").contains(&"x".repeat(200)));
}
