//! One clear line and a status of its own for a socket that is not what it should be.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::daemon::{Daemon, Said, run};

const NO_DAEMON: i32 = 150;

#[track_caller]
fn at(path: &Path, expected: &str) {
    is_refused(&dpctl(path), expected);
}

#[track_caller]
fn is_refused(said: &Said, expected: &str) {
    assert_eq!((said.status, said.out.as_str()), (NO_DAEMON, ""), "{}", said.err);
    assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    assert!(said.err.contains(expected), "{}", said.err);
}

#[track_caller]
fn dpctl(path: &Path) -> Said {
    run(Command::new(env!("CARGO_BIN_EXE_dpctl")).arg("--socket").arg(path).arg("status"))
}

#[test]
fn one_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    at(&folder.path().join("none"), "there is no socket");
}

#[test]
fn a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, "").unwrap();
    at(&path, "is not a socket");
}

#[test]
fn one_that_a_dead_daemon_left() {
    let mut daemon = Daemon::start();
    daemon.kill();
    at(&daemon.socket(), "nobody listens");
}

#[test]
fn one_that_closes_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    std::thread::spawn(move || drop(listener.accept()));
    at(&path, "closed the connection");
}

#[test]
fn one_that_speaks_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    std::thread::spawn(move || {
        let (mut peer, _) = listener.accept().unwrap();
        peer.write_all(b"HTTP/1.1 400 Bad Request\r\n").unwrap();
        let _ = peer.read(&mut [0; 64]);
    });
    at(&path, "not a daemonproxy");
}

#[test]
fn one_that_never_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    // Connections wait in its queue, and nobody accepts them.
    let _listener = UnixListener::bind(&path).unwrap();
    at(&path, "does not answer");
}

#[test]
fn one_that_closes_in_the_middle_of_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    std::thread::spawn(move || {
        let (mut peer, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(peer.try_clone().unwrap()).lines().map_while(Result::ok);
        let tagged = lines.find(|line| line.starts_with('@')).unwrap();
        let tag = tagged[1..].split('\t').next().unwrap();
        peer.write_all(format!("done\t{tag}\nservice.state\tweb\tu").as_bytes()).unwrap();
        // The command, which is not answered any more.
        lines.next();
    });
    at(&path, "closed the connection");
}

/// Only root can be somebody else.
#[test]
fn one_that_is_not_permitted() {
    const NOBODY: u32 = 65534;
    let daemon = Daemon::start();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dpctl"));
    command.arg("--socket").arg(daemon.socket()).arg("status").uid(NOBODY).gid(NOBODY);
    if let Err(error) = command.output() {
        eprintln!("cannot run dpctl as another user ({error}): this is not tested");
        return;
    }
    is_refused(&run(&mut command), "permi");
}
