//! The state dump: complete, in order, resumable.

use daemonproxy_core::Limits;
use daemonproxy_protocol::{Signal, StateView};
use daemonproxy_testing::world::Output;

use crate::fixture::{Client, Fixture, assert_lines, fold};

fn small() -> Limits {
    Limits { max_line: 512, ..Limits::default() }
}

/// A good many services and descriptors; answers are left unread.
fn fill(f: &mut Fixture, c: Client) {
    for i in 0..60 {
        f.send(c, &format!("service.args s{i:02} s{i} {}", "x".repeat(i)));
        f.send(c, &format!("service.tags s{i:02} t={i}"));
        f.send(c, &format!("fd.open f{i:02} read /{i}"));
    }
    f.lines(c);
}

#[test]
fn it_has_everything_in_its_order() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args b b");
    f.send(c, "service.auto_up b 7 USR1 always");
    f.send(c, "service.tags a x y");
    f.send(c, "service.fds a stderr - null");
    f.send(c, "fd.open x read,nonblock /x");
    f.signal(Signal::USR1);
    f.advance(3);
    assert_lines(
        &f.ask(c, "statedump"),
        &[
            "fd.state control.cmd special write daemonproxy command pipe",
            "fd.state control.event special read daemonproxy event stream",
            "fd.state control.socket special read,write daemonproxy control socket",
            "fd.state null special read,write /dev/null",
            "fd.state stderr file write unknown",
            "fd.state stdin file read,write unknown",
            "fd.state stdout file read,write unknown",
            "fd.state x file read,nonblock /x",
            "service.state a down - - - - - -",
            "service.tags a x y",
            "service.args a ",
            "service.fds a stderr - null",
            "service.auto_up a -",
            "service.state b up 200000 100 - - 3 -",
            "service.tags b ",
            "service.args b b",
            "service.fds b null null null",
            "service.auto_up b 7 always SIGUSR1",
            "signal SIGUSR1 200000 1",
        ],
    );
}

#[test]
fn it_goes_on_in_the_smallest_steps_and_commands_behind_it_wait() {
    let mut f = Fixture::with(small(), None);
    let (c, d) = (f.connect(), f.connect());
    fill(&mut f, c);
    let whole = f.ask(d, "statedump");
    f.lines(c);
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, "statedump\necho end\n");
    let mut got = Vec::new();
    let mut rounds = 0;
    while got.last().is_none_or(|line| line != "end") {
        f.reads(c, Output::Room(50));
        got.extend(f.lines(c));
        rounds += 1;
        assert!(rounds < 10_000, "it does not get on");
    }
    got.pop();
    assert!(rounds > 50 && got == whole);
}

#[test]
fn nothing_is_lost_or_doubled_while_services_come_and_go() {
    let mut f = Fixture::with(small(), None);
    let (c, d) = (f.connect(), f.connect());
    fill(&mut f, d);
    f.bytes(c);
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, "statedump\necho end\n");
    let mut got = Vec::new();
    for i in 0..2_000 {
        match i % 40 {
            3 => f.send(d, &format!("service.delete s{:02}", i / 40)),
            13 => f.send(d, &format!("service.args s{:02}.5 new", i / 40)),
            23 => f.send(d, &format!("fd.delete f{:02}", 59 - i / 40)),
            33 => f.send(d, &format!("service.args s{:02} again", i / 40)),
            _ => {}
        }
        f.bytes(d);
        f.reads(c, Output::Room(60));
        got.extend(f.bytes(c));
    }
    f.reads(c, Output::Free);
    got.extend(f.bytes(c));
    assert!(got.split(|&byte| byte == b'\n').any(|line| line == b"end"));
    let mut view = StateView::new();
    fold(&mut view, &got);
    assert!(!view.has_overflowed());
    let now = f.view(d);
    assert!(view.fds().map(|(name, _)| name).eq(now.fds().map(|(name, _)| name)));
    assert!(view.services().map(|(name, _)| name).eq(now.services().map(|(name, _)| name)));
    for (name, service) in now.services() {
        let seen = view.service(name).unwrap();
        assert_eq!((seen.args(), seen.tags()), (service.args(), service.tags()), "{name:?}");
    }
}

