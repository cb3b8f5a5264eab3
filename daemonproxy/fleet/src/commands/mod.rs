//! What people do with a fleet, a file for each.

mod diff;
mod events;
mod file;
mod man;
mod node;
mod permissions;
mod rollout;
mod show;
mod status;
mod store;

use crate::agent::agent;
use crate::cli::{Cli, Command};
use crate::failure::Result;
use crate::web;

/// Carries out a subcommand; returns the exit status.
pub(crate) async fn run(cli: Cli) -> Result<u8> {
    match cli.command {
        Command::Init(args) => store::init(&args).await,
        Command::Epoch(args) => store::epoch(&args).await,
        Command::Agent(args) => agent(&args).await.map(|()| 0),
        Command::Put(args) => file::put(&args).await,
        Command::Get(args) => file::get(&args).await,
        Command::Diff(args) => file::diff(&args).await,
        Command::Status(args) => status::status(&args).await,
        Command::Events(args) => events::events(&args).await,
        Command::Label(args) => node::label(&args).await,
        Command::Drain(args) => node::drain(&args, true).await,
        Command::Undrain(args) => node::drain(&args, false).await,
        Command::Rollout(args) => rollout::rollout(&args).await,
        Command::Permissions(args) => permissions::permissions(&args),
        Command::Web(args) => web::run(args).await.map(|()| 0),
        Command::Man => man::man(),
    }
}
