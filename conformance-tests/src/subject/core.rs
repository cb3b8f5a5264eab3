//! The state machine without the daemon: nothing is real here, and nothing takes any time.
//!
//! A child ends when the transcript says so, an operation fails when the transcript says so, and
//! the clock stands still unless the transcript moves it.

use std::collections::BTreeMap;
use std::time::Duration;

use daemonproxy_core::{
    ControllerKind, Credentials, Ended, Fd, FdKind, Interest, Limits, Monotonic, Pid, Pool, Proxy,
    limits,
};
use daemonproxy_protocol::{Fields, FileFlags, LogFilter, Signal, SignalAction};
use daemonproxy_testing::world::{self, Op, Output, World};

use super::{CONTROL, Got, Subject};
use crate::transcript::{End, Main, Setup, Told};

/// The second of the clock at which every transcript begins.
const START: u64 = 200_000;
/// The pid of the first child.
const FIRST_PID: i32 = 101;
/// Who connects.
const PEER: Credentials = Credentials { uid: 1000, gid: 100, pid: Pid(4711) };
/// More rounds than any transcript needs.
const MANY: usize = 100_000;
/// What a pipe to a controller that does not read takes: 64 KiB, or one page when it is narrow.
const PIPE: usize = 65_536;
const NARROW_PIPE: usize = 4096;

/// A [`Proxy`] in a world of its own.
pub struct Core {
    proxy: Proxy<World>,
    now: Monotonic,
    connections: BTreeMap<String, Connection>,
    stderr: Fd,
    pipe: usize,
    to_pass: Option<Fd>,
    left: bool,
    /// It becomes another one all the time.
    upgrades: bool,
}

/// A connection: what the daemon reads from, and what it writes to.
struct Connection {
    read: Option<Fd>,
    write: Option<Fd>,
    /// How much has been taken of what was written.
    taken: usize,
}

impl Core {
    /// A state machine as the daemon has it after its start. Fails if the set-up asks for what only
    /// a process can have.
    ///
    /// With `upgrades` it is replaced by one that goes on with its state, before and after every
    /// turn.
    pub fn start(setup: &Setup, upgrades: bool) -> Result<Self, String> {
        let options = Options::parse(&setup.args)?;
        let now = Monotonic::from_seconds(START);
        let mut world = World::new(now);
        world.next_pid = FIRST_PID;
        world.peer = Some(PEER);
        world.has_cgroups = options.cgroups;
        let mut proxy = Proxy::new(world, options.limits, options.guard, LogFilter::Debug);
        let stderr = world::name_standard(&mut proxy, b"/dev/null");
        if options.exit_exec {
            proxy.exit_exec_is_set(Fields::new(b"true"));
        }
        let defaults =
            [Signal::TERM, Signal::INT, Signal::QUIT].map(|s| (s, SignalAction::Shutdown));
        for (signal, action) in defaults.into_iter().chain(options.on_signal) {
            proxy.set_signal_default(signal, action);
        }
        let pipe = if setup.narrow { NARROW_PIPE } else { PIPE };
        let mut core = Self {
            proxy,
            now,
            connections: BTreeMap::new(),
            stderr,
            pipe,
            to_pass: None,
            left: false,
            upgrades,
        };
        core.proxy.listen(CONTROL.as_bytes()).map_err(|_| "cannot listen".to_owned())?;
        if !setup.config.is_empty() {
            let fd = core.proxy.sys().make_connection("config file");
            let mut config = setup.config.join(&b'\n');
            config.push(b'\n');
            let file = core.proxy.sys().file(fd);
            file.sends(config, Vec::new());
            file.input_ended = true;
            core.proxy.connected(ControllerKind::Config, Some(fd), None, now);
        }
        match setup.main {
            Main::Interactive => {
                let world = core.proxy.sys();
                let (read, write) =
                    (world.make_connection("input"), world.make_connection("output"));
                core.add("", ControllerKind::Interactive, read, write)?;
            }
            Main::Socket => core.connect("", CONTROL)?,
            Main::None => core.pump()?,
        }
        Ok(core)
    }

    fn add(&mut self, who: &str, kind: ControllerKind, read: Fd, write: Fd) -> Result<(), String> {
        let (read, write) = (Some(read), Some(write));
        self.proxy.connected(kind, read, write, self.now);
        self.connections.insert(who.to_owned(), Connection { read, write, taken: 0 });
        self.pump()
    }

    fn connection(&self, who: &str) -> Result<&Connection, String> {
        self.connections.get(who).ok_or_else(|| format!("there is no connection `{who}`"))
    }

    fn writing_end(&self, who: &str) -> Result<Fd, String> {
        let write = self.connection(who)?.write;
        write.ok_or_else(|| format!("nothing is sent to `{who}`"))
    }

    fn reading_end(&self, who: &str) -> Result<Fd, String> {
        let read = self.connection(who)?.read;
        read.ok_or_else(|| format!("nothing is read from `{who}`"))
    }

