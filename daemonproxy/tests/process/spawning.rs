//! What a service finds when it starts: exactly its descriptors, default signals, and the
//! environment of the daemon. And what is reported when it cannot start.

use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use daemonproxy_testing::{
    Conn, Daemon, Log, Setup, eventually, exited, lines, pipe, starting, state,
};
use daemonproxy_testing::{set_disposition, status_field, up, write_program};

/// What is open where nothing was asked for.
const THREE: [&str; 3] = ["0 /dev/null", "1 /dev/null", "2 /dev/null"];

/// What a service with these descriptors has open: number and file name, without the directory.
fn open_in_service(conn: &mut Conn, dir: &str, fds: &[&str]) -> Vec<String> {
    conn.define_sleeper("probe");
    conn.give_fds("probe", fds);
    open_in_probe(conn, dir)
}

/// The same for the service `probe`, which is a sleeper.
fn open_in_probe(conn: &mut Conn, dir: &str) -> Vec<String> {
    let pid = conn.run("probe");
    // Once it sleeps, it has done with loading itself.
    let asleep = || (state(pid) == Some('S') && is_sleep(pid)).then_some(());
    eventually("the service sleeps", asleep);
    let mut open: Vec<(u32, String)> = fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let number = entry.file_name().to_str().unwrap().parse().unwrap();
            (number, fs::read_link(entry.path()).unwrap().into_os_string().into_string().unwrap())
        })
        .collect();
    open.sort_unstable();
    conn.stop("probe");
    open.iter().map(|(number, name)| format!("{number} {}", name.replace(dir, ""))).collect()
}

fn open_in(d: &mut Daemon, fds: &[&str]) -> Vec<String> {
    let dir = d.path("");
    open_in_service(d, &dir, fds)
}

fn is_sleep(pid: i64) -> bool {
    status_field(pid, "Name").as_deref() == Some("sleep")
}

/// A daemon with files a, b, c and d open under these names.
fn with_files() -> Daemon {
    let mut d = Setup::interactive().before_exec(|| descriptors(4096, None)).start();
    for name in ["a", "b", "c", "d"] {
        d.open_output(name);
    }
    d
}

#[test]
fn exactly_the_descriptors_of_the_list_are_open() {
    let mut d = with_files();
    assert_eq!(open_in(&mut d, &["a", "b", "c"]), ["0 a", "1 b", "2 c"]);
    assert_eq!(open_in(&mut d, &["a"]), ["0 a"]);
    let five = ["d", "c", "null", "b", "a"];
    assert_eq!(open_in(&mut d, &five), ["0 d", "1 c", "2 /dev/null", "3 b", "4 a"]);
}

#[test]
fn every_order_of_four_descriptors() {
    let mut d = with_files();
    for order in permutations(&["a", "b", "c", "d"]) {
        let expected: Vec<String> =
            order.iter().enumerate().map(|(n, name)| format!("{n} {name}")).collect();
        assert_eq!(open_in(&mut d, &order), expected);
    }
}

fn permutations<'a>(names: &[&'a str]) -> Vec<Vec<&'a str>> {
    if names.is_empty() {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for (i, first) in names.iter().enumerate() {
        let rest: Vec<&str> = [&names[..i], &names[i + 1..]].concat();
        all.extend(permutations(&rest).into_iter().map(|tail| [&[*first], &tail[..]].concat()));
    }
    all
}

