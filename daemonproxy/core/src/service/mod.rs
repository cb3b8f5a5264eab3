//! What is known of a service, and how it comes to run.
//!
//! [`state`] is the record itself: its lists, its triggers, and whether it is down, about to start or up.
//! Everything else in here changes that record: the commands that describe a service ([`commands`],
//! [`tags`], [`logger`]), and the way from "it should run" to a process ([`starting`], with the list of
//! what is due in [`due`]). Ending a service on purpose is the business of `stop/`.

mod commands;
pub(crate) mod due;
mod logger;
mod starting;
pub(crate) mod state;
mod tags;
