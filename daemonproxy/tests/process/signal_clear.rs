//! `signal.clear SIGNAL COUNT` takes COUNT off the pending count.

use daemonproxy_testing::Daemon;

/// A daemon with so many USR1 pending.
fn with_pending(count: u32) -> Daemon {
    let mut d = Daemon::interactive();
    for pending in 1..=count {
        d.signal(libc::SIGUSR1);
        d.expect(&[format!("signal\tSIGUSR1\t{{ts}}\t{pending}")]);
    }
    d
}

/// The COUNT of the dump.
fn pending(d: &mut Daemon) -> Option<String> {
    let lines = d.dump_of("signal\tSIGUSR1");
    lines.first().map(|l| l.rsplit('\t').next().unwrap().to_owned())
}

#[test]
fn the_count_is_taken_off() {
    let mut d = with_pending(5);
    d.ask("signal.clear\tUSR1\t2");
    assert_eq!(pending(&mut d).as_deref(), Some("3"));
    d.ask("signal.clear\tUSR1\t3");
    assert_eq!(pending(&mut d), None);
}

#[test]
fn signals_are_named_with_and_without_sig_and_by_number() {
    let mut d = with_pending(3);
    for (name, left) in [("USR1", Some("2")), ("SIGUSR1", Some("1")), ("10", None)] {
        d.ask(&format!("signal.clear\t{name}\t1"));
        assert_eq!(pending(&mut d).as_deref(), left);
    }
}

#[test]
fn it_never_goes_below_0() {
    let mut d = with_pending(2);
    d.ask("signal.clear\tUSR1\t100");
    assert_eq!(pending(&mut d), None);
    d.signal(libc::SIGUSR1);
    d.wait_for("signal\tSIGUSR1\t{ts}\t1");
}

#[test]
fn other_signals_keep_their_counts() {
    let mut d = with_pending(1);
    d.signal(libc::SIGUSR2);
    d.expect(&["signal\tSIGUSR2\t{ts}\t1"]);
    d.ask("signal.clear\tUSR2\t1");
    assert_eq!(pending(&mut d).as_deref(), Some("1"));
}

#[test]
fn zero_changes_nothing() {
    let mut d = with_pending(1);
    d.ask("signal.clear\tUSR1\t0");
    assert_eq!(pending(&mut d).as_deref(), Some("1"));
}

#[test]
fn the_next_signal_counts_on_from_what_is_left() {
    let mut d = with_pending(3);
    d.ask("signal.clear\tUSR1\t1");
    d.signal(libc::SIGUSR1);
    d.wait_for("signal\tSIGUSR1\t{ts}\t3");
}

#[test]
fn a_count_that_is_no_number_is_refused() {
    let mut d = with_pending(1);
    for wrong in ["", "\tall", "\t1.5", "\t1x", "\t"] {
        d.refuses(&format!("signal.clear\tUSR1{wrong}"), "Expected integer");
    }
    assert_eq!(pending(&mut d).as_deref(), Some("1"));
}

/// The original added it.
#[test]
fn a_negative_count_is_refused() {
    let mut d = with_pending(1);
    d.refuses_somehow("signal.clear\tUSR1\t-1");
    assert_eq!(pending(&mut d).as_deref(), Some("1"));
}

#[test]
fn a_missing_signal_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("signal.clear", "Expected signal argument");
}

#[test]
fn an_unknown_signal_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("signal.clear\tNOSUCH\t1", "Invalid signal argument");
}