/// The inherited descriptors have these very numbers in the daemon, so each is in the way of
/// another.
#[test]
fn descriptors_that_trade_places() {
    let file = |d: &str| File::create(d).unwrap();
    let setup = Setup::default();
    let (zero, one, two) = (setup.path("zero"), setup.path("one"), setup.path("two"));
    let three = setup.path("three");
    let mut d = setup
        .std(0, file(&zero).into())
        .std(1, file(&one).into())
        .std(2, file(&two).into())
        .inherits(file(&three).into(), 3)
        .args(["-S", "control"])
        .spawn();
    let (mut conn, dir) = (d.connect(), d.path(""));
    for (fds, expected) in [
        (&["stdout", "stdin"][..], &["0 one", "1 zero"][..]),
        (&["stdin", "stdout", "stderr"], &["0 zero", "1 one", "2 two"]),
        (&["stderr", "stdin", "stdout"], &["0 two", "1 zero", "2 one"]),
        (&["stdout", "stderr", "stdin"], &["0 one", "1 two", "2 zero"]),
        (&["fd_3", "stderr", "stdout", "stdin"], &["0 three", "1 two", "2 one", "3 zero"]),
        (&["stdout", "stdout", "stdin", "stdin"], &["0 one", "1 one", "2 zero", "3 zero"]),
        (&["-", "-", "-", "stdin"], &["3 zero"]),
    ] {
        assert_eq!(open_in_service(&mut conn, &dir, fds), expected, "{fds:?}");
    }
    conn.send("terminate\t0");
    d.exits_with(0);
}

#[test]
fn one_descriptor_can_stand_in_several_places() {
    let mut d = with_files();
    let fds = ["a", "b", "a", "b", "a"];
    assert_eq!(open_in(&mut d, &fds), ["0 a", "1 b", "2 a", "3 b", "4 a"]);
}

#[test]
fn a_dash_leaves_a_number_closed() {
    let mut d = with_files();
    assert_eq!(open_in(&mut d, &["-", "a", "-", "b", "-"]), ["1 a", "3 b"]);
    assert_eq!(open_in(&mut d, &["-"]), [""; 0]);
    assert_eq!(open_in(&mut d, &["-", "-", "-"]), [""; 0]);
}

/// The original had small fixed buffers for such lists.
#[test]
fn a_list_as_long_as_the_line_allows() {
    let mut d = with_files();
    let names = vec!["a"; 2000];
    let open = open_in(&mut d, &names);
    assert_eq!(open.len(), 2000);
    assert_eq!(open[1999], "1999 a");
}

/// The original overwrote memory beyond 1023.
#[test]
fn a_number_beyond_1023_behind_a_hole() {
    let mut d = with_files();
    let mut names = vec!["-"; 1500];
    names.push("b");
    assert_eq!(open_in(&mut d, &names), ["1500 b"]);
}

#[test]
fn a_daemon_with_more_than_1023_descriptors() {
    let mut d = Setup::interactive().before_exec(|| descriptors(4096, None)).start();
    for i in 0..700 {
        d.send(&format!("fd.pipe\tr{i}\tw{i}"));
    }
    d.sync();
    d.open_output("a");
    assert_eq!(open_in(&mut d, &["a", "-", "null"]), ["0 a", "2 /dev/null"]);
    // Whatever has the highest numbers works as anything else.
    d.define("writer", &["/bin/echo", "-n", "through"]);
    d.give_fds("writer", &["null", "w699"]);
    d.run_to_end("writer");
    let out = d.output_with_fds(&["r699", "out"], &["/usr/bin/head", "-c", "7"]);
    assert_eq!(out, "through");
    // Its own events are seen as well.
    d.signal(libc::SIGHUP);
    d.expect(&["signal\tSIGHUP\t{ts}\t1"]);
}

/// Sets the limits of open files.
fn descriptors(soft: libc::rlim_t, hard: Option<libc::rlim_t>) -> io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is valid for both calls.
    let result = unsafe {
        libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit);
        limit.rlim_cur = soft;
        limit.rlim_max = hard.unwrap_or(limit.rlim_max);
        libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit)
    };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[test]
