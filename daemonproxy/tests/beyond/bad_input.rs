//! Every wrong way to say a new command: the error says what is wrong, and nothing has changed.

use daemonproxy_testing::{Daemon, Setup};

use crate::helpers::{lasting_state, refused_without_a_trace};

/// A daemon with something in it that could be changed by mistake.
fn furnished() -> Daemon {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    d.ask("service.tags\tweb\ta=1\tb");
    d.ask("fd.pipe\tr\tw");
    d.run("web");
    d
}

#[track_caller]
fn each_is_refused(cases: &[(&str, &str)]) {
    let mut d = furnished();
    for (command, message) in cases {
        refused_without_a_trace(&mut d, command, message);
    }
    d.still_answers();
}

const SECONDS: &str = "seconds must be 0 to 2147483647";

#[test]
fn terminate_shutdown() {
    each_is_refused(&[
        ("terminate.shutdown\t-1", SECONDS),
        ("terminate.shutdown\t2147483648", SECONDS),
        ("terminate.shutdown\t99999999999999999999999", SECONDS),
        ("terminate.shutdown\t-99999999999999999999999", SECONDS),
        ("terminate.shutdown\tten", "Expected integer"),
        ("terminate.shutdown\t", "Expected integer"),
        ("terminate.shutdown\t1.", "Expected integer"),
        ("terminate.shutdown\t.5", "Expected integer"),
        ("terminate.shutdown\t1,5", "Expected integer"),
        ("terminate.shutdown\t1.0123456789", "Expected integer"),
        ("terminate.shutdown\t2147483647.1", SECONDS),
        ("terminate.shutdown\t 1", "Expected integer"),
        ("terminate.shutdown\t1\t-1", SECONDS),
        ("terminate.shutdown\t1\t2147483648", SECONDS),
        ("terminate.shutdown\t1\tx", "Expected integer"),
        ("terminate.shutdown\t1\t1\t-2", SECONDS),
        ("terminate.shutdown\t1\t1\t2147483648", SECONDS),
        ("terminate.shutdown\t1\t1\tx", "Expected integer"),
        ("terminate.shutdown\t1\t1\t1\tx", "Expected integer"),
        ("terminate.shutdown\t1\t1\t1\t1\tx", "Expected integer"),
        ("terminate.shutdown\t1\t1\t1\t1\t256", "exit code must be 0 to 255"),
        ("terminate.shutdown\t1\t1\t1\t1\t1\tsurplus", "unexpected argument \"surplus\""),
    ]);
}

/// And these are right: the longest times there are.
#[test]
fn the_longest_times_do_not_overflow() {
    let mut d = furnished();
    d.send("terminate.shutdown\t2147483647\t2147483647\t2147483647");
    d.wait_for(daemonproxy_testing::killed("web", "SIGTERM"));
    d.exits_with(0);
}

#[test]
fn signal_default() {
    each_is_refused(&[
        ("signal.default", "Expected signal argument"),
        ("signal.default\t", "Invalid signal argument"),
        ("signal.default\tTERM", "Expected action argument"),
        ("signal.default\tNOSUCH\tevent", "Invalid signal argument"),
        ("signal.default\tterm\tevent", "Invalid signal argument"),
        ("signal.default\t0\tevent", "Invalid signal number"),
        ("signal.default\t65\tevent", "Invalid signal number"),
        ("signal.default\t-1\tevent", "Invalid signal number"),
        (
            "signal.default\tTERM\texplode",
            "unknown action \"explode\", expected event, shutdown, terminate or forward",
        ),
        (
            "signal.default\tTERM\tEvent",
            "unknown action \"Event\", expected event, shutdown, terminate or forward",
        ),
        ("signal.default\tTERM\tevent\tx", "unexpected argument \"x\""),
        // Signals that the daemon never receives.
        ("signal.default\tKILL\tshutdown", "Invalid signal argument"),
        ("signal.default\tCHLD\tevent", "Invalid signal argument"),
        ("signal.default\tRTMIN+1\tevent", "Invalid signal argument"),
    ]);
}

