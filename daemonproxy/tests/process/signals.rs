//! Signals to the daemon are counted and told; nothing else happens.

use daemonproxy_testing::{Daemon, Setup, eventually, monotonic, state};

#[test]
fn the_time_is_that_of_the_monotonic_clock() {
    let mut d = Daemon::interactive();
    let before = monotonic();
    d.signal(libc::SIGHUP);
    let told = d.expect(&["signal\tSIGHUP\t{ts}\t1"])[0];
    assert!((before..=monotonic()).contains(&told));
}

/// The kernel keeps one of a kind. The original counted one too many.
#[test]
fn signals_that_the_kernel_merged_count_once() {
    let mut d = Daemon::interactive();
    let pid = d.pid();
    d.signal(libc::SIGSTOP);
    eventually("the daemon stops", || (state(pid) == Some('T')).then_some(()));
    d.signal(libc::SIGUSR1);
    d.signal(libc::SIGUSR1);
    d.signal(libc::SIGUSR1);
    d.signal(libc::SIGCONT);
    d.expect(&["signal\tSIGUSR1\t{ts}\t1"]);
    d.answers("echo", &[] as &[&str]);
    let dumped = d.dump_of("signal\tSIGUSR1");
    assert!(dumped[0].ends_with("\t1"), "{dumped:?}");
}

#[test]
fn a_thousand_signals_are_not_lost_when_told_one_by_one() {
    let mut d = Daemon::interactive();
    for count in 1..=1000 {
        d.signal(libc::SIGUSR2);
        d.expect(&[format!("signal\tSIGUSR2\t{{ts}}\t{count}")]);
    }
}

/// The end of a child must not be missed among other signals.
#[test]
fn a_storm_of_signals_loses_no_child() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    for _ in 0..50 {
        d.signal(libc::SIGUSR1);
        d.send("service.start\tweb");
        d.signal(libc::SIGUSR2);
        d.signal(libc::SIGHUP);
        d.wait_for(daemonproxy_testing::exited("web", 0));
    }
}

/// A pipe whose reader has gone must not kill the daemon.
#[test]
fn the_daemon_ignores_a_broken_pipe() {
    let mut d = Daemon::interactive();
    d.signal(libc::SIGPIPE);
    d.still_answers();
}

/// How a daemon behaves that was started with `nohup`, or by a shell in the background: what is
/// ignored then is still a signal to tell.
#[test]
fn signals_that_were_ignored_at_the_start_are_told() {
    let mut d = Setup::interactive()
        .before_exec(|| {
            // SAFETY: SIG_IGN needs no memory.
            unsafe {
                libc::signal(libc::SIGHUP, libc::SIG_IGN);
                libc::signal(libc::SIGINT, libc::SIG_IGN);
            }
            Ok(())
        })
        .start();
    d.signal(libc::SIGHUP);
    d.expect(&["signal\tSIGHUP\t{ts}\t1"]);
    d.signal(libc::SIGINT);
    d.expect(&["signal\tSIGINT\t{ts}\t1"]);
}

#[test]
fn signals_that_were_blocked_at_the_start_are_told() {
    let mut d = Setup::interactive().before_exec(crate::spawning::block_everything).start();
    d.signal(libc::SIGUSR1);
    d.expect(&["signal\tSIGUSR1\t{ts}\t1"]);
    d.define("web", &["/bin/true"]);
    d.run_to_end("web");
}