fn nothing_else_of_the_daemon_is_open_in_a_service() {
    let (spare_read, spare_write) = pipe();
    let mut d = Setup::interactive()
        .socket()
        .config("fd.pipe\tp.r\tp.w\nfd.socket\tsock\tunix,listen\tlistener\n")
        .inherits(spare_read, 5)
        .inherits(spare_write, 40)
        .start();
    let mut conns = [d.connect(), d.connect()];
    for conn in &mut conns {
        conn.sync();
    }
    // Beside a service that is a controller, and one that is starting at the same time.
    d.define_sleeper("ctl");
    d.give_fds("ctl", &["control.event", "control.cmd"]);
    d.run("ctl");
    assert_eq!(open_in(&mut d, &["null"]), ["0 /dev/null"]);
    let open = open_in(&mut d, &["control.socket", "null"]);
    assert_eq!(open.len(), 2, "{open:?}");
    assert!(open[0].starts_with("0 socket:") && open[1] == "1 /dev/null", "{open:?}");
}

#[test]
fn inherited_descriptors_have_names() {
    let (read_end, write_end) = pipe();
    let setup = Setup::interactive();
    let file = File::create(setup.path("f")).unwrap();
    let (a, _b) = std::os::unix::net::UnixStream::pair().unwrap();
    let mut d = setup
        .inherits(read_end, 5)
        .inherits(write_end, 6)
        .inherits(file.into(), 7)
        .inherits(a.into(), 40)
        .start();
    for (name, kind) in [("fd_5", "pipe"), ("fd_6", "pipe"), ("fd_7", "file"), ("fd_40", "socket")]
    {
        let line = d.dump_of(&format!("fd.state\t{name}"));
        let pattern = format!("fd.state\t{name}\t{kind}\t{{any}}\tunknown");
        assert!(
            line.len() == 1 && daemonproxy_testing::matches(&pattern, line[0].as_bytes()).is_some(),
            "{line:?}"
        );
    }
    assert_eq!(d.dump().len(), 7 + 4, "and no other");
    assert_eq!(open_in(&mut d, &["fd_7", "fd_7"]), ["0 f", "1 f"]);
}

#[test]
fn inherited_descriptors_can_be_used_and_deleted() {
    let (read_end, write_end) = pipe();
    let mut d = Setup::interactive().inherits(write_end, 9).start();
    d.define("writer", &["/bin/echo", "hello"]);
    d.give_fds("writer", &["null", "fd_9"]);
    d.run_to_end("writer");
    d.answers("fd.delete\tfd_9", &["fd.state\tfd_9\tdeleted"]);
    assert_eq!(Log::collect(read_end).wait_for_end(), ["hello"]);
}

#[test]
fn standard_descriptors_that_were_closed_are_dev_null() {
    let d = Setup::new(["-S", "control"]).closed(0).closed(1).closed(2).spawn();
    let mut conn = d.connect();
    let script = "readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 > list";
    conn.define_shell("probe", script);
    conn.give_fds("probe", &["stdin", "stdout", "stderr"]);
    conn.run_to_end("probe");
    // 1 is the file of the redirection.
    let list = d.read("list");
    assert_eq!(list.lines().filter(|l| *l == "/dev/null").count(), 2, "{list}");
    let names: Vec<String> = conn.dump_of("fd.state");
    assert_eq!(names.len(), 7, "{names:?}");
}

/// Everything but what cannot be blocked.
pub(crate) fn block_everything() -> io::Result<()> {
    // SAFETY: the set is filled before it is used.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigfillset(&raw mut set);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const set, std::ptr::null_mut());
    }
    Ok(())
}

/// The daemon itself was started with signals ignored and blocked, as `nohup` does it.
#[test]
fn signals_have_their_defaults() {
    let mut d = Setup::interactive()
        .before_exec(|| {
            (1..=64).for_each(|signal| set_disposition(signal, libc::SIG_IGN));
            block_everything()
        })
        .start();
    let status = d.output(&["/bin/cat", "/proc/self/status"]);
    for field in ["SigBlk", "SigIgn", "SigCgt", "SigPnd", "ShdPnd"] {
        let line = status.lines().find(|l| l.starts_with(field)).unwrap();
        assert_eq!(line.split_whitespace().nth(1), Some("0000000000000000"), "{line}");
    }
}

