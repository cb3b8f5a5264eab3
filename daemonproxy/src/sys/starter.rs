//! Whoever has started the daemon: is told that it is ready, that its loop goes on, and that it is
//! about to end.
//!
//! Two ways are understood by supervisors: a line end on a descriptor (`--ready-fd`, as with s6),
//! and messages to the socket in `NOTIFY_SOCKET` (sd_notify(3)). The process that has put the daemon
//! into the background (`--daemonize`) waits on a descriptor, too.

use std::ffi::OsStr;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use daemonproxy_core::{Fd, Monotonic};

use super::fd;
use super::start::take_variables;

/// What is in the environment for the daemon alone: its services have a supervisor of their own.
const FOR_US: [&str; 3] = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];
/// How long the message that we are ready may wait for room.
const PATIENCE: Duration = Duration::from_secs(1);
/// The daemon does not say more often that its loop goes on, whoever asks for that.
const OFTEN: Duration = Duration::from_millis(10);

/// We are taken for dead, and killed, unless we say often enough that our loop goes on.
struct Watchdog {
    /// How often we say it.
    every: Duration,
    /// When we say it the next time.
    at: Monotonic,
}

impl Watchdog {
    /// At once, and then as often as that.
    fn new(every: Duration) -> Self {
        Self { every, at: Monotonic::default() }
    }
}

/// See the top of this file.
pub(crate) struct Starter {
    ready_fd: Option<Fd>,
    /// The one of `--daemonize`.
    background: Option<Fd>,
    socket: Option<UnixDatagram>,
    /// None without a socket.
    watchdog: Option<Watchdog>,
    /// It is not ready before its file has been applied.
    waits: bool,
}

impl Starter {
    /// Takes what is in the environment out of it ([`take_variables`]).
    pub(crate) fn new(ready_fd: Option<Fd>) -> Self {
        let [name, within, pid] = take_variables(FOR_US);
        let socket = name.as_deref().and_then(connect);
        let every = watchdog(within.as_deref(), pid.as_deref()).filter(|_| socket.is_some());
        let watchdog = every.map(Watchdog::new);
        Self { ready_fd, background: None, socket, watchdog, waits: false }
    }

    /// The daemon is in the background, and somebody waits for a line end there.
    pub(crate) fn is_waited_for(&mut self, background: Fd) {
        self.background = Some(background);
    }

    /// The socket to whoever has started us, for another daemon that goes on as us.
    pub(crate) fn socket(&self) -> Option<Fd> {
        self.socket.as_ref().map(|socket| Fd(socket.as_raw_fd()))
    }

    /// How often to say there that the loop goes on.
    pub(crate) fn watchdog(&self) -> Option<Duration> {
        self.watchdog.as_ref().map(|watchdog| watchdog.every)
    }

    /// The same for the descriptor, if it was not said yet that we are ready.
    pub(crate) fn ready_fd(&self) -> Option<Fd> {
        self.ready_fd
    }

    pub(crate) fn background(&self) -> Option<Fd> {
        self.background
    }

    /// Goes on with these.
    pub(crate) fn go_on(
        socket: Option<Fd>,
        watchdog: Option<Duration>,
        [ready_fd, background]: [Option<Fd>; 2],
        waits: bool,
    ) -> Self {
        // SAFETY: another one of us has left it to us.
        let socket = socket.map(|fd| unsafe { UnixDatagram::from_raw_fd(fd.0) });
        Self { ready_fd, background, socket, watchdog: watchdog.map(Watchdog::new), waits }
    }

    /// It is not ready before its file has been applied.
    pub(crate) fn wait(&mut self) {
        self.waits = true;
    }

    pub(crate) fn waits(&self) -> bool {
        self.waits
    }

    /// The daemon is ready: what is said of that is said once.
    pub(crate) fn ready(&mut self) {
        if let Some(socket) = &self.socket {
            // Before the loop begins there is a moment for that.
            let _ = socket.set_nonblocking(false);
            let _ = socket.set_write_timeout(Some(PATIENCE));
            let _ = socket.send(b"READY=1\nSTATUS=supervising");
            let _ = socket.set_nonblocking(true);
        }
        self.say_on_fds();
    }

    /// What it waited for has come. The loop runs, and does not wait for room for the message.
    pub(crate) fn ready_at_last(&mut self) {
        if let Some(socket) = &self.socket {
            let sent = socket.send(b"READY=1\nSTATUS=supervising");
            if sent.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock) {
                return;
            }
        }
        self.say_on_fds();
        self.waits = false;
    }

    /// The loop goes on: said when it is time for that.
    pub(crate) fn alive(&mut self, now: Monotonic) {
        if let (Some(socket), Some(watchdog)) = (&self.socket, &mut self.watchdog)
            && watchdog.at <= now
        {
            let sent = socket.send(b"WATCHDOG=1");
            // Where there is no room for it now, there may soon be.
            let is_full = sent.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
            watchdog.at = now.plus(watchdog.every / if is_full { 8 } else { 1 });
        }
    }

    /// When to say it the next time.
    pub(crate) fn deadline(&self) -> Option<Monotonic> {
        self.watchdog.as_ref().map(|watchdog| watchdog.at)
    }

    fn say_on_fds(&mut self) {
        for fd in [self.ready_fd.take(), self.background.take()].into_iter().flatten() {
            // A reader that has gone is none, and there is room in a new pipe.
            let _ = super::poll::is_writable(fd).then(|| fd::write(fd, b"\n"));
            if fd.0 > 2 {
                fd::close(fd);
            }
        }
    }

    /// The orderly shutdown has begun: said once.
    pub(crate) fn stopping(&mut self) {
        self.watchdog = None;
        if let Some(socket) = self.socket.take() {
            let _ = socket.send(b"STOPPING=1\nSTATUS=stopping all services");
        }
    }
}

/// How often to say that the loop goes on: twice in the time of `WATCHDOG_USEC`, which counts if
/// `WATCHDOG_PID` is us or nobody (sd_watchdog_enabled(3)).
fn watchdog(within: Option<&OsStr>, pid: Option<&OsStr>) -> Option<Duration> {
    let number = |text: &OsStr| text.to_str()?.parse::<u64>().ok();
    let is_for_us = pid.is_none_or(|pid| number(pid) == Some(u64::from(std::process::id())));
    let within = within.and_then(number).filter(|&within| within > 0 && is_for_us)?;
    Some((Duration::from_micros(within) / 2).max(OFTEN))
}

/// A socket from which to send there, which never waits. What cannot be reached is nobody.
fn connect(name: &OsStr) -> Option<UnixDatagram> {
    let name = name.as_bytes();
    let address = match name.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name).ok()?,
        None => SocketAddr::from_pathname(OsStr::from_bytes(name)).ok()?,
    };
    let socket = UnixDatagram::unbound().ok()?;
    socket.connect_addr(&address).ok()?;
    socket.set_nonblocking(true).ok()?;
    Some(socket)
}
