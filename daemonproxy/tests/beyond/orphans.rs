//! A controller that is a service ends and leaves behind a process that holds the other end of its
//! connection. The connection ends with the service.

use daemonproxy_testing::{Setup, eventually, exited, fd_count, up};

/// Says something, and leaves behind a process that has all its descriptors.
const LEAVES_ORPHAN: &str = r"sleep 300 & printf 'service.tags\tseen\tyes\necho\tbye\n'";

#[test]
fn each_start_of_a_controller_leaves_nothing_behind() {
    let mut d = Setup::interactive().args(["--controller-pool", "4"]).socket().start();
    d.define("seen", &["/bin/true"]);
    d.define_shell("ctl", LEAVES_ORPHAN);
    d.give_fds("ctl", &["control.event", "control.cmd", "stderr"]);
    let before = fd_count(d.pid());
    for _ in 0..10 {
        d.ask("service.tags\tseen\tno");
        d.send("service.start\tctl");
        // Its last command is executed, whether the daemon hears of its end before it or after.
        d.wait_for_all(&[exited("ctl", 0).as_str(), "service.tags\tseen\tyes"]);
        let mut outside = d.connect();
        outside.sync();
        assert_eq!(d.dump_of("service.tags\tseen"), ["service.tags\tseen\tyes"]);
    }
    eventually("all connections are closed", || (fd_count(d.pid()) <= before).then_some(()));
}

/// The orphan says something later: nobody listens.
#[test]
fn who_is_left_behind_is_no_controller() {
    let mut d = Setup::interactive().start();
    // A background job of sh reads from /dev/null unless it is told otherwise.
    let script = concat!(
        "trap '' PIPE; (while [ ! -e go ]; do sleep 0.05; done; ",
        r"if printf 'service.args\torphan\tx\n'; then echo sent >> outcome; else echo closed >> outcome; fi) &",
    );
    d.define_shell("ctl", script);
    d.give_fds("ctl", &["control.event", "control.cmd", "null"]);
    let before = fd_count(d.pid());
    d.send("service.start\tctl");
    d.wait_for(exited("ctl", 0));
    eventually("the connection is closed", || (fd_count(d.pid()) <= before).then_some(()));
    std::fs::write(d.path("go"), "").unwrap();
    let outcome = eventually("it has tried", || {
        std::fs::read_to_string(d.path("outcome")).ok().filter(|text| text.ends_with('\n'))
    });
    assert_eq!(outcome, "closed\n");
    assert_eq!(d.dump_of("service.args\torphan"), Vec::<String>::new());
}

/// It owes the daemon its attention, too: nobody waits until it reads.
#[test]
fn an_orphan_that_does_not_read_is_not_waited_for() {
    let mut d = Setup::interactive().start();
    d.define("x", &["/bin/true"]);
    d.define_shell(
        "ctl",
        "sleep 300 & trap 'exit 0' TERM; echo ready >&2; while :; do sleep 0.05; done",
    );
    d.give_fds("ctl", &["control.event", "null", "stderr"]);
    let before = fd_count(d.pid());
    d.send("service.start\tctl");
    d.wait_for(up("ctl"));
    d.log.wait_for("ready");
    let tags = format!("service.tags\tx\t{}", "t".repeat(3000));
    for _ in 0..500 {
        d.send(&tags);
    }
    d.sync();
    d.send("service.signal\tctl\tTERM");
    d.wait_for(exited("ctl", 0));
    eventually("the connection is closed", || (fd_count(d.pid()) <= before).then_some(()));
    d.still_answers();
}

#[test]
fn nobody_outside_keeps_a_controller_from_being_started() {
    let mut d = Setup::interactive().args(["--controller-pool", "4"]).socket().start();
    let mut outside: Vec<_> = (0..3).map(|_| d.connect()).collect();
    for conn in &mut outside {
        conn.sync();
    }
    let mut surplus = d.connect();
    assert_eq!(surplus.lines_to_end(), ["error\ttoo many controllers are connected"]);
    let script = r#"printf 'echo\there\n'; read -r line; printf 'service.tags\tctl\t%s\n' "$line"; read -r line"#;
    d.define_shell("ctl", script);
    d.give_fds("ctl", &["control.event", "control.cmd", "stderr"]);
    d.send("service.start\tctl");
    d.wait_for("service.tags\tctl\there");
}
