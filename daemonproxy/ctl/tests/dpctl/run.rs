//! `run --like`: programs with the settings of a service, on our descriptors.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use daemonproxy_testing::{Terminal, children, eventually, kill};

use crate::daemon::Daemon;

const WEB: &str = "service.args\tweb\tsleep\t1000\n\
    service.options\tweb\tumask=027\tcwd=/usr\tlimit.nofile=100:200\tready=notify\tgiveup=3/60\n\
    service.env\tweb\tGREETING=good morning\t!HOME\n";
const LOOPS: &str = "trap 'echo got it; exit 5' INT; echo ready; while :; do sleep 0.05; done";

fn dpctl(d: &Daemon, program: &[&str]) -> Command {
    let mut dpctl = Command::new(env!("CARGO_BIN_EXE_dpctl"));
    dpctl.arg("-S").arg(d.socket()).args(["run", "--like", "web"]).args(program);
    dpctl
}

/// Nothing is left in the daemon.
#[track_caller]
fn is_clean(d: &Daemon) {
    assert_eq!(d.ok("ls"), "web\n");
    assert!(!d.ok("ls --fds").contains("run-"));
}

#[test]
fn it_is_as_the_service_and_its_status_is_ours() {
    let d = Daemon::with_config(WEB);
    let script = "echo $GREETING, ${HOME-no home}, $(umask), $(pwd), $(ulimit -n); echo complaint >&2; exit 7";
    let out = dpctl(&d, &["sh", "-c", script]).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(text(&out.stdout), "good morning, no home, 0027, /usr, 100\n");
    assert_eq!(text(&out.stderr), "complaint\n");
    assert_eq!(out.status.code(), Some(7));
    is_clean(&d);
}

#[test]
fn standard_input_is_ours_and_arguments_may_hold_anything() {
    let d = Daemon::with_config(WEB);
    let mut run = dpctl(&d, &["sh", "-c", "cat\nprintf %s \"$1\"", "sh", "a\tb%\n"]);
    let mut run = run.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    run.stdin.take().unwrap().write_all(b"one\ntwo\n").unwrap();
    let out = run.wait_with_output().unwrap();
    assert_eq!(out.stdout, b"one\ntwo\na\tb%\n");
    assert_eq!(out.status.code(), Some(0));
    is_clean(&d);
}

