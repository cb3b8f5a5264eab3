//! A client: commands, how they end, and the view.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::{Duration, Instant};

use daemonproxy_protocol::{Command, StateView};

use crate::connection::{Came, Connection, PATIENCE};
use crate::endings::UnderWay;
use crate::error::{Error, Result};
use crate::inbox::{EventLine, Inbox};
use crate::socket;

/// From so many commands under way on, what comes is taken in before another one is sent.
const MANY: usize = 64;

/// A connection to a daemon, and what is known of the daemon through it.
///
/// Events that come while a command is in progress are taken into the [view](Self::view) at once,
/// and kept for [`next_event`](Self::next_event). At most one mebibyte of them is kept; if there
/// are more, all are dropped, and one `overflow` takes their place, as when the daemon itself had
/// to leave some out.
#[derive(Debug)]
pub struct Client {
    connection: Connection,
    view: StateView,
    inbox: Inbox,
    patience: Duration,
}

impl Client {
    /// Connects as an observer to the daemon at the usual socket, see [`find`](crate::find), and
    /// learns its state.
    ///
    /// # Errors
    ///
    /// [`Error::NoSocket`], and those of [`connect_to`](Self::connect_to).
    pub fn connect() -> Result<Self> {
        Self::connect_to(&socket::find(None)?)
    }

    /// Connects as an observer to the daemon whose socket this is, and learns its state.
    ///
    /// # Errors
    ///
    /// [`Error::Connect`], [`Error::NotADaemon`], and those of [`resync`](Self::resync).
    pub fn connect_to(path: &Path) -> Result<Self> {
        let mut client = Self::new(Connection::connect(path)?);
        client.observe()?;
        // Nobody has asked for the answer to that.
        client.inbox = Inbox::default();
        client.resync()?;
        Ok(client)
    }

    /// The client of a controller: a program that the daemon started with `control.event` as its
    /// standard input and `control.cmd` as its standard output (or a `control.socket` as both).
    /// From here on do not use either for anything else: write to standard error. It is an
    /// observer, and its view is empty until a [`resync`](Self::resync).
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if descriptors 0 and 1 are not open; [`Error::TimedOut`] and [`Error::Closed`]
    /// if nobody answers.
    pub fn inherited() -> Result<Self> {
        let copy = |fd: BorrowedFd<'_>| fd.try_clone_to_owned();
        let events = copy(io::stdin().as_fd()).map_err(|error| Error::Io("descriptor 0", error))?;
        let commands =
            copy(io::stdout().as_fd()).map_err(|error| Error::Io("descriptor 1", error))?;
        let mut client = Self::new(Connection::from_fds(events, commands)?);
        client.observe()?;
        Ok(client)
    }

