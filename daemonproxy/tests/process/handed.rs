//! What whoever has started the daemon opened for it, as sd_listen_fds(3) says: named descriptors,
//! which nothing but the daemon is told about.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use daemonproxy_testing::{Daemon, PATIENCE, Setup, exited};

/// What is in the environment of a service.
const SEEN: &str = "echo ${LISTEN_PID-none} ${LISTEN_FDS-none} ${LISTEN_FDNAMES-none}";

/// A setup that is started with two listening sockets, 3 and 4, which have these names.
fn with_two(pid: &str, names: &str) -> (Setup, [TcpListener; 2]) {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let script =
        format!("export LISTEN_PID={pid} LISTEN_FDS=2 LISTEN_FDNAMES={names}; exec \"$@\"");
    let mut setup = Setup::interactive().wrapped_in(&["sh", "-c", &script, "sh"]);
    for (number, listener) in (3..).zip(&listeners) {
        setup = setup.inherits(listener.try_clone().unwrap().into(), number);
    }
    (setup, listeners)
}

/// The names of the descriptors beyond those that are always there.
fn names(d: &mut Daemon) -> Vec<String> {
    let lines = d.dump_of("fd.state");
    let name = |line: &String| line.split('\t').nth(1).unwrap().to_owned();
    let own = ["null", "stdin", "stdout", "stderr"];
    lines.iter().map(name).filter(|it| !own.contains(&&**it) && !it.contains("control")).collect()
}

#[test]
fn a_socket_goes_from_the_one_who_started_the_daemon_to_a_service() {
    let (setup, listeners) = with_two("$$", "http:https");
    let mut d = setup.start();
    assert_eq!(names(&mut d), ["http", "https"]);
    assert_eq!(d.shell_output(SEEN), "none none none\n");

    let server = "import os, socket\n\
                  s = socket.socket(fileno=3)\n\
                  c, _ = s.accept()\n\
                  c.sendall(os.environ['LISTEN_FDNAMES'].encode())\n";
    let script = d.path("server.py");
    std::fs::write(&script, server).unwrap();
    d.define("web", &["python3", &script]);
    d.give_fds("web", &["null", "null", "stderr", "https"]);
    d.ask("service.options\tweb\tlisten");
    // Nobody runs until somebody comes.
    d.ask("service.auto_up\tweb\t1\tfd:https,once");
    let mut visitor = TcpStream::connect(listeners[1].local_addr().unwrap()).unwrap();
    visitor.set_read_timeout(Some(PATIENCE)).unwrap();
    visitor.write_all(b"hello").unwrap();
    d.wait_for(exited("web", 0));
    let mut said = String::new();
    // The server leaves with our word unread, which is a reset after its own.
    let _ = visitor.read_to_string(&mut said);
    assert_eq!(said, "https");
}

#[test]
fn what_cannot_be_a_name_has_its_number() {
    for given in ["http:http", "'a b:stdin'", "fd_4:null"] {
        let (setup, _listeners) = with_two("$$", given);
        let expected = if given == "http:http" { ["fd_4", "http"] } else { ["fd_3", "fd_4"] };
        assert_eq!(names(&mut setup.start()), expected, "{given}");
    }
}

#[test]
fn what_is_for_another_process_names_nothing_and_is_not_passed_on() {
    let (setup, _listeners) = with_two("1", "http:https");
    let mut d = setup.start();
    assert_eq!(names(&mut d), ["fd_3", "fd_4"]);
    assert_eq!(d.shell_output(SEEN), "none none none\n");
}

#[test]
fn neither_an_upgrade_nor_what_is_executed_at_the_end_sees_the_variables() {
    let (setup, _listeners) = with_two("$$", "http:https");
    let end = format!("sh\t-c\t{SEEN} > end");
    let mut d = setup.args(["-E", &end]).start();
    d.send("@up\tupgrade");
    d.wait_for("done\tup");
    assert_eq!(names(&mut d), ["http", "https"]);
    assert_eq!(d.shell_output(SEEN), "none none none\n");
    d.send("terminate\t0");
    d.exits_with(0);
    assert_eq!(d.read("end"), "none none none\n");
}
