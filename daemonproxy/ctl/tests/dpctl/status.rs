//! `status`, `ls`, `ok` and `events`: what is shown, in which form, and the status.

use std::os::unix::fs::MetadataExt;

use crate::daemon::Daemon;

fn with_web() -> Daemon {
    let daemon = Daemon::start();
    daemon.ok_args(&["send", "service.args", "web", "sleep", "1000"]);
    daemon
}

#[test]
fn the_status_is_that_of_lsb() {
    let daemon = with_web();
    assert_eq!(daemon.dpctl("status web").status, 3);
    daemon.ok("start web");
    assert_eq!(daemon.dpctl("status web").status, 0);
    let said = daemon.dpctl("status nope");
    assert_eq!((said.status, said.err.as_str()), (4, "dpctl: there is no service nope\n"));
    assert_eq!(daemon.dpctl("ok web nope").status, 4);
}

#[test]
fn a_list_of_all_is_0_whatever_runs() {
    assert_eq!(with_web().dpctl("status").status, 0);
}

#[test]
fn chosen_fields_as_tsv() {
    let daemon = with_web();
    assert_eq!(
        daemon.dpctl("status -o name,state,args --format tsv").out,
        "name\tstate\targs\nweb\tdown\tsleep 1000\n"
    );
}

#[test]
fn chosen_fields_as_json() {
    let daemon = with_web();
    assert_eq!(
        daemon.dpctl("status web -o name,pid,args --format jsonl").out,
        "{\"name\":\"web\",\"pid\":null,\"args\":[\"sleep\",\"1000\"]}\n"
    );
}

#[test]
fn a_field_that_does_not_exist() {
    let said = with_web().dpctl("status -o colour");
    assert_eq!(said.status, 2);
    assert!(
        said.err.starts_with("dpctl: there is no field colour; there are name, "),
        "{}",
        said.err
    );
}

#[test]
fn who_is_connected() {
    let daemon = Daemon::start();
    let uid = std::fs::metadata("/proc/self").unwrap().uid();
    let out = daemon.ok("who --format jsonl -o kind,uid,rights,features");
    let own = format!(
        "{{\"kind\":\"socket\",\"uid\":{uid},\"rights\":\"full\",\"features\":[\"observer\"]}}\n"
    );
    assert_eq!(out, own);
    let table = daemon.ok("who");
    let lines: Vec<_> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    let [header, own]: [Vec<&str>; 2] = lines.try_into().unwrap();
    assert_eq!(header, ["ID", "KIND", "UID", "GID", "PID", "RIGHTS", "FEATURES"]);
    assert_eq!((own[1], own[2], own[5]), ("socket", uid.to_string().as_str(), "full"));
}

#[test]
fn no_colours_in_a_pipe() {
    let daemon = with_web();
    daemon.ok("start web");
    assert!(!daemon.ok("status").contains('\x1b'));
}

#[test]
fn names_by_pattern() {
    let daemon = with_web();
    daemon.ok_args(&["send", "service.args", "wiki", "true"]);
    daemon.ok_args(&["send", "service.args", "mail", "true"]);
    assert_eq!(daemon.ok("ls w*"), "web\nwiki\n");
    assert_eq!(daemon.ok("ls ?a[h-j]l w?b"), "mail\nweb\n");
}

#[test]
fn events_under_the_names_of_their_fields() {
    let daemon = with_web();
    let out = daemon.ok("events web --format jsonl");
    let args = "{\"event\":\"service.args\",\"name\":\"web\",\"args\":[\"sleep\",\"1000\"]}";
    assert!(out.lines().any(|line| line == args), "{out}");
}

#[test]
fn live_names_for_the_completions_of_a_shell() {
    let daemon = with_web();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dpctl"));
    command.args(["--", "dpctl", "status", "w"]);
    command.envs([("COMPLETE", "bash"), ("_CLAP_COMPLETE_INDEX", "2"), ("_CLAP_IFS", "\n")]);
    let said = crate::daemon::run(command.env("DAEMONPROXY_SOCKET", daemon.socket()));
    assert_eq!(said.out.trim_end(), "web");
}
