//! `session=tty`: a terminal of its own for a service.

use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use crate::helpers::family;
use daemonproxy_testing::{Daemon, eventually, exited, starting, up};
use nix::poll::{PollFd, PollFlags, poll};

/// A terminal nobody has: the end of whoever shows it, and its path.
fn terminal() -> (nix::pty::PtyMaster, String) {
    let flags = nix::fcntl::OFlag::O_RDWR | nix::fcntl::OFlag::O_NOCTTY;
    let master = nix::pty::posix_openpt(flags).unwrap();
    nix::pty::grantpt(&master).unwrap();
    nix::pty::unlockpt(&master).unwrap();
    let path = nix::pty::ptsname_r(&master).unwrap();
    (master, path)
}

/// Only a terminal that controls the session can be opened as /dev/tty, and tells its foreground.
#[test]
fn a_terminal_controls_the_session() {
    let mut d = Daemon::interactive();
    let (_master, path) = terminal();
    d.ask(&format!("fd.open\ttty\tread,write\t{path}"));
    // Its group, its session, and the group in the foreground.
    let script = "set -- $(cut -d' ' -f5,6,8 /proc/$$/stat); \
                  : </dev/tty && test \"$1 $2 $3\" = \"$$ $$ $$\" && exit 7";
    d.define("web", &["sh", "-c", script]);
    d.ask("service.fds\tweb\ttty\ttty\ttty");
    d.ask("service.options\tweb\tsession=tty");
    d.send("service.start\tweb");
    d.expect(&[starting("web"), up("web"), exited("web", 7)]);
}

/// What somebody sees on the terminal, from now on.
struct Screen {
    master: nix::pty::PtyMaster,
    seen: String,
}

impl Screen {
    fn types(&mut self, text: &str) {
        self.master.write_all(text.as_bytes()).unwrap();
    }

    /// Waits until this has been written since it was last waited for.
    #[track_caller]
    fn shows(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let mut list = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
            let millis = u16::try_from(left.as_millis()).unwrap_or(u16::MAX);
            assert!(poll(&mut list, millis).unwrap() > 0, "{text:?} is not in {:?}", self.seen);
            let mut bytes = [0; 4096];
            let count = self.master.read(&mut bytes).unwrap();
            self.seen.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    }
}

/// A shell on a terminal of its own, with these options, that waits for what is typed; and its pid.
fn shell(options: &str) -> (Daemon, Screen, i64) {
    let mut d = Daemon::interactive();
    let (master, path) = terminal();
    let mut screen = Screen { master, seen: String::new() };
    d.ask(&format!("fd.open\ttty\tread,write\t{path}"));
    d.define("shell", &["bash", "--norc", "--noprofile", "--noediting", "-i"]);
    d.ask("service.fds\tshell\ttty\ttty\ttty");
    d.ask(&format!("service.options\tshell\t{options}"));
    d.ask("service.env\tshell\tPS1=ready> \tTERM=dumb");
    let pid = d.run("shell");
    screen.shows("ready> ");
    (d, screen, pid)
}

/// The group in the foreground of a process's terminal, see tpgid in proc_pid_stat(5).
fn foreground(pid: i64) -> i64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, rest) = stat.rsplit_once(')').unwrap();
    rest.split_whitespace().nth(5).unwrap().parse().unwrap()
}

/// Job control: a job is stopped, goes on in the foreground, and is interrupted, and the shell
/// lives.
#[test]
fn a_shell_has_job_control() {
    let (mut d, mut screen, shell) = shell("session=tty");
    // One process: ^Z can stop a shell that makes another one just where it waits for that.
    screen.types("sh -c 'echo beg\\un; exec sleep 300'\n");
    screen.shows("begun");
    // ^Z
    screen.types("\x1a");
    screen.shows("Stopped");
    screen.shows("ready> ");
    screen.types("fg\n");
    screen.shows("sleep 300");
    // The shell says what it continues before the job has the terminal.
    eventually("the job has the terminal", || (foreground(shell) != shell).then_some(()));
    // ^C
    screen.types("\x03");
    screen.shows("ready> ");
    screen.types("jobs; echo none ''left\n");
    screen.shows("none left");
    screen.types("exit 7\n");
    d.wait_for(exited("shell", 7));
}

/// A job that runs when its shell is stopped is stopped with it, in whatever group it is.
#[test]
fn the_jobs_of_a_shell_are_stopped_with_it() {
    let (mut d, mut screen, shell) = shell("session=tty\tstop=HUP");
    screen.types("(trap '' HUP; echo beg\\un; while :; do sleep 0.05; done) &\n");
    screen.shows("begun");
    assert!(family(shell).len() > 1);
    d.send("service.stop\tshell\t1");
    eventually("nobody is left in its session", || family(shell).is_empty().then_some(()));
    eventually("the stop is over", || {
        d.ask("service.delete\tshell").iter().any(|line| line.contains("deleted")).then_some(())
    });
}
