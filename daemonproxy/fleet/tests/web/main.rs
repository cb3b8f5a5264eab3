//! `dpfleet web` as a browser meets it: a real daemon and program, and HTTP over plain sockets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod access;
mod away;
mod bounds;
mod changes;
mod nodes;
mod page;
mod prometheus;
mod secrets;

// What the tests of the fleet itself are made of.
#[allow(dead_code)]
#[path = "../fleet/setup.rs"]
mod setup;
