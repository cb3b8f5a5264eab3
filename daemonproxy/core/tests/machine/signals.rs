//! Signals that the daemon gets: counted, told, cleared; and what they do when nobody listens.

use daemonproxy_protocol::{Signal, SignalAction};

use crate::fixture::{Fixture, assert_lines};

#[test]
fn what_is_pending_is_in_a_dump() {
    let mut f = Fixture::new();
    let c = f.connect();
    for signal in [Signal::TERM, Signal::HUP, Signal::QUIT, Signal::INT, Signal::USR1] {
        f.signal(signal);
    }
    f.signal(Signal::USR2);
    f.send(c, "signal.clear INT 1");
    assert_lines(
        &f.dump(c),
        &[
            "signal SIGHUP 200000 1",
            "signal SIGQUIT 200000 1",
            "signal SIGUSR1 200000 1",
            "signal SIGUSR2 200000 1",
            "signal SIGTERM 200000 1",
        ],
    );
}

#[test]
fn clearing_what_is_never_received_does_nothing() {
    let mut f = Fixture::new();
    let c = f.connect();
    assert_lines(&f.ask(c, "signal.clear KILL 1"), &[]);
}

#[test]
fn nobody_there_and_nothing_set_only_counts() {
    let mut f = Fixture::new();
    f.signal(Signal::TERM);
    assert_eq!(f.leave(), None);
    let c = f.connect();
    assert_lines(&f.dump(c), &["signal SIGTERM 200000 1"]);
}

#[test]
fn the_default_holds_while_nobody_reads() {
    for action in [SignalAction::Shutdown, SignalAction::Terminate] {
        let mut f = Fixture::new();
        f.on_signal(Signal::TERM, action);
        f.signal(Signal::INT);
        assert_eq!(f.leave(), None);
        f.signal(Signal::TERM);
        assert_eq!(f.exit_code(), Some(0), "{action:?}");
    }
}

#[test]
fn a_controller_that_reads_keeps_the_default_away() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "signal.default TERM terminate");
    f.signal(Signal::TERM);
    assert_eq!(f.leave(), None);
    assert_lines(&f.lines(c), &["signal SIGTERM 200000 1"]);
    f.hang_up(c);
    f.signal(Signal::TERM);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn a_controller_that_only_writes_does_not() {
    let mut f = Fixture::new();
    f.config("service.args a a\nservice.fds a control.cmd\nservice.start a\n");
    f.on_signal(Signal::TERM, SignalAction::Terminate);
    f.signal(Signal::TERM);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn always_is_no_trigger_for_a_signal() {
    let mut f = Fixture::new();
    f.config("service.args a a\nservice.auto_up a 1 always\n");
    f.on_signal(Signal::TERM, SignalAction::Terminate);
    f.signal(Signal::TERM);
    assert_eq!(f.exit_code(), Some(0));
}

#[test]
fn the_guard_keeps_the_default_away() {
    for action in [SignalAction::Shutdown, SignalAction::Terminate] {
        let mut f = Fixture::with(daemonproxy_core::Limits::default(), Some(7));
        f.on_signal(Signal::TERM, action);
        f.signal(Signal::TERM);
        f.advance(60);
        assert_eq!(f.leave(), None, "{action:?}");
        assert!(f.log().iter().any(|line| line.contains("guard")));
    }
}

#[test]
fn a_default_can_only_be_set_for_what_is_received() {
    let mut f = Fixture::new();
    let c = f.connect();
    let lines = f.ask(c, "signal.default KILL terminate");
    assert!(lines[0].starts_with("error Invalid signal argument"), "{lines:?}");
    assert_lines(&f.ask(c, "signal.default HUP terminate"), &[]);
    assert_lines(&f.ask(c, "signal.default HUP event"), &[]);
    f.hang_up(c);
    f.signal(Signal::HUP);
    assert_eq!(f.leave(), None);
}
