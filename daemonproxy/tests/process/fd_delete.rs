//! `fd.delete NAME` closes a descriptor and forgets it.

use daemonproxy_testing::{Daemon, Setup, fd_count};

#[test]
fn it_is_told_and_gone() {
    let mut d = Daemon::interactive();
    d.ask("fd.open\tx\tread\t/dev/zero");
    d.answers("fd.delete\tx", &["fd.state\tx\tdeleted"]);
    assert!(d.dump_of("fd.state\tx").is_empty());
}

#[test]
fn every_controller_hears_of_it() {
    let mut d = Setup::interactive().socket().start();
    d.ask("fd.open\tx\tread\t/dev/zero");
    let mut other = d.connect();
    other.sync();
    d.ask("fd.delete\tx");
    other.expect(&["fd.state\tx\tdeleted"]);
}

#[test]
fn it_is_closed() {
    let mut d = Daemon::interactive();
    let before = d.settled_fds();
    for command in ["fd.open\tx\tread\t/dev/zero", "fd.socket\tx\tunix", "fd.socket\tx\ttcp"] {
        d.ask(command);
        assert_eq!(fd_count(d.pid()), before + 1);
        d.answers("fd.delete\tx", &["fd.state\tx\tdeleted"]);
        assert_eq!(fd_count(d.pid()), before);
    }
}

#[test]
fn the_other_end_of_a_pipe_stays() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tr\tw");
    d.ask("fd.delete\tw");
    assert_eq!(d.dump_of("fd.state\tr"), ["fd.state\tr\tpipe\tfrom\t?"]);
}

#[test]
fn standard_descriptors_can_be_deleted() {
    let mut d = Daemon::interactive();
    for name in ["stdin", "stdout", "stderr"] {
        d.answers(&format!("fd.delete\t{name}"), &[format!("fd.state\t{name}\tdeleted")]);
    }
    // Nothing of the connection was closed with them.
    assert_eq!(d.dump().len(), 4);
}

#[test]
fn a_name_can_be_used_again() {
    let mut d = Daemon::interactive();
    for _ in 0..3 {
        d.answers("fd.open\tx\tread\t/dev/zero", &["fd.state\tx\tfile\tread\t/dev/zero"]);
        d.answers("fd.delete\tx", &["fd.state\tx\tdeleted"]);
    }
}

#[test]
fn it_makes_room_in_a_fixed_pool() {
    let mut d = Setup::interactive().args(["--fd-pool", "8"]).start();
    for name in ["a", "b", "c"] {
        d.answers(
            &format!("fd.open\t{name}\tread\t/dev/zero"),
            &[format!("fd.state\t{name}\tfile\tread\t/dev/zero")],
        );
        d.ask(&format!("fd.delete\t{name}"));
    }
}

#[test]
fn a_wrong_name_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_an_fd_name("fd.delete", "");
}

#[test]
fn an_unknown_name_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("fd.delete\tx", "No such file descriptor");
}

#[test]
fn the_constant_descriptors_cannot_be_altered() {
    let mut d = Daemon::interactive();
    for name in ["null", "control.cmd", "control.event", "control.socket"] {
        d.refuses(&format!("fd.delete\t{name}"), "File descriptor cannot be altered");
    }
    assert_eq!(d.dump().len(), 7);
}
