//! A clock that is set while the logger runs. Times are what the clock says; the order of lines and
//! files, and how old a file is, have nothing to do with it.

use std::fs::File;
use std::os::unix::fs::FileExt;

use crate::home::{Home, Logger, contains, numbers};
use crate::preload::{is_static, library};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The clock of a logger.
struct Clock {
    path: String,
    file: File,
}

impl Clock {
    /// `None` where it cannot be set.
    fn new(home: &Home) -> Option<Self> {
        if is_static() {
            println!("skipped: nothing can be put between a static program and its clock");
            return None;
        }
        let path = home.path("clock");
        let clock = Self { file: File::create(&path).unwrap(), path };
        clock.set(0);
        Some(clock)
    }

    /// So many seconds more than it really is.
    fn set(&self, shift: i64) {
        self.file.write_all_at(&shift.to_ne_bytes(), 0).unwrap();
    }

    fn start(&self, home: &Home, options: &str) -> Logger {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/log/clock.c");
        let setup = home.setup(options).env("LD_PRELOAD", library("clock", source));
        Logger::new(setup.env("CLOCK", &self.path))
    }
}

/// The time of a line, and the number that it is.
fn parts(line: &str) -> (f64, u64) {
    let (time, number) = line.split_once(' ').unwrap();
    (time.parse().unwrap(), number.parse().unwrap())
}

#[test]
fn lines_and_files_are_in_the_order_in_which_they_came() {
    let home = Home::new();
    let Some(clock) = Clock::new(&home) else { return };
    let mut logger = clock.start(&home, "--time unix --size 1K --keep 1000 --total 1M");
    let current = home.logs().join("current");
    for (part, shift) in [0, -HOUR, 400 * DAY, -DAY, 0].into_iter().enumerate() {
        clock.set(shift);
        let last = (part as u64 + 1) * 1000;
        logger.write(&numbers(last - 999, last));
        contains(&current, &format!(" {last}\n"));
    }
    assert_eq!(logger.finish(), "");

    let text = String::from_utf8(home.everything()).unwrap();
    let lines: Vec<_> = text.lines().map(parts).collect();
    let found: Vec<_> = lines.iter().map(|(_, number)| *number).collect();
    assert_eq!(found, (1..=5000).collect::<Vec<_>>());
    let hours = |two: &[(f64, u64)]| ((two[1].0 - two[0].0) / HOUR as f64).round() as i64;
    let steps: Vec<_> = lines.windows(2).map(hours).filter(|hours| *hours != 0).collect();
    assert_eq!(steps, [-1, 400 * 24 + 1, -401 * 24, 24], "each line has the time of the clock");
}

/// It is those that were made first that go, whatever their names say.
#[test]
fn the_oldest_go_although_their_names_are_of_the_future() {
    let home = Home::new();
    let Some(clock) = Clock::new(&home) else { return };
    clock.set(400 * DAY);
    let mut logger = clock.start(&home, "--time none --size 1K --keep 3");
    logger.write(&numbers(1001, 2000));
    contains(&home.logs().join("current"), "2000\n");
    clock.set(-HOUR);
    logger.write(&numbers(2001, 3000));
    logger.finish();
    assert_eq!(home.archives().len(), 3);
    let text = home.everything();
    assert!(text.len() <= 4096 && numbers(1001, 3000).ends_with(&text), "the last of all lines");
}

#[test]
fn a_file_gets_no_older_when_the_clock_is_set() {
    let home = Home::new();
    let Some(clock) = Clock::new(&home) else { return };
    let current = home.logs().join("current");
    let mut logger = clock.start(&home, "--time none --age 1h");
    logger.write(b"one\n");
    contains(&current, "one\n");
    clock.set(DAY);
    logger.write(b"two\n");
    contains(&current, "two\n");
    clock.set(-DAY);
    logger.write(b"three\n");
    logger.finish();
    // One that starts finds a file that is yet to be made.
    let mut logger = clock.start(&home, "--time none --age 1h");
    logger.write(b"four\n");
    logger.finish();
    assert_eq!(home.current(), "one\ntwo\nthree\nfour\n");
    assert!(home.archives().is_empty(), "{:?}", home.archives());
}
