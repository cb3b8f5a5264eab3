//! The suite itself: what does not hold is found, and reported in a helpful way.

#![cfg(test)]

use conformance_tests::play;
use conformance_tests::sdk::{self, Driver};
use conformance_tests::subject::core::Core;
use conformance_tests::transcript::{Protocol, Transcript};

fn transcript(text: &str) -> Transcript {
    Transcript::parse("t.tsv", text).unwrap()
}

/// How this fails against the state machine.
fn failure(text: &str) -> String {
    let transcript = transcript(text);
    let mut core = Core::start(&transcript.setup, false).unwrap();
    play::play(&transcript, &mut core).unwrap_err().to_string()
}

/// How this fails against the crate as an SDK.
fn sdk_failure(text: &str) -> String {
    let command = [env!("CARGO_BIN_EXE_conformance-tests").to_owned(), "driver".to_owned()];
    let mut driver = Driver::start(&command).unwrap();
    sdk::play(&transcript(text), Protocol::One, &mut driver).unwrap_err().to_string()
}

#[track_caller]
fn says(failure: &str, parts: &[&str]) {
    for part in parts {
        assert!(failure.contains(part), "no {part:?} in:\n{failure}");
    }
}

#[test]
fn another_event_than_expected() {
    let failure = failure(">\tservice.args\ta\tx\n<\tservice.args\ta\ty\n");
    says(&failure, &["t.tsv:2", "- < → service.args → a → y", "+ < → service.args → a → x"]);
}

#[test]
fn an_event_that_does_not_come() {
    says(&failure("<\toverflow\n"), &["t.tsv:1", "- < → overflow", "+ < → nothing"]);
}

#[test]
fn an_event_too_many_at_the_end() {
    let failure = failure(">\tservice.args\ta\tx\n");
    says(&failure, &["- the end", "+ < → service.args → a → x"]);
}

#[test]
fn events_in_any_order_must_all_come() {
    let failure = failure(">\techo\ta\n>\techo\tb\n<|\tb\n<|\tc\n");
    says(&failure, &["t.tsv:3", "+ < → a"]);
}

#[test]
fn a_placeholder_that_was_bound_to_something_else() {
    let text = "\
>\techo\tx\t7
<\tx\t{pid:1}
>\techo\tx\t8
<\tx\t{pid:1}
";
    says(&failure(text), &["t.tsv:4", "+ < → x → 8"]);
}

#[test]
fn a_placeholder_of_another_kind() {
    says(&failure(">\techo\tx\n<\t{pid}\n"), &["t.tsv:2", "+ < → x"]);
}

#[test]
fn a_placeholder_that_nothing_has_bound() {
    says(
        &failure(">\techo\t{pid:1}\n"),
        &["t.tsv:1", "{pid:1} is used before anything has bound it"],
    );
}

#[test]
fn a_connection_that_does_not_exist() {
    says(&failure(">b\techo\tx\n"), &["t.tsv:1", "there is no connection `b`"]);
}

#[test]
fn a_child_that_does_not_exist() {
    says(&failure(">\techo\t9\n<\t{pid:1}\n!\treap\t{pid:1}\texit\t0\n"), &["there is no child 9"]);
}

#[test]
fn another_exit_status() {
    says(&failure(">\tterminate\t3\n!\tleaves\t4\n"), &["t.tsv:2", "+ ! → leaves → 3"]);
}

#[test]
fn another_view() {
    let failure = failure(">\tservice.tags\ta\tx\n<\tservice.tags\ta\tx\n=\tservice\ta\ttags=y\n");
    says(&failure, &["t.tsv:3", "the view says tags=x"]);
}

#[test]
fn a_log_without_it() {
    says(&failure("!\tlog\tnothing of this\n"), &["t.tsv:1", "the log does not have it"]);
}

#[test]
fn an_sdk_that_sends_another_command() {
    let failure = sdk_failure("$\tservice.start\ta\n>\tservice.start\tb\n$=\tok\n");
    says(&failure, &["t.tsv:2", "- > → service.start → b", "+ > → service.start → a"]);
}

#[test]
fn an_sdk_that_sends_a_command_too_many() {
    let failure = sdk_failure("$\tservice.start\ta\n$=\tok\n");
    says(&failure, &["t.tsv:2", "a command too many", "service.start → a"]);
}

#[test]
fn an_sdk_that_does_not_notice_a_refusal() {
    let text = "\
$\tservice.start\ta
>\tservice.start\ta
$=\terror\trefused
";
    says(&sdk_failure(text), &["t.tsv:3", "+ $= → ok"]);
}

#[test]
fn an_sdk_that_refuses_to_send_what_it_should() {
    let failure = sdk_failure("$\tservice.start\ta/b\n>\tservice.start\ta/b\n$=\tok\n");
    says(&failure, &["t.tsv:2", "$= → error → usage → Invalid service name"]);
}

#[test]
fn an_sdk_with_another_view() {
    let failure = sdk_failure("<\tservice.tags\ta\tx\n=\tservice\ta\ttags=y\n");
    says(&failure, &["t.tsv:2", "the view says tags=x"]);
}

#[test]
fn a_driver_that_ends() {
    let mut driver =
        Driver::start(&["sh".to_owned(), "-c".to_owned(), "echo why >&2".to_owned()]).unwrap();
    let failure = sdk::play(&transcript("$\tsync\n$=\tok\n"), Protocol::One, &mut driver)
        .unwrap_err()
        .to_string();
    says(&failure, &["why"]);
}
