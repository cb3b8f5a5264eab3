//! A server, nodes with a daemon and an agent each, and `dpfleet` itself.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use daemonproxy_client::Client;
use daemonproxy_testing::{Daemon, Setup, eventually};
use serde_json::Value;
use tempfile::TempDir;

/// Whether there is a nats-server to test with.
pub(crate) fn is_there() -> bool {
    let there = Command::new("nats-server").arg("--version").stdout(Stdio::null()).status().is_ok();
    assert!(there || std::env::var_os("CI").is_none(), "there is no nats-server");
    if !there {
        println!("left out: there is no nats-server");
    }
    there
}

/// A process that goes with the test.
#[derive(Debug)]
pub(crate) struct Process(Option<Child>);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(Some(command.stdin(Stdio::null()).spawn().unwrap()))
    }

    pub(crate) fn pid(&self) -> i64 {
        self.0.as_ref().unwrap().id().into()
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// nats-server, with JetStream.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    folder: TempDir,
    config: Option<String>,
    process: Process,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(None)
    }

    /// With this configuration, in which `$PORT` and `$STORE` are replaced.
    pub(crate) fn with(config: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Whoever gets a port of the kernel is the only one for a while.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { port, folder, config, process: Process(None) };
        server.again();
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Where its streams are.
    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    /// It is killed, and started again after so long.
    pub(crate) fn is_away(&mut self, time: std::time::Duration) {
        self.kill();
        std::thread::sleep(time);
        self.again();
    }

    pub(crate) fn pid(&self) -> i64 {
        self.process.pid()
    }

    /// Starts it, with what it had before.
    pub(crate) fn again(&mut self) {
        let text = self.config.clone().unwrap_or_else(|| {
            "jetstream { store_dir: \"$STORE\" }\nlisten: \"127.0.0.1:$PORT\"\n".into()
        });
        let text = text.replace("$PORT", &self.port.to_string());
        let text = text.replace("$STORE", &self.store().to_string_lossy());
        let path = self.folder.path().join("config");
        fs::write(&path, text).unwrap();
        let log = File::create(self.folder.path().join("log")).unwrap();
        let mut command = Command::new("nats-server");
        command.arg("-c").arg(&path).stdout(log.try_clone().unwrap()).stderr(log);
        command.env("ADMIN_PASSWORD", "a").env("N1_PASSWORD", "b").env("N2_PASSWORD", "c");
        self.process = Process::start(&mut command);
        let folder = self.folder.path().join("log");
        eventually("the server listens", || {
            let log = fs::read_to_string(&folder).unwrap_or_default();
            assert!(!log.contains("[FTL]"), "{log}");
            let ready = log.contains("Server is ready");
            (ready && TcpStream::connect(("127.0.0.1", self.port)).is_ok()).then_some(())
        });
    }

    /// `dpfleet` with these arguments, as somebody who may do everything.
    pub(crate) fn dpfleet(&self, args: &[&str]) -> Said {
        let output = program(&self.url()).args(args).output().unwrap();
        Said::of(&output)
    }

    /// The same, which must be well.
    #[track_caller]
    pub(crate) fn does(&self, args: &[&str]) -> String {
        let said = self.dpfleet(args);
        assert_eq!(said.status, 0, "{args:?}: {said:?}");
        said.out
    }

    /// What is known of a node.
    pub(crate) fn status(&self, node: &str) -> Value {
        let said = self.dpfleet(&["status", "-o", "json", node]);
        let all: Value = serde_json::from_str(&said.out).unwrap_or_default();
        all[0].clone()
    }

    /// Waits until the state of a node is this one, and its note has this in it.
    #[track_caller]
    pub(crate) fn until(&self, node: &str, state: &str, note: &str) -> Value {
        let mut last = Value::Null;
        eventually(&format!("{node} is {state}"), || {
            last = self.status(node);
            let has_note = last["note"].as_str().is_some_and(|it| it.contains(note));
            if last["state"] == state && has_note {
                return Some(last.clone());
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
            None
        })
    }

    /// Waits until a node has this revision and is ready.
    #[track_caller]
    pub(crate) fn until_revision(&self, node: &str, revision: u64) -> Value {
        eventually(&format!("{node} has revision {revision}"), || {
            let now = self.status(node);
            let has = now["status"]["applied"]["revision"] == revision && now["state"] == "ready";
            if has {
                return Some(now);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
            None
        })
    }

    /// Waits until the agent that runs there now has told twice how it is, which takes it about five
    /// seconds: whatever it would do by then, it has done.
    #[track_caller]
    pub(crate) fn beats(&self, node: &str) {
        let before = self.status(node)["status"].clone();
        let mut first = None;
        eventually(&format!("{node} tells how it is"), || {
            std::thread::sleep(std::time::Duration::from_millis(200));
            let now = self.status(node)["status"].clone();
            if now["session"] == before["session"] && now["seq"] == before["seq"] {
                return None;
            }
            let (session, seq) = (now["session"].clone(), now["seq"].as_u64()?);
            let first = first.get_or_insert((session.clone(), seq));
            (first.0 == session && seq > first.1).then_some(())
        });
    }

    /// Stores a file, and returns its revision.
    #[track_caller]
    pub(crate) fn put(&self, text: &str, node: &str) -> u64 {
        let path = self.folder.path().join("put.toml");
        fs::write(&path, text).unwrap();
        let said = self.does(&["put", path.to_str().unwrap(), node]);
        said.trim().rsplit(' ').next().unwrap().parse().unwrap()
    }

    /// A file beside the store.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// `dpfleet`, for this server.
pub(crate) fn program(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dpfleet"));
    command.env("DPFLEET_NATS", url).stdin(Stdio::null());
    command
}

/// What a command has said.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let status = output.status.code().unwrap_or(-1);
        Self { status, out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// A daemon, and an agent beside it.
pub(crate) struct Machine {
    pub(crate) name: String,
    folder: TempDir,
    pub(crate) url: String,
    args: Vec<String>,
    /// What the command of its agent begins with.
    wrapper: Vec<String>,
    pub(crate) daemon: Option<Daemon>,
    pub(crate) agent: Process,
}

impl Machine {
    pub(crate) fn start(name: &str, url: &str) -> Self {
        Self::with(name, url, &[])
    }

    /// With these options of the agent.
    pub(crate) fn with(name: &str, url: &str, args: &[&str]) -> Self {
        Self::of(name, url, args, &[])
    }

    /// With an agent that this program starts: its arguments end with those of another one.
    pub(crate) fn wrapped(name: &str, url: &str, wrapper: &[&str]) -> Self {
        Self::of(name, url, &[], wrapper)
    }

    fn of(name: &str, url: &str, args: &[&str], wrapper: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let owned = |all: &[&str]| all.iter().map(|&it| it.to_owned()).collect();
        let (args, wrapper) = (owned(args), owned(wrapper));
        let (name, url) = (name.to_owned(), url.to_owned());
        let (daemon, agent) = (None, Process(None));
        let mut machine = Self { name, folder, url, args, wrapper, daemon, agent };
        machine.start_daemon();
        machine.start_agent();
        machine
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("control")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub(crate) fn start_daemon(&mut self) {
        let _ = fs::remove_file(self.socket());
        let socket = self.socket();
        let daemon = Setup::new(["-S", socket.to_str().unwrap()]).no_input().no_output().spawn();
        eventually("the daemon listens", || Client::connect_to(&socket).ok());
        self.daemon = Some(daemon);
    }

    pub(crate) fn start_agent(&mut self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("agent.log"))
            .unwrap();
        let mut command = match self.wrapper.split_first() {
            None => program(&self.url),
            Some((wrapper, args)) => {
                let mut command = Command::new(wrapper);
                command.args(args).arg(env!("CARGO_BIN_EXE_dpfleet"));
                command.env("DPFLEET_NATS", &self.url);
                command
            }
        };
        command.args(["agent", "--node", &self.name]).args(&self.args);
        command.arg("--socket").arg(self.socket()).arg("--state").arg(self.state());
        self.agent = Process::start(command.stderr(log));
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("agent.log")).unwrap_or_default()
    }

    pub(crate) fn client(&self) -> Client {
        eventually("the daemon answers", || Client::connect_to(&self.socket()).ok())
    }

    /// The process of a service, if it runs.
    pub(crate) fn pid(&self, service: &str) -> Option<i32> {
        self.client().view().service(service.as_bytes())?.pid()
    }

    /// The arguments of a service.
    pub(crate) fn args_of(&self, service: &str) -> Option<String> {
        let client = self.client();
        let args: Vec<_> = client.view().service(service.as_bytes())?.args().iter().collect();
        Some(String::from_utf8_lossy(&args.join(&b' ')).into_owned())
    }
}

/// A file with one service that runs until it is stopped.
pub(crate) fn sleeping(seconds: u64) -> String {
    format!("[service.web]\nrun = \"sleep {seconds}\"\n")
}

/// A server, and the node `n1` that runs this file.
#[track_caller]
pub(crate) fn one_that_runs(text: &str) -> (Server, Machine) {
    let server = Server::start();
    server.does(&["init"]);
    let machine = Machine::start("n1", &server.url());
    let revision = server.put(text, "n1");
    server.until_revision("n1", revision);
    (server, machine)
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(done.success());
}