#[test]
fn a_service_dies_of_a_broken_pipe() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tr\tw");
    d.define_shell("web", "while :; do echo x; done");
    d.give_fds("web", &["null", "w"]);
    d.run("web");
    d.send("fd.delete\tr");
    d.wait_for(daemonproxy_testing::killed("web", "SIGPIPE"));
}

/// The original leaked its own, 077.
#[test]
fn the_umask_is_that_with_which_the_daemon_was_started() {
    for mask in ["0027", "0000", "0777"] {
        let mode = libc::mode_t::from_str_radix(mask, 8).unwrap();
        let mut d = Setup::interactive()
            .before_exec(move || {
                // SAFETY: umask cannot fail.
                unsafe { libc::umask(mode) };
                Ok(())
            })
            .start();
        assert_eq!(d.shell_output("umask"), format!("{mask}\n"));
    }
}

#[test]
fn the_limit_of_open_files_is_that_of_the_daemon() {
    for (soft, hard) in [(256, 777), (64, 64)] {
        let mut d = Setup::interactive().before_exec(move || descriptors(soft, Some(hard))).start();
        assert_eq!(d.shell_output("ulimit -Sn; ulimit -Hn"), format!("{soft}\n{hard}\n"));
    }
}

/// All of it, HOME included, and nothing that was not there.
#[test]
fn the_environment_is_that_of_the_daemon() {
    let path = std::env::var("PATH").unwrap();
    let mut d = Setup::interactive()
        .clear_env()
        .env("PATH", &path)
        .env("HOME", "/home/somebody")
        .env("EMPTY", "")
        .env("ODD", "a=b c\"$x")
        .env("NO_UTF8", OsString::from_vec(b"\xff\xfe".to_vec()))
        .start();
    let out = d.output(&["/bin/cat", "/proc/self/environ"]);
    let mut vars: Vec<&str> =
        out.split_terminator('\0').filter(|v| !v.starts_with("DAEMONPROXY_TEST=")).collect();
    vars.sort_unstable();
    let path = format!("PATH={path}");
    assert_eq!(
        vars,
        ["EMPTY=", "HOME=/home/somebody", "NO_UTF8=\u{fffd}\u{fffd}", "ODD=a=b c\"$x", &path]
    );
}

#[test]
fn a_program_is_searched_in_the_path() {
    let setup = Setup::interactive();
    // One that cannot be executed does not hide a later one that can.
    let (first, second) = (setup.path("first"), setup.path("second"));
    for (dir, mode) in [(&first, 0o644), (&second, 0o755)] {
        fs::create_dir(dir).unwrap();
        write_program(&format!("{dir}/tool"), &format!("echo {mode}"), mode);
    }
    let path = format!("{first}:{second}:{}", std::env::var("PATH").unwrap());
    let mut d = setup.env("PATH", path).start();
    assert_eq!(d.output(&["tool"]), format!("{}\n", 0o755));
}

#[test]
fn a_path_with_a_slash_is_not_searched() {
    let setup = Setup::interactive();
    fs::create_dir(setup.path("bin")).unwrap();
    write_program(&setup.path("bin/tool"), "echo here", 0o755);
    let mut d = setup.start();
    assert_eq!(d.output(&["bin/tool"]), "here\n");
    assert_eq!(d.output(&["./bin/tool"]), "here\n");
}

/// The shell executes it, with all its arguments.
#[test]
fn a_script_that_does_not_say_by_what() {
    let setup = Setup::interactive();
    let bin = setup.path("bin");
    fs::create_dir(&bin).unwrap();
    let write = "printf 'echo \"$0 $*\"\n' > \"$0\" && chmod 755 \"$0\"";
    let written = Command::new("sh").args(["-c", write, &format!("{bin}/tool")]).status();
    assert!(written.unwrap().success());
    let path = format!("{}:{bin}", std::env::var("PATH").unwrap());
    let mut d = setup.env("PATH", path).start();
    assert_eq!(d.output(&["tool", "a", "b c"]), format!("{bin}/tool a b c\n"));
    assert_eq!(d.output(&["bin/tool"]), "bin/tool \n");
}

