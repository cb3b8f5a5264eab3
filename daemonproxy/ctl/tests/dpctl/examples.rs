//! The examples that are files of services: run as they are, they do what they say.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

use daemonproxy_testing::{Daemon, Setup, eventually, programs};

use crate::daemon::run;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples"))
}

/// A daemon with this example, and the programs of the folder beside it. What services print to
/// `stdout` is in its log.
fn start(name: &str, change: impl Fn(String) -> String) -> Daemon {
    let text = change(fs::read_to_string(folder().join(name)).unwrap());
    let mut setup = Setup::new(["-f", name]).file(name, text);
    for program in ["worker.py", "server.py"] {
        setup = setup.file(program, fs::read_to_string(folder().join(program)).unwrap());
    }
    let out = fs::File::create(setup.path("out")).unwrap();
    setup.socket().no_input().std(1, out.into()).spawn()
}

fn as_it_is(name: &str) -> Daemon {
    start(name, |text| text)
}

/// Waits until a service has printed this line.
#[track_caller]
fn prints(d: &Daemon, line: &str) {
    eventually(line, || d.read("out").lines().any(|it| it.starts_with(line)).then_some(()));
}

#[track_caller]
fn ends_well(mut d: Daemon) {
    d.signal(libc::SIGINT);
    d.exits_with(0);
}

fn is_there(program: &str) -> bool {
    let is = Command::new(program).arg("-V").output().is_ok();
    if !is {
        eprintln!("skipped: there is no {program}");
    }
    is
}

#[test]
fn every_example_is_without_fault() {
    let mut files = 0;
    for path in fs::read_dir(folder()).unwrap().map(|it| it.unwrap().path()) {
        if path.extension().is_some_and(|it| it == "toml") {
            files += 1;
            let said = run(Command::new(env!("CARGO_BIN_EXE_dpctl")).arg("validate").arg(&path));
            assert_eq!((said.status, said.out.as_str()), (0, ""), "{}", path.display());
            // Each is there as commands as well.
            assert!(path.with_extension("conf").exists(), "{}", path.display());
        }
    }
    assert!(files >= 9);
}

#[test]
fn environment() {
    let d = as_it_is("environment.toml");
    prints(&d, "web: good morning, C.UTF-8, home is nowhere");
    prints(&d, "alone: HOME is unset, LANG is C");
    prints(&d, "alone: two");
    ends_well(d);
}

#[test]
fn user_and_directory() {
    // SAFETY: it cannot fail, and touches nothing.
    if unsafe { libc::geteuid() } != 0 {
        println!("skipped: only root can become somebody else");
        return;
    }
    let d = as_it_is("user.toml");
    prints(&d, "web: nobody in /tmp, HOME is ");
    prints(&d, "0027");
    prints(&d, "job: 12345 54321 54321");
    ends_well(d);
}

#[test]
fn limits() {
    let d = as_it_is("limits.toml");
    prints(&d, "web: 100 of 200 files, core 0, nice 5, oom 500");
    ends_well(d);
}

#[test]
fn restart_on_failure_until_it_is_given_up() {
    // As it is, that takes six seconds.
    let d = start("backoff.toml", |text| text.replace("\"10s\"", "\"10s\", factor = 1"));
    d.log.wait_for(
        "service 'broken' is given up, since its triggers start it too often (giveup=3/60)",
    );
    prints(&d, "alarm: somebody should have a look");
    let tries = d.read("out").lines().filter(|line| *line == "broken: trying").count();
    assert_eq!(tries, 3);
    ends_well(d);
    // What counts as a success is not started again.
    let d = start("backoff.toml", |text| text.replace("exit 1", "exit 3"));
    d.log.wait_for("service 'broken' has ended");
    ends_well(d);
}

#[test]
fn stop_signal() {
    let mut d = as_it_is("stop.toml");
    prints(&d, "web: up");
    let mut dpctl = Command::new(env!("CARGO_BIN_EXE_dpctl"));
    assert_eq!(run(dpctl.arg("-S").arg(d.socket()).args(["reload", "web"])).status, 0);
    prints(&d, "web: reading its configuration");
    d.signal(libc::SIGINT);
    d.exits_with(0);
    assert!(d.read("out").lines().any(|line| line == "web: finishing"));
}

#[test]
fn a_service_waits_until_another_one_is_ready() {
    let d = as_it_is("ready.toml");
    prints(&d, "web: db is ready");
    let out = d.read("out");
    assert_eq!(out.lines().filter(|it| *it == "db: opening its files").count(), 1, "{out}");
    ends_well(d);
}

#[test]
fn a_worker_that_hangs_is_started_over() {
    if !is_there("python3") {
        return;
    }
    let d = as_it_is("watchdog.toml");
    d.log.wait_for("worker: pid ");
    let mut dpctl = Command::new(env!("CARGO_BIN_EXE_dpctl"));
    dpctl.arg("-S").arg(d.socket()).args(["signal", "USR1", "worker"]);
    assert_eq!(run(&mut dpctl).status, 0);
    d.log.wait_for("service 'worker' does not say that it is alive");
    eventually("another one has begun", || {
        let begun = |line: &&String| line.starts_with("worker: pid ");
        (d.log.lines().iter().filter(begun).count() == 2).then_some(())
    });
    ends_well(d);
}

#[test]
fn the_first_connection_starts_a_server() {
    if !is_there("python3") {
        return;
    }
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let d = start("activation.toml", |text| text.replace("8080", &port.to_string()));
    eventually("somebody listens", || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok());
    d.log.wait_for("version 1 is ready");
    ends_well(d);
}

#[test]
fn a_logger_of_its_own() {
    programs::built("daemonproxy-log", "daemonproxy-log");
    let d = as_it_is("mail.toml");
    let current = d.path("logs/mail/current");
    eventually("its lines are there", || {
        let text = fs::read_to_string(&current).ok()?;
        (text.contains("Z fetching\n") && text.contains("no new mail")).then_some(())
    });
    ends_well(d);
}
