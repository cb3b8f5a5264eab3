//! `socket.delete` closes the control socket, and unlinks it.

use std::fs;
use std::os::unix::net::UnixStream;

use daemonproxy_testing::{Daemon, Setup, fd_count};

const NOTHING: &[&str] = &[];

#[test]
fn it_is_unlinked() {
    let mut d = Setup::interactive().socket().start();
    assert!(fs::exists(d.path("control")).unwrap());
    d.answers("socket.delete", NOTHING);
    assert!(!fs::exists(d.path("control")).unwrap());
}

#[test]
fn it_is_closed() {
    let mut d = Daemon::interactive();
    let before = d.settled_fds();
    d.ask("socket.create\t-\tsock");
    assert_eq!(fd_count(d.pid()), before + 1);
    // A second name keeps the file; nobody listens there any more.
    fs::hard_link(d.path("sock"), d.path("other name")).unwrap();
    d.ask("socket.delete");
    assert_eq!(fd_count(d.pid()), before);
    let refused = UnixStream::connect(d.path("other name")).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}

/// Only ever a socket is removed.
#[test]
fn a_regular_file_that_took_its_place_is_spared() {
    let mut d = Setup::interactive().socket().start();
    fs::remove_file(d.path("control")).unwrap();
    fs::write(d.path("control"), "precious").unwrap();
    d.ask("socket.delete");
    assert_eq!(d.read("control"), "precious");
}

#[test]
fn it_can_be_created_again() {
    let mut d = Setup::interactive().socket().start();
    for _ in 0..3 {
        d.ask("socket.delete");
        d.ask("socket.create\t-\tcontrol");
        d.connect().sync();
    }
}

#[test]
fn the_control_socket_is_unlinked_where_it_was_made() {
    let mut d = Daemon::interactive();
    d.ask("socket.create\t-\tsock");
    d.ask("chdir\t/");
    d.ask("socket.delete");
    assert!(!std::fs::exists(d.path("sock")).unwrap());
}

/// Whoever sees the end of its connection can start another daemon there at once. To remove a file
/// takes its time here.
#[test]
fn the_socket_is_gone_when_the_connections_end() {
    let slow = ["-D", "-qqq", "-o", "/dev/null", "-e", "trace=unlink"];
    let inject = ["-e", "inject=unlink:delay_enter=300000"];
    let strace = [&["strace"], &slow[..], &inject].concat();
    let mut d = Setup::interactive().socket().wrapped_in(&strace).start();
    d.send("terminate\t0");
    d.lines_to_end();
    assert!(!fs::exists(d.path("control")).unwrap());
    d.exits_with(0);
}