#[test]
fn without_a_path_programs_are_where_they_usually_are() {
    let mut d = Setup::interactive().clear_env().start();
    assert_eq!(d.output(&["echo", "here"]), "here\n");
}

/// No part of it at all is the directory in which the daemon is.
#[test]
fn an_empty_part_of_the_path() {
    let setup = Setup::interactive();
    write_program(&setup.path("tool"), "echo here", 0o755);
    let long = "x".repeat(5000);
    let mut d = setup.env("PATH", format!("/no/where:{long}:")).start();
    assert_eq!(d.output(&["tool"]), "here\n");
}

/// With more arguments, longer ones, and more descriptors than usual: none of it makes a
/// difference.
#[test]
fn a_long_argument_list() {
    let mut d = Setup::interactive().args(["--max-line", "65536"]).start();
    for (count, size) in [(1, 20_000), (300, 1), (3_000, 8)] {
        let word = "w".repeat(size);
        let mut argv = vec!["/bin/echo"];
        argv.extend(std::iter::repeat_n(word.as_str(), count));
        assert_eq!(d.output(&argv), format!("{}\n", argv[1..].join(" ")));
    }
}

/// The kernel refuses to let processes share their memory, as it does under valgrind and qemu-user.
#[test]
fn where_memory_cannot_be_shared() {
    for errno in [libc::EINVAL, libc::ENOSYS, libc::EPERM] {
        let mut d = Setup::interactive().before_exec(move || refuse_shared_memory(errno)).start();
        assert_eq!(d.shell_output("echo here"), "here\n");
        d.define("web", &["/no/such/program"]);
        fails_with(&mut d, "web", "No such file or directory", 127);
        d.ask("service.fds\tweb\tmissing");
        fails_with(&mut d, "web", "does not exist", 126);
    }
}

