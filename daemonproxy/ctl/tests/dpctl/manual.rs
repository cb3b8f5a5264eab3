//! The manual page: complete, and without complaints from the formatter.

use std::process::Command;

use crate::daemon::run;

#[test]
fn the_page_can_be_formatted() {
    let texts = ["A SESSION", "DPCTL SHELL", "EXIT STATUS", "EXAMPLES"];
    can_be_formatted(&["man"], &texts);
}

#[test]
fn the_page_of_the_file_can_be_formatted() {
    let texts = ["[DAEMON]", "restart.delay", "umask", "OWNERS"];
    can_be_formatted(&["man", "--file"], &texts);
}

fn can_be_formatted(args: &[&str], texts: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page");
    let page = run(Command::new(env!("CARGO_BIN_EXE_dpctl")).args(args));
    assert_eq!((page.status, page.err.as_str()), (0, ""));
    std::fs::write(&path, &page.out).unwrap();
    let mut groff = Command::new("groff");
    groff.args(["-man", "-Tutf8", "-ww", "-rCHECKSTYLE=2", "-P-cbou"]).arg(&path);
    if groff.output().is_err() {
        eprintln!("groff is not installed: the manual page is not formatted");
        return;
    }
    let formatted = run(&mut groff);
    assert_eq!((formatted.status, formatted.err.as_str()), (0, ""));
    for text in texts {
        assert!(formatted.out.contains(text), "{text}");
    }
}
