//! `service.tags` and `service.tags.apply`.

use daemonproxy_core::{Limits, Pool};

use crate::fixture::{Fixture, assert_lines};

#[test]
fn removing_the_last_one_leaves_none() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.tags a x=1");
    assert_lines(&f.ask(c, "service.tags.apply a -x"), &["service.tags a "]);
    assert_lines(&f.ask(c, "service.tags.apply a -x"), &["service.tags a "]);
}

#[test]
fn what_would_not_fit_into_a_line_changes_nothing() {
    let mut f = Fixture::with(Limits { max_line: 512, ..Limits::default() }, None);
    let c = f.connect();
    let half = "x".repeat(250);
    f.send(c, &format!("service.tags.apply a a={half}"));
    f.send(c, "service.tags.apply a small");
    f.send(c, &format!("service.tags.apply a b={half}"));
    let lines = f.lines(c);
    assert!(lines.last().unwrap().starts_with("error unable to set tags"), "{lines:?}");
    assert!(f.dump(c).contains(&format!("service.tags a a={half} small")));
}

#[test]
fn the_longest_list_that_fits_can_be_set_again_by_its_event() {
    let mut f = Fixture::with(Limits { max_line: 512, ..Limits::default() }, None);
    let c = f.connect();
    let rest = 512 - "service.tags a  \n".len();
    let (one, two) = ("x".repeat(rest / 2), "y".repeat(rest - rest / 2));
    f.send(c, &format!("service.tags.apply a {one}"));
    let lines = f.ask(c, &format!("service.tags.apply a {two}"));
    assert_eq!(lines[0].len(), 511);
    assert_eq!(f.ask(c, &lines[0]), lines);
}

#[test]
fn a_pool_that_has_no_room_changes_nothing() {
    let pool = Some(Pool { count: 2, bytes: 8 });
    let mut f = Fixture::with(Limits { services: pool, ..Limits::default() }, None);
    let c = f.connect();
    f.send(c, "service.tags a 12345 6");
    let lines = f.ask(c, "service.tags.apply a -6 789abc");
    assert!(lines[0].starts_with("error unable to set tags"), "{lines:?}");
    assert!(f.dump(c).contains(&"service.tags a 12345 6".to_owned()));
    // Nor does it leave a service behind that was not there.
    f.send(c, "service.tags.apply b 123456789");
    assert!(!f.dump(c).iter().any(|line| line.contains(" b ")));
}
