//! The log: one line a message, never in the way of the daemon, and never losing count.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::time::{Duration, Instant};

use daemonproxy_testing::{Daemon, Gone, Log, Setup, eventually, pipe};
use nix::fcntl::{FcntlArg, OFlag, fcntl};

const LEVELS: [&str; 6] = ["trace: ", "debug: ", "info: ", "warning: ", "error: ", "fatal: "];

#[track_caller]
fn assert_whole(line: &str) {
    assert!(LEVELS.iter().any(|level| line.starts_with(level)), "no log message: {line:?}");
}

#[test]
fn every_line_begins_with_its_level() {
    let mut d = Setup::new(["-ivv"]).start();
    d.define("web", &["/bin/true"]);
    d.run_to_end("web");
    d.ask("no.such.command");
    d.ask("service.start\tnobody");
    d.signal(libc::SIGHUP);
    d.expect(&["signal\tSIGHUP\t{ts}\t1"]);
    d.send("terminate\t0");
    let lines = d.log.wait_for_end();
    assert!(!lines.is_empty());
    for line in lines {
        assert_whole(&line);
    }
}

#[test]
fn services_that_still_run_are_named_at_the_end() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.define_sleeper("db");
    d.define("idle", &["/bin/true"]);
    let (web, db) = (d.run("web"), d.run("db"));
    d.send("terminate\t0");
    d.exits_with(0);
    let log = d.log.wait_for_end();
    for (name, pid) in [("web", web), ("db", db)] {
        let text = format!("service '{name}' running as pid {pid}");
        assert!(log.iter().any(|l| l.contains(&text)), "{text}: {log:#?}");
    }
    assert!(!log.iter().any(|l| l.contains("'idle'")), "{log:#?}");
}

