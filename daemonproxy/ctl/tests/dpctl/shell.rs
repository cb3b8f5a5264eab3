//! The shell at a terminal: typing, completion, events while typing, ^C, ^D, and every end.

use daemonproxy_testing::Terminal;

use crate::daemon::Daemon;
use crate::terminal;

/// The last line when nothing is typed.
const PROMPT: &str = "daemonproxy>";
const UP: &str = "\x1b[A";

fn with_web() -> Daemon {
    let daemon = Daemon::start();
    daemon.ok_args(&["send", "service.args", "web", "sleep", "1000"]);
    daemon
}

#[track_caller]
fn shell(daemon: &Daemon) -> Terminal {
    let mut terminal = terminal::dpctl(daemon, &["shell"]);
    terminal.line_is(PROMPT);
    terminal
}

#[test]
fn a_command_is_carried_out_and_its_events_shown() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.start web\r");
    terminal.shows("web up ");
    assert_eq!(daemon.dpctl("ok web").status, 0);
}

#[test]
fn a_command_may_have_a_tag() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("@one service.tags web x\r");
    terminal.shows("service.tags web x");
    terminal.shows("one: done");
    terminal.types("@two service.signal web HUP\r");
    terminal.shows("                      ^^^");
    terminal.shows("service is not running");
    terminal.types("@three terminate.guard - 7\r");
    terminal.shows("terminate guard was not set");
    terminal.types("@four service.signal a/b HUP\r");
    terminal.shows("Invalid service name");
}

/// With a name alone these show what there is, instead of changing it.
#[test]
fn options_and_variables_are_shown() {
    let daemon = with_web();
    daemon.ok("options web nice=7 stop=INT");
    let mut terminal = shell(&daemon);
    terminal.types("options web\r");
    terminal.shows("nice=7");
    terminal.shows("stop=INT");
    terminal.types("env web\r");
    terminal.shows("web has no variables of its own");
    terminal.types("env web COLOUR=red\r");
    terminal.shows("service.env web COLOUR=red");
    terminal.types("env web\r");
    terminal.shows("COLOUR=red");
    terminal.types("options none\r");
    terminal.shows("there is no service none");
}

/// Short words are completed, and stand for their commands.
#[test]
fn somebody_says_that_a_service_is_ready_and_vouches_for_it() {
    let daemon = with_web();
    daemon.ok("options web ready=control deadman=1000");
    let mut terminal = shell(&daemon);
    terminal.types("start web\r");
    terminal.shows("web up");
    terminal.types("read\tweb\r");
    daemon.ok("wait web --for ready --timeout 60");
    terminal.types("dead\tweb\r");
    terminal.types("echo vouched\r");
    terminal.shows("vouched");
}

#[test]
fn tab_completes_commands_and_names() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.tags.\t");
    terminal.line_is("daemonproxy> service.tags.apply NAME CHANGE...");
    terminal.types("w\t");
    terminal.line_is("daemonproxy> service.tags.apply web CHANGE...");
    terminal.types("role=x\r");
    terminal.shows("service.tags web role=x");
}

#[test]
fn tab_completes_signals() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    daemon.ok("start web");
    terminal.shows("web up");
    terminal.types("service.signal web TE\t\r");
    terminal.shows("SIGTERM after");
}

#[test]
fn tab_completes_flags_behind_a_comma() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("fd.open log write,app\t ");
    terminal.line_is("daemonproxy> fd.open log write,append PATH");
    terminal.types("/dev/nul\t\r");
    terminal.shows("fd.state log file write,append /dev/null");
}

#[test]
fn tab_completes_programs_as_the_first_argument() {
    let daemon = with_web();
    let folder = daemon.folder().join("bin");
    std::fs::create_dir(&folder).unwrap();
    for (name, mode) in [("dpctl-test-program", 0o755), ("dpctl-test-text", 0o644)] {
        std::fs::write(folder.join(name), "").unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(folder.join(name), mode).unwrap();
    }
    let script = format!("PATH={}:$PATH exec dpctl shell", folder.display());
    let mut terminal = terminal::script(daemon.folder(), &script, &[]);
    terminal.line_is(PROMPT);
    terminal.types("service.args it dpctl-test-\t");
    terminal.line_is("daemonproxy> service.args it dpctl-test-program [ARG]...");
    terminal.types(&format!("{}/dpctl-test-t\t", folder.display()));
    terminal.line_is(&format!(
        "daemonproxy> service.args it dpctl-test-program {}/dpctl-test-text [ARG]...",
        folder.display()
    ));
}

