//! `daemonproxy-lua` as seen from outside: every error and every safety feature, with the real
//! program, and with the real daemon or a real terminal where it matters.
//!
//! Where the test plays the daemon it is `program`, which has the two pipes. Every wait has a
//! deadline, and no test sleeps.

#![allow(clippy::expect_used, clippy::unwrap_used)]

mod checks;
mod connections;
mod coroutines;
mod errors;
mod events;
mod flow;
mod libraries;
mod memory;
mod options;
mod program;
mod prompt;
mod recorded;
mod restart;
mod schedules;
mod signals;
mod standard;
mod terminal;
mod time;
mod watchdog;
