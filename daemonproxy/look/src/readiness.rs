//! Services that run and are not ready: how they are to become so, and who waits for them.

use daemonproxy_client::StateField;
use daemonproxy_client::protocol::{Condition, Fact, ServiceView, StateView, conditions};

use crate::health::Health;
use crate::readable;

/// Whether its program runs, and it has not said yet that it is ready.
#[must_use]
pub fn is_not_ready_yet(service: &ServiceView) -> bool {
    let run = service.run();
    let runs = matches!(service.state(), StateField::Up { .. }) && run.has(Fact::Exec);
    runs && !run.has(Fact::Ready) && !run.has(Fact::Stop)
}

/// What it takes to become ready, and by when. Nothing is known of it where its options are not.
pub(crate) fn how(service: &ServiceView) -> Option<String> {
    let option = |key: &str| {
        let mut options = service.options().iter();
        options.find_map(|option| Some(readable(option.strip_prefix(key.as_bytes())?)))
    };
    let way = option("ready=")?;
    let when = match (way.as_str(), Health::of(service)) {
        ("notify", _) => "when it sends READY=1 (ready=notify)".to_owned(),
        ("control", Some(Health { check, found, .. })) => {
            let found = found.map_or(String::new(), |found| format!(", which fails: {found}"));
            format!("when its health check succeeds ({check}){found}")
        }
        ("control", None) => "when somebody says so with dpctl ready (ready=control)".to_owned(),
        (way, _) => match way.strip_prefix("fd:") {
            Some(fd) => format!("when it writes a line end to its descriptor {fd} (ready={way})"),
            None => format!("by ready={way}"),
        },
    };
    Some(match option("ready_within=") {
        Some(seconds) => format!(
            "It is ready {when}. It has {seconds}s from its start for that; else it is stopped, and \
             has failed."
        ),
        None => {
            format!("It is ready {when}. It may take as long as it likes: it has no ready_within.")
        }
    })
}

/// How those are that one which is down waits for: a sentence each.
pub(crate) fn awaited(service: &ServiceView, view: &StateView) -> Vec<String> {
    let mut said = Vec::new();
    for condition in service.triggers().others().flat_map(|it| conditions(it).flatten()) {
        let Some(other) = condition.other_service() else { continue };
        let name = other.to_string();
        let sentence = match (view.service(name.as_bytes()), &condition) {
            (None, _) => format!("There is no service {name}."),
            (Some(it), Condition::Ready(_)) if is_not_ready_yet(it) => {
                let by_health = Health::of(it).filter(|_| is_by_control(it));
                let how = by_health.map_or(String::new(), |health| {
                    format!(": its health check ({}) has not succeeded", health.check)
                });
                format!("{name} is up, but not ready yet{how}.")
            }
            (Some(it), Condition::Ready(_) | Condition::Up(_)) if it.pid().is_none() => {
                format!("{name} is down; see dpctl why {name}.")
            }
            (Some(it), Condition::Done(_)) if it.pid().is_some() => format!("{name} still runs."),
            (Some(it), Condition::Down(_)) if it.pid().is_some() => format!("{name} runs."),
            _ => continue,
        };
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    said
}

/// Options are known to those who ask for settings; to others it may be so.
fn is_by_control(service: &ServiceView) -> bool {
    let mut options = service.options().iter();
    service.options().is_empty() || options.any(|option| option == b"ready=control")
}
