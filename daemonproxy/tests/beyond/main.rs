//! The additions of protocol 2, against the real process as a black box.
//!
//! One file for each promise. What the tests of protocol 1 need to talk to a daemon is used here
//! as it is; what only these tests need is in `helpers.rs`.

#![cfg(test)]

#[path = "../process"]
#[expect(dead_code, unused_imports, reason = "the tests of protocol 1 use all of it, these do not")]
mod process {
    pub(crate) mod harness;
}
use process::harness;

mod helpers;

mod bad_input;
mod end_of_input;
mod exit_exec;
mod exit_exec_signals;
mod few_descriptors;
mod listener;
mod no_allocation;
mod no_memory;
mod no_program;
mod orphans;
mod pools;
mod service_pipe;
mod shutdown;
mod shutdown_order;
mod signals;
mod stop_groups;
mod tags_apply;
mod together;
