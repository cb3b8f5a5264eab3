//! `web`: one page that shows a daemon, or the fleet, and what is behind it.
//!
//! A *source* (`daemon.rs`; `nodes.rs` for the fleet) follows what there is and writes it on the
//! `board.rs`, on which everything has a version. A browser is told what is newer than what it has
//! seen (`stream.rs`), so nothing is kept for one that reads slowly. `routes.rs` is what can be
//! asked for, `guard.rs` who may ask and `token.rs` who may change something; `serve.rs` accepts
//! connections and ends those that do not take what they are sent. The page itself is in `assets/`.
//!
//! Settings and environments of services are never asked for, so they cannot be shown by mistake.

mod board;
mod clock;
mod daemon;
mod guard;
mod metrics;
mod nodes;
mod patient;
mod retold;
mod routes;
mod row;
mod serve;
mod source;
mod stream;
mod token;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::StoreArgs;
use crate::failure::{FAILED, Failure, Result};
use board::Board;
use daemon::Daemon;
use guard::Guard;
use nodes::Nodes;
use routes::Site;
use source::Source;
use token::Token;

/// The arguments of `web`.
#[derive(Debug, clap::Args)]
pub(crate) struct WebArgs {
    /// Shows the daemon with this control socket, and not the fleet
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// Where browsers find the page
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9001")]
    listen: SocketAddr,
    /// A file with a token of at least 16 characters: who has it may start, stop and restart
    /// services. Without this option nobody can change anything
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// A name under which browsers reach the page, besides localhost and addresses
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) async fn run(args: WebArgs) -> Result<()> {
    let token = args.token_file.as_deref().map(Token::read).transpose();
    let token = token.map_err(|why| Failure::new(FAILED, why))?;
    let board = Arc::new(Board::new());
    let source = match args.socket {
        Some(path) => Source::Daemon(Daemon::follow(path, &board)?),
        None => Source::Nodes(Nodes::follow(&args.store, &board).await?),
    };
    let site = Site::new(source, board, token, Guard::new(args.name));
    let listener = tokio::net::TcpListener::bind(args.listen).await.map_err(|error| {
        Failure::new(FAILED, format!("cannot listen at {}: {error}", args.listen))
    })?;
    let at = listener.local_addr()?;
    // Whoever does not look does not have to.
    let _ = writeln!(std::io::stdout(), "http://{at}/");
    serve::serve(listener, routes::router(site)).await;
    Ok(())
}
