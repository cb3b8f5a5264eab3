//! The state machine, one rule a test, in a world that is not there (`daemonproxy-testing`), driven
//! by [`fixture`].

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test may end when there is no memory")]

mod cgroups;
mod controllers;
mod exit;
mod fds;
mod fixture;
mod groups;
mod log;
mod orphans;
mod passed;
mod pools;
mod rights;
mod service_pipe;
mod service_tags;
mod services;
mod shutdown;
mod shutdown_graphs;
mod shutdown_order;
mod signals;
mod slow_readers;
mod start_failures;
mod statedump;
mod throttle;
mod triggers;
mod upgrade;
