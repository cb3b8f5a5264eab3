//! `-E TSV`: what is executed instead of exiting, for whatever reason the daemon leaves.

use daemonproxy_testing::{Setup, alive};

/// Leaves what it found in its environment in a file, and a status of its own.
const RESCUE: &str =
    "/bin/sh\t-c\techo \"$DAEMONPROXY_EXITCODE:$DAEMONPROXY_ERROR\" > found; exit 99";

/// The exit code and the error that were handed over.
#[track_caller]
fn rescued(setup: Setup) -> (String, String) {
    let mut d = setup.spawn();
    d.close_input();
    d.exits_with(99);
    let found = d.read("found");
    let (code, error) = found.trim_end().split_once(':').unwrap();
    (code.to_owned(), error.to_owned())
}

fn with_rescue(options: &[&str]) -> Setup {
    Setup::new(["-E", RESCUE]).args(options)
}

#[test]
fn at_the_end_of_interactive_input() {
    rescued(with_rescue(&["-i"]));
}

#[test]
fn the_long_option_is_the_same() {
    rescued(Setup::new(["--exit-exec", RESCUE, "-i"]));
}

#[test]
fn after_version_and_help() {
    for option in ["--version", "--help", "-h"] {
        let (code, _) = rescued(with_rescue(&[option]));
        assert_eq!(code, "0");
    }
}

#[test]
fn after_a_wrong_option() {
    for wrong in [&["--nonsense"][..], &["-x"], &["-i", "-c"], &["-i", "--exit-guard", "x"], &[]] {
        let (code, error) = rescued(with_rescue(wrong));
        assert_ne!(code, "0", "{wrong:?}");
        assert_ne!(code, "", "{wrong:?}");
        assert_ne!(error, "", "{wrong:?}");
    }
}

#[test]
fn after_a_config_file_that_is_missing() {
    let (code, error) = rescued(with_rescue(&["-c", "no-such-file"]));
    assert_ne!(code, "0");
    assert_ne!(error, "");
}

#[test]
fn after_a_socket_that_cannot_be_made() {
    let (code, error) = rescued(with_rescue(&["-S", "no/such/dir/sock"]));
    assert_ne!(code, "0");
    assert_ne!(error, "");
}

#[test]
fn after_terminate() {
    let mut d = with_rescue(&["-i"]).start();
    d.send("terminate\t42");
    d.exits_with(99);
    assert!(d.read("found").starts_with("42:"), "{}", d.read("found"));
}

#[test]
fn after_terminate_from_a_config_file() {
    let (code, _) = rescued(with_rescue(&[]).config("terminate\t7\n"));
    assert_eq!(code, "7");
}

#[test]
fn after_a_fatal_signal() {
    for signal in [libc::SIGSEGV, libc::SIGABRT, libc::SIGILL, libc::SIGBUS, libc::SIGFPE] {
        let mut d = with_rescue(&["-i"]).start();
        d.define_sleeper("web");
        let web = d.run("web");
        d.signal(signal);
        d.exits_with(99);
        let found = d.read("found");
        let (code, error) = found.trim_end().split_once(':').unwrap();
        assert!(!code.is_empty() && code != "0", "signal {signal}: {found}");
        assert!(!error.is_empty(), "signal {signal}: {found}");
        assert!(alive(web));
    }
}

/// The handler must have a stack of its own and may use nothing of the daemon, so it also works
/// with every service and many descriptors in place.
#[test]
fn after_a_fatal_signal_in_the_midst_of_work() {
    let mut d = with_rescue(&["-i"]).start();
    for i in 0..200 {
        d.send(&format!("service.args\ts{i}\t/bin/true"));
        d.send(&format!("service.start\ts{i}"));
        d.send(&format!("fd.pipe\tr{i}\tw{i}"));
    }
    d.signal(libc::SIGSEGV);
    d.exits_with(99);
}

#[test]
fn without_it_a_fatal_signal_is_fatal() {
    use std::os::unix::process::ExitStatusExt;
    let mut d = Setup::interactive().start();
    d.signal(libc::SIGSEGV);
    let status = d.wait_exit();
    assert!(status.signal() == Some(libc::SIGSEGV) || status.code().is_some_and(|c| c != 0));
}

/// A failed allocation either is an error of the command that wanted the memory, or ends the
/// daemon, and then it is not the end of everything.
#[test]
fn when_the_memory_runs_out() {
    let mut d = with_rescue(&["-i", "-qqq"]).start();
    let pid = i32::try_from(d.pid()).unwrap();
    // Enough for the shell that comes to the rescue.
    let limit = libc::rlimit { rlim_cur: 24 << 20, rlim_max: 24 << 20 };
    // SAFETY: `limit` is valid for the call.
    let result =
        unsafe { libc::prlimit(pid, libc::RLIMIT_AS, &raw const limit, std::ptr::null_mut()) };
    assert_eq!(result, 0);
    let padding = "m".repeat(4000);
    for i in 0..20_000 {
        if d.try_push(format!("service.tags\ts{i}\t{padding}\n").as_bytes()).is_err() {
            break;
        }
        match d.next_line(daemonproxy_testing::PATIENCE) {
            Ok(line) if line.starts_with(b"service.tags\t") => {}
            Ok(line) => {
                assert!(line.starts_with(b"error\t"), "{}", line.escape_ascii());
                // It works with what it has.
                d.still_answers();
                d.refuses("service.start\ts0", "no args configured for service");
                d.send("terminate\t3");
                break;
            }
            Err(_) => break,
        }
    }
    d.exits_with(99);
}

#[test]
fn with_the_guard_on_the_end_of_input_is_not_the_end() {
    let mut d = with_rescue(&["-i", "--exit-guard", "5"]).socket().start();
    let mut other = d.connect();
    other.sync();
    d.close_input();
    d.lines_to_end();
    other.answers("echo\there", &["here"]);
    other.send("terminate\t3\t5");
    d.exits_with(99);
    assert!(d.read("found").starts_with("3:"));
}

#[test]
fn it_can_be_changed_and_turned_off_by_the_command() {
    let mut d = with_rescue(&["-i"]).start();
    d.ask("terminate.exec_args");
    d.send("terminate\t3");
    d.exits_with(3);
}

#[test]
fn it_inherits_neither_blocked_nor_ignored_signals_after_a_crash() {
    let status = "/bin/sh\t-c\tcat /proc/self/status > status; exit 99";
    let mut d = Setup::new(["-i", "-E", status]).start();
    d.signal(libc::SIGSEGV);
    d.exits_with(99);
    let status = d.read("status");
    for field in ["SigBlk:", "SigIgn:"] {
        let line = status.lines().find(|l| l.starts_with(field)).unwrap();
        assert_eq!(line.split_whitespace().nth(1), Some("0000000000000000"), "{line}");
    }
}
