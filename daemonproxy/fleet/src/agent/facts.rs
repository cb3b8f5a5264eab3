//! What the daemon tells, as JSON.

use daemonproxy_client::protocol::{FactValue, RunView};
use daemonproxy_client::{Event, EventLine};
use serde_json::{Map, Value};

use crate::model::Happened;

/// A run as an object, with numbers for numbers, also for the moments.
pub(super) fn run(run: &RunView) -> Map<String, Value> {
    let facts = run.values().map(|(key, value)| {
        let value = match value {
            FactValue::Moment(time) | FactValue::Seconds(time) => time.as_secs_f64().into(),
            FactValue::Number(number) => number.into(),
            FactValue::Flag => true.into(),
            FactValue::Word(word) => text(word).into(),
            FactValue::Failure(why) => {
                serde_json::json!({ "stage": text(why.stage), "errno": why.errno })
            }
        };
        (text(key), value)
    });
    let number = ("number".to_owned(), run.number().into());
    std::iter::once(number).chain(facts).collect()
}

/// The event, if it is one that is news to the fleet: a state or a run of a service.
pub(super) fn happened(line: &EventLine) -> Option<Happened> {
    match line.event().ok()? {
        Event::ServiceState { name: service, .. } => {
            let fields = line.as_bytes().split(|&byte| byte == b'\t').skip(2);
            Some(Happened {
                event: "service.state".into(),
                service: text(service.as_bytes()),
                state: fields.map(text).collect(),
                ..Happened::default()
            })
        }
        Event::ServiceRun { name: service, run: number, facts } => Some(Happened {
            event: "service.run".into(),
            service: text(service.as_bytes()),
            run: run(&RunView::new(number, facts)),
            ..Happened::default()
        }),
        _ => None,
    }
}

/// Bytes as text; what is not UTF-8 is replaced.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
