//! What the tests of this repository have in common, so that each of it exists once.
//!
//! * [`Setup`] says how a daemon is to be started, [`Daemon`] is the running process. Dropping it
//!   kills the daemon and everything that descends from it, wherever it went. Who wants neither its
//!   log nor a connection takes a [`Launched`].
//! * [`Conn`] is one controller connection. Each of its calls has a deadline, and a call that
//!   fails prints what was said so far, and the log. [`matches()`] compares a line with what is
//!   expected of it.
//! * [`LeasedProgram`] is one whose execution waits.
//! * [`Terminal`] is a pseudo terminal with a program on it.
//! * [`PATIENCE`] is how long anything may take; [`eventually`] is the one place that polls, for
//!   what sends no event; [`ready`] waits for descriptors.
//! * [`state`], [`children`] and others are what the kernel says about a process; [`programs`]
//!   finds what cargo has built.
//! * [`Rng`] has random numbers that are the same every time.
//! * [`world::World`] is a world for the state machine, with no kernel in it.
//!
//! All of it is for tests: where something cannot be done, it panics and says what.

#![allow(clippy::expect_used, clippy::unwrap_used)]

mod before_exec;
mod daemon;
mod deadline;
mod family;
mod launch;
mod lease;
mod process;
mod rng;
mod setup;
mod terminal;

pub mod programs;
pub mod world;

pub use before_exec::{inherits_nothing, set_disposition};
pub use daemon::{
    Conn, Daemon, Gone, Log, deleted, error_event, exited, killed, lines, matches, never_started,
    starting, up,
};
pub use deadline::{PATIENCE, eventually, ready};
pub use launch::Launched;
pub use lease::LeasedProgram;
pub use process::{alive, children, fd_count, kill, monotonic, pipe, state, status_field};
pub use rng::Rng;
pub use setup::{Setup, write_program};
pub use terminal::Terminal;
