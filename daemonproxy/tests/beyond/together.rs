//! Several daemons that are started at once on one socket path: one has it, and the others find
//! that out.

use std::fs;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use daemonproxy_testing::{Conn, Daemon, Setup, eventually, state};
use tempfile::TempDir;

/// Makes listen(2) slow, so that everybody is in the midst of it at the same time.
const SLOW_LISTEN: [&str; 9] = [
    "strace",
    "-D",
    "-qqq",
    "-o",
    "/dev/null",
    "-e",
    "trace=listen",
    "-e",
    "inject=listen:delay_enter=500000",
];

/// Starts them, and waits until all but one have left. That one has the socket; its place in the
/// list.
#[track_caller]
fn one_of(daemons: &mut [Daemon], socket: &Path) -> usize {
    let runs = |d: &Daemon| !matches!(state(d.pid()), None | Some('Z'));
    eventually("all but one leave", || {
        (daemons.iter().filter(|d| runs(d)).count() <= 1).then_some(())
    });
    let one = daemons.iter().position(runs).expect("one of them runs");
    Conn::to_socket(socket, &daemons[one].log).sync();
    for (at, d) in daemons.iter_mut().enumerate().filter(|&(at, _)| at != one) {
        d.exits_with(1);
        let log = d.log.wait_for("cannot listen for controllers");
        assert!(log.contains("somebody listens there already"), "{at}: {log}");
    }
    one
}

/// `count` of them, all at once, on a path where there is nothing, or a socket that was left over.
#[track_caller]
fn race(count: usize, slow: bool, left_over: bool) {
    let dir = TempDir::new().unwrap();
    let socket = dir.path().join("sock");
    if left_over {
        drop(UnixListener::bind(&socket).unwrap());
    }
    let start = |_| {
        let setup = Setup::new(["-S", socket.to_str().unwrap()]);
        if slow { setup.wrapped_in(&SLOW_LISTEN) } else { setup }.spawn()
    };
    let mut daemons: Vec<Daemon> = (0..count).map(start).collect();
    one_of(&mut daemons, &socket);
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["sock"], "nothing else is left");
}

#[test]
fn where_there_is_nothing() {
    race(8, true, false);
}

#[test]
fn where_a_socket_was_left_over() {
    race(8, true, true);
}

#[test]
fn many_times_where_there_is_nothing() {
    (0..5).for_each(|_| race(10, false, false));
}

#[test]
fn many_times_where_a_socket_was_left_over() {
    (0..5).for_each(|_| race(10, false, true));
}

/// Whoever waits for the file can connect as soon as it is there.
#[test]
fn the_socket_is_there_when_it_listens() {
    let setup = Setup::interactive().socket().wrapped_in(&SLOW_LISTEN);
    let path = setup.path("control");
    let d = setup.spawn();
    eventually("the socket is there", || fs::exists(&path).unwrap().then_some(()));
    UnixStream::connect(&path).expect("connect at once");
    d.connect().sync();
}

/// The socket of a command, too: whoever already listens there stays.
#[test]
fn a_command_does_not_take_it_from_another_daemon() {
    let one = Setup::interactive().socket().start();
    let mut other = Daemon::interactive();
    let path = one.path("control");
    other.refuses(&format!("socket.create\t-\t{path}"), "Failed to create control socket");
    one.connect().sync();
}

/// The name that it has before is no longer than the kernel allows.
#[test]
fn a_path_that_is_as_long_as_can_be() {
    let mut d = Daemon::interactive();
    let base = d.path("");
    for length in [107, 106, 100, 95, 90] {
        for name in [1, 2, 7, 12] {
            let dir = "d".repeat(length - base.len() - name - 1);
            fs::create_dir_all(d.path(&dir)).unwrap();
            let path = format!("{base}{dir}/{}", "s".repeat(name));
            assert_eq!(path.len(), length);
            d.answers(&format!("socket.create\t-\t{path}"), &[] as &[&str]);
            UnixStream::connect(&path).unwrap();
            let left = fs::read_dir(d.path(&dir)).unwrap().count();
            assert_eq!(left, 1, "{path}");
        }
    }
    d.refuses(
        &format!("socket.create\t-\t{base}{}", "s".repeat(108 - base.len())),
        "Failed to create control socket",
    );
}

/// What failed leaves the socket that there was, and its file goes with it as ever.
#[test]
fn a_create_that_fails_changes_nothing() {
    let mut d = Setup::interactive().socket().start();
    fs::create_dir(d.path("dir")).unwrap();
    for path in ["dir", "no/such/dir"] {
        d.refuses(&format!("socket.create\t-\t{path}"), "Failed to create control socket");
    }
    d.connect().sync();
    d.ask("socket.delete");
    assert!(!fs::exists(d.path("control")).unwrap());
}

/// Somebody removed the file, and another daemon has taken the place: it is not ours any more.
#[test]
fn what_was_ours_and_is_somebody_elses_is_left_alone() {
    let mut one = Setup::interactive().socket().start();
    let path = one.path("control");
    fs::remove_file(&path).unwrap();
    let other = UnixListener::bind(&path).unwrap();
    one.refuses(&format!("socket.create\t-\t{path}"), "Failed to create control socket");
    one.ask("socket.delete");
    UnixStream::connect(&path).unwrap();
    drop(other);
}
