//! `terminate.exec_args [ARG]…` is what to exec instead of exiting. The option `-E` is the same,
//! and `options.rs` has the cases in which it applies.

use daemonproxy_testing::{Daemon, Setup, alive};

const NOTHING: &[&str] = &[];

#[test]
fn it_keeps_the_process_id() {
    let mut d = Daemon::interactive();
    let pid = d.pid();
    d.ask("terminate.exec_args\t/bin/sh\t-c\techo $$ > pid");
    d.send("terminate\t0");
    d.exits_with(0);
    assert_eq!(d.read("pid"), format!("{pid}\n"));
}

#[test]
fn the_program_is_searched_in_the_path() {
    let mut d = Daemon::interactive();
    d.ask("terminate.exec_args\tsh\t-c\texit 34");
    d.send("terminate\t0");
    d.exits_with(34);
}

#[test]
fn it_finds_the_exit_code_in_its_environment() {
    let mut d = Daemon::interactive();
    d.ask("terminate.exec_args\tsh\t-c\techo $DAEMONPROXY_EXITCODE ${DAEMONPROXY_ERROR+set} > env");
    d.send("terminate\t42");
    d.exits_with(0);
    assert_eq!(d.read("env"), "42 set\n");
}

#[test]
fn it_finds_the_environment_of_the_daemon() {
    let mut d = Setup::interactive().env("COLOUR", "blue").start();
    d.ask("terminate.exec_args\tsh\t-c\techo $COLOUR > env");
    d.send("terminate\t0");
    d.exits_with(0);
    assert_eq!(d.read("env"), "blue\n");
}

/// It may be the program that waits for them.
#[test]
fn services_are_still_children() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let pid = d.run("web");
    d.ask("terminate.exec_args\tsh\t-c\tcat /proc/$$/task/$$/children > children");
    d.send("terminate\t0");
    d.exits_with(0);
    // The shell's own child, cat, is in the list as well.
    let children = d.read("children");
    assert!(children.split_whitespace().any(|child| child == pid.to_string()), "{children}");
    assert!(alive(pid));
}

#[test]
fn signals_are_as_the_daemon_found_them() {
    let mut d = Daemon::interactive();
    d.ask("terminate.exec_args\tsh\t-c\tcat /proc/self/status > status");
    d.send("terminate\t0");
    d.exits_with(0);
    let status = d.read("status");
    for field in ["SigBlk:", "SigIgn:"] {
        let line = status.lines().find(|l| l.starts_with(field)).unwrap();
        assert_eq!(line.split_whitespace().nth(1), Some("0000000000000000"), "{line}");
    }
}

/// The original had a buffer of its own for them.
#[test]
fn the_length_of_the_line_is_the_only_limit() {
    let mut d = Daemon::interactive();
    let command = format!("terminate.exec_args\tsh\t-c\texit ${{#1}}\tsh\t{}", "x".repeat(200));
    let padding = "\ty".repeat((4095 - command.len()) / 2);
    let longest = command + &padding;
    assert!(longest.len() >= 4094);
    d.answers(&longest, NOTHING);
    d.send("terminate\t0");
    d.exits_with(200);
}

#[test]
fn a_program_that_cannot_be_executed_does_not_keep_the_daemon() {
    let mut d = Daemon::interactive();
    d.ask("terminate.exec_args\t/no/such/program");
    d.send("terminate\t3");
    d.wait_exit();
}
