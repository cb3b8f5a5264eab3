//! What there is, as far as a file is concerned with it: the view of a client, read with a plan in
//! mind.

use std::collections::BTreeSet;

use daemonproxy_protocol::{
    Condition, Event, Fact, FactValue, FdStateField, Fields, ServiceView, StateField, StateView,
    Triggers, conditions,
};

use crate::plan::{Descriptor, Make};

/// The value of a tag `KEY=VALUE`.
pub(crate) fn tag(service: &ServiceView, key: &str) -> Option<String> {
    service.tags().iter().find_map(|tag| {
        let tag = std::str::from_utf8(tag).ok()?;
        Some(tag.strip_prefix(key)?.strip_prefix('=')?.to_owned())
    })
}

/// Whether it has a tag that is this word.
pub(crate) fn has_tag(service: &ServiceView, word: &str) -> bool {
    service.tags().iter().any(|tag| tag == word.as_bytes())
}

/// The fields of a list, as texts: what is not UTF-8 is not equal to anything that a file says.
pub(crate) fn texts(list: Fields<'_>) -> Vec<String> {
    list.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
}

/// The names of the descriptors that were made for a service.
pub(crate) fn made(service: &ServiceView) -> BTreeSet<String> {
    let made = tag(service, "made").unwrap_or_default();
    made.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The names of services that one waits for.
pub(crate) fn waits_for(service: &ServiceView) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for condition in service.triggers().others().flat_map(conditions).flatten() {
        if let Condition::Ready(name) | Condition::Up(name) | Condition::Done(name) = condition {
            names.insert(name.to_string());
        }
    }
    names
}

/// Triggers as they are told.
pub(crate) fn shown_triggers(triggers: Triggers<'_>) -> Vec<String> {
    triggers.iter().map(|it| String::from_utf8_lossy(&it).into_owned()).collect()
}

/// Triggers of a plan as they would be told.
pub(crate) fn told_triggers(triggers: &[String]) -> Vec<String> {
    let joined = triggers.join("\t");
    Triggers::parse(Fields::new(joined.as_bytes())).map_or(Vec::new(), shown_triggers)
}

/// Whether it has a process.
pub(crate) fn is_up(service: &ServiceView) -> bool {
    service.pid().is_some()
}

/// Whether it runs, is not being stopped, and is ready; without `ready` that is when its program is
/// executed.
#[must_use]
pub fn is_ready(service: &ServiceView) -> bool {
    let says_so = service.options().iter().any(|option| option.starts_with(b"ready="));
    let is = if says_so { has_fact(service, "ready") } else { service.run().has(Fact::Exec) };
    is_up(service) && is && !service.run().has(Fact::Stop)
}

/// Whether its last run has ended well.
#[must_use]
pub fn is_success(service: &ServiceView) -> bool {
    // Others than 0 may count as success; then it is a fact of the run.
    has_fact(service, "success")
        || matches!(service.run().get(Fact::Exit), Some(FactValue::Number(0)))
}

/// Whether nobody has to wait for it any more: it is ready, or has done its work and ended by
/// itself.
#[must_use]
pub fn is_ready_or_done(service: &ServiceView) -> bool {
    let run = service.run();
    let has_ended = !is_up(service) && run.has(Fact::End) && !run.has(Fact::Stop);
    is_ready(service) || has_ended && is_success(service)
}

/// Whether it ran before, and does not run now.
pub(crate) fn has_ended(service: &ServiceView) -> bool {
    !is_up(service)
        && (service.run().number() > 0 || matches!(service.state(), StateField::Down { .. }))
}

/// Whether it has a process; or, if `since` is a run, has ended after that one.
#[must_use]
pub fn was_started(service: &ServiceView, since: Option<u32>) -> bool {
    let is_later = |number| has_ended(service) && service.run().number() > number;
    is_up(service) || since.is_some_and(is_later)
}

/// Whether somebody wants it to stay down: a service that gave up is down by itself.
pub(crate) fn is_held(service: &ServiceView) -> bool {
    service.run().has(Fact::Held) && !has_fact(service, "gaveup")
}

/// Whether a fact is known of its run. It may be one that only daemons to come tell.
pub(crate) fn has_fact(service: &ServiceView, name: &str) -> bool {
    service.run().values().any(|(fact, _)| fact == name.as_bytes())
}

/// Whether a descriptor is what the plan wants it to be.
#[must_use]
pub fn is_as_wanted(view: &StateView, wanted: &Descriptor) -> bool {
    let is = |name: &str, state: &str| {
        let line = format!("fd.state\t{name}\t{state}");
        let event = Event::parse(line.as_bytes());
        let told = view.fd(name.as_bytes()).map(|fd| fd.state());
        matches!(event, Ok(Event::FdState { state, .. }) if told == Some(state))
    };
    let name = &wanted.name;
    match &wanted.make {
        Make::Pipe(write) => {
            let end = |name: &str| view.fd(name.as_bytes()).map(|fd| fd.state());
            let is_end = |name: &str, of: &str| matches!(end(name), Some(FdStateField::Pipe { peer, .. }) if peer == of.as_bytes());
            is_end(name, write) && is_end(write, name)
        }
        Make::File(flags, path) => is(name, &format!("file\t{flags}\t{path}")),
        Make::Socket(flags, address) => is(name, &format!("socket\t{flags}\t{address}")),
    }
}
