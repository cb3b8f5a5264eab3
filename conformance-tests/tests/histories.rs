//! A fixed number of the simulated histories, which must not find a fault in the state machine.
//!
//! `conformance-tests soak` plays as many as there is time for.

use conformance_tests::sim::{History, Upgrades, run, shrink, transcript};

fn no_fault_from(first: u64, count: u64, upgrades: Upgrades) {
    for seed in first..first + count {
        let history = History { upgrades, ..History::draw(seed) };
        if let Err(fault) = run(&history) {
            let cut = shrink(&history).map(|(least, fault)| transcript(&least, &fault));
            panic!("seed {seed}: {fault}\n{}", cut.unwrap_or_default());
        }
    }
}

#[test]
fn histories_find_no_fault() {
    no_fault_from(0, 200, Upgrades::Never);
}

#[test]
fn other_histories_find_no_fault() {
    no_fault_from(1_000_000, 200, Upgrades::Never);
}

#[test]
fn nothing_is_different_with_an_upgrade_at_every_turn() {
    no_fault_from(0, 30, Upgrades::EveryTurn);
}

#[test]
fn nothing_is_different_with_an_upgrade_at_every_step() {
    no_fault_from(100, 30, Upgrades::EveryStep);
}

#[test]
fn a_seed_gives_the_same_history_every_time() {
    let story = |seed| transcript(&History::draw(seed), "a sample");
    assert_eq!(story(7), story(7));
    assert_ne!(story(7), story(8));
}
