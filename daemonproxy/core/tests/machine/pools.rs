//! Fixed pools: running out is the error of the command that wanted more, and changes nothing.

use daemonproxy_core::limits::MAX_CONTROLLERS;
use daemonproxy_core::{Limits, Pool};

use crate::fixture::{Fixture, assert_lines};

fn services(count: usize, bytes: usize) -> Limits {
    Limits { services: Some(Pool { count, bytes }), ..Limits::default() }
}

fn fds(count: usize, bytes: usize) -> Limits {
    Limits { fds: Some(Pool { count, bytes }), ..Limits::default() }
}

#[track_caller]
fn refused(f: &mut Fixture, c: crate::fixture::Client, command: &str, error: &str) {
    let before = (f.ask(c, "statedump"), f.world().open_files().join(" "));
    f.calls();
    let lines = f.ask(c, command);
    let error = format!("error {error}, for command ");
    assert!(lines.len() == 1 && lines[0].starts_with(&error), "{lines:?}");
    assert_eq!((f.ask(c, "statedump"), f.world().open_files().join(" ")), before);
}

#[test]
fn services_run_out_and_freed_room_is_used_again() {
    let mut f = Fixture::with(services(2, 100), None);
    let c = f.connect();
    f.send(c, "service.args a a");
    f.run_service(c, "b");
    for command in ["args", "fds", "tags", "tags.apply"] {
        let command = format!("service.{command} x y");
        refused(&mut f, c, &command, "Unable to allocate new service");
    }
    refused(&mut f, c, "service.auto_up x 1 always", "Unable to allocate new service");
    f.send(c, "service.delete a");
    f.run_service(c, "x");
    assert!(f.runs("x") && f.runs("b"));
}

#[test]
fn the_text_of_a_service_runs_out() {
    let mut f = Fixture::with(services(1, 8), None);
    let c = f.connect();
    f.send(c, "service.args a 12345678");
    refused(&mut f, c, "service.args a 123456789", "unable to set argv");
    refused(&mut f, c, "service.tags a 1", "unable to set tags");
    refused(&mut f, c, "service.fds a x", "unable to set file descriptors");
    assert_lines(&f.ask(c, "service.args a 1 2"), &["service.args a 1 2"]);
    assert_lines(&f.ask(c, "service.tags a 5 6"), &["service.tags a 5 6"]);
    assert_lines(&f.ask(c, "service.fds a -1")[..1], &["service.fds a -1"]);
}

#[test]
fn a_first_list_that_does_not_fit_makes_no_service() {
    let mut f = Fixture::with(services(1, 8), None);
    let c = f.connect();
    refused(&mut f, c, "service.args a 123456789", "unable to set argv");
    refused(&mut f, c, "service.fds a 123456789", "unable to set file descriptors");
    refused(&mut f, c, "service.tags a 123456789", "unable to set tags");
}

#[test]
fn descriptors_run_out_and_freed_room_is_used_again() {
    let mut f = Fixture::with(fds(9, 20), None);
    let c = f.connect();
    f.send(c, "fd.open x read /x");
    let full = "Unable to allocate new file descriptor object";
    refused(&mut f, c, "fd.pipe y z", full);
    // One of the names is there already: that one needs no room.
    assert_eq!(f.ask(c, "fd.pipe x z").len(), 2);
    refused(&mut f, c, "fd.open y read /y", full);
    refused(&mut f, c, "fd.socket y tcp", full);
    refused(&mut f, c, "fd.pipe a b", full);
    f.send(c, "fd.delete z");
    assert_lines(&f.ask(c, "fd.open y read /y"), &["fd.state y file read /y"]);
}

#[test]
fn a_passed_descriptor_with_no_room_is_closed() {
    let mut f = Fixture::with(fds(7, 20), None);
    let c = f.connect();
    let fd = f.world().make("passed");
    f.pass(c, "fd.take x\n", &[fd]);
    assert!(f.lines(c)[0].starts_with("error Unable to allocate new file descriptor object"));
    assert!(!f.world().file(fd).is_open);
}

#[test]
fn a_path_that_does_not_fit_is_refused_before_anything_is_opened() {
    let mut f = Fixture::with(fds(9, 8), None);
    let c = f.connect();
    f.send(c, "fd.open x read /2345678");
    let full = "Unable to allocate new file descriptor object";
    refused(&mut f, c, "fd.open x read /23456789", full);
    refused(&mut f, c, "fd.socket x unix,bind /23456789", full);
}

#[test]
fn a_pool_of_descriptors_has_room_for_the_constant_ones() {
    let mut f = Fixture::with(fds(1, 1), None);
    let c = f.connect();
    assert_eq!(f.ask(c, "statedump").len(), 7);
}

#[test]
fn controllers_run_out_and_freed_room_is_used_again() {
    let mut f = Fixture::with(Limits { controllers: Some(2), ..Limits::default() }, None);
    let (c, d) = (f.connect(), f.connect());
    assert!(f.try_connect().is_none());
    let refused = f.world().named("connection");
    assert!(!f.world().file(refused).is_open);
    assert_lines(&f.written(refused), &["error\ttoo many controllers are connected"]);
    assert_lines(&f.ask(c, "echo x"), &["x"]);
    f.hang_up(d);
    let e = f.connect();
    assert_lines(&f.ask(e, "echo y"), &["y"]);
}

#[test]
fn a_controller_that_comes_again_inherits_nothing() {
    let mut f = Fixture::with(Limits { controllers: Some(1), ..Limits::default() }, None);
    let c = f.connect();
    f.send(c, "conn.event_timeout 1 2");
    f.reads(c, daemonproxy_testing::world::Output::BLOCKED);
    f.send_raw(c, "echo never\necho read\nstatedump\necho half");
    let fd = f.world().make("passed");
    f.pass(c, " line", &[fd]);
    f.advance(2);
    assert!(!f.is_connected(c));
    let d = f.connect();
    assert_lines(&f.ask(d, "echo mine"), &["mine"]);
    f.reads(d, daemonproxy_testing::world::Output::BLOCKED);
    f.send(d, "echo waits");
    f.advance(14);
    f.reads(d, daemonproxy_testing::world::Output::Free);
    assert_lines(&f.lines(d), &["waits"]);
}

#[test]
fn a_service_that_is_a_controller_needs_room_for_it() {
    let mut f = Fixture::with(Limits { controllers: Some(1), ..Limits::default() }, None);
    let c = f.connect();
    for name in ["a", "b"] {
        f.send(c, &format!("service.args {name} {name}"));
        f.send(c, &format!("service.fds {name} control.event"));
    }
    // One place is for services alone.
    f.run_service(c, "a");
    f.calls();
    let lines = f.ask(c, "service.start b");
    assert_eq!(lines[2], "error too many controllers are connected, for service \"b\"");
    assert_lines(&f.calls(), &["stillborn 126"]);
}

#[test]
fn nobody_outside_keeps_a_service_from_being_a_controller() {
    for pool in [Some(1), Some(4), None] {
        let limits = Limits { controllers: pool, ..Limits::default() };
        let mut f = Fixture::with(limits, None);
        f.config("service.args a a\nservice.fds a control.event\n");
        let outside: Vec<_> = std::iter::from_fn(|| f.try_connect()).collect();
        assert_eq!(outside.len(), pool.unwrap_or(MAX_CONTROLLERS));
        f.send(outside[0], "service.start a");
        let a = f.client_of("a");
        assert!(f.is_connected(a));
    }
}
