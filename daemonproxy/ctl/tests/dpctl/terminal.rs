//! A pseudo terminal with `dpctl`, or a daemon, on it: type, and wait for what appears.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Instant;

use nix::fcntl::{FcntlArg, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{OpenptyResult, Winsize, openpty};
use nix::sys::termios::{LocalFlags, tcgetattr};

use crate::daemon::{Daemon, PATIENCE, binary, send_signal};

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
    /// `dpctl` with these arguments on a terminal of its own, with no colours.
    #[track_caller]
    pub(crate) fn dpctl(daemon: &Daemon, args: &[&str]) -> Self {
        Self::with_fds(daemon.folder(), args, &[])
    }

    /// The same, with these descriptors as 3 and up. The folder has the socket and the history.
    #[track_caller]
    pub(crate) fn with_fds(folder: &Path, args: &[&str], fds: &[OwnedFd]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpctl"));
        command.args(args).env("DAEMONPROXY_SOCKET", folder.join("socket"));
        Self::with_program(command, folder, fds)
    }

    /// A daemon on a terminal of its own, with `dpctl` in reach.
    #[track_caller]
    pub(crate) fn daemon(folder: &Path) -> Self {
        Self::script(folder, &format!("exec {} -i", binary().display()), &[])
    }

    /// A script of `sh`, with `dpctl` in reach, and these descriptors as 3 and up.
    #[track_caller]
    pub(crate) fn script(folder: &Path, script: &str, fds: &[OwnedFd]) -> Self {
        let dpctl = Path::new(env!("CARGO_BIN_EXE_dpctl")).parent().expect("a folder");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(dpctl.to_owned()).chain(std::env::split_paths(&path));
        let mut command = Command::new("sh");
        command.args(["-c", script]).env("PATH", std::env::join_paths(path).expect("a path"));
        command.env("DAEMONPROXY_SOCKET", folder.join("socket"));
        Self::with_program(command, folder, fds)
    }

    #[track_caller]
    fn with_program(mut command: Command, folder: &Path, fds: &[OwnedFd]) -> Self {
        let size = Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        let OpenptyResult { master, slave } = openpty(&size, None).expect("a pty");
        let copy = || slave.try_clone().expect("dup");
        command.env("XDG_STATE_HOME", folder).env("NO_COLOR", "1").env("TERM", "xterm");
        command.stdin(copy()).stdout(copy()).stderr(copy());
        // Out of the way of the numbers that they get.
        let fds: Vec<OwnedFd> = fds.iter().map(high).collect();
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
    pub(crate) fn types(&mut self, text: &str) {
        self.types_bytes(text.as_bytes());
    }

    #[track_caller]
    pub(crate) fn types_bytes(&mut self, bytes: &[u8]) {
        self.master.write_all(bytes).expect("the terminal takes what is typed");
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

    /// Waits until the last line is this: what is being typed, and hints.
    #[track_caller]
    pub(crate) fn line_is(&mut self, text: &str) {
        self.waits(text, |terminal| {
            let contents = terminal.screen();
            contents.trim_end().lines().last().is_some_and(|last| last.trim_end() == text)
        });
    }

    /// Waits until the first line below the header of a table begins so.
    #[track_caller]
    pub(crate) fn line_is_first(&mut self, text: &str) {
        self.waits(text, |terminal| {
            let contents = terminal.screen();
            let mut below = contents.lines().skip_while(|line| !line.starts_with("NAME"));
            below.nth(1).is_some_and(|line| line.starts_with(text))
        });
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

    #[track_caller]
    pub(crate) fn resizes(&mut self, columns: u16, rows: u16) {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: TIOCSWINSZ reads one winsize, which lives as long as the call.
        let set =
            unsafe { libc::ioctl(self.master.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) };
        assert_eq!(set, 0);
        self.screen.screen_mut().set_size(cells(rows), cells(columns));
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signals(&self, signal: i32) {
        send_signal(self.pid(), signal);
    }

    /// All that was written to the terminal so far.
    pub(crate) fn written(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// What a person sees, line by line.
    pub(crate) fn screen(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until the terminal is as a shell left it.
    #[track_caller]
    pub(crate) fn becomes_cooked(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.is_cooked() {
            assert!(Instant::now() < deadline, "the terminal is not put back");
            self.more(Instant::now() + std::time::Duration::from_millis(20));
        }
    }

    /// Waits for the end, and gives the status.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("wait") {
                return status.code();
            }
            assert!(Instant::now() < deadline, "dpctl does not end");
            // Its output has to be read, or it would block.
            self.more(Instant::now() + std::time::Duration::from_millis(20));
        }
    }

    /// Whether the terminal is as a shell left it: lines, and an echo.
    pub(crate) fn is_cooked(&self) -> bool {
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