/// A pipe of 4096 bytes that is full, as standard error. The daemon shares the write end with us,
/// as it may with anybody.
fn full_pipe() -> (OwnedFd, OwnedFd) {
    let (read_end, write_end) = pipe();
    fcntl(&write_end, FcntlArg::F_SETPIPE_SZ(4096)).expect("F_SETPIPE_SZ");
    // Through a description of its own: non-blocking mode would be shared as well.
    let mut own = OpenOptions::new()
        .write(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(format!("/proc/self/fd/{}", write_end.as_raw_fd()))
        .expect("open the pipe again");
    while own.write(&[b'\n'; 4096]).is_ok() {}
    (read_end, write_end)
}

fn start_with_log(write_end: &OwnedFd) -> Daemon {
    Setup::interactive().std(2, write_end.try_clone().unwrap()).start()
}

/// Logs `count` times the same number of messages.
fn provoke(d: &mut Daemon, count: usize) {
    for i in 0..count {
        d.ask(&format!("no.such.command.{i}"));
    }
}

#[test]
fn a_log_that_nobody_reads_does_not_stop_the_daemon() {
    let (_read_end, write_end) = full_pipe();
    let mut d = start_with_log(&write_end);
    provoke(&mut d, 500);
    d.define("web", &["/bin/true"]);
    d.run_to_end("web");
    d.signal(libc::SIGHUP);
    d.expect(&["signal\tSIGHUP\t{ts}\t1"]);
    d.send("terminate\t3");
    d.exits_with(3);
}

/// The kernel calls a terminal writable when it has room for one byte, and then waits for room for
/// all: a frozen window must not freeze the daemon.
#[test]
fn a_terminal_that_nobody_reads_does_not_stop_the_daemon() {
    let pty = nix::pty::openpty(None, None).expect("openpty");
    let mut d = start_with_log(&pty.slave);
    provoke(&mut d, 600);
    d.send("terminate\t3");
    d.exits_with(3);
}

/// A terminal of another user, as after su(1): everybody may write to their own under another name.
#[test]
fn the_own_terminal_is_written_to_whoever_it_belongs_to() {
    let pty = nix::pty::openpty(None, None).expect("openpty");
    let setup = Setup::interactive().std(2, pty.slave.try_clone().unwrap()).unprivileged();
    let mut d = setup
        .before_exec(|| {
            // SAFETY: a system call on a descriptor.
            unsafe { libc::ioctl(2, libc::TIOCSCTTY, 0) };
            Ok(())
        })
        .start();
    let log = Log::collect(pty.master);
    d.ask("service.start\tmarker");
    log.wait_for("marker");
}

/// The first process of a machine has no /proc yet. Where the kernel does not let us hide it, there
/// is nothing to be seen.
#[test]
fn a_terminal_is_written_to_without_proc() {
    let hide = ["unshare", "--mount", "sh", "-c", "umount -l /proc && exec \"$@\"", "sh"];
    let tried = std::process::Command::new(hide[0]).args(&hide[1..]).arg("true").output();
    if !tried.is_ok_and(|output| output.status.success()) {
        println!("skipped: this kernel does not let us hide /proc");
        return;
    }
    let pty = nix::pty::openpty(None, None).expect("openpty");
    let mut d = Setup::interactive()
        .std(2, pty.slave.try_clone().unwrap())
        .wrapped_in(&hide)
        .before_exec(|| {
            // SAFETY: a system call on a descriptor.
            unsafe { libc::ioctl(2, libc::TIOCSCTTY, 0) };
            Ok(())
        })
        .start();
    let log = Log::collect(pty.master);
    d.ask("service.start\tmarker");
    log.wait_for("marker");
}

/// There is no way to write to it that is sure not to wait.
#[test]
fn a_strange_terminal_of_another_user_does_not_stop_the_daemon() {
    let pty = nix::pty::openpty(None, None).expect("openpty");
    let mut d = Setup::interactive().std(2, pty.slave.try_clone().unwrap()).unprivileged().start();
    provoke(&mut d, 100);
    d.still_answers();
    d.send("terminate.shutdown\t10\t5\t1000");
    d.exits_with(0);
}

/// Not one of ours, and full but for a page now and then, which somebody else takes sooner or
/// later. To ask whether there is room, and then to write, would be to wait for the reader when it
/// is in between: the time from the question to the answer is made long here.
#[track_caller]
fn contested(read_end: &OwnedFd, write_end: &OwnedFd, number: usize) {
    let strace = ["strace", "-D", "-qqq", "-o", "/dev/null", "-e", "trace=poll,ppoll"];
    let inject = ["-e", "inject=poll,ppoll:delay_exit=20000"];
    let (stdin, _open) = pipe();
    let setup = Setup::interactive().socket().std(0, stdin);
    let setup = setup.std(number, write_end.try_clone().unwrap()).unprivileged();
    let d = setup.wrapped_in(&[&strace[..], &inject].concat()).spawn();
    let mut c = d.connect();
    c.sync();
    let again = |fd: &OwnedFd, options: &mut OpenOptions| {
        let path = format!("/proc/self/fd/{}", fd.as_raw_fd());
        options.custom_flags(libc::O_NONBLOCK).open(path).expect("open the pipe again")
    };
    let mut fill = again(write_end, OpenOptions::new().write(true));
    let mut take = again(read_end, OpenOptions::new().read(true));
    let page = [b'.'; 4096];
    while fill.write(&page).is_ok() {}
    // Time itself is what is tried here: each pause lets somebody else fill the pipe at another
    // moment of the time in which the daemon tries again.
    for pause in (0..80).step_by(4) {
        // A message in the log, and an event for everybody.
        c.ask("no.such.command");
        c.ask("service.tags\tweb\ta");
        let _ = take.read(&mut [0; 4096]);
        std::thread::sleep(Duration::from_millis(pause));
        while fill.write(&page).is_ok() {}
    }
    c.sync();
}

#[test]
fn a_pipe_of_another_user_is_never_waited_for() {
    let (read_end, write_end) = pipe();
    contested(&read_end, &write_end, 2);
}

/// Standard output of `-i` is like that, too.
#[test]
fn a_standard_output_of_another_user_is_never_waited_for() {
    let (read_end, write_end) = pipe();
    contested(&read_end, &write_end, 1);
}

/// The kernel cannot be asked in the same way there.
#[test]
fn a_fifo_of_another_user_is_never_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("fifo");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::from_bits_truncate(0o600)).unwrap();
    let both = OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let write_end: OwnedFd = OpenOptions::new().write(true).open(&path).unwrap().into();
    contested(&both.into(), &write_end, 2);
}

