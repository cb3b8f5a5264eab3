//! The command line, and a start that fails.

use std::fs;

use crate::home::{Home, Logger};

/// What a start that fails says, with status 1.
#[track_caller]
fn refuses(logger: Logger) -> String {
    let (status, said) = logger.close();
    assert_eq!(status.code(), Some(1), "{said}");
    said
}

#[test]
fn a_wrong_command_line() {
    let home = Home::new();
    let (status, said) = home.start("--nonsense").close();
    assert_eq!(status.code(), Some(2));
    assert!(said.starts_with("daemonproxy-log: invalid option '--nonsense'\n\nusage:"), "{said}");
    assert!(!home.logs().exists());
}

#[test]
fn two_loggers_do_not_share_a_directory() {
    let home = Home::new();
    let mut first = home.start("--time none");
    first.write(b"one\n");
    crate::home::contains(&home.logs().join("current"), "one\n");
    let said = refuses(home.start(""));
    assert!(said.contains("is in use by another daemonproxy-log; give each of them"), "{said}");
    first.finish();
    assert_eq!(home.log("--time none", b"two\n"), "one\ntwo\n");
}

#[test]
fn a_descriptor_that_is_not_there() {
    let home = Home::new();
    let said = refuses(home.start("--fd 7=web"));
    let text = "cannot read from descriptor 7: Bad file descriptor; start it with a pipe there";
    assert!(said.contains(text), "{said}");
}

/// Messages do not end up in the log, whatever number it gets.
#[test]
fn standard_error_may_be_closed() {
    let home = Home::new();
    let mut logger = Logger::new(home.setup("--time none --size 10").closed(2).closed(1));
    logger.write(b"123456789\n123456789\n");
    fs::create_dir(home.logs().join("x")).ok();
    logger.finish();
    assert_eq!(home.current(), "123456789\n");
}

#[test]
fn a_path_that_cannot_be() {
    let home = Home::new();
    fs::write(home.path("deep"), "a file").unwrap();
    let said = refuses(home.start(""));
    assert!(said.contains("deep/logs: Not a directory; something on this path is not"), "{said}");
}

#[test]
fn something_else_is_in_the_place_of_the_file() {
    let home = Home::new();
    fs::create_dir_all(home.logs().join("current")).unwrap();
    let said = refuses(home.start(""));
    assert!(said.contains("cannot open the file current in "), "{said}");
    assert!(said.contains("Is a directory; remove what is in its place"), "{said}");
    fs::remove_dir(home.logs().join("current")).unwrap();
    std::os::unix::fs::symlink("/dev/null", home.logs().join("current")).unwrap();
    let said = refuses(home.start(""));
    assert!(said.contains("it is a symbolic link, which is not followed"), "{said}");
}
