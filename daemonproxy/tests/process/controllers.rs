//! Everything that can be a controller: standard input, a socket, a service. Each has its own
//! conversation; what concerns all is told to all.

use std::os::unix::net::UnixStream;

use daemonproxy_testing::{Conn, Daemon, Setup, eventually, exited, fd_count};
use daemonproxy_testing::{starting, up};

#[test]
fn interactive_mode_begins_with_info_lines() {
    let d = Daemon::interactive();
    assert!(!d.greeting.is_empty());
    for line in &d.greeting {
        assert!(line.starts_with("info\t"), "{line}");
        assert_eq!(line.split('\t').count(), 2, "{line}");
    }
    let all = d.greeting.join("\n");
    assert!(all.contains("daemonproxy"), "the version: {all}");
    assert!(all.to_lowercase().contains("licen"), "the licence: {all}");
    let leave = ["exit", "terminate", "end of file", "EOF", "^D", "Ctrl"];
    assert!(leave.iter().any(|word| all.contains(word)), "how to leave: {all}");
}

#[test]
fn forty_controllers_at_once_are_served() {
    let mut d = Setup::interactive().socket().start();
    let mut conns: Vec<Conn> = (0..40).map(|_| d.connect()).collect();
    for (i, conn) in conns.iter_mut().enumerate() {
        conn.answers(&format!("echo\tI am {i}"), &[format!("I am {i}")]);
    }
    d.define("web", &["/bin/true"]);
    d.run_to_end("web");
    for conn in &mut conns {
        conn.expect(&["service.args\tweb\t/bin/true".to_owned(), starting("web"), up("web")]);
        conn.expect(&[exited("web", 0)]);
    }
    // And all of them talk at once.
    for (i, conn) in conns.iter_mut().enumerate() {
        for n in 0..20 {
            conn.send(&format!("echo\t{i}-{n}"));
        }
    }
    for (i, conn) in conns.iter_mut().enumerate() {
        for n in 0..20 {
            conn.expect(&[format!("{i}-{n}")]);
        }
    }
}

#[test]
fn a_controller_that_closes_in_the_middle_of_a_line_harms_nobody() {
    let mut d = Setup::interactive().socket().start();
    for _ in 0..20 {
        let mut conn = d.connect();
        conn.send_bytes(b"echo\tanswer\nservice.args\tweb\t/bin/t");
        drop(conn);
    }
    d.still_answers();
    assert!(d.dump_of("service.args").is_empty());
    d.connect().sync();
}

#[test]
fn a_controller_that_leaves_without_reading_harms_nobody() {
    let mut d = Setup::interactive().socket().start();
    d.define_sleeper("web");
    for _ in 0..10 {
        let mut conn = d.connect();
        conn.push("statedump\n".repeat(100).as_bytes());
        drop(conn);
    }
    d.still_answers();
}

#[test]
fn a_controller_that_sends_no_more_is_still_answered() {
    let d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.send_bytes(b"echo\tone\nstatedump\necho\ttwo\n");
    conn.close_input();
    let lines = conn.lines_to_end();
    assert_eq!(lines.first().map(String::as_str), Some("one"));
    assert_eq!(lines.last().map(String::as_str), Some("two"));
}

#[test]
fn one_more_controller_after_a_thousand_others() {
    let d = Setup::interactive().socket().start();
    d.connect().sync();
    for _ in 0..1000 {
        drop(UnixStream::connect(d.path("control")).unwrap());
    }
    d.connect().sync();
}

#[test]
fn with_control_cmd_alone_nothing_can_be_read() {
    let mut d = Daemon::interactive();
    d.open_output("heard");
    // End of file at once, because that direction is shut down; and commands still work.
    let script = "cat <&1 >&3; printf 'service.args\\tweb\\t/bin/true\\n'";
    d.define_shell("ctl", script);
    d.give_fds("ctl", &["null", "control.cmd", "stderr", "heard"]);
    d.send("service.start\tctl");
    d.wait_for("service.args\tweb\t/bin/true");
    assert_eq!(d.read("heard"), "");
}

#[test]
fn with_control_event_alone_nothing_can_be_sent() {
    let mut d = Daemon::interactive();
    d.open_output("heard");
    // Perl, because writing must be tried on the descriptor for reading.
    let script = "$SIG{PIPE} = 'IGNORE'; open W, '+<&=0'; open OUT, '>&=1'; \
                  $ok = syswrite W, qq(service.args\\tevil\\t/bin/true\\n); \
                  syswrite OUT, defined $ok ? qq(sent\\n) : qq(refused\\n); \
                  $line = <STDIN>; syswrite OUT, $line";
    d.define("ctl", &["perl", "-e", script]);
    d.give_fds("ctl", &["control.event", "heard", "stderr"]);
    d.run("ctl");
    let path = d.path("heard");
    eventually("the service has tried", || {
        std::fs::read_to_string(&path).ok().filter(|text| text.contains('\n'))
    });
    d.signal(libc::SIGHUP);
    d.wait_for(exited("ctl", 0));
    assert!(d.read("heard").starts_with("refused\n"), "{}", d.read("heard"));
    assert!(d.dump_of("service.args\tevil").is_empty());
}

