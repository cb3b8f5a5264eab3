//! Leases, for services of which the fleet may run one: `rules` says who may, as a state machine
//! without a network or a clock, and `sim` is a simulator of it. The agent carries it out.

mod rules;
#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it did"
)]
mod sim;

pub(crate) use rules::{Act, Lease, Record, Service, Times, Written};
