//! One controller connection, seen from the controller.

use std::fs::File;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::PollFlags;
use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};

use super::{Log, matches};
use crate::{PATIENCE, eventually, ready};

/// Why there is no further line.
#[derive(Debug, PartialEq)]
pub enum Gone {
    /// The daemon closed the connection; these bytes came after the last LF.
    Closed(Vec<u8>),
    /// Nothing came in time.
    Late,
}

/// A connection: commands out, events in. Neither end of it is ever shared with the daemon, so it
/// is non-blocking without the daemon noticing.
pub struct Conn {
    who: &'static str,
    commands: Option<File>,
    events: File,
    buffer: Vec<u8>,
    taken: usize,
    transcript: Vec<String>,
    log: Log,
    syncs: u32,
}

impl Conn {
    /// Over the two pipes of `-i`.
    pub fn over_pipes(commands: OwnedFd, events: OwnedFd, log: &Log) -> Self {
        Self::new("-i", commands, events, log)
    }

    /// To a control socket, which must come into being, but may take its time.
    #[track_caller]
    pub fn to_socket(path: &Path, log: &Log) -> Self {
        let stream = eventually("connect to the control socket", || UnixStream::connect(path).ok());
        let events = stream.try_clone().expect("dup");
        Self::new("socket", stream.into(), events.into(), log)
    }

