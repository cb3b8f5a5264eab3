//! `web`: a page that shows one daemon, or the fleet.

use clap::Args;

use crate::cli::StoreArgs;
use crate::failure::{FAILED, Failure, Result};

#[derive(Debug, Args)]
pub(crate) struct WebArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

pub(crate) async fn run(_args: WebArgs) -> Result<()> {
    Err(Failure::new(FAILED, "there is no page yet"))
}
