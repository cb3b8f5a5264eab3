//! Services that wait for descriptors (`fd:`): waiting costs nothing, and the kernel watches what
//! has the name now, and nothing else.

use std::fs;
use std::io::Write;
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use daemonproxy_testing::{Conn, Daemon, Setup, eventually, exited, pipe, state, up};

/// How many descriptors the daemon passes to poll(2) while it sleeps: the second argument.
#[track_caller]
fn polled(d: &Daemon) -> usize {
    eventually("the daemon sleeps in poll(2)", || {
        let call = fs::read_to_string(format!("/proc/{}/syscall", d.pid())).unwrap();
        let mut fields = call.split(' ');
        let is_poll = fields.next() == Some(&libc::SYS_poll.to_string());
        let count = fields.nth(1)?.strip_prefix("0x")?;
        is_poll.then(|| usize::from_str_radix(count, 16).unwrap())
    })
}

/// It sleeps, and is not woken up again and again.
#[track_caller]
fn sleeps(d: &mut Daemon) {
    d.still_answers();
    eventually("the daemon goes on sleeping", || {
        polled(d);
        (0..200).all(|_| state(d.pid()) == Some('S')).then_some(())
    });
}

/// Passes the read end of a pipe under this name. What is returned writes into it.
#[track_caller]
fn take(c: &mut Conn, name: &str) -> (OwnedFd, fs::File) {
    let (read, write) = pipe();
    give(c, name, &read);
    c.sync();
    (read, write.into())
}

fn give(c: &mut Conn, name: &str, read: &OwnedFd) {
    c.send_with_fds(format!("fd.take\t{name}\n").as_bytes(), &[read.as_fd()]);
}

/// A service that waits for these, and reads a line from the first.
#[track_caller]
fn waits(c: &mut Conn, service: &str, fds: &[&str]) {
    c.ask(&format!("service.args\t{service}\tsh\t-c\tread -r line"));
    c.ask(&format!("service.fds\t{service}\t{}\tnull\tstderr", fds[0]));
    let names: Vec<String> = fds.iter().map(|fd| format!("fd:{fd}")).collect();
    // What it answers comes before whatever follows from it.
    c.send(&format!("service.auto_up\t{service}\t1\t{}", names.join(",")));
}

fn daemon() -> (Daemon, Conn) {
    let d = Setup::interactive().socket().start();
    let mut c = d.connect();
    c.sync();
    (d, c)
}

#[test]
fn a_turn_looks_at_no_more_descriptors_however_many_are_waited_for() {
    let (d, mut c) = daemon();
    let mut counts = Vec::new();
    for n in 0..2000 {
        if n == 10 {
            counts.push(polled(&d));
        }
        c.send(&format!("fd.socket\tu{n}\tunix,dgram"));
        c.send(&format!("service.args\ts{n}\tsleep\t300"));
        c.send(&format!("service.auto_up\ts{n}\t1\tfd:u{n}"));
        if n % 10 == 9 {
            c.sync();
        }
    }
    counts.push(polled(&d));
    assert_eq!(counts[0], counts[1]);
}

#[test]
fn a_closed_one_that_others_still_have_wakes_nobody() {
    let (mut d, mut c) = daemon();
    let (read, mut write) = take(&mut c, "r");
    waits(&mut c, "s", &["r"]);
    c.ask("service.args\tholder\tsleep\t300");
    c.ask("service.fds\tholder\tr\tnull\tnull");
    c.ask("service.start\tholder");
    c.ask("fd.delete\tr");
    writeln!(write, "nobody reads this").unwrap();
    sleeps(&mut d);
    // The same open file, under whatever number.
    give(&mut c, "r", &read);
    c.wait_for(exited("s", 0));
    sleeps(&mut d);
}

#[test]
fn one_that_is_replaced_is_not_watched_and_the_new_one_is() {
    let (mut d, mut c) = daemon();
    let (_kept, mut old) = take(&mut c, "r");
    waits(&mut c, "s", &["r"]);
    let (_read, mut new) = take(&mut c, "r");
    writeln!(old, "old").unwrap();
    sleeps(&mut d);
    writeln!(new, "new").unwrap();
    c.wait_for(exited("s", 0));
    writeln!(new, "again").unwrap();
    c.wait_for(exited("s", 0));
    sleeps(&mut d);
}

#[test]
fn a_service_that_is_deleted_or_waits_for_another_one_leaves_nothing_behind() {
    let (mut d, mut c) = daemon();
    let (_a, mut a) = take(&mut c, "a");
    let (_b, mut b) = take(&mut c, "b");
    waits(&mut c, "s", &["a"]);
    waits(&mut c, "t", &["a"]);
    waits(&mut c, "s", &["b"]);
    c.ask("service.delete\tt");
    writeln!(a, "nobody reads this").unwrap();
    sleeps(&mut d);
    writeln!(b, "a line").unwrap();
    c.wait_for(exited("s", 0));
    sleeps(&mut d);
}

