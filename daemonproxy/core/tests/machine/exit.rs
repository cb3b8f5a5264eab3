//! `terminate`, its guard, and what is executed instead of exiting.

use daemonproxy_core::Limits;
use daemonproxy_protocol::Fields;

use crate::fixture::{Client, Fixture, assert_lines};

fn guarded() -> (Fixture, Client) {
    let mut f = Fixture::with(Limits::default(), Some(42));
    let c = f.connect();
    (f, c)
}

#[track_caller]
fn refused(f: &mut Fixture, c: Client, command: &str, error: &str) {
    assert_lines(&f.ask(c, command), &[&format!("error {error}, for command \"{command}\"")]);
    assert_eq!(f.leave(), None);
}

#[test]
fn it_leaves_at_once_with_its_code_and_does_not_touch_the_services() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.calls();
    f.send_raw(c, "echo x\nterminate 7\necho y\nservice.start a\n");
    assert_eq!(f.exit_code(), Some(7));
    assert_lines(&f.lines(c), &["x"]);
    assert_lines(&f.calls(), &[]);
    assert!(f.log().contains(&"warning: service 'a' running as pid 100".to_owned()));
}

#[test]
fn it_unlinks_the_control_socket() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send_raw(c, "socket.create - /sock\nterminate 0\n");
    assert!(!f.world().open_files().join(" ").contains("listener"));
}

#[test]
fn the_guard_wants_its_code() {
    let (mut f, c) = guarded();
    refused(&mut f, c, "terminate 0", "terminate guard code required");
    refused(&mut f, c, "terminate 0 41", "incorrect terminate guard code");
    refused(&mut f, c, "terminate.shutdown", "terminate guard code required");
    refused(&mut f, c, "terminate.shutdown - - - 41", "incorrect terminate guard code");
}

#[test]
fn the_guard_wants_something_to_execute_even_with_its_code() {
    let (mut f, c) = guarded();
    let error = "cannot exit, and exec-on-exit is not configured";
    refused(&mut f, c, "terminate 0 42", error);
    refused(&mut f, c, "terminate.shutdown - - - 42", error);
    f.send(c, "terminate.exec_args sh x");
    f.send(c, "terminate.exec_args");
    refused(&mut f, c, "terminate 0 42", error);
    f.calls();
    f.send(c, "terminate.exec_args sh x");
    assert_lines(&f.calls(), &["exit_exec sh x"]);
    f.send(c, "terminate 3 42");
    assert_eq!(f.exit_code(), Some(3));
}

#[test]
fn what_the_command_line_set_to_execute_counts() {
    let (mut f, c) = guarded();
    f.proxy.exit_exec_is_set(Fields::new(b"sh\tx"));
    f.send(c, "terminate 3 42");
    assert_eq!(f.exit_code(), Some(3));
}

#[test]
fn a_guarded_shutdown_goes_with_code_and_something_to_execute() {
    let (mut f, c) = guarded();
    f.send(c, "terminate.exec_args sh");
    f.send(c, "terminate.shutdown - - - 42");
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn the_guard_is_turned_on_once_and_off_with_its_code() {
    let mut f = Fixture::new();
    let c = f.connect();
    refused(&mut f, c, "terminate.guard - 5", "terminate guard was not set");
    refused(&mut f, c, "terminate.guard + 0", "code cannot be 0");
    assert_lines(&f.ask(c, "terminate.guard + -5"), &[]);
    refused(&mut f, c, "terminate.guard + 6", "terminate guard code is already set");
    refused(&mut f, c, "terminate.guard - 5", "incorrect guard code");
    refused(&mut f, c, "terminate 0", "terminate guard code required");
    assert_lines(&f.ask(c, "terminate.guard - -5"), &[]);
    f.send(c, "terminate 0");
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn without_a_guard_a_code_does_not_matter() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "terminate 1 99");
    assert_eq!(f.exit_code(), Some(1));
}
