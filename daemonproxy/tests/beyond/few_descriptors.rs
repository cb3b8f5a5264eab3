//! A limit of open files that is lowered while the daemon runs (prlimit(1)): it goes on with what
//! it has.

use std::fs;

use daemonproxy_testing::{Conn, Daemon, Gone, Setup, exited, fd_count, killed};

/// Sets the limit of a running daemon: the soft one, which can be raised again.
#[track_caller]
fn limit(d: &Daemon, most: u64) {
    let pid = i32::try_from(d.pid()).unwrap();
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: writes one rlimit, and then reads one.
    let result = unsafe {
        libc::prlimit(pid, libc::RLIMIT_NOFILE, std::ptr::null(), &raw mut limit);
        limit.rlim_cur = most;
        libc::prlimit(pid, libc::RLIMIT_NOFILE, &raw const limit, std::ptr::null_mut())
    };
    assert_eq!(result, 0, "{}", std::io::Error::last_os_error());
}

/// User and system time, in hundredths of a second.
fn cpu_ticks(d: &Daemon) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", d.pid())).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// poll(2) refuses a list that is longer than the limit.
#[test]
fn fewer_than_are_waited_for() {
    for most in [30, 10, 3, 0] {
        let mut d = Setup::interactive().socket().start();
        d.define_sleeper("web");
        d.run("web");
        let mut others: Vec<Conn> = (0..30).map(|_| d.connect()).collect();
        others.iter_mut().for_each(|other| drop(other.sync()));
        limit(&d, most);
        d.still_answers();
        for (at, other) in others.iter_mut().enumerate() {
            other.answers(&format!("echo\t{at}"), &[at.to_string()]);
        }
        // Children and signals, and who leaves.
        d.send("service.signal\tweb\tKILL");
        d.wait_for(killed("web", "SIGKILL"));
        d.signal(libc::SIGHUP);
        others[29].wait_for("signal\tSIGHUP\t{ts}\t1");
        others.truncate(25);
        others[3].send("exit");
        others[4].sync();
        // Nothing happens, and nothing is done.
        d.discard();
        let before = cpu_ticks(&d);
        assert_eq!(d.next_line(std::time::Duration::from_millis(1000)), Err(Gone::Late));
        let used = cpu_ticks(&d) - before;
        assert!(used < 20, "limit {most}: {used} ticks of CPU while nothing happens");
        // And back.
        limit(&d, 1000);
        d.connect().sync();
        d.define("true", &["/bin/true"]);
        d.send("service.start\ttrue");
        d.wait_for(exited("true", 0));
    }
}

/// The first three are never free, whatever has become of /dev/null: what is opened next would get
/// the number, and be the standard input of the program of `--exit-exec`.
#[test]
fn the_first_three_stay_taken_when_nothing_can_be_opened() {
    let list = "/bin/sh\t-c\tfor n in 0 1 2; do readlink /proc/self/fd/$n; done > found; exit 99";
    let mut d = Setup::new(["-E", list]).no_input().socket().spawn();
    let mut c = d.connect();
    c.sync();
    let before = fd_count(d.pid());
    limit(&d, 0);
    for name in ["stdin", "stdout", "stderr"] {
        c.answers(&format!("fd.delete\t{name}"), &[format!("fd.state\t{name}\tdeleted")]);
    }
    limit(&d, 1000);
    let mut others: Vec<Conn> = (0..5).map(|_| d.connect()).collect();
    others.iter_mut().for_each(|other| drop(other.sync()));
    assert!(fd_count(d.pid()) >= before, "{before}");
    for number in 0..3 {
        let what = fs::read_link(format!("/proc/{}/fd/{number}", d.pid())).unwrap();
        assert!(!what.to_string_lossy().starts_with("socket"), "{number}: {what:?}");
    }
    c.send("terminate\t0");
    d.exits_with(99);
    assert!(!d.read("found").contains("socket"), "{}", d.read("found"));
}
