//! Those who send commands and read events.
//!
//! [`controllers`] owns all of them, and the descriptors that they have passed and nobody has taken
//! yet ([`passed`]). [`controller`] is one of them: its two buffers ([`outbox`] is the one for
//! events), and its patience. [`io`] notes down what happens on a connection; [`session`] is its
//! life from the first line to the last, [`dump`] the answer to `statedump` ([`parts`] of each
//! service), [`tagged`] the end of the answer to a tagged command, and [`features`] what it wants
//! of protocol 2; [`timers`] are its timers; [`scope`] is what it may do, and [`filter`] what
//! follows from that for what it hears; [`origin`] is what it is called, and [`list`] the answer to
//! `conn.list`. New ones come by the [`listener`], which has the [`socket`]s, and with services
//! that are controllers.
//!
//! The event loop enters through `io`. Any room may tell a controller something ([`telling`]), but
//! nothing else: only this room knows what is in a controller. What commands do is not known here:
//! `dispatch.rs` hands each to the room that it is about.

pub(crate) mod controller;
pub(crate) mod controllers;
mod dump;
mod features;
mod filter;
pub(crate) mod io;
mod list;
mod listener;
mod origin;
mod outbox;
mod parts;
mod passed;
mod scope;
mod session;
mod socket;
mod tagged;
mod telling;
mod timers;
