//! `check`: what it prints, and its status.

use std::process::Command;

use crate::daemon::run;

fn check(text: &str) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.conf");
    std::fs::write(&path, text).unwrap();
    let said = run(Command::new(env!("CARGO_BIN_EXE_dpctl")).arg("check").arg(&path));
    (said.status, said.out, path.display().to_string())
}

#[test]
fn a_fault_is_told_with_its_place_and_what_to_write() {
    let (status, out, path) = check("# web\nservice.args web httpd\n");
    let expected = format!(
        "{path}:2: error: there are spaces where TABs belong\n    write: service.args<TAB>web<TAB>httpd\n"
    );
    assert_eq!((status, out), (1, expected));
}

#[test]
fn a_trigger_that_is_none_is_named() {
    let (status, out, path) = check("service.args\tx\ty\nservice.auto_up\tx\t1\traedy:db\n");
    let begin = format!("{path}:2: error: \"raedy:db\" is no trigger: there are always, once, ");
    let end = "    write: service.auto_up<TAB>x<TAB>1<TAB>ready:db\n";
    assert!(out.starts_with(&begin) && out.ends_with(end), "{out}");
    assert_eq!(status, 1);
}

#[test]
fn a_file_without_faults_says_nothing() {
    let (status, out, _) = check("service.args\tweb\thttpd\nservice.start\tweb\n");
    assert_eq!((status, out.as_str()), (0, ""));
}

#[test]
fn the_examples_have_no_faults() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|it| it == "conf")).collect();
    assert!(!files.is_empty());
    let said = run(Command::new(env!("CARGO_BIN_EXE_dpctl")).arg("check").args(files));
    assert_eq!((said.status, said.out.as_str()), (0, ""));
}

#[test]
fn users_and_groups_that_do_not_exist_are_warned_of() {
    let (status, out, path) = check(
        "service.args\tweb\thttpd\nservice.options\tweb\tuser=no-such-user\tgroup=root\n\
         service.options.apply\tweb\tgroups=0:no-such-group:root\t-user\tgroup=4123456789\n",
    );
    let expected = format!(
        "{path}:2: warning: there is no user no-such-user on this machine\n\
         {path}:3: warning: there is no group no-such-group on this machine\n"
    );
    assert_eq!((status, out), (0, expected));
}
