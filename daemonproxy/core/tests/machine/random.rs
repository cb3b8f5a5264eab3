//! Random histories, the same every time: whatever is asked for and whatever happens, some things hold.
//!
//! - No descriptor is used or closed after it was closed, and none is left over ([`World`]).
//! - No service ever has two processes, and each process is told as down once.
//! - Who follows the news knows what a state dump says.
//! - Nothing is started after a shutdown has begun, and the daemon leaves within the times it was given.
//!
//! [`World`]: crate::common::World

use std::collections::BTreeMap;

use daemonproxy_core::{Ended, Errno, Limits, Pid, Pool, SpawnFailure, SpawnStage};
use daemonproxy_protocol::{Event, FdStateField, ShutdownPhase, Signal, StateField, StateView};

use crate::common::{Client, Fixture, Op, Output, Rng, fold};

const STEPS: usize = 200;
const SERVICES: [&str; 5] = ["a", "b", "c", "a-log", "x.y"];
const FDS: [&str; 8] = ["r", "w", "f", "a-log.r", "a-log.w", "null", "stderr", "control.socket"];
const SIGNALS: [&str; 4] = ["HUP", "SIGUSR1", "TERM", "9"];

struct History {
    f: Fixture,
    rng: Rng,
    /// Reads everything, and asks for nothing that changes anything.
    follower: Client,
    view: StateView,
    clients: Vec<Client>,
    /// By service: the process it was said to be up with.
    up: BTreeMap<Vec<u8>, i32>,
    /// What has happened, for whoever has to find out why.
    story: Vec<String>,
}

impl History {
    fn new(seed: u64, limits: Limits) -> Self {
        let mut f = Fixture::with(limits, None);
        let follower = f.connect();
        let view = f.view(follower);
        let (clients, up, story) = (Vec::new(), BTreeMap::new(), Vec::new());
        Self { f, rng: Rng::new(seed), follower, view, clients, up, story }
    }

