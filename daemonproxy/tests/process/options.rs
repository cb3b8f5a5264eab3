//! The command line.

use std::fs;
use std::io::Write;
use std::os::unix::net::UnixStream;

use daemonproxy_testing::{Daemon, Setup, alive, eventually, kill, pipe, status_field};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::socket::{getsockopt, sockopt};

/// What a daemon that leaves by itself has said.
struct Ended {
    code: Option<i32>,
    output: Vec<String>,
    log: Vec<String>,
}

#[track_caller]
fn run(setup: Setup) -> Ended {
    let mut d = setup.spawn();
    d.close_input();
    let output = d.lines_to_end();
    let code = d.wait_exit().code();
    Ended { code, output, log: d.log.wait_for_end() }
}

/// The fields of `/proc/PID/stat` after the name: state, ppid, pgrp, session, tty.
fn stat(pid: i64) -> Vec<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit(')').next().unwrap().split_whitespace().map(str::to_owned).collect()
}

#[test]
fn version_is_told() {
    let ended = run(Setup::new(["--version"]));
    assert_eq!(ended.code, Some(0));
    let out = &ended.output;
    assert!(out.len() >= 5, "{out:#?}");
    let version = out[0].strip_prefix("daemonproxy version ").expect(&out[0]);
    assert!(version.split('.').count() == 3, "{version}");
    assert!(version.split('.').all(|part| part.parse::<u32>().is_ok()), "{version}");
    assert!(out.iter().any(|l| l.starts_with("build timestamp: ")), "{out:#?}");
    assert!(out.iter().any(|l| l.starts_with("git HEAD: ")), "{out:#?}");
    let copyright = out.iter().find(|l| l.to_lowercase().contains("copyright")).unwrap();
    let years: Vec<&str> = copyright
        .split(|c: char| !c.is_ascii_digit() && c != '-')
        .filter(|word| word.len() == 9 && word.as_bytes()[4] == b'-')
        .collect();
    assert_eq!(years.len(), 1, "a range of years: {copyright}");
    assert!(out.iter().any(|l| l.contains("LICENSE")), "{out:#?}");
}

#[test]
fn help_names_every_option() {
    for option in ["-h", "--help"] {
        let ended = run(Setup::new([option]));
        assert_eq!(ended.code, Some(0));
        let help = ended.output.join("\n");
        for name in [
            "--config",
            "--interactive",
            "--socket",
            "--lua",
            "--daemonize",
            "--exit-guard",
            "--exit-exec",
            "--service-pool",
            "--fd-pool",
            "--controller-pool",
            "--mlockall",
            "--on-signal",
            "--main",
            "--shutdown-times",
            "--strict",
            "--log-time",
            "--help",
            "--version",
            "-c",
            "-i",
            "-S",
            "-L",
            "-D",
            "-E",
            "-M",
            "-v",
            "-q",
        ] {
            assert!(help.contains(name), "{name} is missing in:\n{help}");
        }
    }
}

#[test]
fn a_wrong_option_is_refused() {
    for wrong in [&["-x"][..], &["--nonsense"], &["-ix"], &["-i", "stray"], &["-i", "--socke", "x"]]
    {
        let ended = run(Setup::new(wrong));
        assert_ne!(ended.code, Some(0), "{wrong:?}");
        assert!(ended.code.is_some(), "{wrong:?} killed it");
        assert!(!ended.log.is_empty(), "{wrong:?} must be explained");
    }
}

#[test]
fn a_missing_value_is_refused() {
    for option in ["-c", "--config", "-S", "--exit-guard", "-E", "--service-pool", "--fd-pool"] {
        let ended = run(Setup::new(["-i", option]));
        assert_ne!(ended.code, Some(0), "{option}");
        assert!(!ended.log.is_empty(), "{option} must be explained");
    }
}

/// The last one used to win, without a word.
#[test]
fn an_option_that_is_given_twice_is_refused() {
    for (option, value) in [
        ("-c", "config"),
        ("--config", "config"),
        ("-S", "control"),
        ("-L", "main.lua"),
        ("-E", "/bin/true"),
        ("--exit-guard", "5"),
        ("--service-pool", "5"),
        ("--fd-pool", "9"),
        ("--controller-pool", "5"),
        ("--max-line", "1000"),
    ] {
        let setup = Setup::new(["-E", "/bin/sh\t-c\texit $DAEMONPROXY_EXITCODE", "-i"]);
        let setup = setup.file("config", "").file("main.lua", "");
        let ended = run(setup.args([option, value, option, value]));
        assert_eq!(ended.code, Some(2), "{option}");
        let log = ended.log.join("\n");
        assert!(log.contains("can be given only once"), "{option}: {log}");
    }
    let ended = run(Setup::new(["-S", "a", "--socket", "b"]));
    assert_eq!(ended.code, Some(2));
}

