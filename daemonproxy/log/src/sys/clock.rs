//! What time it is.

use nix::time::{ClockId, clock_gettime};

use crate::core::moment::Moment;

/// Nanoseconds of a second.
pub(crate) const SECOND: u64 = 1_000_000_000;

/// Both clocks: the one that people set, and the one that only goes on.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Now {
    pub(crate) moment: Moment,
    /// Nanoseconds since some moment in the past, sleep of the machine included.
    pub(crate) steady: u64,
}

impl Now {
    pub(crate) fn read() -> Self {
        Self { moment: moment(), steady: steady() }
    }
}

/// The clock that people set.
pub(crate) fn moment() -> Moment {
    // It fails only for clocks that there are not.
    clock_gettime(ClockId::CLOCK_REALTIME).map_or(Moment::default(), |now| Moment {
        seconds: now.tv_sec(),
        nanos: u32::try_from(now.tv_nsec()).unwrap_or(0),
    })
}

fn steady() -> u64 {
    clock_gettime(ClockId::CLOCK_BOOTTIME).map_or(0, |now| {
        let seconds = u64::try_from(now.tv_sec()).unwrap_or(0);
        seconds.saturating_mul(SECOND).saturating_add(u64::try_from(now.tv_nsec()).unwrap_or(0))
    })
}
