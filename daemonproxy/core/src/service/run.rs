//! What a service does: the run that goes on, or else its last one, and the start that is planned.
//!
//! A run is one life of a service. Its facts are kept until the next run begins, also while that
//! one is planned; `service.run` tells them. There may be many thousands of services, so everything
//! in here is as small as it can be.

use std::num::NonZeroU64;
use std::time::Duration;

use daemonproxy_protocol::{Fact, FactWriter, Fields, RunFailure, Signal};

use crate::limits::MIN_MAX_LINE;
use crate::notify::notifying::Notifier;
use crate::service::restarts::Restarts;
use crate::system::{Death, Ended, Monotonic, Pid, SpawnFailure, SpawnStage, Spawned};
use crate::upgrade::state::{Writer, carried, carried_words};
use crate::upgrade::value::{Value, halves};

/// Whether it runs.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// No.
    Down,
    /// No, and it will be started.
    Starting,
    /// Yes.
    Up,
}

/// What started a run.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// A command.
    Order,
    /// It is always to run.
    Always,
    /// This signal is pending.
    Signal(Signal),
    /// The conditions of this trigger hold: its place among those with conditions.
    Nth(u8),
    /// The conditions of a trigger held that the service does not have any more.
    Condition,
}

/// More processes that a run has left behind are not told one by one.
const MOST_LEFT: u32 = 9999;

/// The longest trigger that is told as what started a run.
const LONGEST_TRIGGER: usize = 64;

/// A moment that may not have come, in eight bytes: nanoseconds and one.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
struct Mark(Option<NonZeroU64>);

impl Mark {
    fn at(moment: Monotonic) -> Self {
        Self(NonZeroU64::new(moment.nanos().saturating_add(1)))
    }

    fn nanos(self) -> Option<u64> {
        self.0.map(|nanos| nanos.get() - 1)
    }

    fn get(self) -> Option<Monotonic> {
        self.nanos().map(Monotonic::from_nanos)
    }
}

/// How a process has ended, in two bytes: the kernel has eight bits for a status.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Fate {
    Exit(u8),
    Signal(Signal),
}

/// Why a process could not become its program; Linux has less than 4096 error numbers.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Failure {
    stage: SpawnStage,
    errno: u16,
}

/// What holds together what a process starts, besides its group: bits.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Bounds(u8);

impl Bounds {
    const NONE: Self = Self(0);
    const SESSION: u8 = 1;
    const CGROUP: u8 = 2;

    pub(super) fn new(session: bool, cgroup: bool) -> Self {
        Self(u8::from(session) * Self::SESSION + u8::from(cgroup) * Self::CGROUP)
    }

    pub(super) fn has_session(self) -> bool {
        self.0 & Self::SESSION != 0
    }

    pub(super) fn has_cgroup(self) -> bool {
        self.0 & Self::CGROUP != 0
    }
}

/// See the top of this file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Counts the starts of all services. 0: it never ran, and the rest says nothing.
    number: u32,
    /// Counts the starts of this one.
    starts: u32,
    why: Why,
    pid: Pid,
    start: Monotonic,
    exec: Mark,
    failed: Option<Failure>,
    stop: Mark,
    killed: bool,
    end: Mark,
    ending: Option<Fate>,
    core: bool,
    /// It ended as it should.
    success: bool,
    /// What it was started with has changed.
    stale: bool,
    /// The descriptors it was started with include the read end of a pipe.
    pub(super) reads_pipes: bool,
    /// What its process begins with.
    pub(super) bounds: Bounds,

    pub(super) phase: Phase,
    /// When it is to be started, if it is.
    pub(super) next: Monotonic,
    /// It runs and is being stopped, and is to be started then.
    then: bool,
    /// It was stopped by a command: no trigger starts it.
    pub(super) held: bool,
    /// A trigger planned that start, and must still hold when the time comes.
    pub(super) triggered: bool,
    /// It is another attempt, after no process could be made for this reason; 0 if it is none.
    retry: u16,
}

carried!(
    Run, as in Run::NONE,
    carries number starts why pid start exec failed stop killed end ending core success stale
        reads_pipes bounds phase next then held triggered retry,
    but not
);
carried_words!(Phase: Down = b"down" Starting = b"starting" Up = b"up");

