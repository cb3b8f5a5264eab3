//! `--exit-exec`: in whatever way the daemon ends, the other program gets a usable process.
//!
//! Each test is one way to end. What the program finds is looked at in the same way each time.

use std::os::fd::AsRawFd;

use daemonproxy_testing::{Daemon, Setup, alive, lines, pipe};

use crate::helpers::{exists, nobody_is_left};

/// Writes down all that it finds, uses all three descriptors, and exits with 99.
const RESCUE: &str = "/bin/sh\t-c\tenv > env; umask > umask; cat /proc/self/status > status; \
                      perl -e 'print \"$_ \" for grep { -e \"/proc/self/fd/$_\" } \
                      0 .. 1023' > fds; pwd > cwd; echo to stdout; echo to stderr >&2; \
                      cat > input; echo done > done; exit 99";

/// Started with an unusual umask, and with signals ignored and blocked.
fn odd(setup: Setup) -> Setup {
    setup.before_exec(|| {
        // SAFETY: system calls on our own process; an all-zero set is what sigemptyset makes.
        unsafe {
            libc::umask(0o027);
            libc::signal(libc::SIGUSR1, libc::SIG_IGN);
            libc::signal(libc::SIGPIPE, libc::SIG_IGN);
            let mut set: libc::sigset_t = std::mem::zeroed();
            libc::sigaddset(&raw mut set, libc::SIGUSR2);
            libc::sigaddset(&raw mut set, libc::SIGTERM);
            libc::sigprocmask(libc::SIG_SETMASK, &raw const set, std::ptr::null_mut());
        }
        Ok(())
    })
}

fn with_rescue(options: &[&str]) -> Setup {
    odd(Setup::new(["-E", RESCUE]).args(options).env("KEPT", "as it was"))
}

/// The daemon ends; the program got this code, and a reason with this in it, and a sound process.
#[track_caller]
fn rescued(d: &mut Daemon, code: &str, reason: &str) {
    d.close_input();
    d.exits_with(99);
    let env = d.read("env");
    let value = |name: &str| {
        let start = format!("{name}=");
        let found: Vec<&str> = env.lines().filter_map(|l| l.strip_prefix(&start)).collect();
        assert_eq!(found.len(), 1, "{name} in\n{env}");
        found[0].to_owned()
    };
    assert_eq!(value("DAEMONPROXY_EXITCODE"), code, "reason: {}", value("DAEMONPROXY_ERROR"));
    let error = value("DAEMONPROXY_ERROR");
    assert!(error.contains(reason), "reason is {error:?}, not {reason:?}");
    assert_eq!(value("KEPT"), "as it was");
    assert_eq!(d.read("umask"), "0027\n");
    let status = d.read("status");
    for field in ["SigBlk:", "SigCgt:"] {
        let line = status.lines().find(|l| l.starts_with(field)).unwrap();
        assert!(line.ends_with("\t0000000000000000"), "{line}");
    }
    let line = status.lines().find(|l| l.starts_with("SigIgn:")).unwrap();
    let ignored = u64::from_str_radix(line.rsplit('\t').next().unwrap(), 16).unwrap();
    // 32 and 33 belong to the C library, which is ignored by whoever ignores it.
    assert_eq!(ignored & !(0b11 << 31), 0, "{line}");
    assert_eq!(d.read("fds").split_whitespace().collect::<Vec<_>>(), ["0", "1", "2"]);
    assert_eq!(d.read("done"), "done\n", "standard input can be read to its end");
    d.log.wait_for("to stderr");
}

// Before it began

#[test]
fn a_wrong_option_behind_it() {
    for wrong in [&["--nonsense"][..], &["-i", "surplus"], &["-i", "--exit-guard", "x"], &["-c"]] {
        let mut d = with_rescue(wrong).spawn();
        rescued(&mut d, "2", "");
        assert!(!d.read("env").contains("DAEMONPROXY_ERROR=\n"), "{wrong:?}");
    }
}

#[test]
fn nothing_to_do() {
    rescued(&mut with_rescue(&[]).spawn(), "2", "required");
}

#[test]
fn a_wrong_signal_default() {
    rescued(&mut with_rescue(&["-i", "--on-signal", "X=y"]).spawn(), "2", "--on-signal");
}

#[test]
fn version() {
    let mut d = with_rescue(&["--version"]).spawn();
    d.close_input();
    let lines = d.lines_to_end();
    assert!(lines[0].starts_with("daemonproxy version "), "{lines:?}");
    assert_eq!(lines.last().unwrap(), "to stdout");
    rescued(&mut d, "0", "");
}

