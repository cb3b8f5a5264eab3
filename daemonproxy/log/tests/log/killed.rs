//! SIGKILL at any moment.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use daemonproxy_testing::{Rng, eventually, pipe};

use crate::home::Home;

/// How often it is killed.
const KILLS: u64 = 40;
/// As in the program: what is read at once.
const CHUNK: u64 = 6 * 1024;

/// Numbered lines run through a pipe that outlives each logger, as the daemon's pipes do. What is
/// missing in the end is what a logger had read and not written when it was killed.
#[test]
fn at_most_what_was_read_and_not_written_is_lost() {
    let home = Home::new();
    let (reader, writer) = pipe();
    let done = Arc::new(AtomicBool::new(false));
    let (end, mut writer) = (done.clone(), File::from(writer));
    let filler = std::thread::spawn(move || {
        let mut number = 0_u64;
        while !end.load(Ordering::Relaxed) {
            let mut lines = String::new();
            for _ in 0..50 {
                number += 1;
                lines += &format!("{number:010}{}\n", "x".repeat((number % 60) as usize));
            }
            writer.write_all(lines.as_bytes()).unwrap();
        }
        number
    });
    let mut rng = Rng::new(15);
    for _ in 0..KILLS {
        // Small files, so that it is often killed while it begins a new one.
        let mut logger = home.start_with("--time none --size 100K --keep 1000000", &reader);
        let before = home.archives().len();
        let enough = 1 + rng.below(4);
        eventually("some new files", || (home.archives().len() >= before + enough).then_some(()));
        logger.process.kill();
    }
    done.store(true, Ordering::Relaxed);
    let logger = home.start_with("--time none --size 100K --keep 1000000", &reader);
    let last = filler.join().unwrap();
    drop(reader);
    logger.finish();

    let text = home.everything();
    assert_eq!(text.last(), Some(&b'\n'));
    let (mut expected, mut missing, mut torn) = (1, 0, 0);
    for line in text.strip_suffix(b"\n").unwrap().split(|&byte| byte == b'\n') {
        let number =
            line.get(..10).and_then(|number| std::str::from_utf8(number).ok()?.parse().ok());
        let is_whole = number.is_some_and(|number: u64| line.len() as u64 == 10 + number % 60);
        if !is_whole {
            torn += 1;
            continue;
        }
        let number = number.unwrap();
        // A line that was begun in the pipe when a logger was killed has lost its start.
        assert!(number >= expected, "{number} comes after {expected}: doubled, or out of order");
        missing += number - expected;
        expected = number + 1;
    }
    assert_eq!(expected, last + 1, "the last line is there");
    // Each line has 11 bytes at the least; what is lost may begin and end in a line.
    let most = KILLS * (2 * CHUNK / 11 + 2);
    println!("{KILLS} kills, {last} lines: {missing} missing, {torn} torn");
    assert!(missing <= most, "{missing} lines are missing, of {last}, after {KILLS} kills");
    assert!(torn <= 2 * KILLS, "{torn} lines are torn after {KILLS} kills");
}
