//! Starts that fail, and what a service is started with.

use daemonproxy_core::{Errno, SpawnFailure, SpawnStage};
use daemonproxy_protocol::Signal;
use daemonproxy_testing::world::Op;

use crate::fixture::{Fixture, assert_lines};

const UP: &str = "service.state a up 200000 100 - - 0 -";
const START: &str = "service.state a start 200000 - - - - -";

#[test]
fn a_fork_that_fails_is_told_and_tried_again_every_three_seconds() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.world().fail(Op::Fork, 11, 2);
    let error = "error cannot make a process (will try again): \
                 Resource temporarily unavailable, for service \"a\"";
    assert_lines(
        &f.ask(c, "service.start a"),
        &[START, error, "service.state a start 200003 - - - - -"],
    );
    f.advance_millis(2_999);
    assert_lines(&f.lines(c), &[]);
    f.advance_millis(1);
    assert_lines(&f.lines(c), &[error, "service.state a start 200006 - - - - -"]);
    f.advance(3);
    assert_lines(&f.lines(c), &["service.state a up 200006 100 - - 0 -"]);
}

#[test]
fn a_retry_can_be_cancelled() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.run_service(c, "a");
    f.exit("a", 5);
    f.world().fail(Op::Fork, 11, 9);
    f.send(c, "service.start a");
    assert_lines(&f.ask(c, "service.start a -"), &["service.state a down 200000 100 exit 5 0 0"]);
    f.calls();
    f.advance(10);
    assert_lines(&f.calls(), &[]);
}

#[test]
fn a_retry_can_be_hurried() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.world().fail(Op::Fork, 11, 1);
    f.send(c, "service.start a");
    f.send(c, "service.start a");
    assert!(f.runs("a"));
    f.exit("a", 0);
    f.advance(10);
    assert!(!f.runs("a"));
}

#[test]
fn a_retry_of_a_deleted_service_is_forgotten() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.world().fail(Op::Fork, 11, 1);
    f.send(c, "service.start a");
    f.send(c, "service.delete a");
    f.advance(10);
    assert!(!f.runs("a"));
}

/// The service has other arguments by the time this is known.
#[test]
fn the_program_that_cannot_be_executed_is_named_although_it_was_replaced() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a x");
    f.world().fail(Op::Exec, 13, 1);
    f.world().exec_hangs = 1;
    assert_lines(&f.ask(c, "service.start a"), &[START, UP]);
    assert_lines(&f.ask(c, "service.args a other"), &["service.args a other"]);
    f.end_exec("a");
    let error = "error cannot execute \"a\": Permission denied, for service \"a\"";
    assert_lines(&f.lines(c), &[error]);
}

#[test]
fn what_dies_before_its_program_is_executed_is_told_in_the_log() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "log.filter none");
    for (hangs, text) in [
        (
            true,
            "info: service 'a' has ended before its program was executed, pid 100: signal SIGKILL",
        ),
        (false, "info: service 'a' has ended, pid 101: signal SIGKILL"),
    ] {
        f.send(c, "service.args a a");
        f.world().exec_hangs = u32::from(hangs);
        f.send(c, "service.start a");
        f.killed("a", Signal::KILL);
        assert!(f.log().iter().any(|line| line == text));
    }
}

#[test]
fn descriptors_that_cannot_be_set_up_are_told() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.world().fail(Op::Setup, 24, 1);
    let error = "error cannot set up descriptors: Too many open files, for service \"a\"";
    assert_lines(&f.ask(c, "service.start a"), &[START, UP, error]);
}

#[test]
fn the_exit_status_of_a_failed_start_is_that_of_a_shell() {
    let code = |stage, errno| SpawnFailure { stage, errno: Errno(errno) }.exit_code();
    assert_eq!(code(SpawnStage::Exec, 2), 127);
    assert_eq!(code(SpawnStage::Exec, 13), 126);
    assert_eq!(code(SpawnStage::Fds, 2), 126);
}

#[test]
fn a_missing_fd_is_told_and_gives_126() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.fds a null x y");
    f.calls();
    let error = "error fd \"x\" does not exist, for service \"a\"";
    assert_lines(&f.ask(c, "service.start a"), &[START, UP, error]);
    assert_lines(&f.calls(), &["stillborn 126"]);
}

#[test]
fn a_missing_fd_makes_no_connection() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.fds a control.socket x");
    f.calls();
    f.send(c, "service.start a");
    assert_lines(&f.calls(), &["stillborn 126"]);
}

#[test]
fn a_stillborn_that_cannot_be_made_is_tried_again() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.fds a x");
    f.world().fail(Op::Fork, 11, 1);
    f.send(c, "service.start a");
    f.send(c, "fd.open x read /x");
    f.advance(3);
    assert!(f.runs("a"));
}

#[test]
fn the_list_is_looked_up_at_the_start() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.fds a - x null");
    f.send(c, "fd.open x read /one");
    f.send(c, "fd.open x read /two");
    f.calls();
    f.send(c, "service.start a");
    assert_lines(&f.calls(), &["spawn a [-, /two, null]"]);
}