/// They are relative to the folder of the daemon, which is that of its services.
#[test]
fn tab_completes_relative_paths() {
    let daemon = with_web();
    let folder = daemon.folder().join("a-folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("a-file"), "").unwrap();
    daemon.ok_args(&["send", "chdir", daemon.folder().to_str().unwrap()]);
    let mut terminal = shell(&daemon);
    terminal.types("fd.open log read a-fo\ta\t");
    terminal.line_is("daemonproxy> fd.open log read a-folder/a-file");
    terminal.types("\x15service.args it cat a-fo\t");
    terminal.line_is("daemonproxy> service.args it cat a-folder/ [ARG]...");
}

#[test]
fn tab_writes_out_what_a_tilde_means() {
    let daemon = with_web();
    std::fs::write(daemon.folder().join("a-file"), "").unwrap();
    let script = format!("HOME={} exec dpctl shell", daemon.folder().display());
    let mut terminal = terminal::script(daemon.folder(), &script, &[]);
    terminal.line_is(PROMPT);
    terminal.types("fd.open log read ~/a-f\t");
    let path = daemon.folder().join("a-file");
    terminal.line_is(&format!("daemonproxy> fd.open log read {}", path.display()));
}

#[test]
fn a_hint_shows_what_is_missing() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.signal web ");
    terminal.line_is("daemonproxy> service.signal web SIGNAL [GROUP]");
}

#[test]
fn quotes_keep_spaces_in_a_field() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.args it sh -c 'exit 3'\r");
    terminal.shows("service.args it sh -c exit 3");
    assert!(daemon.ok("dump").contains("service.args\tit\tsh\t-c\texit 3\n"));
}

#[test]
fn events_leave_the_line_that_is_being_typed() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.tags web half");
    terminal.line_is("daemonproxy> service.tags web half [TAG]...");
    let burst: String =
        (0..500).map(|number| format!("service.tags\tother\tn{number}\n")).collect();
    let mut other = std::os::unix::net::UnixStream::connect(daemon.socket()).unwrap();
    std::io::Write::write_all(&mut other, burst.as_bytes()).unwrap();
    terminal.shows("service.tags other n0\r\n");
    terminal.shows("service.tags other n499\r\n");
    terminal.line_is("daemonproxy> service.tags web half [TAG]...");
    terminal.types("way\r");
    terminal.shows("service.tags web halfway");
}

#[test]
fn a_line_can_be_typed_while_events_come_by_the_hundred() {
    const BURSTS: usize = 20;
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    let mut other = std::os::unix::net::UnixStream::connect(daemon.socket()).unwrap();
    for (burst, key) in ("service.tags web ".chars().chain('a'..)).enumerate().take(BURSTS) {
        let events: String =
            (0..50).map(|number| format!("service.tags\tother\tn{burst}-{number}\n")).collect();
        std::io::Write::write_all(&mut other, events.as_bytes()).unwrap();
        terminal.types(&key.to_string());
    }
    terminal.shows("service.tags other n0-0\r\n");
    terminal.shows(&format!("service.tags other n{}-49\r\n", BURSTS - 1));
    terminal.line_is("daemonproxy> service.tags web abc [TAG]...");
    terminal.types("\r");
    daemon.comes_to_say("tags web", "abc\n");
}

#[test]
fn bytes_that_are_no_text_are_written_out() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    let mut other = std::os::unix::net::UnixStream::connect(daemon.socket()).unwrap();
    let commands =
        b"service.tags\tweb\tcaf\xe9\nservice.args\tweb\techo\t\xff\xc2\x9b\xe2\x80\xae\n";
    std::io::Write::write_all(&mut other, commands).unwrap();
    terminal.shows("service.tags web caf\\xe9\r\n");
    terminal.shows("service.args web echo \\xff\\u{9b}\\u{202e}\r\n");
    terminal.types("status\r");
    terminal.shows("echo \\xff\\u{9b}");
    terminal.types("service.tags.apply web \t\t");
    terminal.shows("caf");
    terminal.types("\x15service.start web\r");
    terminal.shows("web up ");
}

#[test]
fn the_history_can_be_searched() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.tags web first\recho second\rhelp help\r\x12tags");
    terminal.line_is("(reverse-i-search)`tags': service.tags web first");
    terminal.types("\x05x\r");
    daemon.comes_to_say("tags web", "firstx\n");
}

