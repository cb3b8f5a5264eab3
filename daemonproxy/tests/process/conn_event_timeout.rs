//! `conn.event_timeout RESET CLOSE` sets the two times of a slow reader. What they do is the
//! subject of `slow_reader.rs`.

use daemonproxy_testing::Daemon;

#[test]
fn it_is_accepted_without_a_word() {
    let mut d = Daemon::interactive();
    for times in ["15\t30", "1\t2", "7\t7", "100000\t200000"] {
        d.answers(&format!("conn.event_timeout\t{times}"), &[] as &[&str]);
    }
}

#[test]
fn a_time_that_is_no_number_is_refused() {
    let mut d = Daemon::interactive();
    for wrong in ["", "\tsoon\t9", "\t1.5\t9", "\t5", "\t5\tlater", "\t5\t"] {
        d.refuses(&format!("conn.event_timeout{wrong}"), "Expected integer");
    }
}

#[test]
fn an_impossible_time_is_refused() {
    let mut d = Daemon::interactive();
    for wrong in ["-1\t9", "-5\t-1"] {
        d.refuses(&format!("conn.event_timeout\t{wrong}"), "invalid timeout{any}");
    }
}

#[test]
fn a_reset_after_the_close_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("conn.event_timeout\t9\t8", "reset timeout is greater than close timeout");
}