#[test]
fn each_control_descriptor_gives_its_direction() {
    for (fds, pair, shown) in [
        ("control.event", "pair Events", "controller theirs"),
        ("null control.cmd", "pair Commands", "null, controller theirs"),
        ("control.cmd control.event", "pair Both", "controller theirs, controller theirs"),
        ("control.socket", "pair Both", "controller theirs"),
        ("control.socket control.event", "pair Both", "controller theirs, controller theirs"),
    ] {
        let mut f = Fixture::new();
        let c = f.connect();
        f.send(c, "service.args a a");
        f.send(c, &format!("service.fds a {fds}"));
        f.calls();
        f.send(c, "service.start a");
        let spawn = format!("spawn a [{shown}]");
        assert_lines(&f.calls(), &[pair, &spawn]);
        let client = f.client_of("a");
        assert_eq!(client.read.is_some(), pair != "pair Events", "{fds}");
        // Its end of the pair is the child's alone.
        let open =
            f.world().open_files().iter().filter(|&&file| file == "controller theirs").count();
        assert_eq!(open, 0);
        f.exit("a", 0);
        assert!(!f.is_connected(client), "{fds}");
    }
}

#[test]
fn a_service_that_is_a_controller_hears_nothing_before_it_is_there() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.fds a control.socket");
    f.send(c, "service.start a");
    let a = f.client_of("a");
    assert_lines(&f.lines(a), &[]);
    assert_lines(&f.ask(a, "service.tags a x"), &["service.tags a x"]);
}

#[test]
fn a_connection_that_cannot_be_made_is_told() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.fds a control.socket");
    f.world().fail(Op::Link, 24, 1);
    let error =
        "error cannot make its controller connection: Too many open files, for service \"a\"";
    assert_lines(&f.ask(c, "service.start a"), &[START, UP, error]);
}

#[test]
fn a_fork_that_fails_closes_the_connection_it_was_for() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.fds a control.socket");
    f.world().fail(Op::Fork, 11, 1);
    f.send(c, "service.start a");
    let open = f.world().open_files().iter().filter(|file| file.starts_with("controller")).count();
    assert_eq!(open, 0);
    f.advance(3);
    assert!(f.runs("a"));
}

#[test]
fn a_controller_with_one_command_line_for_itself_can_start_another() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.fds a control.cmd");
    f.send(c, "service.start a");
    let a = f.client_of("a");
    f.send_raw(a, "service.args b b\nservice.fds b control.event\nservice.start b\n");
    assert!(f.runs("b"));
    let b = f.client_of("b");
    f.send(c, "service.tags x y");
    assert_lines(&f.lines(b), &["service.tags x y"]);
}

#[test]
fn a_trigger_does_not_hurry_a_retry() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 1 HUP");
    f.world().fail(Op::Fork, 11, 1);
    f.signal(Signal::HUP);
    f.advance(1);
    f.signal(Signal::HUP);
    assert!(!f.runs("a"));
    f.advance(2);
    assert!(f.runs("a"));
}

#[test]
fn a_retry_for_a_trigger_ends_with_the_trigger() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.world().fail(Op::Fork, 11, 1);
    f.send(c, "service.auto_up a 1 always");
    f.send(c, "service.auto_up a -");
    f.advance(10);
    assert!(!f.runs("a"));
}

#[test]
fn a_retry_of_a_start_by_hand_outlives_a_trigger() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.world().fail(Op::Fork, 11, 1);
    f.send(c, "service.start a");
    f.send(c, "service.auto_up a -");
    f.advance(3);
    assert!(f.runs("a"));
}

/// The steps of the child that can fail because of an option, and one that has it.
const STEPS: [(SpawnStage, &str); 11] = [
    (SpawnStage::Session, "session"),
    (SpawnStage::Cgroup, "memory=4096"),
    (SpawnStage::Limit, "limit.core=0"),
    (SpawnStage::Nice, "nice=1"),
    (SpawnStage::Oom, "oom=1"),
    (SpawnStage::Umask, "umask=0"),
    (SpawnStage::Group, "group=1"),
    (SpawnStage::User, "user=1"),
    (SpawnStage::Prctl, "no_new_privs"),
    (SpawnStage::Cwd, "cwd=/"),
    (SpawnStage::Exec, "listen"),
];

#[test]
fn the_stage_that_failed_is_a_fact_of_the_run_and_in_the_log() {
    // The terminal is an option of the session, and descriptors are no option.
    let tested = STEPS.map(|(stage, _)| stage);
    let untested = SpawnStage::ALL.iter().filter(|stage| !tested.contains(stage));
    assert!(untested.eq(&[SpawnStage::Tty, SpawnStage::Fds]));
    for (stage, option) in STEPS {
        let mut f = Fixture::new();
        f.world().has_cgroups = true;
        let c = f.connect();
        f.send(c, "conn.features runs");
        f.send(c, "service.args a a");
        f.send(c, &format!("service.options a {option}"));
        f.world().fail(Op::Setup, 1, 1);
        f.send(c, "service.start a");
        let failed = format!(" failed={}:1", stage.as_str());
        let lines = f.lines(c);
        assert!(lines.iter().any(|line| line.contains(&failed)), "{option}: {lines:#?}");
        let log = f.log();
        let told = |line: &&String| line.starts_with("error: cannot ");
        let told = log.iter().find(told).unwrap_or_else(|| panic!("{option}: {log:#?}"));
        let name = stage.as_str();
        assert!(told.contains(&format!("set up {name}")) || name == "exec", "{option}: {told}");
    }
}