impl Value for Mark {
    fn write(&self, to: &mut Writer) {
        self.get().write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Some(Option::parse(text)?.map_or(Self(None), Self::at))
    }
}

/// `order`, `always`, a signal, the place of a trigger, `condition`.
impl Value for Why {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Order => to.push(b"order"),
            Self::Always => to.push(b"always"),
            Self::Signal(signal) => signal.write(to),
            Self::Nth(nth) => nth.write(to),
            Self::Condition => to.push(b"condition"),
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Some(match text {
            b"order" => Self::Order,
            b"always" => Self::Always,
            b"condition" => Self::Condition,
            _ if text.starts_with(b"SIG") => Self::Signal(Signal::parse(text)?),
            _ => Self::Nth(Value::parse(text)?),
        })
    }
}

/// An exit status, or a signal.
impl Value for Fate {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Exit(status) => status.write(to),
            Self::Signal(signal) => signal.write(to),
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Some(if text.starts_with(b"SIG") {
            Self::Signal(Signal::parse(text)?)
        } else {
            Self::Exit(Value::parse(text)?)
        })
    }
}

/// `STAGE:ERRNO`, as in `service.run`.
impl Value for Failure {
    fn write(&self, to: &mut Writer) {
        to.push(self.stage.as_str().as_bytes());
        to.push(b":");
        self.errno.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (stage, errno) = halves(text)?;
        let is_stage = |one: &&SpawnStage| one.as_str().as_bytes() == stage;
        let stage = *SpawnStage::ALL.iter().find(is_stage)?;
        Some(Self { stage, errno: Value::parse(errno)? })
    }
}

impl Value for Bounds {
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Value::parse(text).map(Self)
    }
}

impl Run {
    /// That of a service that never ran.
    pub(super) const NONE: Self = Self {
        number: 0,
        starts: 0,
        why: Why::Order,
        pid: Pid(0),
        start: Monotonic::from_nanos(0),
        exec: Mark(None),
        failed: None,
        stop: Mark(None),
        killed: false,
        end: Mark(None),
        ending: None,
        core: false,
        success: false,
        stale: false,
        reads_pipes: false,
        bounds: Bounds::NONE,
        phase: Phase::Down,
        next: Monotonic::from_nanos(0),
        then: false,
        held: false,
        triggered: false,
        retry: 0,
    };

    /// Its number; 0 if it never ran.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// The process that runs.
    pub(super) fn pid(&self) -> Option<Pid> {
        (self.phase == Phase::Up).then_some(self.pid)
    }

    /// The process that it has or had, and when that was started; `None` if it never ran.
    pub(super) fn last_start(&self) -> Option<(Pid, Monotonic)> {
        (self.number > 0).then_some((self.pid, self.start))
    }

    /// When it has ended, and how.
    pub(super) fn ended(&self) -> Option<(Monotonic, Ended)> {
        let end = match self.ending? {
            Fate::Exit(status) => Ended::Exit(status.into()),
            Fate::Signal(signal) => Ended::Signal(signal),
        };
        Some((self.end.get()?, end))
    }

    /// Whether the last run was a success; `None` while it runs, and if it never ran.
    pub(super) fn last_success(&self) -> Option<bool> {
        (self.number > 0 && self.phase != Phase::Up).then_some(self.success)
    }

    /// Whether it runs, and is its program.
    pub(super) fn is_executed(&self) -> bool {
        self.phase == Phase::Up && self.exec != Mark::default()
    }

    /// Whether the daemon has begun to stop it.
    pub(super) fn is_told_to_stop(&self) -> bool {
        self.stop != Mark(None)
    }

    /// What has started it, when these triggers with conditions have become those.
    pub(super) fn why_after(&self, before: Fields<'_>, after: Fields<'_>) -> Why {
        let Why::Nth(nth) = self.why else { return self.why };
        let is = before.iter().nth(nth.into());
        let nth = after.iter().position(|trigger| Some(trigger) == is);
        nth.and_then(|nth| u8::try_from(nth).ok()).map_or(Why::Condition, Why::Nth)
    }

    /// Sets that. Returns whether it is told in another way now.
    pub(super) fn set_why(&mut self, why: Why) -> bool {
        let before = std::mem::replace(&mut self.why, why);
        before != why && why == Why::Condition
    }

    /// Whether the planned start is another attempt, after no process could be made.
    pub(super) fn is_retry(&self) -> bool {
        self.retry > 0
    }

