//! A controller that is a service ends, and leaves behind a process that holds the other end of its
//! connection.

use daemonproxy_core::Limits;
use daemonproxy_core::limits::ENDING_SECONDS;
use daemonproxy_testing::world::Output;

use crate::fixture::{Client, Fixture, assert_lines};

/// A world in which `a` runs, with its connection, and somebody else.
fn with_controller(limits: Limits, fds: &str) -> (Fixture, Client, Client) {
    let mut f = Fixture::with(limits, None);
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, &format!("service.fds a {fds}"));
    f.run_service(c, "a");
    let a = f.client_of("a");
    (f, c, a)
}

/// It has written this, and the daemon has not read it yet.
fn has_sent(f: &mut Fixture, client: Client, text: &str) {
    let bytes = text.replace(' ', "\t").into_bytes();
    f.world().file(client.read.unwrap()).sends(bytes, Vec::new());
}

#[test]
fn its_last_commands_are_executed_and_it_is_closed() {
    let (mut f, c, a) = with_controller(Limits::default(), "control.socket");
    let text: String = (0..2000).map(|n| format!("service.args b b {n}\n")).collect();
    has_sent(&mut f, a, &(text + "echo bye\n"));
    f.exit_leaving_orphan("a");
    assert!(!f.is_connected(a));
    assert!(f.written(a.write.unwrap()).last().unwrap().ends_with("bye"));
    assert_lines(&f.ask(c, "service.tags b x"), &["service.tags b x"]);
    assert!(f.dump(c).contains(&"service.args b b 1999".to_owned()));
}

#[test]
fn one_that_has_sent_nothing_is_closed_at_once() {
    for fds in ["control.socket", "control.cmd", "control.event"] {
        let (mut f, _, a) = with_controller(Limits::default(), fds);
        f.exit_leaving_orphan("a");
        assert!(!f.is_connected(a), "{fds}");
    }
}

#[test]
fn what_comes_later_is_not_executed() {
    let (mut f, c, a) = with_controller(Limits::default(), "control.socket");
    f.reads(a, Output::BLOCKED);
    has_sent(&mut f, a, "service.args b b\n");
    f.exit_leaving_orphan("a");
    assert!(f.is_connected(a), "it is owed something");
    has_sent(&mut f, a, "service.args orphan x\n");
    f.pump();
    let dump = f.dump(c);
    assert!(dump.contains(&"service.args b b".to_owned()));
    assert!(!dump.iter().any(|line| line.contains("orphan")));
}

#[test]
fn nobody_waits_for_long_for_it_to_read() {
    let (mut f, c, a) = with_controller(Limits::default(), "control.socket");
    f.reads(a, Output::BLOCKED);
    has_sent(&mut f, a, &("statedump\n".repeat(500) + "service.args b b\n"));
    f.exit_leaving_orphan("a");
    assert!(f.dump(c).contains(&"service.args b b".to_owned()), "its commands do not wait");
    f.advance(ENDING_SECONDS - 1);
    assert!(f.is_connected(a));
    f.advance(1);
    assert!(!f.is_connected(a));
}

#[test]
fn it_gets_what_it_is_owed_if_somebody_takes_it() {
    let (mut f, c, a) = with_controller(Limits::default(), "control.event");
    f.reads(a, Output::BLOCKED);
    f.send(c, "service.args b b");
    f.exit_leaving_orphan("a");
    assert!(f.is_connected(a));
    f.reads(a, Output::Free);
    assert!(!f.is_connected(a));
    assert!(f.written(a.write.unwrap()).iter().any(|line| line == "service.args\tb\tb"));
}

#[test]
fn its_successor_gets_its_place() {
    let limits = Limits { controllers: Some(1), ..Limits::default() };
    let (mut f, c, a) = with_controller(limits, "control.socket");
    f.reads(a, Output::BLOCKED);
    f.send(c, "service.args b b");
    f.exit_leaving_orphan("a");
    assert!(f.is_connected(a));
    for _ in 0..10 {
        f.run_service(c, "a");
        let again = f.client_of("a");
        f.reads(again, Output::BLOCKED);
        f.send(c, "service.args b b");
        f.exit_leaving_orphan("a");
    }
}
