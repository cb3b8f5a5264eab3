//! How a daemon is to be started.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::before_exec::{check, give, isolate};
use crate::family::Mark;
use crate::{Conn, Daemon, Launched, Log, eventually, pipe, programs};

type Hook = Box<dyn FnMut() -> io::Result<()> + Send + Sync>;

/// One of the first three descriptors.
enum Std {
    Piped,
    Closed,
    Given(OwnedFd),
}

/// A daemon that is yet to be started: in a temporary directory of its own, in a session of its
/// own, with nothing open but what is asked for here, whatever the test runner has open.
pub struct Setup {
    dir: TempDir,
    wrapper: Vec<OsString>,
    /// None is the daemon.
    program: Option<PathBuf>,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    clear_env: bool,
    std: [Std; 3],
    inherited: Vec<(OwnedFd, RawFd)>,
    hooks: Vec<Hook>,
}

impl Default for Setup {
    /// With no options. Standard input and output are pipes, and so is the log.
    fn default() -> Self {
        Self {
            dir: TempDir::with_prefix("dp").expect("temporary directory"),
            wrapper: Vec::new(),
            program: None,
            args: Vec::new(),
            env: Vec::new(),
            clear_env: false,
            std: [Std::Piped, Std::Piped, Std::Piped],
            inherited: Vec::new(),
            hooks: Vec::new(),
        }
    }
}

