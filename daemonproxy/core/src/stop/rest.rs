//! How far the end of everything that is no service has got, when process 1 shuts down
//! ([`others`](super::others)).

use crate::system::Monotonic;
use crate::upgrade::state::{Writer, carried_words};
use crate::upgrade::value::Value;

/// Milliseconds until the second look; the pause doubles each time.
const FIRST_PAUSE: u64 = 10;
/// The most milliseconds between two looks.
const LONGEST_PAUSE: u64 = 1000;

/// How far it has got.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Step {
    /// There are services, which go first.
    #[default]
    Waiting,
    /// Everybody got SIGTERM.
    Term,
    /// Everybody got SIGKILL.
    Kill,
    /// Nobody is left, or those who are were given up.
    Over,
}

carried_words!(Step: Waiting = b"waiting" Term = b"term" Kill = b"kill" Over = b"over");

/// The rest, while it is being stopped.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rest {
    pub(super) step: Step,
    /// When the next step is due.
    pub(super) until: Monotonic,
    /// When to look next.
    pub(super) look: Monotonic,
    pause: u64,
}

/// `STEP:UNTIL:LOOK:PAUSE`.
impl Value for Rest {
    fn write(&self, to: &mut Writer) {
        let Self { step, until, look, pause } = self;
        step.write(to);
        for moment in [until, look] {
            to.push(b":");
            moment.write(to);
        }
        to.push(b":");
        pause.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut parts = text.split(|&byte| byte == b':');
        let step = Value::parse(parts.next()?)?;
        let (until, look) = (Value::parse(parts.next()?)?, Value::parse(parts.next()?)?);
        Some(Self { step, until, look, pause: Value::parse(parts.next()?)? })
    }
}

impl Rest {
    pub(super) const NONE: Self = Self {
        step: Step::Waiting,
        until: Monotonic::from_nanos(0),
        look: Monotonic::from_nanos(0),
        pause: 0,
    };

    pub(super) fn deadline(&self) -> Option<Monotonic> {
        matches!(self.step, Step::Term | Step::Kill).then(|| self.until.min(self.look))
    }

    /// The next step is due no later than this.
    pub(super) fn hurry(&mut self, kill: Monotonic, end: Monotonic) {
        let most = if self.step == Step::Term { kill } else { end };
        self.until = self.until.min(most);
    }

    pub(super) fn is_over(&self) -> bool {
        self.step == Step::Over
    }

    pub(super) fn is_killing(&self) -> bool {
        self.step == Step::Kill
    }

    /// Somebody has ended.
    pub(super) fn look_at_once(&mut self, now: Monotonic) {
        self.look = now;
        self.pause = FIRST_PAUSE;
    }

    pub(super) fn begin(&mut self, step: Step, until: Monotonic, now: Monotonic) {
        let look = now.plus_millis(FIRST_PAUSE);
        *self = Self { step, until, look, pause: FIRST_PAUSE };
    }

    pub(super) fn look_later(&mut self, now: Monotonic) {
        self.look = now.plus_millis(self.pause);
        self.pause = (2 * self.pause).min(LONGEST_PAUSE);
    }
}
