//! `service.args NAME [ARG]…` sets the argument list, and makes the service.

use daemonproxy_testing::{Daemon, eventually};

#[test]
fn empty_arguments_are_arguments() {
    let mut d = Daemon::interactive();
    let script = "echo $#; exit 0";
    let out = d.output(&["/bin/sh", "-c", script, "sh", "", "x", ""]);
    assert_eq!(out, "3\n");
    assert_eq!(
        d.dump_of("service.args\tprobe"),
        [format!("service.args\tprobe\t/bin/sh\t-c\t{script}\tsh\t\tx\t")]
    );
}

#[test]
fn the_first_argument_is_the_program_and_argv0() {
    let mut d = Daemon::interactive();
    d.define("nap", &["sleep", "300"]);
    let pid = d.run("nap");
    // Until the program is executed it is the daemon's, and for a moment it is empty.
    eventually("the program has its arguments", || {
        let cmdline = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap();
        (cmdline == b"sleep\x00300\0").then_some(())
    });
}

#[test]
fn arguments_reach_the_program_as_they_are() {
    let mut d = Daemon::interactive();
    let odd = ["a b", "'\"\\$x;*", "-", "--", "ü€", " "];
    let mut argv = vec!["/bin/sh", "-c", "for a do printf '[%s]' \"$a\"; done", "sh"];
    argv.extend(odd);
    assert_eq!(d.output(&argv), odd.map(|a| format!("[{a}]")).concat());
}

#[test]
fn bytes_that_are_no_utf8_are_kept() {
    let mut d = Daemon::interactive();
    d.open_output("out");
    let argv = b"service.args\tprobe\t/bin/sh\t-c\tprintf %s \"$1\"\tsh\t\xff\xfe\x80\x7f";
    d.send_bytes(&[argv, b"\n".as_slice()].concat());
    assert_eq!(d.line(), argv);
    d.give_fds("probe", &["null", "out", "stderr"]);
    d.run_to_end("probe");
    assert_eq!(std::fs::read(d.path("out")).unwrap(), b"\xff\xfe\x80\x7f");
}
