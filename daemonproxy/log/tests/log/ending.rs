//! How it ends, and what it takes with it.

use std::fs::File;
use std::io::Write;

use daemonproxy_testing::{eventually, pipe};

use crate::home::{Home, contains, numbers};

/// The writers live on, and so does the pipe: what is in it now is written, and what comes later
/// is for the next logger.
#[test]
fn term_takes_what_is_in_the_pipes() {
    let home = Home::new();
    let (reader, writer) = pipe();
    let mut writer = File::from(writer);
    writer.write_all(b"begin\n").unwrap();
    let logger = home.start_with("--time none", &reader);
    contains(&home.logs().join("current"), "begin\n");
    logger.signal(libc::SIGSTOP);
    // As much as fits, and one line without its end.
    writer.write_all(&numbers(10_000, 19_999)).unwrap();
    writer.write_all(b"half").unwrap();
    logger.signal(libc::SIGTERM);
    logger.signal(libc::SIGCONT);
    let (status, said) = logger.wait();
    assert!(status.success() && said.is_empty(), "{status} {said}");
    let expected = [&b"begin\n"[..], &numbers(10_000, 19_999), b"half\n"].concat();
    assert_eq!(home.current_bytes(), expected);
    writer.write_all(b"later\n").unwrap();
    let logger = home.start_with("--time none", &reader);
    contains(&home.logs().join("current"), "later\n");
    drop((writer, reader));
    logger.finish();
}

/// However fast they write.
#[test]
fn term_ends_it_although_there_is_always_more() {
    let home = Home::new();
    let (reader, writer) = pipe();
    let mut writer = File::from(writer);
    let filler = std::thread::spawn(move || while writer.write_all(&numbers(1, 1000)).is_ok() {});
    let logger = home.start_with("--time none --size 1M --keep 1", &reader);
    eventually("an archive", || (!home.archives().is_empty()).then_some(()));
    logger.signal(libc::SIGTERM);
    let (status, said) = logger.wait();
    assert!(status.success() && said.is_empty(), "{status} {said}");
    drop(reader);
    filler.join().unwrap();
}

/// It is sent to everything that runs in a terminal, and the last lines are still to come.
#[test]
fn a_control_c_does_not_end_it() {
    let home = Home::new();
    let mut logger = home.start("--time none");
    logger.write(b"one\n");
    contains(&home.logs().join("current"), "one\n");
    logger.signal(libc::SIGINT);
    logger.write(b"two\n");
    contains(&home.logs().join("current"), "two\n");
    logger.finish();
}
