//! A directory for logs, and a logger that writes there.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use daemonproxy_testing::{Launched, PATIENCE, Setup, eventually, programs};
use tempfile::TempDir;

/// The logger to test: the one that `DAEMONPROXY_LOG` names, else the one of this build.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("DAEMONPROXY_LOG")
        .map_or_else(|| programs::built("daemonproxy-log", "daemonproxy-log"), Into::into)
}

/// A place for logs that stays when a logger ends.
pub(crate) struct Home {
    dir: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::with_prefix("dplog").unwrap() }
    }

    /// The directory of the logger. It makes it.
    pub(crate) fn logs(&self) -> PathBuf {
        self.dir.path().join("deep/logs")
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    /// How to start a logger with these options.
    pub(crate) fn setup(&self, options: &str) -> Setup {
        let options = options.split_whitespace();
        Setup::default().program(program()).args([self.logs()]).args(options).no_output()
    }

    /// A logger with these options that reads from a pipe.
    pub(crate) fn start(&self, options: &str) -> Logger {
        Logger::new(self.setup(options))
    }

    /// A logger that reads this.
    pub(crate) fn start_with(&self, options: &str, input: &OwnedFd) -> Logger {
        Logger::new(self.setup(options).std(0, input.try_clone().unwrap()))
    }

    /// What a logger makes of this input.
    pub(crate) fn log(&self, options: &str, input: &[u8]) -> String {
        let mut logger = self.start(options);
        logger.write(input);
        let (status, said) = logger.close();
        assert!(status.success() && said.is_empty(), "{status}: {said}");
        self.current()
    }

    /// The file that is written to; nothing, in the moment between an old one and a new one.
    pub(crate) fn current_bytes(&self) -> Vec<u8> {
        fs::read(self.logs().join("current")).unwrap_or_default()
    }

    pub(crate) fn current(&self) -> String {
        String::from_utf8_lossy(&self.current_bytes()).into_owned()
    }

    /// The names of all files but the current one, in the order of their numbers.
    pub(crate) fn archives(&self) -> Vec<String> {
        let mut names = names(&self.logs());
        names.retain(|name| name != "current");
        names.sort_by_key(|name| number(name));
        names
    }

    /// The bytes of all archives and of the current file, in order.
    pub(crate) fn everything(&self) -> Vec<u8> {
        let names = self.archives().into_iter().chain(["current".to_owned()]);
        names.flat_map(|name| fs::read(self.logs().join(name)).unwrap()).collect()
    }
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn number(name: &str) -> u64 {
    name.split('.').nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// A running logger.
pub(crate) struct Logger {
    pub(crate) process: Launched,
    input: Option<File>,
}

impl Logger {
    pub(crate) fn new(setup: Setup) -> Self {
        let mut process = setup.launch().unwrap();
        process.set_childless(true);
        let input = process.pipes[0].take().map(File::from);
        Self { process, input }
    }

    /// It may have started something.
    pub(crate) fn with_children(mut self) -> Self {
        self.process.set_childless(false);
        self
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    pub(crate) fn signal(&self, signal: i32) {
        self.process.signal(signal);
    }

    /// Waits for its end: its status, and what it said.
    pub(crate) fn wait(mut self) -> (ExitStatus, String) {
        let status = self.process.wait().unwrap_or_else(|| panic!("it runs after {PATIENCE:?}"));
        (status, self.said())
    }

    /// Ends its input, and waits.
    pub(crate) fn close(mut self) -> (ExitStatus, String) {
        self.input = None;
        self.wait()
    }

    /// Ends its input, and waits for it to be content.
    #[track_caller]
    pub(crate) fn finish(self) -> String {
        let (status, said) = self.close();
        assert!(status.success(), "{status}: {said}");
        said
    }

    /// Ends its input, and waits, with something that it has started still running.
    #[track_caller]
    pub(crate) fn leave(mut self) {
        self.input = None;
        let status = self.process.wait();
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
    }

    /// What it has said, up to its end.
    fn said(&mut self) -> String {
        let mut said = String::new();
        if let Some(stderr) = self.process.pipes[2].take() {
            File::from(stderr).read_to_string(&mut said).unwrap();
        }
        said
    }

    /// The next bytes that it says.
    pub(crate) fn hear(&mut self, what: &str) -> String {
        let mut stderr = File::from(self.process.pipes[2].take().unwrap());
        let mut heard = String::new();
        let mut buffer = [0; 4096];
        while !heard.contains(what) {
            let count = stderr.read(&mut buffer).unwrap();
            assert!(count > 0, "it ended, and said: {heard}");
            heard.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
        self.process.pipes[2] = Some(stderr.into());
        heard
    }
}

/// Waits until a file contains this.
#[track_caller]
pub(crate) fn contains(path: &Path, text: &str) {
    eventually(&format!("{} contains {text:?}", path.display()), || {
        let found = fs::read(path).ok()?;
        String::from_utf8_lossy(&found).contains(text).then_some(())
    });
}

/// `1`, `2`, … each on a line.
pub(crate) fn numbers(from: u64, to: u64) -> Vec<u8> {
    (from..=to).flat_map(|number| format!("{number}\n").into_bytes()).collect()
}
