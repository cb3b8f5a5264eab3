//! A real daemon: a process, in a directory and a session of its own, seen over its real connections.
//!
//! Whatever it started is killed in the end, found by a mark in its environment.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use daemonproxy_protocol::Signal;
use nix::fcntl::{FcntlArg, fcntl};
use nix::poll::PollFlags;
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg};
use nix::time::{ClockId, clock_gettime};
use tempfile::TempDir;

use super::{CONTROL, Got, Subject};
use crate::connection::{Connection, PATIENCE, text, wait};
use crate::transcript::{End, Main, Operation, Setup};

/// How often a file is looked at.
const GLANCE: Duration = Duration::from_millis(5);

/// The programs that are needed.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The daemon.
    pub daemon: PathBuf,
    /// The suite itself, for `{relay}`.
    pub suite: PathBuf,
}

/// A running daemon.
pub struct Daemon {
    child: Child,
    pidfd: OwnedFd,
    connections: BTreeMap<String, Connection>,
    relays: UnixListener,
    relay: Vec<String>,
    to_pass: Option<File>,
    dir: TempDir,
    mark: String,
    /// It was asked for something that starts services. To look for them takes its time.
    has_started: bool,
}

impl Daemon {
    /// Starts it.
    pub fn start(setup: &Setup, programs: &Programs) -> Result<Self, String> {
        let dir = TempDir::with_prefix("dp").map_err(text("temporary directory"))?;
        for name in &setup.dirs {
            fs::create_dir_all(dir.path().join(name)).map_err(text(name))?;
        }
        for (name, content) in &setup.files {
            fs::write(dir.path().join(name), content).map_err(text(name))?;
        }
        let relay_path = dir.path().join("relay");
        let relays = UnixListener::bind(&relay_path).map_err(text("relay"))?;
        let relay = vec![
            programs.suite.to_string_lossy().into_owned(),
            "relay".to_owned(),
            relay_path.to_string_lossy().into_owned(),
        ];

        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mark = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let log = File::create(dir.path().join("log")).map_err(text("log"))?;
        let mut command = Command::new(&programs.daemon);
        command.current_dir(dir.path()).env("DAEMONPROXY_TEST", &mark).stderr(log);
        command.args(["-S", CONTROL]).args(&setup.args);
        if !setup.config.is_empty() {
            let mut config = setup.config.join(&b'\n');
            config.push(b'\n');
            fs::write(dir.path().join("config"), config).map_err(text("config"))?;
            command.args(["-c", "config"]);
        }
        let interactive = setup.main == Main::Interactive;
        let mut pipes = None;
        if interactive {
            command.arg("-i");
            let (stdin, commands) = io::pipe().map_err(text("pipe"))?;
            let (events, stdout) = io::pipe().map_err(text("pipe"))?;
            if setup.narrow {
                fcntl(&stdout, FcntlArg::F_SETPIPE_SZ(4096)).map_err(text("F_SETPIPE_SZ"))?;
            }
            command.stdin(stdin).stdout(stdout);
            pipes = Some((OwnedFd::from(commands), OwnedFd::from(events)));
        } else {
            command.stdin(null()?).stdout(null()?);
        }
        // SAFETY: `isolate` makes system calls only, and allocates nothing.
        unsafe { command.pre_exec(isolate) };
        let child = command.spawn().map_err(text(&programs.daemon.to_string_lossy()))?;
        // Its ends of the pipes are its own from here on.
        drop(command);
        let pidfd = pidfd(&child).map_err(text("pidfd_open"))?;
        let mut daemon = Self {
            child,
            pidfd,
            connections: BTreeMap::new(),
            relays,
            relay,
            to_pass: None,
            dir,
            mark,
            has_started: setup.config.iter().any(|line| starts(line)),
        };
        if let Some((commands, events)) = pipes {
            let connection = Connection::new(Some(commands), events, None)?;
            daemon.connections.insert(String::new(), connection);
        }
        if setup.main == Main::Socket {
            daemon.connect("", CONTROL)?;
        }
        Ok(daemon)
    }

    fn connection(&mut self, who: &str) -> Result<&mut Connection, String> {
        self.connections.get_mut(who).ok_or_else(|| format!("there is no connection `{who}`"))
    }