    fn new(who: &'static str, commands: OwnedFd, events: OwnedFd, log: &Log) -> Self {
        for fd in [commands.as_fd(), events.as_fd()] {
            let flags = OFlag::from_bits_retain(fcntl(fd, FcntlArg::F_GETFL).expect("F_GETFL"));
            fcntl(fd, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK)).expect("F_SETFL");
        }
        Self {
            who,
            commands: Some(commands.into()),
            events: events.into(),
            buffer: Vec::new(),
            taken: 0,
            transcript: Vec::new(),
            log: log.clone(),
            syncs: 0,
        }
    }

    // Commands

    /// Sends one line.
    #[track_caller]
    pub fn send(&mut self, command: &str) {
        self.send_bytes(format!("{command}\n").as_bytes());
    }

    /// Sends bytes as they are. Reads meanwhile, so that the daemon can always go on.
    #[track_caller]
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.note('>', bytes.strip_suffix(b"\n").unwrap_or(bytes));
        let deadline = Instant::now() + PATIENCE;
        let mut left = bytes;
        while !left.is_empty() {
            match self.commands().write(left) {
                Ok(sent) => left = &left[sent..],
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    let both = [
                        (self.commands().as_raw_fd(), PollFlags::POLLOUT),
                        (self.events.as_raw_fd(), PollFlags::POLLIN),
                    ];
                    if !ready(&both, deadline) {
                        self.fail("the daemon does not take the command");
                    }
                    self.read_what_is_there();
                }
                Err(e) => self.fail(&format!("cannot send: {e}")),
            }
        }
    }

    /// Sends as much as the daemon takes just now, without reading, and returns how much that was.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        match self.try_push(bytes) {
            Ok(sent) => sent,
            Err(e) => self.fail(&format!("cannot send: {e}")),
        }
    }

    /// The same, for a daemon that may be gone.
    pub fn try_push(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut sent = 0;
        while sent < bytes.len() {
            match self.commands().write(&bytes[sent..]) {
                Ok(more) => sent += more,
                Err(e) if e.kind() == ErrorKind::WouldBlock => break,
                Err(e) => return Err(e),
            }
        }
        Ok(sent)
    }

    /// Waits until the daemon takes commands (again), without reading; `false` when it does not.
    pub fn wait_for_room(&mut self, patience: Duration) -> bool {
        let fd = self.commands().as_raw_fd();
        ready(&[(fd, PollFlags::POLLOUT)], Instant::now() + patience)
    }

    /// Waits until the daemon has closed the connection, without reading; `false` when it does not.
    pub fn wait_for_hangup(&mut self, patience: Duration) -> bool {
        ready(&[(self.events.as_raw_fd(), PollFlags::empty())], Instant::now() + patience)
    }

    /// Sends bytes, and descriptors along with them.
    #[track_caller]
    pub fn send_with_fds(&mut self, bytes: &[u8], fds: &[BorrowedFd<'_>]) {
        let raw: Vec<RawFd> = fds.iter().map(AsRawFd::as_raw_fd).collect();
        self.note('>', format!("{} [{} fds]", bytes.escape_ascii(), raw.len()).as_bytes());
        let socket = self.commands().as_raw_fd();
        let sent = sendmsg::<()>(
            socket,
            &[IoSlice::new(bytes)],
            &[ControlMessage::ScmRights(&raw)],
            MsgFlags::empty(),
            None,
        );
        assert_eq!(sent, Ok(bytes.len()), "sendmsg");
    }

    /// Passes a descriptor to a daemon that may have closed this connection, or take nothing now.
    pub fn try_send_with_fd(&mut self, bytes: &[u8], fd: BorrowedFd<'_>) {
        let passed = [fd.as_raw_fd()];
        let message = [ControlMessage::ScmRights(&passed)];
        let socket = self.events_fd().as_raw_fd();
        let _ = sendmsg::<()>(socket, &[IoSlice::new(bytes)], &message, MsgFlags::empty(), None);
    }

    /// Sends no more: end of file for the daemon.
    pub fn close_input(&mut self) {
        if let Some(commands) = self.commands.take() {
            // Of a socket, this side only; on a pipe it fails, and the drop does it.
            let _ =
                nix::sys::socket::shutdown(commands.as_raw_fd(), nix::sys::socket::Shutdown::Write);
        }
    }

    // Events

    /// The next line, whatever it is.
    #[track_caller]
    pub fn line(&mut self) -> Vec<u8> {
        match self.next_line(PATIENCE) {
            Ok(line) => line,
            Err(gone) => self.fail(&format!("expected a line: {gone:?}")),
        }
    }

    /// The next line, or why there is none.
    pub fn next_line(&mut self, patience: Duration) -> Result<Vec<u8>, Gone> {
        let deadline = Instant::now() + patience;
        // Bytes before this one hold no LF. Without it, a line that comes in pieces is quadratic.
        let mut searched = self.taken;
        loop {
            if let Some(length) = self.buffer[searched..].iter().position(|&b| b == b'\n') {
                let line = self.buffer[self.taken..searched + length].to_vec();
                self.taken = searched + length + 1;
                if self.taken > 1 << 16 {
                    self.buffer.drain(..self.taken);
                    self.taken = 0;
                }
                self.note('<', &line);
                return Ok(line);
            }
            searched = self.buffer.len();
            if !ready(&[(self.events.as_raw_fd(), PollFlags::POLLIN)], deadline) {
                return Err(Gone::Late);
            }
            if self.read_what_is_there() {
                let rest = self.buffer.split_off(self.taken);
                if !rest.contains(&b'\n') {
                    return Err(Gone::Closed(rest));
                }
                self.buffer.extend(rest);
            }
        }
    }

    /// Reads what has come, and looks at none of it.
    pub fn discard(&mut self) {
        while self.next_line(Duration::ZERO).is_ok() {}
    }

    /// The next lines are exactly these. Returns the numbers that the placeholders matched.
    #[track_caller]
    pub fn expect(&mut self, patterns: &[impl AsRef<str>]) -> Vec<i64> {
        let mut captures = Vec::new();
        for pattern in patterns.iter().map(AsRef::as_ref) {
            match self.next_line(PATIENCE) {
                Ok(line) => match matches(pattern, &line) {
                    Some(more) => captures.extend(more),
                    None => self.fail(&format!("expected {pattern:?}\n     got {}", show(&line))),
                },
                Err(gone) => self.fail(&format!("expected {pattern:?}\n     got {gone:?}")),
            }
        }
        captures
    }

    /// Reads until a line matches; what comes before is not looked at.
    #[track_caller]
    pub fn wait_for(&mut self, pattern: impl AsRef<str>) -> Vec<i64> {
        self.lines_until(pattern).1
    }

    /// Reads until a line matches, and returns the lines before it, and the numbers in it.
    #[track_caller]
    pub fn lines_until(&mut self, pattern: impl AsRef<str>) -> (Vec<String>, Vec<i64>) {
        let pattern = pattern.as_ref();
        let deadline = Instant::now() + PATIENCE;
        let mut before = Vec::new();
        loop {
            match self.next_line(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => match matches(pattern, &line) {
                    Some(captures) => return (before, captures),
                    None => before.push(String::from_utf8_lossy(&line).into_owned()),
                },
                Err(gone) => self.fail(&format!("waited for {pattern:?}\n     got {gone:?}")),
            }
        }
    }

    /// Reads until each of these has come, in whatever order; other lines are not looked at.
    #[track_caller]
    pub fn wait_for_all(&mut self, patterns: &[impl AsRef<str>]) {
        let deadline = Instant::now() + PATIENCE;
        let mut missing: Vec<&str> = patterns.iter().map(AsRef::as_ref).collect();
        while !missing.is_empty() {
            match self.next_line(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(at) = missing.iter().position(|p| matches(p, &line).is_some()) {
                        missing.remove(at);
                    }
                }
                Err(gone) => self.fail(&format!("waited for {missing:#?}\n     got {gone:?}")),
            }
        }
    }

    /// Every line up to the answer to an `echo` that is sent now.
    #[track_caller]
    pub fn sync(&mut self) -> Vec<String> {
        self.syncs += 1;
        let token = format!("-- sync {} --", self.syncs);
        self.send(&format!("echo\t{token}"));
        self.lines_until(token).0
    }

    /// Sends a command, and returns every line that comes before the end of its answer.
    #[track_caller]
    pub fn ask(&mut self, command: &str) -> Vec<String> {
        self.send(command);
        self.sync()
    }

    /// The command is answered with exactly these lines.
    #[track_caller]
    pub fn answers(&mut self, command: &str, patterns: &[impl AsRef<str>]) -> Vec<i64> {
        let lines = self.ask(command);
        self.compare(command, &lines, patterns)
    }

    /// Like [`answers`](Self::answers), for lines whose order nobody promised.
    #[track_caller]
    pub fn answers_in_any_order(&mut self, command: &str, lines: &[&str]) {
        let mut got = self.ask(command);
        got.sort_unstable();
        let mut wanted = lines.to_vec();
        wanted.sort_unstable();
        self.compare(command, &got, &wanted);
    }

    /// The command is answered with this error, and nothing else happens.
    #[track_caller]
    pub fn refuses(&mut self, command: &str, message: &str) {
        self.answers(command, &[error_event(command, message)]);
    }

    /// The command is answered with some error, and nothing else happens.
    #[track_caller]
    pub fn refuses_somehow(&mut self, command: &str) {
        self.answers(command, &[error_event(command, "{any}")]);
    }

    /// The daemon closes the connection, and sends nothing more before it does.
    #[track_caller]
    pub fn expect_end(&mut self) {
        match self.next_line(PATIENCE) {
            Err(Gone::Closed(rest)) if rest.is_empty() => {}
            other => self.fail(&format!("expected the end of the connection, got {other:?}")),
        }
    }

    /// Everything that comes before the daemon closes the connection.
    #[track_caller]
    pub fn lines_to_end(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.next_line(PATIENCE) {
                Ok(line) => lines.push(String::from_utf8_lossy(&line).into_owned()),
                Err(Gone::Closed(rest)) if rest.is_empty() => return lines,
                Err(gone) => self.fail(&format!("waited for the end, got {gone:?}")),
            }
        }
    }

    /// Compares lines with patterns, one by one.
    #[track_caller]
    fn compare(&self, what: &str, lines: &[String], patterns: &[impl AsRef<str>]) -> Vec<i64> {
        let mut captures = Vec::new();
        let mut equal = lines.len() == patterns.len();
        for (line, pattern) in lines.iter().zip(patterns) {
            match matches(pattern.as_ref(), line.as_bytes()) {
                Some(more) => captures.extend(more),
                None => equal = false,
            }
        }
        if !equal {
            let wanted: Vec<&str> = patterns.iter().map(AsRef::as_ref).collect();
            self.fail(&format!("{what:?}\nexpected {wanted:#?}\n     got {lines:#?}"));
        }
        captures
    }

    // Failures

    /// Panics with all that is known about this conversation.
    #[track_caller]
    pub fn fail(&self, what: &str) -> ! {
        let skipped = self.transcript.len().saturating_sub(60);
        let transcript: String =
            self.transcript[skipped..].iter().map(|line| format!("    {line}\n")).collect();
        panic!(
            "{what}\n\nconnection {} ({skipped} earlier lines not shown):\n{transcript}\nlog:\n{}",
            self.who,
            self.log.show()
        );
    }

    fn note(&mut self, direction: char, line: &[u8]) {
        self.transcript.push(format!("{direction} {}", shorten(line)));
    }

    // Descriptors

    #[track_caller]
    fn commands(&mut self) -> &mut File {
        self.commands.as_mut().expect("the input of this connection was closed")
    }

    /// Puts what can be read into the buffer; `true` at end of file.
    fn read_what_is_there(&mut self) -> bool {
        let mut chunk = [0; 1 << 16];
        loop {
            match self.events.read(&mut chunk) {
                Ok(0) => return true,
                Ok(got) => self.buffer.extend_from_slice(&chunk[..got]),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return false,
                Err(e) if e.kind() == ErrorKind::ConnectionReset => return true,
                Err(e) => self.fail(&format!("cannot read: {e}")),
            }
        }
    }

    /// The descriptor from which events are read, for tests of the buffers below it.
    pub fn events_fd(&self) -> BorrowedFd<'_> {
        self.events.as_fd()
    }
}

/// The event that answers a command that failed: the first 30 bytes of it are quoted.
pub fn error_event(command: &str, message: &str) -> String {
    let cut = if command.len() > 30 { "..." } else { "" };
    let quoted: Vec<u8> =
        command.bytes().take(30).map(|b| if b < b' ' { b' ' } else { b }).collect();
    format!("error\t{message}, for command \"{}{cut}\"", String::from_utf8_lossy(&quoted))
}

fn show(line: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(line))
}

/// A line for people: printable, and not longer than a screen is wide.
pub(crate) fn shorten(line: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(line).replace('\t', "  ");
    text.retain(|c| !c.is_control());
    if text.chars().count() > 200 {
        let start: String = text.chars().take(180).collect();
        text = format!("{start}... ({} bytes)", line.len());
    }
    text
}
