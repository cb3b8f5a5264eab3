//! `service.pipe`: a logger of one's own in one line.

use std::fs;

use daemonproxy_testing::{
    Daemon, Setup, deleted, eventually, exited, kill, killed, lines, starting, up,
};

use crate::helpers::{exists, refused_without_a_trace};

/// Copies lines to the file `log`, with the name of the run in front of each.
const LOGGER: &str = "while read -r line; do echo \"$0 $line\" >> log; done";

/// Waits until the file `log` holds such a line.
#[track_caller]
fn logged(d: &Daemon, line: &str) {
    let path = d.path("log");
    eventually(&format!("{line:?} is logged"), || {
        fs::read_to_string(&path).ok()?.lines().any(|l| l == line).then_some(())
    });
}

/// The config that was asked for: a mail fetcher, its logger, and that is all.
#[test]
fn three_lines_of_config_are_enough() {
    let d = Setup::default()
        .no_input()
        .config(lines(&[
            "service.args\tmail\t/bin/sh\t-c\techo fetched; echo oops >&2; exec sleep 300",
            &format!("service.pipe\tmail\t1,2\t/bin/sh\t-c\t{LOGGER}\ttiny"),
            "service.auto_up\tmail\t1\talways",
        ]))
        .spawn();
    logged(&d, "tiny fetched");
    logged(&d, "tiny oops");
}

/// In whatever order they stand.
#[test]
fn the_pipe_may_come_first() {
    let d = Setup::default()
        .no_input()
        .config(lines(&[
            &format!("service.pipe\tmail\t1,2\t/bin/sh\t-c\t{LOGGER}\ttiny"),
            "service.args\tmail\t/bin/sh\t-c\techo fetched; exec sleep 300",
            "service.auto_up\tmail\t1\talways",
        ]))
        .spawn();
    logged(&d, "tiny fetched");
}

/// Nothing but what protocol 1 has: descriptors, lists, triggers, states.
#[test]
fn its_events_are_those_of_the_commands_it_stands_for() {
    let mut d = Daemon::interactive();
    d.send("service.pipe\tweb\t1,2\t/bin/sleep\t300");
    let mut events = Vec::new();
    events.extend(d.lines_until(up("web-log")).0);
    events.sort();
    assert_eq!(events.len(), 7, "{events:#?}");
    for (event, wanted) in events.iter().zip([
        "fd.state\tweb-log.r\tpipe\tfrom\tweb-log.w",
        "fd.state\tweb-log.w\tpipe\tto\tweb-log.r",
        "service.args\tweb-log\t/bin/sleep\t300",
        "service.auto_up\tweb-log\t1\talways",
        "service.fds\tweb\tnull\tweb-log.w\tweb-log.w",
        "service.fds\tweb-log\tweb-log.r\tstderr\tstderr",
    ]) {
        assert_eq!(event, wanted);
    }
    assert!(events[6].starts_with("service.state\tweb-log\tstart\t"), "{events:#?}");
    d.answers("echo", &[] as &[&str]);
}

/// What the events say is what is there.
#[test]
fn a_dump_agrees_with_its_events() {
    let mut d = Daemon::interactive();
    d.ask("service.pipe\tweb\t1,2\t/bin/sleep\t300");
    assert_eq!(d.dump_of("service.fds\tweb"), ["service.fds\tweb\tnull\tweb-log.w\tweb-log.w"]);
    assert_eq!(d.dump_of("service.args\tweb"), ["service.args\tweb\t"]);
    assert_eq!(d.dump_of("service.auto_up\tweb-log"), ["service.auto_up\tweb-log\t1\talways"]);
    assert_eq!(d.dump_of("fd.state\tweb-log.r"), ["fd.state\tweb-log.r\tpipe\tfrom\tweb-log.w"]);
}

#[test]
fn only_the_named_places_of_the_list_are_changed() {
    let mut d = Daemon::interactive();
    d.open_output("data");
    d.give_fds("web", &["data", "-", "null", "data"]);
    d.ask("service.pipe\tweb\t1,2\t/bin/sleep\t300");
    assert_eq!(
        d.dump_of("service.fds\tweb"),
        ["service.fds\tweb\tdata\tweb-log.w\tweb-log.w\tdata"]
    );
}

