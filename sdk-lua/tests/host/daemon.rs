//! A real daemon, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

use crate::program::PATIENCE;

pub(crate) struct Daemon {
    pub(crate) process: Child,
    folder: tempfile::TempDir,
}

impl Daemon {
    /// With a control socket, and these lines as its configuration.
    #[track_caller]
    pub(crate) fn start(config: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("config"), config).expect("a file");
        let log = std::fs::File::create(folder.path().join("log")).expect("a file");
        let process = Command::new(binary())
            .current_dir(folder.path())
            .args(["-S", "socket", "-c", "config"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the daemon starts");
        let daemon = Self { process, folder };
        let deadline = Instant::now() + PATIENCE;
        while std::os::unix::net::UnixStream::connect(daemon.socket()).is_err() {
            assert!(Instant::now() < deadline, "the daemon does not listen: {}", daemon.log());
            std::thread::yield_now();
        }
        daemon
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder().join("socket")
    }

    pub(crate) fn log(&self) -> String {
        let log = std::fs::read(self.folder().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    pub(crate) fn signal(&self, signal: nix::sys::signal::Signal) {
        let pid = i32::try_from(self.process.id()).expect("a pid");
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), signal).expect("kill");
    }

    /// Waits for its end, and gives its status.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.process.try_wait().expect("wait") {
                return status.code();
            }
            assert!(Instant::now() < deadline, "the daemon does not end: {}", self.log());
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("kill");
        self.process.wait().expect("wait");
    }
}

impl Drop for Daemon {
    /// In good order, so that none of its services is left over.
    fn drop(&mut self) {
        use std::io::{Read, Write};
        if let Ok(mut stream) = std::os::unix::net::UnixStream::connect(self.socket()) {
            let _ = stream.write_all(b"terminate.shutdown\t0\t2\t1\n");
            let _ = stream.set_read_timeout(Some(PATIENCE));
            let _ = stream.read_to_end(&mut Vec::new());
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The daemon to test with: the one that `DAEMONPROXY` names, else the one that was built next to
/// the program. It is built first, because a left-over one may be out of date.
pub(crate) fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("DAEMONPROXY") {
        return path.into();
    }
    let path = Path::new(env!("CARGO_BIN_EXE_daemonproxy-lua")).with_file_name("daemonproxy");
    build(&path, "daemonproxy");
    path
}

/// Builds this package, unless its program is there.
#[track_caller]
pub(crate) fn build(program: &Path, package: &str) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock();
    if !program.exists() {
        let mut build = Command::new(env!("CARGO"));
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        build.args(["build", "--quiet", "-p", package, "--manifest-path", manifest]);
        let built = build.status();
        assert!(built.is_ok_and(|status| status.success()), "{package} cannot be built");
    }
}