#[test]
fn help() {
    let mut d = with_rescue(&["-h"]).spawn();
    d.close_input();
    let lines = d.lines_to_end();
    assert!(lines[0].starts_with("usage: "), "{lines:?}");
    rescued(&mut d, "0", "");
}

#[test]
fn a_missing_config_file() {
    rescued(&mut with_rescue(&["-c", "no-such-file"]).spawn(), "1", "no-such-file");
}

#[test]
fn a_control_socket_that_cannot_be_made() {
    rescued(&mut with_rescue(&["-S", "no/such/dir"]).spawn(), "1", "no/such/dir");
}

/// The reason is cut rather than that it breaks anything.
#[test]
fn a_reason_that_is_longer_than_anything() {
    let path = "x".repeat(3000);
    rescued(&mut with_rescue(&["-c", &path]).spawn(), "1", "xxxxxxxx");
}

// In order

#[test]
fn terminate() {
    let mut d = with_rescue(&["-i"]).start();
    d.send("terminate\t42");
    rescued(&mut d, "42", "terminate");
}

#[test]
fn terminate_in_a_config_file() {
    rescued(&mut with_rescue(&[]).config("terminate\t7\n").spawn(), "7", "terminate");
}

#[test]
fn the_end_of_an_interactive_session() {
    let mut d = with_rescue(&["-i"]).start();
    d.define_sleeper("web");
    let web = d.run("web");
    rescued(&mut d, "0", "end of");
    assert!(alive(web));
}

#[test]
fn an_orderly_shutdown() {
    let mut d = with_rescue(&["-i"]).start();
    d.define_sleeper("web");
    d.run("web");
    d.send("terminate.shutdown");
    rescued(&mut d, "0", "shutdown");
    nobody_is_left(&d);
}

#[test]
fn a_signal_that_means_shutdown() {
    let mut d = with_rescue(&[])
        .config(
            "service.args\tweb\t/bin/sh\t-c\techo > ready; exec sleep 300\nservice.start\tweb\n",
        )
        .spawn();
    exists(&d, "ready");
    d.signal(libc::SIGTERM);
    rescued(&mut d, "0", "shutdown");
}

#[test]
fn a_program_set_by_command() {
    let mut d = odd(Setup::interactive()).env("KEPT", "as it was").start();
    d.ask(&format!("terminate.exec_args\t{RESCUE}"));
    d.send("terminate\t3");
    rescued(&mut d, "3", "terminate");
}

/// In the current directory, which `chdir` may have changed.
#[test]
fn the_working_directory_is_that_of_the_daemon() {
    let mut d = with_rescue(&["-i"]).start();
    std::fs::create_dir(d.path("sub")).unwrap();
    d.ask("chdir\tsub");
    d.send("terminate\t0");
    d.exits_with(99);
    assert!(d.read("sub/cwd").trim_end().ends_with("/sub"));
}

// By a crash

#[track_caller]
fn crash(signal: i32, name: &str) {
    let mut d = with_rescue(&["-i"]).start();
    d.define_sleeper("web");
    let web = d.run("web");
    d.signal(signal);
    rescued(&mut d, &(128 + signal).to_string(), name);
    assert!(alive(web));
    d.log.wait_for(name);
}

#[test]
fn sigsegv() {
    crash(libc::SIGSEGV, "SIGSEGV");
}

#[test]
fn sigabrt() {
    crash(libc::SIGABRT, "SIGABRT");
}

#[test]
fn sigill() {
    crash(libc::SIGILL, "SIGILL");
}

#[test]
fn sigbus() {
    crash(libc::SIGBUS, "SIGBUS");
}

#[test]
fn sigfpe() {
    crash(libc::SIGFPE, "SIGFPE");
}

/// No input is known that makes the daemon panic; a debug build does when it is told to.
#[test]
#[cfg(debug_assertions)]
fn a_panic() {
    let mut d = with_rescue(&["-i"]).env("DAEMONPROXY_TEST_FAILURE", "panic").spawn();
    rescued(&mut d, "134", "a panic was asked for");
    d.log.wait_for("a panic was asked for");
    assert!(d.read("env").contains("setup/mod.rs"), "the place of the panic is told");
}

