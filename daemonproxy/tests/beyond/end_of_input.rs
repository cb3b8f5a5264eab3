//! The end of an interactive session is explained.

use daemonproxy_testing::{Daemon, Setup, alive};

#[test]
fn it_says_why_it_leaves() {
    let mut d = Daemon::interactive();
    d.close_input();
    let lines = d.lines_to_end();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("info\t"), "{lines:?}");
    assert!(lines[0].contains("end of input"), "{lines:?}");
    d.exits_with(0);
}

#[test]
fn every_service_that_still_runs_is_named_with_its_pid() {
    let mut d = Daemon::interactive();
    let mut pids = Vec::new();
    for name in ["web", "db", "mail"] {
        d.define_sleeper(name);
        pids.push((name, d.run(name)));
    }
    d.define("gone", &["/bin/true"]);
    d.run_to_end("gone");
    d.define_sleeper("later");
    d.ask("service.start\tlater\t2000000000");
    d.close_input();
    let lines = d.lines_to_end();
    d.exits_with(0);
    assert_eq!(lines.len(), 4, "{lines:?}");
    for (name, pid) in pids {
        let named = |l: &String| {
            l.starts_with("info\t")
                && l.contains(&format!("'{name}'"))
                && l.split(|c: char| !c.is_ascii_digit()).any(|word| word == pid.to_string())
        };
        assert_eq!(lines.iter().filter(|l| named(l)).count(), 1, "{name} {pid}: {lines:?}");
        assert!(alive(pid));
    }
}

#[test]
fn half_a_command_at_the_end_does_not_hide_it() {
    let mut d = Daemon::interactive();
    d.send_bytes(b"terminate\t3");
    d.close_input();
    let lines = d.lines_to_end();
    assert!(lines.iter().any(|l| l.starts_with("info\tend of input")), "{lines:?}");
    d.exits_with(0);
}

#[test]
fn with_the_guard_on_it_says_that_it_goes_on() {
    let mut d = Setup::interactive().args(["--exit-guard", "9"]).socket().start();
    let mut other = d.connect();
    other.sync();
    d.close_input();
    let lines = d.lines_to_end();
    assert!(lines[0].starts_with("info\tend of input"), "{lines:?}");
    assert!(lines[0].contains("guard"), "{lines:?}");
    other.sync();
}

/// The explanation is for the person at the session, and for nobody else.
#[test]
fn other_controllers_are_not_told() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    d.close_input();
    let lines = other.lines_to_end();
    assert!(!lines.iter().any(|l| l.starts_with("info\t")), "{lines:?}");
    d.exits_with(0);
}

/// Everything that was asked before is answered first.
#[test]
fn it_comes_after_all_answers() {
    let mut d = Daemon::interactive();
    d.send_bytes(b"echo\tone\nstatedump\necho\ttwo\n");
    d.close_input();
    let lines = d.lines_to_end();
    let at = |text: &str| lines.iter().position(|l| l == text).unwrap();
    assert!(at("one") < at("two"));
    assert!(lines[at("two") + 1].starts_with("info\tend of input"), "{lines:?}");
    d.exits_with(0);
}

/// The log says it as well, for those who were not there to read it.
#[test]
fn the_log_names_them_too() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let pid = d.run("web");
    d.close_input();
    d.exits_with(0);
    d.log.wait_for(&format!("service 'web' running as pid {pid}"));
}
