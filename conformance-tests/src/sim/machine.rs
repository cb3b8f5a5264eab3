//! Plays a history to the state machine, as the loop of the daemon would, and checks the results.
//!
//! The first connection belongs to the suite. It reads everything at once and asks only for dumps,
//! so what it reads is what happens; all others are compared with that.

use std::collections::BTreeMap;
use std::time::Duration;

use daemonproxy_core::{
    ControllerKind, Direction, Fd, FdKind, Leave, Limits, Monotonic, Pid, Proxy, System, limits,
};
use daemonproxy_protocol::{
    Command, Event, Fact, FileFlags, Kill, LogFilter, Name, Options, Rights, RunView,
    ServiceOption, ServiceView, ShutdownPhase, Signal, StartTime, StateField, StateView, Tagged,
};
use daemonproxy_testing::world::{self, End, File, Output, World};

use super::START;
use super::history::{Action, History, LIMITED, LIMITED_TO, SOCKETS, Step};
use super::known::{Settings, difference};
use super::law;
use super::record::Record;
use super::restarts::{Moment, Restarts};
use super::runs::{self, Runs};
use super::stream::{News, Stream, echo_number, is_news, parse, show};

/// More rounds than any step needs.
const MANY: usize = 20_000;
/// Steps between two comparisons of what is known with what there is.
const COMPARE_EVERY: usize = 50;
/// Seconds until SIGKILL, for a service of which nobody says anything.
const PATIENCE: u32 = 10;
/// The same for one that says `stop_after=-`.
const NEVER: u32 = u32::MAX;
/// The connection of the suite.
const OBSERVER: usize = 0;

/// What is known of the starts of a service.
struct Start {
    name: Vec<u8>,
    last: Option<i64>,
    /// The planned start was asked for by a command.
    by_hand: bool,
}

pub(super) struct Machine {
    proxy: Proxy<World>,
    now: Monotonic,
    piece: usize,
    max_line: usize,
    streams: Vec<Stream>,
    /// The connection of each controller that comes from the control socket.
    sockets: [Option<usize>; SOCKETS],
    /// Those that have connected and were not accepted.
    backlog: Vec<Fd>,
    signals: Vec<Signal>,
    news: News,
    view: StateView,
    runs: Runs,
    restarts: Restarts,
    limits: Limits,
    /// The dump that is being read.
    dump: Option<StateView>,
    /// The services that run, as far as was reported.
    up: Vec<(Vec<u8>, i32)>,
    starts: Vec<Start>,
    /// The log may go, or have gone, to another file.
    log_moves: bool,
    /// A start may have been asked for that has not been reported yet.
    ordered: bool,
    /// A controller that has not read for a while can order starts at any time.
    unclear: bool,
    /// Services of which a start was cancelled, or that were stopped, for good or not.
    cancelled: Vec<Vec<u8>>,
    /// Services of which a start may have been put off until a stop is over.
    put_off: Vec<Vec<u8>>,
    /// The processes of each service that have ended, and the second since when a start that is due
    /// waits although nothing of them is left.
    last_pids: BTreeMap<Vec<u8>, (Vec<Pid>, Option<i64>)>,
    /// Services that the daemon has stopped by itself, and when something of them was still there.
    left_over: BTreeMap<Vec<u8>, i64>,
    /// A service has asked for more time to become ready.
    extended: bool,
    /// Who may have said that it is alive, or that it is about to end, since the last look.
    barking: Vec<(Pid, bool)>,
    /// When each of them did so last; `None`: it is about to end.
    barks: BTreeMap<Pid, Option<Monotonic>>,
    shutting_down: bool,
    /// Seconds until SIGKILL in a shutdown that does not say them, as it began.
    patience: u32,
    /// The guard was on at some time.
    may_be_guarded: bool,
    left: Option<Leave>,
    /// Where the log goes at first.
    log: Fd,
    record: Option<Record>,
    upgrades: bool,
}

/// Plays it from beginning to end. With `record`, what is said is written down there.
pub(super) fn play(
    history: &History,
    record: Option<Record>,
) -> (Result<(), String>, Option<Record>) {
    let mut machine = Machine::new(history, record);
    let result = machine.play(history);
    (result, machine.record)
}

/// Plays it for what is done to the world.
pub(super) fn trace(history: &History) -> Result<Vec<String>, String> {
    let mut machine = Machine::new(history, None);
    machine.proxy.sys().trace = Some(Vec::new());
    machine.play(history)?;
    Ok(machine.proxy.sys().trace.take().unwrap_or_default())
}

impl Machine {
    fn new(history: &History, record: Option<Record>) -> Self {
        let now = Monotonic::from_seconds(START);
        let world = World::lively(now);
        let mut proxy = Proxy::new(world, history.limits, history.guard, LogFilter::Debug);
        proxy.sys().has_cgroups = history.cgroups;
        if history.first {
            proxy.sys().is_namespace = true;
            proxy.owns_everything();
        }
        let log = world::name_standard(&mut proxy, b"unknown");
        Self {
            proxy,
            now,
            piece: history.piece,
            max_line: history.limits.max_line,
            limits: history.limits,
            streams: Vec::new(),
            sockets: [None; SOCKETS],
            backlog: Vec::new(),
            signals: Vec::new(),
            news: News::default(),
            view: StateView::new(),
            runs: Runs::default(),
            restarts: Restarts::default(),
            dump: None,
            up: Vec::new(),
            starts: Vec::new(),
            log_moves: false,
            ordered: false,
            unclear: false,
            cancelled: Vec::new(),
            put_off: Vec::new(),
            last_pids: BTreeMap::new(),
            left_over: BTreeMap::new(),
            extended: false,
            barking: Vec::new(),
            barks: BTreeMap::new(),
            shutting_down: false,
            patience: PATIENCE,
            may_be_guarded: history.guard.is_some(),
            left: None,
            log,
            record,
            upgrades: history.upgrades,
        }
    }