#[test]
fn a_pipe_or_fifo_of_another_user_gets_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("fifo");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::from_bits_truncate(0o600)).unwrap();
    let both: OwnedFd = OpenOptions::new().read(true).write(true).open(&path).unwrap().into();
    let fifo = (both.try_clone().unwrap(), both);
    for (read_end, write_end) in [pipe(), fifo] {
        let mut d = Setup::interactive().std(2, write_end).unprivileged().start();
        let log = Log::collect(read_end);
        for i in 0..100 {
            d.ask(&format!("no.such.command.{i}"));
            log.wait_for(&format!("no.such.command.{i}"));
        }
    }
}

/// A socket of a service manager, blocking and full.
#[test]
fn a_socket_that_nobody_reads_does_not_stop_the_daemon() {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    let mut d = Setup::interactive().std(2, theirs.into()).start();
    for i in 0..200 {
        d.ask(&format!("no.such.command.{}", "x".repeat(1000 + i)));
    }
    d.still_answers();
    drop(ours);
}

/// The original held its loop for 62 ms at every message.
#[test]
fn a_log_that_nobody_reads_does_not_slow_the_daemon() {
    let (_read_end, write_end) = full_pipe();
    let mut d = start_with_log(&write_end);
    let begin = Instant::now();
    provoke(&mut d, 200);
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(10), "200 commands took {took:?}");
}

#[test]
fn messages_that_were_lost_are_counted() {
    let count = 300;
    // How many messages there are when none is lost.
    let mut d = Daemon::interactive();
    provoke(&mut d, count);
    d.ask("service.start\tmarker");
    d.log.wait_for("marker");
    let all = d.log.lines().iter().position(|l| l.contains("marker")).unwrap();

    let (read_end, write_end) = full_pipe();
    let mut d = start_with_log(&write_end);
    provoke(&mut d, count);
    let log = Log::collect(read_end);
    let last = log.wait_for("warning: lost ");
    assert!(last.ends_with(" log messages"), "{last}");
    d.ask("service.start\tmarker");
    log.wait_for("marker");
    let lines: Vec<String> = log.lines().into_iter().filter(|l| !l.is_empty()).collect();
    let (mut received, mut lost) = (0, 0);
    for line in &lines {
        assert_whole(line);
        if let Some(text) = line.strip_prefix("warning: lost ") {
            lost += text.split(' ').next().unwrap().parse::<usize>().unwrap();
        } else if line.contains("marker") {
            break;
        } else {
            received += 1;
        }
    }
    assert!(lost > 0);
    assert_eq!(received + lost, all, "{received} received and {lost} lost");
}

#[test]
fn an_inherited_descriptor_stays_in_blocking_mode() {
    let (read_end, write_end) = pipe();
    let mut d = start_with_log(&write_end);
    provoke(&mut d, 10);
    let flags = OFlag::from_bits_retain(fcntl(&write_end, FcntlArg::F_GETFL).unwrap());
    assert!(!flags.contains(OFlag::O_NONBLOCK));
    drop(read_end);

    let (_read_end, write_end) = full_pipe();
    let mut d = start_with_log(&write_end);
    provoke(&mut d, 50);
    let flags = OFlag::from_bits_retain(fcntl(&write_end, FcntlArg::F_GETFL).unwrap());
    assert!(!flags.contains(OFlag::O_NONBLOCK));
}

