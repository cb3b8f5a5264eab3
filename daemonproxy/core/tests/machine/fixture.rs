//! Drives a [`Proxy`] as the loop of the daemon does, in a [`World`] that is not there.
//!
//! For the sake of reading, a TAB is written as one blank here, in both directions. Every action is
//! carried to its end before the next one. It is noticed if the daemon would run in circles: if it
//! wants to be called again at once, again and again, or at a time that is over.
//!
//! When a [`Fixture`] is dropped, all controllers leave, all descriptors are deleted, and it is
//! checked that nothing but `null` is still open.

use daemonproxy_core::{
    ControllerId, ControllerKind, Ended, Fd, Interest, Leave, Limits, Monotonic, Pid, Proxy,
};
use daemonproxy_protocol::{Event, LogFilter, Signal, SignalAction, StateView};
use daemonproxy_testing::world::{self, Output, World};

/// Second of the clock at which a test begins.
const START: u64 = 200_000;
/// More rounds than any test needs.
const MANY: usize = 20_000;

/// One end of a connection: that of the controller.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: ControllerId,
    /// What the daemon reads from, and what it writes to.
    pub(crate) read: Option<Fd>,
    pub(crate) write: Option<Fd>,
}

pub(crate) struct Fixture {
    pub(crate) proxy: Proxy<World>,
    pub(crate) now: Monotonic,
    clients: Vec<Client>,
    left: bool,
    checked: bool,
    stderr: Fd,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(Limits::default(), None)
    }

    pub(crate) fn with(limits: Limits, guard: Option<i64>) -> Self {
        Self::logging(limits, guard, LogFilter::Debug)
    }

    pub(crate) fn logging(limits: Limits, guard: Option<i64>, filter: LogFilter) -> Self {
        let now = Monotonic::from_seconds(START);
        let mut proxy = Proxy::new(World::new(now), limits, guard, filter);
        let stderr = world::name_standard(&mut proxy, b"unknown");
        Self { proxy, now, clients: Vec::new(), left: false, checked: false, stderr }
    }

    /// With a controller, these pipes, and these services, which run with their descriptors.
    pub(crate) fn running(pipes: &[&str], services: &[(&str, &str)]) -> (Self, Client) {
        let mut f = Self::new();
        let c = f.connect();
        pipes.iter().for_each(|name| f.pipe(c, name));
        services.iter().for_each(|(name, fds)| f.start(c, name, fds));
        (f, c)
    }

    /// The world, in which nothing wrong has happened so far.
    #[track_caller]
    pub(crate) fn world(&mut self) -> &mut World {
        let world = self.proxy.sys();
        assert_eq!(world.fault, None);
        world
    }

    // Controllers

    /// One that comes by the control socket.
    pub(crate) fn connect(&mut self) -> Client {
        self.try_connect().expect("room for a controller")
    }

    pub(crate) fn try_connect(&mut self) -> Option<Client> {
        let fd = self.world().make_connection("connection");
        self.add(ControllerKind::Socket, Some(fd), Some(fd))
    }

    /// Standard input and output.
    pub(crate) fn interactive(&mut self) -> Client {
        let world = self.world();
        let (read, write) = (world.make_connection("input"), world.make_connection("output"));
        self.add(ControllerKind::Interactive, Some(read), Some(write)).expect("room")
    }

    /// A config file, read to its end.
    pub(crate) fn config(&mut self, text: &str) {
        let read = self.world().make_connection("config file");
        self.world().file(read).sends(tabs(text), Vec::new());
        self.world().file(read).input_ended = true;
        self.add(ControllerKind::Config, Some(read), None).expect("room for a controller");
    }

    fn add(&mut self, kind: ControllerKind, read: Option<Fd>, write: Option<Fd>) -> Option<Client> {
        let id = self.proxy.connected(kind, read, write, self.now);
        self.pump();
        let client = Client { id: id?, read, write };
        self.clients.push(client);
        Some(client)
    }

    /// The connection of a service that runs this program.
    pub(crate) fn client_of(&mut self, program: &str) -> Client {
        let pid = self.world().pid(program);
        let mut found = None;
        self.proxy.interests(|Interest { id, kind, read, write, hangup }| {
            if kind == ControllerKind::Service(pid) {
                found = Some(Client { id, read, write: hangup.or(write).or(read) });
            }
        });
        let client = found.unwrap_or_else(|| panic!("{program} is no controller"));
        self.clients.push(client);
        client
    }

    pub(crate) fn is_connected(&self, client: Client) -> bool {
        self.proxy.is_connected(client.id)
    }

    /// Sends a line.
    pub(crate) fn send(&mut self, client: Client, line: &str) {
        self.send_raw(client, &format!("{line}\n"));
    }

    /// Sends bytes, in one piece.
    pub(crate) fn send_raw(&mut self, client: Client, text: &str) {
        self.pass(client, text, &[]);
    }

    /// Sends bytes in one piece, and descriptors with it.
    pub(crate) fn pass(&mut self, client: Client, text: &str, fds: &[Fd]) {
        let read = client.read.expect("a controller that sends");
        self.world().file(read).sends(tabs(text), fds.to_vec());
        self.pump();
    }

    /// The lines that have arrived since the last look.
    pub(crate) fn lines(&mut self, client: Client) -> Vec<String> {
        let text = String::from_utf8(self.bytes(client)).expect("text").replace('\t', " ");
        text.lines().map(str::to_owned).collect()
    }

    /// The same as they are, TABs and all.
    pub(crate) fn bytes(&mut self, client: Client) -> Vec<u8> {
        let write = client.write.expect("a controller that reads");
        let written = &mut self.world().file(write).written;
        let end = written.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        written.drain(..end).collect()
    }

    /// Sends a line and takes what has arrived then.
    pub(crate) fn ask(&mut self, client: Client, line: &str) -> Vec<String> {
        self.lines(client);
        self.send(client, line);
        self.lines(client)
    }

    /// What this controller's state dump says, folded.
    pub(crate) fn view(&mut self, client: Client) -> StateView {
        self.bytes(client);
        self.send(client, "statedump");
        let mut view = StateView::new();
        fold(&mut view, &self.bytes(client));
        view
    }

    /// A state dump without the descriptors that are always there.
    pub(crate) fn dump(&mut self, client: Client) -> Vec<String> {
        let always = ["null", "control.", "stdin", "stdout", "stderr"];
        let mut lines = self.ask(client, "statedump");
        lines.retain(|line| {
            let fd = line.strip_prefix("fd.state ");
            !fd.is_some_and(|fd| always.iter().any(|name| fd.starts_with(name)))
        });
        lines
    }

    /// How a controller takes its lines from now on.
    pub(crate) fn reads(&mut self, client: Client, output: Output) {
        let write = client.write.expect("a controller that reads");
        self.world().file(write).output = output;
        self.pump();
    }

    /// The controller closes its end altogether.
    pub(crate) fn hang_up(&mut self, client: Client) {
        for fd in [client.read, client.write].into_iter().flatten() {
            self.world().file(fd).hang_up();
        }
        self.pump();
    }

    /// The controller sends no more, and goes on reading.
    pub(crate) fn end_input(&mut self, client: Client) {
        let read = client.read.expect("a controller that sends");
        self.world().file(read).input_ended = true;
        self.pump();
    }

    // Services

    /// The program of a test's service is its name.
    pub(crate) fn run_service(&mut self, client: Client, name: &str) {
        self.send(client, &format!("service.args {name} {name}"));
        self.send(client, &format!("service.start {name}"));
        self.lines(client);
    }

    /// Runs one with these descriptors.
    pub(crate) fn start(&mut self, client: Client, name: &str, fds: &str) {
        self.send(client, &format!("service.fds {name} {fds}"));
        self.run_service(client, name);
        self.calls();
    }

    /// A pipe from `NAME.w` to `NAME.r`.
    pub(crate) fn pipe(&mut self, client: Client, name: &str) {
        self.send(client, &format!("fd.pipe {name}.r {name}.w"));
    }

    pub(crate) fn exit(&mut self, program: &str, status: i32) {
        self.end(program, Ended::Exit(status));
    }

    pub(crate) fn killed(&mut self, program: &str, signal: Signal) {
        self.end(program, Ended::Signal(signal));
    }

    fn end(&mut self, program: &str, end: Ended) {
        let pid = self.world().pid(program);
        self.end_pid(pid, end);
    }

    /// A service ends, and leaves a process behind that has everything open that it had.
    pub(crate) fn exit_leaving_orphan(&mut self, program: &str) {
        let pid = self.world().pid(program);
        self.world().end_alone(pid, Ended::Exit(0));
        self.sigchld();
    }

    pub(crate) fn end_pid(&mut self, pid: Pid, end: Ended) {
        self.world().end(pid, end);
        self.sigchld();
    }

    /// SIGCHLD arrives.
    pub(crate) fn sigchld(&mut self) {
        let first = self.world().take_sigchld();
        self.proxy.children_ended(first, self.now);
        self.pump();
    }

    /// The execution of a program that hung is over.
    pub(crate) fn end_exec(&mut self, program: &str) {
        let pid = self.world().pid(program);
        self.end_exec_of(pid);
    }

    pub(crate) fn end_exec_of(&mut self, pid: Pid) {
        self.world().end_exec(pid);
        self.pump();
    }

    /// A child that is no service ends.
    pub(crate) fn stranger_ends(&mut self) {
        self.world().stranger_ends();
        self.sigchld();
    }

    /// This many others are in the process group of a program, running or not.
    pub(crate) fn others(&mut self, program: &str, count: usize) {
        let group = self.world().group(program);
        self.world().set_others(group, count);
    }

    pub(crate) fn runs(&mut self, program: &str) -> bool {
        self.world().find_pid(program).is_some()
    }

    // The world

    pub(crate) fn signal(&mut self, signal: Signal) {
        self.proxy.signalled(signal, self.now);
        self.pump();
    }

    pub(crate) fn on_signal(&mut self, signal: Signal, action: SignalAction) {
        self.proxy.set_signal_default(signal, action);
    }

    /// What was asked of the world since the last look, but for closing.
    pub(crate) fn calls(&mut self) -> Vec<String> {
        let mut calls = std::mem::take(&mut self.world().calls);
        calls.retain(|call| !call.starts_with("close "));
        calls
    }

    /// The lines of the log since the last look.
    pub(crate) fn log(&mut self) -> Vec<String> {
        let stderr = self.stderr;
        self.written(stderr)
    }

    /// What was written to a descriptor, in lines.
    pub(crate) fn written(&mut self, fd: Fd) -> Vec<String> {
        let written = std::mem::take(&mut self.world().file(fd).written);
        String::from_utf8_lossy(&written).lines().map(str::to_owned).collect()
    }

    /// How the log's first descriptor takes what is written.
    pub(crate) fn log_output(&mut self, output: Output) {
        let stderr = self.stderr;
        self.world().file(stderr).output = output;
        self.pump();
    }

    /// Lets this many seconds pass, and everything happen that is due in them.
    pub(crate) fn advance(&mut self, seconds: u32) {
        self.advance_to(self.now.plus_seconds(seconds));
    }

    pub(crate) fn advance_millis(&mut self, millis: u64) {
        self.advance_to(self.now.plus_millis(millis));
    }

    /// Lets the time pass until something is due, if anything is.
    pub(crate) fn advance_to_deadline(&mut self) {
        if let Some(at) = self.proxy.deadline() {
            self.advance_to(at.max(self.now));
        }
    }

    fn advance_to(&mut self, end: Monotonic) {
        for _ in 0..MANY {
            match self.proxy.deadline().filter(|&at| at <= end && !self.left) {
                Some(at) => self.set_time(at.max(self.now)),
                None => {
                    self.set_time(end);
                    return;
                }
            }
        }
        panic!("the clock does not get on");
    }

    fn set_time(&mut self, now: Monotonic) {
        self.now = now;
        self.world().now = now;
        self.pump();
    }

    /// Whether the daemon has left, and how.
    pub(crate) fn leave(&self) -> Option<Leave> {
        self.proxy.leave().filter(|_| self.left)
    }

    pub(crate) fn exit_code(&self) -> Option<i32> {
        self.leave().map(|leave| leave.code)
    }

    /// Turns the loop of the daemon until nothing happens any more.
    pub(crate) fn pump(&mut self) {
        for _ in 0..MANY {
            if self.left {
                return;
            }
            let more = self.proxy.run(self.now);
            if self.proxy.leave().is_some() {
                self.proxy.farewell();
                self.left = true;
                return;
            }
            let over = self.proxy.deadline().is_some_and(|at| at <= self.now);
            let any = world::turn(&mut self.proxy, self.now, usize::MAX, |_| false);
            assert_eq!(self.proxy.sys().fault, None);
            if !any && !more && !over {
                return;
            }
        }
        panic!("the daemon runs in circles");
    }

    /// Everything goes away, and nothing may be left over. Done once; at the latest on drop.
    pub(crate) fn check_leaks(&mut self) {
        if self.left || std::mem::replace(&mut self.checked, true) {
            return;
        }
        self.world().be_fast();
        // Commands that have waited may start services that are controllers: they go, too.
        for _ in 0..MANY {
            let mut interests = Vec::new();
            self.proxy.interests(|interest| interests.push(interest));
            if interests.is_empty() {
                break;
            }
            for Interest { id, read, write, hangup, .. } in interests {
                self.hang_up(Client { id, read, write: write.or(hangup) });
            }
        }
        for client in std::mem::take(&mut self.clients) {
            self.hang_up(client);
        }
        if self.left {
            return;
        }
        let client = self.connect();
        self.send(client, "socket.delete");
        let view = self.view(client);
        for (name, _) in view.fds() {
            let name = String::from_utf8_lossy(name);
            self.send(client, &format!("fd.delete {name}"));
        }
        self.hang_up(client);
        self.world().drop_unread();
        let open = self.world().open_files();
        assert_eq!(open, ["null"], "left open");
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.check_leaks();
        }
    }
}

/// Takes whole lines into a view.
pub(crate) fn fold(view: &mut StateView, bytes: &[u8]) {
    for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let text = String::from_utf8_lossy(line);
        let event = Event::parse(line).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        view.apply(&event);
    }
}

/// From how the tests write a line to how it is: a blank is a TAB.
fn tabs(line: &str) -> Vec<u8> {
    line.replace(' ', "\t").into_bytes()
}

/// Compares lines and shows both if they differ.
#[track_caller]
pub(crate) fn assert_lines(lines: &[String], expected: &[&str]) {
    assert!(
        lines.iter().eq(expected),
        "\n  got:\n    {}\n  expected:\n    {}",
        lines.join("\n    "),
        expected.join("\n    ")
    );
}
