//! What the tags of a service say of its health checks. The program that checks writes them, the
//! module `daemonproxy.health` of Lua; the daemon knows nothing of all that.

use daemonproxy_client::protocol::{Fact, ServiceView};

use crate::readable;

/// After so many failures in a row it is restarted, if its tags do not say otherwise.
const FAILURES: i64 = 3;

/// How a service is checked, and what was found.
pub(crate) struct Health {
    /// What is asked: `tcp:HOST:PORT`, an address of HTTP, or `service:NAME`.
    pub(crate) check: String,
    /// How many checks in a row have failed.
    failed: i64,
    /// After so many it is restarted.
    failures: i64,
    /// What the last one that failed had found.
    pub(crate) found: Option<String>,
    /// Which start of the service it has ended, and what the last check had found then.
    restarted: Option<(i64, String)>,
}

impl Health {
    /// Of a service that is checked.
    pub(crate) fn of(service: &ServiceView) -> Option<Self> {
        let tag = |key: &str| {
            let mut tags = service.tags().iter();
            tags.find_map(|tag| Some(readable(tag.strip_prefix(key.as_bytes())?)))
        };
        let number = |key: &str| tag(key)?.parse().ok();
        let restarted = tag("health.restarted=").and_then(|text| {
            let (start, found) = text.split_once(' ').unwrap_or((&text, ""));
            Some((start.parse().ok()?, found.to_owned()))
        });
        Some(Self {
            check: tag("health=")?,
            failed: number("health.failed=").unwrap_or(0),
            failures: number("health.failures=").unwrap_or(FAILURES),
            found: tag("health.found="),
            restarted,
        })
    }

    /// In a few words, while its checks fail.
    pub(crate) fn failing(&self) -> Option<String> {
        let Self { failed, failures, .. } = self;
        (*failed > 0).then(|| format!("health fails, {failed} of {failures}"))
    }

    /// The same as a sentence.
    pub(crate) fn failing_sentence(&self) -> Option<String> {
        let Self { check, failed, failures, found, .. } = self;
        let found = found.as_ref().map_or(String::new(), |found| format!(": {found}"));
        (*failed > 0).then(|| {
            format!(
                "Its health check ({check}) has failed {failed} of {failures} times in a row, after \
                 which it is restarted{found}."
            )
        })
    }

    /// What its last check had found when its failures ended the run of this start.
    pub(crate) fn ended(&self, start: i64) -> Option<&str> {
        let (ended, found) = self.restarted.as_ref()?;
        (*ended == start).then_some(found)
    }

    /// What its last check had found when its failures ended the run before this one.
    pub(crate) fn began(&self, service: &ServiceView) -> Option<&str> {
        let run = service.run();
        let is_ordered = run.word(Fact::Why) == Some(b"order");
        self.ended(run.count(Fact::Starts)? - 1).filter(|_| is_ordered)
    }
}

/// Why its health check ended or began a run, with what that had found.
pub(crate) fn because(check: &str, found: &str) -> String {
    let found = if found.is_empty() { String::new() } else { format!(": {found}") };
    format!("because its health check failed ({check}{found})")
}