    /// Whether the process has become its program, or it was reported that it cannot.
    pub(super) fn exec_is_known(&self) -> bool {
        self.exec != Mark::default() || self.failed.is_some()
    }

    /// A start is planned. `retry`: the error that the last attempt to make a process met.
    pub(super) fn plan(&mut self, at: Monotonic, triggered: bool, retry: u16) {
        self.phase = Phase::Starting;
        self.next = at;
        self.triggered = triggered;
        self.retry = retry;
    }

    /// It is not planned any more.
    pub(super) fn unplan(&mut self) {
        self.phase = Phase::Down;
    }

    /// A run begins.
    pub(super) fn begin(&mut self, number: u32, why: Why, Spawned { pid, at, .. }: Spawned) {
        let starts = self.starts.saturating_add(1);
        let (phase, held) = (Phase::Up, self.held);
        *self = Self { number, starts, why, pid, start: at, phase, held, ..Self::NONE };
    }

    /// When it is to be started after the stop that is under way.
    pub(super) fn then(&self) -> Option<Monotonic> {
        self.then.then_some(self.next)
    }

    /// While it runs: sets that. Returns whether it was to be started.
    pub(super) fn set_then(&mut self, at: Option<Monotonic>) -> bool {
        if self.phase != Phase::Up {
            return false;
        }
        self.next = at.unwrap_or(self.next);
        std::mem::replace(&mut self.then, at.is_some())
    }

    /// Its process is its program.
    pub(super) fn executed(&mut self, now: Monotonic) {
        self.exec = Mark::at(now);
    }

    /// Its process cannot become its program.
    pub(super) fn fail(&mut self, SpawnFailure { stage, errno }: SpawnFailure) {
        let errno = errno.0.try_into().unwrap_or(u16::MAX);
        self.failed = Some(Failure { stage, errno });
    }

    /// The daemon stops it: this is when that began, unless it began before.
    pub(super) fn stop(&mut self, now: Monotonic) {
        if self.stop == Mark(None) {
            self.stop = Mark::at(now);
        }
    }

    /// It gets SIGKILL.
    pub(super) fn kill(&mut self) {
        self.killed = true;
    }

    /// It has ended; `success`: as it should.
    pub(super) fn end(&mut self, death: &Death, success: bool, now: Monotonic) {
        self.phase = Phase::Down;
        self.then = false;
        self.end = Mark::at(now);
        self.core = death.core;
        self.success = success;
        self.ending = Some(match death.end {
            Ended::Exit(status) => Fate::Exit(status as u8),
            Ended::Signal(signal) => Fate::Signal(signal),
        });
    }

    /// What it was started with is not what it would be started with now. Returns whether that is
    /// new.
    pub(super) fn outdate(&mut self) -> bool {
        self.number > 0 && !std::mem::replace(&mut self.stale, true)
    }

    /// Whether the daemon has begun to stop it.
    pub(super) fn was_stopped(&self) -> bool {
        self.stop != Mark(None)
    }

    /// How long it took, if it has ended.
    pub(super) fn took(&self) -> Option<Duration> {
        Some(Duration::from_nanos(self.end.nanos()?.saturating_sub(self.start.nanos())))
    }

