//! The services that names and patterns on the command line mean.

use daemonproxy_apply::glob;
use daemonproxy_client::protocol::ServiceView;
use daemonproxy_client::{Client, StateView};
use daemonproxy_compile::nearest;

use crate::failure::{Failure, NOT_THERE, Result};
use crate::style::readable;

/// The services that these names and patterns mean, each once; all of them if there are none.
pub(crate) fn chosen(view: &StateView, patterns: &[String]) -> Result<Vec<Vec<u8>>> {
    let (found, missing) = select(view, patterns);
    match missing.first() {
        Some(missing) => Err(Failure::new(NOT_THERE, no_such(view, missing))),
        None => Ok(found),
    }
}

/// The same, and the patterns that match nothing.
pub(crate) fn select(view: &StateView, patterns: &[String]) -> (Vec<Vec<u8>>, Vec<String>) {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let mut missing = Vec::new();
    for pattern in patterns {
        let before = found.len();
        let mut known = false;
        for (name, it) in view.services() {
            let is_it = match pattern.strip_prefix('@') {
                Some(group) => is_in(it, group),
                None => glob::matches(pattern.as_bytes(), name),
            };
            if is_it {
                known = true;
                if !found[..before].iter().any(|other| other == name) {
                    found.push(name.to_vec());
                }
            }
        }
        if !known {
            missing.push(pattern.clone());
        }
    }
    if patterns.is_empty() {
        found.extend(view.services().map(|(name, _)| name.to_vec()));
    }
    (found, missing)
}

/// Whether a service is in a group: the tag `groups=` says it.
fn is_in(it: &ServiceView, group: &str) -> bool {
    let groups = it.tags().iter().find_map(|tag| tag.strip_prefix(b"groups="));
    let mut groups = groups.unwrap_or_default().split(|&byte| byte == b',');
    groups.any(|known| glob::matches(group.as_bytes(), known))
}

/// What is known about a service that was there a moment ago.
pub(crate) fn known<'c>(client: &'c Client, name: &[u8]) -> Result<&'c ServiceView> {
    let found = client.view().service(name);
    found.ok_or_else(|| Failure::new(NOT_THERE, format!("the service {} is gone", readable(name))))
}

/// That nothing has this name, and which one is meant, perhaps.
pub(crate) fn no_such(view: &StateView, pattern: &str) -> String {
    if let Some(group) = pattern.strip_prefix('@') {
        format!("no service is in the group {group}")
    } else if glob::is_pattern(pattern.as_bytes()) {
        format!("no service matches {pattern}")
    } else {
        match near(view, pattern) {
            Some(near) => format!("there is no service {pattern}; did you mean {near}?"),
            None => format!("there is no service {pattern}"),
        }
    }
}

/// The service whose name differs from this one least, if it is not something else altogether.
pub(crate) fn near<'v>(view: &'v StateView, name: &str) -> Option<&'v str> {
    nearest(name, view.services().filter_map(|(known, _)| str::from_utf8(known).ok()))
}