#[test]
fn a_wrong_value_is_refused() {
    for wrong in [
        ["--exit-guard", "secret"],
        ["--service-pool", "many"],
        ["--service-pool", "5x"],
        ["--service-pool", "5x5q"],
        ["--fd-pool", "-3"],
        ["--on-signal", "TERM"],
        ["--on-signal", "NOSUCH=event"],
        ["--on-signal", "TERM=nonsense"],
    ] {
        let ended = run(Setup::new(["-i"]).args(wrong));
        assert_ne!(ended.code, Some(0), "{wrong:?}");
        assert!(!ended.log.is_empty(), "{wrong:?} must be explained");
    }
}

#[test]
fn there_must_be_somebody_to_give_commands() {
    for options in [&[][..], &["-v"], &["--exit-guard", "5"]] {
        let ended = run(Setup::new(options));
        assert_ne!(ended.code, Some(0), "{options:?}");
        assert!(!ended.log.is_empty(), "{options:?}");
    }
}

#[test]
fn long_options_are_the_same_as_short_ones() {
    let setup = Setup::new(["--interactive"]).file("conf", "fd.open\tx\tread\t/dev/null\n");
    let (config, socket) = (setup.path("conf"), setup.path("control"));
    let mut d = setup.args(["--config", &config, "--socket", &socket]).start();
    assert_eq!(d.dump_of("fd.state\tx").len(), 1);
    d.connect().sync();
}

#[test]
fn short_options_combine() {
    let setup = Setup::new(["-vic"]).file("conf", "fd.open\tx\tread\t/dev/null\n");
    let config = setup.path("conf");
    let mut d = setup.args([&config]).start();
    assert_eq!(d.dump_of("fd.state\tx").len(), 1);
    d.answers("log.filter", &["log.filter\ttrace"]);
}

#[test]
fn each_v_logs_one_level_more_and_each_q_one_less() {
    for (options, level) in [
        (&["-i"][..], "debug"),
        (&["-iv"], "trace"),
        (&["-ivv"], "none"),
        (&["-iq"], "info"),
        (&["-i", "-q", "-q"], "warning"),
        (&["-iqqq"], "error"),
        (&["-ivq"], "debug"),
    ] {
        let mut d = Setup::new(options).start();
        d.answers("log.filter", &[format!("log.filter\t{level}")]);
    }
}

#[test]
fn a_config_file_is_executed_before_anything_else() {
    let mut d = Setup::interactive()
        .config("# first\n\nservice.args\tweb\t/bin/true\nservice.tags\tweb\tx\n")
        .start();
    assert_eq!(d.dump_of("service.tags\tweb"), ["service.tags\tweb\tx"]);
}

#[test]
fn a_config_file_that_is_missing_ends_it() {
    let ended = run(Setup::new(["-ic", "no-such-file"]));
    assert_ne!(ended.code, Some(0));
    assert!(ended.log.iter().any(|l| l.contains("no-such-file")), "{:?}", ended.log);
}

#[test]
fn a_config_file_that_cannot_be_read_ends_it() {
    let ended = run(Setup::new(["-ic", "/"]));
    assert_ne!(ended.code, Some(0));
    assert!(!ended.log.is_empty());
}

/// What `-c <(generate)` gives. It comes in pieces, and nothing waits for the next piece.
#[test]
fn a_config_file_may_be_a_pipe() {
    let (read_end, write_end) = pipe();
    let mut writer = fs::File::from(write_end);
    let d =
        Setup::new(["-c", "/dev/fd/9", "-S", "control"]).no_input().inherits(read_end, 9).spawn();
    writer.write_all(b"service.args\tone\t/bin/true\nservice.args\ttw").unwrap();
    let mut conn = d.connect();
    eventually("the first half is executed", || {
        (conn.dump_of("service.args") == ["service.args\tone\t/bin/true"]).then_some(())
    });
    writer.write_all(b"o\t/bin/true\n").unwrap();
    eventually("the second half is executed", || {
        (conn.dump_of("service.args\ttwo").len() == 1).then_some(())
    });
}

