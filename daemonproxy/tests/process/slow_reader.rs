//! A controller that does not read: its commands wait, then it is told that it missed something,
//! then it is closed. No line is ever cut, and nobody else notices.
//!
//! The overflow is brought about in each way there is: by commands whose answers nobody reads, by
//! events about state, and by signals. (Lines that are too long are in `lines.rs`.)

use std::time::{Duration, Instant};

use daemonproxy_testing::{Conn, Daemon, Gone, PATIENCE, Setup, eventually, state};
use nix::fcntl::{FcntlArg, fcntl};

const OVERFLOW: &str = "overflow";

/// A daemon with a socket; its `-i` connection is the one that reads well, and sees what happens.
fn start() -> (Daemon, Conn) {
    let d = Setup::interactive().socket().start();
    let mut conn = d.connect();
    conn.sync();
    (d, conn)
}

/// Sends `echo N <padding>` without reading, until the daemon takes no more. Returns how many
/// commands were sent in whole, and the rest of the next.
fn flood(d: &Daemon, conn: &mut Conn) -> (usize, Vec<u8>) {
    for count in 0.. {
        let line = echo(count).into_bytes();
        let mut sent = conn.push(&line);
        while sent < line.len() {
            if blocked(d, conn) {
                return (count, line[sent..].to_vec());
            }
            sent += conn.push(&line[sent..]);
        }
    }
    unreachable!()
}

/// The daemon takes no command, and that is not because it had no time to.
fn blocked(d: &Daemon, conn: &mut Conn) -> bool {
    !conn.wait_for_room(Duration::from_millis(100)) && state(d.pid()) == Some('S')
}

fn echo(n: usize) -> String {
    format!("echo\t{}\n", answer(n))
}

fn answer(n: usize) -> String {
    format!("{n} {}", "x".repeat(990))
}

/// `line` is one of the answers in whole; returns its number.
#[track_caller]
fn number_of(line: &str) -> usize {
    let n = line.split(' ').next().unwrap().parse().unwrap_or_else(|_| panic!("cut: {line:?}"));
    assert_eq!(line, answer(n), "cut");
    n
}

#[test]
fn commands_wait_while_their_answers_cannot_be_written() {
    let (d, mut conn) = start();
    let (count, rest) = flood(&d, &mut conn);
    // Once it reads, each of them is answered, in order, and nothing was thrown away.
    conn.send_bytes(&rest);
    for n in 0..=count {
        conn.expect(&[answer(n)]);
    }
    assert!(conn.sync().is_empty(), "no overflow");
}

#[test]
fn memory_does_not_grow_with_what_is_asked_for() {
    let (mut d, mut conn) = start();
    for i in 0..200 {
        d.define(&format!("s{i}"), &["/bin/echo", &"y".repeat(900)]);
    }
    let before = resident(&d);
    let mut sent = 0;
    while !blocked(&d, &mut conn) {
        sent += conn.push(&b"statedump\n".repeat(50));
    }
    assert!(sent > 0);
    d.still_answers();
    // 100 kB and more for each of hundreds of dumps: were they all kept, it would be 10 MB at
    // least.
    let grown = resident(&d) - before;
    assert!(grown < 2048, "grew by {grown} kB");
}

fn resident(d: &Daemon) -> i64 {
    let field = daemonproxy_testing::status_field(d.pid(), "VmRSS").unwrap();
    field.trim_end_matches("kB").trim().parse().unwrap()
}

#[test]
fn others_are_not_slowed_down() {
    let (mut d, mut conn) = start();
    flood(&d, &mut conn);
    let begin = Instant::now();
    for _ in 0..500 {
        d.sync();
    }
    d.define("web", &["/bin/true"]);
    d.run_to_end("web");
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(10), "500 round trips took {took:?}");
}

