//! `dpfleet`: many machines, each with a daemonproxy, over NATS JetStream.
//!
//! On each machine an agent delivers what an administrator has stored for it to the daemon, and
//! news of the daemon to whoever looks. It schedules nothing, and nothing depends on it: without
//! the store, or without the agent, all services go on.

mod cli;
mod failure;
mod web;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use failure::{Failure, Result};

fn main() -> ExitCode {
    let cli = Cli::parse();
    // One thread is enough: all of this is waiting.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(Failure::from).and_then(|it| it.block_on(run(cli)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // If standard error is gone there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "dpfleet: {}", failure.text);
            ExitCode::from(failure.status)
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Web(args) => web::run(args).await,
    }
}
