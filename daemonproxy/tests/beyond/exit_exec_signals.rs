//! `--exit-exec` with every signal that ends a process, and with others that are on their way: none
//! of them is faster than the program.
//!
//! The daemon is stopped (SIGSTOP) while signals are sent, so that it finds all of them at once.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::ExitStatusExt;

use daemonproxy_testing::{Daemon, Setup, alive, eventually, exited, kill, killed, pipe, state};

/// Nothing but its exit status.
const RESCUE: &str = "/bin/sh\t-c\texit 99";

/// Those whose default is the end of the process, but for SIGKILL, those that the daemon receives,
/// and those that it ignores.
fn deadly() -> impl Iterator<Item = i32> {
    const STANDARD: [i32; 14] = [
        libc::SIGSEGV,
        libc::SIGABRT,
        libc::SIGILL,
        libc::SIGBUS,
        libc::SIGFPE,
        libc::SIGTRAP,
        libc::SIGSYS,
        libc::SIGALRM,
        libc::SIGSTKFLT,
        libc::SIGXCPU,
        libc::SIGVTALRM,
        libc::SIGPROF,
        libc::SIGIO,
        libc::SIGPWR,
    ];
    STANDARD.into_iter().chain(32..=64)
}

fn with_rescue() -> Setup {
    Setup::new(["-E", RESCUE, "-i"])
}

/// Sends all of them so that they are there at the same time.
#[track_caller]
fn at_once(d: &Daemon, signals: &[i32]) {
    let pid = d.pid();
    kill(pid, libc::SIGSTOP);
    eventually("the daemon stops", || (state(pid) == Some('T')).then_some(()));
    signals.iter().for_each(|&signal| kill(pid, signal));
    kill(pid, libc::SIGCONT);
}

#[track_caller]
fn each_with(others: &[i32]) {
    for signal in deadly() {
        let mut d = with_rescue().start();
        at_once(&d, &[&[signal], others].concat());
        let status = d.wait_exit();
        assert_eq!(status.code(), Some(99), "signal {signal} with {others:?}: {status}");
    }
}

#[test]
fn every_deadly_signal() {
    each_with(&[]);
}

#[test]
fn every_deadly_signal_and_sigterm() {
    each_with(&[libc::SIGTERM]);
}

#[test]
fn every_deadly_signal_and_sigsegv() {
    each_with(&[libc::SIGSEGV]);
}

#[test]
fn every_deadly_signal_and_all_others() {
    let others: Vec<i32> = deadly().chain([libc::SIGTERM, libc::SIGHUP, libc::SIGUSR1]).collect();
    each_with(&others);
}

#[test]
fn many_times() {
    for _ in 0..30 {
        let mut d = with_rescue().start();
        at_once(&d, &[libc::SIGTERM, libc::SIGSEGV, libc::SIGTSTP, libc::SIGHUP]);
        d.exits_with(99);
    }
}

/// The same with a standard error that nobody reads and nothing fits into.
#[test]
fn every_deadly_signal_with_a_standard_error_that_is_full() {
    for signal in deadly() {
        let (_read_end, write_end) = full_pipe();
        let mut d = with_rescue().std(2, write_end).start();
        at_once(&d, &[signal, libc::SIGTERM]);
        let status = d.wait_exit();
        assert_eq!(status.code(), Some(99), "signal {signal}: {status}");
    }
}

