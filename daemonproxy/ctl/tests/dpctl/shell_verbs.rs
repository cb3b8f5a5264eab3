//! The verbs of `dpctl` in the shell: the same words, order and options, and the same meaning.

use daemonproxy_testing::Terminal;

use crate::daemon::Daemon;
use crate::terminal;

/// The last line when nothing is typed.
const PROMPT: &str = "daemonproxy>";

fn with_two() -> Daemon {
    let daemon = Daemon::start();
    for name in ["web-1", "web-2"] {
        daemon.ok_args(&["send", "service.args", name, "sleep", "1000"]);
    }
    daemon
}

/// One that runs, and is not ready before somebody says so.
fn with_unready() -> Daemon {
    let daemon = with_two();
    daemon.ok("options web-1 ready=control");
    daemon.ok("start web-1");
    daemon
}

#[track_caller]
fn shell(daemon: &Daemon) -> Terminal {
    let mut terminal = terminal::dpctl(daemon, &["shell"]);
    terminal.line_is(PROMPT);
    terminal
}

#[test]
fn a_wait_is_over_when_it_is_so() {
    let daemon = with_unready();
    let mut terminal = shell(&daemon);
    terminal.types("wait web-1 --for ready\r");
    terminal.shows("waiting until web-1 is ready; ^C gives it up\r\n");
    daemon.ok("ready web-1");
    terminal.shows("ready: web-1\r\n");
    terminal.line_is(PROMPT);
    // All of them, with what comes meanwhile.
    terminal.types("wait web-*\r");
    terminal.shows("waiting until web-* is up");
    daemon.ok("start web-2");
    terminal.shows("web-2 up ");
    terminal.shows("up: web-1 web-2\r\n");
    terminal.line_is(PROMPT);
    daemon.ok("stop web-1");
    terminal.types("wait web-1 --for down\r");
    terminal.shows("down: web-1\r\n");
}

#[test]
fn a_wait_ends_when_the_time_is_up() {
    let daemon = with_unready();
    let mut terminal = shell(&daemon);
    terminal.types("wait web-1 web-2 --timeout 0.1 --for ready\r");
    terminal.shows("not ready within 0.1 s: web-1 web-2\r\n");
    terminal.line_is(PROMPT);
}

/// What was typed meanwhile is for the prompt, but not what was pasted together with the wait.
#[test]
fn an_interrupt_ends_a_wait_and_no_more() {
    let daemon = with_unready();
    let mut terminal = shell(&daemon);
    terminal.types("\x1b[200~wait web-1 --for ready --timeout 1000\necho not that\x1b[201~\r");
    terminal.shows("^C gives it up\r\n");
    terminal.types("echo ahead\r");
    terminal.types("\x03");
    terminal.shows("given up, not ready: web-1\r\n");
    terminal.shows("ahead\r\n");
    assert!(!terminal.written().contains("\nnot that"), "{}", terminal.screen());
    assert_eq!(daemon.dpctl("ok web-1").status, 0);
    // ^C is that of the line again.
    terminal.types("half a line\x03echo whole\r");
    terminal.shows("\nwhole\r\n");
    // And once more.
    terminal.types("wait web-1 --for ready --timeout 1000\r");
    terminal.shows("^C gives it up\r\n");
    terminal.types("\x03");
    terminal.shows("given up, not ready: web-1\r\n");
    terminal.types("\x04\x04");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn an_interrupt_of_a_wait_reaches_neither_the_daemon_nor_a_service() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal::daemon(folder.path());
    terminal.line_is(PROMPT);
    terminal.types("service.args it sleep 1000\rservice.options it ready=control\rstart it\r");
    terminal.shows("it up ");
    terminal.types("wait it --for ready\r");
    terminal.shows("^C gives it up\r\n");
    terminal.types("\x03");
    terminal.shows("given up, not ready: it");
    terminal.types("ready it\rwait it --for ready\r");
    terminal.shows("ready: it\r\n");
    terminal.types("terminate.shutdown\r");
    terminal.shows("SIGTERM after");
    assert_eq!(terminal.ends(), Some(0));
}

#[test]
fn a_service_may_come_while_it_is_waited_for() {
    let daemon = with_two();
    let mut terminal = shell(&daemon);
    terminal.types("wait web-3\r");
    terminal.shows("web-3 is not there yet; did you mean web-");
    daemon.ok("send service.args web-3 sleep 1000");
    daemon.ok("start web-3");
    terminal.shows("up: web-3\r\n");
    terminal.types("wait nothing-like-it --for down\r");
    terminal.shows("there is no service nothing-like-it");
}

#[test]
fn a_daemon_that_is_killed_ends_a_wait_in_good_order() {
    let mut daemon = with_unready();
    let mut terminal = shell(&daemon);
    terminal.types("wait web-1 --for ready\r");
    terminal.shows("^C gives it up\r\n");
    daemon.kill();
    terminal.shows("the daemon closed the connection");
    assert_eq!(terminal.ends(), Some(150));
    assert!(terminal.is_cooked());
}