#[test]
fn service_tags_apply() {
    each_is_refused(&[
        ("service.tags.apply", "Expected service name"),
        ("service.tags.apply\tweb", "Expected tag argument"),
        ("service.tags.apply\tno/name\ta", "Invalid service name"),
        ("service.tags.apply\tthis-name-has-32-characters-long\ta", "Invalid service name"),
        ("service.tags.apply\tweb\t-", "invalid tag change \"-\""),
        ("service.tags.apply\tweb\t=x", "invalid tag change \"=x\""),
        ("service.tags.apply\tweb\t-a=1", "invalid tag change \"-a=1\""),
        ("service.tags.apply\tweb\t-a\t-b\t-", "invalid tag change \"-\""),
        ("service.tags.apply\tnew\t-", "invalid tag change \"-\""),
    ]);
}

const NUMBERS: &str = "expected descriptor numbers from 0 to 255, such as 1,2";

#[test]
fn service_pipe() {
    each_is_refused(&[
        ("service.pipe", "Expected service name"),
        ("service.pipe\tno/name\t1\tcat", "Invalid service name"),
        ("service.pipe\tweb", NUMBERS),
        ("service.pipe\tweb\t\tcat", NUMBERS),
        ("service.pipe\tweb\t-1\tcat", NUMBERS),
        ("service.pipe\tweb\t256\tcat", NUMBERS),
        ("service.pipe\tweb\t1,\tcat", NUMBERS),
        ("service.pipe\tweb\t,1\tcat", NUMBERS),
        ("service.pipe\tweb\t1,,2\tcat", NUMBERS),
        ("service.pipe\tweb\t1 2\tcat", NUMBERS),
        ("service.pipe\tweb\t1;2\tcat", NUMBERS),
        ("service.pipe\tweb\tstdout\tcat", NUMBERS),
        ("service.pipe\tweb\t99999999999999999999\tcat", NUMBERS),
        ("service.pipe\tweb\t1,2", "Expected program argument"),
        (
            "service.pipe\tabcdefghijklmnopqrstuvwxyz\t1\tcat",
            "service name too long: \"abcdefghijklmnopqrstuvwxyz-log.r\" would pass 31 characters",
        ),
    ]);
}

/// A command of the name that is being thought of, and one more.
#[test]
fn what_does_not_exist_is_unknown() {
    let mut d = furnished();
    let before = lasting_state(&mut d);
    for name in ["terminate.shutdown.now", "service.tags.", "Service.pipe", "signal.defaults"] {
        let answer = format!("error\tUnknown command: {name}");
        d.answers(&format!("{name}\tweb\t1"), &[answer]);
    }
    assert_eq!(lasting_state(&mut d), before);
}

/// Control characters belong into no field.
#[test]
fn control_characters_are_refused() {
    let mut d = furnished();
    let before = lasting_state(&mut d);
    for command in [
        "service.tags.apply\tweb\ta=\u{1}",
        "service.tags.apply\tweb\t\0",
        "service.pipe\tweb\t1\tcat\t\u{7}",
        "service.pipe\tweb\t1\t\0",
        "signal.default\tTERM\tevent\r",
        "terminate.shutdown\t1\r",
    ] {
        d.refuses_somehow(command);
    }
    assert_eq!(lasting_state(&mut d), before);
}

/// A list that could not be shown in one line is refused.
#[test]
fn a_descriptor_list_that_would_be_too_long_is_refused() {
    let mut d = furnished();
    let fds = "null\t".repeat(780);
    d.ask(&format!("service.fds\tweb\t{}", fds.trim_end()));
    let numbers: Vec<String> = (0..256).map(|n| n.to_string()).collect();
    refused_without_a_trace(
        &mut d,
        &format!("service.pipe\tweb\t{}\tcat", numbers.join(",")),
        "unable to set file descriptors",
    );
}

/// With a short line as the limit, too: every event must fit.
#[test]
fn with_short_lines() {
    let mut d = Setup::interactive().args(["--max-line", "512"]).start();
    d.ask(&format!("service.tags.apply\tweb\ta={}", "x".repeat(400)));
    refused_without_a_trace(
        &mut d,
        &format!("service.tags.apply\tweb\tb={}", "x".repeat(200)),
        "unable to set tags",
    );
    let numbers: Vec<String> = (0..90).map(|n| n.to_string()).collect();
    refused_without_a_trace(
        &mut d,
        &format!("service.pipe\tweb\t{}\tcat", numbers.join(",")),
        "unable to set file descriptors",
    );
}