#[test]
fn colours_tell_kinds_apart() {
    let daemon = with_web();
    let script = "unset NO_COLOR; exec dpctl shell";
    let mut terminal = terminal::script(daemon.folder(), script, &[]);
    terminal.line_is(PROMPT);
    terminal.types("service.start web\r");
    terminal.shows("\x1b[32mup ");
    terminal.types("service.auto_up web soon\r");
    terminal.shows("\x1b[31m^^^^\x1b[0m");
    terminal.shows("\x1b[31mExpected integer. A number is missing");
    terminal.types("service.signal web KILL\r");
    terminal.shows("\x1b[31mdown ");
}

#[test]
fn no_colours_where_they_are_not_wanted() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.start web\rstatus\rservice.auto_up web soon\r");
    terminal.shows("Expected integer");
    let written = terminal.written();
    let mut sequences = written.split("\x1b[").skip(1);
    let is_number = |c: char| c.is_ascii_digit() || c == ';';
    assert!(!sequences.any(|it| it.trim_start_matches(is_number).starts_with('m')), "{written:?}");
}

#[test]
fn the_place_of_a_mistake_is_marked() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.auto_up web soon always\r");
    terminal.shows("  service.auto_up web soon always");
    terminal.shows("\n                      ^^^^");
    terminal.shows("Expected integer");
}

#[test]
fn what_the_daemon_refuses_is_shown() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.signal web HUP\r");
    terminal.shows("\n  service.signal web HUP");
    terminal.shows("\n                 ^^^");
    terminal.shows("\nservice is not running");
}

#[test]
fn a_refusal_to_leave_is_only_that() {
    let daemon = with_web();
    daemon.ok_args(&["send", "terminate.guard", "+", "7"]);
    let mut terminal = shell(&daemon);
    terminal.types("terminate 0 8\r");
    terminal.shows("\n              ^");
    terminal.shows("incorrect terminate guard code");
    terminal.types("echo still here\r");
    terminal.shows("\nstill here");
    daemon.ok_args(&["send", "terminate.guard", "-", "7"]);
}

#[test]
fn what_ends_the_conversation_is_said() {
    let daemon = with_web();
    let mut first = shell(&daemon);
    first.types("exit\r");
    first.shows("left: the daemon goes on");
    assert_eq!(first.ends(), Some(0));
    let mut second = shell(&daemon);
    second.types("terminate 0\r");
    second.shows("the daemon has ended");
    assert_eq!(second.ends(), Some(0));
    assert!(second.is_cooked());
}

#[test]
fn what_is_added_to_a_file_is_shown() {
    let daemon = with_web();
    let path = daemon.folder().join("web.log");
    std::fs::write(&path, "before\n").unwrap();
    let args = ["shell", "--follow", path.to_str().unwrap()];
    let mut terminal = terminal::dpctl(&daemon, &args);
    terminal.line_is(PROMPT);
    std::fs::write(&path, "before\nbehind\n").unwrap();
    terminal.shows("web.log| behind");
    let other = daemon.folder().join("other");
    std::fs::write(&other, "anew\n").unwrap();
    std::fs::rename(&other, &path).unwrap();
    terminal.shows("web.log| anew");
    assert!(!terminal.screen().contains("before"));
}

#[test]
fn a_file_to_follow_that_is_not_there() {
    let said = with_web().dpctl("shell --follow /no/where");
    assert_eq!((said.status, said.err.lines().count()), (1, 1));
}

#[test]
fn raw_lines_are_sent_untouched() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("!raw nonsense 'x'\r");
    terminal.shows("error: Unknown command: nonsense 'x'");
}

#[test]
fn help_comes_from_the_grammar() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("help service.start\r");
    terminal.shows("service.start NAME [AT]");
    terminal.shows("CLOCK_MONOTONIC");
}

#[test]
fn status_is_a_table() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("status\r");
    terminal.shows("NAME  STATE");
    terminal.shows("web   down");
}

#[test]
fn a_table_is_no_wider_than_the_terminal() {
    let daemon = with_web();
    daemon.ok_args(&["send", "service.args", "long", "echo", &"x".repeat(200)]);
    let mut terminal = shell(&daemon);
    terminal.types("status\r");
    terminal.shows("xxx\u{2026}\r\n");
    terminal.shows("web   down");
}

