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
use std::sync::Arc;

use crate::cli::WebArgs;
use crate::failure::{FAILED, Failure, Result};
use board::Board;
use daemon::Daemon;
use guard::Guard;
use nodes::Nodes;
use routes::Site;
use source::Source;
use token::Token;

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