#[test]
fn ends_by_signals_and_failures_are_told_as_shells_do() {
    let d = Daemon::with_config(WEB);
    let status = |program: &[&str]| {
        let out = dpctl(&d, program).stdin(Stdio::null()).output().unwrap();
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    assert_eq!(status(&["sh", "-c", "kill -9 $$"]), (Some(137), String::new()));
    let (code, said) = status(&["/no/such/program"]);
    assert_eq!(code, Some(127));
    assert!(said.contains("No such file"), "{said}");
    is_clean(&d);
    let mut other = Command::new(env!("CARGO_BIN_EXE_dpctl"));
    let other = other.arg("-S").arg(d.socket()).args(["run", "--like", "nobody", "true"]);
    assert_eq!(other.status().unwrap().code(), Some(4));
}

#[test]
fn what_is_left_behind_goes_as_well() {
    let d = Daemon::with_config(WEB);
    let out = dpctl(&d, &["sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!"]).output().unwrap();
    let pid: i64 = String::from_utf8_lossy(&out.stdout).trim().parse().unwrap();
    is_clean(&d);
    eventually("it has gone", || {
        (!std::path::Path::new(&format!("/proc/{pid}")).exists()).then_some(())
    });
}

#[test]
fn on_a_terminal_keys_reach_the_program() {
    let d = Daemon::with_config(WEB);
    let mut terminal = Terminal::new(dpctl(&d, &["sh", "-c", LOOPS]));
    terminal.shows("ready");
    terminal.types("\u{3}");
    terminal.shows("got it");
    assert_eq!(terminal.ends(), Some(5));
    is_clean(&d);
    let mut terminal =
        Terminal::new(dpctl(&d, &["sh", "-c", "read line; echo \"<$line>\"; stty size"]));
    terminal.types("hello\r");
    terminal.shows("<hello>");
    terminal.shows("24 100");
    assert_eq!(terminal.ends(), Some(0));
    // It leaves the terminal in another mode, as a program does that is killed.
    let mut terminal = Terminal::new(dpctl(&d, &["sh", "-c", "stty raw -echo; kill -9 $$"]));
    assert_eq!(terminal.ends(), Some(137));
    assert!(terminal.is_cooked());
    is_clean(&d);
}

#[test]
fn nothing_is_left_if_dpctl_is_killed() {
    let d = Daemon::with_config(WEB);
    let mut run = dpctl(&d, &["sh", "-c", LOOPS]).stdout(Stdio::null()).spawn().unwrap();
    eventually("it runs", || {
        d.dpctl("status run-* -o state --format tsv").out.contains("up").then_some(())
    });
    run.kill().unwrap();
    run.wait().unwrap();
    d.comes_to_say("ls", "web\n");
    eventually("its descriptors are gone", || (!d.ok("ls --fds").contains("run-")).then_some(()));
}

/// The program has the time of the service to end, which is not made longer; and else 5 seconds.
#[test]
fn a_program_has_the_time_that_the_service_has() {
    let d = Daemon::with_config(WEB);
    let script = "trap '' TERM; echo ready; while :; do sleep 0.05; done";
    for (option, shown) in [("nice=0", "stop_after=5"), ("stop_after=0.1", "stop_after=0.1")] {
        d.ok(&format!("options web {option}"));
        let mut run = dpctl(&d, &["sh", "-c", script]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = [0; 6];
        run.stdout.take().unwrap().read_exact(&mut line).unwrap();
        let options = d.ok("options run-*");
        assert!(options.lines().any(|line| line == shown), "{options}");
        let begun = Instant::now();
        run.kill().unwrap();
        run.wait().unwrap();
        d.comes_to_say("ls", "web\n");
        assert_eq!(begun.elapsed() < Duration::from_secs(4), shown != "stop_after=5", "{option}");
    }
}

/// Then the program goes on until its deadman; what is left of it is removed by the next run.
#[test]
fn the_next_run_removes_what_nobody_guards() {
    let d = Daemon::with_config(WEB);
    let mut run = dpctl(&d, &["sh", "-c", LOOPS]).stdout(Stdio::null()).spawn().unwrap();
    let status = "status run-* -o state,pid --format tsv";
    eventually("it runs", || d.dpctl(status).out.contains("up").then_some(()));
    let guard = children(i64::from(run.id()));
    assert_eq!(guard.len(), 1);
    kill(guard[0], libc::SIGKILL);
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(
        d.dpctl("options run-*").out.lines().filter(|it| it.starts_with("deadman=")).count(),
        1
    );
    d.ok("signal KILL run-*");
    eventually("it has ended", || d.dpctl(status).out.contains("down").then_some(()));
    assert_eq!(dpctl(&d, &["true"]).status().unwrap().code(), Some(0));
    is_clean(&d);
}

#[test]
fn groups_stand_for_their_services() {
    let d = Daemon::with_config(
        "service.args\ta\tsleep\t1000\nservice.tags\ta\tgroups=all,some\nservice.args\tb\tsleep\t1000\n\
         service.tags\tb\tgroups=all\nservice.args\tc\tsleep\t1000\n",
    );
    assert_eq!(d.ok("ls @all"), "a\nb\n");
    assert_eq!(d.ok("ls @some"), "a\n");
    d.ok("start @all");
    assert_eq!(d.ok("ok @all"), "");
    assert_eq!(d.dpctl("ok c").status, 3);
    d.ok("stop @s*");
    assert_eq!(d.dpctl("ok a").status, 3);
    let said = d.dpctl("start @none");
    assert_eq!((said.status, said.err.as_str()), (4, "dpctl: no service is in the group none\n"));
}