    fn play(&mut self, history: &History) -> Result<(), String> {
        self.proxy.listen(b"/c").map_err(|_| "listen: the control socket cannot be made")?;
        self.connect()?;
        self.send_lines(OBSERVER, "conn.features\truns\tsettings\n");
        self.view = self.ask_dump()?;
        self.begin(history)?;
        for (nth, step) in history.steps.iter().enumerate() {
            self.step(step)?;
            if step.noticed {
                self.pump()?;
                self.check_all()?;
                if nth % COMPARE_EVERY == COMPARE_EVERY - 1 {
                    self.compare()?;
                }
            }
            if self.left.is_some() {
                return Ok(());
            }
        }
        self.note(|record| record.comment("the end of the history"));
        self.pump()?;
        self.compare()?;
        self.make_again()?;
        if let Some(times) = history.shutdown {
            self.shut_down(times)?;
        }
        if self.shutting_down && self.left.is_none() {
            // A shutdown that some controller has begun, with its own times.
            return self.wait_for_an_end_without_times();
        }
        if self.left.is_none() {
            self.clear_up()?;
        }
        Ok(())
    }

    /// The controllers that are there from the start.
    fn begin(&mut self, history: &History) -> Result<(), String> {
        if let Some(config) = &history.config {
            let at = self.proxy.sys().connections.len();
            let fd = self.proxy.sys().make_connection("config file");
            self.connection(at).input_ended = true;
            self.meet(false);
            self.streams[at].hears = false;
            self.note(|record| record.comment("a config file:"));
            self.send(at, config, 0);
            // The last line of a file needs no end.
            let rest = std::mem::take(&mut self.streams[at].half_a_line);
            self.foresee(at, &rest);
            self.proxy.connected(ControllerKind::Config, Some(fd), None, self.now);
            self.pump()?;
        }
        if history.interactive && self.left.is_none() {
            let at = self.proxy.sys().connections.len();
            let fd = self.proxy.sys().make_connection("terminal");
            self.meet(false);
            self.sockets[0] = Some(at);
            self.note(|record| record.comment(&format!("{} is interactive", name(at))));
            self.proxy.connected(ControllerKind::Interactive, Some(fd), Some(fd), self.now);
            self.pump()?;
        }
        Ok(())
    }

    fn note(&mut self, note: impl FnOnce(&mut Record)) {
        if let Some(record) = &mut self.record {
            note(record);
        }
    }

    // Steps

    fn step(&mut self, step: &Step) -> Result<(), String> {
        if !step.noticed {
            self.note(|record| record.comment("together with what follows:"));
        }
        match step.action {
            Action::Send(who, ref bytes, passed) => {
                if let Some(at) = self.speaker(who)? {
                    self.send(at, bytes, passed);
                }
            }
            Action::Dump(who, tagged) => {
                if let Some(at) = self.speaker(who)? {
                    let echo = self.streams[at].ask_dump();
                    let text = match tagged {
                        true => format!("@e-{echo}\tstatedump\n"),
                        false => format!("statedump\necho\te-{echo}\n"),
                    };
                    self.send_lines(at, &text);
                }
            }
            Action::Tagged(who, ref command) => {
                if let Some(at) = self.speaker(who)? {
                    let text = format!("@e-{}\t{command}\n", self.streams[at].ask_echo());
                    self.send_lines(at, &text);
                }
            }
            Action::Echo(who) => {
                if let Some(at) = self.speaker(who)? {
                    let text = format!("echo\te-{}\n", self.streams[at].ask_echo());
                    self.send_lines(at, &text);
                }
            }
            Action::Close(who) => {
                if let Some(at) = self.known(who) {
                    self.note(|record| record.world(&format!("close\t{}", name(at))));
                    self.hang_up(at);
                }
            }
            Action::Shut(who) => {
                if let Some(at) = self.known(who).filter(|&at| self.streams[at].speaks) {
                    self.note(|record| record.world(&format!("shut\t{}", name(at))));
                    self.connection(at).input_ended = true;
                }
            }
            Action::Reads(who, output) => {
                if let Some(at) = self.known(who) {
                    self.note(|record| record.reads(&name(at), output));
                    self.unclear |= self.connection(at).unread() > 0;
                    self.connection(at).output = output;
                    self.streams[at].slow = true;
                }
            }
            Action::End(nth, end) => self.proxy.sys().end_nth(nth, end),
            Action::EndGrandchild => {
                self.note(|record| record.comment("a grandchild ends"));
                self.proxy.sys().end_oldest_other();
            }
            Action::Signal(signal) => {
                self.note(|record| record.signal(signal));
                self.signals.push(signal);
            }
            Action::Wait(millis) => {
                self.note(|record| record.wait(millis));
                let end = self.now.plus_millis(millis);
                if step.noticed {
                    self.advance_to(end)?;
                } else {
                    self.set_time(end);
                }
            }
            Action::Fail(op, errno, times) => {
                self.note(|record| record.fail(op, errno, times));
                self.proxy.sys().fail(op, errno, times);
            }
            Action::HangExec(times) => {
                self.note(|record| record.hang_exec(times));
                self.proxy.sys().exec_hangs = times;
            }
            Action::EndExec(nth) => {
                if let Some((pid, errno)) = self.proxy.sys().end_nth_exec(nth) {
                    self.note(|record| record.end_exec(pid.0, errno.map(|errno| errno.0)));
                }
            }
            Action::Tell(nth, uid, ref said, fds) => {
                self.extended |= said.starts_with(b"EXTEND");
                if let Some(pid) = self.proxy.sys().tell_nth(nth, uid, said, fds) {
                    self.barking.push((pid, said.starts_with(b"STOPPING")));
                    self.note(|record| record.tell(pid.0, uid, said, fds));
                }
            }
            Action::Sleep(seconds) => {
                self.note(|record| record.world(&format!("sleep\t{seconds}")));
                self.proxy.sys().slept += Duration::from_secs(seconds);
            }
            Action::Log(output) => {
                self.note(|record| record.comment(&format!("the log: {output:?}")));
                let log = self.log;
                self.proxy.sys().file(log).output = output;
            }
        }
        Ok(())
    }