/// In the midst of the loop: 100 services, connections, pipes, and commands on their way.
#[test]
fn a_crash_with_100_services_and_commands_on_the_way() {
    let mut d = with_rescue(&["-i"]).socket().start();
    let mut others: Vec<_> = (0..10).map(|_| d.connect()).collect();
    others.iter_mut().for_each(|other| drop(other.sync()));
    for i in 0..100 {
        d.send(&format!("fd.pipe\tr{i}\tw{i}"));
        d.send(&format!("service.args\ts{i}\t/bin/sleep\t300"));
        d.send(&format!("service.fds\ts{i}\tr{i}\tw{i}\tnull\tcontrol.event"));
        d.send(&format!("service.start\ts{i}"));
    }
    d.sync();
    let running = d.dump().into_iter().filter(|l| l.contains("\tup\t")).count();
    assert_eq!(running, 100);
    for _ in 0..200 {
        d.try_push(b"statedump\necho\tx\nservice.tags\ts1\ta\n").unwrap();
    }
    d.signal(libc::SIGSEGV);
    d.discard();
    rescued(&mut d, "139", "SIGSEGV");
}

/// Its stack is what broke: the handler has one of its own.
#[test]
fn a_crash_on_a_stack_that_is_full() {
    let mut d = with_rescue(&["-i"]).start();
    let pid = i32::try_from(d.pid()).unwrap();
    // No page of the stack may come in any more: the next one that is touched is SIGSEGV.
    let limit = libc::rlimit { rlim_cur: 0, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: `limit` is valid for the call.
    let set =
        unsafe { libc::prlimit(pid, libc::RLIMIT_STACK, &raw const limit, std::ptr::null_mut()) };
    assert_eq!(set, 0);
    d.send("terminate\t9");
    let status = d.wait_exit();
    // The program that comes to the rescue has no stack either; what counts is that it was not the
    // daemon that hung.
    assert!(!status.success());
}

/// A command that needs memory which is not there is refused; should anything else need it, this
/// happens.
#[test]
#[cfg(debug_assertions)]
fn a_failed_allocation() {
    let mut d = with_rescue(&["-i"]).env("DAEMONPROXY_TEST_FAILURE", "memory").spawn();
    rescued(&mut d, "134", "out of memory");
}

// What it must not get

#[test]
fn inherited_descriptors_are_not_for_it() {
    let (read, write) = pipe();
    assert!(read.as_raw_fd() > 2 && write.as_raw_fd() > 2);
    for signal in [None, Some(libc::SIGSEGV)] {
        let setup = with_rescue(&["-i"])
            .inherits(read.try_clone().unwrap(), 7)
            .inherits(write.try_clone().unwrap(), 60);
        let mut d = setup.start();
        d.ask("fd.pipe\ta\tb");
        d.ask("fd.open\tc\tread\t/dev/null");
        match signal {
            None => d.send("terminate\t11"),
            Some(signal) => d.signal(signal),
        }
        rescued(&mut d, if signal.is_some() { "139" } else { "11" }, "");
    }
}

#[test]
fn the_names_of_an_outer_daemon_are_replaced() {
    let mut d = with_rescue(&["-i"])
        .env("DAEMONPROXY_EXITCODE", "old")
        .env("DAEMONPROXY_ERROR", "old")
        .start();
    d.send("terminate\t5");
    rescued(&mut d, "5", "terminate");
}

/// It cannot be executed: the exit status is what it would have been, and the log says so.
#[test]
fn a_program_that_is_not_there() {
    let mut d = Setup::new(["-E", "/no/such/program", "-i"]).start();
    d.send("terminate\t21");
    d.exits_with(21);
    d.log.wait_for("exit-exec");
}

#[test]
fn a_program_that_is_not_there_after_a_crash() {
    use std::os::unix::process::ExitStatusExt;
    let mut d = Setup::new(["-E", "/no/such/program", "-i"]).start();
    d.signal(libc::SIGBUS);
    assert_eq!(d.wait_exit().signal(), Some(libc::SIGBUS));
}

/// The daemon was started with none of the three open.
#[test]
fn with_standard_descriptors_closed() {
    let rescue = "/bin/sh\t-c\tperl -e 'print \"$_ \" for grep { -e \"/proc/self/fd/$_\" } \
                  0 .. 1023' > fds; cat > input; echo x; exit 99";
    let mut d = Setup::new(["-E", rescue])
        .closed(0)
        .closed(1)
        .closed(2)
        .config(lines(&["terminate\t1"]))
        .spawn();
    d.exits_with(99);
    assert_eq!(d.read("fds").split_whitespace().collect::<Vec<_>>(), ["0", "1", "2"]);
}

/// Arguments are handed over one by one, empty ones too.
#[test]
fn its_arguments_arrive_as_they_are() {
    let rescue = "/bin/sh\t-c\tfor a; do echo \"[$a]\"; done > args; exit 99\tsh\ta b\t\tü\t$x";
    let mut d = Setup::new(["-E", rescue, "-i"]).start();
    d.signal(libc::SIGABRT);
    d.exits_with(99);
    assert_eq!(d.read("args"), "[a b]\n[]\n[ü]\n[$x]\n");
}
