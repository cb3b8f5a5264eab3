//! `service.tags.apply`: changes of single tags.

use daemonproxy_testing::{Daemon, Setup, lines};

use crate::helpers::refused_without_a_trace;

/// The changes are answered with exactly these tags.
#[track_caller]
fn applied(d: &mut Daemon, changes: &[&str], tags: &[&str]) {
    let command = format!("service.tags.apply\tweb\t{}", changes.join("\t"));
    let event = format!("service.tags\tweb\t{}", tags.join("\t"));
    d.answers(&command, &[&event]);
    assert_eq!(d.dump_of("service.tags\tweb"), [event]);
}

#[test]
fn it_makes_the_service() {
    let mut d = Daemon::interactive();
    applied(&mut d, &["a=1"], &["a=1"]);
    assert_eq!(d.dump_of("service.state\tweb"), ["service.state\tweb\tdown\t-\t-\t-\t-\t-\t-"]);
}

#[test]
fn it_sets_replaces_and_removes() {
    let mut d = Daemon::interactive();
    applied(&mut d, &["a=1", "b", "c=3"], &["a=1", "b", "c=3"]);
    applied(&mut d, &["b=2"], &["a=1", "b=2", "c=3"]);
    applied(&mut d, &["-a", "d"], &["b=2", "c=3", "d"]);
    applied(&mut d, &["-d", "-c", "-b"], &[""]);
    applied(&mut d, &["e"], &["e"]);
}

#[test]
fn changes_are_made_in_their_order() {
    let mut d = Daemon::interactive();
    applied(&mut d, &["a=1", "a=2", "-a", "a=3"], &["a=3"]);
    applied(&mut d, &["-a", "a"], &["a"]);
}

#[test]
fn a_value_may_hold_anything() {
    let mut d = Daemon::interactive();
    applied(&mut d, &["a=b=c", "d=", "e=-x", "f= ü"], &["a=b=c", "d=", "e=-x", "f= ü"]);
    applied(&mut d, &["a=-"], &["a=-", "d=", "e=-x", "f= ü"]);
}

#[test]
fn a_key_is_not_the_beginning_of_another() {
    let mut d = Daemon::interactive();
    applied(&mut d, &["ab=1", "a=2", "abc"], &["ab=1", "a=2", "abc"]);
    applied(&mut d, &["-ab", "a=3"], &["a=3", "abc"]);
}

#[test]
fn to_remove_what_is_not_there_is_no_error() {
    let mut d = Daemon::interactive();
    applied(&mut d, &["a"], &["a"]);
    applied(&mut d, &["-b"], &["a"]);
}

/// Tags that were set as a whole may have one key twice.
#[test]
fn a_key_that_is_there_twice_is_removed_altogether() {
    let mut d = Daemon::interactive();
    d.answers("service.tags\tweb\ta=1\tb\ta=2", &["service.tags\tweb\ta=1\tb\ta=2"]);
    applied(&mut d, &["-a"], &["b"]);
    d.answers("service.tags\tweb\ta=1\tb\ta=2", &["service.tags\tweb\ta=1\tb\ta=2"]);
    applied(&mut d, &["a=3"], &["a=3", "b"]);
}

#[test]
fn every_controller_hears_of_it_and_none_overwrites_another() {
    let d = Setup::interactive().socket().start();
    let (mut one, mut other) = (d.connect(), d.connect());
    one.sync();
    other.sync();
    let text = |who: &str| {
        lines(
            &(0..50).map(|i| format!("service.tags.apply\tweb\t{who}{i}={i}")).collect::<Vec<_>>(),
        )
    };
    one.push(&text("one"));
    other.push(&text("other"));
    one.sync();
    other.sync();
    // What the other one did may have been reported only now.
    one.sync();
    let tags = one.dump_of("service.tags\tweb");
    assert_eq!(tags[0].split('\t').count(), 2 + 100, "{tags:?}");
    other.sync();
    assert_eq!(other.dump_of("service.tags\tweb"), tags);
}

#[test]
fn one_wrong_change_and_none_is_made() {
    let mut d = Daemon::interactive();
    applied(&mut d, &["a=1"], &["a=1"]);
    for wrong in ["-", "-a=b", "=value", ""] {
        refused_without_a_trace(
            &mut d,
            &format!("service.tags.apply\tweb\tb=2\t{wrong}\t-a"),
            &format!("invalid tag change \"{wrong}\""),
        );
    }
    refused_without_a_trace(&mut d, "service.tags.apply\tweb", "Expected tag argument");
    refused_without_a_trace(&mut d, "service.tags.apply\tno/name\ta", "Invalid service name");
    refused_without_a_trace(&mut d, "service.tags.apply", "Expected service name");
}

/// What could not be reported in one line cannot be set.
#[test]
fn tags_that_do_not_fit_into_a_line_are_refused() {
    let mut d = Daemon::interactive();
    let large = "x".repeat(2000);
    d.ask(&format!("service.tags.apply\tweb\ta={large}"));
    d.ask(&format!("service.tags.apply\tweb\tb={large}"));
    refused_without_a_trace(
        &mut d,
        &format!("service.tags.apply\tweb\tc={large}"),
        "unable to set tags",
    );
    d.ask("service.tags.apply\tweb\t-a");
    d.ask(&format!("service.tags.apply\tweb\tc={large}"));
    assert!(d.dump_of("service.tags\tweb")[0].contains("\tc=xxx"));
}

/// Settings of a service that is there, and of its run.
#[test]
fn nothing_else_of_the_service_changes() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let pid = d.run("web");
    applied(&mut d, &["a"], &["a"]);
    assert!(d.dump_of("service.state\tweb")[0].contains("\tup\t"), "pid {pid}");
    assert_eq!(d.dump_of("service.args\tweb"), ["service.args\tweb\t/bin/sleep\t300"]);
}
