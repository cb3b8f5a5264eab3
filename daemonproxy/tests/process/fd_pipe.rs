//! `fd.pipe NAME_READ NAME_WRITE [FLAGS]` makes a pipe, or a socket pair.

use daemonproxy_testing::{Daemon, Setup, exited, matches};

#[test]
fn what_one_service_writes_another_reads() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tr\tw");
    d.open_output("out");
    d.define_shell("reader", "read line; echo \"got $line\"");
    d.give_fds("reader", &["r", "out"]);
    d.define_shell("writer", "echo hello");
    d.give_fds("writer", &["null", "w"]);
    d.run("reader");
    d.run("writer");
    d.wait_for(exited("reader", 0));
    assert_eq!(d.read("out"), "got hello\n");
}

/// The daemon keeps both ends, so a service can be started again on the same pipe.
#[test]
fn what_is_in_the_pipe_survives_its_reader_and_its_writer() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tr\tw");
    d.define_shell("writer", "echo hello");
    d.give_fds("writer", &["null", "w"]);
    d.run_to_end("writer");
    let out = d.output_with_fds(&["r", "out"], &["/bin/sh", "-c", "read line; echo \"$line\""]);
    assert_eq!(out, "hello\n");
}

#[test]
fn nonblock_is_set_on_both_ends_and_otherwise_on_none() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tr1\tw1\tnonblock");
    d.ask("fd.pipe\tr2\tw2");
    d.ask("fd.pipe\tr3\tw3\tunix,nonblock");
    let script = "for n in 3 4 5 6 7 8; do grep flags /proc/self/fdinfo/$n; done";
    let fds = ["null", "out", "stderr", "r1", "w1", "r2", "w2", "r3", "w3"];
    let out = d.output_with_fds(&fds, &["/bin/sh", "-c", script]);
    let nonblock: Vec<bool> = out.lines().map(|l| octal_flags(l) & libc::O_NONBLOCK != 0).collect();
    assert_eq!(nonblock, [true, true, false, false, true, true], "{out}");
}

#[test]
fn a_socket_pair_carries_data_both_ways() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\ta\tb\tunix,stream");
    d.define_shell("left", "read line; echo \"$line back\"");
    d.give_fds("left", &["a", "a"]);
    d.run("left");
    let script = "echo there >&3; read line <&3; echo \"$line\"";
    let out = d.output_with_fds(&["null", "out", "stderr", "b"], &["/bin/sh", "-c", script]);
    assert_eq!(out, "there back\n");
}

#[test]
fn a_socket_pair_has_the_type_that_was_asked_for() {
    let mut d = Daemon::interactive();
    let script = "open S, '+<&=3'; print unpack 'i', getsockopt S, 1, 3";
    for (flags, kind) in [("stream", "1"), ("dgram", "2"), ("seqpacket", "5")] {
        d.ask(&format!("fd.pipe\ta\tb\tunix,{flags}"));
        let out = d.output_with_fds(&["null", "out", "stderr", "a"], &["perl", "-e", script]);
        assert_eq!(out, kind, "{flags}");
    }
}

#[test]
fn a_socket_pair_of_the_internet_either_works_or_says_why_not() {
    let mut d = Daemon::interactive();
    for flags in ["inet", "tcp", "udp", "inet6", "inet,tcp"] {
        let command = format!("fd.pipe\ta\tb\t{flags}");
        let lines = d.ask(&command);
        let works = lines.len() == 2
            && lines.iter().all(|l| l.starts_with("fd.state\t") && l.contains(",to\t"));
        let error = daemonproxy_testing::error_event(&command, "socketpair() failed: {any}");
        let refused = lines.len() == 1 && matches(&error, lines[0].as_bytes()).is_some();
        assert!(works || refused, "{lines:?}");
    }
}

#[test]
fn a_name_in_use_is_closed_and_taken_over() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tr\tw");
    d.define("reader", &["/bin/cat"]);
    d.give_fds("reader", &["r", "null"]);
    d.run("reader");
    // The old pipe has no writer any more: its reader comes to the end.
    d.send("fd.pipe\tr2\tw");
    d.wait_for(exited("reader", 0));
    assert_eq!(d.dump_of("fd.state\tw"), ["fd.state\tw\tpipe\tto\tr2"]);
    assert_eq!(d.dump_of("fd.state\tr2"), ["fd.state\tr2\tpipe\tfrom\tw"]);
}

/// With no descriptor left, the system's own reason is reported.
#[test]
fn the_reason_of_the_system_is_told() {
    let mut d = Setup::interactive().before_exec(|| few_descriptors(24)).start();
    let (pipe, pair) = ("fd.pipe\tr\tw", "fd.pipe\tr\tw\tunix");
    exhaust(&mut d);
    d.refuses(pipe, "pipe() failed: Too many open files");
    d.refuses(pair, "socketpair() failed: Too many open files");
    d.ask("fd.delete\tx0");
    d.ask("fd.delete\tx1");
    assert_eq!(d.ask(pipe).len(), 2);
}

/// Opens files until it is refused.
pub(crate) fn exhaust(d: &mut Daemon) {
    for i in 0..64 {
        let line = d.ask(&format!("fd.open\tx{i}\tread\t/dev/null")).concat();
        if line.starts_with("error\t") {
            assert!(line.contains("open failed: Too many open files"), "{line}");
            return;
        }
    }
    panic!("64 descriptors were opened");
}

/// At most this many descriptors for the daemon.
pub(crate) fn few_descriptors(most: libc::rlim_t) -> std::io::Result<()> {
    let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
    // SAFETY: `limit` is valid for the call.
    let result = unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) };
    if result < 0 { Err(std::io::Error::last_os_error()) } else { Ok(()) }
}

/// The flags out of a line of `/proc/PID/fdinfo/N`.
pub(crate) fn octal_flags(line: &str) -> i32 {
    i32::from_str_radix(line.trim_start_matches("flags:").trim(), 8).expect(line)
}
