//! A pseudo terminal with a program on it: type, and wait for what appears.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::Instant;

use nix::fcntl::{FcntlArg, fcntl};
use nix::poll::PollFlags;
use nix::pty::{OpenptyResult, Winsize, openpty};
use nix::sys::termios::{LocalFlags, tcgetattr};

use crate::before_exec::inherits_nothing;
use crate::deadline::{GLANCE, PATIENCE, ready};

/// A pseudo terminal, with a program on it that is killed when this is dropped.
pub struct Terminal {
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
    /// A program on a terminal of its own, of 100 by 24 cells, with no colours.
    #[track_caller]
    pub fn new(command: Command) -> Self {
        Self::with_fds(command, &[])
    }

    /// The same, with these descriptors as 3 and up.
    #[track_caller]
    pub fn with_fds(mut command: Command, fds: &[OwnedFd]) -> Self {
        let size = Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        let OpenptyResult { master, slave } = openpty(&size, None).expect("a pty");
        let copy = || slave.try_clone().expect("dup");
        command.env("NO_COLOR", "1").env("TERM", "xterm");
        command.stdin(copy()).stdout(copy()).stderr(copy());
        // Out of the way of the numbers that they get.
        let fds: Vec<OwnedFd> = fds.iter().map(high).collect();
        inherits_nothing(&mut command);
        // SAFETY: all calls are safe after fork, and touch no memory.
        unsafe {
            command.pre_exec(move || {
                for (number, fd) in (3..).zip(&fds) {
                    libc::dup2(fd.as_raw_fd(), number);
                }
                nix::unistd::setsid()?;
                if libc::ioctl(0, libc::TIOCSCTTY, 0) != 0 {
                    return Err(std::io::Error::last_os_error());
                }
                Ok(())
            });
        }
        let child = command.spawn().expect("the program starts");
        Self {
            master: master.into(),
            slave,
            child,
            seen: Vec::new(),
            read: 0,
            screen: vt100::Parser::new(cells(24), cells(100), 0),
        }
    }

    /// Types, as a person does.
    #[track_caller]
    pub fn types(&mut self, text: &str) {
        self.types_bytes(text.as_bytes());
    }

    /// Types what may be no text.
    #[track_caller]
    pub fn types_bytes(&mut self, bytes: &[u8]) {
        self.master.write_all(bytes).expect("the terminal takes what is typed");
    }

    /// Waits until this is written, after what was waited for before.
    #[track_caller]
    pub fn shows(&mut self, text: &str) {
        self.waits(text, |terminal| {
            let new = &terminal.seen[terminal.read..];
            let at = new.windows(text.len()).position(|part| part == text.as_bytes());
            at.map(|at| terminal.read += at + text.len()).is_some()
        });
    }

    /// Waits until the last line is this: what is being typed, and hints.
    #[track_caller]
    pub fn line_is(&mut self, text: &str) {
        self.waits(text, |terminal| {
            let contents = terminal.screen();
            contents.trim_end().lines().last().is_some_and(|last| last.trim_end() == text)
        });
    }

    /// Waits until the first line below the header of a table begins so.
    #[track_caller]
    pub fn line_is_first(&mut self, text: &str) {
        self.waits(text, |terminal| {
            let contents = terminal.screen();
            let mut below = contents.lines().skip_while(|line| !line.starts_with("NAME"));
            below.nth(1).is_some_and(|line| line.starts_with(text))
        });
    }

    /// Waits until one of the lines is this.
    #[track_caller]
    pub fn has_line(&mut self, text: &str) {
        self.waits(text, |terminal| terminal.screen().lines().any(|line| line.trim_end() == text));
    }

    #[track_caller]
    fn waits(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !done(self) {
            let more = self.more(deadline);
            assert!(more, "{what:?} does not appear:\n{}", self.screen());
        }
    }

    /// Waits for something to appear. False if nothing does.
    fn more(&mut self, deadline: Instant) -> bool {
        if !ready(&[(self.master.as_raw_fd(), PollFlags::POLLIN)], deadline) {
            return false;
        }
        let mut buffer = [0; 4096];
        let n = self.master.read(&mut buffer).unwrap_or(0);
        self.seen.extend_from_slice(&buffer[..n]);
        self.screen.process(&buffer[..n]);
        n > 0
    }

    /// Its window gets another size.
    #[track_caller]
    pub fn resizes(&mut self, columns: u16, rows: u16) {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: TIOCSWINSZ reads one winsize, which lives as long as the call.
        let set =
            unsafe { libc::ioctl(self.master.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) };
        assert_eq!(set, 0);
        self.screen.screen_mut().set_size(cells(rows), cells(columns));
    }

    /// The process id of the program.
    pub fn pid(&self) -> i64 {
        self.child.id().into()
    }

    /// Sends the program a signal.
    #[track_caller]
    pub fn signals(&self, signal: i32) {
        crate::kill(self.pid(), signal);
    }

    /// All that was written to the terminal so far.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// What a person sees, line by line.
    pub fn screen(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until the terminal is as a shell left it.
    #[track_caller]
    pub fn becomes_cooked(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.is_cooked() {
            assert!(Instant::now() < deadline, "the terminal is not put back");
            self.more(Instant::now() + 4 * GLANCE);
        }
    }

    /// Waits for the end, and gives the status.
    #[track_caller]
    pub fn ends(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("wait") {
                return status.code();
            }
            assert!(Instant::now() < deadline, "the program does not end");
            // Its output has to be read, or it would block.
            self.more(Instant::now() + 4 * GLANCE);
        }
    }

    /// Whether the terminal is as a shell left it: lines, and an echo.
    pub fn is_cooked(&self) -> bool {
        let flags = tcgetattr(&self.slave).expect("tcgetattr").local_flags;
        flags.contains(LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG)
    }
}

/// A copy with a number of 100 or more.
fn high(fd: &OwnedFd) -> OwnedFd {
    let copy = fcntl(fd, FcntlArg::F_DUPFD_CLOEXEC(100)).expect("a copy");
    // SAFETY: it was made just now, and nobody else has it.
    unsafe { OwnedFd::from_raw_fd(copy) }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has cells")
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
