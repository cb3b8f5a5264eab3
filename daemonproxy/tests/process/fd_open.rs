//! `fd.open NAME FLAGS PATH` opens a file.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use daemonproxy_testing::{Daemon, Setup};

use crate::fd_pipe::{exhaust, few_descriptors, octal_flags};

/// The daemon's umask is 077, and so would take away what was asked for.
#[test]
fn a_mode_that_was_asked_for_holds_whatever_the_umask() {
    let mut d = Daemon::interactive();
    for (mode, made) in [("0640", 0o640), ("666", 0o666), ("0", 0)] {
        let path = format!("f{mode}");
        d.ask(&format!("fd.open\tx\twrite,create,mode={mode}\t{path}"));
        let found = fs::metadata(d.path(&path)).unwrap().permissions().mode() & 0o7777;
        assert_eq!(found, made, "{mode}");
    }
    // Of the next one nothing is left.
    d.ask("fd.open\tx\twrite,create\tplain");
    assert_eq!(fs::metadata(d.path("plain")).unwrap().permissions().mode() & 0o7777, 0o600);
}

/// It is the name in the original's manual; the original itself only knew `trunc`.
#[test]
fn truncate_is_another_name_of_trunc() {
    let mut d = Setup::interactive().file("f", "old").start();
    d.answers("fd.open\tx\twrite,truncate\tf", &["fd.state\tx\tfile\twrite,trunc\tf"]);
    assert_eq!(d.read("f"), "");
}

#[test]
fn read_gives_a_file_that_can_only_be_read() {
    let mut d = Setup::interactive().file("f", "content").start();
    d.ask("fd.open\tx\tread\tf");
    let script = "cat <&3; echo no 2>/dev/null >&3 || echo ' refused'";
    let out = d.output_with_fds(&["null", "out", "null", "x"], &["/bin/sh", "-c", script]);
    assert_eq!(out, "content refused\n");
}

#[test]
fn write_without_trunc_keeps_the_content() {
    let mut d = Setup::interactive().file("f", "0123456789").start();
    d.ask("fd.open\tx\twrite\tf");
    d.output_with_fds(&["null", "out", "stderr", "x"], &["/bin/sh", "-c", "printf AB >&3"]);
    assert_eq!(d.read("f"), "AB23456789");
}

#[test]
fn append_writes_at_the_end() {
    let mut d = Setup::interactive().file("f", "old").start();
    d.ask("fd.open\tx\twrite,append\tf");
    fs::write(d.path("f"), "longer than before").unwrap();
    d.output_with_fds(&["null", "out", "stderr", "x"], &["/bin/sh", "-c", "printf ' new' >&3"]);
    assert_eq!(d.read("f"), "longer than before new");
}

#[test]
fn trunc_empties_the_file() {
    let mut d = Setup::interactive().file("f", "old").start();
    d.ask("fd.open\tx\twrite,trunc\tf");
    assert_eq!(d.read("f"), "");
}

#[test]
fn nonblock_is_set_on_the_descriptor() {
    let mut d = Daemon::interactive();
    d.ask("fd.open\tx\tread,nonblock\t/dev/zero");
    d.ask("fd.open\ty\tread\t/dev/zero");
    let script = "for n in 3 4; do grep flags /proc/self/fdinfo/$n; done";
    let fds = ["null", "out", "stderr", "x", "y"];
    let out = d.output_with_fds(&fds, &["/bin/sh", "-c", script]);
    let nonblock: Vec<bool> = out.lines().map(|l| octal_flags(l) & libc::O_NONBLOCK != 0).collect();
    assert_eq!(nonblock, [true, false], "{out}");
}

#[test]
fn a_new_file_belongs_to_nobody_else() {
    let mut d = Setup::interactive().before_exec(|| umask(0)).start();
    d.ask("fd.open\tx\twrite,create\tf");
    assert_eq!(mode(&d, "f"), 0o600);
}

#[test]
fn mkdir_makes_directories_that_belong_to_nobody_else() {
    let mut d = Setup::interactive().before_exec(|| umask(0)).start();
    let command = "fd.open\tx\twrite,create,mkdir\ta/b/c/f";
    d.answers(command, &["fd.state\tx\tfile\twrite,create,mkdir\ta/b/c/f"]);
    for dir in ["a", "a/b", "a/b/c"] {
        assert_eq!(mode(&d, dir), 0o700, "{dir}");
    }
    assert_eq!(mode(&d, "a/b/c/f"), 0o600);
}

#[test]
fn mkdir_takes_directories_that_exist() {
    let mut d = Daemon::interactive();
    fs::create_dir(d.path("a")).unwrap();
    d.ask("fd.open\tx\twrite,create,mkdir\ta/f");
    d.answers(
        "fd.open\ty\twrite,create,mkdir\ta/b/f",
        &["fd.state\ty\tfile\twrite,create,mkdir\ta/b/f"],
    );
    d.answers("fd.open\tz\tread,mkdir\ta/b/f", &["fd.state\tz\tfile\tread,mkdir\ta/b/f"]);
}

/// Only the program that runs the daemon may have a terminal.
#[test]
fn a_terminal_does_not_become_the_controlling_one() {
    let (_master, path) = open_terminal();
    let mut d = Daemon::interactive();
    let answer = d.ask(&format!("fd.open\ttty\tread,write\t{path}"));
    assert_eq!(answer, [format!("fd.state\ttty\tfile\tread,write\t{path}")]);
    // The daemon leads a session that has no terminal: without O_NOCTTY it would get this one.
    let stat = fs::read_to_string(format!("/proc/{}/stat", d.pid())).unwrap();
    let behind_name = stat.rsplit(')').next().unwrap();
    assert_eq!(behind_name.split_whitespace().nth(4), Some("0"), "tty_nr in {stat}");
}

#[test]
fn running_out_of_descriptors_is_told() {
    let mut d = Setup::interactive().before_exec(|| few_descriptors(24)).start();
    exhaust(&mut d);
    d.refuses("fd.open\tx\tread\t/dev/null", "open failed: Too many open files");
    d.still_answers();
}

#[test]
fn a_refused_file_is_not_created() {
    let mut d = Setup::interactive().args(["--fd-pool", "7"]).start();
    d.refuses(
        "fd.open\tx\twrite,create,mkdir\ta/b",
        "Unable to allocate new file descriptor object",
    );
    d.refuses("fd.open\tnull\twrite,create\tc", "File descriptor cannot be altered");
    assert!(!fs::exists(d.path("a")).unwrap());
    assert!(!fs::exists(d.path("c")).unwrap());
}

fn umask(mask: libc::mode_t) -> std::io::Result<()> {
    // SAFETY: umask cannot fail.
    unsafe { libc::umask(mask) };
    Ok(())
}

fn mode(d: &Daemon, name: &str) -> u32 {
    fs::metadata(d.path(name)).unwrap().permissions().mode() & 0o7777
}

/// A new terminal: the side that keeps it alive, and the path of the side to open.
fn open_terminal() -> (std::os::fd::OwnedFd, String) {
    use std::os::fd::{FromRawFd, OwnedFd};
    let mut name = [0; 128];
    // SAFETY: the descriptor is new, and `name` is as long as the call is told.
    unsafe {
        let fd = libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC);
        assert!(fd >= 0 && libc::grantpt(fd) == 0 && libc::unlockpt(fd) == 0);
        assert_eq!(libc::ptsname_r(fd, name.as_mut_ptr(), name.len()), 0);
        let path = std::ffi::CStr::from_ptr(name.as_ptr()).to_str().unwrap().to_owned();
        (OwnedFd::from_raw_fd(fd), path)
    }
}
