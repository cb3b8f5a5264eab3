//! A daemon with a control socket in a folder of its own.

// Each test program uses some of it, and ends where something is not as it should be.
#![allow(dead_code, clippy::expect_used)]

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take. Only a failing test waits that long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Daemon {
    process: Child,
    folder: tempfile::TempDir,
}

impl Daemon {
    pub(crate) fn start() -> Self {
        Self::with_config("")
    }

    /// With these lines as its config file.
    #[track_caller]
    pub(crate) fn with_config(config: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config");
        std::fs::write(&file, config).expect("a file");
        let mut command = Command::new(built("daemonproxy"));
        command.arg("-S").arg(folder.path().join("socket")).arg("-c").arg(file);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("the daemon starts");
        let daemon = Self { process, folder };
        let deadline = Instant::now() + PATIENCE;
        while UnixStream::connect(daemon.socket()).is_err() {
            assert!(Instant::now() < deadline, "the daemon does not listen");
            std::thread::yield_now();
        }
        daemon
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    #[track_caller]
    pub(crate) fn signals(&self, name: &str) {
        let script = format!("kill -{name} {}", self.process.id());
        assert!(Command::new("sh").args(["-c", &script]).status().expect("sh").success());
    }

    #[track_caller]
    pub(crate) fn ends(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.process.try_wait().expect("wait").is_none() {
            assert!(Instant::now() < deadline, "the daemon does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Ok(mut client) = daemonproxy_client::Client::connect_to(&self.socket()) {
            let _ = client.command(["terminate.shutdown", "0", "2", "1"]);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A program of this workspace; the daemon is built if it is not there.
#[track_caller]
pub(crate) fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    // target/debug/deps/TEST
    let folder = test.ancestors().nth(2).expect("a folder");
    let path = folder.join(name);
    if !path.exists() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let mut build = Command::new(env!("CARGO"));
        let built = build.args(["build", "--quiet", "--manifest-path"]).arg(manifest).status();
        assert!(built.is_ok_and(|status| status.success()), "{name} cannot be built");
    }
    path
}
