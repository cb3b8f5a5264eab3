//! `terminate.guard + CODE` and `- CODE` keep the daemon from leaving by accident.

use daemonproxy_testing::{Daemon, Setup};

const NOTHING: &[&str] = &[];

#[test]
fn plus_turns_it_on() {
    let mut d = Daemon::interactive();
    d.answers("terminate.guard\t+\t5", NOTHING);
    d.refuses("terminate\t0", "terminate guard code required");
}

#[test]
fn minus_turns_it_off() {
    let mut d = Daemon::interactive();
    d.ask("terminate.guard\t+\t5");
    d.answers("terminate.guard\t-\t5", NOTHING);
    d.send("terminate\t3");
    d.exits_with(3);
}

#[test]
fn it_can_be_turned_on_again_with_another_code() {
    let mut d = Daemon::interactive();
    d.ask("terminate.guard\t+\t5");
    d.ask("terminate.guard\t-\t5");
    d.answers("terminate.guard\t+\t6", NOTHING);
    d.refuses("terminate.guard\t-\t5", "incorrect guard code");
    d.answers("terminate.guard\t-\t6", NOTHING);
}

#[test]
fn it_is_that_of_the_command_line() {
    let mut d = Setup::interactive().args(["--exit-guard", "123"]).start();
    d.refuses("terminate.guard\t+\t5", "terminate guard code is already set");
    d.refuses("terminate.guard\t-\t5", "incorrect guard code");
    d.answers("terminate.guard\t-\t123", NOTHING);
    d.refuses("terminate.guard\t-\t123", "terminate guard was not set");
}

#[test]
fn with_it_the_end_of_the_input_is_not_the_end_of_the_daemon() {
    let mut d = Setup::interactive().socket().start();
    d.ask("terminate.guard\t+\t5");
    let mut other = d.connect();
    other.sync();
    d.close_input();
    // The daemon has seen the end of its input when it has closed its output.
    d.lines_to_end();
    other.answers("echo\there", &["here"]);
}

#[test]
fn anything_but_plus_and_minus_is_refused() {
    let mut d = Daemon::interactive();
    for wrong in ["", "\ton\t5", "\t5", "\t", "\t++\t5"] {
        d.refuses(&format!("terminate.guard{wrong}"), "expected + or -");
    }
}

#[test]
fn a_code_that_is_no_number_is_refused() {
    let mut d = Daemon::interactive();
    for wrong in ["", "\t", "\tsecret"] {
        d.refuses(&format!("terminate.guard\t+{wrong}"), "Expected integer");
    }
}

#[test]
fn code_0_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("terminate.guard\t+\t0", "code cannot be 0");
}

#[test]
fn turning_it_on_twice_is_refused() {
    let mut d = Daemon::interactive();
    d.ask("terminate.guard\t+\t5");
    d.refuses("terminate.guard\t+\t5", "terminate guard code is already set");
    d.refuses("terminate.guard\t+\t6", "terminate guard code is already set");
}

#[test]
fn turning_it_off_when_it_is_off_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("terminate.guard\t-\t5", "terminate guard was not set");
}

#[test]
fn turning_it_off_with_a_wrong_code_is_refused() {
    let mut d = Daemon::interactive();
    d.ask("terminate.guard\t+\t5");
    d.refuses("terminate.guard\t-\t6", "incorrect guard code");
    d.refuses("terminate\t0", "terminate guard code required");
}
