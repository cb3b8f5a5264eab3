//! Plays a history to the state machine, as the loop of the daemon would, and checks the results.
//!
//! The first connection belongs to the suite. It reads everything at once and asks only for dumps,
//! so what it reads is what happens; all others are compared with that.
//!
//! [`steps`] has what a history does, with the [`controllers`] that it goes through, and
//! [`foreseen`] what a command may bring about. [`turns`] is the loop of the daemon; [`listening`]
//! takes what is said, and [`starts`] checks what is said of services. [`quiet`] has what holds
//! whenever nothing is left to do, [`comparison`] compares what is known with what there is,
//! [`recovery`] stops the faults and waits for what should run; [`leaving`] is about the end of the
//! daemon, and [`ending`] brings it about.

mod comparison;
mod controllers;
mod ending;
mod foreseen;
mod leaving;
mod listening;
mod quiet;
mod recovery;
mod starts;
mod steps;
mod turns;

use std::collections::BTreeMap;

use daemonproxy_core::{ControllerKind, Fd, Leave, Limits, Monotonic, Pid, Proxy};
use daemonproxy_protocol::{LogFilter, Signal, StateView};
use daemonproxy_testing::world::{self, World};

use super::START;
use super::alive::Alive;
use super::deadman::Deadman;
use super::history::{History, SOCKETS, Upgrades};
use super::record::Record;
use super::restarts::Restarts;
use super::runs::Runs;
use super::stream::{News, Stream};
use leaving::PATIENCE;
use starts::Start;

/// More rounds than any step needs.
const MANY: usize = 20_000;
/// Steps between two comparisons of what is known with what there is.
const COMPARE_EVERY: usize = 50;
/// The connection of the suite.
const OBSERVER: usize = 0;

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
    alive: Alive,
    deadman: Deadman,
    limits: Limits,
    /// The dump that is being read.
    dump: Option<StateView>,
    /// The services that run, as far as was reported.
    up: Vec<(Vec<u8>, i32)>,
    /// How many starts were reported, and which of them was the last one of each service: pids are
    /// used again.
    started: u64,
    last_starts: BTreeMap<Vec<u8>, u64>,
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
    shutting_down: bool,
    /// Seconds until SIGKILL in a shutdown that does not say them, as it began.
    patience: u32,
    /// The guard was on at some time.
    may_be_guarded: bool,
    left: Option<Leave>,
    /// Where the log goes at first.
    log: Fd,
    record: Option<Record>,
    upgrades: Upgrades,
    /// The turn of this step at which there is an upgrade, the first being 0.
    upgrade_at: usize,
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
            alive: Alive::default(),
            deadman: Deadman::default(),
            dump: None,
            up: Vec::new(),
            started: 0,
            last_starts: BTreeMap::new(),
            starts: Vec::new(),
            log_moves: false,
            ordered: false,
            unclear: false,
            cancelled: Vec::new(),
            put_off: Vec::new(),
            last_pids: BTreeMap::new(),
            left_over: BTreeMap::new(),
            shutting_down: false,
            patience: PATIENCE,
            may_be_guarded: history.guard.is_some(),
            left: None,
            log,
            record,
            upgrades: history.upgrades,
            upgrade_at: 0,
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
        self.recover()?;
        if self.left.is_some() {
            return Ok(());
        }
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
}

/// What a connection is called in a transcript.
fn name(at: usize) -> String {
    if at == OBSERVER { String::new() } else { format!("c{at}") }
}
