//! The daemon lives as long as the machine: no descriptor and no memory may leak.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

use daemonproxy_testing::{Daemon, Setup, eventually, exited, fd_count, status_field};

/// Soon, it has as many open as before.
#[track_caller]
fn assert_back_to(d: &Daemon, before: usize) {
    let pid = d.pid();
    eventually(&format!("{before} descriptors are open"), || {
        (fd_count(pid) == before).then_some(())
    });
}

#[test]
fn hundreds_of_starts() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.run_to_end("web");
    let before = d.settled_fds();
    for _ in 0..300 {
        d.run_to_end("web");
    }
    assert_back_to(&d, before);
}

#[test]
fn hundreds_of_starts_that_fail() {
    let mut d = Daemon::interactive();
    d.define("web", &["/no/such/program"]);
    d.define("db", &["/bin/true"]);
    d.ask("service.fds\tdb\tmissing");
    let before = d.settled_fds();
    for _ in 0..150 {
        d.send("service.start\tweb");
        d.send("service.start\tdb");
        d.wait_for_all(&[exited("web", 127), exited("db", 126)]);
    }
    assert_back_to(&d, before);
}

#[test]
fn hundreds_of_services_that_are_controllers() {
    let mut d = Daemon::interactive();
    d.define("both", &["/bin/true"]);
    d.give_fds("both", &["control.event", "control.cmd"]);
    d.define("one", &["/bin/true"]);
    d.give_fds("one", &["control.socket"]);
    d.define("broken", &["/no/such/program"]);
    d.give_fds("broken", &["control.socket"]);
    let before = d.settled_fds();
    for _ in 0..100 {
        for name in ["both", "one", "broken"] {
            d.send(&format!("service.start\t{name}"));
        }
        d.wait_for_all(&[exited("both", 0), exited("one", 0), exited("broken", 127)]);
    }
    assert_back_to(&d, before);
}

#[test]
fn hundreds_of_connections() {
    let mut d = Setup::interactive().socket().start();
    let before = d.settled_fds();
    for i in 0..300 {
        let mut conn = d.connect();
        match i % 3 {
            0 => drop(conn),
            1 => {
                conn.sync();
            }
            _ => {
                conn.send("exit");
                conn.expect_end();
            }
        }
    }
    assert_back_to(&d, before);
}

#[test]
fn hundreds_of_files_pipes_and_sockets() {
    let mut d = Daemon::interactive();
    let before = d.settled_fds();
    for _ in 0..100 {
        // Each takes over the names of those before.
        d.send("fd.pipe\ta\tb");
        d.send("fd.pipe\tb\ta\tunix");
        d.send("fd.open\ta\tread\t/dev/null");
        d.send("fd.socket\tb\ttcp");
    }
    d.sync();
    assert_back_to(&d, before + 2);
    d.ask("fd.delete\ta");
    d.ask("fd.delete\tb");
    assert_back_to(&d, before);
}

#[test]
fn hundreds_of_commands_that_are_refused() {
    let mut d = Setup::interactive().args(["--fd-pool", "8"]).file("file", "").start();
    d.ask("fd.open\tlast\tread\t/dev/null");
    let before = d.settled_fds();
    for command in [
        "fd.open\tx\tread\t/dev/null",
        "fd.open\tnull\tread\t/dev/null",
        "fd.open\tlast\tread\tnone",
        "fd.pipe\tx\ty",
        "fd.pipe\tlast\tlast",
        "fd.pipe\tlast\tnull",
        "fd.socket\tx\ttcp",
        "fd.socket\tlast\tunix\tfile",
        "fd.socket\tlast\tunix,dgram,listen\tsock",
        "socket.create\t-\tfile",
        "socket.create\t-\tno/dir/sock",
        "chdir\tnone",
    ] {
        for _ in 0..50 {
            d.refuses_somehow(command);
            if command.ends_with("\tsock") {
                let _ = std::fs::remove_file(d.path("sock"));
            }
        }
    }
    // `last` may have been closed when its name was to be taken over.
    let after = fd_count(d.pid());
    assert!(after <= before, "{before}, and then {after}");
}

#[test]
fn a_socket_created_a_hundred_times() {
    let mut d = Daemon::interactive();
    let before = d.settled_fds();
    for i in 0..100 {
        d.ask(&format!("socket.create\t-\tsock{}", i % 3));
    }
    assert_back_to(&d, before + 1);
    d.ask("socket.delete");
    assert_back_to(&d, before);
}

