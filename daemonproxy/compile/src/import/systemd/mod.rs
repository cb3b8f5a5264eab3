//! Units of systemd. Those that are given together may name each other.

mod command;
mod limits;
mod service;
mod unit;

use std::collections::BTreeMap;

use super::{File, Refused, name};

use service::Service;
use unit::Unit;

/// A unit that is given, as others see it.
#[derive(Clone, Debug)]
struct Known {
    /// Its name here.
    ours: String,
    /// How one waits for it: until it has ended well, until it is ready, or until it runs.
    condition: String,
}

pub(super) fn import(texts: &[(&str, &str)], file: &mut File) -> Result<(), Refused> {
    let mut units = Vec::new();
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for &(path, text) in texts {
        let refused = |(line, why): (usize, String)| Refused { path: path.to_owned(), line, why };
        let unit = Unit::read(text).map_err(refused)?;
        let theirs = path.rsplit('/').next().unwrap_or(path);
        let (theirs, kind) = theirs.rsplit_once('.').unwrap_or((theirs, "service"));
        if kind != "service" || !unit.has_section("Service") {
            let why = match kind {
                "service" => "it has no section [Service]".to_owned(),
                kind => format!("a unit of the kind .{kind} has no counterpart here"),
            };
            return Err(refused((0, why)));
        }
        // `web.service` and `web@.service` may both be there.
        let plain = name(theirs.trim_end_matches('@'));
        let is_taken = |ours: &String| known.values().any(|it| it.ours == *ours);
        let others = (2..).map(|number| format!("{plain}-{number}"));
        let names = std::iter::once(plain.clone()).chain(others);
        let ours = names.take(10_000).find(|it| !is_taken(it)).unwrap_or_else(|| plain.clone());
        let restarts = unit.last("Service", "Restart").is_some_and(|it| it != "no");
        let condition = match unit.last("Service", "Type") {
            Some("oneshot") => format!("done:{ours}"),
            Some("notify" | "notify-reload") if restarts => ours.clone(),
            _ => format!("up:{ours}"),
        };
        known.insert(format!("{theirs}.service"), Known { ours, condition });
        units.push((theirs.to_owned(), unit));
    }
    // What says that it comes before another one is a directive of that other one here.
    let mut before: Vec<(String, String)> = Vec::new();
    // Of a template there is no service yet.
    for (theirs, unit) in units.iter().filter(|(theirs, _)| !theirs.ends_with('@')) {
        let words = unit.all("Unit", "Before").flat_map(str::split_whitespace);
        let words = words.filter(|other| known.contains_key(*other));
        before.extend(words.map(|other| (other.to_owned(), format!("{theirs}.service"))));
    }
    for (theirs, unit) in &units {
        let service = Service::new(theirs, unit, &known, &before);
        file.tables.extend(service.tables());
    }
    file.logs();
    Ok(())
}
