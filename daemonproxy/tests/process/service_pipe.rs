//! `service.pipe NAME FDS ARG…` makes a logger for one service, in one line.

use crate::harness::{Daemon, Setup, eventually, starting, up};

#[track_caller]
fn wait_for(d: &Daemon, file: &str, text: &str) -> String {
    let path = d.path(file);
    eventually(&format!("{text:?} in {file}"), || {
        std::fs::read_to_string(&path).ok().filter(|content| content.contains(text))
    })
}

#[test]
fn it_expands_into_commands_whose_events_are_sent() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.send("service.pipe\tweb\t1,2\t/bin/sleep\t301");
    d.wait_for_all(&[
        "fd.state\tweb-log.r\tpipe\tfrom\tweb-log.w".to_owned(),
        "fd.state\tweb-log.w\tpipe\tto\tweb-log.r".to_owned(),
        "service.args\tweb-log\t/bin/sleep\t301".to_owned(),
        "service.fds\tweb-log\tweb-log.r\tstderr\tstderr".to_owned(),
        "service.auto_up\tweb-log\t1\talways".to_owned(),
        "service.fds\tweb\tnull\tweb-log.w\tweb-log.w".to_owned(),
        starting("web-log"),
        up("web-log"),
    ]);
    d.answers("echo", &[] as &[&str]);
}

#[test]
fn what_the_service_writes_is_what_the_logger_reads() {
    let mut d = Daemon::interactive();
    d.define_shell("web", "echo out; echo err >&2; exec sleep 300");
    d.ask("service.pipe\tweb\t1,2\t/bin/sh\t-c\texec cat >> log");
    d.send("service.start\tweb");
    wait_for(&d, "log", "out\nerr\n");
}

#[test]
fn only_the_places_that_are_named_are_changed() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.give_fds("web", &["null", "stderr", "stderr", "null"]);
    d.ask("service.pipe\tweb\t2\t/bin/cat");
    assert_eq!(d.dump_of("service.fds\tweb"), ["service.fds\tweb\tnull\tstderr\tweb-log.w\tnull"]);
}

#[test]
fn a_place_beyond_the_end_leaves_a_hole() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.give_fds("web", &["null"]);
    d.ask("service.pipe\tweb\t3\t/bin/cat");
    let fds = d.dump_of("service.fds\tweb");
    assert!(fds[0].starts_with("service.fds\tweb\tnull\t"), "{fds:?}");
    assert_eq!(fds[0].split('\t').nth(5), Some("web-log.w"), "{fds:?}");
}

#[test]
fn a_second_one_changes_the_logger_and_keeps_the_pipe() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/echo", "kept"]);
    // The first logger reads nothing, so what is written stays in the pipe.
    d.ask("service.pipe\tweb\t1\t/bin/sleep\t300");
    d.run_to_end("web");
    d.send("service.pipe\tweb\t1\t/bin/sh\t-c\texec cat >> log");
    d.sync();
    let args = d.dump_of("service.args\tweb-log");
    assert_eq!(args, ["service.args\tweb-log\t/bin/sh\t-c\texec cat >> log"]);
    d.send("service.signal\tweb-log\tKILL");
    wait_for(&d, "log", "kept\n");
}

#[test]
fn the_logger_is_started_again() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.pipe\tweb\t1\t/bin/sleep\t300");
    d.stop("web-log");
    d.wait_for(up("web-log"));
}

#[test]
fn it_works_in_a_config_file() {
    let d = Setup::new([""; 0])
        .no_input()
        .config(
            "service.args\toffline\t/bin/sh\t-c\techo hello; exec sleep 300\n\
             service.pipe\toffline\t1,2\t/bin/sh\t-c\texec cat >> log\n\
             service.auto_up\toffline\t1\talways\n",
        )
        .spawn();
    wait_for(&d, "log", "hello\n");
}

#[test]
fn without_a_program_it_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.refuses_somehow("service.pipe\tweb\t1");
    d.refuses_somehow("service.pipe\tweb");
    assert!(d.dump_of("fd.state\tweb-log.r").is_empty());
}

#[test]
fn places_that_are_no_numbers_are_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for wrong in ["", "x", "1,", ",1", "1;2", "-1", "1,x", "99999999"] {
        d.refuses_somehow(&format!("service.pipe\tweb\t{wrong}\t/bin/cat"));
    }
    assert!(d.dump_of("fd.state\tweb-log.r").is_empty());
}

#[test]
fn a_name_that_leaves_no_room_for_the_logger_is_refused() {
    let mut d = Daemon::interactive();
    let longest = "a".repeat(31 - "-log.r".len());
    d.define_sleeper(&longest);
    d.ask(&format!("service.pipe\t{longest}\t1\t/bin/sleep\t300"));
    assert_eq!(d.dump_of(&format!("fd.state\t{longest}-log.r")).len(), 1);
    let longer = format!("{longest}a");
    d.define_sleeper(&longer);
    d.refuses_somehow(&format!("service.pipe\t{longer}\t1\t/bin/cat"));
}

#[test]
fn a_wrong_name_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_a_service_name("service.pipe", "\t1\t/bin/cat");
}

/// All or nothing: a fixed pool has room for the pipe, but not for the logger.
#[test]
fn what_cannot_be_made_in_whole_is_not_made_at_all() {
    let mut d = Setup::interactive().args(["--service-pool", "1"]).start();
    d.define_sleeper("web");
    d.refuses("service.pipe\tweb\t1\t/bin/cat", "Unable to allocate new service");
    assert!(d.dump_of("fd.state\tweb-log.r").is_empty());
    assert_eq!(d.dump_of("service.fds\tweb"), ["service.fds\tweb\tnull\tnull\tnull"]);
}
