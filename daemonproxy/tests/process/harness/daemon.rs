//! The running daemon.

use std::fs;
use std::ops::{Deref, DerefMut};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Conn, Log, Setup, eventually};

/// A daemon process. It is also its own `-i` connection, where it has one.
pub(crate) struct Daemon {
    child: Child,
    conn: Option<Conn>,
    /// What it said on standard output before it answered the first command.
    pub(crate) greeting: Vec<String>,
    /// What it wrote to standard error.
    pub(crate) log: Log,
    dir: TempDir,
    mark: String,
}

impl Daemon {
    /// The usual one: `-i`, and it has answered.
    #[track_caller]
    pub(crate) fn interactive() -> Self {
        Setup::interactive().start()
    }

    pub(super) fn new(
        child: Child,
        conn: Option<Conn>,
        log: Log,
        dir: TempDir,
        mark: String,
    ) -> Self {
        Self { child, conn, greeting: Vec::new(), log, dir, mark }
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> i64 {
        self.child.id().into()
    }

    /// A path in its working directory.
    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.path().join(name).into_os_string().into_string().expect("UTF-8 path")
    }

    /// The content of a file in its working directory.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        match fs::read(self.path(name)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(e) => panic!("{name}: {e}"),
        }
    }

    /// A further controller, on the socket of [`Setup::socket`].
    #[track_caller]
    pub(crate) fn connect(&self) -> Conn {
        self.connect_to("control")
    }

    /// A further controller, on a socket in the working directory.
    #[track_caller]
    pub(crate) fn connect_to(&self, name: &str) -> Conn {
        Conn::to_socket(Path::new(&self.path(name)), &self.log)
    }

    /// How many descriptors it has open once it has all that it opens for itself: some only when
    /// there is something to log.
    #[track_caller]
    pub(crate) fn settled_fds(&mut self) -> usize {
        self.ask("service.delete\tnobody");
        self.log.wait_for("nobody");
        super::fd_count(self.pid())
    }

    /// Sends the daemon itself a signal.
    #[track_caller]
    pub(crate) fn signal(&self, signal: i32) {
        super::kill(self.pid(), signal);
    }

    /// Waits until it has left.
    #[track_caller]
    pub(crate) fn wait_exit(&mut self) -> ExitStatus {
        let child = &mut self.child;
        eventually("the daemon leaves", || child.try_wait().expect("wait"))
    }

    /// It leaves with this exit status.
    #[track_caller]
    pub(crate) fn exits_with(&mut self, code: i32) {
        let status = self.wait_exit();
        if status.code() != Some(code) {
            let how = status.signal().map(|n| format!(" by signal {n}")).unwrap_or_default();
            panic!("left with {status}{how}, not {code}; log:\n{}", self.log.show());
        }
    }

    /// It runs, and answers.
    #[track_caller]
    pub(crate) fn still_answers(&mut self) {
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

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        kill_family(&self.mark, self.child.id());
        let _ = self.child.wait();
    }
}

/// Kills whatever descends from the daemon, until nothing is left: while one of them forks, its
/// child may be missed the first time.
fn kill_family(mark: &str, session: u32) {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mark = format!("DAEMONPROXY_TEST={mark}");
    while kill_once(mark.as_bytes(), &session.to_string()) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// `true` when there was one.
fn kill_once(mark: &[u8], session: &str) -> bool {
    let mut found = false;
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<i32>() else { continue };
        let Ok(environ) = fs::read(entry.path().join("environ")) else { continue };
        let ours = if environ.is_empty() {
            // A zombie, or one in the midst of an exec, which has no environment just now.
            fs::read_to_string(entry.path().join("stat")).is_ok_and(|stat| {
                let mut fields = stat.rsplit(')').next().unwrap_or("").split_whitespace();
                !matches!(fields.next(), Some("Z" | "X")) && fields.nth(2) == Some(session)
            })
        } else {
            environ.split(|&b| b == 0).any(|var| var == mark)
        };
        if ours {
            found = true;
            // SAFETY: kill has no requirements on memory.
            unsafe { libc::kill(pid, libc::SIGKILL) };
        }
    }
    found
}
