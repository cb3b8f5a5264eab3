//! `echo [FIELD]…` sends the rest of the line back, and so tells where the answers so far end.

use daemonproxy_testing::Daemon;

#[test]
fn the_rest_of_the_line_comes_back() {
    let mut d = Daemon::interactive();
    d.send("echo\thello");
    d.expect(&["hello"]);
}

#[test]
fn every_field_comes_back_with_its_tabs() {
    let mut d = Daemon::interactive();
    d.send("echo\tone\t\tthree\t");
    d.expect(&["one\t\tthree\t"]);
}

#[test]
fn without_a_field_nothing_comes_back() {
    let mut d = Daemon::interactive();
    d.answers("echo", &[] as &[&str]);
}

#[test]
fn one_empty_field_comes_back_as_an_empty_line() {
    let mut d = Daemon::interactive();
    d.answers("echo\t", &[""]);
}

#[test]
fn the_answer_comes_behind_those_of_earlier_commands() {
    let mut d = Daemon::interactive();
    d.send_bytes(b"echo\tfirst\nno.such.command\nlog.filter\necho\tlast\n");
    d.expect(&["first", "error\tUnknown command: no.such.command", "log.filter\tdebug", "last"]);
}

#[test]
fn only_the_controller_that_asked_gets_the_answer() {
    let mut d = daemonproxy_testing::Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    d.answers("echo\tmine", &["mine"]);
    other.answers("echo\tyours", &["yours"]);
}

#[test]
fn fields_may_look_like_events_and_commands() {
    let mut d = Daemon::interactive();
    d.send("echo\tterminate\t0");
    d.expect(&["terminate\t0"]);
    d.send("echo\t#no comment");
    d.expect(&["#no comment"]);
}