#[test]
fn all_that_wait_for_one_are_started() {
    let (mut d, mut c) = daemon();
    let (_read, mut write) = take(&mut c, "r");
    for service in ["one", "two", "three"] {
        waits(&mut c, service, &["r"]);
    }
    writeln!(write, "1\n2\n3").unwrap();
    c.wait_for_all(&["one", "two", "three"].map(up));
    sleeps(&mut d);
}

#[test]
fn who_waits_for_two_is_started_when_both_can_be_read() {
    let (mut d, mut c) = daemon();
    let (_a, mut a) = take(&mut c, "a");
    let (_b, mut b) = take(&mut c, "b");
    waits(&mut c, "s", &["a", "b"]);
    writeln!(a, "a line").unwrap();
    sleeps(&mut d);
    writeln!(b, "a line").unwrap();
    c.wait_for(exited("s", 0));
    // Now there is nothing in the first.
    sleeps(&mut d);
    writeln!(a, "a line").unwrap();
    c.wait_for(exited("s", 0));
    sleeps(&mut d);
}

#[test]
fn a_broken_one_is_waited_for_no_more() {
    let (mut d, mut c) = daemon();
    let (_read, write) = take(&mut c, "r");
    waits(&mut c, "s", &["r"]);
    drop(write);
    sleeps(&mut d);
    let (_read, mut write) = take(&mut c, "r");
    writeln!(write, "a line").unwrap();
    c.wait_for(exited("s", 0));
}

/// Of a socket the end can be read as well as data, unlike that of a pipe.
#[test]
fn a_socket_without_another_side_is_waited_for_no_more() {
    for how in [Some(Shutdown::Write), None] {
        let (mut d, mut c) = daemon();
        let (ours, theirs) = UnixStream::pair().unwrap();
        give(&mut c, "r", &ours.into());
        waits(&mut c, "s", &["r"]);
        // While there is data, it is for the service to read.
        (&theirs).write_all(b"the only line\n").unwrap();
        c.wait_for(exited("s", 0));
        match how {
            Some(how) => theirs.shutdown(how).unwrap(),
            None => drop(theirs),
        }
        // It would be started each second.
        c.ask("service.args\ttime\tsleep\t2.5");
        c.send("service.start\ttime");
        loop {
            let line = c.line();
            let line = String::from_utf8_lossy(&line);
            assert!(!line.starts_with("service.state\ts\tup"), "{how:?}: {line}");
            if line.starts_with("service.state\ttime\tdown") {
                break;
            }
        }
        sleeps(&mut d);
    }
}

/// A file can always be read, and the kernel does not watch it.
#[test]
fn a_file_starts_a_service_at_once() {
    let (mut d, mut c) = daemon();
    c.ask("fd.open\tf\tread\t/etc/passwd");
    waits(&mut c, "s", &["f"]);
    c.wait_for(exited("s", 0));
    c.ask("service.stop\ts");
    sleeps(&mut d);
}

/// An instance of epoll(7) within others is refused when there are too many of them.
#[test]
fn what_the_kernel_does_not_watch_is_polled() {
    let (mut d, mut c) = daemon();
    let (read, write) = pipe();
    let mut fd = read;
    let mut kept = Vec::new();
    for _ in 0..5 {
        // SAFETY: numbers, and an event that is there.
        let outer = unsafe {
            use std::os::fd::{AsRawFd, FromRawFd};
            let outer = libc::epoll_create1(libc::EPOLL_CLOEXEC);
            let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: 0 };
            let added = libc::epoll_ctl(outer, libc::EPOLL_CTL_ADD, fd.as_raw_fd(), &raw mut event);
            assert_eq!(added, 0);
            OwnedFd::from_raw_fd(outer)
        };
        kept.push(std::mem::replace(&mut fd, outer));
    }
    let before = polled(&d);
    give(&mut c, "nested", &fd);
    c.sync();
    c.ask("service.args\ts\ttrue");
    c.ask("service.auto_up\ts\t1\tfd:nested,once");
    c.sync();
    assert_eq!(polled(&d), before + 1, "the kernel watches it, so that this shows nothing");
    fs::File::from(write).write_all(b"x").unwrap();
    c.wait_for(exited("s", 0));
    sleeps(&mut d);
}

#[test]
fn after_an_upgrade_they_are_watched_again() {
    let (mut d, mut c) = daemon();
    let (_read, mut write) = take(&mut c, "r");
    let (_gone, mut gone) = take(&mut c, "gone");
    waits(&mut c, "s", &["r"]);
    waits(&mut c, "t", &["gone"]);
    c.send("@u\tupgrade");
    c.wait_for("done\tu");
    c.ask("fd.delete\tgone");
    writeln!(gone, "nobody reads this").unwrap();
    sleeps(&mut d);
    writeln!(write, "a line").unwrap();
    c.wait_for(exited("s", 0));
    sleeps(&mut d);
}