    /// The daemon's end of a connection.
    fn connection(&mut self, at: usize) -> &mut File {
        let world = self.proxy.sys();
        let fd = world.connections[at];
        world.file(fd)
    }

    /// The other end is there, too.
    fn is_live(&mut self, at: usize) -> bool {
        let connection = self.connection(at);
        connection.is_open && !connection.peer_gone
    }

    /// It takes what it is told at once, now.
    fn reads(&mut self, at: usize) -> bool {
        matches!(self.connection(at).output, Output::Free | Output::Pieces(_))
    }

    /// The connection of a controller that is there.
    fn known(&mut self, who: usize) -> Option<usize> {
        if let Some(&socket) = self.sockets.get(who) {
            return socket.filter(|&at| self.is_live(at));
        }
        let mut services: Vec<usize> = (0..self.streams.len()).collect();
        services.retain(|&at| self.streams[at].of_service && self.is_live(at));
        services.into_iter().rev().nth(who - SOCKETS)
    }

    /// The same, for one that can send something; it connects if needed.
    fn speaker(&mut self, who: usize) -> Result<Option<usize>, String> {
        if let Some(at) = self.known(who) {
            let speaks = self.streams[at].speaks && !self.connection(at).input_ended;
            return Ok(speaks.then_some(at));
        }
        if who >= SOCKETS || self.proxy.listeners().next().is_none() || self.left.is_some() {
            return Ok(None);
        }
        self.pump()?;
        if self.proxy.listeners().next().is_none() || self.left.is_some() {
            return Ok(None);
        }
        let at = self.connect()?;
        self.sockets[who] = Some(at);
        Ok((self.left.is_none() && self.connection(at).is_open).then_some(at))
    }

    fn connect(&mut self) -> Result<usize, String> {
        let at = self.proxy.sys().connections.len();
        if at != OBSERVER {
            self.note(|record| record.world(&format!("connect\t{}", name(at))));
        }
        let fd = self.proxy.sys().make_connection("connection");
        self.backlog.push(fd);
        self.meet(false);
        self.pump()?;
        Ok(at)
    }

    /// Finds new connections.
    fn meet(&mut self, late: bool) {
        while self.streams.len() < self.proxy.sys().connections.len() {
            let at = self.streams.len();
            let mut stream = Stream::new(self.news.len(), late);
            if let End::Ours(Some(direction)) = self.connection(at).end {
                stream.of_service = true;
                stream.hears = direction != Direction::Commands;
                stream.speaks = direction != Direction::Events;
                self.note(|record| record.world(&format!("controller\t{}", name(at))));
            }
            self.streams.push(stream);
        }
    }

