//! A process that was launched, and all that descends from it.

use std::fs;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::time::Instant;

use nix::poll::PollFlags;
use tempfile::TempDir;

use crate::deadline::{PATIENCE, ready};
use crate::family::Mark;

/// A daemon as it was launched, in a folder and a session of its own. Dropped, it is killed with
/// everything that it has started.
pub struct Launched {
    child: Child,
    /// Readable when it has ended.
    end: OwnedFd,
    dir: TempDir,
    mark: Mark,
    is_childless: bool,
    /// Our ends of what it has as standard input, output and error, where they are pipes.
    pub pipes: [Option<OwnedFd>; 3],
}

impl Launched {
    pub(crate) fn new(child: Child, dir: TempDir, mark: Mark, pipes: [Option<OwnedFd>; 3]) -> Self {
        // SAFETY: a system call without pointers.
        let end = unsafe { libc::syscall(libc::SYS_pidfd_open, child.id(), 0) };
        assert!(end >= 0, "pidfd_open: {}", std::io::Error::last_os_error());
        // SAFETY: the kernel has just made this descriptor for us.
        let end = unsafe { OwnedFd::from_raw_fd(end as RawFd) };
        Self { child, end, dir, mark, is_childless: false, pipes }
    }

    /// Its process id.
    pub fn pid(&self) -> i64 {
        self.child.id().into()
    }

    /// Its working directory, which is gone when it is dropped.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// A path in its working directory.
    pub fn path(&self, name: &str) -> String {
        self.folder().join(name).into_os_string().into_string().expect("UTF-8 path")
    }

    /// The control socket of [`Setup::socket`](crate::Setup::socket).
    pub fn socket(&self) -> PathBuf {
        self.folder().join("control")
    }

    /// The content of a file in its working directory.
    #[track_caller]
    pub fn read(&self, name: &str) -> String {
        match fs::read(self.path(name)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => panic!("{name}: {error}"),
        }
    }

    /// Says whether it has ever started anything: to look for what it left takes its time.
    pub fn set_childless(&mut self, is_childless: bool) {
        self.is_childless = is_childless;
    }

    /// Sends it a signal.
    #[track_caller]
    pub fn signal(&self, signal: i32) {
        crate::kill(self.pid(), signal);
    }

    /// Kills it, and leaves its services to themselves until it is dropped.
    pub fn kill(&mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("wait");
    }

    /// Waits until it has left; `None` when it does not.
    pub fn wait(&mut self) -> Option<ExitStatus> {
        let left = ready(&[(self.end.as_raw_fd(), PollFlags::POLLIN)], Instant::now() + PATIENCE);
        left.then(|| self.child.wait().expect("wait"))
    }
}

impl Drop for Launched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        if !self.is_childless {
            self.mark.kill_all(self.child.id());
        }
        let _ = self.child.wait();
    }
}
