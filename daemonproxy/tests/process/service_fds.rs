//! `service.fds NAME [FD]…` names what becomes 0, 1, 2, … in the service. That the service then
//! has exactly these is the subject of `spawning.rs`.

use daemonproxy_testing::{Daemon, Setup};

use crate::spawning::open_in_probe;

const THREE: [&str; 3] = ["0 /dev/null", "1 /dev/null", "2 /dev/null"];

#[test]
fn the_change_is_told() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.send("service.fds\tweb\tnull\tstderr\t-\tstderr");
    d.expect(&["service.fds\tweb\tnull\tstderr\t-\tstderr"]);
}

#[test]
fn the_change_is_told_to_every_controller() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    d.define("web", &["httpd"]);
    d.give_fds("web", &["null"]);
    other.expect(&["service.args\tweb\thttpd", "service.fds\tweb\tnull"]);
}

#[test]
fn a_name_that_does_not_exist_yet_is_only_warned_about() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.answers_in_any_order(
        "service.fds\tweb\tnull\tlater\tnull",
        &["service.fds\tweb\tnull\tlater\tnull", "warning\tfd \"later\" is not yet defined"],
    );
}

#[test]
fn each_missing_name_is_warned_about() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.answers_in_any_order(
        "service.fds\tweb\ta\tnull\tb",
        &[
            "service.fds\tweb\ta\tnull\tb",
            "warning\tfd \"a\" is not yet defined",
            "warning\tfd \"b\" is not yet defined",
        ],
    );
}

/// The list is resolved when the service starts.
#[test]
fn a_descriptor_that_came_later_is_used() {
    let mut d = Daemon::interactive();
    d.define_shell("web", "echo hello");
    d.send("service.fds\tweb\tnull\tout\tnull");
    d.sync();
    d.open_output("out");
    d.run_to_end("web");
    assert_eq!(d.read("out"), "hello\n");
}

#[test]
fn never_set_means_null_three_times() {
    let mut d = Daemon::interactive();
    d.define_sleeper("probe");
    assert_eq!(d.dump_of("service.fds\tprobe"), ["service.fds\tprobe\tnull\tnull\tnull"]);
    assert_eq!(open_in_probe(&mut d, ""), THREE);
}

#[test]
fn an_empty_list_is_shown_as_empty_and_starts_with_the_same_three() {
    let mut d = Daemon::interactive();
    d.define_sleeper("probe");
    d.answers("service.fds\tprobe", &["service.fds\tprobe\t"]);
    assert_eq!(d.dump_of("service.fds\tprobe"), ["service.fds\tprobe\t"]);
    assert_eq!(open_in_probe(&mut d, ""), THREE);
}

#[test]
fn without_a_name_it_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("service.fds", "Expected service name");
}

#[test]
fn a_wrong_name_of_a_service_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_a_service_name("service.fds", "\tnull");
}

#[test]
fn a_wrong_name_of_a_descriptor_is_refused() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.give_fds("web", &["stderr"]);
    for wrong in ["no/slash", "no space", "12345678901234567890123456789012", "a\x01"] {
        d.refuses(&format!("service.fds\tweb\tnull\t{wrong}\tnull"), "invalid fd name");
    }
    assert_eq!(d.dump_of("service.fds\tweb"), ["service.fds\tweb\tstderr"]);
}

/// The original took the next name for it, and so every later descriptor got a wrong number.
#[test]
fn an_empty_name_does_not_shift_the_others() {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.refuses("service.fds\tweb\tnull\t\tnull", "invalid fd name");
}

#[test]
fn the_list_must_fit_into_a_fixed_pool() {
    let mut d = Setup::interactive().args(["--service-pool", "2x512"]).start();
    d.define("web", &["httpd"]);
    let long = format!("service.fds\tweb{}", "\tnull".repeat(600));
    d.refuses(&long, "unable to set file descriptors");
    d.give_fds("web", &["null"]);
}