    /// Turns the loop of the daemon until nothing happens any more.
    fn pump(&mut self) -> Result<(), String> {
        for _ in 0..MANY {
            if self.left {
                return Ok(());
            }
            self.upgrade();
            let mut more = self.proxy.run(self.now);
            more |= world::upgrade_if_asked(&mut self.proxy);
            self.upgrade();
            if self.proxy.leave().is_some() {
                self.proxy.farewell();
                self.left = true;
            } else if !world::turn(&mut self.proxy, self.now, usize::MAX, |_| false) && !more {
                return match self.proxy.deadline() {
                    Some(at) if at <= self.now => Err("woken in vain, again and again".to_owned()),
                    Some(_) | None => Ok(()),
                };
            }
            if let Some(fault) = self.proxy.sys().fault.take() {
                return Err(fault);
            }
        }
        Err("the state machine runs in circles".to_owned())
    }

    fn upgrade(&mut self) {
        if self.upgrades {
            world::upgrade(&mut self.proxy, true);
        }
    }

    fn advance_to(&mut self, end: Monotonic) -> Result<(), String> {
        for _ in 0..MANY {
            let due = self.proxy.deadline().filter(|&at| at <= end && !self.left);
            self.now = due.unwrap_or(end).max(self.now);
            self.proxy.sys().now = self.now;
            self.pump()?;
            if due.is_none() {
                return Ok(());
            }
        }
        Err("the clock does not get on".to_owned())
    }
}

impl Subject for Core {
    fn now(&self) -> i64 {
        self.now.seconds()
    }

    fn relay(&self) -> Vec<String> {
        vec!["relay".to_owned()]
    }

    fn send(&mut self, who: &str, bytes: &[u8]) -> Result<(), String> {
        let fd = self.reading_end(who)?;
        let passed = self.to_pass.take().into_iter().collect();
        self.proxy.sys().file(fd).sends(bytes.to_vec(), passed);
        self.pump()
    }

    fn next_line(&mut self, who: &str) -> Result<Got, String> {
        let write = self.writing_end(who)?;
        let Some(connection) = self.connections.get_mut(who) else { return Ok(Got::Nothing) };
        let file = self.proxy.sys().file(write);
        let rest = file.written.get(connection.taken..).unwrap_or_default();
        Ok(match rest.iter().position(|&byte| byte == b'\n') {
            Some(length) => {
                let line = rest[..length].to_vec();
                connection.taken += length + 1;
                Got::Line(line)
            }
            None if self.left || !file.is_open => Got::Closed(rest.len()),
            None => Got::Nothing,
        })
    }

    fn reap(&mut self, pid: i32, end: &End) -> Result<(), String> {
        let end = match *end {
            End::Exit(status) => Ended::Exit(status),
            End::Signal(signal) => Ended::Signal(signal),
        };
        if !self.proxy.sys().is_alive(Pid(pid)) {
            return Err(format!("there is no child {pid}"));
        }
        self.proxy.sys().end(Pid(pid), end);
        self.proxy.children_ended(Some(Pid(pid)), self.now);
        self.pump()
    }

    fn group(&mut self, pid: i32, others: u32) -> Result<(), String> {
        let world = self.proxy.sys();
        if !world.is_known(Pid(pid)) {
            return Err(format!("there is no child {pid}, nor a group of it"));
        }
        world.set_others(Pid(pid), others as usize);
        Ok(())
    }

    fn signal(&mut self, signal: Signal) -> Result<(), String> {
        self.proxy.signalled(signal, self.now);
        self.pump()
    }

    fn clock(&mut self, seconds: u32) -> Result<(), String> {
        self.advance_to(self.now.plus_seconds(seconds))
    }

    fn fail(&mut self, op: Op, errno: i32) -> Result<(), String> {
        self.proxy.sys().fail(op, errno, 1);
        Ok(())
    }

    fn hang_exec(&mut self) -> Result<(), String> {
        self.proxy.sys().exec_hangs = 1;
        Ok(())
    }

    fn end_exec(&mut self, pid: i32, errno: Option<i32>) -> Result<(), String> {
        let world = self.proxy.sys();
        if !world.is_in_exec(Pid(pid)) {
            return Err(format!("no child {pid} is in exec"));
        }
        world.set_exec_failure(Pid(pid), errno);
        world.end_exec(Pid(pid));
        self.pump()
    }

    fn tell(&mut self, pid: i32, told: &Told) -> Result<(), String> {
        if !self.proxy.sys().tell(Pid(pid), told.uid, &told.text, told.fds) {
            return Err(format!("there is nothing on which {pid} could say anything"));
        }
        self.pump()
    }

    fn sleep(&mut self, seconds: u32) -> Result<(), String> {
        self.proxy.sys().slept += Duration::from_secs(seconds.into());
        self.pump()
    }

