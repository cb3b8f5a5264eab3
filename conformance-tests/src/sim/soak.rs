//! Plays one history after the other.

use std::time::{Duration, Instant};

use super::history::{History, STEPS, Upgrades};
use super::{run, shrink, transcript};

/// One history in so many is played with an upgrade at every turn.
const EVERY_TURN: u64 = 16;

/// The result.
pub struct Soak {
    /// How many histories were played.
    pub histories: u64,
    /// How long that took.
    pub took: Duration,
    /// The first one that failed: its seed, and the transcript of the reduced history.
    pub failure: Option<(u64, String)>,
}

impl Soak {
    /// One line for a person.
    pub fn summary(&self) -> String {
        let rate = self.histories as f64 / self.took.as_secs_f64();
        format!(
            "{} histories of {STEPS} steps in {:.1} s: {rate:.0} a second",
            self.histories,
            self.took.as_secs_f64()
        )
    }
}

/// Plays the histories from seed `first` on, until the time is over or one fails.
///
/// With `upgrades` each is played twice: with an upgrade at every step, too; and some with one at
/// every turn, which takes several times as long.
pub fn soak(first: u64, time: Duration, upgrades: bool) -> Soak {
    let start = Instant::now();
    let mut histories = 0;
    let mut failure = None;
    while failure.is_none() && start.elapsed() < time {
        let seed = first.wrapping_add(histories);
        let upgrades = match upgrades {
            false => Upgrades::Never,
            true if seed % EVERY_TURN == 0 => Upgrades::EveryTurn,
            true => Upgrades::EveryStep,
        };
        let history = History { upgrades, ..History::draw(seed) };
        histories += 1;
        if run(&history).is_err() {
            let took = start.elapsed();
            let text = shrink(&history).map(|(least, fault)| transcript(&least, &fault));
            failure = Some((seed, text.unwrap_or_else(|| "# it does not fail again\n".to_owned())));
            return Soak { histories, took, failure };
        }
    }
    Soak { histories, took: start.elapsed(), failure }
}
