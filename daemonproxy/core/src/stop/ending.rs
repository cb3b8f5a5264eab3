//! An orderly shutdown that has begun: how long its parts may take, and how far it has got.

use std::time::Duration;

use daemonproxy_protocol::ShutdownPhase;

use crate::stop::one_stop::{OneStop, Step, Times};
use crate::stop::rest::Rest;
use crate::system::Monotonic;
use crate::upgrade::state::{Writer, carried};
use crate::upgrade::value::{Value, halves};

/// How long the parts of an orderly shutdown may take.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(crate) struct Allowed {
    /// From SIGTERM to SIGKILL at most, for all services.
    pub(super) term: Option<Duration>,
    /// From SIGKILL to giving up.
    pub(super) kill: Duration,
    /// For the last events and the log.
    pub(super) flush: Duration,
}

impl Allowed {
    /// The same, but for what is said.
    pub(super) fn but(self, [term, kill, flush]: [Option<Duration>; 3]) -> Self {
        Self {
            term: term.or(self.term),
            kill: kill.unwrap_or(self.kill),
            flush: flush.unwrap_or(self.flush),
        }
    }
}

impl Default for Allowed {
    fn default() -> Self {
        Self { term: None, kill: FIVE, flush: FIVE }
    }
}

/// As `terminate.shutdown` has it, with `:` between.
impl Value for Allowed {
    fn write(&self, to: &mut Writer) {
        let Self { term, kill, flush } = self;
        term.write(to);
        for more in [kill, flush] {
            to.push(b":");
            more.write(to);
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut parts = text.split(|&byte| byte == b':');
        let term = Value::parse(parts.next()?)?;
        Some(Self { term, kill: Value::parse(parts.next()?)?, flush: Value::parse(parts.next()?)? })
    }
}

/// From SIGTERM to SIGKILL, for a service of which nobody says anything.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
const FIVE: Duration = Duration::from_secs(5);

impl Allowed {
    /// From SIGTERM to SIGKILL, for a service with this `stop_after`.
    pub(super) fn of_service(self, stop_after: Option<Duration>) -> Duration {
        let most = self.term.unwrap_or(Duration::MAX);
        stop_after.or(self.term).unwrap_or(PATIENCE).min(most)
    }
}

/// An orderly shutdown that has begun.
pub(crate) struct Shutdown {
    pub(super) times: Times,
    pub(super) allowed: Allowed,
    /// The exit status, if nothing is left over.
    pub(super) code: i32,
    /// That which says what is left over; 0: nothing so far.
    pub(super) leftovers: i32,
    /// There are circles of pipes.
    pub(super) circles: bool,
    /// A service has ended since we last worked out who is next.
    pub(super) changed: bool,
    /// A signal has asked for the shutdown: the next one will mean SIGKILL.
    pub(super) asked: bool,
    /// What is left besides the services, if the daemon is process 1.
    pub(super) rest: Rest,
    /// Only events and the log are left; until then at the latest.
    pub(super) flushing: Option<Monotonic>,
    /// The deadline for the log to get into the pipe that it goes through.
    pub(super) log_until: Option<Monotonic>,
    /// What was last announced about it.
    pub(super) told: Option<(ShutdownPhase, u32)>,
}

carried!(
    Shutdown, as in Shutdown::NONE,
    carries times allowed code leftovers circles changed asked rest flushing log_until told,
    but not
);

/// `PHASE:COUNT`.
impl Value for (ShutdownPhase, u32) {
    fn write(&self, to: &mut Writer) {
        to.push(self.0.as_str().as_bytes());
        to.push(b":");
        self.1.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (phase, count) = halves(text)?;
        Some((ShutdownPhase::parse(phase)?, Value::parse(count)?))
    }
}

impl Shutdown {
    /// One of which nothing is known.
    pub(super) const NONE: Self = Self {
        times: Times { kill: Monotonic::from_nanos(0), end: Monotonic::from_nanos(0) },
        allowed: Allowed { term: None, kill: Duration::ZERO, flush: Duration::ZERO },
        code: 0,
        leftovers: 0,
        circles: false,
        changed: false,
        asked: false,
        rest: Rest::NONE,
        flushing: None,
        log_until: None,
        told: None,
    };

    /// When to check it again even if nothing happens. This does not include the steps of the
    /// stops.
    pub(crate) fn deadline(&self, now: Monotonic, stops: &[OneStop]) -> Option<Monotonic> {
        let waiting = stops.iter().any(|stop| stop.step == Step::Waiting);
        let turn = waiting.then(|| self.times.no_more_waiting());
        let log = self.log_until.filter(|&at| at > now);
        // Whatever else there is has to wait for the services: also for what is left of one whose stop
        // was ordered after the rest had begun to end.
        let rest_waits = self.flushing.is_some() || stops.iter().any(OneStop::is_left);
        let rest = self.rest.deadline().filter(|_| !rest_waits);
        turn.into_iter().chain(log).chain(self.flushing).chain(rest).min()
    }
}