    fn send(&mut self, at: usize, bytes: &[u8], passed: usize) {
        self.note(|record| record.send(&name(at), bytes, passed));
        let passed = (0..passed).map(|nth| self.make_passed(nth)).collect();
        self.connection(at).sends(bytes.to_vec(), passed);
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let mut line = std::mem::take(&mut self.streams[at].half_a_line);
            line.extend_from_slice(piece);
            match line.strip_suffix(b"\n") {
                Some(line) => self.foresee(at, line),
                None => self.streams[at].half_a_line = line,
            }
        }
    }

    /// A descriptor that somebody else has made: a file, or a pipe.
    fn make_passed(&mut self, nth: usize) -> Fd {
        let fd = self.proxy.sys().make("passed");
        let read = FileFlags { read: true, ..FileFlags::default() };
        self.proxy.sys().file(fd).kind = nth.is_multiple_of(2).then_some(FdKind::File(read));
        fd
    }

    /// What this line may bring about, if it is carried out.
    fn foresee(&mut self, at: usize, line: &[u8]) {
        let (tag, command) = match Tagged::split(line) {
            Some(Ok(tagged)) => (Some(tagged.tag), tagged.command().unwrap_or_default()),
            Some(Err(_)) | None => (None, line),
        };
        match Command::parse(command) {
            // What is half written when it moves goes on elsewhere.
            Ok(Command::LogDest { .. } | Command::LogFilter { .. }) => self.log_moves = true,
            Ok(Command::ServiceStart { name, at: time }) => {
                if time == StartTime::Cancel {
                    self.cancelled.push(name.as_bytes().to_vec());
                }
                self.put_off.push(name.as_bytes().to_vec());
                self.expect_start(at);
            }
            Ok(Command::TerminateGuard { on: true, .. }) => self.may_be_guarded = true,
            Ok(Command::ServiceStop { name, .. }) => {
                self.cancelled.push(name.as_bytes().to_vec());
            }
            Ok(Command::ServiceRestart { name, .. }) => {
                self.put_off.push(name.as_bytes().to_vec());
                self.expect_start(at);
            }
            Ok(Command::ServiceAutoUp { .. } | Command::ServiceRelease { .. }) => {
                self.expect_start(at);
            }
            Ok(Command::ConnRestrict { rights, globs }) if rights != Rights::Full => {
                let echo = tag.and_then(|tag| echo_number(tag.as_bytes()));
                self.streams[at].rights.ask(echo, globs.iter());
            }
            Ok(Command::ConnTimer { name, seconds }) => {
                self.streams[at].timers.ask(name.as_bytes(), seconds, self.now);
            }
            _ => {}
        }
    }

    fn expect_start(&mut self, by: usize) {
        if by != OBSERVER {
            // A controller that does not read is heard at some other time.
            self.unclear |= self.streams[by].slow;
            self.ordered = true;
        }
    }

    /// Sends whole lines, even after half a line.
    fn send_lines(&mut self, at: usize, text: &str) {
        if !self.streams[at].half_a_line.is_empty() {
            self.send(at, b"\n", 0);
        }
        self.send(at, text.as_bytes(), 0);
    }

    fn hang_up(&mut self, at: usize) {
        self.connection(at).hang_up();
    }

    fn set_time(&mut self, now: Monotonic) {
        self.now = now;
        self.proxy.sys().now = now;
    }

    fn advance_to(&mut self, end: Monotonic) -> Result<(), String> {
        for _ in 0..MANY {
            if self.left.is_some() {
                return Ok(());
            }
            self.pump()?;
            match self.proxy.deadline().filter(|&at| at <= end) {
                Some(at) => self.set_time(at.max(self.now)),
                None => {
                    self.set_time(end);
                    return Ok(());
                }
            }
        }
        Err("circles: the clock does not get on".to_owned())
    }

    // The loop of the daemon

    fn pump(&mut self) -> Result<(), String> {
        self.see_left_over();
        for (pid, is_the_last) in std::mem::take(&mut self.barking) {
            let last = self.barks.insert(pid, Some(self.now));
            if is_the_last || last == Some(None) {
                self.barks.insert(pid, None);
            }
        }
        for _ in 0..MANY {
            if self.left.is_some() {
                return Ok(());
            }
            let more = self.proxy.run(self.now);
            self.upgrade();
            if let Some(leave) = self.proxy.leave() {
                self.proxy.farewell();
                self.left = Some(leave);
                self.listen()?;
                return self.check_leave(leave);
            }
            self.listen()?;
            let due = self.proxy.deadline().is_some_and(|at| at <= self.now);
            if !self.handle()? && !more && !due {
                return Ok(());
            }
        }
        Err("circles: there is always something more to do".to_owned())
    }

    fn upgrade(&mut self) {
        if self.upgrades {
            world::upgrade(&mut self.proxy);
        }
    }

    /// What happens after a poll(). Returns whether anything has happened.
    fn handle(&mut self) -> Result<bool, String> {
        let someone_connects = self.proxy.listeners().next().is_some() && !self.backlog.is_empty();
        let signals = std::mem::take(&mut self.signals);
        let now = self.now;
        let any = world::turn(&mut self.proxy, now, self.piece, |proxy| {
            for &signal in &signals {
                proxy.signalled(signal, now);
            }
            let sigchld = proxy.sys().take_sigchld();
            if sigchld {
                proxy.children_ended(now);
            }
            sigchld || !signals.is_empty()
        });
        if someone_connects {
            self.proxy.run(self.now);
            let listener = self.proxy.listeners().next();
            if let Some(listener) = listener {
                self.listen()?;
                for fd in std::mem::take(&mut self.backlog) {
                    self.accept(listener, fd);
                }
            }
        }
        Ok(any || someone_connects)
    }

    /// Who comes by a socket may have less than all rights. Which socket it is cannot be seen, but
    /// sometimes it makes no difference.
    fn accept(&mut self, listener: Fd, fd: Fd) {
        let sockets = || self.view.settings().filter(|line| line.starts_with(b"socket.create\t"));
        let has = |line: &[u8], what: &[u8]| line.windows(what.len()).any(|part| part == what);
        let any = sockets().any(|line| has(line, b"rights="));
        let all = sockets().all(|line| has(line, &[LIMITED, b"\t"].concat()));
        if let Some(at) = self.proxy.sys().connections.iter().position(|&known| known == fd) {
            let rights = &mut self.streams[at].rights;
            if any {
                rights.ask(None, std::iter::empty());
            }
            if any && all {
                rights.begin_with(LIMITED_TO);
            }
        }
        self.proxy.accepted(listener, fd, self.now);
    }

    // What comes of it

    /// Reads what has arrived, everywhere.
    fn listen(&mut self) -> Result<(), String> {
        self.meet(true);
        for (pid, end) in std::mem::take(&mut self.proxy.sys().told) {
            self.note(|record| record.reap(pid.0, end));
        }
        for at in 0..self.streams.len() {
            let mut received = std::mem::take(&mut self.connection(at).written);
            if received.is_empty() {
                continue;
            }
            let end = received.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            for line in received[..end].split_inclusive(|&byte| byte == b'\n') {
                self.line(at, &line[..line.len() - 1])
                    .map_err(|fault| format!("{fault} ({} reads it)", name(at)))?;
            }
            received.drain(..end);
            let slow = self.streams[at].slow;
            let connection = self.connection(at);
            if connection.is_open {
                connection.written = received;
            } else if !received.is_empty() && !connection.peer_gone && !slow {
                return Err(format!("cut-line: {:?} for {}", show(&received), name(at)));
            }
        }
        self.check_log()?;
        self.proxy.sys().fault.take().map_or(Ok(()), Err)
    }

    /// Lines of the log that have arrived where it goes at first.
    fn check_log(&mut self) -> Result<(), String> {
        const LEVELS: [&[u8]; 5] = [b"trace: ", b"debug: ", b"info: ", b"warning: ", b"error: "];
        let log_moves = self.log_moves || self.shutting_down;
        let fd = self.log;
        let log = &mut self.proxy.sys().file(fd).written;
        let end = log.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        for line in log[..end].split_inclusive(|&byte| byte == b'\n') {
            if !log_moves && !LEVELS.iter().any(|level| line.starts_with(level)) {
                return Err(format!("log: {:?} has no level", show(line)));
            }
        }
        log.drain(..end);
        Ok(())
    }

    fn line(&mut self, at: usize, line: &[u8]) -> Result<(), String> {
        self.note(|record| record.line(&name(at), line));
        if line.len() >= self.max_line {
            return Err(format!("long-line: {} bytes and an LF: {:?}", line.len(), show(line)));
        }
        if let Ok(Event::ConnTimer { name }) = Event::parse(line) {
            self.streams[at].timers.came(name.as_bytes(), self.now)?;
        }
        if at == OBSERVER { self.observe(line) } else { self.streams[at].line(line, &self.news) }
    }

    fn observe(&mut self, line: &[u8]) -> Result<(), String> {
        let event = parse(line)?;
        if let Some(dump) = &mut self.dump {
            dump.apply(&event);
            return Ok(());
        }
        self.view.apply(&event);
        self.runs.check_order(matches!(event, Event::ServiceRun { .. }))?;
        if event == Event::Overflow {
            return Err("overflow: who reads everything at once missed something".to_owned());
        }
        if matches!(event, Event::TerminateState { .. }) && !self.shutting_down {
            self.shutting_down = true;
            self.patience = self.longest_stop();
            self.proxy.sys().stop_begins();
            let services = self.view.services().map(|(name, _)| name.to_vec());
            services.collect::<Vec<_>>().iter().for_each(|name| self.set_kill(name));
        }
        if let (Event::ServiceOptions { name, .. }, true) = (event, self.shutting_down) {
            self.set_kill(name.as_bytes());
        }
        if let Event::Error { text } = event {
            match StartFailure::of(text) {
                // A retry has its own time.
                Some(StartFailure::NoProcess) => self.ordered = true,
                Some(StartFailure::NoProgram(name)) => self.check_exec_failure(name)?,
                None => {}
            }
        }
        if let Event::ServiceState { name, state } = event {
            self.state(name.as_bytes(), state)?;
            self.runs.state(name.as_bytes(), state);
            self.restarts.state(name.as_bytes(), state);
        }
        if let Event::ServiceRun { name, run, facts } = event {
            self.check_restarts(name, &RunView::new(run, facts))?;
            self.runs.run(name.as_bytes(), run, facts)?;
        }
        if let Event::ServiceOptions { name, .. } = event
            && let Some(service) = self.view.service(name.as_bytes())
        {
            self.restarts.options(name.as_bytes(), service);
        }
        if is_news(&event) {
            self.news.push(line);
        }
        Ok(())
    }

    /// Tells the world what the stop of a service is about.
    fn set_kill(&mut self, name: &[u8]) {
        let Some(service) = self.view.service(name) else { return };
        let kill = kill(service);
        if let StateField::Up { pid, .. } | StateField::Down { pid, .. } = service.state() {
            self.proxy.sys().set_kill(Pid(pid), name, kill);
        }
    }

    fn check_restarts(&mut self, name: Name<'_>, run: &RunView) -> Result<(), String> {
        let name = name.as_bytes();
        let before = self.runs.known(name);
        let unsure = self.ordered || self.unclear;
        let moment = Moment { view: &self.view, before, now: self.now, unsure };
        self.restarts.run(name, run, &moment)
    }

    /// That a start has failed is told once, between its `up` and its `down`.
    fn check_exec_failure(&mut self, name: &[u8]) -> Result<(), String> {
        let up = self.up.iter().find(|(up, _)| up == name).map(|&(_, pid)| Pid(pid));
        let untold = &mut self.proxy.sys().untold;
        match untold.iter().position(|&pid| Some(pid) == up) {
            Some(at) => {
                untold.swap_remove(at);
                Ok(())
            }
            None => Err(format!("wrong-error: the start of {:?} did not fail", show(name))),
        }
    }

    /// A service is said to be in this state now.
    fn state(&mut self, name: &[u8], state: StateField) -> Result<(), String> {
        let up = self.up.iter().position(|(up, _)| up == name);
        let shown = || String::from_utf8_lossy(name).into_owned();
        match (state, up) {
            (StateField::Up { pid, .. }, None) => self.up.push((name.to_vec(), pid)),
            (StateField::Up { pid, .. }, Some(_)) => {
                return Err(format!("two-instances: {} is up again, as pid {pid}", shown()));
            }
            (StateField::Down { pid, .. }, Some(at)) => {
                let (_, before) = self.up.swap_remove(at);
                let (pids, since) = self.last_pids.entry(name.to_vec()).or_default();
                pids.push(Pid(before));
                *since = None;
                if pid != before {
                    return Err(format!("wrong-pid: {} was {before}, ended as {pid}", shown()));
                }
                if self.proxy.sys().untold.contains(&Pid(pid)) {
                    return Err(format!("lost-error: {} could not be executed", shown()));
                }
            }
            (state, Some(_)) => {
                return Err(format!("never-down: {} is {state:?}, but it runs", shown()));
            }
            (_, None) => {}
        }
        self.check_interval(name, state)?;
        let starts = matches!(state, StateField::Up { .. } | StateField::Starting { .. });
        if starts && self.shutting_down {
            return Err(format!("started-in-shutdown: {} is {state:?}", shown()));
        }
        Ok(())
    }

    /// What a trigger starts waits for its interval.
    fn check_interval(&mut self, name: &[u8], state: StateField) -> Result<(), String> {
        let at = match self.starts.iter().position(|start| start.name == name) {
            Some(at) => at,
            None => {
                self.starts.push(Start { name: name.to_vec(), last: None, by_hand: false });
                self.starts.len() - 1
            }
        };
        let start = &mut self.starts[at];
        match state {
            StateField::Starting { .. } => {
                start.by_hand |= self.ordered || self.restarts.is_owed(name);
            }
            StateField::Up { since, .. } => {
                let interval = self.view.service(name).and_then(ServiceView::interval);
                let last = start.last.replace(since).unwrap_or_default();
                let earliest = last + i64::from(interval.unwrap_or_default());
                let put_off = self.put_off.iter().any(|put_off| put_off == name);
                let by_hand = std::mem::take(&mut start.by_hand) || self.ordered || self.unclear;
                let by_hand = by_hand || put_off;
                if !by_hand && since < earliest {
                    let name = String::from_utf8_lossy(name);
                    return Err(format!("too-soon: {name} at {since}, not before {earliest}"));
                }
            }
            StateField::Deleted => start.last = None,
            StateField::NeverStarted | StateField::Down { .. } => start.by_hand = false,
        }
        Ok(())
    }

    /// What holds whenever there is nothing left to do at once.
    fn check_all(&mut self) -> Result<(), String> {
        if self.left.is_some() {
            return Ok(());
        }
        self.ordered = false;
        if !self.shutting_down {
            self.restarts.check()?;
            self.check_main()?;
        }
        let world = self.proxy.sys();
        if world.child_count() != self.up.len() {
            let (children, up) = (world.child_count(), self.up.len());
            return Err(format!("children: there are {children}, and {up} services are up"));
        }
        if let Some((name, pid)) = self.up.iter().find(|(_, pid)| !world.has_child(Pid(*pid))) {
            let name = String::from_utf8_lossy(name);
            return Err(format!("children: {name} is up as pid {pid}, which is not there"));
        }
        let now = self.now.seconds();
        for (name, service) in self.view.services() {
            let is_late = matches!(service.state(), StateField::Starting { at } if at < now);
            // After a stop it waits for what is left of its runs, which is looked for at least once a
            // second.
            let since = match self.last_pids.get_mut(name) {
                None => 0,
                Some((pids, since))
                    if is_late
                        && !pids.iter().any(|pid| self.proxy.sys().is_number_of_others(*pid))
                        && !self.proxy.sys().has_cgroup_members(name) =>
                {
                    *since.get_or_insert(now)
                }
                Some((_, since)) => {
                    *since = None;
                    now
                }
            };
            if is_late && since + 1 < now {
                let name = String::from_utf8_lossy(name);
                return Err(format!("late: {name} was to be started before {now}"));
            }
        }
        self.check_ready()?;
        self.check_watchdogs()?;
        for at in 0..self.streams.len() {
            let slow = !self.reads(at);
            self.streams[at].slow = slow;
            if at == OBSERVER || slow || !self.streams[at].hears || !self.is_live(at) {
                continue;
            }
            let unread = self.connection(at).unread();
            if unread == 0 {
                self.streams[at].timers.check(self.now)?;
            }
            let stream = &self.streams[at];
            if !stream.is_up_to_date(&self.news) {
                return Err(format!("lost-news: {} has not heard everything", name(at)));
            }
            if unread == 0 && !stream.is_answered() {
                return Err(format!("lost-echo: {} waits for one", name(at)));
            }
        }
        Ok(())
    }

    /// Whoever is not ready in time is being stopped.
    fn check_ready(&self) -> Result<(), String> {
        if self.shutting_down || self.extended {
            return Ok(());
        }
        let now = Duration::from_nanos(self.now.nanos());
        for (name, service) in self.view.services() {
            let run = service.run();
            let is_up = matches!(service.state(), StateField::Up { .. });
            let within = Options::new(service.options()).iter().filter_map(|option| match option {
                ServiceOption::ReadyWithin(time) => Some(time),
                _ => None,
            });
            if let (true, Some(within), Some(start)) = (is_up, within.last(), run.time(Fact::Start))
                && start + within <= now
                && ![Fact::Ready, Fact::Stop].iter().any(|&fact| run.has(fact))
            {
                let name = String::from_utf8_lossy(name);
                return Err(format!("not-late: {name} is not ready in time, and goes on"));
            }
        }
        Ok(())
    }

    /// Whoever does not say in time that it is alive has been told to end.
    fn check_watchdogs(&self) -> Result<(), String> {
        if self.shutting_down {
            return Ok(());
        }
        for (name, service) in self.view.services() {
            let run = service.run();
            let is_up = matches!(service.state(), StateField::Up { .. });
            let pid = run.count(Fact::Pid).and_then(|pid| i32::try_from(pid).ok()).map(Pid);
            let watchdog =
                Options::new(service.options()).iter().filter_map(|option| match option {
                    ServiceOption::Watchdog(time) => Some(time),
                    _ => None,
                });
            // It has the options with which it was started.
            if run.has(Fact::Stop) || run.has(Fact::Stale) || !is_up {
                continue;
            }
            if let (Some(time), Some(ready), Some(pid)) =
                (watchdog.last(), run.time(Fact::Ready), pid)
                && let Some(bark) =
                    self.barks.get(&pid).copied().unwrap_or(Some(Monotonic::default()))
                && ready.max(Duration::from_nanos(bark.nanos())) + time
                    <= Duration::from_nanos(self.now.nanos())
            {
                let name = String::from_utf8_lossy(name);
                return Err(format!(
                    "not-bitten: {name} does not say that it is alive, and goes on"
                ));
            }
        }
        Ok(())
    }

    /// Notes whether something is left of services that the daemon has stopped by itself.
    fn see_left_over(&mut self) {
        for (name, service) in self.view.services() {
            if service.run().has(Fact::Late)
                && let Some(pid) = service.run().count(Fact::Pid)
                && (self.proxy.sys().is_number_of_others(Pid(pid as i32))
                    || kill(service) == Kill::Cgroup && self.proxy.sys().has_cgroup_members(name))
            {
                self.left_over.insert(name.to_vec(), self.now.seconds());
            }
        }
    }

    fn ask_dump(&mut self) -> Result<StateView, String> {
        self.dump = Some(StateView::new());
        self.send(OBSERVER, b"statedump\necho\tdone\n", 0);
        self.pump()?;
        self.dump.take().ok_or_else(|| "dump: there is none".to_owned())
    }

    /// Compares what everybody knows with what there is.
    fn compare(&mut self) -> Result<(), String> {
        if self.left.is_some() {
            return Ok(());
        }
        let dump = self.ask_dump()?;
        if self.left.is_some() {
            return Ok(());
        }
        if let Some(difference) = difference(&self.view, &dump, Settings::Too) {
            return Err(format!("view: events and state differ: {difference}"));
        }
        for ((name, known), (_, is)) in self.view.services().zip(dump.services()) {
            if !runs::same(known.run(), is.run()) {
                let (name, known, is) = (String::from_utf8_lossy(name), known.run(), is.run());
                return Err(format!("view: of the run of {name}, {known:?} is {is:?}"));
            }
        }
        self.check_triggers(&dump)?;
        self.check_pools(&dump)?;
        for at in 1..self.streams.len() {
            if !self.is_live(at) || !self.reads(at) {
                continue;
            }
            if let Some(view) = self.streams[at].view()
                && let Some(difference) = difference(view, &dump, Settings::Unknown)
            {
                return Err(format!("view: events of {} and state differ: {difference}", name(at)));
            }
        }
        Ok(())
    }

    /// Makes the state again in another daemon.
    fn make_again(&mut self) -> Result<(), String> {
        if self.left.is_some() {
            return Ok(());
        }
        let dump = self.ask_dump()?;
        if self.left.is_some() {
            return Ok(());
        }
        let commands = dump.commands();
        if self.view.commands() != commands {
            return Err("remake: events and state make different commands".to_owned());
        }
        law::check(&dump, &commands, self.limits)
    }

    /// There is never more than the pools have room for, and nothing has more text than its room.
    fn check_pools(&self, dump: &StateView) -> Result<(), String> {
        if let Some(pool) = self.limits.services {
            let text = |service: &ServiceView| {
                [service.args(), service.tags(), service.options(), service.env(), service.fds()]
                    .map(|list| list.as_bytes().len())
            };
            // A list of descriptors that was never set is shown, and takes no room.
            let over = |service: &ServiceView| {
                let [args, tags, options, env, fds] = text(service);
                args + tags + options + env > pool.bytes
                    || fds > pool.bytes.max(b"null\tnull\tnull".len())
            };
            if dump.services().count() > pool.count || dump.services().any(|(_, s)| over(s)) {
                return Err("service-pool: there is more than fits".to_owned());
            }
        }
        let most = self.limits.fds.map_or(usize::MAX, |pool| pool.count.max(limits::MIN_FDS));
        if dump.fds().count() > most {
            return Err("fd-pool: there are more than fit".to_owned());
        }
        Ok(())
    }

    /// Every service with a trigger that holds is running, or is about to.
    fn check_triggers(&self, dump: &StateView) -> Result<(), String> {
        let pending: Vec<Signal> = dump.signals().map(|(signal, _)| signal).collect();
        for (name, service) in dump.services() {
            let triggers = service.triggers();
            let holds = triggers.always || pending.iter().any(|&signal| triggers.contains(signal));
            let down =
                matches!(service.state(), StateField::Down { .. } | StateField::NeverStarted);
            let cancelled = self.cancelled.iter().any(|cancelled| cancelled == name);
            // The daemon has stopped it, and something of it was left a second ago: it is looked for
            // that often.
            let now = self.now.seconds();
            let run = service.run();
            let ended = run.time(Fact::End).filter(|_| run.has(Fact::Late));
            let ended = ended.map(|end| end.as_secs() as i64);
            let stopping =
                self.left_over.get(name).copied().max(ended).is_some_and(|seen| seen + 1 >= now);
            let cancelled = cancelled || service.run().has(Fact::Held);
            let idle = service.args().is_empty() || stopping || cancelled;
            if holds && down && !idle && !self.shutting_down {
                let name = String::from_utf8_lossy(name);
                return Err(format!("not-started: {name} is down, and a trigger holds"));
            }
        }
        Ok(())
    }

    /// The service that the daemon is there for.
    fn main(&self) -> Option<(&[u8], &ServiceView)> {
        let is_main = |service: &ServiceView| {
            Options::new(service.options()).iter().any(|option| option == ServiceOption::Main)
        };
        self.view.services().find(|(_, service)| is_main(service))
    }

    /// The exit status of a daemon that nothing has gone wrong for.
    fn status_of_main(&self) -> i32 {
        let run = self.main().map(|(_, service)| service.run()).filter(|run| run.has(Fact::End));
        let Some(run) = run else { return 0 };
        let signal = run.word(Fact::Signal).and_then(Signal::parse).map(Signal::number);
        let exit = run.count(Fact::Exit).and_then(|status| status.try_into().ok());
        exit.or(signal.map(|number| 128 + number)).unwrap_or_default()
    }

    /// A main service that has ended for good is the end of the daemon, unless that is guarded.
    fn check_main(&mut self) -> Result<(), String> {
        let Some((name, service)) = self.main() else { return Ok(()) };
        let run = service.run();
        let is_down = matches!(service.state(), StateField::Down { .. });
        let is_held = run.has(Fact::Held) && !run.has(Fact::Gaveup);
        let pid = run.count(Fact::Pid).and_then(|pid| pid.try_into().ok()).map_or(Pid(0), Pid);
        let is_over = is_down && run.number() > 0 && !is_held && !run.has(Fact::Stop);
        let name = show(name);
        if is_over
            && !self.may_be_guarded
            && !self.shutting_down
            && !self.proxy.sys().has_group(pid)
        {
            return Err(format!("main: {name} has ended, and the daemon goes on"));
        }
        Ok(())
    }

    fn check_leave(&mut self, leave: Leave) -> Result<(), String> {
        let left_over = self.proxy.sys().left_over();
        if leave.reason == "orderly shutdown" {
            let phase = self.view.shutdown().map(|(phase, _)| phase);
            // One that begins when the suite has gone is told to nobody.
            if !self.connection(OBSERVER).peer_gone && phase != Some(ShutdownPhase::Flushing) {
                return Err(format!("shutdown: it was last said to be {phase:?}"));
            }
            // Nothing is told to a suite that has gone.
            let is_told = !self.connection(OBSERVER).peer_gone;
            if ![self.status_of_main(), 7, 10, 11].contains(&leave.code) && is_told {
                return Err(format!("exit-code: {}", leave.code));
            }
        }
        if leave.reason == "orderly shutdown" && left_over > 0 && leave.code != 11 {
            return Err(format!("exit-code: {left_over} still run, and it is {}", leave.code));
        }
        Ok(())
    }

    // The end

    fn shut_down(&mut self, [term, kill, flush]: [u32; 3]) -> Result<(), String> {
        let has_begun = self.shutting_down;
        let line = format!("terminate.shutdown\t{term}\t{kill}\t{flush}\n");
        self.send(OBSERVER, line.as_bytes(), 0);
        self.pump()?;
        if !self.shutting_down {
            // The guard is on.
            return Ok(());
        }
        // Where the guard is on, this has not shortened the times of one that has begun.
        let is_refused = has_begun && self.may_be_guarded;
        if is_refused {
            return self.wait_for_an_end_without_times();
        }
        self.wait_for_the_end([term, kill, flush])
    }

    /// The end of a shutdown of which it is not known that it was given any times.
    fn wait_for_an_end_without_times(&mut self) -> Result<(), String> {
        if self.patience == NEVER {
            // Somebody may wait for as long as it takes.
            self.proxy.sys().end_all();
            self.pump()?;
            self.patience = PATIENCE;
        }
        self.wait_for_the_end([self.patience, 5, 5])
    }

    fn wait_for_the_end(&mut self, [term, kill, flush]: [u32; 3]) -> Result<(), String> {
        // However many services there are, and however they depend on each other.
        let most = 1_000 * (u64::from(term) + u64::from(kill + flush + 1));
        let end = self.now.plus_millis(most);
        while self.left.is_none() {
            if self.now >= end {
                return Err(format!("shutdown: not at its end after {most} ms"));
            }
            self.advance_to(self.now.plus_millis(500))?;
        }
        Ok(())
    }

    /// Seconds until SIGKILL in a shutdown that begins now and does not say them: as many as the
    /// most patient of those have that there is something to stop of.
    fn longest_stop(&self) -> u32 {
        let ran = self.view.services().filter(|(_, service)| service.run().number() > 0);
        let times = ran.filter_map(|(_, service)| {
            let options = Options::new(service.options());
            let times = options.iter().filter_map(|option| match option {
                ServiceOption::StopAfter(seconds) => Some(seconds),
                _ => None,
            });
            times.last()
        });
        times.max().unwrap_or_default().max(PATIENCE)
    }

    /// Everything goes away, and nothing may be left over.
    fn clear_up(&mut self) -> Result<(), String> {
        self.note(|record| record.comment("everything goes away"));
        self.proxy.sys().be_kind();
        for at in 1..self.streams.len() {
            self.hang_up(at);
        }
        self.pump()?;
        if self.shutting_down && self.left.is_none() {
            // A controller that did not read had a shutdown to ask for.
            return self.wait_for_an_end_without_times();
        }
        let mut lines = Vec::new();
        for (name, _) in self.view.services() {
            for start in [b"service.auto_up\t".as_slice(), b"service.start\t"] {
                lines.extend_from_slice(start);
                lines.extend_from_slice(name);
                lines.extend_from_slice(b"\t-\n");
            }
        }
        self.send(OBSERVER, &lines, 0);
        self.pump()?;
        self.proxy.sys().end_all();
        self.pump()?;
        // What is left of a group is looked for once a second; until then a stop goes on.
        self.advance_to(self.now.plus_seconds(2))?;
        if self.left.is_some() {
            return Ok(());
        }
        let view = self.ask_dump()?;
        // What is half a line may have given a socket any name.
        let mut lines = b"socket.delete\n".to_vec();
        for line in view.settings() {
            let options = line.split(|&byte| byte == b'\t').nth(1).unwrap_or_default();
            let name = options.split(|&byte| byte == b',').find_map(|it| it.strip_prefix(b"name="));
            if let Some(name) = name.filter(|_| line.starts_with(b"socket.create\t")) {
                lines.extend_from_slice(&[b"socket.delete\t", name, b"\n"].concat());
            }
        }
        for (start, name) in
            (view.services().map(|(name, _)| (b"service.delete\t".as_slice(), name)))
                .chain(view.fds().map(|(name, _)| (b"fd.delete\t".as_slice(), name)))
        {
            lines.extend_from_slice(start);
            lines.extend_from_slice(name);
            lines.push(b'\n');
        }
        self.send(OBSERVER, &lines, 0);
        self.pump()?;
        let view = self.ask_dump()?;
        if self.left.is_some() {
            return Ok(());
        }
        let services = view.services().count();
        let fds = view.fds().count();
        if services > 0 || fds > 4 {
            return Err(format!("left-over: {services} services, {fds} descriptors"));
        }
        self.hang_up(OBSERVER);
        self.pump()?;
        if self.left.is_some() {
            return Ok(());
        }
        for fd in std::mem::take(&mut self.backlog) {
            self.proxy.sys().close(fd);
        }
        self.proxy.sys().drop_unread();
        let open = self.proxy.sys().open_files();
        if open != ["null"] {
            return Err(format!("leak: these are still open: {open:?}"));
        }
        self.proxy.sys().fault.take().map_or(Ok(()), Err)
    }
}