/// clone(2) with CLONE_VM and without CLONE_VFORK fails like this from now on.
fn refuse_shared_memory(errno: i32) -> io::Result<()> {
    let filter = |code: u32, jt, jf, k| libc::sock_filter { code: code as u16, jt, jf, k };
    let (load, equal, and, leave) = (
        libc::BPF_LD | libc::BPF_W | libc::BPF_ABS,
        libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K,
        libc::BPF_ALU | libc::BPF_AND | libc::BPF_K,
        libc::BPF_RET | libc::BPF_K,
    );
    let (shared, both) = (libc::CLONE_VM as u32, (libc::CLONE_VM | libc::CLONE_VFORK) as u32);
    // Of `struct seccomp_data`: the number of the call, and the lower half of its first argument.
    let mut program = [
        filter(load, 0, 0, 0),
        filter(equal, 0, 4, libc::SYS_clone as u32),
        filter(load, 0, 0, 16),
        filter(and, 0, 0, both),
        filter(equal, 0, 1, shared),
        filter(leave, 0, 0, libc::SECCOMP_RET_ERRNO | errno as u32),
        filter(leave, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
    // SAFETY: prctl(2) reads the program, which is there for the call.
    unsafe {
        if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0
            || libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) < 0
        {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// No descriptor is left for the pipe through which a failure would be told.
#[test]
fn a_start_for_which_there_is_no_descriptor_is_tried_again() {
    let mut d = Setup::interactive().before_exec(|| descriptors(32, Some(32))).start();
    d.define("web", &["/bin/sleep", "300"]);
    // All that is opened later is open.
    d.settled_fds();
    let mut count = 0;
    while d.ask(&format!("fd.open\tf{count}\tread\t/dev/null"))[0].starts_with("fd.state") {
        count += 1;
    }
    assert!(count > 2, "{count}");
    d.send("service.start\tweb");
    let error =
        "error\tcannot make a process (will try again): Too many open files, for service \"web\"";
    d.expect(&[starting("web").as_str(), error]);
    d.expect(&[starting("web")]);
    for nth in 0..3 {
        d.ask(&format!("fd.delete\tf{nth}"));
    }
    d.expect(&[up("web")]);
}

/// By the time it is known, the service has other arguments. In this order, always.
#[test]
fn the_program_that_cannot_be_executed_is_named() {
    let mut d = Daemon::interactive();
    for _ in 0..50 {
        d.define("web", &["/no/such/program"]);
        d.send("service.start\tweb\nservice.args\tweb\t/bin/true");
        let error = "error\tcannot execute \"/no/such/program\": No such file or directory, \
                     for service \"web\"";
        d.wait_for(up("web"));
        d.wait_for(error);
        d.wait_for(exited("web", 127));
    }
}

/// The start fails: the reason, `up`, and an exit with this status are reported.
#[track_caller]
fn fails_with(d: &mut Daemon, name: &str, reason: &str, status: u8) {
    let reason = if reason.is_empty() { "{any}" } else { &format!("{{any}}{reason}{{any}}") };
    d.send(&format!("service.start\t{name}"));
    d.wait_for_all(&[
        starting(name),
        up(name),
        format!("error\t{reason}, for service \"{name}\""),
        exited(name, status),
    ]);
}

#[test]
fn a_program_that_does_not_exist_is_told() {
    let mut d = Daemon::interactive();
    d.define("web", &["/no/such/program"]);
    fails_with(&mut d, "web", "No such file or directory", 127);
}

#[test]
fn a_program_that_is_not_in_the_path_is_told() {
    let mut d = Daemon::interactive();
    d.define("web", &["no-such-program-anywhere"]);
    fails_with(&mut d, "web", "No such file or directory", 127);
}

#[test]
fn a_program_that_may_not_be_executed_is_told() {
    let mut d = Setup::interactive().file("plain", "#!/bin/sh\n").start();
    let path = d.path("plain");
    d.define("web", &[&path]);
    fails_with(&mut d, "web", "Permission denied", 126);
    d.define("web", &["/"]);
    fails_with(&mut d, "web", "Permission denied", 126);
}

#[test]
fn a_program_in_a_directory_that_is_none_is_told() {
    let mut d = Daemon::interactive();
    d.define("web", &["/dev/null/x"]);
    fails_with(&mut d, "web", "Not a directory", 126);
}

#[test]
fn a_descriptor_that_does_not_exist_is_told() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.ask("service.fds\tweb\tnull\tmissing\tnull");
    fails_with(&mut d, "web", "", 126);
    // It is resolved anew at the next start.
    d.open_output("missing");
    d.run_to_end("web");
}

#[test]
fn a_descriptor_that_was_deleted_is_told() {
    let mut d = Daemon::interactive();
    d.define("web", &["/bin/true"]);
    d.open_output("out");
    d.give_fds("web", &["null", "out"]);
    d.ask("fd.delete\tout");
    fails_with(&mut d, "web", "", 126);
}

#[test]
fn a_start_that_fails_is_told_to_every_controller() {
    let mut d = Setup::interactive().socket().start();
    d.define("web", &["/no/such/program"]);
    let mut other = d.connect();
    other.sync();
    d.send("service.start\tweb");
    let error = "error\t{any}No such file or directory{any}, for service \"web\"";
    other.wait_for_all(&[up("web"), error.to_owned(), exited("web", 127)]);
}

#[test]
fn a_start_that_fails_is_tried_again_by_its_trigger() {
    let mut d = Daemon::interactive();
    d.define("web", &["/no/such/program"]);
    d.send("service.auto_up\tweb\t1\talways");
    let first = d.wait_for(up("web"))[0];
    let second = d.wait_for(up("web"))[0];
    assert!(second > first, "not before the interval: {first}, {second}");
}

/// Its exit status 127 is its own.
#[test]
fn a_program_that_exits_127_is_no_error() {
    let mut d = Daemon::interactive();
    d.define_shell("web", "exit 127");
    d.send("service.start\tweb");
    d.expect(&[starting("web"), up("web"), exited("web", 127)]);
    d.answers("echo", &[] as &[&str]);
}

#[test]
fn a_hundred_services_start_in_one_go() {
    let mut d = Daemon::interactive();
    let mut commands = Vec::new();
    for i in 0..100 {
        commands.push(format!("service.args\ts{i}\t/bin/sleep\t300"));
        commands.push(format!("service.start\ts{i}"));
    }
    d.send_bytes(&lines(&commands));
    let mut pids: Vec<i64> = (0..100).map(|i| d.wait_for(up(&format!("s{i}")))[1]).collect();
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), 100);
}

/// A user who has no process left. The daemon runs as `nobody` where the tests run as root, whom
/// the limit does not bind.
#[test]
fn a_start_for_which_there_is_no_process_is_tried_again_after_3_seconds() {
    // Where `nobody` can reach it.
    let setup = Setup::interactive().own_copy();
    fs::set_permissions(setup.path(""), Permissions::from_mode(0o755)).unwrap();
    let mut d = setup
        .before_exec(|| {
            let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            // SAFETY: `limit` is valid for the calls.
            unsafe {
                if libc::geteuid() == 0 && libc::setuid(65534) < 0 {
                    return Err(io::Error::last_os_error());
                }
                libc::getrlimit(libc::RLIMIT_NPROC, &raw mut limit);
                limit.rlim_cur = 0;
                libc::setrlimit(libc::RLIMIT_NPROC, &raw const limit);
            }
            Ok(())
        })
        .start();
    d.define("web", &["/bin/sleep", "300"]);
    d.send("service.start\tweb");
    let asked = d.expect(&[starting("web")])[0];
    let told = d.sync();
    assert!(!told.iter().any(|l| l.contains("\tup\t")), "{told:?}");
    allow_processes(d.pid());
    let since = d.wait_for(up("web"))[0];
    assert!((asked + 2..=asked + 8).contains(&since), "asked at {asked}, up at {since}");
}

/// Lifts the soft limit of processes up to the hard one. It takes a process of the same user.
fn allow_processes(pid: i64) {
    let pid = i32::try_from(pid).unwrap();
    let lift = move || {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: `limit` is valid for both calls.
        let result = unsafe {
            if libc::geteuid() == 0 {
                libc::setuid(65534);
            }
            libc::prlimit(pid, libc::RLIMIT_NPROC, std::ptr::null(), &raw mut limit);
            limit.rlim_cur = limit.rlim_max;
            libc::prlimit(pid, libc::RLIMIT_NPROC, &raw const limit, std::ptr::null_mut())
        };
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    };
    let mut command = Command::new("/bin/true");
    // SAFETY: only system calls.
    unsafe { command.pre_exec(lift) };
    assert!(command.status().expect("prlimit").success());
}

#[test]
fn descriptors_that_were_never_set_are_null_three_times() {
    let mut d = Daemon::interactive();
    d.define_sleeper("probe");
    assert_eq!(d.dump_of("service.fds\tprobe"), ["service.fds\tprobe\tnull\tnull\tnull"]);
    assert_eq!(open_in_probe(&mut d, ""), THREE);
}

#[test]
fn an_empty_list_of_descriptors_means_the_same_three() {
    let mut d = Daemon::interactive();
    d.define_sleeper("probe");
    d.answers("service.fds\tprobe", &["service.fds\tprobe\t"]);
    assert_eq!(d.dump_of("service.fds\tprobe"), ["service.fds\tprobe\t"]);
    assert_eq!(open_in_probe(&mut d, ""), THREE);
}
