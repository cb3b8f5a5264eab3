//! A connection: lines out, lines in, and never a wait without an end.
//!
//! An echo of a word of our own tells where the answers so far end. On connecting it also tells
//! whether a daemonproxy is at the other end at all.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use daemonproxy_protocol::{Event, Line, LineFramer};

use crate::failure::{FAILED, Failure, NO_DAEMON, Result, TIME_IS_UP};
use crate::socket;

/// Longer than any line of a daemon with an ordinary limit, so that events are never cut.
const MAX_LINE: usize = 1 << 20;
/// How long the daemon may take to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Conn {
    stream: UnixStream,
    framer: LineFramer,
    marks: u32,
}

impl Conn {
    /// Connects, and makes sure that a daemonproxy answers.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut conn = Self::new(socket::open(path)?);
        conn.greet().map_err(|failure| {
            Failure::new(NO_DAEMON, format!("{}: {}", path.display(), failure.text))
        })?;
        Ok(conn)
    }

    /// Speaks through a stream that is connected already.
    pub(crate) fn new(stream: UnixStream) -> Self {
        Self { stream, framer: LineFramer::growing(MAX_LINE), marks: 0 }
    }

    /// A second handle, to write to from elsewhere.
    pub(crate) fn writer(&self) -> Result<UnixStream> {
        Ok(self.stream.try_clone()?)
    }

    fn greet(&mut self) -> Result<()> {
        let mark = self.mark()?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.line_by(deadline)? {
                None => {
                    return Err(Failure::new(NO_DAEMON, "does not answer as a daemonproxy does"));
                }
                Some(line) if line == mark => return Ok(()),
                Some(line) if is_news(&line) => {}
                Some(_) => {
                    return Err(Failure::new(NO_DAEMON, "what answers is not a daemonproxy"));
                }
            }
        }
    }

    /// Sends a line, which is given without its LF.
    pub(crate) fn send(&mut self, line: &[u8]) -> Result<()> {
        if let Some(byte) = line.iter().find(|&&byte| byte < 0x20 && byte != b'\t') {
            return Err(Failure::new(
                FAILED,
                format!("the byte 0x{byte:02x} cannot be sent in a command"),
            ));
        }
        let mut bytes = line.to_vec();
        bytes.push(b'\n');
        self.stream.set_write_timeout(Some(PATIENCE))?;
        self.stream.write_all(&bytes).map_err(|error| match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                Failure::new(TIME_IS_UP, "the daemon does not take commands")
            }
            _ => closed(),
        })
    }

    /// Asks for an echo, and gives the line to wait for.
    pub(crate) fn mark(&mut self) -> Result<Vec<u8>> {
        self.marks += 1;
        let mark = format!("dpctl-{}-{}", std::process::id(), self.marks);
        self.send(format!("echo\t{mark}").as_bytes())?;
        Ok(mark.into_bytes())
    }

    /// The next line, or `None` if none has come by then.
    pub(crate) fn line_by(&mut self, deadline: Instant) -> Result<Option<Vec<u8>>> {
        loop {
            if let Some(line) = self.framer.next_line() {
                match line {
                    Line::Complete(line) => return Ok(Some(line.to_vec())),
                    Line::TooLong { .. } => {
                        return Err(Failure::new(NO_DAEMON, "what answers is not a daemonproxy"));
                    }
                }
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            if !self.read(left)? {
                return Err(closed());
            }
        }
    }

    /// Whether a line has been read already.
    pub(crate) fn has_line(&mut self) -> bool {
        self.framer.has_line()
    }

    /// Reads once. False at the end of the stream.
    fn read(&mut self, wait: Duration) -> Result<bool> {
        self.stream.set_read_timeout(Some(wait))?;
        match self.stream.read(self.framer.space()) {
            Ok(0) => Ok(false),
            Ok(n) => {
                self.framer.filled(n);
                Ok(true)
            }
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => Ok(true),
                ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => Ok(false),
                _ => Err(error.into()),
            },
        }
    }
}

fn closed() -> Failure {
    Failure::new(NO_DAEMON, "the daemon closed the connection")
}

/// Whether a line may come from a daemonproxy unasked: an event, perhaps of a version to come.
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
