//! Lines over a pair of descriptors, with deadlines, and never blocking for ever.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use daemonproxy_testing::{PATIENCE, ready};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::PollFlags;
use nix::sys::socket::{Shutdown, shutdown};

use crate::subject::Got;

/// A connection. Its ends are not shared with the other side.
pub(crate) struct Connection {
    output: Option<File>,
    input: File,
    /// Not sent yet.
    unsent: Vec<u8>,
    /// Received, and not taken yet.
    received: Vec<u8>,
    taken: usize,
    ended: bool,
    /// As long as this is open, the relay that it came from runs.
    _relay: Option<UnixStream>,
}

impl Connection {
    /// Uses these two, which become non-blocking.
    pub(crate) fn new(
        output: Option<OwnedFd>,
        input: OwnedFd,
        relay: Option<UnixStream>,
    ) -> Result<Self, String> {
        for fd in output.iter().chain([&input]) {
            let flags = fcntl(fd, FcntlArg::F_GETFL).map_err(text("F_GETFL"))?;
            let flags = OFlag::from_bits_retain(flags) | OFlag::O_NONBLOCK;
            fcntl(fd, FcntlArg::F_SETFL(flags)).map_err(text("F_SETFL"))?;
        }
        Ok(Self {
            output: output.map(File::from),
            input: input.into(),
            unsent: Vec::new(),
            received: Vec::new(),
            taken: 0,
            ended: false,
            _relay: relay,
        })
    }

    /// Where to send.
    pub(crate) fn output(&self) -> Result<&File, String> {
        self.output.as_ref().ok_or_else(|| "this connection sends nothing any more".to_owned())
    }

    /// Where to read, for poll().
    pub(crate) fn input(&self) -> RawFd {
        self.input.as_raw_fd()
    }

    /// Sends everything.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        self.write_what_goes(bytes)?;
        while !self.unsent.is_empty() {
            if !ready(&[(self.output()?.as_raw_fd(), PollFlags::POLLOUT)], deadline) {
                return Err("the other side reads nothing".to_owned());
            }
            self.write_what_goes(b"")?;
        }
        Ok(())
    }

    /// Sends what can be sent without waiting; the rest is sent during later reads.
    pub(crate) fn write_what_goes(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.unsent.extend_from_slice(bytes);
        while !self.unsent.is_empty() {
            match self.output()?.write(&self.unsent) {
                Ok(count) => drop(self.unsent.drain(..count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(format!("cannot send: {error}")),
            }
        }
        Ok(())
    }

    /// Stops sending.
    pub(crate) fn shut(&mut self) {
        if let Some(output) = self.output.take() {
            // For a socket, only this direction; for a pipe this fails, and it is closed anyway.
            let _ = shutdown(output.as_raw_fd(), Shutdown::Write);
        }
    }

    /// Ends a socket in both directions. To close it is not enough at once: a child that is being
    /// made beside us has a copy until it is its program.
    pub(crate) fn hang_up(&self) {
        if let Some(output) = &self.output {
            let _ = shutdown(output.as_raw_fd(), Shutdown::Both);
        }
    }

    /// The next line, as soon as it is there.
    pub(crate) fn next_line(&mut self) -> Result<Got, String> {
        self.line_before(Instant::now() + PATIENCE)
    }

    /// The next line, if it is there already.
    pub(crate) fn line_that_is_there(&mut self) -> Result<Got, String> {
        self.line_before(Instant::now())
    }

    fn line_before(&mut self, deadline: Instant) -> Result<Got, String> {
        let mut searched = self.taken;
        loop {
            if let Some(length) = self.received[searched..].iter().position(|&b| b == b'\n') {
                let line = self.received[self.taken..searched + length].to_vec();
                self.taken = searched + length + 1;
                return Ok(Got::Line(line));
            }
            if self.ended {
                return Ok(Got::Closed(self.received.len() - self.taken));
            }
            self.received.drain(..self.taken);
            self.taken = 0;
            searched = self.received.len();
            let mut wanted = vec![(self.input.as_raw_fd(), PollFlags::POLLIN)];
            if let (Some(output), false) = (&self.output, self.unsent.is_empty()) {
                wanted.push((output.as_raw_fd(), PollFlags::POLLOUT));
            }
            if !ready(&wanted, deadline) {
                return Ok(Got::Nothing);
            }
            if !self.unsent.is_empty() && self.write_what_goes(b"").is_err() {
                // Nobody reads it any more. What was sent before that can still be read.
                self.unsent.clear();
            }
            self.read_what_is_there()?;
        }
    }

    fn read_what_is_there(&mut self) -> Result<(), String> {
        let mut chunk = [0; 1 << 14];
        match self.input.read(&mut chunk) {
            Ok(0) => self.ended = true,
            Ok(count) => self.received.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => self.ended = true,
            Err(error) => return Err(format!("cannot read: {error}")),
        }
        Ok(())
    }
}

/// What went wrong, and with what.
pub(crate) fn text<E: std::fmt::Display>(what: &str) -> impl FnOnce(E) -> String {
    move |error| format!("{what}: {error}")
}