#[test]
fn tab_and_hints_know_the_words_and_the_options() {
    let daemon = with_two();
    let mut terminal = shell(&daemon);
    terminal.types("wai\t");
    terminal.line_is("daemonproxy> wait NAME... [--for STATE] [--timeout SECONDS]");
    terminal.types("web-1 --f\tre\t");
    terminal.line_is("daemonproxy> wait web-1 --for ready [NAME]... [--timeout SECONDS]");
    terminal.types("\x15signal HUP web-\t2 --\t");
    terminal.line_is("daemonproxy> signal HUP web-2 --group [NAME]...");
    terminal.types("\x15signal web-2 TER\t");
    terminal.line_is("daemonproxy> signal web-2 TERM [NAME]... [--group]");
    terminal.types("\x15stop web-1 web-\t2 --t\t");
    terminal.line_is("daemonproxy> stop web-1 web-2 --timeout [NAME]...");
    terminal.types("\x15help wait\r");
    terminal.shows("Wait until services are up, ready, down or done.");
}

/// Both orders of it.
#[test]
fn a_signal_may_be_named_before_or_behind_the_service() {
    let daemon = with_two();
    daemon.ok("start web-*");
    let mut terminal = shell(&daemon);
    terminal.types("signal hup web-1\r");
    terminal.shows("web-1 down 0s, SIGHUP");
    terminal.types("signal web-2 USR1 group\r");
    terminal.shows("web-2 down 0s, SIGUSR1");
    daemon.ok("start web-*");
    terminal.types("signal USR2 web-1 web-2 --group\r");
    terminal.shows("web-1 down 0s, SIGUSR2");
    terminal.types("wait web-* --for down\rsignal TERM web-*\r");
    terminal.shows("\n  service.signal web-1 SIGTERM");
    terminal.shows("service is not running");
    terminal.shows("\n  service.signal web-2 SIGTERM");
    terminal.shows("service is not running");
    // What is wrong is the same in both.
    terminal.types("signal HUP wep-1\r");
    terminal.shows("\n             ^^^^^");
    terminal.shows("there is no service wep-1; did you mean web-1?");
    terminal.types("signal web-1 FOO\r");
    terminal.shows("\n               ^^^");
}

#[test]
fn several_services_and_patterns() {
    let daemon = with_two();
    let mut terminal = shell(&daemon);
    terminal.types("start web-1 web-2\r");
    terminal.shows("web-1 up ");
    terminal.shows("web-2 up ");
    terminal.types("restart web-* --timeout 5\r");
    daemon.comes_to_say("ls web-* -o name,starts,state --format tsv", STARTED_TWICE);
    terminal.types("stop web-1 web-2\r");
    daemon.comes_to_say(
        "ls web-* -o cause --format tsv",
        "cause\nstopped, SIGTERM, held\nstopped, SIGTERM, held\n",
    );
    terminal.types("release web-*\r");
    daemon.comes_to_say(
        "ls web-* -o cause --format tsv",
        "cause\nstopped, SIGTERM\nstopped, SIGTERM\n",
    );
    terminal.types("up web-* --interval 7\r");
    daemon.ok("wait web-*");
    terminal.types("down web-2\r");
    daemon.comes_to_say(
        "ls web-* -o interval,triggers --format tsv",
        "interval\ttriggers\n7\talways\n-\t-\n",
    );
    terminal.types("tags web-* role=x\r");
    daemon.comes_to_say("tags web-2", "role=x\n");
    terminal.types("tags web-1\r");
    terminal.shows("\nrole=x\r\n");
    terminal.types("env --all A=b\renv web-* C=d\r");
    daemon.comes_to_say("env web-2", "C=d\n");
    terminal.types("env --all\r");
    terminal.shows("\nA=b\r\n");
    terminal.types("hup web-1\r");
    terminal.shows("web-1 down 0s, SIGHUP");
    terminal.types("status web-2 -o name,interval --format tsv\r");
    terminal.shows("name\tinterval\r\nweb-2\t-\r\n");
}

const STARTED_TWICE: &str = "name\tstarts\tstate\nweb-1\t2\tup\nweb-2\t2\tup\n";

/// A time behind a name is that of the protocol, unless it could be another service.
#[test]
fn what_the_command_of_the_protocol_takes_is_understood_too() {
    let daemon = with_two();
    let mut terminal = shell(&daemon);
    daemon.ok("start web-1");
    terminal.types("stop web-1 5\r");
    terminal.shows("web-1 down 0s, SIGTERM");
    daemon.ok("send service.args 5 sleep 1000");
    daemon.ok("start web-1 5");
    terminal.types("stop web-1 5\r");
    terminal.shows("\n             ^\r\n");
    terminal.shows("This can be service.stop or stop NAME... [--timeout SECONDS], since 5 is");
    assert_eq!(daemon.dpctl("ok web-1 5").status, 0);
    terminal.types("shutdown --timeout 5\r");
    terminal.shows("the daemon has ended after its shutdown");
    assert_eq!(terminal.ends(), Some(0));
}

#[test]
fn what_is_not_understood_is_said() {
    let daemon = with_two();
    let mut terminal = shell(&daemon);
    terminal.types("stop web-1 wep-2\r");
    terminal.shows("\n             ^^^^^");
    terminal.shows("there is no service wep-2; did you mean web-2?");
    terminal.types("start web-1 --timeout 5\r");
    terminal.shows("start does not wait here: what becomes of it is shown.");
    terminal.types("wait\r");
    terminal.shows("something is missing. The form is wait NAME... [--for STATE]");
    terminal.types("wait web-1 --for nonsense\r");
    terminal.shows("invalid value 'nonsense'");
    terminal.types("who\r");
    terminal.shows("the shell has no who; here it is: conn.list");
    terminal.types("logs web-1\r");
    terminal.shows("the shell has no logs; that is dpctl logs, in another terminal");
}
