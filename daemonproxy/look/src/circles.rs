//! Circles of conditions: services that wait for each other, so that none of them ever starts by
//! itself.

use std::collections::{BTreeMap, BTreeSet};

use daemonproxy_client::protocol::{Condition, Triggers, conditions};

/// Services that are down and have triggers: for each trigger, which others it waits for. What waits
/// for no service may hold at any time, and so may one that waits for a service that is not here.
#[derive(Default)]
pub struct Waiting {
    services: BTreeMap<String, Vec<Vec<String>>>,
}

impl Waiting {
    /// Adds a service. `holds`: that condition holds now, or somebody else may see to it.
    pub fn add(
        &mut self,
        name: &str,
        triggers: Triggers<'_>,
        holds: impl Fn(&Condition<'_>) -> bool,
    ) {
        self.services.remove(name);
        if triggers.is_empty() || triggers.always || triggers.signals().next().is_some() {
            return;
        }
        let waits_for = |trigger| {
            let wanted = conditions(trigger).flatten().filter(|condition| !holds(condition));
            // That another one is down is no reason to wait for it.
            let wanted = wanted.filter(|condition| !matches!(condition, Condition::Down(_)));
            wanted.filter_map(|condition| Some(condition.other_service()?.to_string())).collect()
        };
        self.services.insert(name.to_owned(), triggers.others().map(waits_for).collect());
    }

    /// Takes away those of which a start can be seen to come, again and again.
    fn stuck(&self) -> BTreeSet<&str> {
        let mut stuck: BTreeSet<&str> = self.services.keys().map(String::as_str).collect();
        loop {
            let is_free = |name: &&str| {
                let waits = |trigger: &Vec<String>| {
                    trigger.iter().any(|other| stuck.contains(other.as_str()))
                };
                !self.services[*name].iter().all(waits)
            };
            let free: Vec<&str> = stuck.iter().copied().filter(is_free).collect();
            if free.is_empty() {
                return stuck;
            }
            free.iter().for_each(|name| {
                stuck.remove(name);
            });
        }
    }

    /// Every circle, each once: it begins with the service whose name comes first.
    pub fn circles(&self) -> BTreeSet<Vec<&str>> {
        self.stuck().iter().filter_map(|name| self.circle_after(name)).collect()
    }

    /// The circle that this service is in or waits for.
    pub fn circle_after<'s>(&'s self, name: &str) -> Option<Vec<&'s str>> {
        let stuck = self.stuck();
        let mut at = *stuck.get(name)?;
        let mut way: Vec<&str> = Vec::new();
        while !way.contains(&at) {
            way.push(at);
            let mut others = self.services[at].iter().flatten().map(String::as_str);
            at = others.find(|other| stuck.contains(other))?;
        }
        let begin = way.iter().position(|name| *name == at)?;
        let mut circle = way.split_off(begin);
        let first = circle.iter().enumerate().min_by_key(|(_, name)| **name)?.0;
        circle.rotate_left(first);
        Some(circle)
    }
}

/// A circle in words.
pub fn told(circle: &[&str]) -> String {
    if let [one] = circle {
        return format!("{one} waits for itself: it never starts by itself");
    }
    let next = circle.iter().cycle().skip(1);
    let steps: Vec<String> =
        circle.iter().zip(next).map(|(one, other)| format!("{one} waits for {other}")).collect();
    let who = if circle.len() == 2 { "neither" } else { "none of them" };
    format!("{}: {who} ever starts by itself", steps.join(", "))
}

#[cfg(test)]
mod tests {
    use daemonproxy_client::protocol::Fields;

    use super::*;

    fn waiting(services: &[(&str, &str)]) -> Waiting {
        let mut waiting = Waiting::default();
        for (name, triggers) in services {
            let triggers = triggers.replace(' ', "\t");
            let triggers = Triggers::parse(Fields::new(triggers.as_bytes())).unwrap();
            waiting.add(name, triggers, |_| false);
        }
        waiting
    }

    fn told_of(services: &[(&str, &str)]) -> Vec<String> {
        waiting(services).circles().iter().map(|circle| told(circle)).collect()
    }

    #[test]
    fn circles_are_told_once() {
        let one = [("a", "ready:b"), ("b", "once,up:c done:c"), ("c", "up:a"), ("d", "up:b")];
        assert_eq!(
            told_of(&one),
            ["a waits for b, b waits for c, c waits for a: none of them ever starts by itself"]
        );
        assert_eq!(waiting(&one).circle_after("d"), Some(vec!["a", "b", "c"]));
        assert_eq!(
            told_of(&[("b", "ready:a"), ("a", "ready:b")]),
            ["a waits for b, b waits for a: neither ever starts by itself"]
        );
        assert_eq!(told_of(&[("a", "up:a")]), ["a waits for itself: it never starts by itself"]);
    }

    #[test]
    fn what_can_start_in_some_way_is_in_no_circle() {
        for services in [
            &[("a", "ready:b"), ("b", "ready:a always")][..],
            &[("a", "ready:b"), ("b", "ready:a USR1")],
            &[("a", "ready:b"), ("b", "ready:a once")],
            &[("a", "ready:b"), ("b", "down:a")],
            &[("a", "ready:b"), ("b", "ready:c")],
            &[("a", "ready:b failure"), ("b", "ready:a")],
        ] {
            assert_eq!(told_of(services), [""; 0], "{services:?}");
        }
    }
}
