//! `statedump` tells everything that a controller needs to know, in a fixed order.

use daemonproxy_testing::{Daemon, Setup, exited, never_started, up};

const NOTHING: &[&str] = &[];

#[test]
fn a_fresh_daemon_has_the_constant_and_the_standard_descriptors() {
    let mut d = Daemon::interactive();
    d.answers(
        "statedump",
        &[
            "fd.state\tcontrol.cmd\tspecial\twrite\tdaemonproxy command pipe",
            "fd.state\tcontrol.event\tspecial\tread\tdaemonproxy event stream",
            "fd.state\tcontrol.socket\tspecial\tread,write\tdaemonproxy control socket",
            "fd.state\tnull\tspecial\tread,write\t/dev/null",
            "fd.state\tstderr\tpipe\t{any}\tunknown",
            "fd.state\tstdin\t{any}\t{any}\t/dev/null",
            "fd.state\tstdout\t{any}\t{any}\t/dev/null",
        ],
    );
}

#[test]
fn descriptors_are_sorted_by_name() {
    let mut d = Daemon::interactive();
    for name in ["b", "a.2", "a.10", "Z", "_", "a-1"] {
        d.ask(&format!("fd.open\t{name}\tread\t/dev/null"));
    }
    let names = names(&d.dump(), "fd.state");
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(names, sorted);
    assert_eq!(names.len(), 7 + 6);
}

#[test]
fn each_service_has_its_five_lines_in_order() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true", "x"]);
    d.ask("service.tags\tweb\tone\ttwo");
    d.give_fds("web", &["null", "stderr"]);
    d.ask("service.auto_up\tweb\t9\tUSR1");
    let lines = d.dump();
    assert_eq!(
        lines[7..],
        [
            never_started("web").as_str(),
            "service.tags\tweb\tone\ttwo",
            "service.args\tweb\t/bin/true\tx",
            "service.fds\tweb\tnull\tstderr",
            "service.auto_up\tweb\t9\tSIGUSR1",
        ]
    );
}

#[test]
fn what_was_never_set_is_shown_with_its_default() {
    let mut d = Daemon::interactive();
    d.define("bare", &["/bin/true"]);
    let lines = d.dump();
    assert_eq!(
        lines[7..],
        [
            never_started("bare").as_str(),
            "service.tags\tbare\t",
            "service.args\tbare\t/bin/true",
            "service.fds\tbare\tnull\tnull\tnull",
            "service.auto_up\tbare\t-",
        ]
    );
}

#[test]
fn services_are_sorted_by_name_and_come_behind_the_descriptors() {
    let mut d = Daemon::interactive();
    for name in ["b", "a.2", "a.10", "Z", "_", "a-1"] {
        d.define(name, &["/bin/true"]);
    }
    let lines = d.dump();
    let services = names(&lines, "service.state");
    let mut sorted = services.clone();
    sorted.sort_unstable();
    assert_eq!(services, sorted);
    assert_eq!(services.len(), 6);
    let last_fd = lines.iter().rposition(|l| l.starts_with("fd.state\t")).unwrap();
    assert_eq!(last_fd, 6, "no fd.state behind the first service");
}

#[test]
fn a_running_service_and_one_that_has_exited_are_shown_as_such() {
    let mut d = Daemon::interactive();
    d.define_shell("gone", "exit 3");
    d.run("gone");
    d.expect(&[exited("gone", 3)]);
    d.define_sleeper("here");
    let pid = d.run("here");
    let lines = d.dump();
    d.answers("echo", NOTHING);
    let gone = daemonproxy_testing::matches(&exited("gone", 3), lines[7].as_bytes());
    assert!(gone.is_some(), "{}", lines[7]);
    let here = daemonproxy_testing::matches(&up("here"), lines[12].as_bytes()).expect(&lines[12]);
    assert_eq!(here[1], pid);
}

#[test]
fn pending_signals_come_last() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.signal(libc::SIGUSR1);
    let before = d.expect(&["signal\tSIGUSR1\t{ts}\t1"]);
    let lines = d.dump();
    assert_eq!(lines[12..], [format!("signal\tSIGUSR1\t{}\t1", before[0])]);
}

#[test]
fn signals_with_nothing_pending_are_left_out() {
    let mut d = Daemon::interactive();
    d.signal(libc::SIGUSR1);
    d.expect(&["signal\tSIGUSR1\t{ts}\t1"]);
    d.ask("signal.clear\tUSR1\t1");
    let left = d.dump().into_iter().filter(|l| l.starts_with("signal\t")).count();
    assert_eq!(left, 0);
}

#[test]
fn only_the_controller_that_asked_gets_the_dump() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    assert_eq!(d.dump().len(), 7);
    other.answers("echo", NOTHING);
}

#[test]
fn commands_behind_a_long_dump_wait_for_its_end() {
    let mut d = Daemon::interactive();
    let count = 3000;
    d.send_bytes(&define_many(count));
    for i in 0..count {
        d.expect(&[format!("service.args\ts{i}\t/bin/true")]);
    }
    d.send_bytes(b"statedump\necho\tbehind\nstatedump\necho\tbehind again\n");
    let (first, _) = d.lines_until("behind");
    let (second, _) = d.lines_until("behind again");
    assert_eq!(first.len(), 7 + 5 * count);
    assert_eq!(first, second);
}

/// The dump takes many rounds of writing; what changes meanwhile must not confuse it.
#[test]
fn a_dump_goes_on_in_order_while_services_come_and_go() {
    let mut d = Setup::interactive().socket().start();
    d.send_bytes(&define_many(2000));
    d.sync();
    d.send("statedump");
    let mut other = d.connect();
    for i in (0..2000).step_by(3) {
        other.send(&format!("service.delete\ts{i}"));
        other.send(&format!("service.args\tx{i}\t/bin/true"));
    }
    other.sync();
    d.send("echo\tend");
    let (lines, _) = d.lines_until("end");
    let dumped: Vec<String> = lines
        .iter()
        .filter(|l| l.starts_with("service.state\ts") && !l.contains("\tdeleted\t"))
        .map(|l| l.split('\t').nth(1).unwrap().to_owned())
        .collect();
    let mut sorted = dumped.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(dumped, sorted, "each service once, and in order");
    // Those that nobody touched are all there.
    for i in (1..2000).step_by(3) {
        assert!(sorted.binary_search(&format!("s{i}")).is_ok(), "s{i} is missing");
    }
}

fn define_many(count: usize) -> Vec<u8> {
    (0..count).flat_map(|i| format!("service.args\ts{i}\t/bin/true\n").into_bytes()).collect()
}

/// The second fields of all lines of one kind.
fn names(lines: &[String], event: &str) -> Vec<String> {
    let of_event = |line: &&String| line.split('\t').next() == Some(event);
    lines.iter().filter(of_event).map(|l| l.split('\t').nth(1).unwrap().to_owned()).collect()
}