#[test]
fn after_the_reset_time_answers_are_thrown_away_and_commands_executed() {
    let (mut d, mut conn) = start();
    conn.send("conn.event_timeout\t1\t300");
    let (count, rest) = flood(&d, &mut conn);
    // It goes on accepting commands, although nobody reads.
    assert!(conn.wait_for_room(PATIENCE), "still blocked");
    assert_eq!(conn.push(&rest), rest.len());
    let last = b"fd.open\tseen\tread\t/dev/null\n";
    assert_eq!(conn.push(last), last.len());
    d.wait_for("fd.state\tseen\tfile\tread\t/dev/null");

    // Then it reads: what was buffered, in whole lines, and then that it has missed something.
    let (buffered, _) = conn.lines_until(OVERFLOW);
    assert!(!buffered.is_empty());
    assert!(buffered.len() < count, "some were thrown away");
    for (n, line) in buffered.iter().enumerate() {
        assert_eq!(number_of(line), n, "without a gap");
    }
    // And commands work again.
    conn.answers("echo\tagain", &["again"]);
    assert_eq!(conn.dump_of("fd.state\tseen").len(), 1);
}

#[test]
fn overflow_is_told_once() {
    let (mut d, mut conn) = start();
    conn.send("conn.event_timeout\t1\t300");
    let (_, rest) = flood(&d, &mut conn);
    assert!(conn.wait_for_room(PATIENCE), "still blocked");
    assert_eq!(conn.push(&rest), rest.len());
    for i in 0..100 {
        d.answers(
            &format!("fd.open\tx{i}\tread\t/dev/null"),
            &[format!("fd.state\tx{i}\tfile\tread\t/dev/null")],
        );
    }
    conn.lines_until(OVERFLOW);
    let rest = conn.sync();
    assert!(!rest.iter().any(|l| l == OVERFLOW), "{rest:?}");
}

/// Events that do not fit set the flag at once, long before the reset time.
#[test]
fn events_that_do_not_fit_are_missed_and_that_is_told() {
    let (mut d, mut conn) = start();
    conn.send("conn.event_timeout\t100\t300");
    conn.sync();
    d.define("web", &["/bin/true"]);
    let padding = "z".repeat(900);
    // 3 MB, of which the socket and the buffer hold some hundreds of kB.
    let begin = Instant::now();
    let count = 3000;
    for i in 0..count {
        let tags = format!("service.tags\tweb\t{i}\t{padding}");
        d.send(&tags);
        d.expect(&[tags]);
    }
    assert!(begin.elapsed() < Duration::from_secs(99), "the reset time has passed");
    let (heard, _) = conn.lines_until(OVERFLOW);
    assert_eq!(heard[0], "service.args\tweb\t/bin/true");
    for (i, line) in heard[1..].iter().enumerate() {
        assert_eq!(*line, format!("service.tags\tweb\t{i}\t{padding}"), "whole, and without a gap");
    }
    assert!(heard.len() < count);
    // From here on it hears everything again.
    d.send("service.tags\tweb\tafter");
    conn.wait_for("service.tags\tweb\tafter");
    assert_eq!(conn.dump_of("service.tags\tweb"), ["service.tags\tweb\tafter"]);
}

#[test]
fn signals_that_do_not_fit_are_missed_and_that_is_told() {
    let (mut d, mut watcher) = start();
    // The smallest pipe there is, so that a few hundred signals fill it.
    fcntl(d.events_fd(), FcntlArg::F_SETPIPE_SZ(4096)).expect("F_SETPIPE_SZ");
    let count = 8000;
    for n in 1..=count {
        d.signal(libc::SIGUSR1);
        watcher.expect(&[format!("signal\tSIGUSR1\t{{ts}}\t{n}")]);
    }
    let (heard, _) = d.lines_until(OVERFLOW);
    assert!(heard.len() < count, "nothing was missed");
    for (i, line) in heard.iter().enumerate() {
        let whole = format!("signal\tSIGUSR1\t{{ts}}\t{}", i + 1);
        assert!(daemonproxy_testing::matches(&whole, line.as_bytes()).is_some(), "{i}: {line:?}");
    }
    // The count is in the dump, whatever was missed.
    let dumped = d.dump_of("signal\tSIGUSR1");
    assert!(dumped[0].ends_with(&format!("\t{count}")), "{dumped:?}");
    d.signal(libc::SIGUSR2);
    d.expect(&["signal\tSIGUSR2\t{ts}\t1"]);
}