/// What a stop of this service is about.
fn kill(service: &ServiceView) -> Kill {
    let kill = Options::new(service.options()).iter().filter_map(|option| match option {
        ServiceOption::Kill(kill) => Some(kill),
        _ => None,
    });
    kill.last().unwrap_or(Kill::Group)
}

/// What an `error` event says of the start of a service.
enum StartFailure<'a> {
    /// There is no process; it is tried again.
    NoProcess,
    /// This service has a process, but no program in it.
    NoProgram(&'a [u8]),
}

impl<'a> StartFailure<'a> {
    fn of(text: &'a [u8]) -> Option<Self> {
        let begins = |start: &str| text.starts_with(start.as_bytes());
        if begins("cannot make a process ") {
            return Some(Self::NoProcess);
        }
        if !begins("cannot execute ") && !begins("cannot set up ") {
            return None;
        }
        // The name has no quotation mark in it, but the text before it may have some.
        let text = text.strip_suffix(b"\"")?;
        let quote = text.iter().rposition(|&byte| byte == b'"')?;
        text[..quote].ends_with(b", for service ").then(|| Self::NoProgram(&text[quote + 1..]))
    }
}

/// What a connection is called in a transcript.
fn name(at: usize) -> String {
    if at == OBSERVER { String::new() } else { format!("c{at}") }
}
