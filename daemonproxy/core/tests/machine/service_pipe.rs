//! `service.pipe`: a logger in one line.

use daemonproxy_core::{Limits, Pool};
use daemonproxy_testing::world::Op;

use crate::fixture::{Client, Fixture, assert_lines};

/// Everything there is, and what is open.
fn state(f: &mut Fixture, c: Client) -> (Vec<String>, String) {
    (f.ask(c, "statedump"), f.world().open_files().join(" "))
}

#[test]
fn it_expands_into_a_pipe_and_a_service_that_reads_it() {
    let mut f = Fixture::new();
    let c = f.connect();
    let mut lines = f.ask(c, "service.pipe a 1,2 cat -u");
    lines.sort();
    assert_lines(
        &lines,
        &[
            "fd.state a-log.r pipe from a-log.w",
            "fd.state a-log.w pipe to a-log.r",
            "service.args a-log cat -u",
            "service.auto_up a-log 1 always",
            "service.fds a null a-log.w a-log.w",
            "service.fds a-log a-log.r stderr stderr",
            "service.state a-log start 200000 - - - - -",
            "service.state a-log up 200000 100 - - 0 -",
        ],
    );
    assert_lines(&f.calls(), &["spawn cat -u [pipe from, stderr, stderr]"]);
    f.run_service(c, "a");
    assert_lines(&f.calls(), &["spawn a [null, pipe to, pipe to]"]);
}

#[test]
fn a_second_one_changes_the_args_and_keeps_the_pipe() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.pipe a 1 cat");
    let open = f.world().open_files().join(" ");
    let lines = f.ask(c, "service.pipe a 2 tai64n");
    assert!(lines.contains(&"service.args a-log tai64n".to_owned()));
    assert!(lines.contains(&"service.fds a null a-log.w a-log.w".to_owned()), "{lines:?}");
    assert!(!lines.iter().any(|line| line.starts_with("fd.state")), "{lines:?}");
    assert_eq!(f.world().open_files().join(" "), open);
    assert!(f.runs("cat") && !f.runs("tai64n"));
    f.advance(1);
    f.exit("cat", 0);
    assert!(f.runs("tai64n"));
}

#[test]
fn a_pipe_that_lost_an_end_is_made_anew() {
    for away in ["fd.delete a-log.r", "fd.open a-log.w write /x"] {
        let mut f = Fixture::new();
        let c = f.connect();
        f.send(c, "service.pipe a 1 cat");
        f.send(c, away);
        f.send(c, "service.pipe a 1 cat");
        let dump = f.dump(c);
        assert_eq!(
            dump[..2],
            ["fd.state a-log.r pipe from a-log.w", "fd.state a-log.w pipe to a-log.r"]
        );
        let pipes = f.world().open_files().iter().filter(|file| file.starts_with("pipe")).count();
        assert_eq!(pipes, 2);
    }
}

#[test]
fn a_name_that_is_too_long_for_its_pipe_is_refused() {
    let mut f = Fixture::new();
    let c = f.connect();
    let before = state(&mut f, c);
    let name = "x".repeat(26);
    let lines = f.ask(c, &format!("service.pipe {name} 1 cat"));
    assert!(lines.len() == 1 && lines[0].starts_with("error service name too long"), "{lines:?}");
    assert_eq!(state(&mut f, c), before);
    let name = "x".repeat(25);
    assert!(f.ask(c, &format!("service.pipe {name} 1 cat")).len() > 5);
}

#[test]
fn a_pipe_that_cannot_be_made_leaves_nothing_behind() {
    let mut f = Fixture::new();
    let c = f.connect();
    let before = state(&mut f, c);
    f.world().fail(Op::Pipe, 24, 1);
    let lines = f.ask(c, "service.pipe a 1 cat");
    assert_lines(
        &lines,
        &["error pipe() failed: Too many open files, for command \"service.pipe a 1 cat\""],
    );
    assert_eq!(state(&mut f, c), before);
}

#[test]
fn a_pipe_that_cannot_be_made_leaves_the_services_as_they_were() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.fds a stdin stdout");
    f.send(c, "service.args a-log tee x");
    let before = state(&mut f, c);
    f.world().fail(Op::Pipe, 24, 1);
    f.send(c, "service.pipe a 1 cat");
    assert_eq!(state(&mut f, c), before);
}

#[test]
fn a_full_pool_of_services_leaves_nothing_behind() {
    for (count, first) in [(1, "service.tags x"), (1, "service.tags a"), (2, "service.tags x")] {
        let services = Some(Pool { count, bytes: 100 });
        let mut f = Fixture::with(Limits { services, ..Limits::default() }, None);
        let c = f.connect();
        f.send(c, first);
        let before = state(&mut f, c);
        let lines = f.ask(c, "service.pipe a 1 cat");
        let error = "error Unable to allocate new service, ";
        assert!(lines.len() == 1 && lines[0].starts_with(error), "{lines:?}");
        assert_eq!(state(&mut f, c), before, "{count}, {first}");
    }
}

#[test]
fn a_full_pool_of_fds_leaves_nothing_behind() {
    for count in [7, 8] {
        let fds = Some(Pool { count, bytes: 100 });
        let mut f = Fixture::with(Limits { fds, ..Limits::default() }, None);
        let c = f.connect();
        let before = state(&mut f, c);
        let lines = f.ask(c, "service.pipe a 1 cat");
        let error = "error Unable to allocate new file descriptor object, ";
        assert!(lines.len() == 1 && lines[0].starts_with(error), "{lines:?}");
        assert_eq!(state(&mut f, c), before, "{count}");
    }
}

#[test]
fn services_without_room_for_the_text_are_left_as_they_were() {
    // Room for the service's list but not for the logger's; and for neither.
    for (bytes, error) in
        [(23, "unable to set file descriptors"), (10, "unable to set file descriptors")]
    {
        let services = Some(Pool { count: 2, bytes });
        let mut f = Fixture::with(Limits { services, ..Limits::default() }, None);
        let c = f.connect();
        let before = state(&mut f, c);
        let lines = f.ask(c, "service.pipe a 1 cat");
        let error = format!("error {error}");
        assert!(lines.len() == 1 && lines[0].starts_with(&error), "{lines:?}");
        assert_eq!(state(&mut f, c), before, "{bytes}");
    }
}

#[test]
fn a_list_that_would_not_fit_into_a_line_is_refused() {
    let mut f = Fixture::with(Limits { max_line: 512, ..Limits::default() }, None);
    let c = f.connect();
    let before = state(&mut f, c);
    let lines = f.ask(c, "service.pipe a 255 cat");
    assert!(lines.len() == 1 && lines[0].starts_with("error unable to set file"), "{lines:?}");
    assert_eq!(state(&mut f, c), before);
}

#[test]
fn it_starts_nothing_while_the_daemon_shuts_down() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.send(c, "terminate.shutdown");
    f.send(c, "service.pipe a 1 cat");
    assert!(!f.runs("cat"));
}
