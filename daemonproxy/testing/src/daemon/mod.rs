//! The running daemon, its log, and its controllers.

mod connection;
mod log;
mod pattern;
mod service;

use std::ops::{Deref, DerefMut};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use crate::{Launched, PATIENCE, Setup, process};

pub use connection::{Conn, Gone, error_event};
pub use log::Log;
pub use pattern::matches;
pub use service::{deleted, exited, killed, lines, never_started, starting, up};

/// A daemon process. It is also its own `-i` connection, where it has one.
pub struct Daemon {
    process: Launched,
    conn: Option<Conn>,
    /// What it said on standard output before it answered the first command.
    pub greeting: Vec<String>,
    /// What it wrote to standard error.
    pub log: Log,
}

impl Daemon {
    /// The usual one: `-i`, and it has answered.
    #[track_caller]
    pub fn interactive() -> Self {
        Setup::interactive().start()
    }

    pub(crate) fn new(process: Launched, conn: Option<Conn>, log: Log) -> Self {
        Self { process, conn, greeting: Vec::new(), log }
    }

    /// Its process id.
    pub fn pid(&self) -> i64 {
        self.process.pid()
    }

    /// Its working directory, which is gone when it is dropped.
    pub fn folder(&self) -> &Path {
        self.process.folder()
    }

    /// A path in its working directory.
    pub fn path(&self, name: &str) -> String {
        self.process.path(name)
    }

    /// The control socket of [`Setup::socket`].
    pub fn socket(&self) -> PathBuf {
        self.process.socket()
    }

    /// The content of a file in its working directory.
    #[track_caller]
    pub fn read(&self, name: &str) -> String {
        self.process.read(name)
    }

    /// A further controller, on the socket of [`Setup::socket`].
    #[track_caller]
    pub fn connect(&self) -> Conn {
        self.connect_to("control")
    }

    /// A further controller, on a socket in the working directory.
    #[track_caller]
    pub fn connect_to(&self, name: &str) -> Conn {
        Conn::to_socket(Path::new(&self.path(name)), &self.log)
    }

    /// How many descriptors it has open once it has all that it opens for itself: some only when
    /// there is something to log.
    #[track_caller]
    pub fn settled_fds(&mut self) -> usize {
        self.ask("service.delete\tnobody");
        self.log.wait_for("nobody");
        process::fd_count(self.pid())
    }

    /// Sends the daemon itself a signal.
    #[track_caller]
    pub fn signal(&self, signal: i32) {
        self.process.signal(signal);
    }

    /// Kills it, and leaves its services to themselves until it is dropped.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Waits until it has left.
    #[track_caller]
    pub fn wait_exit(&mut self) -> ExitStatus {
        let left = self.process.wait();
        left.unwrap_or_else(|| {
            panic!("did not leave within {PATIENCE:?}; log:\n{}", self.log.show())
        })
    }

    /// It leaves with this exit status.
    #[track_caller]
    pub fn exits_with(&mut self, code: i32) {
        let status = self.wait_exit();
        if status.code() != Some(code) {
            let how = status.signal().map(|n| format!(" by signal {n}")).unwrap_or_default();
            panic!("left with {status}{how}, not {code}; log:\n{}", self.log.show());
        }
    }

    /// It runs, and answers.
    #[track_caller]
    pub fn still_answers(&mut self) {
        self.sync();
    }
}

impl Deref for Daemon {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn.as_ref().expect("a daemon with pipes")
    }
}

impl DerefMut for Daemon {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("a daemon with pipes")
    }
}