#[test]
fn a_change_of_the_environment_in_the_middle_leaves_out_nothing() {
    let mut f = Fixture::with(small(), None);
    let (c, d) = (f.connect(), f.connect());
    f.send(c, "conn.features settings");
    f.send(d, "conn.features settings");
    fill(&mut f, d);
    f.bytes(c);
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, "statedump\necho end\n");
    let mut got = Vec::new();
    for i in 0..1_200 {
        f.send(d, &format!("service.env s{:02} A={i}", i % 60));
        f.bytes(d);
        f.reads(c, Output::Room(100));
        got.extend(f.bytes(c));
    }
    f.reads(c, Output::Free);
    got.extend(f.bytes(c));
    let mut view = StateView::new();
    fold(&mut view, &got);
    assert!(!view.has_overflowed());
    let now = f.view(d);
    for (name, service) in now.services() {
        let seen = view.service(name).unwrap();
        assert_eq!((seen.args(), seen.tags()), (service.args(), service.tags()), "{name:?}");
        assert_eq!(seen.env(), service.env(), "{name:?}");
    }
}

#[test]
fn what_comes_again_behind_the_cursor_under_the_same_name_is_told_whole() {
    let mut f = Fixture::with(small(), None);
    let (c, d) = (f.connect(), f.connect());
    f.send(d, "service.tags only old");
    f.send(d, &format!("service.args only {}", "x".repeat(400)));
    for i in 0..9 {
        f.send(d, &format!("fd.open f{i} read /{}", "x".repeat(150)));
    }
    f.bytes(c);
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, "statedump\necho end\n");
    f.send(d, "service.delete only");
    f.send(d, "service.args only new");
    f.reads(c, Output::Free);
    let mut view = StateView::new();
    fold(&mut view, &f.bytes(c));
    let only = view.service(b"only").unwrap();
    assert_eq!((only.args().as_bytes(), only.tags().as_bytes()), (&b"new"[..], &b""[..]));
}

#[test]
fn two_in_a_row_are_both_told() {
    let mut f = Fixture::with(small(), None);
    let c = f.connect();
    fill(&mut f, c);
    f.reads(c, Output::Pieces(11));
    let one = f.ask(c, "statedump");
    f.send_raw(c, "statedump\nstatedump\n");
    let both = f.lines(c);
    assert_eq!(both[..one.len()], one);
    assert_eq!(both[one.len()..], one);
}

#[test]
fn one_that_is_cut_short_by_a_reset_ends_in_overflow() {
    let mut f = Fixture::with(small(), None);
    let c = f.connect();
    fill(&mut f, c);
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, "statedump\nservice.tags z z\n");
    f.advance(15);
    f.reads(c, Output::Free);
    let lines = f.lines(c);
    assert_eq!(lines.last().unwrap(), "overflow");
    assert_eq!(f.ask(c, "statedump").last().unwrap(), "service.auto_up z -");
}

#[test]
fn exit_behind_it_waits_for_its_end() {
    let mut f = Fixture::with(small(), None);
    let (c, d) = (f.connect(), f.connect());
    fill(&mut f, c);
    let whole = f.ask(d, "statedump");
    f.reads(c, Output::BLOCKED);
    f.send_raw(c, "statedump\nexit\n");
    for _ in 0..1_000 {
        f.reads(c, Output::Room(100));
    }
    assert!(f.lines(c).ends_with(&whole));
    assert!(!f.is_connected(c));
}

#[test]
fn the_end_of_input_behind_it_waits_for_its_end() {
    let mut f = Fixture::with(small(), None);
    let (c, d) = (f.connect(), f.connect());
    fill(&mut f, c);
    let whole = f.ask(d, "statedump");
    f.reads(c, Output::Room(1_000));
    let read = c.read.unwrap();
    f.world().file(read).input_ended = true;
    f.send_raw(c, "statedump\n");
    f.advance(1);
    f.reads(c, Output::Pieces(100));
    assert!(f.lines(c).ends_with(&whole));
    assert!(!f.is_connected(c));
}
