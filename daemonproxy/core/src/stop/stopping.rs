//! The stops that are under way, and their steps.
//!
//! A stop is SIGTERM and SIGCONT to the main process (which would not see the first while it is stopped);
//! when that has ended and others of its group remain, they get the same; at the deadline SIGKILL to all
//! of the group. A service that reads from pipes, or is a controller, is first left to end by itself, and
//! gets SIGCONT only. It is over when nobody of the group is left (`reaping.rs`).

use daemonproxy_protocol::{LogLevel, Signal};

use crate::limits::{Limits, MIN_FDS};
use crate::memory::{NoRoom, Reserved, at_start};
use crate::proxy::Proxy;
use crate::stop::one_stop::{Main, OneStop, Step};
use crate::stop::order::Order;
use crate::stop::shutdown::Shutdown;
use crate::system::{Monotonic, Pid, System};
use crate::table::{Record, Slot};

/// Milliseconds until the second look at a group that is slow to end; each of the next comes twice as late.
const FIRST_PAUSE: u64 = 10;
/// Milliseconds between two looks at the most.
const LONGEST_PAUSE: u64 = 1000;
/// So many processes may be looked at in a millisecond of pause: a look at ten thousand takes its time.
const PROCESSES_PER_MILLI: u64 = 128;

/// Everything about stopping.
pub(crate) struct Stopping {
    /// The stops under way, by pid.
    pub(crate) list: Vec<OneStop>,
    pub(crate) order: Order,
    pub(crate) shutdown: Option<Shutdown>,
    pub(crate) looks: Looks,
}

impl Stopping {
    /// With room for all services of a pool, and all pipes between them.
    pub(crate) fn new(limits: &Limits) -> Self {
        let services = limits.services.map_or(0, |pool| pool.count);
        let fds = limits.fds.map_or(0, |pool| pool.count.max(MIN_FDS));
        Self {
            list: at_start(services),
            order: Order::with_capacity(services, fds),
            shutdown: None,
            looks: Looks::default(),
        }
    }

    /// Makes sure that so many services can be stopped, whatever the memory is like then.
    pub(crate) fn reserve(&mut self, services: usize) -> Result<(), NoRoom> {
        let more = services.saturating_sub(self.list.len());
        Ok(self.list.try_reserve(more)?)
    }

    /// The place of the stop of that group.
    pub(crate) fn find(&self, pid: Pid) -> Option<usize> {
        self.list.binary_search_by_key(&pid, |stop| stop.pid).ok()
    }

    /// Whether something of the service is still being stopped.
    pub(crate) fn is_stopping(&self, slot: Slot) -> bool {
        self.list.iter().any(|stop| stop.slot == slot)
    }

    /// Adds a stop, unless there is one.
    pub(crate) fn add(&mut self, pid: Pid, slot: Slot) {
        if let Err(place) = self.list.binary_search_by_key(&pid, |stop| stop.pid)
            && self.reserve(self.list.len() + 1).is_ok()
        {
            self.list.put_at(place, OneStop::new(pid, slot));
        }
    }

    /// Forgets one that is over.
    pub(crate) fn remove(&mut self, at: usize) {
        self.list.remove(at);
        if self.list.is_empty() {
            self.looks = Looks::default();
        }
        self.look_again();
    }

    /// Something has happened that others may have waited for.
    pub(crate) fn look_again(&mut self) {
        if let Some(shutdown) = &mut self.shutdown {
            shutdown.changed = true;
        }
    }

    /// Those that still run and were not given up.
    pub(crate) fn left(&self) -> impl Iterator<Item = &OneStop> {
        self.list.iter().filter(|stop| stop.is_left())
    }

    /// When something is due in here even if nothing happens.
    pub(crate) fn deadline(&self, now: Monotonic) -> Option<Monotonic> {
        let steps = self.list.iter().filter_map(OneStop::deadline);
        let shutdown = self.shutdown.as_ref().and_then(|one| one.deadline(now, &self.list));
        steps.chain(self.looks.at()).chain(shutdown).min()
    }
}

/// When to look at all processes next. Only asked for while a stop is under way: when a child has ended,
/// and as long as a stop waits for others of its group, which are not our children and end unheard.
#[derive(Default)]
pub(crate) struct Looks {
    at: Option<Monotonic>,
    /// Not sooner than this, for the last look cost something.
    not_before: Monotonic,
    /// Milliseconds until the next one.
    pause: u64,
    /// Processes cannot be looked at here.
    blind: bool,
}

impl Looks {
    pub(crate) fn at(&self) -> Option<Monotonic> {
        self.at
    }

    pub(crate) fn is_due(&self, now: Monotonic) -> bool {
        self.at.is_some_and(|at| at <= now)
    }

    pub(crate) fn are_blind(&self) -> bool {
        self.blind
    }

    /// Only the kernel can be asked from now on, group by group.
    pub(crate) fn go_blind(&mut self) {
        self.blind = true;
    }

    /// A child has ended.
    pub(crate) fn at_once(&mut self, now: Monotonic) {
        self.pause = FIRST_PAUSE;
        self.by(now);
    }

