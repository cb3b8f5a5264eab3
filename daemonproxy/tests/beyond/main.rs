//! The additions of protocol 2, against the real process as a black box.
//!
//! One file for each promise. How they speak to it is in `daemonproxy-testing`; what only these
//! tests need is in `helpers.rs`.

#![cfg(test)]

mod helpers;

mod awaited;
mod bad_input;
mod cgroups;
mod diagnostics;
mod end_of_input;
mod examples;
mod exit_exec;
mod exit_exec_signals;
mod few_descriptors;
mod listener;
mod main_service;
mod no_allocation;
mod no_memory;
mod no_program;
mod orphans;
mod pools;
mod service_pipe;
mod session;
mod setups;
mod shutdown;
mod shutdown_order;
mod signals;
mod stop_groups;
mod tags_apply;
mod together;
mod upgrade;
mod users;