    /// Looks again and again until this is so.
    fn eventually<T>(
        &mut self,
        mut look: impl FnMut(&mut Self) -> Result<Option<T>, String>,
    ) -> Result<Option<T>, String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self)? {
                return Ok(Some(found));
            }
            if Instant::now() > deadline {
                return Ok(None);
            }
            std::thread::sleep(GLANCE);
        }
    }

    fn holds(&mut self, path: &Path, text: &[u8]) -> Result<bool, String> {
        let path = self.dir.path().join(path);
        let found = self.eventually(|_| {
            // With no text it is enough that the file is there.
            let holds = |content: Vec<u8>| {
                text.is_empty() || content.windows(text.len()).any(|part| part == text)
            };
            Ok(fs::read(&path).is_ok_and(holds).then_some(()))
        })?;
        Ok(found.is_some())
    }
}

impl Subject for Daemon {
    fn now(&self) -> i64 {
        clock_gettime(ClockId::CLOCK_MONOTONIC).map_or(0, |time| time.tv_sec())
    }

    fn relay(&self) -> Vec<String> {
        self.relay.clone()
    }

    fn send(&mut self, who: &str, bytes: &[u8]) -> Result<(), String> {
        self.has_started |= starts(bytes);
        let passed = self.to_pass.take();
        let connection = self.connection(who)?;
        match passed {
            None => connection.write(bytes),
            Some(file) => {
                let commands = connection.output()?;
                let fds = [file.as_raw_fd()];
                let message = [ControlMessage::ScmRights(&fds)];
                let sent = sendmsg::<()>(
                    commands.as_raw_fd(),
                    &[IoSlice::new(bytes)],
                    &message,
                    MsgFlags::empty(),
                    None,
                );
                match sent.map_err(text("sendmsg"))? {
                    sent if sent == bytes.len() => Ok(()),
                    sent => Err(format!("sendmsg took only {sent} bytes")),
                }
            }
        }
    }

    fn next_line(&mut self, who: &str) -> Result<Got, String> {
        self.connection(who)?.next_line()
    }

    fn reap(&mut self, _: i32, _: &End) -> Result<(), String> {
        Ok(())
    }

    fn group(&mut self, _: i32, _: u32) -> Result<(), String> {
        Ok(())
    }

    fn signal(&mut self, signal: Signal) -> Result<(), String> {
        kill(self.child.id() as i32, signal.number());
        Ok(())
    }

    fn clock(&mut self, _: u32) -> Result<(), String> {
        Ok(())
    }

    fn fail(&mut self, _: Operation, _: i32) -> Result<(), String> {
        Ok(())
    }

    fn hang_exec(&mut self) -> Result<(), String> {
        Err("around a real daemon no program hangs: `for core` is needed".to_owned())
    }

    fn end_exec(&mut self, _: i32, _: Option<i32>) -> Result<(), String> {
        self.hang_exec()
    }

    fn connect(&mut self, who: &str, path: &str) -> Result<(), String> {
        let path = self.dir.path().join(path);
        let stream = self.eventually(|_| Ok(UnixStream::connect(&path).ok()))?;
        let stream = stream.ok_or("nobody listens at the control socket")?;
        let commands = stream.try_clone().map_err(text("dup"))?;
        let connection = Connection::new(Some(commands.into()), stream.into(), None)?;
        self.connections.insert(who.to_owned(), connection);
        Ok(())
    }

    fn controller(&mut self, who: &str) -> Result<(), String> {
        if !wait(&[(self.relays.as_raw_fd(), PollFlags::POLLIN)], Instant::now() + PATIENCE) {
            return Err("no service has become a controller".to_owned());
        }
        let (stream, _) = self.relays.accept().map_err(text("accept"))?;
        // The relay sends its descriptors 0 and 1: what it reads from, and what it writes to.
        let [events, commands] = passed(&stream)?;
        let connection = Connection::new(Some(commands), events, Some(stream))?;
        self.connections.insert(who.to_owned(), connection);
        Ok(())
    }

    fn close(&mut self, who: &str) -> Result<(), String> {
        self.connection(who)?;
        self.connections.remove(who);
        Ok(())
    }

    fn shut(&mut self, who: &str) -> Result<(), String> {
        self.connection(who)?.shut();
        Ok(())
    }

