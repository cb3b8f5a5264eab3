//! `dpfleet` against a real nats-server, with real daemons: as many as are needed, in folders of
//! their own. Without nats-server they are left out, and say so; on a build server that is an error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod agent;
mod clock;
mod creds;
mod faults;
mod guide;
mod input;
mod lease;
mod partition;
mod permissions;
mod relay;
mod rollout;
mod schedules;
mod setup;
mod store;
mod tls;
mod watch;
