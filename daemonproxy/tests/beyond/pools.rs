//! A pool that is used up is a clear error on the command that wanted more, and on nothing else.

use daemonproxy_testing::{Conn, Daemon, Gone, PATIENCE, Setup, deleted, exited, lines};

use crate::helpers::{lasting_state, refused_without_a_trace};

const NO_SERVICE: &str = "Unable to allocate new service";
const NO_FD: &str = "Unable to allocate new file descriptor object";

fn with_services(pool: &str) -> Daemon {
    Setup::interactive().args(["--service-pool", pool]).start()
}

#[test]
fn services() {
    let mut d = with_services("3");
    for name in ["a", "b", "c"] {
        d.define_sleeper(name);
        d.run(name);
    }
    for command in [
        "service.args\td\t/bin/true",
        "service.fds\td\tnull",
        "service.tags\td\tx",
        "service.tags.apply\td\tx",
        "service.auto_up\td\t1\talways",
        "service.pipe\td\t1\tcat",
        "service.pipe\ta\t1\tcat",
    ] {
        refused_without_a_trace(&mut d, command, NO_SERVICE);
    }
    // What there is can still be changed, and freed room is used again.
    d.ask("service.tags\ta\tx");
    d.stop("b");
    d.answers("service.delete\tb", &[deleted("b")]);
    d.define("d", &["/bin/true"]);
    d.run_to_end("d");
}

/// A logger needs a service of its own; there is room for one of the two.
#[test]
fn a_pipe_that_needs_two_services() {
    let mut d = with_services("2");
    d.define_sleeper("a");
    refused_without_a_trace(&mut d, "service.pipe\tb\t1\tcat", NO_SERVICE);
    let events = d.ask("service.pipe\ta\t1\t/bin/sleep\t300");
    assert!(events.iter().any(|l| l.starts_with("service.state\ta-log\tup")), "{events:#?}");
}

#[test]
fn bytes_of_a_service() {
    let mut d = with_services("4x32");
    d.define("a", &["/bin/sleep", "300"]);
    let long = "x".repeat(33);
    refused_without_a_trace(&mut d, &format!("service.args\ta\t{long}"), "unable to set argv");
    refused_without_a_trace(&mut d, &format!("service.args\tb\t{long}"), "unable to set argv");
    refused_without_a_trace(&mut d, &format!("service.tags\ta\t{long}"), "unable to set tags");
    refused_without_a_trace(
        &mut d,
        &format!("service.tags.apply\ta\tk={long}"),
        "unable to set tags",
    );
    refused_without_a_trace(
        &mut d,
        &format!("service.tags.apply\tc\tk={long}"),
        "unable to set tags",
    );
    let fds = "null\t".repeat(8);
    refused_without_a_trace(
        &mut d,
        &format!("service.fds\ta\t{}", fds.trim_end()),
        "unable to set file descriptors",
    );
    // Its logger's list of descriptors alone: 7 + 2 * 6 and two TABs, and the arguments.
    refused_without_a_trace(
        &mut d,
        "service.pipe\ta\t1\t/bin/sh\t-c\tread -r line",
        "unable to set file descriptors",
    );
    refused_without_a_trace(&mut d, &format!("service.pipe\tn\t1\t{long}"), "unable to set argv");
    d.run("a");
}

/// Tags that shrink and grow within the room there is.
#[test]
fn changes_that_need_room_only_in_between() {
    let mut d = with_services("1x16");
    d.answers("service.tags.apply\ta\tk=12345678", &["service.tags\ta\tk=12345678"]);
    // What is removed makes room for what is added, in whatever order.
    d.answers("service.tags.apply\ta\tl=12345678\t-k", &["service.tags\ta\tl=12345678"]);
    refused_without_a_trace(&mut d, "service.tags.apply\ta\tk=12345678", "unable to set tags");
}

fn with_fds(count: usize) -> Daemon {
    Setup::interactive().args(["--fd-pool", &format!("{count}x16")]).start()
}

#[test]
fn fds() {
    // Seven are there from the start.
    let mut d = with_fds(9);
    d.ask("fd.open\ta\tread\t/dev/null");
    refused_without_a_trace(&mut d, "fd.pipe\tr\tw", NO_FD);
    refused_without_a_trace(&mut d, "service.pipe\tweb\t1\tcat", NO_FD);
    d.ask("fd.open\tb\tread\t/dev/null");
    for command in
        ["fd.open\tc\tread\t/dev/null", "fd.socket\tc\tinet", "fd.pipe\tr\tw", "fd.pipe\ta\tw"]
    {
        refused_without_a_trace(&mut d, command, NO_FD);
    }
    // A name in use is taken over, which needs no more room.
    let events = d.ask("fd.pipe\ta\tb");
    assert_eq!(events.len(), 2, "{events:#?}");
    d.ask("fd.delete\ta");
    d.ask("fd.delete\tb");
    let events = d.ask("service.pipe\tweb\t1\t/bin/sleep\t300");
    assert!(events.iter().any(|l| l.starts_with("service.state\tweb-log\tup")), "{events:#?}");
}

