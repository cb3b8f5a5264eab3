//! Those who send commands and read events.
//!
//! [`controller`] is one of them: its two buffers ([`outbox`] is the one for events), the descriptors that
//! it has passed and nobody has taken yet ([`passed`]), and its patience. [`session`] is its life from the
//! first line to the last, [`dump`] the answer to `statedump`, and [`features`] what it wants of protocol 2. What the commands do is not known here:
//! `dispatch.rs` hands each to the room that it is about.

pub(crate) mod controller;
mod dump;
mod features;
mod outbox;
pub(crate) mod passed;
mod session;
