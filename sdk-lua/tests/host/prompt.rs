//! The interactive prompt, at a real terminal of a real daemon.

use daemonproxy_testing::{Daemon, Setup, Terminal};

use crate::program::Script;
use crate::terminal;

/// The last line when nothing is typed.
const PROMPT: &str = "lua>";

fn daemon() -> Daemon {
    Setup::default().config("service.args\tweb\tsleep\t1000\n").listen()
}

#[track_caller]
fn prompt(daemon: &Daemon) -> Terminal {
    let mut terminal = terminal::prompt(daemon, &["--watchdog", "20"]);
    terminal.line_is(PROMPT);
    terminal
}

#[test]
fn expressions_are_printed_and_statements_carried_out() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("1 + 41\r");
    terminal.has_line("42");
    terminal.types("'text', nil\r");
    terminal.has_line("\"text\"  nil");
    terminal.types("x = { 1, 2, name = 'web' }\r");
    terminal.types("x\r");
    terminal.has_line("{1, 2, name = \"web\"}");
}

#[test]
fn errors_are_shown_with_their_traceback_and_the_prompt_goes_on() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("error('wrong')\r");
    terminal.has_line("prompt:1: wrong");
    terminal.has_line("stack traceback:");
    terminal.types("x = = 1\r");
    terminal.shows("prompt:1: unexpected symbol near '='");
    terminal.types("'still ' .. 'here'\r");
    terminal.shows("\"still here\"");
}

#[test]
fn a_line_that_is_not_complete_goes_on() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("for i = 1, 2 do\r");
    terminal.types("print('round ' .. i)\r");
    terminal.types("end\r");
    terminal.has_line("round 1");
    terminal.has_line("round 2");
}

#[test]
fn the_daemon_is_at_hand_and_waits_do_not_stop_the_prompt() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("web = dp.service 'web'; web:start(); print('ended by ' .. (web:wait('down', 60) and web.signal_name))\r");
    // Another line is carried out while that one waits.
    terminal.types("web:wait('up', 60), web:signal('TERM').name\r");
    terminal.has_line("ended by SIGTERM");
}

#[test]
fn handlers_go_on_while_somebody_types() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types(
        "dp.on('service.tags', function(e) print('heard ' .. e.name) end) and 'listening'\r",
    );
    terminal.shows("\"listening\"");
    terminal.types("half a li");
    terminal.line_is("lua> half a li");
    daemon_sends(&daemon, "service.tags\tother\tx\n");
    terminal.shows("heard other");
    terminal.line_is("lua> half a li");
}

fn daemon_sends(daemon: &Daemon, line: &str) {
    use std::io::Write;
    let mut stream = std::os::unix::net::UnixStream::connect(daemon.socket()).expect("it listens");
    stream.write_all(line.as_bytes()).expect("it reads");
    stream.shutdown(std::net::Shutdown::Write).expect("shutdown");
    let _ = std::io::Read::read_to_end(&mut stream, &mut Vec::new());
}

#[test]
fn tab_completes_globals_and_fields() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("'there is ' .. type(dp)\r");
    terminal.has_line("\"there is table\"");
    terminal.types("colle\t");
    terminal.line_is("lua> collectgarbage");
    terminal.types("\u{15}string.form\t");
    terminal.line_is("lua> string.format");
    terminal.types("\u{15}dp.serv\t");
    terminal.line_is("lua> dp.service");
}

#[test]
fn control_c_gives_the_line_up() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("print('never')");
    terminal.line_is("lua> print('never')");
    terminal.types("\u{3}");
    terminal.types("'after'\r");
    terminal.has_line("\"after\"");
}

#[test]
fn control_c_stops_what_runs_and_the_prompt_goes_on() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal
        .types("print('beg' .. 'un') while true do pcall(function() while true do end end) end\r");
    terminal.has_line("begun");
    terminal.types("\u{3}");
    terminal.shows("interrupted");
    terminal.types("'alive'\r");
    terminal.has_line("\"alive\"");
}

#[test]
fn the_watchdog_stops_a_line_and_the_prompt_goes_on() {
    let daemon = daemon();
    let mut terminal = terminal::prompt(&daemon, &["--watchdog", "0.5"]);
    terminal.line_is(PROMPT);
    terminal.types("while true do end\r");
    terminal.shows("interrupted");
    terminal.types("'alive'\r");
    terminal.has_line("\"alive\"");
}

#[test]
fn what_is_typed_ahead_is_not_lost() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("print('one')\r\u{3}print('two')\rprint('three')\r");
    terminal.has_line("one");
    terminal.has_line("two");
    terminal.has_line("three");
}

#[test]
fn control_d_leaves_and_the_terminal_is_as_it_was() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("dp.service('web'):tags { 'last' }\r");
    terminal.shows("service web");
    terminal.types("\u{4}");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn the_history_is_kept() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("'remember ' .. 'me'\r");
    terminal.shows("\"remember me\"");
    terminal.types("\u{4}");
    assert_eq!(terminal.ends(), Some(0));
    let mut terminal = prompt(&daemon);
    terminal.types("\u{1b}[A");
    terminal.line_is("lua> 'remember ' .. 'me'");
}

#[test]
fn the_end_of_the_daemon_is_said_and_the_terminal_is_as_it_was() {
    let mut daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("half a li");
    terminal.line_is("lua> half a li");
    daemon.kill();
    terminal.shows("the connection to the daemon has ended");
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn a_signal_that_ends_it_leaves_the_terminal_as_it_was() {
    let daemon = daemon();
    let mut terminal = prompt(&daemon);
    terminal.types("half");
    terminal.line_is("lua> half");
    terminal.signals(libc::SIGTERM);
    assert_eq!(terminal.ends(), None);
    assert!(terminal.is_cooked());
}

#[test]
fn after_a_script_its_handlers_and_globals_are_there() {
    let daemon = daemon();
    let script = Script::new("answer = 42\nprint('the script has ' .. 'run')");
    let mut terminal = terminal::prompt(&daemon, &["-i", &script.shown()]);
    terminal.shows("the script has run");
    terminal.line_is(PROMPT);
    terminal.types("answer + 1\r");
    terminal.has_line("43");
}

#[test]
fn a_daemon_that_is_not_there_is_said() {
    let mut command = crate::program::program();
    command.args(["--connect", "/nowhere/socket"]);
    let mut terminal = Terminal::new(command);
    terminal.shows("there is no socket /nowhere/socket");
    assert_eq!(terminal.ends(), Some(150));
    assert!(terminal.is_cooked());
}
