//! New files: by size, by age, by a signal; and which archives stay.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use daemonproxy_testing::{Rng, eventually, pipe};

use crate::home::{Home, Logger, contains, numbers};

fn size(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

#[test]
fn every_line_is_there_exactly_once_over_all_files() {
    let home = Home::new();
    let mut logger = home.start("--time none --size 20K --keep 100000");
    for part in 0..100 {
        logger.write(&numbers(part * 2000 + 1, (part + 1) * 2000));
    }
    logger.finish();
    assert_eq!(home.everything(), numbers(1, 200_000));
    let archives = home.archives();
    assert!(archives.len() > 50, "{}", archives.len());
    for (at, name) in archives.iter().enumerate() {
        let size = size(&home.logs().join(name));
        assert!((20 * 1024 - 8..=20 * 1024).contains(&size), "{name}: {size}");
        assert!(name.ends_with(&format!("Z.{at:06}.log")), "{name}");
    }
}

#[test]
fn ten_thousand_files() {
    let home = Home::new();
    let mut logger = home.start("--time none --size 20 --keep 3");
    logger.write(&numbers(10_001, 40_000));
    logger.finish();
    let numbers: Vec<_> = home.archives().iter().map(|name| name[17..23].to_owned()).collect();
    assert_eq!(numbers, ["009996", "009997", "009998"]);
    assert_eq!(home.current(), "39998\n39999\n40000\n");
}

#[test]
fn a_line_may_be_longer_than_a_file() {
    let home = Home::new();
    let (one, two) = ("1".repeat(500), "2".repeat(500));
    let text = home.log("--time none --size 100", format!("a\n{one}\n{two}\nb\n").as_bytes());
    assert_eq!(text, "b\n");
    assert_eq!(home.archives().len(), 3);
}

#[test]
fn archives_are_limited_by_count_and_by_bytes() {
    let home = Home::new();
    home.log("--time none --size 1000 --keep 4", &numbers(1000, 9999));
    assert_eq!(home.archives().len(), 4);
    home.log("--time none --size 1000 --keep 100 --total 2500", b"");
    assert_eq!(home.archives().len(), 2, "at the start, too");
    home.log("--time none --size 1000 --keep 0", &numbers(1000, 9999));
    assert!(home.archives().is_empty());
}

/// What others put there is none of its business.
#[test]
fn other_files_stay() {
    let home = Home::new();
    home.log("--time none", b"");
    let other = home.logs().join("20260101T000000Z.notes.txt");
    fs::write(&other, "mine").unwrap();
    home.log("--time none --size 100 --keep 0", &numbers(1, 1000));
    assert_eq!(home.archives(), ["20260101T000000Z.notes.txt"]);
}

/// The numbers tell the order when the clock does not.
#[test]
fn the_oldest_is_the_one_with_the_lowest_number() {
    let home = Home::new();
    home.log("--time none", b"");
    for name in ["20990101T000000Z.000001.log.gz", "20260101T000000Z.000002.log"] {
        fs::write(home.logs().join(name), "old").unwrap();
    }
    home.log("--time none --size 10 --keep 2", b"123456789\n123456789\n");
    let archives = home.archives();
    assert_eq!(archives.len(), 2);
    assert_eq!(archives[0], "20260101T000000Z.000002.log");
    assert!(archives[1].ends_with(".000003.log"), "{archives:?}");
}

#[test]
fn alrm_begins_a_new_file() {
    let home = Home::new();
    let mut logger = home.start("--time none");
    logger.write(b"one\n");
    contains(&home.logs().join("current"), "one\n");
    logger.signal(libc::SIGALRM);
    eventually("an archive", || (home.archives().len() == 1).then_some(()));
    contains(&home.logs().join(&home.archives()[0]), "one\n");
    // There is nothing in it.
    logger.signal(libc::SIGALRM);
    logger.write(b"two\n");
    contains(&home.logs().join("current"), "two\n");
    logger.finish();
    assert_eq!(home.archives().len(), 1);
}

#[test]
fn hup_opens_what_is_there_now() {
    let home = Home::new();
    let mut logger = home.start("--time none");
    logger.write(b"one\n");
    contains(&home.logs().join("current"), "one\n");
    fs::rename(home.path("deep"), home.path("moved")).unwrap();
    logger.write(b"two\n");
    contains(Path::new(&home.path("moved/logs/current")), "two\n");
    logger.signal(libc::SIGHUP);
    eventually("a new directory", || home.logs().join("current").exists().then_some(()));
    logger.write(b"three\n");
    logger.finish();
    assert_eq!(home.current(), "three\n");
}

#[test]
fn hup_with_nothing_changed_changes_nothing() {
    let home = Home::new();
    let mut logger = home.start("--time none");
    logger.write(b"one\n");
    contains(&home.logs().join("current"), "one\n");
    logger.signal(libc::SIGHUP);
    logger.write(b"two\n");
    assert_eq!(logger.finish(), "");
    assert_eq!(home.current(), "one\ntwo\n");
}

#[test]
fn a_directory_that_was_removed_comes_back() {
    let home = Home::new();
    let mut logger = home.start("--time none");
    logger.write(b"one\n");
    contains(&home.logs().join("current"), "one\n");
    fs::remove_dir_all(home.path("deep")).unwrap();
    eventually("the directory", || {
        logger.write(b"more\n");
        home.logs().join("current").exists().then_some(())
    });
    logger.write(b"two\n");
    logger.finish();
    assert!(home.current().ends_with("two\n"));
}

#[test]
fn a_file_that_is_old_makes_room_for_a_new_one() {
    let home = Home::new();
    let mut logger = home.start("--time none --age 1");
    logger.write(b"one\n");
    eventually("an archive, with nothing more to read", || {
        (home.archives().len() == 1).then_some(())
    });
    // An empty one does not get old.
    logger.write(b"two\n");
    logger.finish();
    assert_eq!(home.everything(), b"one\ntwo\n");
    assert_eq!(home.archives().len(), 1);
}

/// Many services on one logger: what they leave together is limited, and the newest stays.
#[test]
fn a_limit_holds_for_all_services_together() {
    const TOTAL: u64 = 64 * 1024;
    let home = Home::new();
    let fds: String = (3..11).map(|fd| format!(" --fd {fd}=s{fd}")).collect();
    let options = format!("--time none --size 8K --keep 1000 --total 64K{fds}");
    let mut setup = home.setup(&options).no_input();
    let mut writers = Vec::new();
    for number in 3..11 {
        let (reader, writer) = pipe();
        setup = setup.inherits(reader, number);
        writers.push(File::from(writer));
    }
    let logger = Logger::new(setup);
    let mut rng = Rng::new(8);
    let mut written = vec![Vec::new(); 8];
    for round in 0..200_u64 {
        // Some say much more than others.
        let at = rng.below(8).min(rng.below(8));
        let from = round * 100;
        let lines = from..=from + rng.below(100) as u64;
        writers[at].write_all(&numbers(*lines.start(), *lines.end())).unwrap();
        written[at].extend(lines);
        // Between a new file and the end of the oldest there may be one more.
        let sum: u64 = home.archives().iter().map(|name| size_or_gone(&home, name)).sum();
        assert!(sum <= TOTAL + 8 * 1024, "{sum} bytes after round {round}");
    }
    drop(writers);
    logger.finish();
    let sum: u64 = home.archives().iter().map(|name| size(&home.logs().join(name))).sum();
    assert!((TOTAL - 8 * 1024..=TOTAL).contains(&sum), "{sum}");
    let text = String::from_utf8(home.everything()).unwrap();
    for (at, written) in written.iter().enumerate() {
        let label = format!("s{}: ", at + 3);
        let left = text.lines().filter_map(|line| line.strip_prefix(&label));
        let left: Vec<u64> = left.map(|number| number.parse().unwrap()).collect();
        assert!(written.ends_with(&left), "the last of what {label} has written");
    }
}

fn size_or_gone(home: &Home, name: &str) -> u64 {
    fs::metadata(home.logs().join(name)).map_or(0, |it| it.len())
}
