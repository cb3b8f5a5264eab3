//! Chance, for what many machines should not do in the same moment.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// A number that nobody can foretell.
pub(crate) fn number() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A time between these two.
pub(crate) fn between(least: Duration, most: Duration) -> Duration {
    let range = most.saturating_sub(least).as_millis().max(1);
    let more = u128::from(number()) % range;
    least + Duration::from_millis(u64::try_from(more).unwrap_or(0))
}
