//! Random histories of the rules, in a world with clocks that run too fast or too slowly, jump, or
//! stand still; bridges that die or stall; answers that are lost or late; machines that are paused
//! as a whole; and daemons that stop what nobody vouches for.
//!
//! `node` is a machine, `world` what is between them: the store, and the resource that only one may
//! write to.

mod node;
mod world;

use std::time::Duration;

use daemonproxy_testing::Rng;

use super::rules::Times;
use node::Node;
use world::{Resource, Store};

/// The times of all histories.
const TIMES: Times = Times { deadman: Duration::from_secs(8), stop: Duration::from_secs(3) };
/// The world goes on in steps of so many milliseconds, and each history has so many of them.
const STEP: u64 = 250;
const LENGTH: u64 = 600_000;

/// What may happen in a history.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Faults {
    /// Clocks run at 0.8 to 1.2 of the right speed.
    skew: bool,
    /// Clocks jump by up to a quarter of the lease, once a minute.
    jumps: bool,
    /// Bridges die or stall, and answers are lost or late.
    bridges: bool,
    /// Whole machines stand still for a while.
    pauses: bool,
    /// Whoever has the lease dies, and nothing else happens.
    deaths: bool,
}

const NONE: Faults =
    Faults { skew: false, jumps: false, bridges: false, pauses: false, deaths: false };

/// What has happened in a history.
#[derive(Clone, Debug, Default)]
struct Told {
    /// How often the lease has changed hands.
    hands: u64,
    /// In so many steps two were running.
    both: u64,
    /// So many writings came from one that had lost the lease, and were refused.
    refused: u64,
    /// How long nobody took over, at most, after one had died; in milliseconds.
    longest: u64,
}

/// One history. Panics if two run at once that were never paused.
fn history(seed: u64, faults: Faults) -> Told {
    let mut rng = Rng::new(seed);
    let mut told = Told::default();
    let (mut store, mut resource) = (Store::default(), Resource::default());
    let count = 2 + rng.below(3);
    let mut nodes: Vec<Node> = (0..count).map(|nth| Node::new(nth, &mut rng, faults)).collect();
    // Since when the lease waits for somebody to take it, where nothing else goes wrong.
    let mut since = Some(0);
    let mut now = 0;
    while now < LENGTH {
        now += STEP;
        for node in &mut nodes {
            node.time_passes(now, &mut rng, faults);
            node.arrivals(now, &mut store);
            if node.is_paused(now) {
                continue;
            }
            node.daemon(&mut rng);
            node.bridge(now, &mut rng, faults);
            if let Some(token) = node.running() {
                told.refused += u64::from(!resource.write(token, node.who()));
            }
        }
        let running: Vec<_> = nodes.iter().filter(|it| !it.is_paused(now)).collect();
        let running: Vec<_> = running.into_iter().filter(|it| it.running().is_some()).collect();
        told.both += u64::from(running.len() > 1);
        // Who has the highest token has the lease. The others must have been paused.
        let newest = running.iter().map(|it| it.running()).max().flatten();
        for node in running.iter().filter(|it| it.running() != newest) {
            assert!(node.was_paused(), "seed {seed}: two at once after {now} ms: {nodes:#?}");
        }
        if let Some(began) = since.filter(|_| faults.deaths) {
            let is_taken = running.iter().any(|it| it.is_well());
            told.longest = told.longest.max(now - began);
            since = since.filter(|_| !is_taken);
        } else if faults.deaths && rng.one_in(400) && nodes.iter().all(|it| !it.is_away(now)) {
            let holder = nodes.iter_mut().find(|it| it.running().is_some() && it.is_well());
            if let Some(holder) = holder {
                holder.dies(now, &mut rng);
                since = Some(now);
            }
        }
    }
    told.hands = resource.hands;
    told
}

/// All of so many histories, put together.
fn histories(part: u64, faults: Faults) -> Told {
    let count = std::env::var("LEASE_HISTORIES").ok().and_then(|it| it.parse().ok());
    let count: u64 = count.unwrap_or(1000) * part / 100;
    let mut all = Told::default();
    for seed in 0..count {
        let told = history(seed, faults);
        all.hands += told.hands;
        all.both += told.both;
        all.refused += told.refused;
        all.longest = all.longest.max(told.longest);
    }
    println!("{count} histories, {faults:?}: {all:?}");
    // It is about something: the lease changes hands again and again.
    assert!(all.hands > count, "{all:?} in {count} histories");
    all
}

/// Lease times, with two digits after the point.
fn in_lease_times(millis: u64) -> f64 {
    Duration::from_millis(millis).as_secs_f64() / TIMES.lease().as_secs_f64()
}

#[test]
fn never_two_at_once() {
    let told = histories(40, Faults { skew: true, bridges: true, ..NONE });
    assert_eq!((told.both, told.refused), (0, 0));
}

#[test]
fn never_two_at_once_with_clocks_that_jump() {
    let told = histories(30, Faults { skew: true, jumps: true, bridges: true, ..NONE });
    assert_eq!((told.both, told.refused), (0, 0));
}

/// It cannot know that time has passed: only the token helps.
#[test]
fn a_machine_that_was_paused_may_run_it_too_and_the_token_tells() {
    let told = histories(20, Faults { skew: true, bridges: true, pauses: true, ..NONE });
    assert!(told.both > 0 && told.refused > 0, "{told:?}");
}

/// Two, and what it takes to see the last sign of life, to ask again, and to write.
#[test]
fn another_one_takes_over_within_two_and_a_half_lease_times() {
    let told = histories(5, Faults { deaths: true, ..NONE });
    assert!(in_lease_times(told.longest) <= 2.5, "{}", in_lease_times(told.longest));
}

/// Who has a clock that is too slow by a fifth counts a quarter longer.
#[test]
fn with_clocks_that_are_wrong_it_takes_three_lease_times() {
    let told = histories(5, Faults { deaths: true, skew: true, ..NONE });
    assert!(in_lease_times(told.longest) <= 3.0, "{}", in_lease_times(told.longest));
}
