//! What a node says of its services, told again as the events of a daemon: so that all that can be
//! said of them is said by the same code.

use std::time::Duration;

use daemonproxy_client::Event;
use daemonproxy_client::protocol::{Fact, FactKind, Fields, StateView};
use daemonproxy_look::time::monotonic_exact;
use serde_json::{Map, Value};

use crate::model::{ServiceStatus, Status};

/// Facts as they stand on the line of an event.
pub(super) struct Facts(Vec<u8>);

impl Facts {
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields::new(&self.0)
    }
}

/// From moments of the node to ours, by a status that is so old.
pub(super) fn shift(status: &Status, age: Duration) -> f64 {
    monotonic_exact().as_secs_f64() - age.as_secs_f64() - status.now
}

/// The services of a status, with its moments moved by so many seconds.
pub(super) fn view(status: &Status, shift: f64) -> StateView {
    let mut view = StateView::new();
    for service in &status.services {
        for line in lines(service, shift) {
            if let Ok(event) = Event::parse(&line) {
                view.apply(&event);
            }
        }
    }
    view
}

/// Which run it is.
pub(super) fn number(run: &Map<String, Value>) -> u32 {
    run.get("number").and_then(Value::as_u64).and_then(|it| it.try_into().ok()).unwrap_or(0)
}

/// The facts of a run, with its moments moved by so many seconds.
pub(super) fn facts(run: &Map<String, Value>, shift: f64) -> Facts {
    let mut out = Vec::new();
    for (key, value) in run.iter().filter(|(key, _)| *key != "number") {
        let is_moment = Fact::parse(key.as_bytes()).is_some_and(|it| it.kind() == FactKind::Moment);
        let text = match value {
            Value::Bool(true) => key.clone(),
            Value::Number(number) if is_moment => {
                let moment = (number.as_f64().unwrap_or_default() + shift).max(0.0);
                format!("{key}={moment:.6}")
            }
            Value::Number(number) => format!("{key}={number}"),
            Value::String(text) => format!("{key}={text}"),
            Value::Object(failed) => {
                let stage = failed.get("stage").and_then(Value::as_str).unwrap_or_default();
                let errno = failed.get("errno").and_then(Value::as_i64).unwrap_or_default();
                format!("{key}={stage}:{errno}")
            }
            _ => continue,
        };
        if !out.is_empty() {
            out.push(b'\t');
        }
        // Whatever it is, it stays in its field.
        out.extend(text.bytes().map(|byte| if byte < b' ' { b'?' } else { byte }));
    }
    Facts(out)
}

fn lines(service: &ServiceStatus, shift: f64) -> [Vec<u8>; 2] {
    let (name, run) = (&service.name, &service.run);
    let moment = |key: &str| {
        let at = run.get(key).and_then(Value::as_f64).unwrap_or_default() + shift;
        at.max(0.0) as u64
    };
    let pid = run.get("pid").and_then(Value::as_i64).unwrap_or_default();
    let state = match (service.state.as_str(), run.get("exit"), run.get("signal")) {
        ("up", ..) => format!("up\t{}\t{pid}\t-\t-\t0\t-", moment("start")),
        ("start", ..) => format!("start\t{}\t-\t-\t-\t-\t-", moment("next")),
        ("down", Some(exit), _) => format!("down\t{}\t{pid}\texit\t{exit}\t0\t0", moment("end")),
        ("down", None, Some(Value::String(signal))) => {
            format!("down\t{}\t{pid}\tsignal\t{signal}\t0\t0", moment("end"))
        }
        _ => "down\t-\t-\t-\t-\t-\t-".to_owned(),
    };
    let state = format!("service.state\t{name}\t{state}").into_bytes();
    let mut told = format!("service.run\t{name}\t{}", number(run)).into_bytes();
    let facts = facts(run, shift);
    if !facts.0.is_empty() {
        told.push(b'\t');
        told.extend_from_slice(&facts.0);
    }
    [state, told]
}

#[cfg(test)]
mod tests {
    use daemonproxy_client::StateField;

    use super::*;

    #[test]
    fn a_status_is_told_again_as_events() {
        let text = r#"{"node":"n","now":1000.0,"services":[
            {"name":"web","state":"up","run":{"number":7,"pid":12,"start":990.5,"exec":990.6,
                "why":"always","starts":3}},
            {"name":"job","state":"down","run":{"number":8,"pid":13,"start":1.0,"end":2.0,
                "exit":3,"held":true,"failed":{"stage":"exec","errno":2}}},
            {"name":"new","state":"none","run":{"number":0}},
            {"name":"bad\tname","state":"up","run":{"number":1}}]}"#;
        let status: Status = serde_json::from_str(text).unwrap();
        let view = view(&status, shift(&status, Duration::from_secs(2)));
        let web = view.service(b"web").unwrap();
        assert!(matches!(web.state(), StateField::Up { pid: 12, .. }));
        let up = monotonic_exact() - web.run().time(Fact::Start).unwrap();
        assert!((11.5..60.0).contains(&up.as_secs_f64()), "{up:?}");
        assert_eq!(web.run().number(), 7);
        let job = view.service(b"job").unwrap().run();
        assert_eq!((job.count(Fact::Exit), job.failed().unwrap().errno), (Some(3), 2));
        assert!(job.has(Fact::Held));
        assert_eq!(view.service(b"new").unwrap().state(), StateField::NeverStarted);
        assert_eq!(view.services().count(), 3);
    }
}