#[test]
fn watch_is_up_to_date_and_ends() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("watch\r");
    terminal.shows("web   down");
    daemon.ok("start web");
    terminal.shows("web   up");
    terminal.types("q");
    terminal.line_is(PROMPT);
}

#[test]
fn the_history_is_kept_for_the_next_time() {
    let daemon = with_web();
    let mut first = shell(&daemon);
    first.types("help help\r");
    first.shows("What there is");
    first.line_is(PROMPT);
    first.types("\x04");
    assert_eq!(first.ends(), Some(0));
    let mut second = shell(&daemon);
    second.types(UP);
    second.line_is("daemonproxy> help help");
}

#[test]
fn a_new_size_of_the_window_leaves_the_line() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("help service.start");
    terminal.line_is("daemonproxy> help service.start");
    terminal.resizes(40, 10);
    terminal.types("\r");
    terminal.shows("CLOCK_MONOTONIC");
}

#[test]
fn interrupt_clears_the_line_and_no_more() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    daemon.ok("start web");
    terminal.shows("web up");
    terminal.types("service.signal web KILL");
    terminal.line_is("daemonproxy> service.signal web KILL [GROUP]");
    terminal.types("\x03");
    terminal.line_is(PROMPT);
    terminal.types("echo still here\r");
    terminal.shows("still here");
    assert_eq!(daemon.dpctl("ok web").status, 0);
}

#[test]
fn end_of_file_asks_once_more_while_services_are_up() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    daemon.ok("start web");
    terminal.shows("web up");
    terminal.types("\x04");
    terminal.shows("These services are up:");
    terminal.shows("web up");
    terminal.shows("^D once more");
    terminal.line_is(PROMPT);
    terminal.types("\x04");
    terminal.shows("the daemon goes on");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn a_daemon_that_is_killed_leaves_the_terminal_in_order() {
    let mut daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("help serv");
    daemon.kill();
    terminal.shows("the daemon closed the connection");
    assert_eq!(terminal.ends(), Some(150));
    assert!(terminal.is_cooked());
}

#[test]
fn a_signal_leaves_the_terminal_in_order() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.signals(libc::SIGTERM);
    assert_eq!(terminal.ends(), Some(128 + libc::SIGTERM));
    assert!(terminal.is_cooked());
}

#[test]
fn top_shows_services_and_ends_with_q() {
    let daemon = with_web();
    daemon.ok("start web");
    let mut terminal = terminal::dpctl(&daemon, &["top", "-d", "0.1"]);
    terminal.shows("1 service, 1 up");
    terminal.shows("web   up");
    terminal.types("q");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn top_sorts_by_what_is_asked_for() {
    let daemon = with_web();
    daemon.ok("start web");
    for name in ["asleep", "busy"] {
        daemon.ok_args(&["send", "service.args", name, "sh", "-c", "while :; do :; done"]);
    }
    daemon.ok("start busy");
    let mut terminal = terminal::dpctl(&daemon, &["top", "-d", "0.1"]);
    terminal.shows("3 services, 2 up, by name");
    terminal.shows("n name  c cpu  m memory  u uptime  r restarts");
    terminal.line_is_first("asleep");
    terminal.types("c");
    terminal.shows("by cpu");
    terminal.line_is_first("busy");
    terminal.types("nn");
    terminal.shows("by name, turned");
    terminal.line_is_first("web");
    terminal.types("q");
    assert_eq!(terminal.ends(), Some(0));
}

#[test]
fn several_lines_can_be_pasted() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("\x1b[200~service.tags web pasted\nservice.tags web twice\x1b[201~\r");
    terminal.shows("service.tags web pasted\r\n");
    terminal.shows("service.tags web twice\r\n");
    daemon.comes_to_say("tags web", "twice\n");
}

#[test]
fn what_is_typed_ahead_is_not_lost() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("service.tags web first\rservice.tags web second\r");
    terminal.shows("service.tags web second\r\n");
    daemon.comes_to_say("tags web", "second\n");
}

#[test]
fn what_is_typed_behind_an_interrupt_is_not_lost() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("half a line\x03service.start web\r");
    terminal.shows("web up ");
}

#[test]
fn what_is_typed_behind_an_end_is_not_lost() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    daemon.ok("start web");
    terminal.shows("web up");
    terminal.types("\x04service.signal web KILL\r");
    terminal.shows("^D once more");
    terminal.shows("SIGKILL");
}

