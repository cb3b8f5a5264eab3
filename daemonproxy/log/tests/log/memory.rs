//! Nothing is allocated once it runs, and little is needed before.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;

use daemonproxy_testing::{eventually, pipe, state, write_program};

use crate::home::{Home, Logger, contains, numbers};
use crate::preload::{is_static, library};

/// As in `allocations.c`: a flag, a counter, and where they came from.
const SIZE: u64 = 8 + 64 * 32 * 8;
/// The library that counts, which the tests of the daemon have, too.
const COUNTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/beyond/allocations.c");
/// kB that are its own and that it has written to.
const MOST: u64 = 100;

#[test]
fn nothing_is_allocated_once_it_runs() {
    if is_static() {
        println!("skipped: nothing can be put in front of a static program's allocator");
        return;
    }
    let home = Home::new();
    let path = home.path("allocations");
    let counter =
        File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
    counter.set_len(SIZE).unwrap();
    let program = home.path("program");
    write_program(&program, "case $1 in *5.log) exit 1;; *6.log) rm \"$1\";; esac", 0o755);
    let options = format!(
        "--size 2K --keep 5 --total 8K --tee --max-line 64 --age 1 --fd 0 --fd 3=three --then {program}"
    );
    let (input, other) = pipe();
    let setup = home
        .setup(&options)
        .env("LD_PRELOAD", library("allocations", COUNTER))
        .env("ALLOCATIONS", &path)
        .std(2, File::options().write(true).open("/dev/null").unwrap().into())
        .inherits(input, 3);
    let mut logger = Logger::new(setup).with_children();
    let current = home.logs().join("current");
    logger.write(b"begin\n");
    contains(&current, "begin\n");
    counter.write_all_at(&1_u32.to_ne_bytes(), 0).unwrap();

    let mut other = File::from(other);
    for round in 0..20 {
        logger.write(&numbers(round * 1000, round * 1000 + 999));
        logger.write(&[b'x'; 5000]);
        other.write_all(b"half a ").unwrap();
        other.write_all(b"line\n").unwrap();
        logger.signal([libc::SIGHUP, libc::SIGALRM, libc::SIGINT][round as usize % 3]);
        if round == 10 {
            // While it stands still it makes no new files there.
            logger.signal(libc::SIGSTOP);
            eventually("it stands still", || {
                (state(logger.process.pid()) == Some('T')).then_some(())
            });
            fs::remove_dir_all(home.path("deep")).unwrap();
            logger.signal(libc::SIGCONT);
            eventually("it is there again", || {
                logger.write(b"more\n");
                current.exists().then_some(())
            });
        }
        logger.write(format!("\nround {round}\n").as_bytes());
        contains(&current, &format!("round {round}\n"));
    }
    drop(other);
    // The file grew large while there was no directory; an archive like that is not kept.
    eventually("one was handed over", || {
        logger.write(&numbers(1, 100));
        home.archives().iter().any(|name| name.ends_with(".done")).then_some(())
    });
    logger.signal(libc::SIGTERM);
    let (status, _) = logger.wait();
    assert!(status.success());
    let mut count = [0; 4];
    counter.read_exact_at(&mut count, 4).unwrap();
    let mut trace = vec![0; 64 * 8];
    counter.read_exact_at(&mut trace, 8).unwrap();
    let frames: Vec<_> =
        trace.chunks(8).map(|word| u64::from_ne_bytes(word.try_into().unwrap())).collect();
    assert_eq!(u32::from_ne_bytes(count), 0, "allocations, such as at {frames:x?}");
}

#[test]
fn it_needs_little_memory() {
    if !is_static() {
        println!("skipped: only the program that is installed needs little memory");
        return;
    }
    let home = Home::new();
    let mut logger = home.start("--size 1M --keep 2");
    for part in 0..20 {
        logger.write(&numbers(part * 10_000, part * 10_000 + 9_999));
    }
    contains(&home.logs().join("current"), " 199999\n");
    // Pages of a file that was written a moment ago count as dirty until they are on the disk.
    nix::unistd::sync();
    let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", logger.process.pid())).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("Private_Dirty:")).unwrap();
    let dirty: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    println!("{dirty} kB");
    assert!(dirty < MOST, "{dirty} kB");
    logger.finish();
}
