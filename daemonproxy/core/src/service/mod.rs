//! What is known of a service, and how it comes to run.
//!
//! [`services`] owns all of it: the table, who runs, and who is about to start ([`due`]). [`state`] is one
//! record of the table: its lists, its triggers, and whether it is down, about to start or up. The commands
//! that describe a service are in [`commands`], [`tags`] and [`logger`]; [`starting`] is the way from "it
//! should run" to a process.
//!
//! From outside, services are read: by the state dump, by the signals, by `stop/`. What comes in to change
//! them is a command (`dispatch.rs`), a trigger (`arm`), the end of a process and the orderly shutdown
//! (`stop/`, whose business it is to end a service on purpose).

mod commands;
mod due;
mod logger;
pub(crate) mod services;
mod starting;
pub(crate) mod state;
mod tags;
