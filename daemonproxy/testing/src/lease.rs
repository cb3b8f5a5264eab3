//! A program whose execution waits as long as a test likes.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::process::Command;

use crate::{Conn, Daemon, eventually, set_disposition};

/// A copy of sleep(1), with a lease on it.
pub struct LeasedProgram {
    /// Where it is.
    pub path: String,
    file: File,
}

impl LeasedProgram {
    /// Its name, and that of its process.
    pub const NAME: &str = "sleeper";

    /// It is in the daemon's directory.
    #[track_caller]
    pub fn new(d: &Daemon) -> Self {
        // How the kernel tells that somebody waits; its default would end the test.
        set_disposition(libc::SIGIO, libc::SIG_IGN);
        let path = d.path(Self::NAME);
        // Written by another process, or a child that another test is just starting could have it
        // open.
        assert!(Command::new("cp").args(["/bin/sleep", &path]).status().unwrap().success());
        let file = File::open(&path).unwrap();
        // Not as long as anybody else has it open.
        eventually("the lease is granted", || lease(&file, libc::F_WRLCK).ok());
        Self { path, file }
    }

    /// Gives the lease back: those who wait go on.
    pub fn release(&self) {
        lease(&self.file, libc::F_UNLCK).unwrap();
    }

    /// A service that runs it. Returns the pid of its process, which hangs.
    pub fn hang(&self, conn: &mut Conn, name: &str) -> i64 {
        conn.define(name, &[&self.path, "300"]);
        conn.run(name)
    }
}

fn lease(file: &File, kind: libc::c_int) -> io::Result<()> {
    // SAFETY: fcntl(2) on a descriptor of ours.
    let result = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, kind) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