#[test]
fn a_config_file_may_be_a_fifo_whose_writer_comes_later() {
    let setup = Setup::new(["-c", "fifo", "-S", "control"]).no_input();
    let fifo = setup.path("fifo");
    nix::unistd::mkfifo(fifo.as_str(), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let d = setup.spawn();
    // It opens when the daemon does.
    fs::write(&fifo, "service.args\tone\t/bin/true\n").unwrap();
    let mut conn = d.connect();
    eventually("the command is executed", || {
        (conn.dump_of("service.args\tone").len() == 1).then_some(())
    });
}

#[test]
fn interactive_mode_works_with_files() {
    let setup = Setup::interactive().file("in", "echo\thello\nservice.args\tweb\t/bin/true\n");
    let (input, output) = (setup.path("in"), setup.path("out"));
    let mut d = setup
        .std(0, fs::File::open(input).unwrap().into())
        .std(1, fs::File::create(output).unwrap().into())
        .spawn();
    assert!(d.wait_exit().code().is_some());
    let out = d.read("out");
    assert!(out.contains("\nhello\nservice.args\tweb\t/bin/true\n"), "{out}");
}

/// They are shared with whoever started the daemon, a shell for example.
#[test]
fn interactive_mode_leaves_standard_input_and_output_in_blocking_mode() {
    let ((read_in, write_in), (read_out, write_out)) = (pipe(), pipe());
    let d = Setup::interactive()
        .socket()
        .std(0, read_in.try_clone().unwrap())
        .std(1, write_out.try_clone().unwrap())
        .spawn();
    d.connect().sync();
    for fd in [&read_in, &write_out] {
        let flags = OFlag::from_bits_retain(fcntl(fd, FcntlArg::F_GETFL).unwrap());
        assert!(!flags.contains(OFlag::O_NONBLOCK));
    }
    drop((write_in, read_out));
}

/// The longest line, 4096 bytes unless it is said.
#[test]
fn the_longest_line_can_be_set() {
    for longest in [512, 20_000] {
        let mut d = Setup::interactive().args(["--max-line", &longest.to_string()]).start();
        let fits = "x".repeat(longest - "echo\t\n".len());
        d.answers(&format!("echo\t{fits}"), &[&fits]);
        d.answers(&format!("echo\t{fits}x"), &["error\tline too long"]);
        d.answers("echo\tnext", &["next"]);
    }
}

#[test]
fn after_the_end_of_a_config_file_the_daemon_goes_on_supervising() {
    let d = Setup::default()
        .no_input()
        .config(
            "service.args\tweb\t/bin/sh\t-c\techo $$ >> pids; exec sleep 300\n\
             service.auto_up\tweb\t1\talways\n",
        )
        .spawn();
    let path = d.path("pids");
    for runs in 1..=2 {
        let pids = eventually("the service is started", || {
            let text = fs::read_to_string(&path).ok()?;
            (text.lines().count() == runs).then_some(text)
        });
        kill(pids.lines().last().unwrap().parse().unwrap(), libc::SIGKILL);
    }
}

/// A config file reads no events, so the log is the only place where they can be seen.
#[test]
fn errors_in_a_config_file_are_logged() {
    let d = Setup::interactive()
        .config("no.such.command\nservice.start\tunknown\nfd.open\tx\tread\tno-such-file\n")
        .start();
    d.log.wait_for("no.such.command");
    d.log.wait_for("No such service");
    d.log.wait_for("open failed: No such file or directory");
}

#[test]
fn a_dash_reads_the_config_from_standard_input() {
    let mut d = Setup::new(["-c", "-", "-S", "control"]).spawn();
    d.send("service.args\tweb\t/bin/true");
    let mut conn = d.connect();
    let mut define = || conn.dump_of("service.args\tweb").first().cloned();
    eventually("the command is executed", &mut define);
    // Its end is not the end of the daemon, and it is no descriptor for services.
    d.close_input();
    conn.define("probe", &["/usr/bin/readlink", "/proc/self/fd/0"]);
    conn.open_output("out");
    conn.give_fds("probe", &["stdin", "out", "stderr"]);
    conn.run_to_end("probe");
    assert_eq!(d.read("out"), "/dev/null\n");
}

#[test]
fn interactive_mode_leaves_at_the_end_of_its_input() {
    let mut d = Daemon::interactive();
    d.close_input();
    d.lines_to_end();
    assert!(d.wait_exit().code().is_some());
}

#[test]
fn interactive_mode_keeps_standard_input_and_output_for_itself() {
    let mut d = Daemon::interactive();
    d.open_output("out");
    d.define_shell("probe", "out=$(readlink /proc/$$/fd/0 /proc/$$/fd/1); echo \"$out\" >&3");
    d.give_fds("probe", &["stdin", "stdout", "stderr", "out"]);
    d.run_to_end("probe");
    assert_eq!(d.read("out"), "/dev/null\n/dev/null\n");
}

#[test]
fn without_interactive_mode_services_can_have_them() {
    let mut d = Setup::new(["-S", "control"]).spawn();
    let mut conn = d.connect();
    conn.define_shell("probe", "read line; echo \"got $line\"");
    conn.give_fds("probe", &["stdin", "stdout", "stderr"]);
    conn.run("probe");
    d.send("hello");
    d.expect(&["got hello"]);
}

#[test]
fn with_the_guard_on_interactive_mode_does_not_leave() {
    let mut d = Setup::interactive().args(["--exit-guard", "5"]).socket().start();
    let mut other = d.connect();
    other.sync();
    d.close_input();
    d.lines_to_end();
    other.answers("echo\there", &["here"]);
}

/// A daemon in the background, and its pid.
fn daemonized(options: &[&str]) -> (Daemon, i64) {
    let mut d = Setup::new(options).socket().spawn();
    let output = d.lines_to_end();
    assert_eq!(output.len(), 1, "{output:?}");
    let pid = output[0].trim().parse().expect(&output[0]);
    d.exits_with(0);
    (d, pid)
}

#[test]
fn daemonize_leaves_a_child_in_a_session_of_its_own() {
    for option in ["-D", "--daemonize"] {
        let (d, pid) = daemonized(&[option]);
        d.connect().sync();
        assert!(alive(pid));
        let stat = stat(pid);
        assert_eq!(stat[3], pid.to_string(), "leader of its session: {stat:?}");
        for fd in 0..3 {
            let target = fs::read_link(format!("/proc/{pid}/fd/{fd}")).unwrap();
            assert_eq!(target.to_str(), Some("/dev/null"), "{fd}");
        }
    }
}

/// The original dropped all its handlers.
#[test]
fn a_daemonized_daemon_sees_every_signal_and_every_end() {
    let (d, pid) = daemonized(&["-D"]);
    let mut conn = d.connect();
    conn.sync();
    for n in 1..=3 {
        kill(pid, libc::SIGUSR1);
        conn.expect(&[format!("signal\tSIGUSR1\t{{ts}}\t{n}")]);
    }
    conn.define("web", &["/bin/true"]);
    conn.run_to_end("web");
    kill(pid, libc::SIGHUP);
    conn.expect(&["signal\tSIGHUP\t{ts}\t1"]);
}

/// Its number says whether a visitor is in the same namespace, for one.
#[test]
fn whoever_connects_to_a_daemonized_daemon_sees_who_it_is() {
    let (d, pid) = daemonized(&["-D"]);
    // It says so when it is in the background, which is when it answers.
    d.connect().sync();
    let stream = UnixStream::connect(d.socket()).unwrap();
    let peer = getsockopt(&stream, sockopt::PeerCredentials).unwrap();
    assert_eq!(i64::from(peer.pid()), pid);
}

#[test]
fn a_daemonized_daemon_has_read_its_config_file() {
    let setup = Setup::new(["-D"]).config("service.args\tweb\t/bin/true\n").socket();
    let mut d = setup.spawn();
    assert_eq!(d.lines_to_end().len(), 1);
    d.exits_with(0);
    assert_eq!(d.connect().dump_of("service.args\tweb"), ["service.args\tweb\t/bin/true"]);
}

#[test]
fn daemonize_is_ignored_in_interactive_mode() {
    let mut d = Setup::new(["-iD"]).start();
    d.answers("echo\there", &["here"]);
    d.send("terminate\t3");
    d.exits_with(3);
}

#[test]
fn a_guard_from_the_command_line_is_on() {
    let mut d = Setup::interactive().args(["--exit-guard", "123"]).start();
    d.refuses("terminate\t0", "terminate guard code required");
    d.refuses("terminate\t0\t122", "incorrect terminate guard code");
    d.ask("terminate.guard\t-\t123");
    d.send("terminate\t0");
    d.exits_with(0);
}

#[test]
fn mlockall_locks_memory() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is valid for the call, and geteuid cannot fail.
    let may = unsafe {
        libc::getrlimit(libc::RLIMIT_MEMLOCK, &raw mut limit);
        libc::geteuid() == 0 || limit.rlim_cur == libc::RLIM_INFINITY
    };
    if !may {
        println!("skipped: this user may not lock memory");
        return;
    }
    for option in ["-M", "--mlockall"] {
        let d = Setup::interactive().args([option]).start();
        let locked = status_field(d.pid(), "VmLck").unwrap();
        assert_ne!(locked, "0 kB");
    }
    let d = Daemon::interactive();
    assert_eq!(status_field(d.pid(), "VmLck").unwrap(), "0 kB");
}