    /// Uses an existing connection, and sends nothing by itself.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        let (view, inbox) = (StateView::new(), Inbox::default());
        Self { connection, view, inbox, patience: PATIENCE }
    }

    /// How long the daemon may take to answer, and to accept a command: 10 seconds unless set.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
        self.connection.set_patience(patience);
    }

    /// What is known about the daemon so far.
    #[must_use]
    pub fn view(&self) -> &StateView {
        &self.view
    }

    /// The connection itself, for lines and for whatever is not a command or an event.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Carries out a command: its name and arguments, each a field. Returns when the daemon has
    /// done it.
    ///
    /// `exit`, `terminate` and `terminate.shutdown` are done when the connection ends.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if these fields are not a command of the protocol; then nothing was sent.
    /// [`Error::Refused`] if the daemon did not do it. [`Error::TimedOut`], [`Error::Closed`].
    pub fn command<F: AsRef<[u8]>>(&mut self, fields: impl IntoIterator<Item = F>) -> Result<()> {
        let line = line_of(fields)?;
        self.line(&line, |_| {})
    }

    /// The same for a command with typed arguments.
    ///
    /// # Errors
    ///
    /// As those of [`command`](Self::command).
    pub fn carry_out(&mut self, command: &Command<'_>) -> Result<()> {
        let mut line = Vec::new();
        command.encode(&mut line);
        self.line(&line, |_| {})
    }

    /// Sends a line as it is, which may be a command that only the daemon knows, and calls `each`
    /// with every event until it is done.
    ///
    /// # Errors
    ///
    /// As those of [`command`](Self::command); [`Error::Usage`] only if it contains a control
    /// character other than TAB.
    pub fn line(&mut self, line: &[u8], each: impl FnMut(&EventLine)) -> Result<()> {
        self.exchange(Some(line), None, each)
    }

    /// Sends a command as [`command`](Self::command) does, but does not wait. Any number of them
    /// may be under way; the daemon carries them out in this order.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`], and then nothing was sent; [`Error::TimedOut`], [`Error::Closed`].
    pub fn begin<F: AsRef<[u8]>>(
        &mut self,
        fields: impl IntoIterator<Item = F>,
    ) -> Result<UnderWay> {
        let line = line_of(fields)?;
        // A daemon whose answers nobody reads takes no more commands.
        let now = Some(Instant::now());
        while self.connection.under_way() >= MANY {
            match self.connection.event_by(now)? {
                Came::Nothing => break,
                Came::End => {}
                Came::Event(line) => {
                    let line = EventLine::new(line);
                    self.take_in(&line);
                    self.inbox.push(line.into_bytes());
                }
            }
        }
        self.connection.begin(Some(&line), None)
    }

    /// Waits until a command that was begun here has ended, if it has not yet.
    ///
    /// # Errors
    ///
    /// As those of [`command`](Self::command).
    pub fn finish(&mut self, command: &UnderWay) -> Result<()> {
        self.finish_seeing(command, |_| {})
    }

    /// Passes a descriptor to the daemon, which keeps it under `name` (`fd.take`). Ours stays open.
    ///
    /// # Errors
    ///
    /// As those of [`command`](Self::command); also [`Error::Usage`] if the connection is not a
    /// unix socket; that of a controller is one if it uses `control.socket`.
    pub fn take_fd(&mut self, name: impl AsRef<[u8]>, fd: impl AsFd) -> Result<()> {
        let line = line_of([&b"fd.take"[..], name.as_ref()])?;
        self.exchange(Some(&line), Some(fd.as_fd()), |_| {})
    }

    /// Gets a descriptor of the daemon (`fd.give`). It is ours; both share one open file, of which
    /// the daemon keeps its own.
    ///
    /// # Errors
    ///
    /// As those of [`command`](Self::command); the daemon refuses it where the connection is not a
    /// unix socket. [`Error::Missed`] if it has come and is lost, because this process has too many
    /// open already.
    pub fn give_fd(&mut self, name: impl AsRef<[u8]>) -> Result<OwnedFd> {
        let line = line_of([&b"fd.give"[..], name.as_ref()])?;
        self.exchange(Some(&line), None, |_| {})?;
        self.connection.given_fd().ok_or(Error::Missed)
    }

    /// Waits until everything that was sent has been carried out, and takes in what came meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], [`Error::Closed`].
    pub fn sync(&mut self) -> Result<()> {
        self.sync_seeing(|_| {})
    }

    /// The same, and calls `each` with every event that came.
    ///
    /// # Errors
    ///
    /// As those of [`sync`](Self::sync).
    pub fn sync_seeing(&mut self, each: impl FnMut(&EventLine)) -> Result<()> {
        self.exchange(None, None, each)
    }

    /// Learns the whole state of the daemon again (`statedump`): what the dump does not mention is
    /// gone. To be called once at the beginning, and when
    /// [`Event::Overflow`](crate::Event::Overflow) says that events were missed;
    /// [`wait`](Self::wait) does so by itself. The events of the dump are not kept for
    /// [`next_event`](Self::next_event).
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], [`Error::Closed`].
    pub fn resync(&mut self) -> Result<()> {
        loop {
            // News about what no longer exists may still be on its way.
            match self.sync() {
                Ok(()) | Err(Error::Missed) => {}
                Err(error) => return Err(error),
            }
            self.view.reset();
            let kept = std::mem::take(&mut self.inbox);
            let dumped = self.exchange(Some(b"statedump"), None, |_| {});
            self.inbox = kept;
            match dumped {
                Ok(()) if !self.view.has_overflowed() => {
                    self.view.sweep();
                    return Ok(());
                }
                Ok(()) | Err(Error::Missed) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The next event; `None` if none comes within `timeout`. [`FOREVER`](crate::FOREVER) waits for
    /// as long as it takes, and zero only checks what is there.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] after the last event.
    pub fn next_event(&mut self, timeout: Duration) -> Result<Option<EventLine>> {
        if let Some(line) = self.inbox.pop() {
            return Ok(Some(EventLine::new(line)));
        }
        let deadline = Instant::now().checked_add(timeout);
        loop {
            match self.connection.event_by(deadline)? {
                Came::Nothing => return Ok(None),
                Came::End => {}
                Came::Event(line) => {
                    let line = EventLine::new(line);
                    self.take_in(&line);
                    return Ok(Some(line));
                }
            }
        }
    }

    /// Takes in events until `done` returns true for the view. False if it does not within
    /// `timeout`. `done` is called after every single event, so that a brief state is not missed.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`], and [`Error::TimedOut`] if events were missed and the daemon does not
    /// report its state.
    pub fn wait(
        &mut self,
        timeout: Duration,
        mut done: impl FnMut(&StateView) -> bool,
    ) -> Result<bool> {
        if done(&self.view) {
            return Ok(true);
        }
        self.watch(timeout, |_, view| done(view))
    }

    /// The same, but `done` gets each event that comes from now on, and the view after it.
    ///
    /// # Errors
    ///
    /// As those of [`wait`](Self::wait).
    pub fn watch(
        &mut self,
        timeout: Duration,
        mut done: impl FnMut(&EventLine, &StateView) -> bool,
    ) -> Result<bool> {
        let deadline = Instant::now().checked_add(timeout);
        loop {
            let line = match self.connection.event_by(deadline)? {
                Came::Nothing => return Ok(false),
                Came::End => continue,
                Came::Event(line) => EventLine::new(line),
            };
            self.take_in(&line);
            if self.view.has_overflowed() {
                self.resync()?;
            }
            let is_done = done(&line, &self.view);
            self.inbox.push(line.as_bytes().to_vec());
            if is_done {
                return Ok(true);
            }
            // However much comes in, this ends.
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                return Ok(false);
            }
        }
    }

    /// Waits until this run of a service has ended, or for as long as `within`; returns whether it
    /// has. The number is that of [`ServiceView::run`](crate::protocol::ServiceView::run). However
    /// soon the service is started again, the end of that run is not missed.
    ///
    /// # Errors
    ///
    /// As those of [`wait`](Self::wait).
    pub fn wait_for_end(&mut self, name: &[u8], run: u32, within: Duration) -> Result<bool> {
        self.wait(within, |view| view.run_is_over(name, run))
    }

    /// Listens for signals that the daemon gets, from now on: they come as
    /// [`Event::Signal`](crate::Event::Signal), and SIGTERM, SIGINT and SIGQUIT do not end the
    /// daemon any more while this connection is there (`conn.features`).
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], [`Error::Closed`].
    pub fn listen_for_signals(&mut self) -> Result<()> {
        self.features(b"conn.features\truns")
    }

    /// Stops listening for signals: they do to the daemon what they do when nobody is connected. A
    /// client that connects starts out like this.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], [`Error::Closed`].
    pub fn observe(&mut self) -> Result<()> {
        self.features(b"conn.features\tobserver\truns")
    }

    fn features(&mut self, line: &[u8]) -> Result<()> {
        match self.exchange(Some(line), None, |_| {}) {
            // A daemon of protocol 1 has no features: there, everybody listens.
            Err(Error::Refused(_)) => Ok(()),
            done => done,
        }
    }

    /// Sends a command and takes in what comes until it is done.
    fn exchange(
        &mut self,
        command: Option<&[u8]>,
        fd: Option<BorrowedFd<'_>>,
        each: impl FnMut(&EventLine),
    ) -> Result<()> {
        let under_way = self.connection.begin(command, fd)?;
        self.finish_seeing(&under_way, each)
    }

    fn finish_seeing(
        &mut self,
        command: &UnderWay,
        mut each: impl FnMut(&EventLine),
    ) -> Result<()> {
        loop {
            if let Some(outcome) = command.outcome() {
                return outcome;
            }
            let deadline = Instant::now().checked_add(self.patience);
            match self.connection.event_by(deadline) {
                Ok(Came::End) => {}
                Ok(Came::Event(line)) => {
                    let line = EventLine::new(line);
                    self.take_in(&line);
                    each(&line);
                    self.inbox.push(line.into_bytes());
                }
                Ok(Came::Nothing) => return Err(Error::TimedOut(self.patience)),
                Err(Error::Closed) if command.leaves => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn take_in(&mut self, line: &EventLine) {
        // A line that only looks like an event is somebody's echo.
        if let Ok(event) = line.event() {
            self.view.apply(&event);
        }
    }
}

impl AsFd for Client {
    /// Where events are read, for a program that polls several descriptors. It is readable when
    /// there is something to read; take all of it, because poll does not see what has already been
    /// read.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.connection.as_fd()
    }
}

/// The line that these fields make, if it is a command.
fn line_of<F: AsRef<[u8]>>(fields: impl IntoIterator<Item = F>) -> Result<Vec<u8>> {
    let mut line = Vec::new();
    for (index, field) in fields.into_iter().enumerate() {
        let field = field.as_ref();
        if let Some(byte) = field.iter().find(|&&byte| byte < 0x20) {
            return Err(Error::Usage(format!("a field cannot hold the byte 0x{byte:02x}")));
        }
        if index > 0 {
            line.push(b'\t');
        }
        line.extend_from_slice(field);
    }
    match Command::parse(&line) {
        Ok(_) => Ok(line),
        Err(refusal) => Err(Error::Usage(refusal.to_string())),
    }
}