impl Setup {
    /// The default with these options.
    pub fn new<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        Self::default().args(args)
    }

    /// `-i`: this is what [`start`](Self::start) needs.
    pub fn interactive() -> Self {
        Self::new(["-i"])
    }

    /// Another program in the place of the daemon that [`programs::daemon`] finds.
    pub fn program(mut self, path: impl Into<PathBuf>) -> Self {
        self.program = Some(path.into());
        self
    }

    /// More options.
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    /// A path in the temporary directory, which is the working directory of the daemon.
    pub fn path(&self, name: &str) -> String {
        self.dir.path().join(name).into_os_string().into_string().expect("UTF-8 path")
    }

    /// Writes a file into the temporary directory.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), content).expect("write");
        self
    }

    /// `-c`, with a file of these lines.
    pub fn config(self, content: impl AsRef<[u8]>) -> Self {
        let path = self.path("config");
        self.file("config", content).args(["-c", &path])
    }

    /// `-S`, at the path of [`Launched::socket`].
    pub fn socket(self) -> Self {
        let path = self.path("control");
        self.args(["-S", &path])
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Nothing in the environment but what is set here (and the mark, see [`start`](Self::start)).
    pub fn clear_env(mut self) -> Self {
        self.clear_env = true;
        self
    }

    /// Started by this program, as its last arguments.
    pub fn wrapped_in(mut self, command: &[&str]) -> Self {
        self.wrapper = command.iter().map(Into::into).collect();
        self
    }

    /// Runs a copy of the daemon, `daemonproxy` in the temporary directory.
    pub fn own_copy(mut self) -> Self {
        let copy = self.path("daemonproxy");
        let original = self.program.take().unwrap_or_else(programs::daemon);
        let copied = Command::new("cp").args([&original, Path::new(&copy)]).status();
        assert!(copied.expect("cp").success());
        self.program(copy)
    }

    /// Not as root, and with a standard error that cannot be opened again: it belongs to another
    /// user, or is closed to everybody.
    pub fn unprivileged(self) -> Self {
        /// The user that owns nothing (`nobody`, `nogroup`).
        const NOBODY: u32 = 65534;
        let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        fs::set_permissions(self.dir.path(), everybody).expect("chmod");
        self.own_copy().before_exec(|| {
            // SAFETY: system calls on our own process.
            unsafe {
                check(libc::fchmod(2, 0))?;
                if libc::geteuid() == 0 {
                    check(libc::setgroups(0, std::ptr::null()))?;
                    check(libc::setgid(NOBODY))?;
                    check(libc::setuid(NOBODY))?;
                }
            }
            Ok(())
        })
    }

    /// This descriptor in the place of standard input (0), output (1) or error (2).
    pub fn std(mut self, number: usize, fd: OwnedFd) -> Self {
        self.std[number] = Std::Given(fd);
        self
    }

    /// Standard input (0), output (1) or error (2) is closed.
    pub fn closed(mut self, number: usize) -> Self {
        self.std[number] = Std::Closed;
        self
    }

    /// `/dev/null` as standard input.
    pub fn no_input(self) -> Self {
        let null = File::open("/dev/null").expect("/dev/null");
        self.std(0, null.into())
    }

    /// `/dev/null` as standard output.
    pub fn no_output(self) -> Self {
        let null = File::options().write(true).open("/dev/null").expect("/dev/null");
        self.std(1, null.into())
    }

    /// The daemon inherits a descriptor under this number.
    pub fn inherits(mut self, fd: OwnedFd, number: RawFd) -> Self {
        self.inherited.push((fd, number));
        self
    }

    /// Something to do in the new process before it becomes the daemon. Only what is safe between
    /// fork and exec.
    pub fn before_exec(
        mut self,
        hook: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.hooks.push(Box::new(hook));
        self
    }

    /// Starts it, and waits until it answers on standard output. For `-i` only. What it said
    /// before that is in [`Daemon::greeting`].
    #[track_caller]
    pub fn start(self) -> Daemon {
        let mut daemon = self.spawn();
        daemon.greeting = daemon.sync();
        daemon
    }

    /// Starts it.
    #[track_caller]
    pub fn spawn(self) -> Daemon {
        let mut process = self.launch().expect("start the daemon");
        let [stdin, stdout, stderr] = std::mem::take(&mut process.pipes);
        let log = stderr.map(Log::collect).unwrap_or_default();
        let conn = match (stdin, stdout) {
            (Some(stdin), Some(stdout)) => Some(Conn::over_pipes(stdin, stdout, &log)),
            _ => None,
        };
        Daemon::new(process, conn, log)
    }

    /// Starts it with a control socket and with nobody at its standard input and output, and waits
    /// until it listens.
    #[track_caller]
    pub fn listen(self) -> Daemon {
        let daemon = self.socket().no_input().no_output().spawn();
        eventually("the daemon listens", || UnixStream::connect(daemon.socket()).ok());
        daemon
    }

    /// Starts it, and leaves its pipes to the caller. Its environment, and so that of all its
    /// descendants, bears a mark, by which they are found when it is time to kill them.
    pub fn launch(self) -> io::Result<Launched> {
        let mut line = self.wrapper;
        line.push(self.program.unwrap_or_else(programs::daemon).into());
        let mut command = Command::new(&line[0]);
        command.args(&line[1..]).args(&self.args).current_dir(self.dir.path());
        if self.clear_env {
            command.env_clear();
        }
        command.envs(self.env);
        let mark = Mark::put_on(&mut command);

        let mut ours = [None, None, None];
        let mut closed = Vec::new();
        for (number, (std, ours)) in self.std.into_iter().zip(&mut ours).enumerate() {
            let theirs = match std {
                Std::Piped => {
                    let (read, write) = pipe();
                    let (theirs, our_end) = if number == 0 { (read, write) } else { (write, read) };
                    *ours = Some(our_end);
                    Stdio::from(theirs)
                }
                Std::Closed => {
                    closed.push(number as RawFd);
                    Stdio::null()
                }
                Std::Given(fd) => Stdio::from(fd),
            };
            match number {
                0 => command.stdin(theirs),
                1 => command.stdout(theirs),
                _ => command.stderr(theirs),
            };
        }

        let inherited: Vec<(RawFd, RawFd)> =
            self.inherited.iter().map(|(fd, number)| (fd.as_raw_fd(), *number)).collect();
        let mut hooks = self.hooks;
        let prepare = move || {
            isolate()?;
            give(&inherited)?;
            for &number in &closed {
                // SAFETY: closing a descriptor of this process, which is about to exec.
                unsafe { libc::close(number) };
            }
            hooks.iter_mut().try_for_each(|hook| hook())
        };
        // SAFETY: `prepare` and the hooks only make system calls, and allocate nothing.
        unsafe { command.pre_exec(prepare) };
        Ok(Launched::new(command.spawn()?, self.dir, mark, ours))
    }
}

/// A shell script that can be executed. It is written by another process, as is a copy of the
/// daemon: were it written by this one, a child that another test is just starting could still have
/// it open, and then it cannot be executed (ETXTBSY).
pub fn write_program(path: &str, text: &str, mode: u32) {
    let write = "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod \"$2\" \"$0\"";
    let mode = format!("{mode:o}");
    let written = Command::new("sh").args(["-c", write, path, text, &mode]).status();
    assert!(written.expect("sh").success());
}