#[test]
fn after_the_close_time_the_connection_is_closed() {
    let (mut d, mut conn) = start();
    conn.send("conn.event_timeout\t1\t2");
    flood(&d, &mut conn);
    assert!(conn.wait_for_hangup(PATIENCE), "still open");
    // What had been written is whole.
    let mut expected = 0;
    loop {
        match conn.next_line(PATIENCE) {
            Ok(line) => {
                let line = String::from_utf8(line).unwrap();
                if line != OVERFLOW {
                    assert_eq!(number_of(&line), expected);
                    expected += 1;
                }
            }
            Err(Gone::Closed(rest)) => {
                assert!(rest.is_empty(), "cut: {:?}", rest.escape_ascii().to_string());
                break;
            }
            Err(Gone::Late) => panic!("neither a line nor the end"),
        }
    }
    d.still_answers();
    d.connect().sync();
}

#[test]
fn the_times_are_those_of_the_connection_that_set_them() {
    let (d, mut conn) = start();
    let mut patient = d.connect();
    conn.send("conn.event_timeout\t1\t2");
    let (count, rest) = flood(&d, &mut patient);
    flood(&d, &mut conn);
    assert!(conn.wait_for_hangup(PATIENCE), "still open");
    // The other one has been blocked for longer, and nothing happened to it.
    patient.send_bytes(&rest);
    for n in 0..=count {
        patient.expect(&[answer(n)]);
    }
}

#[test]
fn a_service_that_does_not_read_its_events_is_told_too() {
    let mut d = Daemon::interactive();
    // It reads when there is a file `go`, and then tells what it heard last, and asks.
    let script = "until [ -e go ]; do sleep 0.02; done; \
                  while read -r line; do [ \"$line\" = overflow ] && break; done; \
                  printf 'service.tags\\tctl\\tsaw overflow\\n'; exec cat > /dev/null";
    d.define_shell("ctl", script);
    d.give_fds("ctl", &["control.event", "control.cmd", "stderr"]);
    d.run("ctl");
    let padding = "z".repeat(900);
    for i in 0..3000 {
        d.send(&format!("service.tags\tctl\t{i}\t{padding}"));
        d.expect(&[format!("service.tags\tctl\t{i}\t{padding}")]);
    }
    std::fs::write(d.path("go"), "").unwrap();
    d.wait_for("service.tags\tctl\tsaw overflow");
}

#[test]
fn a_dump_is_given_piece_by_piece_to_a_slow_reader() {
    let mut d = Setup::interactive().socket().start();
    for i in 0..2000 {
        d.send(&format!("service.args\ts{i}\t/bin/echo\t{}", "w".repeat(200)));
    }
    d.sync();
    let whole = d.dump();
    let mut conn = d.connect();
    conn.send("statedump");
    conn.send("echo\tend");
    // The daemon cannot have written it all before this is answered.
    d.still_answers();
    let (slow, _) = conn.lines_until("end");
    assert_eq!(slow.len(), whole.len());
    assert!(slow == whole);
}

#[test]
fn a_reader_that_leaves_while_blocked_is_forgotten() {
    let (mut d, mut conn) = start();
    let before = d.settled_fds();
    flood(&d, &mut conn);
    drop(conn);
    eventually("its connection is closed", || {
        (daemonproxy_testing::fd_count(d.pid()) == before - 1).then_some(())
    });
    d.still_answers();
}
