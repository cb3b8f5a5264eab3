//! The order of the services in `top`, each with a key of its own. The same key again reverses it.

use std::cmp::Ordering;

/// What is compared.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum By {
    Name,
    Cpu,
    Memory,
    Uptime,
    Restarts,
}

/// The keys, and the name of each.
const KEYS: &[(u8, &str, By)] = &[
    (b'n', "name", By::Name),
    (b'c', "cpu", By::Cpu),
    (b'm', "memory", By::Memory),
    (b'u', "uptime", By::Uptime),
    (b'r', "restarts", By::Restarts),
];

#[derive(Copy, Clone, Debug)]
pub(super) struct Order {
    by: By,
    turned: bool,
}

/// What is known about a service. One that is not running uses nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) name: Vec<u8>,
    pub(super) cpu: Option<f64>,
    pub(super) memory: Option<u64>,
    pub(super) uptime: Option<i64>,
    pub(super) restarts: i64,
}

impl Default for Order {
    fn default() -> Self {
        Self { by: By::Name, turned: false }
    }
}

impl Order {
    /// Whether the key is one of these; if so, it sets the order.
    pub(super) fn takes(&mut self, key: u8) -> bool {
        let Some(&(.., by)) = KEYS.iter().find(|(known, ..)| *known == key) else { return false };
        *self = Self { by, turned: self.by == by && !self.turned };
        true
    }

    /// Names from a to z, everything else with the largest first. Equal ones are ordered by name.
    pub(super) fn compare(self, a: &Known, b: &Known) -> Ordering {
        let order = match self.by {
            By::Name => a.name.cmp(&b.name),
            By::Cpu => b.cpu.partial_cmp(&a.cpu).unwrap_or(Ordering::Equal),
            By::Memory => b.memory.cmp(&a.memory),
            By::Uptime => b.uptime.cmp(&a.uptime),
            By::Restarts => b.restarts.cmp(&a.restarts),
        };
        let order = if self.turned { order.reverse() } else { order };
        order.then_with(|| a.name.cmp(&b.name))
    }

    /// `by cpu`, for the title.
    pub(super) fn title(self) -> String {
        let name = KEYS.iter().find(|(.., by)| *by == self.by).map_or("", |(_, name, _)| *name);
        format!("by {name}{}", if self.turned { ", turned" } else { "" })
    }

    /// `n name  c cpu`, and so on.
    pub(super) fn help() -> String {
        let keys = KEYS.iter().map(|(key, name, _)| format!("{} {name}", char::from(*key)));
        keys.collect::<Vec<_>>().join("  ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(keys: &[u8]) -> String {
        let known = |name: &str, cpu, memory, uptime, restarts| Known {
            name: name.into(),
            cpu,
            memory,
            uptime,
            restarts,
        };
        let mut services = [
            known("d", None, None, None, 7),
            known("b", Some(1.5), Some(9), Some(3), 0),
            known("a", Some(0.0), Some(5), Some(8), 0),
            known("c", Some(80.0), Some(9), Some(1), 1),
        ];
        let mut order = Order::default();
        assert!(keys.iter().all(|&key| order.takes(key)));
        services.sort_by(|a, b| order.compare(a, b));
        services.iter().map(|service| char::from(service.name[0])).collect()
    }

    #[test]
    fn each_key_has_its_order_and_turns_it_around() {
        assert_eq!(sorted(b""), "abcd");
        assert_eq!(sorted(b"n"), "dcba");
        assert_eq!(sorted(b"c"), "cbad");
        assert_eq!(sorted(b"cc"), "dabc");
        assert_eq!(sorted(b"m"), "bcad");
        assert_eq!(sorted(b"u"), "abcd");
        assert_eq!(sorted(b"r"), "dcab");
        assert!(!Order::default().takes(b'x'));
    }
}
