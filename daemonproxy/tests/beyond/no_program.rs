//! A service with no program to run: it is reported at once, and nothing is tried.

use daemonproxy_testing::{Daemon, Setup, eventually, fd_count, lines, starting, up};

use crate::helpers::{family, refused_without_a_trace};

const WARNING: &str = "service \"web\" has no args yet";

#[test]
fn a_start_is_refused() {
    let mut d = Daemon::interactive();
    d.ask("service.fds\tweb\tnull\tstdout\tstderr");
    refused_without_a_trace(&mut d, "service.start\tweb", "no args configured for service");
    refused_without_a_trace(
        &mut d,
        "service.start\tweb\t2000000000",
        "no args configured for service",
    );
}

#[test]
fn a_trigger_is_set_with_a_warning() {
    let mut d = Daemon::interactive();
    d.answers(
        "service.auto_up\tweb\t1\talways",
        &["service.auto_up\tweb\t1\talways", &format!("warning\t{WARNING}")],
    );
    d.log.wait_for(WARNING);
}

#[test]
fn only_the_one_who_asked_is_warned() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    d.ask("service.auto_up\tweb\t1\talways");
    assert_eq!(other.sync(), ["service.auto_up\tweb\t1\talways"]);
}

#[test]
fn it_starts_as_soon_as_there_is_a_program() {
    let mut d = Daemon::interactive();
    d.ask("service.auto_up\tweb\t300\talways");
    d.send("service.args\tweb\t/bin/sleep\t300");
    d.expect(&["service.args\tweb\t/bin/sleep\t300", &starting("web"), &up("web")]);
}

#[test]
fn a_trigger_that_does_not_hold_is_warned_about_too_and_starts_later() {
    let mut d = Daemon::interactive();
    d.answers(
        "service.auto_up\tweb\t1\tSIGHUP",
        &["service.auto_up\tweb\t1\tSIGHUP", &format!("warning\t{WARNING}")],
    );
    d.signal(libc::SIGHUP);
    d.expect(&["signal\tSIGHUP\t{ts}\t1"]);
    d.send("service.args\tweb\t/bin/sleep\t300");
    d.expect(&["service.args\tweb\t/bin/sleep\t300", &starting("web"), &up("web")]);
}

#[test]
fn to_turn_a_trigger_off_is_no_reason_for_a_warning() {
    let mut d = Daemon::interactive();
    d.answers("service.auto_up\tweb\t-", &["service.auto_up\tweb\t-"]);
}

/// No process, no descriptor, no event, although its trigger holds.
#[test]
fn nothing_is_tried_meanwhile() {
    let mut d = Daemon::interactive();
    let before = fd_count(d.pid());
    d.ask("service.auto_up\tweb\t1\talways");
    d.define("other", &["/bin/true"]);
    let first = d.run("other");
    // Longer than the interval, as the daemon sees it: another service comes up again.
    d.ask("service.auto_up\tother\t1\talways");
    d.wait_for(up("other"));
    d.ask("service.auto_up\tother\t-");
    let lines = d.dump_of("service.state\tweb");
    assert_eq!(lines, ["service.state\tweb\tdown\t-\t-\t-\t-\t-\t-"]);
    eventually("only the daemon is there", || (family(d.pid()).len() == 1).then_some(()));
    assert_eq!(fd_count(d.pid()), before);
    assert!(first > 1);
}

#[test]
fn arguments_that_are_taken_away_stop_the_restarts() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.ask("service.auto_up\tweb\t1\talways");
    d.ask("service.args\tweb\t");
    // Whatever was pending has come to its end once this one has restarted.
    d.ask("service.args\tclock\t/bin/true");
    d.ask("service.auto_up\tclock\t1\talways");
    d.wait_for(up("clock"));
    d.wait_for(up("clock"));
    let state = d.dump_of("service.state\tweb");
    assert!(state[0].contains("\tdown\t"), "{state:?}");
    d.send("service.args\tweb\t/bin/sleep\t300");
    d.wait_for(up("web"));
}

#[test]
fn a_config_file_is_warned_in_the_log() {
    let d = Setup::default()
        .config(lines(&["service.auto_up\tweb\t1\talways", "service.start\tweb"]))
        .spawn();
    let config = d.path("config");
    d.log.wait_for(&format!("warning: {config}:1: {WARNING}"));
    d.log.wait_for(&format!("error: {config}:2: no args configured for service"));
}

/// Lines of a config file may come in any order.
#[test]
fn a_config_file_may_name_the_program_last() {
    let d = Setup::default()
        .config(lines(&[
            "service.auto_up\tweb\t1\talways",
            "service.fds\tweb\tnull\tnull\tnull",
            "service.args\tweb\t/bin/sh\t-c\techo > started; exec sleep 300",
        ]))
        .spawn();
    crate::helpers::exists(&d, "started");
}