#[test]
fn bytes_of_an_fd() {
    let mut d = with_fds(12);
    let path = format!("/dev/../dev/{}null", "./".repeat(4));
    refused_without_a_trace(&mut d, &format!("fd.open\ta\tread\t{path}"), NO_FD);
    let path = "made/by/mistake/x";
    refused_without_a_trace(&mut d, &format!("fd.open\ta\twrite,create,mkdir\t{path}"), NO_FD);
    assert!(!std::path::Path::new(&d.path("made")).exists());
    d.ask("fd.open\ta\tread\t/dev/null");
    refused_without_a_trace(&mut d, &format!("fd.open\ta\twrite,create\t{path}"), NO_FD);
    refused_without_a_trace(&mut d, "fd.socket\ts\tunix,listen\tlonger-than-16-bytes", NO_FD);
    assert!(!std::path::Path::new(&d.path("longer-than-16-bytes")).exists());
}

/// A descriptor that was passed and cannot be kept is closed, and not the connection.
#[test]
fn an_fd_that_cannot_be_taken() {
    use std::os::fd::AsFd;
    let d = Setup::interactive().args(["--fd-pool", "7"]).socket().start();
    let mut conn = d.connect();
    conn.sync();
    let before = daemonproxy_testing::fd_count(d.pid());
    let (ours, passed) = daemonproxy_testing::pipe();
    conn.send_with_fds(b"fd.take\tx\n", &[passed.as_fd()]);
    drop(passed);
    conn.expect(&[daemonproxy_testing::error_event("fd.take\tx", NO_FD)]);
    // Its other end shows that nobody has it any more.
    let mut byte = [0];
    assert_eq!(nix::unistd::read(&ours, &mut byte), Ok(0));
    conn.sync();
    assert_eq!(daemonproxy_testing::fd_count(d.pid()), before);
}

fn with_controllers(count: usize) -> Daemon {
    Setup::interactive().args(["--controller-pool", &count.to_string()]).socket().start()
}

#[track_caller]
fn is_turned_away(conn: &mut Conn) {
    let line = conn.next_line(PATIENCE);
    assert_eq!(line.as_deref(), Ok(&b"error\ttoo many controllers are connected"[..]));
    assert_eq!(conn.next_line(PATIENCE), Err(Gone::Closed(Vec::new())));
}

#[test]
fn controllers() {
    let mut d = with_controllers(3);
    let (mut one, mut two) = (d.connect(), d.connect());
    one.sync();
    two.sync();
    let before = lasting_state(&mut d);
    is_turned_away(&mut d.connect());
    is_turned_away(&mut d.connect());
    assert_eq!(lasting_state(&mut d), before);
    one.sync();
    two.send("exit");
    two.expect_end();
    d.connect().sync();
}

/// A service that wants to be one is told, like everybody, and ends.
#[test]
fn a_service_that_finds_no_room_as_a_controller() {
    let mut d = with_controllers(2);
    let mut other = d.connect();
    other.sync();
    for name in ["first", "ctl"] {
        d.define(name, &["/bin/cat"]);
        d.give_fds(name, &["control.event", "null", "stderr"]);
    }
    // One place is for services alone.
    d.run("first");
    d.send("service.start\tctl");
    let (before, _) = d.lines_until(exited("ctl", 126));
    assert!(
        before.iter().any(|l| l.starts_with("error\t") && l.contains("\"ctl\"")),
        "{before:#?}"
    );
    other.send("exit");
    other.lines_to_end();
    d.send("service.start\tctl");
    d.wait_for(daemonproxy_testing::up("ctl"));
    d.still_answers();
}

/// A config file is one as well, and there is room again when it has been read.
#[test]
fn a_config_file_needs_a_place_for_a_moment() {
    let d = Setup::new(["--controller-pool", "1"])
        .no_input()
        .socket()
        .config(lines(&["service.args\tweb\t/bin/true"]))
        .spawn();
    let mut conn = d.connect();
    assert_eq!(conn.dump_of("service.args\tweb"), ["service.args\tweb\t/bin/true"]);
    is_turned_away(&mut d.connect());
    conn.sync();
}
