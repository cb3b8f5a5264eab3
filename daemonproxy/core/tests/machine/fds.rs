//! Descriptors with names.

use daemonproxy_testing::world::Op;

use crate::fixture::{Fixture, assert_lines};

#[test]
fn a_name_in_use_is_taken_over_and_the_old_descriptor_closed() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "fd.open x read /one");
    assert_lines(&f.ask(c, "fd.open x read /two"), &["fd.state x file read /two"]);
    assert!(!f.world().open_files().contains(&"/one"));
    assert_lines(&f.dump(c), &["fd.state x file read /two"]);
}

#[test]
fn a_pipe_made_again_under_the_same_names_closes_both_old_ends() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "fd.pipe r w");
    f.send(c, "fd.pipe r w");
    let pipes = f.world().open_files().iter().filter(|file| file.starts_with("pipe")).count();
    assert_eq!(pipes, 2);
    assert_lines(&f.dump(c), &["fd.state r pipe from w", "fd.state w pipe to r"]);
}

#[test]
fn a_pipe_over_one_end_each_of_two_others_leaves_the_others_alone() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "fd.pipe r w");
    f.send(c, "fd.pipe a b");
    f.send(c, "fd.pipe r b");
    assert_lines(
        &f.dump(c),
        &[
            "fd.state a pipe from ?",
            "fd.state b pipe to r",
            "fd.state r pipe from b",
            "fd.state w pipe to ?",
        ],
    );
}

#[test]
fn the_other_end_of_what_was_deleted_or_replaced_is_unknown() {
    for away in ["fd.delete w", "fd.open w write /x"] {
        let mut f = Fixture::new();
        let c = f.connect();
        f.send(c, "fd.pipe r w");
        f.send(c, away);
        assert_eq!(f.dump(c)[0], "fd.state r pipe from ?", "{away}");
        // And a new one of that name is not mistaken for it.
        f.send(c, "fd.open w write /y");
        assert_eq!(f.dump(c)[0], "fd.state r pipe from ?", "{away}");
    }
}

#[test]
fn what_is_deleted_is_closed_and_told() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "fd.open x read /x");
    assert_lines(&f.ask(c, "fd.delete x"), &["fd.state x deleted"]);
    assert!(!f.world().open_files().contains(&"/x"));
    assert_lines(
        &f.ask(c, "fd.delete x"),
        &["error No such file descriptor, for command \"fd.delete x\""],
    );
}

#[test]
fn a_running_service_keeps_what_it_was_given() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "fd.open x read /x");
    f.send(c, "service.fds a x");
    f.run_service(c, "a");
    assert_lines(&f.ask(c, "fd.delete x"), &["fd.state x deleted"]);
    assert!(f.runs("a"));
}

#[test]
fn the_constant_names_cannot_be_altered() {
    let mut f = Fixture::new();
    let c = f.connect();
    let before = f.ask(c, "statedump");
    let open = f.world().open_files().len();
    for name in ["null", "control.cmd", "control.event", "control.socket"] {
        for command in [
            format!("fd.open {name} read /x"),
            format!("fd.pipe {name} w"),
            format!("fd.pipe r {name}"),
            format!("fd.socket {name} tcp"),
            format!("fd.delete {name}"),
            format!("fd.take {name}"),
        ] {
            let lines = f.ask(c, &command);
            let wanted = "error File descriptor cannot be altered, for command";
            assert!(lines.len() == 1 && lines[0].starts_with(wanted), "{command}: {lines:?}");
        }
    }
    assert_eq!(f.ask(c, "statedump"), before);
    assert_eq!(f.world().open_files().len(), open);
}

#[test]
fn a_refused_command_changes_nothing_and_leaks_nothing() {
    for (command, op, error) in [
        ("fd.open x read /y", Op::Open, "open failed: Permission denied"),
        ("fd.pipe x z", Op::Pipe, "pipe() failed: Permission denied"),
        ("fd.pipe x z unix", Op::Socketpair, "socketpair() failed: Permission denied"),
        ("fd.socket x tcp,bind *:1", Op::Bind, "bind: Permission denied"),
        ("fd.socket x tcp,listen *:1", Op::Listen, "listen: Permission denied"),
        ("chdir /x", Op::Chdir, "chdir failed: Permission denied"),
        ("socket.create - /sock2", Op::Control, "Failed to create control socket"),
    ] {
        let mut f = Fixture::new();
        let c = f.connect();
        f.send(c, "fd.open x read /x");
        f.send(c, "socket.create - /sock");
        let listener = f.proxy.listeners().next();
        let before = f.ask(c, "statedump");
        let open = f.world().open_files().join(" ");
        f.world().fail(op, 13, 1);
        let lines = f.ask(c, command);
        let wanted = format!("error {error}, for command \"{command}\"");
        assert_lines(&lines, &[&wanted]);
        assert_eq!(f.ask(c, "statedump"), before, "{command}");
        assert_eq!(f.world().open_files().join(" "), open, "{command}");
        assert_eq!(f.proxy.listeners().next(), listener);
    }
}

#[test]
fn a_second_control_socket_replaces_the_first() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "socket.create - /one");
    f.send(c, "socket.create - /two");
    let open = f.world().open_files().join(" ");
    assert!(!open.contains("listener /one") && open.contains("listener /two"), "{open}");
    f.send(c, "socket.delete");
    assert_eq!(f.proxy.listeners().next(), None);
    assert_lines(&f.ask(c, "socket.delete"), &[]);
}

#[test]
fn a_dash_is_no_name_of_a_descriptor() {
    let mut f = Fixture::new();
    let c = f.connect();
    for command in ["fd.open - read /x", "fd.pipe - w", "fd.pipe r -", "fd.socket - tcp"] {
        let lines = f.ask(c, command);
        let refused = lines.len() == 1 && lines[0].starts_with("error ");
        assert!(refused, "{command}: {lines:?}");
    }
}
