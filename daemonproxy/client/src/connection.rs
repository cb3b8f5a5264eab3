//! A connection: lines out, lines in, and no wait without a limit.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use daemonproxy_protocol::{Event, Line, LineFramer};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::sockopt::PeerCredentials;
use nix::sys::socket::{Shutdown, getsockopt, shutdown};

use crate::channel::Channel;
use crate::endings::{Endings, UnderWay};
use crate::error::{Error, Result};
use crate::given::Given;
use crate::{MAX_LINE, socket};

/// How long the daemon may take to answer, or to accept a command.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Lines to and from a daemon, one level below [`Client`](crate::Client).
#[derive(Debug)]
pub struct Connection {
    input: Channel,
    sender: Sender,
    framer: LineFramer,
    endings: Endings,
    given: Given,
}

impl Connection {
    /// Connects to the control socket at `path`, makes sure that a daemon answers, and becomes an
    /// [observer](Self::observe) of it.
    ///
    /// # Errors
    ///
    /// [`Error::Connect`], and [`Error::NotADaemon`] if the answer is not that of a daemon, or does
    /// not come within 10 seconds.
    pub fn connect(path: &Path) -> Result<Self> {
        let mut connection = Self::from_stream(socket::connect(path)?)?;
        connection.greet(path)?;
        Ok(connection)
    }

    /// Uses a stream that is already connected.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if there is no descriptor left for a second handle to it.
    pub fn from_stream(stream: UnixStream) -> Result<Self> {
        let other = stream.try_clone().map_err(|error| Error::Io("the connection", error))?;
        Ok(Self::new(Channel::socket(stream.into()), Channel::socket(other.into())))
    }

    /// Reads events from one and writes commands to the other. Their flags, which others may share,
    /// stay as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if one of them is not open.
    pub fn from_fds(events: OwnedFd, commands: OwnedFd) -> Result<Self> {
        let channel = |what, fd| {
            Channel::inherited(fd).map_err(|error| Error::Io(what, io::Error::from(error)))
        };
        Ok(Self::new(channel("the events", events)?, channel("the commands", commands)?))
    }

    fn new(input: Channel, output: Channel) -> Self {
        let sender = Sender { output, patience: PATIENCE };
        let framer = LineFramer::growing(MAX_LINE);
        Self { input, sender, framer, endings: Endings::new(), given: Given::default() }
    }

    fn greet(&mut self, path: &Path) -> Result<()> {
        let other = |silent| Error::NotADaemon { path: Some(path.to_owned()), silent };
        let features = self.begin(Some(b"conn.features\tobserver"), None)?;
        let deadline = Instant::now() + PATIENCE;
        // A daemon of protocol 1 refuses the feature, which does no harm.
        while !features.has_ended() {
            match self.event_by(Some(deadline))? {
                Came::Event(line) if !is_news(&line) => return Err(other(false)),
                Came::Event(_) | Came::End => {}
                Came::Nothing => return Err(other(true)),
            }
        }
        Ok(())
    }

    /// Asks not to count as a listener for signals (`conn.features` with `observer`), so that a
    /// SIGTERM to the daemon does what it does when nobody is connected. The answer comes like any
    /// other; a daemon of protocol 1 says that it does not know the command.
    ///
    /// # Errors
    ///
    /// As those of [`send`](Self::send).
    pub fn observe(&mut self) -> Result<()> {
        self.send(b"conn.features\tobserver")
    }

    /// Sends a line, which is given without its LF.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if it contains a control character other than TAB, [`Error::TimedOut`] if
    /// the daemon does not accept it, [`Error::Closed`].
    pub fn send(&mut self, line: &[u8]) -> Result<()> {
        self.sender.send(line)
    }

    /// Sends a line and a descriptor with it (SCM_RIGHTS), for `fd.take`.
    ///
    /// # Errors
    ///
    /// As those of [`send`](Self::send); also [`Error::Usage`] if this is not a unix socket.
    pub fn send_with(&mut self, line: &[u8], fd: BorrowedFd<'_>) -> Result<()> {
        is_sendable(line)?;
        self.sender.pass(&[line, b"\n"].concat(), fd)
    }

