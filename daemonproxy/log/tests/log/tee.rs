//! The copy of everything on standard error.

use std::io::Write;

use daemonproxy_testing::pipe;

use crate::home::{Home, Logger, contains, numbers};

#[test]
fn everything_is_copied() {
    let home = Home::new();
    let mut logger = home.start("--tee --time none");
    logger.write(b"one\ntwo\n");
    assert_eq!(logger.finish(), "one\ntwo\n");
    assert_eq!(home.current(), "one\ntwo\n");
}

#[test]
fn nobody_needs_to_read_it() {
    let home = Home::new();
    let (reader, writer) = pipe();
    drop(reader);
    let mut logger = Logger::new(home.setup("--tee --time none").std(2, writer));
    logger.write(&numbers(1, 100_000));
    logger.finish();
    assert_eq!(home.current_bytes(), numbers(1, 100_000));
}

/// A reader that does not read holds up the services, but not the end.
#[test]
fn a_reader_that_hangs_does_not_keep_it() {
    let home = Home::new();
    let (_reader, writer) = pipe();
    let (input, lines) = pipe();
    let setup = home.setup("--tee --time none").std(2, writer).std(0, input);
    let mut logger = Logger::new(setup);
    let mut lines = std::fs::File::from(lines);
    let filler = std::thread::spawn(move || while lines.write_all(&numbers(1, 1000)).is_ok() {});
    contains(&home.logs().join("current"), "1000\n");
    // What standard error holds, or nearly so: its last page may have no room for a whole batch.
    let full = || std::fs::metadata(home.logs().join("current")).unwrap().len() > 48 * 1024;
    daemonproxy_testing::eventually("it is held up", || full().then_some(()));
    logger.signal(libc::SIGTERM);
    assert!(logger.process.wait().unwrap().success());
    filler.join().unwrap();
}
