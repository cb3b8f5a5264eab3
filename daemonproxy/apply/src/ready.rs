//! Whether everything is as the file wants it, and what is missing.

use std::time::Duration;

use daemonproxy_client::protocol::{Fact, ServiceView};
use daemonproxy_client::{Client, StateView};
use daemonproxy_compile::{Plan, Service, is_ready, is_success};

use crate::error::Result;

/// What is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotReady {
    /// The services that are not ready, and why not.
    pub left: Vec<(String, String)>,
    /// One of them has failed, and nothing starts it again.
    pub has_failed: bool,
}

/// What is missing now.
#[must_use]
pub fn not_ready(plan: &Plan, view: &StateView) -> NotReady {
    let why = |service: &Service| Some((service.name.clone(), missing(service, view)?));
    NotReady {
        left: plan.services.iter().filter_map(why).collect(),
        has_failed: plan.services.iter().any(|service| has_failed_for_good(service, view)),
    }
}

/// Waits until nothing is missing, or one has failed for good; returns what is missing then.
///
/// # Errors
///
/// If the daemon goes away.
pub fn wait_until_ready(client: &mut Client, plan: &Plan, patience: Duration) -> Result<NotReady> {
    let mut missing = NotReady::default();
    client.wait(patience, |view| {
        missing = not_ready(plan, view);
        missing.has_failed || missing.left.is_empty()
    })?;
    // It stays said that one had failed, whatever came since.
    Ok(NotReady { left: not_ready(plan, client.view()).left, ..missing })
}

/// Whether it ends by itself, and is not started again then.
fn runs_once(service: &Service) -> bool {
    let is_once = |trigger: &String| trigger.split(',').any(|it| it == "once");
    !service.triggers.is_empty() && service.triggers.iter().all(is_once)
}

/// Whether it has failed, and nothing starts it again.
fn has_failed_for_good(service: &Service, view: &StateView) -> bool {
    let Some(it) = view.service(service.name.as_bytes()) else { return false };
    let has_ended = it.pid().is_none() && it.run().has(Fact::End);
    has_ended && (runs_once(service) && !is_success(it) || has_given_up(it))
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
    Some(match () {
        () if has_given_up(it) => "was given up; see dpctl why".into(),
        () if it.run().has(Fact::Held) => "is held (dpctl release)".into(),
        () if it.pid().is_some() && runs_once(service) => "has not ended yet".into(),
        () if it.pid().is_some() => "runs, and is not ready".into(),
        () if it.run().has(Fact::Failed) => "cannot be executed; see dpctl why".into(),
        () if it.run().has(Fact::End) => "has ended; see dpctl why".into(),
        () => "was not started yet; see dpctl why".into(),
    })
}