    /// Sends a command, if there is one, with what tells the end of its answers; and a descriptor
    /// with it.
    pub(crate) fn begin(
        &mut self,
        command: Option<&[u8]>,
        fd: Option<BorrowedFd<'_>>,
    ) -> Result<UnderWay> {
        is_sendable(command.unwrap_or_default())?;
        let mut bytes = Vec::new();
        let under_way = self.endings.begin(command, &mut bytes);
        match fd {
            // Everything goes with the descriptor, which belongs to the piece of the stream that it
            // comes with.
            Some(fd) => self.sender.pass(&bytes, fd)?,
            None => self.sender.write(&bytes)?,
        }
        Ok(under_way)
    }

    /// How many commands are under way.
    pub(crate) fn under_way(&self) -> usize {
        self.endings.count()
    }

    /// What comes next, by then. With no deadline it waits for ever.
    pub(crate) fn event_by(&mut self, deadline: Option<Instant>) -> Result<Came> {
        let Some(line) = self.line_by(deadline)? else { return Ok(Came::Nothing) };
        if self.endings.take(&line) {
            return Ok(Came::End);
        }
        if self.endings.are_in_doubt() {
            // Nobody waits for this; it tells what became of those before it.
            drop(self.begin(None, None)?);
        }
        Ok(Came::Event(line))
    }

    /// The next line, without its LF, or `None` if none has come by then. With no deadline it waits
    /// for ever.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`], [`Error::NotADaemon`] if a line is longer than [`MAX_LINE`],
    /// [`Error::Io`].
    pub fn line_by(&mut self, deadline: Option<Instant>) -> Result<Option<Vec<u8>>> {
        loop {
            let begin = self.framer.consumed();
            if let Some(line) = self.framer.next_line() {
                return match line {
                    Line::Complete(line) => {
                        self.given.line(begin, line);
                        Ok(Some(line.to_vec()))
                    }
                    Line::TooLong { .. } => Err(Error::NotADaemon { path: None, silent: false }),
                };
            }
            let begin = self.framer.received();
            let mut passed = Vec::new();
            let received = self.input.receive(self.framer.space(), |fd| passed.push(fd));
            for fd in passed {
                let end = begin + received.unwrap_or_default() as u64;
                self.given.came(begin..end, fd);
            }
            match received {
                Ok(0) | Err(Errno::ECONNRESET | Errno::EPIPE) => return Err(Error::Closed),
                Ok(n) => self.framer.filled(n),
                Err(Errno::EAGAIN) => {
                    if !ready(&self.input, PollFlags::POLLIN, deadline)? {
                        return Ok(None);
                    }
                }
                Err(error) => return Err(Error::Io("reading events", error.into())),
            }
        }
    }

    /// The descriptor that came with the last line `fd.give`, to be taken when that command has
    /// ended.
    pub fn given_fd(&mut self) -> Option<OwnedFd> {
        self.given.take()
    }

    /// Whether a line has been read already.
    pub fn has_line(&mut self) -> bool {
        self.framer.has_line()
    }

    /// A handle to send with from another thread. A line is sent whole; whoever has several of
    /// these must see to it that only one sends at a time.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if there is no descriptor left for it.
    pub fn sender(&self) -> Result<Sender> {
        let fd = self.sender.output.as_fd().try_clone_to_owned();
        let channel = fd.and_then(|fd| Channel::inherited(fd).map_err(io::Error::from));
        let output = channel.map_err(|error| Error::Io("the connection", error))?;
        Ok(Sender { output, patience: self.sender.patience })
    }

    /// The process id of whoever made the other end of the socket, as it is seen from here; `None`
    /// where that is not known: a pipe, or a process of a pid namespace that cannot be seen.
    #[must_use]
    pub fn peer_pid(&self) -> Option<i32> {
        self.sender.peer_pid()
    }

    pub(crate) fn set_patience(&mut self, patience: Duration) {
        self.sender.patience = patience;
    }
}

impl AsFd for Connection {
    /// Where events are read.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }
}

/// What comes from a daemon.
pub(crate) enum Came {
    /// Nothing, in the time that was given.
    Nothing,
    /// An event: perhaps because of a command, perhaps because of something else.
    Event(Vec<u8>),
    /// It is known how a command ended, or that it was refused.
    End,
}

