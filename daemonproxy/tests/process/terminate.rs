//! `terminate CODE [GUARD]` leaves at once with that exit status, and leaves the services alone.

use daemonproxy_testing::{Daemon, Setup, alive};

#[test]
fn the_code_is_the_exit_status() {
    for code in [0, 1, 42, 255] {
        let mut d = Daemon::interactive();
        d.send(&format!("terminate\t{code}"));
        d.exits_with(code);
    }
}

#[test]
fn services_are_not_touched() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let pid = d.run("web");
    d.send("terminate\t0");
    d.exits_with(0);
    assert!(alive(pid));
}

#[test]
fn commands_behind_it_are_not_executed() {
    let mut d = Daemon::interactive();
    d.send_bytes(b"terminate\t3\nfd.open\tx\twrite,create\ttoo-late\nterminate\t4\n");
    d.exits_with(3);
    assert!(!std::fs::exists(d.path("too-late")).unwrap());
}

#[test]
fn every_controller_may_do_it() {
    let mut d = Setup::new(["-S", "control"]).no_input().spawn();
    d.connect().send("terminate\t6");
    d.exits_with(6);
}

#[test]
fn a_config_file_may_do_it() {
    let mut d = Setup::default().config("terminate\t9\n").spawn();
    d.exits_with(9);
}

/// The original left it behind.
#[test]
fn the_control_socket_is_unlinked() {
    let mut d = Setup::interactive().socket().start();
    d.send("terminate\t0");
    d.exits_with(0);
    assert!(!std::fs::exists(d.path("control")).unwrap());
}

#[test]
fn a_code_that_is_no_number_is_refused() {
    let mut d = Daemon::interactive();
    for wrong in ["", "\t", "\tnow", "\t1.5", "\t0x1"] {
        d.refuses(&format!("terminate{wrong}"), "Expected integer");
    }
}

fn guarded() -> Daemon {
    Setup::interactive().args(["--exit-guard", "77"]).start()
}

#[test]
fn with_the_guard_on_its_code_is_required() {
    guarded().refuses("terminate\t0", "terminate guard code required");
}

#[test]
fn with_the_guard_on_its_code_must_be_right() {
    guarded().refuses("terminate\t0\t78", "incorrect terminate guard code");
}

#[test]
fn with_the_guard_on_and_nothing_to_exec_it_is_refused() {
    let mut d = guarded();
    d.refuses("terminate\t0\t77", "cannot exit, and exec-on-exit is not configured");
}

#[test]
fn with_the_guard_on_and_something_to_exec_it_is_done() {
    let mut d = guarded();
    d.ask("terminate.exec_args\t/bin/sh\t-c\texit 5");
    d.refuses("terminate\t0", "terminate guard code required");
    d.refuses("terminate\t0\t78", "incorrect terminate guard code");
    d.send("terminate\t0\t77");
    d.exits_with(5);
}

#[test]
fn once_the_guard_is_off_no_code_is_required() {
    let mut d = guarded();
    d.ask("terminate.guard\t-\t77");
    d.send("terminate\t4");
    d.exits_with(4);
}
