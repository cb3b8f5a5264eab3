//! A daemon with a control socket in a folder of its own, and `dpctl` run against it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take. Only a failing test waits that long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Daemon {
    process: Child,
    folder: tempfile::TempDir,
}

impl Daemon {
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Started by this program, which gets the daemon as its arguments.
    #[track_caller]
    pub(crate) fn start_with(wrapper: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = match wrapper {
            [program, args @ ..] => {
                let mut command = Command::new(program);
                command.args(args).arg(binary());
                command
            }
            [] => Command::new(binary()),
        };
        let process = command
            .arg("--socket")
            .arg(folder.path().join("socket"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the daemon starts");
        let daemon = Self { process, folder };
        let deadline = Instant::now() + PATIENCE;
        while std::os::unix::net::UnixStream::connect(daemon.socket()).is_err() {
            assert!(Instant::now() < deadline, "the daemon does not listen");
            std::thread::yield_now();
        }
        daemon
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs `dpctl` with these arguments, separated by spaces.
    #[track_caller]
    pub(crate) fn dpctl(&self, args: &str) -> Said {
        self.dpctl_args(&args.split(' ').collect::<Vec<_>>())
    }

    #[track_caller]
    pub(crate) fn dpctl_args(&self, args: &[&str]) -> Said {
        run(Command::new(env!("CARGO_BIN_EXE_dpctl"))
            .env("DAEMONPROXY_SOCKET", self.socket())
            .args(args))
    }

    /// The same, with the expectation that all is well.
    #[track_caller]
    pub(crate) fn ok(&self, args: &str) -> String {
        self.ok_args(&args.split(' ').collect::<Vec<_>>())
    }

    #[track_caller]
    pub(crate) fn ok_args(&self, args: &[&str]) -> String {
        let said = self.dpctl_args(args);
        assert_eq!((said.status, said.err.as_str()), (0, ""), "dpctl {args:?}: {}", said.out);
        said.out
    }

    /// Waits until `dpctl` with these arguments, separated by spaces, writes this.
    #[track_caller]
    pub(crate) fn comes_to_say(&self, args: &str, expected: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.dpctl(args).out != expected {
            assert!(Instant::now() < deadline, "{args}: {}", self.dpctl(args).out);
        }
    }

    pub(crate) fn signals(&self, signal: i32) {
        send_signal(self.process.id(), signal);
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ends(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.process.try_wait().expect("wait").is_none() {
            assert!(Instant::now() < deadline, "the daemon does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("kill");
        self.process.wait().expect("wait");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let args = ["send", "terminate.shutdown", "0", "2", "1"];
        // It may have been stopped by a test.
        self.signals(libc::SIGCONT);
        let _ = Command::new(env!("CARGO_BIN_EXE_dpctl"))
            .args(args)
            .env("DAEMONPROXY_SOCKET", self.socket())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends a signal to a process that has not been waited for.
#[track_caller]
pub(crate) fn send_signal(pid: u32, signal: i32) {
    // SAFETY: kill has no requirements on memory.
    unsafe { libc::kill(i32::try_from(pid).expect("a pid"), signal) };
}

/// What a run of `dpctl` said.
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

#[track_caller]
pub(crate) fn run(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().expect("dpctl runs");
    Said {
        status: status.code().expect("dpctl exits"),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// The daemon to test with, built if it is not there.
pub(crate) fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("DAEMONPROXY") {
        return path.into();
    }
    let path = Path::new(env!("CARGO_BIN_EXE_dpctl")).with_file_name("daemonproxy");
    if !path.exists() {
        let mut build = Command::new(env!("CARGO"));
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        let built = build.args(["build", "--quiet", "--manifest-path", manifest]).status();
        assert!(built.is_ok_and(|status| status.success()), "the daemon cannot be built");
    }
    path
}