/// The sending half of a [`Connection`].
#[derive(Debug)]
pub struct Sender {
    output: Channel,
    patience: Duration,
}

impl Sender {
    /// Sends a line, which is given without its LF.
    ///
    /// # Errors
    ///
    /// As those of [`Connection::send`].
    pub fn send(&self, line: &[u8]) -> Result<()> {
        is_sendable(line)?;
        self.write(&[line, b"\n"].concat())
    }

    /// The same for any bytes at all, for what somebody wants to try. An LF ends the line.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], [`Error::Closed`].
    pub fn send_as_it_is(&self, line: &[u8]) -> Result<()> {
        self.write(&[line, b"\n"].concat())
    }

    /// Stops sending: the daemon takes that as the end of the connection.
    pub fn shut(&self) {
        // If it is already closed, that is what was wanted.
        let _ = shutdown(self.output.as_fd().as_raw_fd(), Shutdown::Write);
    }

    /// As that of [`Connection`].
    #[must_use]
    pub fn peer_pid(&self) -> Option<i32> {
        let peer = getsockopt(&self.output.as_fd(), PeerCredentials).ok()?;
        (peer.pid() > 0).then_some(peer.pid())
    }

    fn write(&self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let written = self.output.write(bytes);
            bytes = &bytes[self.written(written)?..];
        }
        Ok(())
    }

    /// Writes bytes, with a descriptor that comes with the first of them.
    fn pass(&self, bytes: &[u8], fd: BorrowedFd<'_>) -> Result<()> {
        let written = loop {
            let written = self.output.pass(bytes, fd);
            if written == Err(Errno::ENOTSOCK) {
                let text = "a descriptor can only be passed over a unix socket";
                return Err(Error::Usage(text.to_owned()));
            }
            match self.written(written)? {
                0 => {}
                written => break written,
            }
        };
        self.write(&bytes[written..])
    }

    /// How much was written; 0 if it first had to wait for room.
    fn written(&self, written: nix::Result<usize>) -> Result<usize> {
        match written {
            Ok(written) => Ok(written),
            Err(Errno::EAGAIN) => {
                let deadline = Instant::now().checked_add(self.patience);
                if ready(&self.output, PollFlags::POLLOUT, deadline)? {
                    Ok(0)
                } else {
                    Err(Error::TimedOut(self.patience))
                }
            }
            Err(Errno::EPIPE | Errno::ECONNRESET) => Err(Error::Closed),
            Err(error) => Err(Error::Io("sending a command", error.into())),
        }
    }
}

/// Waits until it is ready. False if it is not by then.
fn ready(channel: &Channel, what: PollFlags, deadline: Option<Instant>) -> Result<bool> {
    loop {
        let timeout = match deadline {
            None => PollTimeout::NONE,
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                // Rounded up, so that it does not ask again and again in the last millisecond.
                let left = if left.is_zero() { left } else { left + Duration::from_millis(1) };
                PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX)
            }
        };
        match poll(&mut [PollFd::new(channel.as_fd(), what)], timeout) {
            Ok(0) if deadline.is_some_and(|deadline| deadline <= Instant::now()) => {
                return Ok(false);
            }
            Ok(0) | Err(Errno::EINTR) => {}
            Ok(_) => return Ok(true),
            Err(error) => return Err(Error::Io("waiting for the daemon", error.into())),
        }
    }
}

fn is_sendable(line: &[u8]) -> Result<()> {
    match line.iter().find(|&&byte| byte < 0x20 && byte != b'\t') {
        Some(byte) => {
            Err(Error::Usage(format!("the byte 0x{byte:02x} cannot be sent in a command")))
        }
        None => Ok(()),
    }
}

/// Whether a daemonproxy may send this line unasked: an event, perhaps of a future version.
fn is_news(line: &[u8]) -> bool {
    match Event::parse(line) {
        Ok(Event::Other { line }) => {
            let name = line.split(|&byte| byte == b'\t').next().unwrap_or_default();
            name.contains(&b'.')
                && name.iter().all(|byte| byte.is_ascii_lowercase() || b"._".contains(byte))
        }
        Ok(_) => true,
        Err(_) => false,
    }
}