/// The daemon stands still, so the shell is waiting for an answer and not for a line.
#[test]
fn what_is_typed_while_there_is_no_prompt_is_neither_lost_nor_shown_twice() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    daemon.signal(libc::SIGSTOP);
    terminal.types("echo asked\r");
    terminal.shows("\x1b[?2004l");
    terminal.types("service.start web\r\x03echo done\r");
    daemon.signal(libc::SIGCONT);
    terminal.shows("web up ");
    terminal.shows("\ndone\r\n");
    let shown = terminal.screen();
    assert_eq!(shown.matches("service.start web").count(), 1, "{shown}");
}

#[test]
fn an_end_while_there_is_no_prompt_is_not_lost() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    daemon.signal(libc::SIGSTOP);
    terminal.types("echo asked\r");
    terminal.shows("\x1b[?2004l");
    terminal.types("\x04");
    daemon.signal(libc::SIGCONT);
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn what_is_typed_behind_the_key_that_ends_watch_is_not_lost() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("watch\r");
    terminal.shows("web   down");
    terminal.types("qservice.start web\r");
    terminal.shows("\x1b[?1049l");
    terminal.shows("web up ");
}

/// There it means nothing; and the line that is accepted later is not mistaken for the one that was
/// given up.
#[test]
fn an_interrupt_in_a_long_list_does_not_spoil_the_next_line() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.resizes(40, 6);
    terminal.types("help \t\t");
    terminal.shows("--More--");
    terminal.types("\x03qservice.start\r");
    terminal.shows("CLOCK_MONOTONIC");
}

#[test]
fn what_is_not_utf8_gives_up_the_line_and_no_more() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types_bytes(b"service.tags web caf\xe9 \r");
    terminal.shows("not UTF-8");
    terminal.line_is(PROMPT);
    terminal.types("service.start web\r");
    terminal.shows("web up ");
}

#[test]
fn an_interrupt_from_elsewhere_is_like_a_key() {
    let daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("half");
    terminal.line_is("daemonproxy> half");
    terminal.signals(libc::SIGINT);
    terminal.line_is(PROMPT);
    terminal.types("service.start web\r");
    terminal.shows("web up ");
}

/// The shell that started it goes on with a sane terminal, and can bring it back.
#[test]
fn it_can_be_suspended_and_comes_back() {
    let daemon = with_web();
    let script = "set -m; dpctl shell; stty -a; echo suspended; fg";
    let mut terminal = terminal::script(daemon.folder(), script, &[]);
    terminal.line_is(PROMPT);
    terminal.types("service.start");
    terminal.line_is("daemonproxy> service.start NAME [AT]");
    terminal.types("\x1a");
    terminal.shows(" icanon ");
    terminal.shows("suspended");
    // What comes meanwhile is shown when it is back.
    daemon.ok("start web");
    terminal.shows("web up ");
    terminal.line_is("daemonproxy> service.start NAME [AT]");
    terminal.types("\x03\x04\x04");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn raw_shows_the_protocol() {
    let daemon = with_web();
    let mut terminal = terminal::dpctl(&daemon, &["shell", "--raw"]);
    terminal.line_is(PROMPT);
    terminal.types("service.start web\r");
    terminal.shows("service.state\tweb\tup\t");
}

#[test]
fn a_signal_ends_top_in_good_order() {
    let daemon = with_web();
    let mut terminal = terminal::dpctl(&daemon, &["top", "-d", "0.1"]);
    terminal.shows("1 service, 0 up");
    terminal.signals(libc::SIGTERM);
    terminal.shows("\x1b[?1049l");
    assert_eq!(terminal.ends(), Some(128 + libc::SIGTERM));
    assert!(terminal.is_cooked());
}

#[test]
fn a_daemon_that_is_killed_ends_watch_in_good_order() {
    let mut daemon = with_web();
    let mut terminal = shell(&daemon);
    terminal.types("watch\r");
    terminal.shows("web   down");
    daemon.kill();
    terminal.shows("\x1b[?1049l");
    terminal.shows("the daemon closed the connection");
    assert_eq!(terminal.ends(), Some(150));
    assert!(terminal.is_cooked());
}

#[test]
fn without_a_terminal_there_is_no_shell() {
    let said = with_web().dpctl("shell");
    assert_eq!(said.status, 1);
    assert!(said.err.contains("needs a terminal"), "{}", said.err);
}
