//! Standard input and output belong to the protocol, and nothing in the script can get at it.

use std::process::Stdio;

use daemonproxy_testing::inherits_nothing;

use crate::program::{Script, binary, program, start};

#[test]
fn nothing_that_is_printed_gets_among_the_commands() {
    let mut running = start(
        "io.write('written ')
        io.stdout:write('to stdout\\n')
        print('printed')
        os.execute('echo executed')
        io.stdout:close()
        require('daemonproxy.host').send('echo', 'clean')",
    );
    running.commands("echo\tclean");
    let said = running.ends_with(0);
    assert_eq!(said, "written to stdout\nprinted\nexecuted\n");
    assert_eq!(running.command(), None);
}

#[test]
fn nothing_that_is_read_is_taken_from_the_events() {
    let mut running = start(
        "print(io.read(), io.stdin:read('a'))
        os.execute('cat')
        for line in io.lines() do print(line) end
        local kind, event = require('daemonproxy.host').receive()
        print(event.text)",
    );
    running.tells("info\tuntouched");
    assert_eq!(running.ends_with(0), "nil\t\nuntouched\n");
}

#[test]
fn a_program_that_the_script_runs_inherits_only_what_everybody_has() {
    // Only the first 28 signals: the C library does what it likes with 32 and 33, its own.
    let look = r"ls /proc/self/fd | wc -l; sed -n 's/^\(Sig[IB].*:\).*\(.......\)$/\1\2/p' /proc/self/status";
    // As it is without the program in between, whatever this test itself was given.
    let mut direct = std::process::Command::new("sh");
    inherits_nothing(&mut direct);
    let direct = direct.args(["-c", look]).stdin(Stdio::null()).output().expect("sh runs");
    let mut running = start(&format!("os.execute([[{look}]])"));
    assert_eq!(running.ends_with(0), String::from_utf8_lossy(&direct.stdout));
}

#[test]
fn at_a_terminal_it_says_that_nobody_is_there() {
    let mut command = program();
    command.args(["-e", "print 'no'"]);
    let mut terminal = daemonproxy_testing::Terminal::new(command);
    terminal.shows("nobody is there to talk to: descriptors 0 and 1 are the terminal");
    assert_eq!(terminal.ends(), Some(2));
}

#[test]
fn without_a_standard_error_it_works_all_the_same() {
    let script =
        Script::new("print('into nothing') require('daemonproxy.host').send('echo', 'there')");
    let command = format!("exec {} {} 2>&- </dev/null", binary().display(), script.shown());
    let output = std::process::Command::new("sh")
        .args(["-c", &command])
        .stdin(Stdio::null())
        .output()
        .expect("sh runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "echo\tthere\n");
    assert_eq!(output.status.code(), Some(0));
}