/// Whoever made that pipe may have been somebody else, so that it cannot be opened again.
#[test]
fn with_a_full_standard_error_of_another_user() {
    for signal in [libc::SIGSEGV, libc::SIGALRM] {
        let (_read_end, write_end) = full_pipe();
        let mut d = with_rescue().unprivileged().std(2, write_end).start();
        d.signal(signal);
        d.exits_with(99);
    }
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_with_a_standard_error_that_is_full() {
    let (_read_end, write_end) = full_pipe();
    let setup = with_rescue().std(2, write_end).env("DAEMONPROXY_TEST_FAILURE", "panic");
    setup.spawn().exits_with(99);
}

#[test]
fn a_wrong_option_with_a_standard_error_that_is_full() {
    let (_read_end, write_end) = full_pipe();
    Setup::new(["-E", RESCUE, "--nonsense"]).std(2, write_end).spawn().exits_with(99);
}

#[test]
fn version_with_a_standard_output_that_is_full() {
    let (_read_end, write_end) = full_pipe();
    Setup::new(["-E", RESCUE, "--version"]).std(1, write_end).spawn().exits_with(99);
}

/// Without a program to execute it is not the end of the daemon that waits, either.
#[test]
fn a_crash_with_a_standard_error_that_is_full() {
    let (_read_end, write_end) = full_pipe();
    let mut d = Setup::interactive().std(2, write_end).start();
    d.signal(libc::SIGSEGV);
    assert_eq!(d.wait_exit().signal(), Some(libc::SIGSEGV));
}

/// Signals that come while the daemon leaves, after it has read the last one: the control socket is
/// gone, and umask(2) takes its time.
#[test]
fn sigterm_on_the_way_from_terminate_to_the_program() {
    for signal in [libc::SIGTERM, libc::SIGALRM] {
        let slow = ["-D", "-qqq", "-o", "/dev/null", "-e", "trace=umask"];
        let inject = ["-e", "inject=umask:delay_enter=300000:when=2"];
        let strace = [&["strace"], &slow[..], &inject].concat();
        let mut d = with_rescue().socket().wrapped_in(&strace).start();
        d.send("terminate\t7");
        let socket = d.path("control");
        eventually("it leaves", || (!std::fs::exists(&socket).unwrap()).then_some(()));
        d.signal(signal);
        d.exits_with(99);
    }
}

/// The time before it can read signals counts as well.
#[test]
fn sigterm_before_the_daemon_has_begun() {
    let slow = ["-D", "-qqq", "-o", "/dev/null", "-e", "trace=listen,renameat2"];
    let inject = ["-e", "inject=listen,renameat2:delay_exit=300000"];
    let strace = [&["strace"], &slow[..], &inject].concat();
    let mut d = Setup::new(["-E", RESCUE]).socket().wrapped_in(&strace).spawn();
    let socket = d.path("control");
    eventually("the socket is there", || std::fs::exists(&socket).unwrap().then_some(()));
    d.signal(libc::SIGTERM);
    d.exits_with(99);
}

/// A command that replaces the program is not the moment to find none.
#[test]
fn signals_while_the_program_is_being_set() {
    let long = "x".repeat(3000);
    let command = format!("terminate.exec_args\t{RESCUE}\t{long}\n");
    for _ in 0..20 {
        let mut d = with_rescue().start();
        while d.try_push(command.as_bytes()).is_ok_and(|count| count == command.len()) {}
        d.signal(libc::SIGALRM);
        d.discard();
        d.exits_with(99);
    }
}

/// A file that may not grow any more is an error of write(2).
#[test]
fn a_log_that_has_reached_its_limit_is_not_the_end() {
    let mut d = Setup::interactive()
        .before_exec(|| {
            let limit = libc::rlimit { rlim_cur: 20, rlim_max: libc::RLIM_INFINITY };
            // SAFETY: reads one rlimit.
            unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit) };
            Ok(())
        })
        .start();
    d.open_output("log");
    d.ask("log.dest\tfd\tlog");
    for _ in 0..20 {
        d.ask("no.such.command");
    }
    d.signal(libc::SIGXFSZ);
    d.still_answers();
    assert_eq!(d.read("log").len(), 20);
}

/// What the daemon does with signals for itself is nothing to its services, and not to the program.
#[test]
fn services_and_the_program_find_every_signal_at_its_default() {
    let look = "cat /proc/self/status > found";
    let mut d = Setup::new(["-E", &format!("/bin/sh\t-c\t{look}.exec; exit 99"), "-i"]).start();
    d.define_shell("web", &format!("{look}.web"));
    d.send("service.start\tweb");
    d.wait_for(exited("web", 0));
    d.signal(libc::SIGALRM);
    d.exits_with(99);
    for found in ["found.web", "found.exec"] {
        let found = d.read(found);
        for field in ["SigBlk", "SigIgn", "SigCgt", "SigPnd"] {
            let line = found.lines().find(|line| line.starts_with(field)).unwrap();
            assert!(line.ends_with("\t0000000000000000"), "{found}");
        }
    }
}

/// A signal that comes to a child before it has become the program is for the child.
#[test]
fn a_signal_to_the_whole_group_of_a_service_that_starts() {
    let mut d = with_rescue().start();
    for _ in 0..50 {
        d.define("web", &["/bin/sleep", "300"]);
        d.send("service.start\tweb");
        d.send("service.signal\tweb\tALRM\tgroup");
        d.wait_for(killed("web", "SIGALRM"));
    }
    d.still_answers();
    assert!(alive(d.pid()));
}

/// A pipe that is full, and stays so.
fn full_pipe() -> (OwnedFd, OwnedFd) {
    let (read_end, write_end) = pipe();
    // Through a description of its own: non-blocking mode would be shared as well.
    let mut own = OpenOptions::new()
        .write(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(format!("/proc/self/fd/{}", write_end.as_raw_fd()))
        .expect("open the pipe again");
    while own.write(&[b'\n'; 4096]).is_ok() {}
    (read_end, write_end)
}
