//! A running `dpfleet web`, and what can be said to it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use daemonproxy_testing::{Daemon, PATIENCE, Setup};
use serde_json::Value;

pub(crate) const TOKEN: &str = "a-token-of-some-length";

/// The program with its page; ends when it is dropped.
pub(crate) struct Page {
    child: Child,
    pub(crate) port: u16,
    folder: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A daemon with a control socket. It does not listen for signals, so that it ends by itself.
pub(crate) fn daemon() -> Daemon {
    Setup::new::<&str>([]).listen()
}

pub(crate) fn dpfleet() -> Command {
    Command::new(env!("CARGO_BIN_EXE_dpfleet"))
}

impl Page {
    /// Of this daemon, for those who have the token.
    pub(crate) fn of(daemon: &Daemon) -> Self {
        Self::at(&daemon.socket())
    }

    pub(crate) fn at(socket: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let token = write_token(folder.path(), TOKEN, 0o600);
        let args = [&["--socket", socket.to_str().unwrap()][..], &token_option(&token)].concat();
        Self::start(folder, &args)
    }

    pub(crate) fn read_only(daemon: &Daemon) -> Self {
        let socket = daemon.socket();
        Self::start(tempfile::tempdir().unwrap(), &["--socket", socket.to_str().unwrap()])
    }

    /// Of all nodes of this server.
    pub(crate) fn of_fleet(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let token = write_token(folder.path(), TOKEN, 0o600);
        let args = [&["--nats", url][..], &token_option(&token)].concat();
        Self::start(folder, &args)
    }

    fn start(folder: tempfile::TempDir, args: &[&str]) -> Self {
        let mut child = dpfleet()
            .args(["web", "--listen", "127.0.0.1:0"])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse();
        Self { child, port: port.unwrap_or_else(|_| panic!("{line:?}")), folder }
    }

    pub(crate) fn pid(&self) -> i64 {
        self.child.id().into()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// A whole exchange. The head says Host and how long the body is, unless it is said here.
    pub(crate) fn ask(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = self.connect();
        let mut head = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head += &format!("Host: 127.0.0.1:{}\r\n", self.port);
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), &[], "")
    }

    /// As the page does it.
    pub(crate) fn act(&self, name: &str, verb: &str) -> Answer {
        self.act_on(&self.node(), name, verb)
    }

    pub(crate) fn act_on(&self, node: &str, name: &str, verb: &str) -> Answer {
        let about = serde_json::json!({ "node": node, "name": name, "verb": verb });
        let token = format!("Bearer {TOKEN}");
        let headers = [("Authorization", token.as_str()), ("Content-Type", "application/json")];
        self.ask("POST /api/do", &headers, &about.to_string())
    }

    pub(crate) fn node(&self) -> String {
        self.get("/api/about").json()["title"].as_str().unwrap().to_owned()
    }

    pub(crate) fn service(&self, name: &str) -> Value {
        self.get(&format!("/api/service?node={}&name={name}", self.node())).json()
    }

    pub(crate) fn log(&self, name: &str) -> Value {
        self.get(&format!("/api/log?node={}&name={name}", self.node())).json()
    }

    /// Begins to hear of changes.
    pub(crate) fn watch(&self) -> Watcher {
        let mut stream = self.connect();
        let request = format!("GET /api/stream HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).unwrap();
        Watcher { lines: BufReader::new(stream), rows: BTreeMap::new(), nodes: BTreeMap::new() }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One who hears of changes.
pub(crate) struct Watcher {
    lines: BufReader<TcpStream>,
    /// What has been told so far.
    rows: BTreeMap<String, Value>,
    nodes: BTreeMap<String, Value>,
}

impl Watcher {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the stream has ended");
        line
    }

    /// The first line of the answer.
    pub(crate) fn status(&mut self) -> String {
        self.line().trim().to_owned()
    }

    /// The next message. Something comes every 10 seconds, if only to say that all is well.
    pub(crate) fn message(&mut self) -> Value {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(data) = self.line().strip_prefix("data: ") {
                let message: Value = serde_json::from_str(data).unwrap();
                self.take_in(&message);
                return message;
            }
        }
        panic!("no message within {PATIENCE:?}; so far: {:?} {:?}", self.nodes, self.rows);
    }

    fn take_in(&mut self, message: &Value) {
        let list = |key: &str| message[key].as_array().unwrap().iter();
        if message["all"] == true {
            self.rows.clear();
            self.nodes.clear();
        }
        for gone in list("gone") {
            match (&gone[0], gone[1].as_str()) {
                (_, Some(name)) => self.rows.remove(name),
                (node, None) => self.nodes.remove(node.as_str().unwrap()),
            };
        }
        for row in list("services") {
            self.rows.insert(row["name"].as_str().unwrap().to_owned(), row.clone());
        }
        for node in list("nodes") {
            self.nodes.insert(node["node"].as_str().unwrap().to_owned(), node.clone());
        }
    }

    /// Waits until this is said of a service, in one of its fields; returns its row.
    #[track_caller]
    pub(crate) fn until(&mut self, name: &str, field: &str, value: &str) -> Value {
        loop {
            if let Some(row) = self.rows.get(name).filter(|row| row[field] == value) {
                return row.clone();
            }
            self.message();
        }
    }

    /// Waits until a node is said to be in this state.
    #[track_caller]
    pub(crate) fn until_node(&mut self, state: &str) -> Value {
        self.until_nodes(|nodes| nodes.values().find(|node| node["state"] == state).cloned())
    }

    /// Waits until there is this in what is known of the nodes.
    #[track_caller]
    pub(crate) fn until_nodes<T>(
        &mut self,
        is_it: impl Fn(&BTreeMap<String, Value>) -> Option<T>,
    ) -> T {
        loop {
            if let Some(found) = is_it(&self.nodes) {
                return found;
            }
            self.message();
        }
    }

    /// Waits for a message in which there is this.
    #[track_caller]
    pub(crate) fn find<T>(&mut self, what: &str, is_it: impl Fn(&Value) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(found) = is_it(&self.message()) {
                return found;
            }
        }
        panic!("nobody says {what}; so far: {:?} {:?}", self.nodes, self.rows);
    }
}

fn token_option(path: &Path) -> [&str; 2] {
    ["--token-file", path.to_str().unwrap()]
}

pub(crate) fn write_token(folder: &Path, text: &str, mode: u32) -> PathBuf {
    let path = folder.join("token");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path
}

/// What a program says that ends by itself.
pub(crate) fn said(args: &[&str]) -> Output {
    let mut child =
        dpfleet().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let deadline = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}
