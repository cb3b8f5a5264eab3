//! What the shell knows of runs: `why` and `status` say there what the subcommands say, whatever
//! the person wants to be told of.

use daemonproxy_testing::Terminal;

use crate::daemon::Daemon;
use crate::terminal;

/// The last line when nothing is typed.
const PROMPT: &str = "daemonproxy>";

/// One that was given up, one that waits longer and longer, and one that runs.
fn troubled() -> Daemon {
    let daemon = Daemon::start();
    for name in ["broken", "slow"] {
        daemon.ok_args(&["send", "service.args", name, "sh", "-c", "exit 3"]);
    }
    daemon.ok("options broken giveup=1/60");
    daemon.ok("options slow backoff=900:300");
    for name in ["broken", "slow"] {
        daemon.ok_args(&["send", "service.auto_up", name, "1", "always"]);
    }
    daemon.ok_args(&["send", "service.args", "web", "sleep", "1000"]);
    daemon.ok("send service.auto_up web 1 always");
    daemon.ok("wait web");
    let shown = "status -o name,cause --format tsv broken";
    daemon.comes_to_say(shown, "name\tcause\nbroken\texit 3, given up\n");
    daemon.comes_to_say("ls slow -o state --format tsv", "state\nstart\n");
    daemon
}

#[track_caller]
fn shell(daemon: &Daemon) -> Terminal {
    let mut terminal = terminal::dpctl(daemon, &["shell"]);
    terminal.line_is(PROMPT);
    terminal
}

/// `why web`, when it was stopped, and the same in the table.
#[track_caller]
fn says_that_web_is_held(terminal: &mut Terminal) {
    terminal.types("why web\r");
    terminal.shows("web has been down for ");
    terminal.shows("It is held, since it was stopped by service.stop: no trigger starts it");
    terminal.types("status web\r");
    terminal.shows("STARTS  CAUSE");
    terminal.shows("     1  stopped, SIGTERM, held");
}

#[test]
fn what_was_stopped_is_held() {
    let daemon = troubled();
    let mut terminal = shell(&daemon);
    terminal.types("stop web\r");
    terminal.shows("web down");
    says_that_web_is_held(&mut terminal);
}

#[test]
fn what_was_given_up_and_what_waits() {
    let daemon = troubled();
    let mut terminal = shell(&daemon);
    terminal.types("why broken slow\r");
    terminal.shows("broken has been down for ");
    terminal.shows("It was given up: its triggers had started it too often.");
    terminal.shows("slow is down, and will be started.");
    terminal.shows("It will be started in 4m5");
    terminal.types("status broken slow\r");
    terminal.shows("exit 3, given up");
    terminal.shows("exit 3, ");
}

/// Until it is down.
#[test]
fn what_is_being_stopped() {
    let daemon = troubled();
    let ignores = "trap '' TERM; echo > is-deaf; while :; do sleep 1000; done";
    let script = ignores.replace("is-deaf", daemon.folder().join("is-deaf").to_str().unwrap());
    daemon.ok_args(&["send", "service.args", "deaf", "sh", "-c", &script]);
    daemon.ok("start deaf");
    daemonproxy_testing::eventually("it is deaf", || {
        daemon.folder().join("is-deaf").exists().then_some(())
    });
    let mut terminal = shell(&daemon);
    terminal.types("stop deaf 1000\rwhy deaf\r");
    terminal.shows("deaf was told to stop ");
    terminal.shows(" ago, and still runs as pid ");
}

#[test]
fn the_session_of_a_daemon_knows_them_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal::daemon(folder.path());
    terminal.line_is(PROMPT);
    terminal.types("service.args web sleep 1000\rservice.auto_up web 1 always\r");
    terminal.shows("web up ");
    terminal.types("stop web\r");
    terminal.shows("web down");
    says_that_web_is_held(&mut terminal);
    terminal.types("terminate.shutdown\r");
    assert_eq!(terminal.ends(), Some(0));
}

/// A line of facts with every state would hide the states.
#[test]
fn events_of_runs_are_shown_to_whoever_asks_for_them_only() {
    let daemon = troubled();
    let mut terminal = shell(&daemon);
    terminal.types("stop web\rstatedump\recho that is all\r");
    terminal.shows("\nthat is all\r\n");
    assert!(!terminal.written().contains("service.run"), "{}", terminal.screen());
    terminal.types("conn.features observer runs\r");
    terminal.shows("\nconn.features observer runs\r\n");
    terminal.types("start web\r");
    terminal.shows("service.run web ");
    terminal.types("conn.features observer\rstop web\r");
    terminal.shows("\nconn.features observer\r\n");
    terminal.shows("web down");
    terminal.types("echo and that is all\r");
    terminal.shows("\nand that is all\r\n");
    let written = terminal.written();
    let (_, later) = written.rsplit_once("\nconn.features observer\r\n").unwrap();
    assert!(!later.contains("service.run"), "{later}");
}

/// What is asked for by hand is what the connection has; what `why` needs is asked for and given
/// back.
#[test]
fn they_are_known_whatever_is_asked_for_by_hand() {
    let daemon = troubled();
    let mut terminal = shell(&daemon);
    terminal.types("conn.features settings\r");
    terminal.shows("\nconn.features settings\r\n");
    terminal.types("stop web\r");
    terminal.shows("web down");
    says_that_web_is_held(&mut terminal);
    terminal.types("conn.features\r");
    terminal.shows("\nconn.features\r\n");
    daemon.ok("options web nice=7");
    terminal.types("options web\r");
    terminal.shows("nice=7");
    terminal.types("start web\rwatch web\r");
    terminal.shows("web   up");
    daemon.ok("stop web");
    terminal.shows("stopped, SIGTERM, held");
    terminal.types("qecho back\r");
    terminal.shows("\nback\r\n");
    let features = daemon.ok("who -o kind,features --format tsv");
    assert!(features.lines().any(|line| line == "socket\t"), "{features}");
    assert!(!terminal.written().contains("service.run"), "{}", terminal.screen());
}

#[test]
fn a_name_of_none_is_said_to_be_that() {
    let daemon = troubled();
    let mut terminal = shell(&daemon);
    terminal.types("status web wep\r");
    terminal.shows("web   up");
    terminal.shows("there is no service wep; did you mean web?");
    terminal.types("why nothing-of-this-name\r");
    terminal.shows("there is no service nothing-of-this-name");
}

/// As `dpctl status` does there.
#[test]
fn a_narrow_terminal_has_fewer_columns_and_whole_sentences() {
    let daemon = troubled();
    daemon.ok("stop web");
    let mut terminal = terminal::script(daemon.folder(), "stty cols 40; exec dpctl shell", &[]);
    terminal.line_is(PROMPT);
    terminal.types("status\r");
    terminal.has_line("NAME    STATE  STARTS  CAUSE");
    terminal.types("why web\r");
    terminal.has_line("  It is held, since it was stopped by");
}
