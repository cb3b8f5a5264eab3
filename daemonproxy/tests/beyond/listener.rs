//! A connection that waits at the control socket in the moment in which that socket is taken away.
//!
//! The daemon finds both in one look: the connection at the listener, and the commands that close
//! the listener and open something else under its number. It is stopped while both are prepared.

use std::os::unix::net::UnixStream;

use daemonproxy_testing::{Daemon, Setup, eventually, kill, lines, state};

/// These commands, and a connection at the same time.
fn together(d: &mut Daemon, commands: &[&str]) -> UnixStream {
    let pid = d.pid();
    kill(pid, libc::SIGSTOP);
    eventually("the daemon stops", || (state(pid) == Some('T')).then_some(()));
    let connection = UnixStream::connect(d.path("control")).unwrap();
    assert_eq!(d.push(&lines(commands)), lines(commands).len());
    kill(pid, libc::SIGCONT);
    connection
}

#[test]
fn a_listener_for_a_service_is_not_taken_for_it() {
    let mut d = Setup::interactive().socket().start();
    let _connection = together(&mut d, &["socket.delete", "fd.socket\tf\ttcp,listen\t*:0"]);
    d.still_answers();
    assert_eq!(d.dump_of("fd.state\tf").len(), 1);
}

/// It would be a controller of the daemon, and is a client of the service.
#[test]
fn a_client_of_a_service_is_left_to_the_service() {
    let mut d = Setup::interactive().socket().start();
    let _connection =
        together(&mut d, &["socket.delete", "fd.socket\tf\tunix,listen\tweb", "echo\topen"]);
    d.wait_for("open");
    let _client = UnixStream::connect(d.path("web")).unwrap();
    d.define("web", &["perl", "-e", "accept(my $c, STDIN) or exit 1; exit 7"]);
    d.give_fds("web", &["f", "null", "stderr"]);
    d.run("web");
    d.wait_for(daemonproxy_testing::exited("web", 7));
}

#[test]
fn the_socket_that_comes_after_it_works() {
    let mut d = Setup::interactive().socket().start();
    let _connection = together(&mut d, &["socket.create\t-\tother", "socket.create\t-\tcontrol"]);
    d.still_answers();
    d.connect().sync();
}
