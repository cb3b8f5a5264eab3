//! Whether everything is as the file wants it, and what is missing.

use std::collections::BTreeSet;
use std::time::Duration;

use daemonproxy_client::protocol::{Fact, ServiceView};
use daemonproxy_client::{Client, StateField, StateView};
use daemonproxy_compile::{Plan, Service, is_ready, is_success};

use crate::error::Result;

/// What is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotReady {
    /// The services that are not ready, and why not. Those of which nothing is expected come first.
    pub left: Vec<(String, String)>,
    /// How many of them, from the first on, are held by an operator, or wait for one that is.
    pub held: usize,
    /// One of them has failed, and nothing starts it again.
    pub has_failed: bool,
    /// One of them may still become ready by itself.
    pub is_under_way: bool,
}

/// What may become of a service that is not ready.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outlook {
    /// An operator has stopped it, or what it waits for.
    Held,
    /// It has failed for good, or what it waits for has.
    Failed,
    /// It may become ready.
    UnderWay,
}

/// What is missing now.
#[must_use]
pub fn not_ready(plan: &Plan, view: &StateView) -> NotReady {
    let mut left = missing_services(plan, view);
    left.sort_by_key(|(_, outlook, _)| *outlook);
    let is = |wanted| left.iter().filter(|(_, outlook, _)| *outlook == wanted).count();
    NotReady {
        held: is(Outlook::Held),
        has_failed: is(Outlook::Failed) > 0,
        is_under_way: is(Outlook::UnderWay) > 0,
        left: left.iter().map(|(service, _, why)| (service.name.clone(), why.clone())).collect(),
    }
}

/// Waits until nothing is missing of which something is expected; returns what is missing then.
///
/// # Errors
///
/// If the daemon goes away.
pub fn wait_until_ready(client: &mut Client, plan: &Plan, patience: Duration) -> Result<NotReady> {
    client.wait(patience, |view| !not_ready(plan, view).is_under_way)?;
    Ok(not_ready(plan, client.view()))
}

/// Each service that is not as it should be.
fn missing_services<'p>(plan: &'p Plan, view: &StateView) -> Vec<(&'p Service, Outlook, String)> {
    let mut left: Vec<(&Service, Outlook, String)> = plan
        .services
        .iter()
        .filter_map(|service| {
            let why = missing(service, view)?;
            Some((service, outlook(service, view), why))
        })
        .collect();
    // What waits for those that never come does not come either, and so on.
    loop {
        let names = |wanted| -> BTreeSet<String> {
            let those = left.iter().filter(|(_, outlook, _)| *outlook == wanted);
            those.map(|(service, ..)| service.name.clone()).collect()
        };
        let (held, failed) = (names(Outlook::Held), names(Outlook::Failed));
        let mut is_same = true;
        for (service, outlook, why) in &mut left {
            let is_down =
                view.service(service.name.as_bytes()).is_some_and(|it| it.pid().is_none());
            if *outlook != Outlook::UnderWay || !is_down {
                continue;
            }
            let blocked = [(Outlook::Failed, &failed), (Outlook::Held, &held)];
            let blocked = blocked
                .into_iter()
                .find_map(|(what, names)| Some((what, blocked_by(service, names)?)));
            if let Some((what, name)) = blocked {
                (*outlook, *why) = (what, format!("waits for {name}"));
                is_same = false;
            }
        }
        if is_same {
            return left;
        }
    }
}

/// The one of these without which no trigger of the service can hold.
fn blocked_by<'n>(service: &Service, names: &'n BTreeSet<String>) -> Option<&'n String> {
    let waits_for = |trigger: &String| {
        trigger.split(',').find_map(|condition| {
            let (kind, name) = condition.split_once(':')?;
            names.get(name).filter(|_| matches!(kind, "ready" | "up" | "done"))
        })
    };
    let all: Option<Vec<&String>> = service.triggers.iter().map(waits_for).collect();
    all?.first().copied()
}

/// Whether it ends by itself, and is not started again then.
fn runs_once(service: &Service) -> bool {
    let is_once = |trigger: &String| trigger.split(',').any(|it| it == "once");
    !service.triggers.is_empty() && service.triggers.iter().all(is_once)
}

fn outlook(service: &Service, view: &StateView) -> Outlook {
    let Some(it) = view.service(service.name.as_bytes()) else { return Outlook::Failed };
    let has_ended = it.pid().is_none() && it.run().has(Fact::End);
    match () {
        () if has_given_up(it) => Outlook::Failed,
        () if it.run().has(Fact::Held) => Outlook::Held,
        () if has_ended && runs_once(service) && !is_success(it) && !is_to_start(it) => {
            Outlook::Failed
        }
        () => Outlook::UnderWay,
    }
}

fn is_to_start(it: &ServiceView) -> bool {
    matches!(it.state(), StateField::Starting { .. })
}

fn has_given_up(it: &ServiceView) -> bool {
    it.run().values().any(|(fact, _)| fact == b"gaveup")
}

/// What is missing, if something is.
fn missing(service: &Service, view: &StateView) -> Option<String> {
    let Some(it) = view.service(service.name.as_bytes()) else { return Some("is gone".into()) };
    let is_started =
        |trigger: &String| !trigger.split(',').any(|it| matches!(it, "failure" | "success"));
    // What nobody starts is not waited for.
    if !service.triggers.iter().any(is_started) || is_ready(it) && !runs_once(service) {
        return None;
    }
    let once_is_done = it.pid().is_none() && it.run().has(Fact::End) && is_success(it);
    // One that is started again on failure only has done its work as well.
    let may_end =
        !service.triggers.iter().any(|it| !it.starts_with("once") && !it.starts_with("failure"));
    if may_end && once_is_done {
        return None;
    }
    let runs = it.pid().is_some();
    Some(match () {
        () if has_given_up(it) => "was given up; see dpctl why".into(),
        () if it.run().has(Fact::Held) => "is held (dpctl release)".into(),
        () if runs && it.run().has(Fact::Stop) => "is being stopped".into(),
        () if runs && runs_once(service) => "has not ended yet".into(),
        () if runs && !it.run().has(Fact::Exec) => "is being started".into(),
        () if runs => "runs, and is not ready".into(),
        () if it.run().has(Fact::Failed) => "cannot be executed; see dpctl why".into(),
        () if it.run().has(Fact::End) => "has ended; see dpctl why".into(),
        () if is_to_start(it) => "is to be started".into(),
        () => "was not started yet; see dpctl why".into(),
    })
}
