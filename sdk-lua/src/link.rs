//! The connection to the daemon: lines in, lines out, and a bounded buffer for either.
//!
//! The two directions are apart, because a finalizer of the script may send a command at any
//! moment, even while a line that was read becomes an event.

use std::cell::RefCell;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use daemonproxy_client::{Channel, MAX_LINE};
use daemonproxy_protocol::{Line, LineFramer};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::outbox::Outbox;

pub(crate) struct Link {
    pub(crate) input: RefCell<Input>,
    pub(crate) output: RefCell<Output>,
}

impl Link {
    /// Events from one, commands to the other.
    pub(crate) fn inherited(input: OwnedFd, output: OwnedFd) -> nix::Result<Self> {
        Ok(Self::new(Channel::inherited(input)?, Channel::inherited(output)?))
    }

    pub(crate) fn connected(stream: UnixStream) -> std::io::Result<Self> {
        let other = stream.try_clone()?;
        Ok(Self::new(Channel::socket(stream.into()), Channel::socket(other.into())))
    }

    fn new(input: Channel, output: Channel) -> Self {
        let framer = LineFramer::growing(MAX_LINE);
        Self {
            input: RefCell::new(Input { channel: input, framer, ended: None }),
            output: RefCell::new(Output {
                channel: output,
                outbox: Outbox::default(),
                broken: false,
                blocked: false,
            }),
        }
    }
}

pub(crate) struct Input {
    channel: Channel,
    framer: LineFramer,
    /// Set once nothing can be read any more: why, if that is not an ordinary end.
    ended: Option<Option<String>>,
}

impl Input {
    /// The next line that was read.
    pub(crate) fn next_line(&mut self) -> Option<Line<'_>> {
        self.framer.next_line()
    }

    /// Why there will be no more lines, if that is so: `Some(None)` is an ordinary end.
    pub(crate) fn end(&self) -> Option<&Option<String>> {
        self.ended.as_ref()
    }

    /// Reads once. To be called when there is something to read, or the end.
    pub(crate) fn fill(&mut self) {
        match self.channel.read(self.framer.space()) {
            Ok(0) => self.ended = Some(None),
            Ok(n) => self.framer.filled(n),
            Err(Errno::EAGAIN) => {}
            // The daemon has left without reading everything, which does not matter here.
            Err(Errno::ECONNRESET | Errno::EPIPE) => self.ended = Some(None),
            Err(error) => self.ended = Some(Some(format!("reading events: {}", error.desc()))),
        }
    }

    pub(crate) fn poll_fd(&self) -> Option<PollFd<'_>> {
        self.ended.is_none().then(|| PollFd::new(self.channel.as_fd(), PollFlags::POLLIN))
    }
}

pub(crate) struct Output {
    channel: Channel,
    outbox: Outbox,
    /// Set once nothing can be written any more.
    broken: bool,
    /// Nothing could be written when it was last tried.
    blocked: bool,
}

impl Output {
    /// Takes a command, without its LF.
    pub(crate) fn send(&mut self, line: &[u8]) -> Result<(), &'static str> {
        if self.broken {
            return Err("the connection to the daemon has ended");
        }
        if !self.outbox.push(line) {
            return Err("the daemon takes no commands, and there is no room for more of them");
        }
        if self.outbox.has_much() {
            self.flush_if_possible();
        }
        Ok(())
    }

    /// Writes what can be written, unless nothing can, as is known.
    pub(crate) fn flush_if_possible(&mut self) {
        if !self.outbox.is_empty() && !self.blocked {
            self.flush();
        }
    }

    pub(crate) fn flush(&mut self) {
        match self.outbox.write_to(&self.channel) {
            Ok(()) => self.blocked = false,
            Err(Errno::EAGAIN) => self.blocked = true,
            Err(_) => {
                // What the daemon sent before it left is still to be read.
                self.broken = true;
                self.outbox.clear();
            }
        }
    }

    /// The same, for at most this long: before leaving.
    pub(crate) fn flush_for(&mut self, patience: Duration) {
        let deadline = Instant::now() + patience;
        self.flush();
        while self.blocked && !self.outbox.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            let left = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
            let mut fds = [PollFd::new(self.channel.as_fd(), PollFlags::POLLOUT)];
            match poll(&mut fds, left) {
                Ok(0) => return,
                Ok(_) | Err(Errno::EINTR) => self.flush(),
                Err(_) => return,
            }
        }
    }

    pub(crate) fn poll_fd(&self) -> Option<PollFd<'_>> {
        let waits = !self.outbox.is_empty();
        waits.then(|| PollFd::new(self.channel.as_fd(), PollFlags::POLLOUT))
    }
}
