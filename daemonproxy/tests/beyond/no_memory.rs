//! The machine has no memory left for the daemon (RLIMIT_AS): commands are refused, and it lives.
//!
//! The same session repeatedly, and each time the memory runs out one step later. What is refused
//! has its answer, what needs no memory works, and when there is memory again everything works.

use std::os::fd::AsFd;

use daemonproxy_testing::{Conn, Daemon, Gone, PATIENCE, Setup, status_field};

/// Sets how much memory the daemon may have: this many bytes, or all there is.
fn limit(d: &Daemon, bytes: Option<u64>) {
    let limit = libc::rlimit {
        rlim_cur: bytes.unwrap_or(libc::RLIM_INFINITY),
        rlim_max: libc::RLIM_INFINITY,
    };
    let pid = i32::try_from(d.pid()).unwrap();
    // SAFETY: `limit` is valid for the call.
    let set =
        unsafe { libc::prlimit(pid, libc::RLIMIT_AS, &raw const limit, std::ptr::null_mut()) };
    assert_eq!(set, 0, "{}", std::io::Error::last_os_error());
}

/// Bytes of address space that it has.
fn size(d: &Daemon) -> u64 {
    let text = status_field(d.pid(), "VmSize").unwrap();
    text.trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Its buffer grows with the first long line. If there is no memory for that, the line is refused as
/// too long.
#[track_caller]
fn takes_long_lines(d: &mut Daemon) {
    let long = "x".repeat(3100);
    assert!(d.ask(&format!("echo\t{long}")).contains(&long));
}

/// Defines services until one of them is refused, first large ones and then such as fit into what
/// is left.
#[track_caller]
fn use_up(d: &mut Daemon) {
    for (kind, length) in [("large", 3000), ("middle", 300), ("small", 1)] {
        let refused = (0..10_000).find_map(|n| {
            let lines = d.ask(&format!("service.args\t{kind}{n}\t{}", "x".repeat(length)));
            let refusal = lines.iter().find(|line| line.contains(", for command \""));
            let done =
                lines.iter().any(|line| line.starts_with(&format!("service.args\t{kind}{n}\t")));
            assert_ne!(refusal.is_some(), done, "one answer: {lines:?}");
            refusal.cloned()
        });
        let refused = refused.expect("the memory comes to an end");
        let texts = ["error\tUnable to allocate new service,", "error\tunable to set argv,"];
        assert!(texts.iter().any(|text| refused.starts_with(text)), "{refused}");
    }
}

/// Commands of every kind that leave the daemon as it is found.
const SESSION: [&str; 37] = [
    "service.args\ta\t/bin/true\tone",
    "service.fds\ta\tnull\tstderr\tstderr",
    "service.tags\ta\tx=1",
    "service.tags.apply\ta\ty=2\t-x",
    "service.auto_up\ta\t5\tUSR1",
    "service.auto_up\ta\t-",
    "service.start\ta",
    "service.start\ta\t2000000000",
    "service.start\ta\t-",
    "service.signal\ta\tHUP",
    "service.pipe\ta\t1,2\t/bin/cat",
    "service.auto_up\ta-log\t-",
    "service.signal\ta-log\tKILL",
    "service.args\tc\t/bin/cat",
    "service.fds\tc\tcontrol.socket",
    "service.start\tc",
    "service.signal\tc\tKILL",
    "service.args\ta\t/bin/sleep\t300",
    "fd.pipe\tr\tw",
    "fd.pipe\ts\tt\tunix",
    "fd.open\tf\twrite,create,mkdir\ta/b/c/d",
    "fd.socket\tu\tinet,listen\t127.0.0.1:0",
    "fd.take\tg",
    "fd.delete\tr",
    "socket.create\t-\tcontrol",
    "log.filter\tdebug",
    "log.dest\tfd\tstderr",
    "chdir\t.",
    "signal.clear\tUSR1\t1",
    "signal.default\tUSR2\tevent",
    "conn.features\tobserver",
    "conn.event_timeout\t50\t60",
    "terminate.exec_args\t/bin/true",
    "terminate.exec_args",
    "terminate.guard\t+\t5",
    "terminate.guard\t-\t5",
    "statedump",
];

/// A controller that comes is heard, or told why not.
#[track_caller]
fn is_heard_or_refused(mut conn: Conn) {
    let long = format!("echo\t{}\n", "e".repeat(3000));
    let _ = conn.try_push(long.as_bytes());
    loop {
        match conn.next_line(PATIENCE) {
            Ok(line) if line.starts_with(b"eee") || line == b"overflow" => return,
            Ok(line) if line == b"error\tline too long" => return,
            Ok(line) if line == b"error\tno memory is left for another controller" => return,
            Ok(line) if line.starts_with(b"error\t") && !line.ends_with(b"\"") => {
                conn.fail("another error");
            }
            // News.
            Ok(_) => {}
            Err(Gone::Closed(_)) => return,
            Err(late @ Gone::Late) => conn.fail(&format!("{late:?}")),
        }
    }
}

#[test]
fn whenever_it_ends_commands_are_refused_and_the_daemon_lives() {
    for step in 0..SESSION.len() {
        let mut d = Setup::interactive().socket().start();
        d.ask("log.filter\terror");
        for command in &SESSION[..step] {
            d.ask(command);
        }
        let mut passing = d.connect();
        passing.sync();
        let others: Vec<Conn> = (0..3).map(|_| d.connect()).collect();
        d.sync();
        takes_long_lines(&mut d);
        limit(&d, Some(size(&d)));
        use_up(&mut d);
        for command in &SESSION[step..] {
            d.ask(command);
        }
        let (_, passed) = daemonproxy_testing::pipe();
        passing.send_with_fds(b"fd.take\tx\n", &[passed.as_fd()]);
        passing.sync();
        is_heard_or_refused(d.connect());
        d.sync();
        others.into_iter().for_each(is_heard_or_refused);
        d.ask("service.delete\tlarge0");
        limit(&d, None);
        d.answers("service.args\tlarge0\tx", &["service.args\tlarge0\tx"]);
        d.connect().sync();
        d.still_answers();
    }
}

/// What is owed to a controller that does not read, when there is no memory to keep it in: it is
/// told to have been lost, and no line is cut.
#[test]
fn what_cannot_be_kept_for_a_slow_reader_is_told_as_overflow() {
    let mut d = Setup::interactive().socket().start();
    let mut slow = d.connect();
    d.send("service.args\ttold\tx");
    d.sync();
    slow.sync();
    takes_long_lines(&mut d);
    limit(&d, Some(size(&d)));
    use_up(&mut d);
    let tags = "service.tags\ttold\tx";
    for _ in 0..20_000 {
        d.send(tags);
    }
    d.sync();
    slow.wait_for("overflow");
    slow.sync();
    d.still_answers();
}
