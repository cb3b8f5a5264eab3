//! One suite for the daemon, its state machine and every SDK.
//!
//! A transcript is a conversation with the daemon, written down in a text file ([`transcript`]).
//! The same file is replayed against the state machine alone, against a real daemon, and, with the
//! suite in the daemon's place, against the SDKs.

mod connection;
pub mod driver;
pub mod failure;
pub mod fuzz;
pub mod play;
pub mod record;
pub mod relay;
pub mod replay;
pub mod report;
pub mod sdk;
pub mod sim;
pub mod subject;
pub mod suite;
mod tags;
pub mod transcript;
pub mod vectors;
pub mod view;