/// In the original one message near 1 KiB stopped the log for good.
#[test]
fn a_long_message_does_not_stop_the_log() {
    let mut d = Setup::new(["-ivv"]).start();
    for length in (900..1200).chain((1200..4000).step_by(100)) {
        d.ask(&"u".repeat(length));
    }
    d.ask("service.start\tmarker");
    d.log.wait_for("marker");
    for line in d.log.lines() {
        assert_whole(&line);
    }
}

#[test]
fn a_log_whose_reader_has_gone_does_not_kill_the_daemon() {
    let (read_end, write_end) = pipe();
    let mut d = start_with_log(&write_end);
    drop(read_end);
    provoke(&mut d, 50);
    d.still_answers();
    // It can be given another.
    d.open_output("log");
    d.ask("log.dest\tfd\tlog");
    d.ask("service.start\tmarker");
    let path = d.path("log");
    eventually("the log flows again", || {
        std::fs::read_to_string(&path).ok().filter(|text| text.contains("marker"))
    });
}

/// Whoever is gone is not waited for.
#[test]
fn an_orderly_end_without_a_reader_of_the_log_is_an_end_at_once() {
    let (read_end, write_end) = pipe();
    let mut d = start_with_log(&write_end);
    drop((read_end, write_end));
    provoke(&mut d, 10);
    d.send("terminate.shutdown\t10\t5\t1000");
    d.exits_with(0);
}

/// Another logger opens the FIFO.
#[test]
fn a_fifo_with_another_reader_gets_the_log_again() {
    let setup = Setup::interactive();
    let path = setup.path("fifo");
    nix::unistd::mkfifo(path.as_str(), nix::sys::stat::Mode::from_bits_truncate(0o600)).unwrap();
    let read = || OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(&path);
    let reader = read().unwrap();
    let write_end = OpenOptions::new().write(true).open(&path).unwrap();
    let mut d = setup.std(2, write_end.into()).start();
    provoke(&mut d, 1);
    drop(reader);
    provoke(&mut d, 100);
    let reader = read().unwrap();
    fcntl(&reader, FcntlArg::F_SETFL(OFlag::O_RDONLY)).unwrap();
    let log = Log::collect(reader.into());
    d.ask("service.start\tmarker");
    log.wait_for("warning: lost ");
    d.ask("service.start\tmarker");
    log.wait_for("marker");
}

/// Where it says that it can be written but every write fails, the daemon must not try at once.
#[test]
fn a_log_that_cannot_be_written_is_retried_now_and_then() {
    let mut d = Daemon::interactive();
    d.ask("fd.open\tlog\twrite\t/dev/full");
    d.ask("log.dest\tfd\tlog");
    provoke(&mut d, 300);
    let before = cpu_ticks(&d);
    assert_eq!(d.next_line(Duration::from_millis(1200)), Err(Gone::Late));
    let used = cpu_ticks(&d) - before;
    assert!(used < 30, "{used} ticks of CPU while nothing happens");
    d.ask("fd.open\tlog\twrite,create\tlog");
    let path = d.path("log");
    let log = eventually("the log flows again", || {
        std::fs::read_to_string(&path).ok().filter(|text| text.contains("lost "))
    });
    assert!(log.lines().any(|l| l.starts_with("warning: lost ")), "{log}");
    for line in log.lines() {
        assert_whole(line);
    }
}

/// User and system time, in hundredths of a second.
fn cpu_ticks(d: &Daemon) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", d.pid())).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn without_standard_error_the_daemon_works() {
    let mut d = Setup::interactive().closed(2).start();
    provoke(&mut d, 10);
    d.define("web", &["/bin/true"]);
    d.run_to_end("web");
}

#[test]
fn no_message_is_cut_when_many_come_at_once() {
    let mut d = Setup::new(["-ivv"]).start();
    for i in 0..2000 {
        d.send(&format!("no.such.command.{i}.{}", "p".repeat(i % 700)));
    }
    d.sync();
    d.ask("service.start\tmarker");
    d.log.wait_for("marker");
    for line in d.log.lines() {
        assert_whole(&line);
    }
}
