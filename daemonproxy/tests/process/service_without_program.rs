//! A service with no argument has no program to run. It is told at once, and nothing is forked.

use crate::harness::{Daemon, Setup, never_started, starting, up};

const WARNING: &str = "warning\tservice \"web\" has no args yet";

fn without_program() -> Daemon {
    let mut d = Daemon::interactive();
    d.ask("service.args\tweb");
    d
}

#[test]
fn auto_up_warns() {
    let mut d = without_program();
    d.answers_in_any_order(
        "service.auto_up\tweb\t1\talways",
        &["service.auto_up\tweb\t1\talways", WARNING],
    );
    d.log.wait_for("has no args yet");
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
}

#[test]
fn it_starts_as_soon_as_there_are_arguments() {
    let mut d = without_program();
    d.ask("service.auto_up\tweb\t60\talways");
    d.send("service.args\tweb\t/bin/sleep\t300");
    d.expect(&["service.args\tweb\t/bin/sleep\t300".to_owned(), starting("web"), up("web")]);
}

#[test]
fn a_signal_does_not_start_it_either() {
    let mut d = without_program();
    d.ask("service.auto_up\tweb\t1\tUSR1");
    d.signal(libc::SIGUSR1);
    d.expect(&["signal\tSIGUSR1\t{ts}\t1"]);
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
    d.send("service.args\tweb\t/bin/sleep\t300");
    d.wait_for(up("web"));
}

#[test]
fn start_is_refused() {
    let mut d = without_program();
    d.refuses("service.start\tweb", "no args configured for service");
}

#[test]
fn a_service_whose_arguments_were_taken_away_is_not_started_again() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.auto_up\tweb\t1\tUSR1");
    d.ask("service.args\tweb");
    d.signal(libc::SIGUSR1);
    d.expect(&["signal\tSIGUSR1\t{ts}\t1"]);
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
}

#[test]
fn in_a_config_file_it_is_logged() {
    let d =
        Setup::interactive().config("service.args\tweb\nservice.auto_up\tweb\t1\talways\n").start();
    d.log.wait_for("service \"web\" has no args yet");
}