    /// What is not asked for is not read.
    fn stop(&mut self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn resume(&mut self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn flood(&mut self, who: &str, bytes: &[u8]) -> Result<(), String> {
        self.has_started |= starts(bytes);
        self.connection(who)?.write_what_goes(bytes)
    }

    fn pass(&mut self, path: &str) -> Result<(), String> {
        let file = File::open(self.dir.path().join(path)).map_err(text(path))?;
        self.to_pass = Some(file);
        Ok(())
    }

    fn leaves(&mut self) -> Result<Option<i32>, String> {
        if !wait(&[(self.pidfd.as_raw_fd(), PollFlags::POLLIN)], Instant::now() + PATIENCE) {
            return Ok(None);
        }
        let status = self.child.wait().map_err(text("wait"))?;
        Ok(Some(status.code().unwrap_or_else(|| -status.signal().unwrap_or(0))))
    }

    fn logs(&mut self, text: &[u8]) -> Result<bool, String> {
        self.holds(Path::new("log"), text)
    }

    fn content(&mut self, path: &str, text: &[u8]) -> Result<bool, String> {
        self.holds(Path::new(path), text)
    }

    fn log(&mut self) -> String {
        let log = fs::read(self.dir.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        if self.has_started {
            kill_family(&self.mark, self.child.id());
        }
        let _ = self.child.wait();
    }
}

/// The two descriptors that a relay sends.
fn passed(stream: &UnixStream) -> Result<[OwnedFd; 2], String> {
    let mut byte = [0];
    let mut pieces = [IoSliceMut::new(&mut byte)];
    let mut space = nix::cmsg_space!([RawFd; 2]);
    let flags = MsgFlags::MSG_CMSG_CLOEXEC;
    let message = recvmsg::<()>(stream.as_raw_fd(), &mut pieces, Some(&mut space), flags);
    let message = message.map_err(text("recvmsg"))?;
    for part in message.cmsgs().map_err(text("recvmsg"))? {
        if let ControlMessageOwned::ScmRights(fds) = part
            && let [first, second] = fds[..]
        {
            // SAFETY: the kernel has just made these descriptors for us.
            return Ok(unsafe { [OwnedFd::from_raw_fd(first), OwnedFd::from_raw_fd(second)] });
        }
    }
    Err("a relay has come without its descriptors".to_owned())
}

/// Leaves the world of the suite: its session, its descriptors, its core dumps.
fn isolate() -> io::Result<()> {
    let no_core = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: plain system calls, on memory that lives long enough.
    unsafe {
        libc::setsid();
        libc::setrlimit(libc::RLIMIT_CORE, &raw const no_core);
        let flags = libc::CLOSE_RANGE_CLOEXEC as libc::c_uint;
        libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, flags);
    }
    Ok(())
}

fn null() -> Result<File, String> {
    File::options().read(true).write(true).open("/dev/null").map_err(text("/dev/null"))
}

fn pidfd(child: &Child) -> io::Result<OwnedFd> {
    // SAFETY: a system call without pointers; what it returns is ours.
    unsafe {
        match libc::syscall(libc::SYS_pidfd_open, child.id(), 0) {
            -1 => Err(io::Error::last_os_error()),
            fd => Ok(OwnedFd::from_raw_fd(fd as RawFd)),
        }
    }
}

pub(crate) fn kill(pid: i32, signal: i32) {
    // SAFETY: kill has no requirements on memory.
    unsafe { libc::kill(pid, signal) };
}

/// Whether a command can start a service, now or later.
fn starts(line: &[u8]) -> bool {
    [b"service.start".as_slice(), b"service.auto_up", b"service.pipe"]
        .iter()
        .any(|command| line.starts_with(command))
}

/// Kills whatever descends from the daemon, until nothing is left: while one of them forks, its child
/// may be missed the first time.
fn kill_family(mark: &str, session: u32) {
    let deadline = Instant::now() + PATIENCE;
    let mark = format!("DAEMONPROXY_TEST={mark}");
    while kill_once(mark.as_bytes(), &session.to_string()) && Instant::now() < deadline {
        std::thread::sleep(GLANCE);
    }
}

/// Whether there was one.
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
            environ.split(|&byte| byte == 0).any(|variable| variable == mark)
        };
        if ours {
            found = true;
            kill(pid, libc::SIGKILL);
        }
    }
    found
}
