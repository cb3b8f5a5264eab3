//! `dpfleet`: many machines, each with a daemonproxy, over NATS JetStream.
//!
//! On each machine an agent delivers what an administrator has stored for it to the daemon, and
//! news of the daemon to whoever looks. It schedules nothing, and nothing depends on it: without
//! the store, or without the agent, all services go on.

mod agent;
mod chance;
mod check;
mod cli;
mod commands;
mod deviation;
mod failure;
mod intent;
mod labels;
mod lease;
mod model;
mod store;
mod tail;
mod web;
mod wishes;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use cli::Cli;
use failure::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // One thread is enough: all of this is waiting.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(Failure::from).and_then(|it| it.block_on(commands::run(cli)));
    match done {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            say(&failure.text);
            ExitCode::from(failure.status)
        }
    }
}

/// A line on standard error. If it is gone there is nobody to tell.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "dpfleet: {text}");
}