#[test]
fn a_pool_of_services_has_exactly_that_room() {
    for size in ["3", "3x1024", "3x1K", "3x1KiB", "3x1kB"] {
        let mut d = Setup::interactive().args(["--service-pool", size]).start();
        for name in ["a", "b", "c"] {
            d.define(name, &["/bin/true"]);
        }
        d.refuses("service.args\td\t/bin/true", "Unable to allocate new service");
        d.ask("service.delete\tb");
        d.define("d", &["/bin/true"]);
        d.refuses("service.args\te\t/bin/true", "Unable to allocate new service");
        d.run_to_end("d");
    }
}

#[test]
fn a_pool_of_descriptors_has_exactly_that_room() {
    for size in ["9", "9x256", "9x1K"] {
        let mut d = Setup::interactive().args(["--fd-pool", size]).start();
        for name in ["a", "b"] {
            d.ask(&format!("fd.open\t{name}\tread\t/dev/null"));
        }
        let refused = "Unable to allocate new file descriptor object";
        d.refuses("fd.open\tc\tread\t/dev/null", refused);
        d.ask("fd.delete\ta");
        d.answers("fd.open\tc\tread\t/dev/null", &["fd.state\tc\tfile\tread\t/dev/null"]);
        d.refuses("fd.open\td\tread\t/dev/null", refused);
    }
}

