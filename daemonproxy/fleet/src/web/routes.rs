//! What can be asked for, and done.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::http::{Request, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Semaphore;

use super::board::Board;
use super::guard::{Guard, guard};
use super::source::{Source, Verb};
use super::token::Token;
use super::{metrics, stream};

/// So many browsers are told of changes at once.
pub(super) const WATCHERS: usize = 64;
/// What is sent to us is small, and comes soon.
const BODY: usize = 4096;
const SOON: Duration = Duration::from_secs(10);

/// What all requests share.
pub(super) struct Site {
    pub(super) source: Source,
    pub(super) board: Arc<Board>,
    pub(super) guard: Guard,
    pub(super) watchers: Arc<Semaphore>,
    token: Option<Token>,
}

pub(super) type Shared = Arc<Site>;

impl Site {
    pub(super) fn new(
        source: Source,
        board: Arc<Board>,
        token: Option<Token>,
        guard: Guard,
    ) -> Shared {
        let watchers = Arc::new(Semaphore::new(WATCHERS));
        Arc::new(Self { source, board, guard, watchers, token })
    }

    /// Whether who asks has the token, or why not.
    async fn may_change(&self, headers: &HeaderMap) -> Result<(), Response> {
        let Some(token) = &self.token else {
            return Err(no(StatusCode::FORBIDDEN, "This page is read-only: it has no token file."));
        };
        let given = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        match given.and_then(|given| given.strip_prefix(b"Bearer ")) {
            Some(given) if token.is(given).await => Ok(()),
            Some(_) => Err(no(StatusCode::FORBIDDEN, "That is not the token.")),
            None => Err(no(StatusCode::UNAUTHORIZED, "This needs the token.")),
        }
    }
}

pub(super) fn router(site: Shared) -> Router {
    let asset = |kind: &'static str, text: &'static str| {
        get(move || async move { ([(CONTENT_TYPE, kind)], text) })
    };
    Router::new()
        .route("/", asset("text/html; charset=utf-8", include_str!("assets/page.html")))
        .route("/page.css", asset("text/css; charset=utf-8", include_str!("assets/page.css")))
        .route("/page.js", asset("text/javascript; charset=utf-8", include_str!("assets/page.js")))
        .route("/icon.svg", asset("image/svg+xml", include_str!("assets/icon.svg")))
        .route("/api/about", get(about))
        .route("/api/stream", get(stream::stream))
        .route("/api/service", get(service))
        .route("/api/log", get(log))
        .route("/api/token", post(token))
        .route("/api/do", post(act))
        .route("/metrics", get(metrics::metrics))
        .fallback(|| async { no(StatusCode::NOT_FOUND, "There is nothing here.") })
        .layer(middleware::from_fn_with_state(Arc::clone(&site), guard))
        .with_state(site)
}

/// Which service.
#[derive(Deserialize)]
struct Which {
    node: String,
    name: String,
}

async fn about(State(site): State<Shared>) -> Response {
    answer(&json!({
        "title": site.source.title(),
        "acts": site.token.is_some(),
        "fleet": site.source.is_fleet(),
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

async fn service(State(site): State<Shared>, Query(which): Query<Which>) -> Response {
    let Some((row, ended)) = site.board.service(&which.node, &which.name) else {
        return no_such(&which);
    };
    let details = site.source.details(&which.node, &which.name);
    answer(&json!({
        "now": super::clock::now(),
        "row": row,
        "details": details,
        "ended": ended,
    }))
}

async fn log(State(site): State<Shared>, Query(which): Query<Which>) -> Response {
    match site.source.tail(&which.node, &which.name).await {
        Some(tail) => answer(&tail),
        None => no_such(&which),
    }
}

/// Whether the token is the right one.
async fn token(State(site): State<Shared>, headers: HeaderMap) -> Response {
    match site.may_change(&headers).await {
        Ok(()) => answer(&json!({ "done": true })),
        Err(refusal) => refusal,
    }
}

/// What is to be done to which service, or to which node.
#[derive(Deserialize)]
struct Deed {
    node: String,
    #[serde(default)]
    name: String,
    verb: Verb,
}

async fn act(State(site): State<Shared>, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    if let Err(refusal) = site.may_change(&head.headers).await {
        return refusal;
    }
    // Forms of other pages cannot send this.
    if head.headers.get(CONTENT_TYPE).is_none_or(|kind| kind != "application/json") {
        return no(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Only application/json is read.");
    }
    let Ok(Ok(body)) = tokio::time::timeout(SOON, to_bytes(body, BODY)).await else {
        return no(StatusCode::BAD_REQUEST, "This is too long, or came too slowly.");
    };
    let Ok(deed) = serde_json::from_slice::<Deed>(&body) else {
        return no(StatusCode::BAD_REQUEST, "This is not something to do.");
    };
    match site.source.act(&deed.node, &deed.name, deed.verb).await {
        Ok(()) => answer(&json!({ "done": true })),
        Err(why) => no(StatusCode::CONFLICT, &why),
    }
}

fn no_such(which: &Which) -> Response {
    let text = format!("There is no service {} on {}.", which.name, which.node);
    no(StatusCode::NOT_FOUND, &text)
}

pub(super) fn no(status: StatusCode, why: &str) -> Response {
    (status, answer(&json!({ "refused": why }))).into_response()
}

fn answer(what: &impl Serialize) -> Response {
    match serde_json::to_string(what) {
        Ok(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
