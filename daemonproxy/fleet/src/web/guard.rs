//! Who may ask: no page of a foreign origin, and nobody by a name that is not ours. Somebody else's
//! name may lead to this address on purpose (DNS rebinding); an address cannot.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::routes::Shared;

/// The names by which this page is known.
#[derive(Debug)]
pub(super) struct Guard {
    names: Vec<String>,
}

/// With every answer. Nothing but our own files is loaded or run, and no page can be put around
/// ours.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
         img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

impl Guard {
    pub(super) fn new(names: Vec<String>) -> Self {
        Self { names }
    }

    fn refusal(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Refused> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let Some(host) = text(HOST) else { return Some(Refused::Host) };
        if !self.knows(host) {
            return Some(Refused::Host);
        }
        if let Some(origin) = text(ORIGIN) {
            let of = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            if !of.is_some_and(|of| of.eq_ignore_ascii_case(host)) {
                return Some(Refused::Origin);
            }
        }
        let is_link = *method == Method::GET && path == "/";
        match text(HeaderName::from_static("sec-fetch-site")) {
            None | Some("same-origin" | "none") => None,
            Some(_) if is_link => None,
            Some(_) => Some(Refused::Origin),
        }
    }

    fn knows(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => address,
            None => host.split(':').next().unwrap_or_default(),
        };
        name.parse::<IpAddr>().is_ok()
            || name.eq_ignore_ascii_case("localhost")
            || self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Refused {
    Host,
    Origin,
}

/// Asks the guard, and puts its headers on the answer.
pub(super) async fn guard(State(site): State<Shared>, request: Request, next: Next) -> Response {
    let refusal = site.guard.refusal(request.method(), request.uri().path(), request.headers());
    let mut response = match refusal {
        None => next.run(request).await,
        Some(Refused::Host) => {
            let text =
                "This page is not known by that name: dpfleet web --name HOST makes it so.\n";
            (StatusCode::MISDIRECTED_REQUEST, text).into_response()
        }
        Some(Refused::Origin) => {
            (StatusCode::FORBIDDEN, "Not from a page of another origin.\n").into_response()
        }
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(method: &Method, path: &str, said: &[(&'static str, &str)]) -> Option<Refused> {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        Guard::new(vec!["fleet.example".to_owned()]).refusal(method, path, &headers)
    }

    #[test]
    fn only_by_names_that_are_ours() {
        for (host, refused) in [
            ("127.0.0.1:9001", None),
            ("10.1.2.3", None),
            ("[::1]:9001", None),
            ("localhost:9001", None),
            ("LOCALHOST", None),
            ("fleet.example:80", None),
            ("evil.example:9001", Some(Refused::Host)),
            ("127.0.0.1.evil.example", Some(Refused::Host)),
            ("localhost.evil.example:9001", Some(Refused::Host)),
            ("[evil.example]:1", Some(Refused::Host)),
            ("", Some(Refused::Host)),
        ] {
            assert_eq!(refusal(&Method::GET, "/", &[("host", host)]), refused, "{host}");
        }
        assert_eq!(refusal(&Method::GET, "/", &[]), Some(Refused::Host));
    }

    #[test]
    fn only_from_our_own_page() {
        let host = ("host", "localhost:9001");
        let of = |said| refusal(&Method::POST, "/api/do", &[host, said]);
        assert_eq!(of(("origin", "http://localhost:9001")), None);
        assert_eq!(of(("sec-fetch-site", "same-origin")), None);
        for origin in ["http://localhost:9002", "http://evil.example", "null", "localhost:9001"] {
            assert_eq!(of(("origin", origin)), Some(Refused::Origin), "{origin}");
        }
        for site in ["cross-site", "same-site", "x"] {
            assert_eq!(of(("sec-fetch-site", site)), Some(Refused::Origin), "{site}");
        }
        // A link on another page.
        let link = [host, ("sec-fetch-site", "cross-site")];
        assert_eq!(refusal(&Method::GET, "/", &link), None);
        assert_eq!(refusal(&Method::GET, "/api/stream", &link), Some(Refused::Origin));
    }
}
