//! `fd.take`: descriptors that a controller passed, each tied to the line it came with.

use daemonproxy_core::limits::{MOST_PASSED, MOST_PASSED_BY_ALL, PASSED_SECONDS};
use daemonproxy_core::{ControllerId, Fd};

use crate::fixture::{Fixture, assert_lines};

const NONE: &str = "error No ancillary file descriptor received, for command \"fd.take x\"";

fn is_open(f: &mut Fixture, fd: Fd) -> bool {
    f.world().file(fd).is_open
}

#[test]
fn a_passed_descriptor_gets_its_name() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fd = f.world().make("passed");
    f.pass(c, "fd.take x\n", &[fd]);
    assert_lines(&f.lines(c), &["fd.state x pipe from unknown"]);
    assert_lines(&f.dump(c), &["fd.state x pipe from unknown"]);
    f.send(c, "service.fds a x");
    f.calls();
    f.run_service(c, "a");
    assert_lines(&f.calls(), &["spawn a [passed]"]);
}

#[test]
fn each_line_has_its_own() {
    let mut f = Fixture::new();
    let c = f.connect();
    let (one, two) = (f.world().make("one"), f.world().make("two"));
    f.send(c, "service.fds a x y");
    f.pass(c, "fd.take x\n", &[one]);
    f.pass(c, "fd.take y\n", &[two]);
    f.calls();
    f.run_service(c, "a");
    assert_lines(&f.calls(), &["spawn a [one, two]"]);
}

#[test]
fn one_that_came_with_another_line_is_closed_and_not_kept_for_later() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fd = f.world().make("passed");
    f.pass(c, "echo hello\n", &[fd]);
    assert!(!is_open(&mut f, fd));
    f.lines(c);
    assert_lines(&f.ask(c, "fd.take x"), &[NONE]);
}

#[test]
fn one_that_came_with_a_later_line_is_not_taken_by_an_earlier_one() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fd = f.world().make("passed");
    // Both lines are there before either is executed.
    for (line, fds) in [(b"fd.take\tx\n", None), (b"fd.take\ty\n", Some(fd))] {
        f.proxy.input(c.id)[..line.len()].copy_from_slice(line);
        f.proxy.received(c.id, line.len());
        if let Some(fd) = fds {
            f.proxy.received_fd(c.id, fd, line.len());
        }
    }
    f.pump();
    assert_lines(&f.lines(c), &[NONE, "fd.state y pipe from unknown"]);
}

#[test]
fn it_belongs_to_the_line_also_when_that_comes_in_two_pieces() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fd = f.world().make("passed");
    f.pass(c, "fd.ta", &[fd]);
    assert!(is_open(&mut f, fd));
    f.send_raw(c, "ke x\n");
    assert_lines(&f.lines(c), &["fd.state x pipe from unknown"]);
}

#[test]
fn it_may_come_with_the_last_byte() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fd = f.world().make("passed");
    f.send_raw(c, "fd.take x");
    f.pass(c, "\n", &[fd]);
    assert_lines(&f.lines(c), &["fd.state x pipe from unknown"]);
}

#[test]
fn a_refused_take_closes_it() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fd = f.world().make("passed");
    f.pass(c, "fd.take null\n", &[fd]);
    assert!(!is_open(&mut f, fd));
}

#[test]
fn a_line_that_is_too_long_closes_it() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fd = f.world().make("passed");
    let line = format!("fd.take {}\n", "x".repeat(5_000));
    f.pass(c, &line, &[fd]);
    assert!(!is_open(&mut f, fd));
    assert_lines(&f.lines(c), &["error line too long"]);
}

#[test]
fn the_end_of_the_connection_closes_what_was_not_taken() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fd = f.world().make("passed");
    f.pass(c, "fd.take", &[fd]);
    f.hang_up(c);
    assert!(!is_open(&mut f, fd));
}

#[test]
fn a_name_in_use_is_taken_over() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "fd.open x read /x");
    let fd = f.world().make("passed");
    f.pass(c, "fd.take x\n", &[fd]);
    assert!(!f.world().open_files().contains(&"/x"));
}

#[test]
fn more_than_can_wait_are_closed_at_once() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fds: Vec<Fd> = (0..MOST_PASSED + 1).map(|_| f.world().make("passed")).collect();
    f.pass(c, "fd.", &fds);
    assert!(is_open(&mut f, fds[MOST_PASSED - 1]));
    assert!(!is_open(&mut f, fds[MOST_PASSED]));
}

#[test]
fn one_for_a_controller_that_has_gone_is_closed() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.hang_up(c);
    let fd = f.world().make("passed");
    let id: ControllerId = c.id;
    f.proxy.received_fd(id, fd, 1);
    assert!(!is_open(&mut f, fd));
}

#[test]
fn all_controllers_together_have_a_limit_and_the_latest_is_served() {
    let mut f = Fixture::new();
    let mut passed = Vec::new();
    for _ in 0..20 {
        let c = f.connect();
        let fds: Vec<Fd> = (0..MOST_PASSED).map(|_| f.world().make("passed")).collect();
        f.pass(c, "fd.", &fds);
        passed.extend(fds);
    }
    let open = passed.iter().filter(|&&fd| is_open(&mut f, fd)).count();
    assert_eq!(open, MOST_PASSED_BY_ALL);
    let c = f.connect();
    let fd = f.world().make("passed");
    f.pass(c, "fd.take x\n", &[fd]);
    assert_lines(&f.lines(c), &["fd.state x pipe from unknown"]);
}

#[test]
fn one_that_waits_for_the_end_of_a_line_is_closed_after_a_time() {
    let mut f = Fixture::new();
    let c = f.connect();
    let fd = f.world().make("passed");
    f.pass(c, "fd.take", &[fd]);
    f.advance(PASSED_SECONDS - 1);
    assert!(is_open(&mut f, fd));
    f.advance(1);
    assert!(!is_open(&mut f, fd));
    f.send_raw(c, " x\n");
    assert_lines(&f.lines(c), &[NONE]);
    let log = f.log();
    assert!(log.iter().any(|line| line.contains("was not taken")), "{log:?}");
}
