//! A real daemon: a process, in a directory and a session of its own, seen over its real
//! connections.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use daemonproxy_protocol::Signal;
use daemonproxy_testing::world::Op;
use daemonproxy_testing::{Launched, PATIENCE, monotonic, ready};
use nix::fcntl::{FcntlArg, fcntl};
use nix::poll::PollFlags;
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg};

use super::{CONTROL, Got, Subject};
use crate::connection::{Connection, text};
use crate::transcript::{End, Main, Setup, Told};

/// How often to check a file.
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
    process: Launched,
    connections: BTreeMap<String, Connection>,
    relays: UnixListener,
    relay: Vec<String>,
    to_pass: Option<File>,
    /// It was asked for something that starts services. Looking for them takes time.
    has_started: bool,
}

impl Daemon {
    /// Starts it.
    pub fn start(setup: &Setup, programs: &Programs) -> Result<Self, String> {
        let mut launch = daemonproxy_testing::Setup::new(["-S", CONTROL]);
        launch = launch.program(&programs.daemon).args(&setup.args);
        for name in &setup.dirs {
            fs::create_dir_all(launch.path(name)).map_err(text(name))?;
        }
        for (name, content) in &setup.files {
            fs::write(launch.path(name), content).map_err(text(name))?;
        }
        if !setup.config.is_empty() {
            let mut config = setup.config.join(&b'\n');
            config.push(b'\n');
            launch = launch.config(config);
        }
        let relay_path = launch.path("relay");
        let relays = UnixListener::bind(&relay_path).map_err(text("relay"))?;
        let suite = programs.suite.to_string_lossy().into_owned();
        let relay = vec![suite, "relay".to_owned(), relay_path];
        let log = File::create(launch.path("log")).map_err(text("log"))?;
        launch = launch.std(2, log.into());
        let mut pipes = None;
        if setup.main == Main::Interactive {
            let (stdin, commands) = io::pipe().map_err(text("pipe"))?;
            let (events, stdout) = io::pipe().map_err(text("pipe"))?;
            if setup.narrow {
                fcntl(&stdout, FcntlArg::F_SETPIPE_SZ(4096)).map_err(text("F_SETPIPE_SZ"))?;
            }
            launch = launch.args(["-i"]).std(0, stdin.into()).std(1, stdout.into());
            pipes = Some((OwnedFd::from(commands), OwnedFd::from(events)));
        } else {
            launch = launch.no_input().no_output();
        }
        let process = launch.launch().map_err(text(&programs.daemon.to_string_lossy()))?;
        let mut daemon = Self {
            process,
            connections: BTreeMap::new(),
            relays,
            relay,
            to_pass: None,
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

    /// Checks repeatedly until this is so.
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
        let path = self.process.folder().join(path);
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
        monotonic()
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
        self.process.signal(signal.number());
        Ok(())
    }

    fn clock(&mut self, _: u32) -> Result<(), String> {
        Ok(())
    }

    fn fail(&mut self, _: Op, _: i32) -> Result<(), String> {
        Ok(())
    }

    fn hang_exec(&mut self) -> Result<(), String> {
        Err("around a real daemon no program hangs: `for core` is needed".to_owned())
    }

    fn end_exec(&mut self, _: i32, _: Option<i32>) -> Result<(), String> {
        self.hang_exec()
    }

    fn tell(&mut self, _: i32, _: &Told) -> Result<(), String> {
        Ok(())
    }

    fn sleep(&mut self, _: u32) -> Result<(), String> {
        Err("a real machine is not put to sleep: `for core` is needed".to_owned())
    }

    fn connect(&mut self, who: &str, path: &str) -> Result<(), String> {
        let path = self.process.folder().join(path);
        let stream = self.eventually(|_| Ok(UnixStream::connect(&path).ok()))?;
        let stream = stream.ok_or("nobody listens at the control socket")?;
        let commands = stream.try_clone().map_err(text("dup"))?;
        let connection = Connection::new(Some(commands.into()), stream.into(), None)?;
        self.connections.insert(who.to_owned(), connection);
        Ok(())
    }

    fn controller(&mut self, who: &str) -> Result<(), String> {
        if !ready(&[(self.relays.as_raw_fd(), PollFlags::POLLIN)], Instant::now() + PATIENCE) {
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
        self.connection(who)?.hang_up();
        self.connections.remove(who);
        Ok(())
    }

    fn shut(&mut self, who: &str) -> Result<(), String> {
        self.connection(who)?.shut();
        Ok(())
    }

    /// Nothing is read until it is asked for.
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
        let file = File::open(self.process.folder().join(path)).map_err(text(path))?;
        self.to_pass = Some(file);
        Ok(())
    }

    fn leaves(&mut self) -> Result<Option<i32>, String> {
        let left = self.process.wait();
        Ok(left.map(|status| status.code().unwrap_or_else(|| -status.signal().unwrap_or(0))))
    }

    fn logs(&mut self, text: &[u8]) -> Result<bool, String> {
        self.holds(Path::new("log"), text)
    }

    fn content(&mut self, path: &str, text: &[u8]) -> Result<bool, String> {
        self.holds(Path::new(path), text)
    }

    fn log(&mut self) -> String {
        let log = fs::read(self.process.folder().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.process.set_childless(!self.has_started);
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

/// Whether a command can start a service, now or later.
fn starts(line: &[u8]) -> bool {
    [b"service.start".as_slice(), b"service.auto_up", b"service.pipe"]
        .iter()
        .any(|command| line.starts_with(command))
}
