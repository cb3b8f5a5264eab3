//! What is counted of the starts of a service by its triggers, if it has the option `backoff=` or
//! `giveup=`.
//!
//! It is kept beside the service (`sparse.rs`), so that others do not pay for it. Whatever somebody
//! asks for, a start or the end of a hold, begins all of it anew.

use std::time::Duration;

use daemonproxy_protocol::{Backoff, GiveUp};

use crate::system::Monotonic;
use crate::upgrade::state::carried;

carried!(
    Restarts, as in Restarts::default(),
    carries grown first starts failures gave_up,
    but not
);

/// The unit of [`Backoff::factor`].
const ONE: u128 = 1_000_000_000;

/// See the top of this file.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Restarts {
    /// What the interval has grown to, in nanoseconds.
    grown: u64,
    /// The first of the starts that are counted.
    first: Monotonic,
    /// How many starts by triggers there were since, that one included.
    starts: u32,
    /// Short runs in a row.
    failures: u32,
    gave_up: bool,
}

impl Restarts {
    /// What takes longest to tell.
    #[cfg(test)]
    pub(super) const MOST: Self = Self {
        grown: 0,
        first: Monotonic::from_nanos(0),
        starts: 0,
        failures: u32::MAX,
        gave_up: true,
    };

    /// Short runs in a row.
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    /// Whether it is held because its triggers have started it too often.
    pub(crate) fn gave_up(&self) -> bool {
        self.gave_up
    }

    pub(super) fn set_gave_up(&mut self) {
        self.gave_up = true;
    }

    /// Somebody has asked for a start. Returns whether anything was counted.
    pub(super) fn forget(&mut self) -> bool {
        std::mem::take(self) != Self::default()
    }

    /// There is no `backoff=` any more. Returns whether there were short runs.
    pub(super) fn forget_failures(&mut self) -> bool {
        self.grown = 0;
        std::mem::take(&mut self.failures) > 0
    }

    /// A run has ended that took this long.
    pub(super) fn ended(&mut self, ran: Duration, interval: u32, backoff: Backoff) {
        if ran >= backoff.reset {
            self.forget_failures();
            return;
        }
        self.failures = self.failures.saturating_add(1);
        let interval = Duration::from_secs(interval.into()).as_nanos();
        let grown = u128::from(self.grown).max(interval) * u128::from(backoff.factor) / ONE;
        self.grown = nanos(grown.min(backoff.most.as_nanos()));
    }

    /// How long after its last start it may be started again, with this back-off.
    pub(super) fn interval(&self, interval: u32, backoff: Option<Backoff>) -> Duration {
        let most = backoff.map_or(0, |backoff| nanos(backoff.most.as_nanos()));
        Duration::from_secs(interval.into()).max(Duration::from_nanos(self.grown.min(most)))
    }

    /// A trigger has started it.
    pub(super) fn started(&mut self, at: Monotonic, giveup: GiveUp) {
        if self.starts == 0 || at >= self.first.plus(giveup.within) {
            self.first = at;
            self.starts = 0;
        }
        self.starts = self.starts.saturating_add(1);
    }

    /// Whether a trigger that starts it at this moment would do that too often.
    pub(super) fn is_too_often(&self, at: Monotonic, giveup: GiveUp) -> bool {
        self.starts >= giveup.starts && at < self.first.plus(giveup.within)
    }
}

fn nanos(nanos: u128) -> u64 {
    u64::try_from(nanos).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(millis: u64) -> Monotonic {
        Monotonic::default().plus_millis(millis)
    }

    #[test]
    fn the_interval_grows_up_to_the_most_and_a_long_run_resets_it() {
        let backoff = Backoff { most: 10 * SECOND, factor: 1_500_000_000, reset: SECOND };
        let mut restarts = Restarts::default();
        let grown = [(); 7].map(|()| {
            restarts.ended(SECOND / 2, 1, backoff);
            restarts.interval(1, Some(backoff)).as_millis()
        });
        assert_eq!(grown, [1500, 2250, 3375, 5062, 7593, 10000, 10000]);
        assert_eq!(restarts.failures(), 7);
        assert_eq!(restarts.interval(20, Some(backoff)), 20 * SECOND);
        assert_eq!(restarts.interval(1, None), SECOND);
        restarts.ended(SECOND, 1, backoff);
        assert_eq!((restarts.failures(), restarts.interval(1, Some(backoff))), (0, SECOND));
    }

    #[test]
    fn the_longest_times_do_not_overflow() {
        let most = Duration::from_secs(i32::MAX as u64);
        let backoff = Backoff { most, factor: 1_000_000_000_000, reset: most };
        let mut restarts = Restarts::default();
        for _ in 0..100 {
            restarts.ended(SECOND, i32::MAX as u32, backoff);
        }
        assert_eq!(restarts.interval(i32::MAX as u32, Some(backoff)), most);
    }

    #[test]
    fn starts_are_counted_from_the_first_one_until_the_time_is_over() {
        let giveup = GiveUp { starts: 2, within: SECOND };
        let mut restarts = Restarts::default();
        restarts.started(at(0), giveup);
        assert!(!restarts.is_too_often(at(1), giveup));
        restarts.started(at(500), giveup);
        assert!(restarts.is_too_often(at(999), giveup));
        assert!(!restarts.is_too_often(at(1000), giveup));
        restarts.started(at(1000), giveup);
        assert!(!restarts.is_too_often(at(1400), giveup));
    }
}
