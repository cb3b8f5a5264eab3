//! `terminate CODE [GUARD]` leaves at once, and leaves the services alone.

use daemonproxy_testing::{Daemon, Setup, alive};

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
fn the_control_socket_is_unlinked() {
    let mut d = Setup::interactive().socket().start();
    d.send("terminate\t0");
    d.exits_with(0);
    assert!(!std::fs::exists(d.path("control")).unwrap());
}
