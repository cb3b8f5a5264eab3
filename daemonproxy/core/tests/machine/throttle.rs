//! The interval of `service.auto_up`: no sooner than this many seconds after the last start.

use crate::fixture::Fixture;

#[test]
fn an_interval_of_one_second_is_not_less() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.advance_millis(900);
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 1 always");
    f.exit("a", 0);
    f.advance_millis(999);
    assert!(!f.runs("a"));
    f.advance_millis(1);
    assert!(f.runs("a"));
}

#[test]
fn a_start_by_hand_does_not_wait_and_begins_the_interval() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 100 always");
    f.advance(1);
    f.exit("a", 0);
    f.send(c, "service.start a");
    assert!(f.runs("a"));
    f.exit("a", 0);
    f.advance(99);
    assert!(!f.runs("a"));
    f.advance(1);
    assert!(f.runs("a"));
}

#[test]
fn the_longest_interval_there_is() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 2147483647 always");
    f.exit("a", 0);
    f.lines(c);
    assert!(f.dump(c).contains(&"service.state a start 2147683647 - - - - -".to_owned()));
}

#[test]
fn one_that_ends_at_once_is_started_once_an_interval() {
    let mut f = Fixture::new();
    let c = f.connect();
    f.send(c, "service.args a a");
    f.send(c, "service.auto_up a 2 always");
    f.calls();
    for _ in 0..40 {
        if f.runs("a") {
            f.exit("a", 1);
        }
        f.advance_millis(500);
    }
    assert_eq!(f.calls().len(), 10);
}