#[test]
fn places_behind_the_end_of_the_list_are_made() {
    let mut d = Daemon::interactive();
    d.ask("service.pipe\tweb\t5\t/bin/sleep\t300");
    assert_eq!(
        d.dump_of("service.fds\tweb"),
        ["service.fds\tweb\tnull\tnull\tnull\t-\t-\tweb-log.w"]
    );
}

#[test]
fn a_second_one_keeps_the_pipe_and_what_is_in_it() {
    let mut d = Daemon::interactive();
    // A logger that reads nothing.
    d.ask("service.pipe\tweb\t1\t/bin/sleep\t300");
    d.define_shell("web", "echo early; exec sleep 300");
    d.run("web");
    let before = pipe_of(&mut d, "web-log.w");
    let command = format!("service.pipe\tweb\t1\t/bin/sh\t-c\t{LOGGER}\tsecond");
    let events = d.ask(&command);
    assert!(!events.iter().any(|l| l.starts_with("fd.state")), "{events:#?}");
    assert!(events.contains(&format!("service.args\tweb-log\t/bin/sh\t-c\t{LOGGER}\tsecond")));
    d.send("service.signal\tweb-log\tKILL");
    logged(&d, "second early");
    assert_eq!(pipe_of(&mut d, "web-log.w"), before);
}

/// Which pipe a service gets under this name: asked of the kernel.
fn pipe_of(d: &mut Daemon, name: &str) -> String {
    d.ask("fd.open\tprobe.out\twrite,create,trunc\tprobe.out");
    d.ask("service.args\tprobe\t/bin/readlink\t/proc/self/fd/3");
    d.ask(&format!("service.fds\tprobe\tnull\tprobe.out\tstderr\t{name}"));
    d.send("service.start\tprobe");
    d.wait_for(exited("probe", 0));
    d.read("probe.out")
}

#[test]
fn what_is_written_while_the_logger_is_down_reaches_the_next_one() {
    let mut d = Daemon::interactive();
    d.define_shell(
        "web",
        "echo one; until [ -e go ]; do sleep 0.01; done; echo two; echo > written; exec sleep 300",
    );
    d.send(&format!("service.pipe\tweb\t1\t/bin/sh\t-c\t{LOGGER}\tlogger"));
    d.wait_for(up("web-log"));
    d.run("web");
    logged(&d, "logger one");
    d.ask("service.auto_up\tweb-log\t-");
    d.send("service.signal\tweb-log\tKILL");
    d.wait_for(killed("web-log", "SIGKILL"));
    fs::write(d.path("go"), "").unwrap();
    exists(&d, "written");
    assert_eq!(d.read("log"), "logger one\n");
    d.send("service.auto_up\tweb-log\t1\talways");
    logged(&d, "logger two");
}

#[test]
fn a_logger_that_dies_is_started_again_with_the_same_pipe() {
    let mut d = Daemon::interactive();
    let script = "read -r line; echo \"$line\" >> log; exit 3";
    d.send(&format!("service.pipe\tweb\t1\t/bin/sh\t-c\t{script}"));
    let script = "i=0; while :; do echo $i; i=$((i+1)); sleep 0.05; done";
    d.send(&format!("service.args\tweb\t/bin/sh\t-c\t{script}"));
    d.send("service.start\tweb");
    for _ in 0..3 {
        d.wait_for(exited("web-log", 3));
        d.wait_for(starting("web-log"));
    }
    // Each run reads ahead: what a line of the log starts with is a number, and they go up.
    let log = d.read("log");
    let numbers: Vec<u32> = log.lines().map(|l| l.parse().unwrap()).collect();
    assert!(numbers.len() >= 3 && numbers.is_sorted(), "{numbers:?}");
}

#[test]
fn the_output_of_every_run_of_the_service_goes_to_the_same_logger() {
    let mut d = Daemon::interactive();
    d.ask(&format!("service.pipe\tweb\t1,2\t/bin/sh\t-c\t{LOGGER}\tlogger"));
    d.ask("service.args\tweb\t/bin/sh\t-c\techo run $$; exec sleep 300");
    for _ in 0..3 {
        d.send("service.start\tweb");
        let pid = d.wait_for(up("web"))[1];
        logged(&d, &format!("logger run {pid}"));
        kill(pid, libc::SIGKILL);
        d.wait_for(killed("web", "SIGKILL"));
    }
}

