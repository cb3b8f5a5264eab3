//! Moments as the page knows them: milliseconds since this program began. A browser is told what
//! time it is with each message, and goes on counting by itself; clocks are never compared.

use std::sync::OnceLock;
use std::time::Duration;

use daemonproxy_look::time::monotonic_exact;

/// A moment; before the program began it is negative.
pub(super) type Millis = i64;

pub(super) fn now() -> Millis {
    of_monotonic(monotonic_exact())
}

/// A moment of CLOCK_MONOTONIC, which a daemon on this machine has as well.
pub(super) fn of_monotonic(moment: Duration) -> Millis {
    static BEGIN: OnceLock<Duration> = OnceLock::new();
    millis(moment) - millis(*BEGIN.get_or_init(monotonic_exact))
}

pub(super) fn millis(time: Duration) -> Millis {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}
