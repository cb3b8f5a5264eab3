//! Leases, for services of which the fleet may run one: `rules` says who may, as a state machine
//! without a network or a clock, and `sim` is a simulator of it. The agent carries it out.

mod rules;
#[cfg(test)]
mod sim;

pub(crate) use rules::{Act, Lease, Record, Service, Times, Written};
