//! What is known about a service, and how it is started.
//!
//! [`services`] owns all of it: the table, who runs, and who is about to start ([`due`]). [`state`]
//! is one record of the table: its lists and its triggers; [`run`] is its part about whether it is
//! down, about to start or up, and what is known of that. The commands that describe a service are
//! in [`commands`], [`apply`], [`environment`] (which is kept in [`variables`]) and [`logger`];
//! [`starting`] is the path from "it should run" to a process, [`conditions`] what must hold for a
//! trigger to take it, [`watchers`] who is looked at again when that may have changed, [`awaiting`]
//! which descriptors are watched for whom, [`restarts`] what keeps triggers from starting it too
//! often, [`giving_up`] what happens then, and [`left`] what services leave behind.
//!
//! Other rooms read services: the state dump, the signals, `stop/`. What changes them is a command
//! (`dispatch.rs`), a trigger (`arm`), the end of a process, and the orderly shutdown (`stop/`,
//! which ends services on purpose).

mod apply;
mod awaiting;
mod commands;
mod conditions;
mod due;
mod environment;
mod giving_up;
pub(crate) mod left;
mod logger;
pub(crate) mod restarts;
pub(crate) mod run;
pub(crate) mod services;
mod starting;
pub(crate) mod state;
pub(crate) mod variables;
mod watchers;
