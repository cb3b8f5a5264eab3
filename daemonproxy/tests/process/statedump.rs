//! `statedump` tells everything that a controller needs to know, in a fixed order.

use daemonproxy_testing::{Daemon, Setup};

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
