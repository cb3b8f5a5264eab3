//! The command line.

use crate::program::{Script, program, run, start_command, start_with};

#[test]
fn help_and_version_say_so_and_succeed() {
    let said = run(&["--help"]);
    assert_eq!(said.status, 0);
    assert!(said.out.starts_with("Usage: daemonproxy-lua"), "{}", said.out);
    let said = run(&["--version"]);
    assert_eq!(said.status, 0);
    assert!(said.out.starts_with("daemonproxy-lua version "), "{}", said.out);
}

#[test]
fn what_is_wrong_on_the_command_line_is_said_and_the_status_is_2() {
    for (args, text) in [
        (&["--nothing"][..], "--nothing"),
        (&[], "there is no SCRIPT to run"),
        (&["-i", "x.lua"], "a prompt needs --connect"),
        (&["--memory", "x", "x.lua"], "--memory needs kilobytes"),
        (&["--memory", "0", "x.lua"], "--memory needs kilobytes"),
        (&["--memory", "99999999999999999999", "x.lua"], "--memory needs kilobytes"),
        (&["--watchdog", "-1", "x.lua"], "--watchdog needs a number of seconds"),
        (&["--watchdog", "soon", "x.lua"], "--watchdog needs a number of seconds"),
        (&["--libs", "nonsense", "x.lua"], "there is no choice \"nonsense\""),
        (&["--libs", "-string", "x.lua"], "there is no choice \"-string\""),
        (&["--on-signal", "TERM", "x.lua"], "--on-signal needs SIGNAL=event"),
        (&["--on-signal", "XYZ=event", "x.lua"], "--on-signal needs SIGNAL=event"),
        (&["--on-signal", "TERM=perhaps", "x.lua"], "--on-signal needs SIGNAL=event"),
        (&["--check"], "--check needs a SCRIPT"),
        (&["--check", "a.lua", "b.lua"], "--check takes one SCRIPT"),
        (&["--connect"], "a prompt needs a terminal"),
    ] {
        let said = run(args);
        assert_eq!(said.status, 2, "{args:?}: {}", said.err);
        assert!(said.err.contains(text), "{args:?}: {}", said.err);
        assert_eq!(said.out, "", "{args:?}");
    }
}

#[test]
fn a_script_that_is_not_there_is_named() {
    let said = run(&["/nowhere/at-all.lua"]);
    assert_eq!(said.status, 1);
    assert!(said.err.contains("cannot read the script /nowhere/at-all.lua: No such file"));
}

#[test]
fn check_accepts_what_is_lua_and_runs_nothing() {
    let script = Script::new("#!/usr/bin/env daemonproxy-lua\nerror('must not run')\n");
    let said = run(&["--check", &script.shown()]);
    assert_eq!((said.status, said.out.as_str(), said.err.as_str()), (0, "", ""));
}

#[test]
fn check_names_file_and_line_of_a_mistake() {
    let script = Script::new("local a = 1\nlocal b = = 2\n");
    let said = run(&["--check", &script.shown()]);
    assert_eq!(said.status, 1);
    let expected = format!("daemonproxy-lua: {}:2: unexpected symbol near '='\n", script.shown());
    assert_eq!(said.err, expected);
}

#[test]
fn check_counts_the_first_line_also_if_it_is_for_the_kernel() {
    let script = Script::new("#!/usr/bin/lua\nlocal = 1\n");
    let said = run(&["--check", &script.shown()]);
    assert!(said.err.contains("script.lua:2: "), "{}", said.err);
}

#[test]
fn compiled_scripts_are_refused() {
    let script = Script::new("\x1bLua");
    let said = run(&["--check", &script.shown()]);
    assert_eq!(said.status, 1);
    assert!(said.err.contains("is compiled; only the text of a script is taken"), "{}", said.err);
}

#[test]
fn the_script_finds_its_arguments_in_arg_and_in_dots() {
    let script = Script::new("print(arg[0], #arg, arg[1], ...)\nprint('-x' == arg[2])");
    let mut command = program();
    command.arg("--watchdog=60").arg(script.path()).args(["one", "-x", "--help"]);
    let mut running = start_command(command, script);
    let shown = running.script.shown();
    let said = running.ends_with(0);
    assert_eq!(said, format!("{shown}\t3\tone\tone\t-x\t--help\ntrue\n"));
}

#[test]
fn code_on_the_command_line_is_run_with_its_arguments() {
    let said = run(&["-e", "print(#arg, ..., arg[0])", "a", "-b"]);
    assert_eq!((said.status, said.err.as_str()), (0, "2\ta\tnil\n"));
    let said = run(&["-e", "error 'no'"]);
    assert_eq!(said.status, 1);
    assert!(
        said.err.starts_with("daemonproxy-lua: (command line):1: no\nstack traceback:"),
        "{}",
        said.err
    );
}

#[test]
fn a_socket_where_nobody_is_has_the_status_of_no_daemon() {
    for (socket, text) in [
        ("/nowhere/socket", "there is no socket /nowhere/socket; is the daemon running?"),
        ("/dev/null", "/dev/null is not a socket"),
    ] {
        let said = run(&["--connect", socket, "-e", ""]);
        assert_eq!(said.status, 150, "{}", said.err);
        assert!(said.err.contains(text), "{}", said.err);
    }
}

#[test]
fn the_usual_place_of_the_socket_is_that_of_dpctl() {
    let mut command = program();
    command.args(["--connect", "-e", ""]).env("DAEMONPROXY_SOCKET", "/nowhere/from-environment");
    let output = command.output().expect("the program runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(err.contains("/nowhere/from-environment"), "{err}");
}

#[test]
fn default_actions_of_signals_reach_the_client() {
    let code = "local on = require('daemonproxy.host').on_signal
        print(on.SIGTERM, on.SIGINT, on.SIGHUP)";
    let options = ["--on-signal", "TERM=shutdown", "--on-signal", "SIGINT=terminate"];
    assert_eq!(start_with(&options, code).ends_with(0), "shutdown\tterminate\tnil\n");
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_script() {
    let script = Script::new("\u{feff}#!/usr/bin/lua\nlocal = 1\n");
    let said = run(&["--check", &script.shown()]);
    assert!(said.err.contains("script.lua:2: "), "{}", said.err);
}