/// It gets what happens from its start on, and asks for the rest.
#[test]
fn a_service_hears_nothing_before_it_asks_or_something_happens() {
    let mut d = Daemon::interactive();
    d.open_output("heard");
    d.define_shell("ctl", "read line; echo \"$line\" >&1");
    d.give_fds("ctl", &["control.event", "heard"]);
    d.run("ctl");
    d.signal(libc::SIGUSR2);
    d.wait_for(exited("ctl", 0));
    let heard = d.read("heard");
    let first = heard.lines().next().unwrap();
    // Its own start may be the first that it hears of.
    let own = first.starts_with("service.state\tctl\t");
    assert!(own || first.starts_with("signal\tSIGUSR2\t"), "{heard}");
}

/// The original crashed.
#[test]
fn several_services_are_controllers_beside_interactive_mode() {
    let mut d = Daemon::interactive();
    for i in 0..5 {
        let name = format!("ctl{i}");
        d.open_output(&format!("heard{i}"));
        // Others start meanwhile, and each hears of it.
        let script = "printf 'echo\\tping\\n'; until [ \"$line\" = ping ]; do read -r line; done; \
                      echo \"$line\" >&3; cat >&2";
        d.define_shell(&name, script);
        let out = format!("heard{i}");
        d.give_fds(&name, &["control.event", "control.cmd", "null", &out]);
        d.send(&format!("service.start\t{name}"));
        d.wait_for(up(&name));
    }
    for i in 0..5 {
        let path = d.path(&format!("heard{i}"));
        let heard = eventually("the service hears", || {
            std::fs::read_to_string(&path).ok().filter(|text| text.contains('\n'))
        });
        assert_eq!(heard, "ping\n");
    }
    d.still_answers();
}

#[test]
fn each_start_of_a_service_makes_a_new_connection() {
    let mut d = Daemon::interactive();
    let before = d.settled_fds();
    // What one run leaves unfinished must not be glued to the words of the next.
    d.define_shell("ctl", "printf 'service.tags\\tctl\\trun %s\\nservice.ta' $$");
    d.give_fds("ctl", &["null", "control.cmd"]);
    for _ in 0..5 {
        d.send("service.start\tctl");
        let pid = d.wait_for(up("ctl"))[1];
        d.wait_for_all(&[format!("service.tags\tctl\trun {pid}"), exited("ctl", 0)]);
    }
    eventually("its connections are closed", || (fd_count(d.pid()) == before).then_some(()));
}

/// The way in which the original's users ran their controllers.
#[test]
fn a_controller_that_dies_is_started_again_and_catches_up() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let web = d.run("web");
    let script = "printf 'statedump\\necho\\tdone\\n'; \
                  while read -r line; do [ \"$line\" = done ] && break; \
                  case $line in service.state*web*up*) echo \"$line\" >> seen; esac; done; \
                  exec cat > /dev/null";
    d.define_shell("ctl", script);
    d.give_fds("ctl", &["control.event", "control.cmd", "stderr"]);
    d.send("service.auto_up\tctl\t1\talways");
    for runs in 1..=2 {
        let pid = d.wait_for(up("ctl"))[1];
        let path = d.path("seen");
        eventually("the controller knows of the service", || {
            let text = std::fs::read_to_string(&path).ok()?;
            (text.lines().count() == runs).then_some(())
        });
        daemonproxy_testing::kill(pid, libc::SIGKILL);
        d.wait_for(daemonproxy_testing::killed("ctl", "SIGKILL"));
    }
    for line in d.read("seen").lines() {
        assert!(line.contains(&format!("\t{web}\t")), "{line}");
    }
}

#[test]
fn a_service_that_closes_its_end_is_only_a_service_any_more() {
    let mut d = Daemon::interactive();
    d.define_shell("ctl", "exec 0<&- 1>&-; exec sleep 300");
    d.give_fds("ctl", &["control.event", "control.cmd"]);
    d.run("ctl");
    d.signal(libc::SIGHUP);
    d.expect(&["signal\tSIGHUP\t{ts}\t1"]);
    d.stop("ctl");
}

#[test]
fn the_same_handle_twice_is_the_same_connection() {
    let mut d = Daemon::interactive();
    let script = "printf 'service.tags\\tctl' >&1; printf '\\tone line\\n' >&3; exec sleep 300";
    d.define_shell("ctl", script);
    d.give_fds("ctl", &["null", "control.cmd", "null", "control.cmd"]);
    d.send("service.start\tctl");
    d.wait_for("service.tags\tctl\tone line");
}

#[test]
fn two_controllers_hear_the_same_story() {
    let mut d = Setup::interactive().socket().start();
    let (mut one, mut other) = (d.connect(), d.connect());
    one.sync();
    other.sync();
    for i in 0..20 {
        d.send(&format!("service.args\ts{i}\t/bin/true"));
        d.send(&format!("service.start\ts{i}"));
    }
    assert_eq!(lines_until_20_have_ended(&mut one), lines_until_20_have_ended(&mut other));
}

fn lines_until_20_have_ended(conn: &mut Conn) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..20 {
        all.extend(conn.lines_until("service.state\t{any}\tdown\t{ts}\t{pid}\t{text}").0);
    }
    all
}

/// Whoever closes a connection with events unread resets it. That is the end of it, and no fault.
#[test]
fn a_client_that_leaves_without_reading_is_no_error() {
    let mut d = Setup::interactive().socket().start();
    for _ in 0..20 {
        let mut client = d.connect();
        client.send("statedump");
        drop(client);
    }
    d.sync();
    d.send("terminate\t0");
    let log = d.log.wait_for_end();
    assert!(!log.iter().any(|line| line.starts_with("error: ")), "{log:#?}");
}