    fn service(&mut self) -> &'static str {
        self.rng.pick::<&str>(&SERVICES)
    }

    fn fd(&mut self) -> &'static str {
        self.rng.pick::<&str>(&FDS)
    }

    fn fds(&mut self) -> String {
        let names = ["r", "w", "f", "-", "null", "control.event", "control.cmd", "control.socket"];
        let count = self.rng.below(5);
        (0..count).map(|_| format!(" {}", self.rng.pick(&names))).collect()
    }

    fn time(&mut self) -> String {
        let now = self.f.now.seconds();
        match self.rng.below(5) {
            0 => "-".to_owned(),
            1 => (now - 1).to_string(),
            2 => "0".to_owned(),
            _ => (now + self.rng.below(20) as i64).to_string(),
        }
    }

    fn command(&mut self) -> String {
        let name = self.service();
        match self.rng.below(26) {
            // The program tells which service it was, for the checks.
            0 | 1 => format!("service.args {name} {name}"),
            2 => format!("service.args {name}"),
            3 | 4 => format!("service.fds {name}{}", self.fds()),
            5 => format!("service.tags {name} t{}", self.rng.below(3)),
            6 => format!("service.tags.apply {name} k={} -t1", self.rng.below(3)),
            7 => format!("service.auto_up {name} {} always", 1 + self.rng.below(8)),
            8 => format!("service.auto_up {name} - {}", self.rng.pick(&SIGNALS)),
            9 => format!("service.auto_up {name} -"),
            10 | 11 => format!("service.start {name}"),
            12 => format!("service.start {name} {}", self.time()),
            13 => format!("service.signal {name} {}", self.rng.pick(&SIGNALS)),
            14 => format!("service.delete {name}"),
            15 => format!("service.pipe {name} {} {name}-log", self.rng.below(4)),
            16 => format!("fd.pipe {} {}", self.fd(), self.fd()),
            17 => format!("fd.pipe {} {} unix", self.fd(), self.fd()),
            18 => format!("fd.open {} read /{}", self.fd(), self.rng.below(3)),
            19 => format!("fd.delete {}", self.fd()),
            20 => format!("log.dest fd {}", self.fd()),
            21 => format!("signal.clear {} {}", self.rng.pick(&SIGNALS), self.rng.below(3)),
            22 => "statedump".to_owned(),
            23 => format!("socket.create - /{}", self.rng.below(2)),
            24 => format!("conn.event_timeout {} 9", 1 + self.rng.below(9)),
            _ => self
                .rng
                .pick(&["nonsense", "echo x", "# x", "service.args", "exit", ""])
                .to_string(),
        }
    }

    fn client(&mut self) -> Client {
        self.clients.retain(|&client| self.f.is_connected(client));
        if self.clients.is_empty() || (self.clients.len() < 4 && self.rng.one_in(20)) {
            if let Some(client) = self.f.try_connect() {
                self.clients.push(client);
                return client;
            }
            return self.follower;
        }
        *self.rng.pick(&self.clients)
    }

    fn step(&mut self) {
        match self.rng.below(20) {
            0..=9 => {
                let (client, command) = (self.client(), self.command());
                let not_for_the_follower = ["exit", "conn.", "statedump"];
                if client.id == self.follower.id
                    && not_for_the_follower.iter().any(|start| command.starts_with(start))
                {
                    return;
                }
                self.story.push(format!("{:?} {command}", client.id));
                if self.rng.one_in(5) {
                    let fd = self.f.world().make("passed");
                    let name = self.fd();
                    let text = self
                        .rng
                        .pick(&[
                            format!("{command}\n"),
                            format!("fd.take {name}\n"),
                            format!("fd.take {name}\n{command}\nfd.t"),
                        ])
                        .clone();
                    self.f.pass(client, &text, &[fd]);
                } else {
                    self.f.send(client, &command);
                }
            }
            10..=12 => self.end_a_child(),
            13 => {
                let signal = *self.rng.pick(&[Signal::HUP, Signal::USR1, Signal::TERM]);
                self.story.push(format!("signal {}", signal.number()));
                self.f.signal(signal);
            }
            14..=16 => {
                let millis = self.rng.below(4_000) as u64;
                self.story.push(format!("wait {millis} ms"));
                self.f.advance_millis(millis);
            }
            17 => {
                let client = self.client();
                if client.id == self.follower.id {
                    return;
                }
                let room = self.rng.below(3_000);
                let ways = [Output::BLOCKED, Output::Room(room), Output::Pieces(7), Output::Free];
                let output = *self.rng.pick(&ways);
                self.story.push(format!("{:?} reads {output:?}", client.id));
                self.f.reads(client, output);
            }
            18 => self.misfortune(),
            _ => {
                let client = self.client();
                if client.id != self.follower.id && self.rng.one_in(3) {
                    self.story.push(format!("{:?} hangs up", client.id));
                    self.f.hang_up(client);
                }
            }
        }
    }

    fn end_a_child(&mut self) {
        let children = self.f.world().children.iter();
        let alive: Vec<Pid> =
            children.filter(|(_, child)| child.alive).map(|(&pid, _)| pid).collect();
        if alive.is_empty() {
            return;
        }
        let pid = *self.rng.pick(&alive);
        if self.rng.one_in(2) && self.f.world().is_in_exec(pid) {
            self.story.push(format!("{pid:?} is executed"));
            self.f.end_exec_of(pid);
            return;
        }
        let end = *self.rng.pick(&[Ended::Exit(0), Ended::Exit(7), Ended::Signal(Signal::KILL)]);
        self.story.push(format!("{pid:?} {end:?}"));
        self.f.end_pid(pid, end);
    }

    fn misfortune(&mut self) {
        let ops = [
            Op::Spawn,
            Op::Pipe,
            Op::Socketpair,
            Op::Open,
            Op::ControllerPair,
            Op::Kill,
            Op::Listen,
        ];
        if self.rng.one_in(4) {
            let failure = SpawnFailure { stage: SpawnStage::Exec, errno: Errno(2) };
            self.f.world().exec_failure = Some(failure);
        } else if self.rng.one_in(4) {
            self.story.push("exec will hang".to_owned());
            self.f.world().exec_hangs = true;
        } else if self.rng.one_in(4) {
            let (full, gone) = (Output::Fails(Errno(28)), Output::Fails(Errno(32)));
            let output = *self.rng.pick(&[Output::BLOCKED, full, gone, Output::Free]);
            self.story.push(format!("log {output:?}"));
            self.f.log_output(output);
        } else {
            let op = *self.rng.pick(&ops);
            self.story.push(format!("{op:?} will fail"));
            self.f.world().fail(op, 24, 1 + self.rng.below(3) as u32);
        }
    }

    /// What holds after every step.
    fn check(&mut self) {
        self.follow();
        let mut programs = BTreeMap::new();
        for (pid, child) in self.f.world().children.iter().filter(|(_, child)| child.alive) {
            if child.program != "stillborn" {
                let other = programs.insert(child.program.clone(), pid.0);
                assert!(
                    other.is_none(),
                    "two processes of {}: {other:?} and {pid:?}",
                    child.program
                );
            }
        }
        let alive = self.f.world().children.values().filter(|child| child.alive).count();
        assert_eq!(self.up.len(), alive, "{:?}", self.up);
        for (name, pid) in &self.up {
            let pid = Pid(*pid);
            assert!(self.f.world().children[&pid].alive, "{name:?} is up, but {pid:?} has ended");
        }
    }

    /// Takes in the news.
    fn follow(&mut self) {
        let news = self.f.bytes(self.follower);
        for line in news.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let event = Event::parse(line).unwrap();
            let Event::ServiceState { name, state } = event else { continue };
            let name = name.as_bytes().to_vec();
            match state {
                StateField::Up { pid, .. } => {
                    let before = self.up.insert(name, pid);
                    assert_eq!(before, None, "up twice with pid {pid}");
                }
                StateField::Down { pid, .. } => {
                    // A start that was cancelled is told as down, too, with the last run.
                    if self.up.get(&name) == Some(&pid) {
                        self.up.remove(&name);
                    } else {
                        assert!(!self.up.contains_key(&name), "down with another pid, {pid}");
                    }
                }
                StateField::NeverStarted | StateField::Starting { .. } | StateField::Deleted => {
                    assert!(!self.up.contains_key(&name), "no longer up without having been down");
                }
            }
        }
        fold(&mut self.view, &news);
        assert!(!self.view.has_overflowed(), "who reads everything missed something");
    }

    /// Compares what a follower knows with a state dump.
    fn compare(&mut self) {
        self.follow();
        let Some(other) = self.f.try_connect() else { return };
        let dump = self.f.view(other);
        self.f.hang_up(other);
        let known = |view: &StateView| -> Vec<String> {
            let services = view.services().map(|(name, s)| {
                let state = match s.state() {
                    // Durations go on while nothing happens.
                    StateField::Up { since, pid, .. } => format!("up {since} {pid}"),
                    StateField::Down { reaped, pid, end, uptime, .. } => {
                        format!("down {reaped} {pid} {end:?} {uptime}")
                    }
                    state => format!("{state:?}"),
                };
                // A list that was never told is not the same as the one that a dump shows for it.
                let fds = Some(s.fds().as_bytes()).filter(|&fds| fds != b"null\tnull\tnull");
                let (tags, args) = (s.tags(), s.args());
                let (interval, triggers) = (s.interval(), s.triggers());
                let fds = String::from_utf8_lossy(fds.unwrap_or_default()).into_owned();
                let name = String::from_utf8_lossy(name);
                format!("{name} {state} {args:?} {tags:?} {fds} {interval:?} {triggers:?}")
            });
            let fds = view.fds().map(|(name, fd)| {
                let name = String::from_utf8_lossy(name);
                match fd.state() {
                    // No event tells that the other end has gone.
                    FdStateField::Pipe { flags, end, .. } => format!("{name} {flags:?} {end:?}"),
                    state => format!("{name} {state:?}"),
                }
            });
            services.chain(fds).collect()
        };
        assert_eq!(known(&self.view), known(&dump));
    }

    /// The orderly end, and that it comes to an end.
    fn shut_down(&mut self) {
        for client in self.clients.clone() {
            if self.f.is_connected(client) && self.rng.one_in(2) {
                self.f.reads(client, Output::Free);
            }
        }
        let (term, kill, flush) = (self.rng.below(4), self.rng.below(4), self.rng.below(4));
        let command = format!("terminate.shutdown {term} {kill} {flush}");
        self.story.push(command.clone());
        // Half a line may stand before it.
        self.f.send(self.follower, &format!("\n{command}"));
        self.f.calls();
        let alive = self.f.world().children.values().filter(|child| child.alive).count();
        // Each of them in a row of its own would be the worst; its log, and the end.
        let most = (alive * (term + kill) + term + flush) * 1_000 + 300 * (alive + 3);
        let mut waited = 0;
        while self.f.leave().is_none() {
            let (client, command) = (self.client(), self.command());
            if client.id != self.follower.id && self.rng.one_in(3) && command != "exit" {
                self.story.push(format!("{:?} {command}", client.id));
                self.f.send(client, &command);
            }
            if self.f.leave().is_none() && self.rng.one_in(6) {
                self.end_a_child();
            }
            let calls = self.f.calls();
            let spawned =
                calls.iter().any(|c| c.starts_with("spawn") || c.starts_with("stillborn"));
            assert!(!spawned, "something was started: {calls:?}");
            self.story.push("wait 300 ms".to_owned());
            self.f.advance_millis(300);
            waited += 300;
            assert!(waited <= most, "not at its end after {waited} ms");
        }
        let code = self.f.exit_code();
        assert!(matches!(code, Some(0 | 10 | 11)), "{code:?}");
        let alive = self.f.world().children.values().filter(|child| child.alive).count();
        assert!(alive == 0 || code == Some(11), "{alive} still there, and {code:?}");
        self.follow();
        assert_eq!(self.view.shutdown().map(|(phase, _)| phase), Some(ShutdownPhase::Flushing));
    }
}

/// Says which history it was, should it fail.
struct Report<'a>(&'a mut History, u64);

impl Drop for Report<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("history {}:\n  {}", self.1, self.0.story.join("\n  "));
        }
    }
}

fn run(seed: u64, limits: Limits) {
    let mut history = History::new(seed, limits);
    let report = Report(&mut history, seed);
    let history = &mut *report.0;
    for at in 0..STEPS {
        history.step();
        history.check();
        if at % 20 == 19 {
            history.compare();
        }
    }
    if seed.is_multiple_of(2) {
        history.shut_down();
    }
    history.f.check_leaks();
}

#[test]
fn without_limits() {
    for seed in 0..100 {
        run(seed, Limits::default());
    }
}

#[test]
fn with_small_pools_and_short_lines() {
    let limits = Limits {
        max_line: 512,
        services: Some(Pool { count: 4, bytes: 30 }),
        fds: Some(Pool { count: 10, bytes: 20 }),
        controllers: Some(5),
    };
    for seed in 1_000..1_100 {
        run(seed, limits);
    }
}
