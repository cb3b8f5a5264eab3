//! The program on a pseudo terminal: type, and wait for what appears.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{OpenptyResult, Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{LocalFlags, tcgetattr};
use nix::unistd::Pid;

use crate::daemon::Daemon;
use crate::program::{PATIENCE, program};

pub(crate) struct Terminal {
    master: File,
    /// Kept open, so that the terminal outlives the program and can be looked at.
    slave: OwnedFd,
    child: Child,
    /// All that was written to the terminal, and how far it has been looked at.
    seen: Vec<u8>,
    read: usize,
    /// What a person sees.
    screen: vt100::Parser,
}

impl Terminal {
    /// The prompt of this daemon, with more arguments.
    #[track_caller]
    pub(crate) fn prompt(daemon: &Daemon, args: &[&str]) -> Self {
        let mut command = program();
        command.arg("--connect").arg(daemon.socket()).args(args);
        command.env("XDG_STATE_HOME", daemon.folder());
        Self::new(command)
    }

    #[track_caller]
    pub(crate) fn new(mut command: Command) -> Self {
        let size = Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        let OpenptyResult { master, slave } = openpty(&size, None).expect("a pty");
        let copy = || slave.try_clone().expect("dup");
        command.env("NO_COLOR", "1").env("TERM", "xterm");
        command.stdin(copy()).stdout(copy()).stderr(copy());
        // SAFETY: both calls are safe after fork, and touch no memory.
        unsafe {
            command.pre_exec(|| {
                nix::unistd::setsid()?;
                if libc::ioctl(0, libc::TIOCSCTTY, 0) != 0 {
                    return Err(std::io::Error::last_os_error());
                }
                Ok(())
            });
        }
        let child = command.spawn().expect("the program starts");
        let cells = |count| NonZeroU16::new(count).expect("a terminal has cells");
        let screen = vt100::Parser::new(cells(24), cells(100), 0);
        Self { master: master.into(), slave, child, seen: Vec::new(), read: 0, screen }
    }

    /// Types, as a person does.
    #[track_caller]
    pub(crate) fn types(&mut self, text: &str) {
        self.master.write_all(text.as_bytes()).expect("the terminal takes what is typed");
    }

    /// Waits until this is written, after what was waited for before.
    #[track_caller]
    pub(crate) fn shows(&mut self, text: &str) {
        self.waits(text, |terminal| {
            let new = &terminal.seen[terminal.read..];
            let at = new.windows(text.len()).position(|part| part == text.as_bytes());
            at.map(|at| terminal.read += at + text.len()).is_some()
        });
    }

    /// Waits until the last line is this.
    #[track_caller]
    pub(crate) fn line_is(&mut self, text: &str) {
        self.waits(text, |terminal| {
            let contents = terminal.screen.screen().contents();
            contents.trim_end().lines().last().is_some_and(|last| last.trim_end() == text)
        });
    }

    /// Waits until one of the lines is this.
    #[track_caller]
    pub(crate) fn has_line(&mut self, text: &str) {
        self.waits(text, |terminal| {
            terminal.screen.screen().contents().lines().any(|line| line.trim_end() == text)
        });
    }

    #[track_caller]
    fn waits(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !done(self) {
            let more = self.more(deadline);
            assert!(more, "{what:?} does not appear:\n{}", self.screen.screen().contents());
        }
    }

    /// Waits for something to appear. False if nothing does.
    fn more(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now()).as_millis();
        let left = u16::try_from(left).unwrap_or(u16::MAX);
        let mut fds = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
        if left == 0 || poll(&mut fds, PollTimeout::from(left)).unwrap_or(0) == 0 {
            return false;
        }
        let mut buffer = [0; 4096];
        let n = self.master.read(&mut buffer).unwrap_or(0);
        self.seen.extend_from_slice(&buffer[..n]);
        self.screen.process(&buffer[..n]);
        n > 0
    }

    pub(crate) fn signals(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).expect("a pid");
        kill(Pid::from_raw(pid), signal).expect("kill");
    }

    /// Waits for the end, and gives the status.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("wait") {
                return status.code();
            }
            assert!(Instant::now() < deadline, "the program does not end");
            // Its output has to be read, or it would block.
            self.more(Instant::now() + Duration::from_millis(20));
        }
    }

    /// Whether the terminal is as a shell left it: lines, and an echo.
    pub(crate) fn is_cooked(&self) -> bool {
        let flags = tcgetattr(&self.slave).expect("tcgetattr").local_flags;
        flags.contains(LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
