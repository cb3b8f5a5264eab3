//! `service.args NAME [ARG]…` sets the argument list, and makes the service.

use daemonproxy_testing::{Daemon, Setup, eventually, exited, never_started};

#[test]
fn the_change_is_told() {
    let mut d = Daemon::interactive();
    d.send("service.args\tweb\thttpd\t-p\t80");
    d.expect(&["service.args\tweb\thttpd\t-p\t80"]);
}

#[test]
fn the_change_is_told_to_every_controller() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    d.define("web", &["httpd"]);
    other.expect(&["service.args\tweb\thttpd"]);
}

#[test]
fn the_service_exists_from_then_on() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    assert_eq!(d.dump_of("service.state\tweb"), [never_started("web")]);
}

#[test]
fn a_second_list_replaces_the_first() {
    let mut d = Daemon::interactive();
    d.define("web", &["one", "two", "three"]);
    d.define("web", &["four"]);
    assert_eq!(d.dump_of("service.args\tweb"), ["service.args\tweb\tfour"]);
}

#[test]
fn an_empty_list_is_shown_with_a_tab() {
    let mut d = Daemon::interactive();
    d.answers("service.args\tweb", &["service.args\tweb\t"]);
    d.define("web", &["httpd"]);
    d.answers("service.args\tweb\t", &["service.args\tweb\t"]);
    assert_eq!(d.dump_of("service.args\tweb"), ["service.args\tweb\t"]);
}

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
fn a_running_service_uses_the_new_list_at_its_next_start() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.run("web");
    d.define_shell("web", "exit 7");
    d.stop("web");
    d.run("web");
    d.expect(&[exited("web", 7)]);
}

#[test]
fn without_a_name_it_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("service.args", "Expected service name");
}

#[test]
fn a_wrong_name_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_a_service_name("service.args", "\t/bin/true");
    assert!(!d.dump().iter().any(|l| l.starts_with("service.")));
}

#[test]
fn a_name_may_have_31_characters_of_every_allowed_kind() {
    let mut d = Daemon::interactive();
    for name in ["ABCXYZabcxyz0189._-ABCXYZabcxyz", "-", ".", "_", "0"] {
        d.define(name, &["/bin/true"]);
    }
}

#[test]
fn a_control_character_is_refused() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    for wrong in ["\0", "\x01", "\x1b", "\r", "\x1f"] {
        d.refuses(&format!("service.args\tweb\ta{wrong}b"), "unable to set argv");
    }
    assert_eq!(d.dump_of("service.args\tweb"), ["service.args\tweb\thttpd"]);
}

#[test]
fn the_list_must_fit_into_a_fixed_pool() {
    let mut d = Setup::interactive().args(["--service-pool", "2x512"]).start();
    let long = format!("service.args\tweb\t/bin/echo\t{}", "x".repeat(3000));
    d.refuses(&long, "unable to set argv");
    d.define("web", &["/bin/echo", "x"]);
}

#[test]
fn a_fixed_pool_has_no_room_for_another_service() {
    let mut d = Setup::interactive().args(["--service-pool", "2"]).start();
    d.define("one", &["/bin/true"]);
    d.define("two", &["/bin/true"]);
    d.refuses("service.args\tthree\t/bin/true", "Unable to allocate new service");
    // Those that exist can still be changed.
    d.define("two", &["/bin/false"]);
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
