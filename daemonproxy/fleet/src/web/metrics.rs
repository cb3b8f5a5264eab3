//! What there is, in the text format of Prometheus.

use std::fmt::Write;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::board::{Node, NodeState};
use super::clock;
use super::routes::{Shared, WATCHERS};
use super::row::{Row, State as RowState};

pub(super) async fn metrics(State(site): State<Shared>) -> Response {
    let (nodes, services) = site.board.all();
    let watchers = WATCHERS - site.watchers.available_permits();
    let text = written(&nodes, &services, watchers);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn written(nodes: &[Node], services: &[Row], watchers: usize) -> String {
    let mut out = String::new();
    let mut family = |name: &str, kind: &str, help: &str, samples: String| {
        // A string takes everything.
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{samples}");
    };
    let of_nodes = |name: &str, value: &dyn Fn(&Node) -> bool| {
        let line =
            |it: &Node| format!("{name}{{node=\"{}\"}} {}\n", label(&it.node), u8::from(value(it)));
        nodes.iter().map(line).collect::<String>()
    };
    let of_services = |name: &str, value: &dyn Fn(&Row) -> Option<String>| {
        let line = |it: &Row| {
            let (node, service) = (label(&it.node), label(&it.name));
            Some(format!("{name}{{node=\"{node}\",service=\"{service}\"}} {}\n", value(it)?))
        };
        services.iter().filter_map(line).collect::<String>()
    };
    let flag = |is: bool| Some(u8::from(is).to_string());

    let name = "daemonproxy_up";
    let samples = of_nodes(name, &|it| it.state == NodeState::Here);
    family(name, "gauge", "Whether the daemon of a node answers.", samples);

    let name = "daemonproxy_service_state";
    let samples: String = services
        .iter()
        .flat_map(|it| RowState::ALL.map(|state| (it, state)))
        .map(|(it, state)| {
            let (node, service) = (label(&it.node), label(&it.name));
            let (state, is) = (state.name(), u8::from(it.state == state));
            format!("{name}{{node=\"{node}\",service=\"{service}\",state=\"{state}\"}} {is}\n")
        })
        .collect();
    family(name, "gauge", "1 for the state that a service is in, 0 for the others.", samples);

    let name = "daemonproxy_service_starts_total";
    let samples = of_services(name, &|it| Some(it.starts.to_string()));
    family(name, "counter", "How often a service has been started since it exists.", samples);

    let name = "daemonproxy_service_held";
    let samples = of_services(name, &|it| flag(it.held));
    family(
        name,
        "gauge",
        "Whether a service was stopped, or given up, so that nothing starts it.",
        samples,
    );

    let name = "daemonproxy_service_given_up";
    let samples = of_services(name, &|it| flag(it.gave_up));
    family(name, "gauge", "Whether a service was started too often by its triggers.", samples);

    let name = "daemonproxy_service_uptime_seconds";
    let now = clock::now();
    let samples = of_services(name, &|it| {
        let is_up = matches!(it.state, RowState::Up | RowState::Ready | RowState::Stopping);
        let since = it.since.filter(|_| is_up)?;
        Some(format!("{:.3}", (now - since).max(0) as f64 / 1000.0))
    });
    family(name, "gauge", "For how long a service has been running, if it does.", samples);

    let name = "daemonproxy_web_watchers";
    family(name, "gauge", "How many browsers are told of changes.", format!("{name} {watchers}\n"));
    out
}

/// A value of a label: with what has a meaning there escaped.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_labels_stay_inside() {
        let row = Row { node: "a\"b\\c\nd".to_owned(), name: "web".to_owned(), ..Row::default() };
        let text = written(&[], &[row], 0);
        let line = r#"daemonproxy_service_starts_total{node="a\"b\\c\nd",service="web"} 0"#;
        assert!(text.lines().any(|it| it == line), "{text}");
    }
}
