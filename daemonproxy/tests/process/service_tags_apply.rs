//! `service.tags.apply NAME CHANGE…` changes some tags and leaves the others alone, so that two
//! controllers do not overwrite each other.

use crate::harness::{Daemon, Setup};

fn with_tags(tags: &str) -> Daemon {
    let mut d = Daemon::interactive();
    d.define("web", &["httpd"]);
    d.ask(&format!("service.tags\tweb\t{tags}"));
    d
}

/// The tags after a change, in order of the alphabet: which place a new tag gets is not promised.
#[track_caller]
fn after(d: &mut Daemon, changes: &str) -> Vec<String> {
    let told = d.ask(&format!("service.tags.apply\tweb\t{changes}"));
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(d.dump_of("service.tags\tweb"), told);
    let tags = told[0].strip_prefix("service.tags\tweb\t").expect(&told[0]);
    let mut tags: Vec<String> =
        tags.split('\t').filter(|t| !t.is_empty()).map(str::to_owned).collect();
    tags.sort_unstable();
    tags
}

#[test]
fn a_tag_is_added() {
    let mut d = with_tags("one");
    assert_eq!(after(&mut d, "two"), ["one", "two"]);
}

#[test]
fn a_key_is_set_and_replaced() {
    let mut d = with_tags("one");
    assert_eq!(after(&mut d, "colour=red"), ["colour=red", "one"]);
    assert_eq!(after(&mut d, "colour=blue"), ["colour=blue", "one"]);
    assert_eq!(after(&mut d, "colour="), ["colour=", "one"]);
}

#[test]
fn a_tag_that_is_there_is_not_there_twice() {
    let mut d = with_tags("one\ttwo");
    assert_eq!(after(&mut d, "one"), ["one", "two"]);
}

#[test]
fn a_dash_removes() {
    let mut d = with_tags("one\tcolour=red\ttwo");
    assert_eq!(after(&mut d, "-one"), ["colour=red", "two"]);
    assert_eq!(after(&mut d, "-colour"), ["two"]);
    assert_eq!(after(&mut d, "-two"), [""; 0]);
}

#[test]
fn removing_what_is_not_there_changes_nothing() {
    let mut d = with_tags("one");
    d.ask("service.tags.apply\tweb\t-none\t-on");
    assert_eq!(d.dump_of("service.tags\tweb"), ["service.tags\tweb\tone"]);
}

#[test]
fn several_changes_are_made_together() {
    let mut d = with_tags("a\tb=1\tc");
    assert_eq!(after(&mut d, "-a\tb=2\td\te=5"), ["b=2", "c", "d", "e=5"]);
}

#[test]
fn what_is_not_mentioned_keeps_its_place() {
    let mut d = with_tags("z\ty=1\tx");
    let told = d.ask("service.tags.apply\tweb\ty=2");
    assert_eq!(told, ["service.tags\tweb\tz\ty=2\tx"]);
}

#[test]
fn every_controller_hears_of_the_whole_list() {
    let mut d = Setup::interactive().socket().start();
    d.define("web", &["httpd"]);
    d.ask("service.tags\tweb\ta");
    let mut other = d.connect();
    other.sync();
    d.ask("service.tags.apply\tweb\tb");
    other.expect(&["service.tags\tweb\ta\tb"]);
}

/// Many at a time, each with a key of its own.
#[test]
fn two_controllers_do_not_overwrite_each_other() {
    let mut d = Setup::interactive().socket().start();
    d.define("web", &["httpd"]);
    let (mut one, mut other) = (d.connect(), d.connect());
    for i in 0..50 {
        one.send(&format!("service.tags.apply\tweb\tone={i}"));
        other.send(&format!("service.tags.apply\tweb\tother={i}"));
    }
    one.sync();
    other.sync();
    d.sync();
    let tags = d.dump_of("service.tags\tweb");
    let mut tags: Vec<&str> = tags[0].split('\t').skip(2).collect();
    tags.sort_unstable();
    assert_eq!(tags, ["one=49", "other=49"]);
}

/// Atomic: all of it, or nothing.
#[test]
fn a_change_that_cannot_be_made_changes_nothing() {
    let mut d = with_tags("keep");
    d.refuses_somehow("service.tags.apply\tweb\tgood\tb\x01d");
    d.refuses_somehow("service.tags.apply\tweb\tgood\t-");
    assert_eq!(d.dump_of("service.tags\tweb"), ["service.tags\tweb\tkeep"]);
}

#[test]
fn a_wrong_name_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_a_service_name("service.tags.apply", "\tx");
}
