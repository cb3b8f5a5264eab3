//! The program with a script, and the test as its daemon.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Instant;

use daemonproxy_testing::{PATIENCE, inherits_nothing};
use tempfile::TempDir;

/// The program to test: the one that `DAEMONPROXY_LUA` names, else the one that was built for this.
pub(crate) fn binary() -> PathBuf {
    let named = std::env::var_os("DAEMONPROXY_LUA").map(PathBuf::from);
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_daemonproxy-lua").into())
}

/// With no options yet.
pub(crate) fn program() -> Command {
    let mut command = Command::new(binary());
    command.env_remove("DAEMONPROXY_SOCKET").env_remove("XDG_RUNTIME_DIR");
    command.env_remove("LUA_PATH").env_remove("LUA_INIT").env_remove("LUA_PATH_5_4");
    inherits_nothing(&mut command);
    command
}

/// What a run that needs no daemon has said.
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs it to its end, with nothing on standard input.
#[track_caller]
pub(crate) fn run(args: &[&str]) -> Said {
    let output = program().args(args).stdin(Stdio::null()).output().expect("the program runs");
    Said {
        status: output.status.code().expect("it exits"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A script in a folder of its own.
pub(crate) struct Script {
    folder: TempDir,
}

impl Script {
    #[track_caller]
    pub(crate) fn new(text: &str) -> Self {
        let it = Self { folder: tempfile::tempdir().expect("a folder") };
        it.add("script.lua", text);
        it
    }

    /// Another file beside it.
    #[track_caller]
    pub(crate) fn add(&self, name: &str, text: &str) {
        std::fs::write(self.folder().join(name), text).expect("a file");
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder().join("script.lua")
    }

    pub(crate) fn shown(&self) -> String {
        self.path().display().to_string()
    }
}

/// The running program.
pub(crate) struct Running {
    child: Child,
    pub(crate) script: Script,
    /// None once it was closed.
    events: Option<ChildStdin>,
    commands: Receiver<String>,
    errors: Receiver<Vec<u8>>,
    /// What it has said on standard error so far.
    said: String,
}

/// Starts it with this script.
#[track_caller]
pub(crate) fn start(text: &str) -> Running {
    start_with(&[], text)
}

/// The same with options.
#[track_caller]
pub(crate) fn start_with(options: &[&str], text: &str) -> Running {
    let script = Script::new(text);
    let mut command = program();
    command.args(options).arg(script.path());
    start_command(command, script)
}

#[track_caller]
pub(crate) fn start_command(mut command: Command, script: Script) -> Running {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let commands = lines(child.stdout.take().expect("a pipe"));
    let errors = pieces(child.stderr.take().expect("a pipe"));
    let events = child.stdin.take();
    Running { child, script, events, commands, errors, said: String::new() }
}

/// Every line, as it comes.
fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            let Ok(line) = line else { return };
            if send.send(line).is_err() {
                return;
            }
        }
    });
    receive
}

/// Everything, as it comes.
fn pieces(mut from: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            if send.send(buffer[..n].to_vec()).is_err() {
                return;
            }
        }
    });
    receive
}

impl Running {
    /// Writes a line, as the daemon.
    #[track_caller]
    pub(crate) fn tells(&mut self, line: &str) {
        self.writes(format!("{line}\n").as_bytes());
    }

    #[track_caller]
    pub(crate) fn writes(&mut self, bytes: &[u8]) {
        self.events.as_mut().expect("not closed").write_all(bytes).expect("it reads");
    }

    /// The writing end, for a test that writes for itself.
    pub(crate) fn take_events(&mut self) -> File {
        std::os::fd::OwnedFd::from(self.events.take().expect("not closed")).into()
    }

    /// The next command that it sends; `None` at the end. Whether this daemon knows tags is
    /// answered: it is one of protocol 1.
    #[track_caller]
    pub(crate) fn command(&mut self) -> Option<String> {
        loop {
            match self.commands.recv_timeout(PATIENCE) {
                Ok(line) => match line.strip_suffix("\techo").filter(|tag| tag.starts_with('@')) {
                    Some(tag) if self.events.is_some() => {
                        self.tells(&format!("error\tUnknown command: {tag}"));
                    }
                    Some(_) => {}
                    None => return Some(line),
                },
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("no command comes; it said:\n{}", self.errors())
                }
            }
        }
    }

    /// The next command must be this.
    #[track_caller]
    pub(crate) fn commands(&mut self, line: &str) {
        let command = self.command();
        assert_eq!(command.as_deref(), Some(line), "it said:\n{}", self.errors());
    }

    /// Answers echoes until this command comes.
    #[track_caller]
    pub(crate) fn answers_until(&mut self, line: &str) {
        loop {
            let command = self.command();
            let Some(command) = command else { panic!("it has ended:\n{}", self.errors()) };
            if command == line {
                return;
            }
            if let Some(word) = command.strip_prefix("echo\t") {
                self.tells(word);
            }
        }
    }

    /// The same until a command begins like this; returns the rest of it.
    #[track_caller]
    pub(crate) fn answers_until_starting_with(&mut self, start: &str) -> String {
        loop {
            let command = self.command();
            let Some(command) = command else { panic!("it has ended:\n{}", self.errors()) };
            if let Some(rest) = command.strip_prefix(start) {
                return rest.to_owned();
            }
            if let Some(word) = command.strip_prefix("echo\t") {
                self.tells(word);
            }
        }
    }

    /// Everything on its standard error up to now.
    fn errors(&mut self) -> &str {
        while let Ok(piece) = self.errors.try_recv() {
            self.said.push_str(&String::from_utf8_lossy(&piece));
        }
        &self.said
    }

    /// No more events.
    pub(crate) fn closes(&mut self) {
        self.events = None;
    }

    /// Waits for the end: the status, and all that it said.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> (Option<i32>, String) {
        let deadline = Instant::now() + PATIENCE;
        // Its standard error ends when it does.
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.errors.recv_timeout(left) {
                Ok(piece) => self.said.push_str(&String::from_utf8_lossy(&piece)),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.said),
            }
        }
        let status = self.child.wait().expect("wait");
        (status.code(), std::mem::take(&mut self.said))
    }

    /// No more events, and then the end, with this status.
    #[track_caller]
    pub(crate) fn ends_with(&mut self, status: i32) -> String {
        self.closes();
        let (code, said) = self.ends();
        assert_eq!(code, Some(status), "{said}");
        said
    }

    pub(crate) fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("a pid")
    }

    #[track_caller]
    pub(crate) fn signals(&self, signal: nix::sys::signal::Signal) {
        daemonproxy_testing::kill(self.pid().into(), signal as i32);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