    /// A group has got a signal, and will need a moment.
    pub(crate) fn soon(&mut self, now: Monotonic) {
        self.pause = FIRST_PAUSE;
        self.by(now.plus_millis(FIRST_PAUSE));
    }

    fn by(&mut self, at: Monotonic) {
        let at = at.max(self.not_before);
        self.at = Some(self.at.map_or(at, |before| before.min(at)));
    }

    /// There was one. `again`: somebody is still being waited for.
    pub(crate) fn looked(&mut self, now: Monotonic, processes: u64, again: bool) {
        self.not_before = now.plus_millis(processes / PROCESSES_PER_MILLI);
        self.at = None;
        if again {
            let pause = self.pause.clamp(FIRST_PAUSE, LONGEST_PAUSE);
            self.by(now.plus_millis(pause));
            self.pause = 2 * pause;
        }
    }
}

impl<S: System> Proxy<S> {
    /// The next step of every stop whose time has come.
    pub(crate) fn run_stops(&mut self) {
        let ended_and_due = |stop: &OneStop| stop.main != Main::Runs && stop.is_due(self.now);
        // Who has gone unheard needs no SIGKILL, and is not given up.
        if self.stopping.looks.is_due(self.now) || self.stopping.list.iter().any(ended_and_due) {
            self.look_at_groups();
        }
        let Some(times) = self.stopping.shutdown.as_ref().map(|shutdown| shutdown.times) else {
            return;
        };
        for at in 0..self.stopping.list.len() {
            let stop = &mut self.stopping.list[at];
            if !stop.is_due(self.now) {
                continue;
            }
            match stop.step {
                Step::Eof => {
                    stop.set_step(Step::Term, times.kill_at(self.now));
                    self.send_term(at);
                }
                Step::Term => {
                    stop.set_step(Step::Kill, times.end);
                    self.send_kill(at);
                    self.log_step(at, b"' does not end: killing it");
                    self.needed_kill();
                }
                Step::Kill => {
                    stop.set_step(Step::GivenUp, times.end);
                    self.log_step(at, b"' outlived SIGKILL: giving up");
                    self.outlived_kill();
                }
                Step::Waiting | Step::GivenUp => {}
            }
        }
    }

    /// SIGTERM and SIGCONT: to the main process, or to those who have outlived it.
    pub(crate) fn send_term(&mut self, at: usize) {
        self.send(at, &[Signal::TERM, Signal::CONT]);
    }

    /// SIGKILL to all of the group, and to the main process, in case it has left its group.
    fn send_kill(&mut self, at: usize) {
        let OneStop { pid, main, .. } = self.stopping.list[at];
        if main == Main::Runs {
            let _ = self.sys.kill(pid, Signal::KILL, false);
        }
        self.signal_group(at, Signal::KILL);
    }

    /// What fails here fails because somebody has just gone, which is as well.
    pub(crate) fn send(&mut self, at: usize, signals: &[Signal]) {
        let OneStop { pid, main, .. } = self.stopping.list[at];
        for &signal in signals {
            if main == Main::Runs {
                let _ = self.sys.kill(pid, signal, false);
            } else {
                self.signal_group(at, signal);
            }
        }
    }

    fn signal_group(&mut self, at: usize, signal: Signal) {
        let stop = &mut self.stopping.list[at];
        stop.group_told |= stop.main != Main::Runs;
        let OneStop { pid, main, .. } = *stop;
        // When the main process was reaped the number may be anybody's as soon as nobody has it.
        if main != Main::Reaped || self.sys.has_group(pid) {
            let _ = self.sys.kill(pid, signal, true);
        }
        self.stopping.looks.soon(self.now);
    }

    /// The main process has ended, and a look has found others of its group.
    pub(crate) fn go_on_with_the_group(&mut self, at: usize) {
        let stop = self.stopping.list[at];
        match stop.step {
            Step::Term if !stop.group_told => {
                self.send_term(at);
                self.log_stop(LogLevel::Info, at, b"' has left processes behind: stopping them");
            }
            // Somebody may have come into the group since.
            Step::Kill => {
                let _ = self.sys.kill(stop.pid, Signal::KILL, true);
            }
            Step::Waiting | Step::Eof | Step::Term | Step::GivenUp => {}
        }
    }

    fn log_step(&mut self, at: usize, what: &[u8]) {
        self.log_stop(LogLevel::Warning, at, what);
    }

    fn log_stop(&mut self, level: LogLevel, at: usize, what: &[u8]) {
        let name = *self.services.get(self.stopping.list[at].slot).name_buf();
        self.log(level, &[b"service '", name.as_bytes(), what]);
    }

    /// Says of which services something is still there although their main process has ended.
    pub(crate) fn log_left_behind(&mut self) {
        for at in 0..self.stopping.list.len() {
            let OneStop { slot, pid, main, .. } = self.stopping.list[at];
            if main != Main::Runs {
                let what = b"' has left processes of the group ";
                self.say_of_service(slot, what, pid, |proxy, text| {
                    proxy.log(LogLevel::Warning, &[text]);
                });
            }
        }
    }
}