    fn connect(&mut self, who: &str, path: &str) -> Result<(), String> {
        let what = format!("listener {path}");
        let listeners: Vec<Fd> = self.proxy.listeners().collect();
        let world = self.proxy.sys();
        let listener = listeners.into_iter().find(|&fd| world.file(fd).what == what);
        let listener = listener.ok_or_else(|| format!("nobody listens at {path}"))?;
        let fd = world.make_connection("connection");
        self.proxy.accepted(listener, fd, self.now);
        let connection = Connection { read: Some(fd), write: Some(fd), taken: 0 };
        self.connections.insert(who.to_owned(), connection);
        self.pump()
    }

    fn controller(&mut self, who: &str) -> Result<(), String> {
        // Descriptors are never used twice, and the ids of controllers are.
        let known: Vec<_> =
            self.connections.values().map(|known| (known.read, known.write)).collect();
        let mut found = None;
        self.proxy.interests(|Interest { kind, read, write, hangup, .. }| {
            let write = hangup.or(write).or(read);
            if matches!(kind, ControllerKind::Service(_)) && !known.contains(&(read, write)) {
                found = Some(Connection { read, write, taken: 0 });
            }
        });
        let connection = found.ok_or("no service has become a controller")?;
        self.connections.insert(who.to_owned(), connection);
        Ok(())
    }

    fn close(&mut self, who: &str) -> Result<(), String> {
        let connection = self.connection(who)?;
        for fd in [connection.read, connection.write].into_iter().flatten() {
            self.proxy.sys().file(fd).hang_up();
        }
        self.pump()
    }

    fn shut(&mut self, who: &str) -> Result<(), String> {
        let fd = self.reading_end(who)?;
        self.proxy.sys().file(fd).input_ended = true;
        self.pump()
    }

    fn stop(&mut self, who: &str) -> Result<(), String> {
        let (fd, room) = (self.writing_end(who)?, self.pipe);
        self.proxy.sys().file(fd).output = Output::Room(room);
        Ok(())
    }

    fn resume(&mut self, who: &str) -> Result<(), String> {
        let fd = self.writing_end(who)?;
        self.proxy.sys().file(fd).output = Output::Free;
        self.pump()
    }

    fn flood(&mut self, who: &str, bytes: &[u8]) -> Result<(), String> {
        self.send(who, bytes)
    }

    fn pass(&mut self, _: &str) -> Result<(), String> {
        let fd = self.proxy.sys().make("passed");
        let read = FileFlags { read: true, ..FileFlags::default() };
        self.proxy.sys().file(fd).kind = Some(FdKind::File(read));
        self.to_pass = Some(fd);
        Ok(())
    }

    fn leaves(&mut self) -> Result<Option<i32>, String> {
        Ok(self.proxy.leave().filter(|_| self.left).map(|leave| leave.code))
    }

    fn logs(&mut self, text: &[u8]) -> Result<bool, String> {
        let log = &self.proxy.sys().file(self.stderr).written;
        Ok(log.windows(text.len()).any(|part| part == text))
    }

    fn content(&mut self, _: &str, _: &[u8]) -> Result<bool, String> {
        Ok(true)
    }

    fn log(&mut self) -> String {
        String::from_utf8_lossy(&self.proxy.sys().file(self.stderr).written).into_owned()
    }
}

/// Those of the daemon's options that are about the state machine.
#[derive(Default)]
struct Options {
    limits: Limits,
    guard: Option<i64>,
    exit_exec: bool,
    cgroups: bool,
    on_signal: Vec<(Signal, SignalAction)>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let wrong = || format!("the state machine alone has no option {arg}");
            let value = args.next().ok_or_else(wrong)?;
            let number = || value.parse::<usize>().map_err(|_| wrong());
            match arg.as_str() {
                "--max-line" => options.limits.max_line = number()?,
                "--controller-pool" => options.limits.controllers = Some(number()?),
                "--exit-guard" => options.guard = Some(value.parse().map_err(|_| wrong())?),
                "--exit-exec" => options.exit_exec = true,
                "--cgroup" => options.cgroups = true,
                "--service-pool" => {
                    options.limits.services = pool(value, limits::DEFAULT_SERVICE_BYTES);
                }
                "--fd-pool" => options.limits.fds = pool(value, limits::DEFAULT_FD_BYTES),
                "--on-signal" => {
                    let pair = value.split_once('=').and_then(|(signal, action)| {
                        let signal = Signal::parse(signal.as_bytes())?;
                        Some((signal, SignalAction::parse(action.as_bytes())?))
                    });
                    options.on_signal.push(pair.ok_or_else(wrong)?);
                }
                _ => return Err(wrong()),
            }
        }
        Ok(options)
    }
}

fn pool(text: &str, bytes: usize) -> Option<Pool> {
    match text.split_once('x') {
        Some((count, bytes)) => {
            Some(Pool { count: count.parse().ok()?, bytes: bytes.parse().ok()? })
        }
        None => Some(Pool { count: text.parse().ok()?, bytes }),
    }
}
