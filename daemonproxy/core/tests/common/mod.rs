//! What the tests of the state machine stand on: a world that is not there, and a driver.

mod fixture;
mod world;

pub(crate) use fixture::{Client, Fixture, assert_lines, fold};
pub(crate) use world::{ExecEnd, Op, Output, SocketStageKey, World};
