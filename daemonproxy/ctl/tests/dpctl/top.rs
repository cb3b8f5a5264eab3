//! `top`, and the lists that share its keys.

use daemonproxy_testing::Terminal;

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
    terminal.types("\x1b[6~");
    terminal.line_is_first("s20");
    // The arrows select, and the list follows.
    terminal.types("\x1b[B\x1b[A");
    terminal.shows("\x1b[7ms19");
    terminal.line_is_first("s19");
    terminal.types("\x1b[6~\x1b[B\x1b[B");
    terminal.shows("\x1b[7ms40");
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

/// `top` with one service, which runs and is selected.
fn with_one(daemon: &Daemon, args: &str) -> Terminal {
    daemon.ok(&format!("send service.args it {args}"));
    daemon.ok("start it");
    let mut terminal = terminal::dpctl(daemon, &["top", "--delay", "0.2"]);
    terminal.line_is_first("it");
    terminal.types("\x1b[B");
    terminal.shows("\x1b[7mit");
    terminal
}

fn state(daemon: &Daemon) -> String {
    daemon.dpctl("status it -o state,pid --format tsv").out
}

#[test]
fn it_stops_a_service_after_a_question() {
    let daemon = Daemon::start();
    let mut terminal = with_one(&daemon, "sleep 1000");
    let before = state(&daemon);
    terminal.types("s");
    terminal.has_line("stop it? y/n");
    // While it is asked, no other key means anything: so this shows that it is not any more.
    terminal.types("nx");
    terminal.has_line("signal for it: _");
    terminal.types("\x03");
    assert_eq!(state(&daemon), before);
    terminal.types("sy");
    terminal.has_line("sent: stop it");
    daemon.comes_to_say("status it -o state --format tsv", "state\ndown\n");
    assert!(daemon.ok("why it").contains("stopped"), "{}", daemon.ok("why it"));
    terminal.types("ty");
    daemon.ok("wait it --for up");
    // The signal is that which is typed.
    terminal.types("x");
    terminal.has_line("signal for it: _");
    terminal.types("int\r");
    terminal.has_line("send SIGINT to it? y/n");
    terminal.types("y");
    daemon.ok("wait it --for down");
    assert!(daemon.ok("why it").contains("SIGINT"), "{}", daemon.ok("why it"));
    terminal.types("q");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn why_and_output_take_the_place_of_the_list() {
    let daemon = Daemon::start();
    let mut terminal = with_one(&daemon, "sleep 1000");
    terminal.types("w");
    terminal.shows("it has been up for");
    terminal.types("o");
    terminal.shows("it has no log");
    // Any other key goes back, and does nothing else.
    terminal.types("s");
    terminal.shows("\x1b[7mit");
    assert!(!terminal.screen().contains("stop it?"), "{}", terminal.screen());
    // Nobody could continue it here, so it goes on at once.
    terminal.types("\x1a?");
    terminal.shows("o output");
    terminal.types("q");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn it_restarts_reloads_and_releases() {
    let daemon = Daemon::start();
    let mut terminal = with_one(&daemon, "sleep 1000");
    let before = state(&daemon);
    terminal.types("Ry");
    daemonproxy_testing::eventually("another process runs", || {
        let now = state(&daemon);
        (now.contains("up") && now != before).then_some(())
    });
    terminal.types("ly");
    daemon.ok("wait it --for down");
    assert!(daemon.ok("why it").contains("SIGHUP"), "{}", daemon.ok("why it"));
    daemon.ok("send service.auto_up it 1 always");
    daemon.ok("wait it --for up");
    daemon.ok("stop it");
    terminal.types("ey");
    daemon.ok("wait it --for up");
}

/// The screen goes on while a daemon does not answer, and the answer is not lost.
#[test]
fn a_daemon_that_hangs_does_not_keep_anybody() {
    let daemon = Daemon::start();
    let mut terminal = with_one(&daemon, "sleep 1000");
    daemon.signal(libc::SIGSTOP);
    terminal.types("ty");
    terminal.has_line("sent: start it");
    terminal.types("?");
    terminal.shows("r restarts");
    daemon.signal(libc::SIGCONT);
    terminal.shows("start it: service is not startable");
    daemon.signal(libc::SIGSTOP);
    terminal.types("syq");
    assert_eq!(terminal.ends(), Some(0));
    daemon.signal(libc::SIGCONT);
}

/// A time so long that no clock has it is just a long one.
#[test]
fn any_delay_will_do() {
    let daemon = Daemon::start();
    let mut terminal = terminal::dpctl(&daemon, &["top", "--delay", "1e19"]);
    terminal.shows("RESTARTS");
    terminal.types("q");
    assert_eq!(terminal.ends(), Some(0));
}

#[test]
fn what_the_daemon_refuses_is_shown() {
    let daemon = Daemon::start();
    let mut terminal = with_one(&daemon, "sleep 1000");
    let before = state(&daemon);
    terminal.types("ty");
    terminal.shows("start it: service is not startable");
    assert_eq!(state(&daemon), before);
    daemon.ok("stop it");
    terminal.types("ly");
    terminal.shows("reload it: service is not running");
    // Also what goes wrong after the answer.
    daemon.ok("send service.args it /does/not/exist");
    terminal.types("ty");
    terminal.shows("cannot execute \"/does/not/exist\"");
    // The service can have gone while it is asked.
    terminal.types("s");
    terminal.has_line("stop it? y/n");
    daemon.ok("send service.delete it");
    terminal.shows("0 services");
    terminal.types("y");
    terminal.shows("stop it: No such service");
    terminal.types("s");
    terminal.shows("stop: select a service");
}

#[test]
fn every_width_has_the_question_and_the_keys() {
    let daemon = Daemon::start();
    let name = "a".repeat(31);
    daemon.ok(&format!("send service.args {name} true"));
    let mut terminal = terminal::dpctl(&daemon, &["top", "--delay", "0.2"]);
    terminal.line_is_first(&name);
    terminal.types("\x1b[B?R");
    for columns in [40, 80, 200] {
        terminal.resizes(columns, 24);
        let question = format!("restart {name}? y/n");
        // Where there is no room for it on one line there are two.
        terminal.has_line(if columns == 40 { "y/n" } else { &question });
        assert!(terminal.screen().contains(&question[..question.len() - 4]));
        terminal.line_is_first(&name);
        let screen = terminal.screen();
        for key in ["q leave", "t start", "s stop", "R restart", "x signal", "r restarts"] {
            assert!(screen.contains(key), "{key} at {columns}: {screen}");
        }
    }
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
