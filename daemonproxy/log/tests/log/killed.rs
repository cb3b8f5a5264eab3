//! SIGKILL at any moment.

use std::fs::{self, File};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use daemonproxy_testing::{Rng, eventually, pipe};

use crate::home::Home;

/// How often it is killed, unless `KILLS` says otherwise.
const KILLS: u64 = 40;
/// As in the program: what is read at once.
const CHUNK: u64 = 6 * 1024;
/// The longest line, with its end.
const LONGEST: u64 = 70;
/// Small files, so that it is often killed while it begins a new one.
const OPTIONS: &str = "--time none --size 100K --keep 1000000";

/// Numbered lines run through a pipe that outlives each logger, as the daemon's pipes do. What is
/// missing in the end is what a logger had read and not written when it was killed.
#[test]
fn at_most_what_was_read_and_not_written_is_lost() {
    let kills = std::env::var("KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
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
                lines += &line(number);
            }
            writer.write_all(lines.as_bytes()).unwrap();
        }
        number
    });
    let mut rng = Rng::new(15);
    for _ in 0..kills {
        let (before, written) = (home.archives().len(), written(&home));
        let mut logger = home.start_with(OPTIONS, &reader);
        let (enough, size) = (before + rng.below(4), rng.below(100 * 1024) as u64);
        eventually("it has come so far", || {
            let has_more = home.archives().len() > enough;
            let is_there =
                has_more || home.archives().len() == enough && current_size(&home) > size;
            // What two loggers lose, of which the second has written nothing, is one gap.
            (is_there && self::written(&home) > written + 2 * LONGEST).then_some(())
        });
        logger.process.kill();
    }
    done.store(true, Ordering::Relaxed);
    let logger = home.start_with(OPTIONS, &reader);
    let last = filler.join().unwrap();
    drop(reader);
    logger.finish();

    let text = home.everything();
    assert_eq!(text.last(), Some(&b'\n'));
    let text = std::str::from_utf8(&text).unwrap();
    let (mut expected, mut missing, mut torn, mut gaps) = (1, 0, 0, 0);
    for found in text.lines() {
        let number = found.get(..10).and_then(|number| number.parse().ok());
        let Some(number) = number.filter(|&number| line(number).trim_end() == found) else {
            // The start of a line that was the last of a file, or the end of one whose start was
            // read by another logger; never two lines in one.
            let filler = found.trim_start_matches(|c: char| c.is_ascii_digit());
            assert!(filler.bytes().all(|byte| byte == b'x'), "two lines in one: {found}");
            assert!(found.len() - filler.len() <= 10, "two lines in one: {found}");
            torn += 1;
            continue;
        };
        assert!(number >= expected, "{number} comes after {expected}: doubled, or out of order");
        if number > expected {
            let bytes: u64 = (expected..number).map(|number| line(number).len() as u64).sum();
            // The line that was begun before, and the one that was not yet complete.
            assert!(bytes <= CHUNK + 2 * LONGEST, "{bytes} bytes are missing before {number}");
            missing += number - expected;
            gaps += 1;
        }
        expected = number + 1;
    }
    println!("{kills} kills, {last} lines: {missing} missing in {gaps} gaps, {torn} torn");
    assert_eq!(expected, last + 1, "the last line is there");
    assert!(gaps <= kills, "{gaps} gaps after {kills} kills");
    assert!(torn <= 2 * kills, "{torn} lines are torn after {kills} kills");
}

fn line(number: u64) -> String {
    format!("{number:010}{}\n", "x".repeat((number % 60) as usize))
}

/// The size of all files together.
fn written(home: &Home) -> u64 {
    let files = fs::read_dir(home.logs()).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|it| it.len()).sum()
}

fn current_size(home: &Home) -> u64 {
    fs::metadata(home.logs().join("current")).map_or(0, |it| it.len())
}
