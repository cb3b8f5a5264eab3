//! A service as the page shows it, out of what is known of a daemon.

use daemonproxy_client::protocol::{Fact, RunView, ServiceView};
use daemonproxy_client::{ExitField, StateField};
use daemonproxy_look::{readable, why};
use serde::Serialize;

use super::clock::{self, Millis};

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Row {
    pub(super) node: String,
    pub(super) name: String,
    pub(super) state: State,
    pub(super) mood: Mood,
    pub(super) pid: Option<i32>,
    /// Since when it is in this state.
    pub(super) since: Option<Millis>,
    /// When it will be started.
    pub(super) next: Option<Millis>,
    /// Why it does not run, or what it says of itself, in a few words.
    pub(super) cause: String,
    pub(super) starts: i64,
    pub(super) run: u32,
    pub(super) held: bool,
    pub(super) gave_up: bool,
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// It runs, but has not yet said that it is ready.
    Up,
    Ready,
    /// It runs, and has been told to stop.
    Stopping,
    /// A start is pending.
    Starting,
    #[default]
    Down,
}

impl State {
    pub(super) const ALL: [Self; 5] =
        [Self::Up, Self::Ready, Self::Stopping, Self::Starting, Self::Down];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Ready => "ready",
            Self::Stopping => "stopping",
            Self::Starting => "starting",
            Self::Down => "down",
        }
    }
}

/// How bad that is.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mood {
    Good,
    Waiting,
    Bad,
    /// Neither: it has ended well, was stopped, or was never started.
    #[default]
    Plain,
}

impl Row {
    pub(super) fn new(node: &str, name: &[u8], service: &ServiceView) -> Self {
        let run = service.run();
        let is_stopping = run.has(Fact::Stop);
        let state = match service.state() {
            StateField::Up { .. } if is_stopping => State::Stopping,
            // A daemon of protocol 1 does not say more than that it is up.
            StateField::Up { .. } if run.has(Fact::Ready) || run.number() == 0 => State::Ready,
            StateField::Up { .. } => State::Up,
            StateField::Starting { .. } => State::Starting,
            StateField::Down { .. } | StateField::NeverStarted | StateField::Deleted => State::Down,
        };
        let gave_up = run.has(Fact::Gaveup);
        let mood = match service.state() {
            StateField::Up { .. } if state == State::Ready => Mood::Good,
            StateField::Up { .. } | StateField::Starting { .. } => Mood::Waiting,
            StateField::Down { .. } if gave_up => Mood::Bad,
            StateField::Down { end: ExitField::Exit(0), .. } => Mood::Plain,
            StateField::Down { .. } if why::ended_well(service) => Mood::Plain,
            StateField::Down { .. } => Mood::Bad,
            StateField::NeverStarted | StateField::Deleted => Mood::Plain,
        };
        let seconds = |at: i64| {
            let at = std::time::Duration::from_secs(at.try_into().unwrap_or_default());
            clock::of_monotonic(at)
        };
        let exact = |fact| run.time(fact).map(clock::of_monotonic);
        let since = match service.state() {
            StateField::Up { since, .. } => exact(Fact::Start).or(Some(seconds(since))),
            StateField::Down { reaped, .. } => exact(Fact::End).or(Some(seconds(reaped))),
            StateField::Starting { .. } => exact(Fact::End),
            StateField::NeverStarted | StateField::Deleted => None,
        };
        let next = match service.state() {
            StateField::Starting { at } => exact(Fact::Next).or(Some(seconds(at))),
            _ => exact(Fact::Next),
        };
        let cause = match why::lasting_cause(service) {
            Some(cause) => cause,
            None => run.word(Fact::Status).map(readable).unwrap_or_default(),
        };
        Self {
            node: node.to_owned(),
            name: readable(name),
            state,
            mood,
            pid: service.pid(),
            since,
            next,
            cause,
            starts: run.count(Fact::Starts).unwrap_or_default(),
            run: run.number(),
            held: run.has(Fact::Held),
            gave_up,
        }
    }
}

/// A run that has ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Ended {
    pub(super) run: u32,
    /// How it ended, in a few words.
    pub(super) how: String,
    pub(super) mood: Mood,
    /// What had started it.
    pub(super) why: String,
    pub(super) at: Millis,
    /// How long it was, in milliseconds.
    pub(super) took: Option<Millis>,
    /// The processor time that it used, in milliseconds, and its memory in kB.
    pub(super) cpu: Option<Millis>,
    pub(super) memory: Option<i64>,
}

impl Ended {
    /// If the run that is known of the service has ended.
    pub(super) fn of(run: &RunView) -> Option<Self> {
        let (start, end) = (run.time(Fact::Start), run.time(Fact::End)?);
        let is_well = run.has(Fact::Success) || run.count(Fact::Exit) == Some(0);
        Some(Self {
            run: run.number(),
            how: why::how_it_ended(run),
            mood: if is_well && run.failed().is_none() { Mood::Plain } else { Mood::Bad },
            why: run.word(Fact::Why).map(readable).unwrap_or_default(),
            at: clock::of_monotonic(end),
            took: start.map(|start| clock::millis(end.saturating_sub(start))),
            cpu: run.time(Fact::Cpu).map(clock::millis),
            memory: run.count(Fact::Maxrss),
        })
    }
}