/// One of the two ends was deleted by somebody: a pipe with one end is no pipe.
#[test]
fn a_pipe_with_one_end_missing_is_made_anew() {
    let mut d = Daemon::interactive();
    d.ask("service.pipe\tweb\t1\t/bin/sleep\t300");
    d.ask("fd.delete\tweb-log.r");
    let events = d.ask("service.pipe\tweb\t1\t/bin/sleep\t300");
    assert_eq!(events.iter().filter(|l| l.starts_with("fd.state")).count(), 2, "{events:#?}");
    assert_eq!(d.dump_of("fd.state\tweb-log.w"), ["fd.state\tweb-log.w\tpipe\tto\tweb-log.r"]);
}

/// The logger was deleted by somebody: it comes again, with the pipe that is still there.
#[test]
fn a_logger_that_was_deleted_is_made_anew() {
    let mut d = Daemon::interactive();
    d.send("service.pipe\tweb\t1\t/bin/sleep\t300");
    d.wait_for(up("web-log"));
    d.ask("service.auto_up\tweb-log\t-");
    d.stop("web-log");
    d.answers("service.delete\tweb-log", &[deleted("web-log")]);
    let events = d.ask("service.pipe\tweb\t1\t/bin/sleep\t300");
    assert!(!events.iter().any(|l| l.starts_with("fd.state")), "{events:#?}");
    assert!(events.iter().any(|l| l.starts_with("service.state\tweb-log\tup")), "{events:#?}");
}

#[test]
fn a_name_of_25_characters_fits() {
    let mut d = Daemon::interactive();
    let name = "n".repeat(25);
    let events = d.ask(&format!("service.pipe\t{name}\t1\t/bin/sleep\t300"));
    assert!(events.iter().any(|l| l.starts_with(&format!("fd.state\t{name}-log.r"))), "{events:?}");
    assert!(events.iter().any(|l| l.contains("\tup\t")), "{events:?}");
}

#[test]
fn a_name_of_26_characters_does_not() {
    let mut d = Daemon::interactive();
    let name = "n".repeat(26);
    refused_without_a_trace(
        &mut d,
        &format!("service.pipe\t{name}\t1\t/bin/sleep\t300"),
        &format!("service name too long: \"{name}-log.r\" would pass 31 characters"),
    );
    let name = "n".repeat(31);
    refused_without_a_trace(
        &mut d,
        &format!("service.pipe\t{name}\t1\t/bin/sleep\t300"),
        &format!("service name too long: \"{name}-log.r\" would pass 31 characters"),
    );
}

/// No descriptor is left for the pipe: nothing of it happens.
#[test]
fn when_no_pipe_can_be_made_nothing_is_changed() {
    let mut d = Daemon::interactive();
    let pid = i32::try_from(d.pid()).unwrap();
    let open = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count() as u64;
    let limit = libc::rlimit { rlim_cur: open, rlim_max: open };
    // SAFETY: `limit` is valid for the call.
    let set =
        unsafe { libc::prlimit(pid, libc::RLIMIT_NOFILE, &raw const limit, std::ptr::null_mut()) };
    assert_eq!(set, 0);
    refused_without_a_trace(
        &mut d,
        "service.pipe\tweb\t1,2\t/bin/sleep\t300",
        "pipe() failed: Too many open files",
    );
    d.define_sleeper("web");
    refused_without_a_trace(
        &mut d,
        "service.pipe\tweb\t1,2\t/bin/sleep\t300",
        "pipe() failed: Too many open files",
    );
}

/// The logger of a logger is a service like any other.
#[test]
fn a_logger_may_have_a_logger() {
    let mut d = Daemon::interactive();
    d.ask("service.pipe\tweb\t1\t/bin/sh\t-c\texec sed -u 's/^/first /' >&2");
    d.ask(&format!("service.pipe\tweb-log\t2\t/bin/sh\t-c\t{LOGGER}\tsecond"));
    // Until it has ended, it may still take a line with it.
    d.send("service.signal\tweb-log\tKILL");
    d.wait_for(killed("web-log", "SIGKILL"));
    d.ask("service.args\tweb\t/bin/sh\t-c\techo hello; exec sleep 300");
    d.ask("service.start\tweb");
    logged(&d, "second first hello");
}