/// The kernel passes up to 253 in one message.
#[test]
fn two_hundred_descriptors_that_nobody_takes() {
    let mut d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.sync();
    let before = d.settled_fds();
    let null = File::open("/dev/null").unwrap();
    let many: Vec<BorrowedFd<'_>> = (0..200).map(|_| null.as_fd()).collect();
    for _ in 0..5 {
        conn.send_with_fds(b"echo\tnone taken\n", &many);
        conn.expect(&["none taken"]);
    }
    conn.sync();
    assert_back_to(&d, before);
}

#[test]
fn two_hundred_descriptors_along_with_a_take_that_is_refused() {
    let mut d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.sync();
    let before = d.settled_fds();
    let null = File::open("/dev/null").unwrap();
    let many: Vec<BorrowedFd<'_>> = (0..200).map(|_| null.as_fd()).collect();
    for _ in 0..5 {
        conn.send_with_fds(b"fd.take\tno/slash\nfd.take\tnull\n", &many);
        conn.sync();
    }
    assert_back_to(&d, before);
    conn.send_with_fds(b"fd.take\tx\n", &many[..1]);
    conn.sync();
    assert_back_to(&d, before + 1);
}

#[test]
fn descriptors_of_a_connection_that_closes() {
    let mut d = Setup::interactive().socket().start();
    let before = d.settled_fds();
    let null = File::open("/dev/null").unwrap();
    let many: Vec<BorrowedFd<'_>> = (0..50).map(|_| null.as_fd()).collect();
    for _ in 0..20 {
        let mut conn = d.connect();
        conn.send_with_fds(b"fd.take\tx", &many);
        drop(conn);
    }
    assert_back_to(&d, before);
}

/// Nobody sees that they cannot be received, unless it is looked for.
#[test]
fn descriptors_that_the_daemon_has_no_room_for() {
    let mut d =
        Setup::interactive().before_exec(|| crate::fd_pipe::few_descriptors(40)).socket().start();
    let mut conn = d.connect();
    conn.sync();
    let before = d.settled_fds();
    let null = File::open("/dev/null").unwrap();
    let many: Vec<BorrowedFd<'_>> = (0..200).map(|_| null.as_fd()).collect();
    conn.send_with_fds(b"echo\ttoo many\n", &many);
    conn.expect(&["too many"]);
    conn.sync();
    assert_back_to(&d, before);
    conn.send_with_fds(b"fd.take\tx\n", &many[..1]);
    conn.expect(&["fd.state\tx\t{any}\t{any}\t{any}"]);
}

/// With no descriptor left for a connection, the daemon must neither spin nor die.
#[test]
fn connections_that_the_daemon_has_no_room_for() {
    let mut d =
        Setup::interactive().before_exec(|| crate::fd_pipe::few_descriptors(24)).socket().start();
    let before = d.settled_fds();
    let clients: Vec<UnixStream> =
        (0..40).filter_map(|_| UnixStream::connect(d.path("control")).ok()).collect();
    d.still_answers();
    drop(clients);
    assert_back_to(&d, before);
    d.connect().sync();
}

#[test]
fn services_that_come_and_go_leave_no_memory_behind() {
    let mut d = Setup::new(["-iqqq"]).start();
    let mut sizes = Vec::new();
    for round in 0..120 {
        for i in 0..200 {
            // Another name each time, and a list of another length; in all as much in each round.
            let length = 10 * (3 + (i + 30 * round) % 200);
            let (name, args) = (format!("s{round}.{i}"), "x".repeat(length));
            d.send(&format!("service.args\t{name}\t/bin/true\t{args}"));
            d.send(&format!("service.tags\t{name}\t{args}"));
        }
        for i in 0..200 {
            d.send(&format!("service.delete\ts{round}.{i}"));
        }
        d.sync();
        sizes.push(status_field(d.pid(), "VmData").unwrap());
    }
    // The heap may be in better or worse order after a round, and some thirty may pass until it is
    // as large as it needs to be; but it does not go on growing.
    let (first, last) = sizes.split_at(80);
    assert!(last.iter().max() <= first.iter().max(), "{sizes:?}");
}

#[test]
fn a_descriptor_that_is_deleted_is_closed() {
    let mut d = Daemon::interactive();
    let before = d.settled_fds();
    for command in ["fd.open\tx\tread\t/dev/zero", "fd.socket\tx\tunix", "fd.socket\tx\ttcp"] {
        d.ask(command);
        assert_eq!(fd_count(d.pid()), before + 1);
        d.answers("fd.delete\tx", &["fd.state\tx\tdeleted"]);
        assert_eq!(fd_count(d.pid()), before);
    }
}