    /// Everything that is known of it. `death`: it has just ended like this. `triggers`: those of
    /// the service that have conditions. `restarts`: what is counted of its starts. `left`: how
    /// many it has left behind. `said`: what it has said of itself.
    pub(super) fn write_facts(
        &self,
        triggers: Fields<'_>,
        restarts: Option<&Restarts>,
        left: u32,
        said: Option<&Notifier>,
        death: Option<&Death>,
        out: &mut Vec<u8>,
    ) {
        let mut facts = FactWriter::new(out);
        if self.number > 0 {
            facts.number(Fact::Starts, self.starts.into());
            match self.why {
                Why::Order => facts.word(Fact::Why, b"order"),
                Why::Always => facts.word(Fact::Why, b"always"),
                Why::Signal(signal) => facts.signal(Fact::Why, signal),
                Why::Nth(nth) => {
                    let trigger = triggers.iter().nth(nth.into());
                    let short = trigger.filter(|trigger| trigger.len() <= LONGEST_TRIGGER);
                    facts.word(Fact::Why, short.unwrap_or(b"condition"));
                }
                Why::Condition => facts.word(Fact::Why, b"condition"),
            }
            facts.number(Fact::Pid, self.pid.0.into());
            facts.nanos(Fact::Start, self.start.nanos());
            if let Some(nanos) = self.exec.nanos() {
                facts.nanos(Fact::Exec, nanos);
            }
            let ready = match said.filter(|said| said.says_ready()) {
                Some(said) => said.ready().map(Monotonic::nanos),
                None => self.exec.nanos(),
            };
            if let Some(nanos) = ready {
                facts.nanos(Fact::Ready, nanos);
            }
            if let Some(Failure { stage, errno }) = self.failed {
                let stage = stage.as_str().as_bytes();
                facts.failure(Fact::Failed, RunFailure { stage, errno: errno.into() });
            }
            if let Some(nanos) = self.stop.nanos() {
                facts.nanos(Fact::Stop, nanos);
            }
            if let Some(late) = said.and_then(Notifier::late) {
                facts.word(Fact::Late, late.as_str().as_bytes());
            }
            facts.flag(Fact::Killed, self.killed);
            if let Some(nanos) = self.end.nanos() {
                facts.nanos(Fact::End, nanos);
            }
            match self.ending {
                None => {}
                Some(Fate::Exit(status)) => facts.number(Fact::Exit, status.into()),
                Some(Fate::Signal(signal)) => facts.signal(Fact::Signal, signal),
            }
            facts.flag(Fact::Core, self.core);
            let plain = self.ending == Some(Fate::Exit(0));
            facts.flag(Fact::Success, self.success && !plain);
            if left > 0 {
                facts.number(Fact::Left, left.min(MOST_LEFT).into());
            }
            if let Some(death) = death {
                facts.nanos(Fact::Cpu, death.cpu);
                facts.number(Fact::Maxrss, death.max_rss);
            }
            facts.flag(Fact::Stale, self.stale);
        }
        facts.flag(Fact::Held, self.held);
        if let Some(restarts) = restarts {
            facts.flag(Fact::Gaveup, restarts.gave_up());
            if restarts.failures() > 0 {
                facts.number(Fact::Failures, restarts.failures().into());
            }
        }
        if self.phase == Phase::Starting && self.retry > 0 {
            facts.number(Fact::Retry, self.retry.into());
        }
        if self.phase == Phase::Starting || self.then {
            facts.nanos(Fact::Next, self.next.nanos());
        }
        if let Some(status) = said.and_then(Notifier::status) {
            facts.word_within(Fact::Status, status, MIN_MAX_LINE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the 144 bytes of a service, half.
    #[test]
    fn a_run_is_small() {
        assert!(size_of::<Run>() <= 72, "{} bytes", size_of::<Run>());
    }

    #[test]
    fn the_longest_report_fits_on_the_shortest_line() {
        let most = Monotonic::from_nanos(u64::MAX - 1);
        let mut run = Run::NONE;
        let triggers = [b'x'; LONGEST_TRIGGER];
        let why = Why::Nth(0);
        run.starts = u32::MAX;
        run.begin(u32::MAX, why, Spawned { pid: Pid(i32::MAX), at: most, user: 0 });
        run.executed(most);
        let errno = crate::system::Errno(4095);
        run.fail(SpawnFailure { stage: SpawnStage::Exec, errno });
        run.stop(most);
        run.kill();
        let end = Ended::Signal(Signal::parse(b"RTMIN+10").unwrap());
        let death = Death { end, core: true, cpu: u64::MAX, max_rss: i64::MAX };
        run.end(&death, true, most);
        run.outdate();
        run.held = true;
        run.plan(most, true, 4095);
        let mut out = [b"service.run\t", &[b'x'; 31][..], b"\t4294967295"].concat();
        let said = Notifier::with_the_most_to_say(most);
        let (triggers, restarts) = (Fields::new(&triggers), Restarts::MOST);
        run.write_facts(triggers, Some(&restarts), u32::MAX, Some(&said), Some(&death), &mut out);
        // There is a line end, too.
        assert!(out.len() < MIN_MAX_LINE, "{} bytes", out.len());
        // And as much of the status as there is room for.
        let facts = out.windows(8).filter(|part| part == b"\tstatus=").count();
        assert_eq!(facts, 1, "{} bytes", out.len());
    }
}
