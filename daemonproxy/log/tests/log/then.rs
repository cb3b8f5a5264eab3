//! The program that archives are handed to.

use std::fs;
use std::path::Path;

use daemonproxy_testing::{eventually, write_program};

use crate::home::{Home, contains};

/// A program of these lines.
fn program(home: &Home, text: &str) -> String {
    let path = home.path("program");
    write_program(&path, text, 0o755);
    path
}

/// A line that makes the one before it an archive.
const LINE: &[u8] = b"123456789\n";

#[test]
fn it_gets_each_archive_and_what_it_leaves_is_marked() {
    let home = Home::new();
    let seen = home.path("seen");
    let program = program(
        &home,
        &format!("cat \"$2\" >> {seen}; echo \"$1\" \"$#\" >> {seen}; cat >> {seen}"),
    );
    let mut logger =
        home.start(&format!("--time none --size 10 --then {program} hello")).with_children();
    for number in 1..=3 {
        logger.write(format!("number {number}\n").as_bytes());
        let done = number - 1;
        eventually("it was handed over", || {
            let archives = home.archives();
            (archives.len() == done && archives.iter().all(|name| name.ends_with(".log.done")))
                .then_some(())
        });
    }
    assert_eq!(logger.finish(), "");
    let text = fs::read_to_string(seen).unwrap();
    assert_eq!(text, "number 1\nhello 2\nnumber 2\nhello 2\n");
}

#[test]
fn it_may_make_something_else_of_it() {
    let home = Home::new();
    let program = program(&home, "mv \"$1\" \"$1.gz\"");
    let mut logger =
        home.start(&format!("--time none --size 10 --keep 2 --then {program}")).with_children();
    for count in [0, 1, 2, 2, 2] {
        logger.write(LINE);
        eventually("it was handed over", || {
            let archives = home.archives();
            let all = archives.iter().all(|name| name.ends_with(".log.gz"));
            (all && archives.len() == count && home.current_bytes() == LINE).then_some(())
        });
    }
    assert_eq!(logger.finish(), "");
}

/// It is said, the archive stays as it is, and it gets another turn with the next one.
#[test]
fn one_that_fails() {
    let home = Home::new();
    let flag = home.path("works");
    let program = program(&home, &format!("test -e {flag} || exit 3"));
    let mut logger = home.start(&format!("--time none --size 10 --then {program}")).with_children();
    logger.write(&[LINE, LINE].concat());
    let said = logger.hear("\n");
    assert!(
        said.contains("program 20") && said.contains(": failed with status 3; it is tried again"),
        "{said}"
    );
    assert!(home.archives()[0].ends_with(".log"));
    fs::write(flag, "").unwrap();
    logger.write(LINE);
    eventually("both are done", || {
        let done = home.archives().iter().filter(|name| name.ends_with(".done")).count();
        (done == 2).then_some(())
    });
    logger.finish();
}

#[test]
fn one_that_is_not_there() {
    let home = Home::new();
    let mut logger =
        home.start("--time none --size 10 --then /nonexistent/program").with_children();
    logger.write(&[LINE, LINE].concat());
    let said = logger.hear("tried again");
    assert!(said.contains("cannot execute /nonexistent/program: No such file"), "{said}");
    assert!(said.contains("failed with status 127"), "{said}");
    logger.finish();
    assert_eq!(home.everything(), [LINE, LINE].concat());
}

/// The log goes on, there is one such program at a time, and the limits hold all the same.
#[test]
fn one_that_hangs() {
    let home = Home::new();
    let started = home.path("started");
    let program = program(&home, &format!("echo x >> {started}; exec sleep 1000"));
    let mut logger =
        home.start(&format!("--time none --size 10 --keep 3 --then {program}")).with_children();
    logger.write(&[LINE, LINE].concat());
    contains(Path::new(&started), "x\n");
    logger.write(&LINE.repeat(20));
    eventually("the limits hold", || {
        (home.archives().last()?.contains(".000020.log")).then_some(())
    });
    assert_eq!(home.archives().len(), 3);
    logger.leave();
    assert_eq!(fs::read_to_string(started).unwrap(), "x\n");
}

/// What was not handed over is, at the next start.
#[test]
fn what_was_left_from_before() {
    let home = Home::new();
    home.log("--time none --size 10", &LINE.repeat(3));
    assert_eq!(home.archives().len(), 2);
    let program = program(&home, "rm \"$1\"");
    let logger = home.start(&format!("--then {program}")).with_children();
    eventually("both are gone", || home.archives().is_empty().then_some(()));
    logger.finish();
}
