//! The state machine in a made-up world, put through random histories.
//!
//! A seed gives a [`History`]: commands, deaths, signals, failures, slow readers, the passing of
//! time. It is played to the whole of `daemonproxy_core`, and at every step it is checked that
//!
//! - what is told of runs says the same as what is told of states, and each run ends once;
//! - no service has two processes, every process is reported as up once and reaped once, and
//!   nothing is started after a shutdown has begun;
//! - no descriptor is used or closed after it was closed, and none is left over at the end;
//! - every controller hears all news in order, or hears of a gap; what it knows about the state is
//!   the state;
//! - what triggers start waits for its back-off, and is given up when it was started too often, and
//!   only then;
//! - a service that does not say in time what it must is stopped, and one for which nobody vouches in
//!   time, and no other;
//! - a timer comes once, at its time and to nobody else;
//! - who has given rights away hears nothing that it may not hear (`rights.rs`);
//! - what is known in the end, as commands to another daemon, makes the same state there (`law.rs`);
//! - nothing is different when the daemon is upgraded at every step, or at every turn;
//! - no line is cut, longer than a line may be, or anything but an event;
//! - the daemon never loops in vain, never misses anything, and ends when it should: with its main
//!   service, too, and with the status of that.
//!
//! The world is a lively one of `daemonproxy-testing`; `machine/` has the loop of the daemon and the
//! checks, `runs.rs`, `restarts.rs`, `alive.rs` and `deadman.rs` what is told of services,
//! `stream.rs`, `timers.rs` and `rights.rs` one controller's side, `history.rs` what can happen. A
//! history that fails is reduced to what is needed to fail (`shrink.rs`) and printed as a
//! transcript (`record.rs`).

mod alive;
mod deadman;
mod history;
mod known;
mod law;
mod machine;
mod options;
mod record;
mod restarts;
mod rights;
mod runs;
mod show;
mod shrink;
mod soak;
mod stream;
mod timers;

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

pub use history::{Action, History, STEPS, Step, Upgrades};
pub use shrink::shrink;
pub use soak::{Soak, soak};

use record::Record;

/// The second of the clock at which every history begins.
const START: u64 = 200_000;

/// Plays a history. The fault that was found begins with one word for its kind, and a colon.
pub fn run(history: &History) -> Result<(), String> {
    if history.upgrades != Upgrades::Never {
        return run_with_upgrades(history);
    }
    caught(|| machine::play(history, None).0)
}

/// Plays it with upgrades and without: what is done to the world must be the same.
fn run_with_upgrades(history: &History) -> Result<(), String> {
    let plain = History { upgrades: Upgrades::Never, ..history.clone() };
    let plain = caught(|| machine::trace(&plain))?;
    let upgraded = caught(|| machine::trace(history)).map_err(|e| format!("upgrade: {e}"))?;
    let mut pairs = plain.iter().zip(&upgraded);
    let Some((without, with)) = pairs.find(|(without, with)| without != with) else {
        let (without, with) = (plain.len(), upgraded.len());
        let same = without == with;
        let longer = || format!("upgrade: {without} things are done, and with upgrades {with}");
        return if same { Ok(()) } else { Err(longer()) };
    };
    Err(format!("upgrade: with upgrades `{with}` instead of `{without}`"))
}

/// The history as a transcript, up to where it fails.
pub fn transcript(history: &History, fault: &str) -> String {
    let mut text = String::new();
    let played = caught(|| {
        let (result, record) = machine::play(history, Some(Record::new(history, fault)));
        text = record.map(Record::into_text).unwrap_or_default();
        result
    });
    if text.is_empty() {
        // It ends in a panic, and the record is lost with it.
        return format!("# {fault}\n# seed {}: {:#?}\n", history.seed, history.steps);
    }
    if let Err(fault) = played {
        text.push_str(&format!("# {fault}\n"));
    }
    text
}

/// A panic is a fault as well.
fn caught<T>(play: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(play)).unwrap_or_else(|panic| Err(panic_text(&*panic)))
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panic: {}", text.unwrap_or("without a word"))
}
