//! Accepts connections: a limited number, each with a limited patience.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::patient::Patient;

/// More than browsers that watch, each with a few requests besides.
const CONNECTIONS: usize = 256;
/// How long the head of a request may take, and so how long a connection may be idle.
const HEAD: Duration = Duration::from_secs(20);
/// How long a browser may take none of what it is sent.
const WRITE: Duration = Duration::from_secs(20);
/// The most of a head, and of what is written ahead.
const BUFFER: usize = 64 << 10;
/// After an error of accept(2), such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves for ever.
pub(super) async fn serve(listener: TcpListener, router: Router) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // It only sends small things later.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(BUFFER);
        let connection = http.serve_connection(TokioIo::new(Patient::new(stream, WRITE)), service);
        tokio::spawn(async move {
            // An error is the other side's, and nobody here needs to know.
            let _ = connection.await;
            drop(place);
        });
    }
}
