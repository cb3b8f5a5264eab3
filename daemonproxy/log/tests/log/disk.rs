//! A disk that is full, and a file that may not grow.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use daemonproxy_testing::eventually;

use crate::home::{Home, Logger, contains, numbers};

/// A logger with a small disk of its own, which nobody else sees. `None` where that cannot be had.
struct Disk {
    logger: Logger,
    /// Its directory, as we can see it.
    logs: PathBuf,
}

impl Disk {
    fn new(home: &Home, kilobytes: u32, options: &str) -> Option<Self> {
        let can = Command::new("unshare").args(["-m", "true"]).output();
        if !can.is_ok_and(|output| output.status.success()) {
            println!("skipped: this user may not mount anything");
            return None;
        }
        let logs = home.logs();
        fs::create_dir_all(&logs).unwrap();
        let script =
            format!("mount -t tmpfs -o size={kilobytes}k tmpfs {} && exec \"$@\"", logs.display());
        let setup = home.setup(options).wrapped_in(&["unshare", "-m", "sh", "-c", &script, "sh"]);
        let logger = Logger::new(setup);
        let seen = PathBuf::from(format!("/proc/{}/root{}", logger.process.pid(), logs.display()));
        eventually("the disk", || seen.join("current").exists().then_some(()));
        Some(Self { logger, logs: seen })
    }

    /// Fills what is free.
    fn fill(&self) {
        let data = vec![b'f'; 1 << 20];
        let error = fs::write(self.logs.join("filler"), data).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENOSPC));
    }

    fn free(&self) {
        fs::remove_file(self.logs.join("filler")).unwrap();
    }

    /// All that is on it, in order.
    fn lines(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(&self.logs).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        let text = names.iter().map(|name| fs::read_to_string(self.logs.join(name)).unwrap());
        text.collect::<String>().lines().map(str::to_owned).collect()
    }
}

/// How many a notice says were dropped.
fn dropped(line: &str) -> Option<u64> {
    let (_, rest) = line.split_once("daemonproxy-log: dropped ")?;
    rest.split(' ').next()?.parse().ok()
}

#[test]
fn lines_are_dropped_and_counted_until_there_is_room() {
    let home = Home::new();
    let Some(mut disk) = Disk::new(&home, 64, "--time none") else { return };
    disk.logger.write(b"1\n");
    contains(&disk.logs.join("current"), "1\n");
    disk.fill();
    // What fits into the last page of the file is no loss.
    disk.logger.write(&numbers(2, 20_000));
    let said = disk.logger.hear("\n");
    assert!(said.contains("No space left on device; dropping lines until it can"), "{said}");
    disk.free();
    // It says so by itself.
    contains(&disk.logs.join("current"), "daemonproxy-log: dropped ");
    disk.logger.write(b"20001\n");
    contains(&disk.logs.join("current"), "\n20001\n");
    let (mut seen, mut missing) = (0, 0);
    for line in disk.lines() {
        match dropped(&line) {
            Some(count) => missing += count,
            None => {
                let number: u64 = line.parse().unwrap_or_else(|_| panic!("torn: {line}"));
                seen += 1;
                assert_eq!(number, seen + missing, "each is there or counted");
            }
        }
    }
    assert!(missing > 0);
    assert_eq!(seen + missing, 20_001);
    let said = disk.logger.finish();
    assert!(said.contains("can be written again: daemonproxy-log: dropped "), "{said}");
}

#[test]
fn its_oldest_archives_go_first() {
    let home = Home::new();
    // Ten times as much as there is room for.
    let Some(mut disk) = Disk::new(&home, 64, "--time none --size 10K --keep 100") else { return };
    disk.logger.write(&numbers(10_000, 99_999));
    disk.logger.write(&numbers(100_000, 119_999));
    contains(&disk.logs.join("current"), "\n119999\n");
    let lines = disk.lines();
    let first: u64 = lines[0].parse().unwrap();
    assert!(first > 10_000);
    let expected: Vec<_> = (first..=119_999).map(|number| number.to_string()).collect();
    assert_eq!(lines, expected, "nothing but the oldest is missing");
    let said = disk.logger.finish();
    assert!(said.contains("removed the oldest archive in "), "{said}");
}

#[test]
fn with_block_everybody_waits_and_nothing_is_lost() {
    let home = Home::new();
    let Some(mut disk) = Disk::new(&home, 64, "--time none --block") else { return };
    disk.logger.write(b"1\n");
    contains(&disk.logs.join("current"), "1\n");
    disk.fill();
    // As much as the pipe holds.
    disk.logger.write(&numbers(2, 10_000));
    let said = disk.logger.hear("\n");
    assert!(said.contains("No space left on device; waiting until it can"), "{said}");
    disk.free();
    contains(&disk.logs.join("current"), "\n10000\n");
    assert_eq!(disk.lines(), (1..=10_000).map(|number| number.to_string()).collect::<Vec<_>>());
    disk.logger.finish();
}

#[test]
fn the_end_does_not_wait_for_the_disk() {
    let home = Home::new();
    let Some(mut disk) = Disk::new(&home, 64, "--time none --block") else { return };
    disk.fill();
    disk.logger.write(&numbers(1, 10_000));
    disk.logger.hear("waiting");
    disk.logger.signal(libc::SIGTERM);
    let (status, said) = disk.logger.wait();
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("daemonproxy-log: dropped 10000 lines (48894 bytes) since "), "{said}");
}

/// A file that may not grow any more is closed, and the next one begins.
#[test]
fn a_limit_on_the_size_of_files_is_kept() {
    let home = Home::new();
    let limit = || {
        let limit = libc::rlimit { rlim_cur: 10_000, rlim_max: 10_000 };
        // SAFETY: a system call with memory of our own.
        let result = unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit) };
        if result == 0 { Ok(()) } else { Err(std::io::Error::last_os_error()) }
    };
    let setup = home.setup("--time none --keep 1000").before_exec(limit);
    let mut logger = Logger::new(setup);
    logger.write(&numbers(1, 20_000));
    logger.finish();
    assert_eq!(home.everything(), numbers(1, 20_000));
    let large =
        |name: &String| fs::metadata(Path::new(&home.logs()).join(name)).unwrap().len() > 9_000;
    assert!(home.archives().iter().all(large), "{:?}", home.archives());
}
