//! Errors of the script: what is said, where, and what becomes of the program.

use crate::program::{Script, program, start, start_command};

#[test]
fn a_mistake_in_the_syntax_has_file_and_line() {
    let mut running = start("local a = 1\n\nfor\n");
    let shown = running.script.shown();
    let said = running.ends_with(1);
    assert_eq!(said, format!("daemonproxy-lua: {shown}:4: <name> expected near <eof>\n"));
}

#[test]
fn an_error_in_the_chunk_has_line_and_traceback_and_ends_the_program() {
    let mut running = start("local function f() error('broken') end\nlocal x = 1\nf()\n");
    let (status, said) = running.ends();
    assert_eq!(status, Some(1));
    let shown = running.script.shown();
    assert!(
        said.starts_with(&format!("daemonproxy-lua: {shown}:1: broken\nstack traceback:\n")),
        "{said}"
    );
    assert!(said.contains(&format!("{shown}:3: in ")), "{said}");
}

#[test]
fn an_error_that_is_no_text_is_shown_all_the_same() {
    let mut running =
        start("error(setmetatable({}, { __tostring = function() return 'odd' end }))");
    let (status, said) = running.ends();
    assert_eq!(status, Some(1));
    assert!(said.contains("odd"), "{said}");
}

#[test]
fn an_error_in_a_handler_is_reported_and_no_event_is_lost() {
    let mut running = start(
        "local dp = require 'daemonproxy'
        dp.on('service.tags', function(event)
            if event.tags[1] == 'bad' then error('cannot take it') end
            dp.service('seen'):tags { event.tags[1] }
        end)
        dp.service('ready'):tags {}",
    );
    running.answers_until("service.tags\tready");
    running.tells("service.tags\tweb\tbad");
    running.tells("service.tags\tweb\tgood");
    running.answers_until("service.tags\tseen\tgood");
    let said = running.ends_with(0);
    assert!(said.contains("script.lua:3: cannot take it\nstack traceback:\n"), "{said}");
}

#[test]
fn an_error_in_a_module_names_the_module() {
    let script = Script::new("require 'part'");
    script.add("part.lua", "local a\nlocal b = a.c\n");
    let mut command = program();
    command.arg(script.path());
    let mut running = start_command(command, script);
    let (status, said) = running.ends();
    assert_eq!(status, Some(1));
    assert!(said.contains("part.lua:2: attempt to index a nil value (local 'a')"), "{said}");
}

#[test]
fn send_refuses_what_would_break_the_line() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        print(pcall(io.send, 'a', 'b\\tc'))
        print(pcall(io.send, 'a\\nb'))
        print(pcall(io.send, 'a', {}))
        io.send('echo', 'whole', 7)",
    );
    running.commands("echo\twhole\t7");
    let said = running.ends_with(0);
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].starts_with("false") && lines[0].contains("field 2 has a TAB in it"),
        "{said}"
    );
    assert!(
        lines[1].starts_with("false") && lines[1].contains("field 1 has an LF in it"),
        "{said}"
    );
    assert!(lines[2].contains("must be a string or an integer, not a table"), "{said}");
}

#[test]
fn what_was_sent_before_an_error_is_sent() {
    let mut running = start("require('daemonproxy.host').send('echo', 'last words') error('x')");
    running.commands("echo\tlast words");
    assert_eq!(running.ends().0, Some(1));
}

#[test]
fn os_exit_sends_what_was_sent_and_has_the_status_of_the_script() {
    for (argument, status) in [("7", 7), ("true", 0), ("false", 1), ("", 0)] {
        let code = format!("require('daemonproxy.host').send('echo', 'bye') os.exit({argument})");
        let mut running = start(&code);
        running.commands("echo\tbye");
        assert_eq!(running.ends().0, Some(status), "os.exit({argument})");
    }
}

#[test]
fn the_end_of_the_events_is_the_end() {
    let mut running = start("local dp = require 'daemonproxy'\ndp.on('info', print)");
    running.answers_until("statedump");
    running.ends_with(0);
}