#[test]
fn a_pool_of_descriptors_that_is_too_small_is_corrected() {
    let mut d = Setup::interactive().args(["--fd-pool", "3"]).start();
    let warning = d.log.wait_for("warning: ");
    assert!(warning.contains('7'), "{warning}");
    assert_eq!(d.dump().len(), 7);
    d.refuses("fd.open\tc\tread\t/dev/null", "Unable to allocate new file descriptor object");
}

#[test]
fn an_object_that_is_too_large_is_corrected() {
    for option in ["--service-pool", "--fd-pool"] {
        let mut d = Setup::interactive().args([option, "10x1000M"]).start();
        let warning = d.log.wait_for("warning: ");
        assert!(warning.contains(|c: char| c.is_ascii_digit()), "names the maximum: {warning}");
        d.define("web", &["/bin/true"]);
        d.run_to_end("web");
    }
}

#[test]
fn a_pool_of_controllers_has_room_again_when_one_leaves() {
    let d = Setup::interactive().args(["--controller-pool", "3"]).socket().start();
    for _ in 0..5 {
        for mut conn in [d.connect(), d.connect()] {
            conn.sync();
            conn.send("exit");
            conn.expect_end();
        }
    }
}

#[test]
fn running_out_of_controllers_is_told() {
    let mut d = Setup::interactive().args(["--controller-pool", "2"]).socket().start();
    let mut one = d.connect();
    one.sync();
    let mut surplus = d.connect();
    let said = surplus.lines_to_end();
    assert!(said.len() == 1 && said[0].starts_with("error\t"), "{said:?}");
    one.sync();
    d.still_answers();
}

/// As process 1 of a small machine the daemon must not depend on there being memory later.
#[test]
fn with_pools_for_everything_nothing_is_allocated_after_the_start() {
    let mut d = Setup::interactive()
        .args(["--service-pool", "30x2K", "--fd-pool", "60x300", "--controller-pool", "10"])
        .socket()
        .start();
    let before = data_size(&d);
    let mut conns: Vec<_> = (0..8).map(|_| d.connect()).collect();
    for round in 0..3 {
        for i in 0..30 {
            d.define(&format!("s{i}"), &["/bin/true", &"x".repeat(1000)]);
            d.ask(&format!("service.tags\ts{i}\t{}", "y".repeat(500)));
            d.run_to_end(&format!("s{i}"));
        }
        for i in 0..20 {
            d.ask(&format!("fd.pipe\tr{i}\tw{i}"));
        }
        for conn in &mut conns {
            conn.send_bytes(&b"statedump\n".repeat(5));
            conn.sync();
        }
        for i in 0..30 {
            d.ask(&format!("service.delete\ts{i}"));
        }
        assert_eq!(data_size(&d), before, "round {round}");
    }
}

fn data_size(d: &Daemon) -> String {
    status_field(d.pid(), "VmData").unwrap()
}

/// The config file is a controller too, and there before the interactive one.
#[test]
fn a_pool_for_one_controller_has_room_for_a_config_file_and_a_person() {
    let mut d = Setup::interactive().config("# nothing\n").args(["--controller-pool", "1"]).start();
    d.answers("echo\there", &["here"]);
}
