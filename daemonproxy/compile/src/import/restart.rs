//! `restart`, as several tools say it in several directives.

use crate::text::{quote, table};

/// What is known of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Restart {
    pub(super) when: Option<&'static str>,
    pub(super) delay: Option<u64>,
    pub(super) max: Option<u64>,
    /// How often, within how many seconds.
    pub(super) giveup: Option<(u64, u64)>,
}

impl Restart {
    /// The value of the key.
    pub(super) fn text(&self) -> Option<String> {
        let mut entries = Vec::new();
        entries.extend(self.delay.filter(|it| *it > 1).map(|it| ("delay", it.to_string())));
        entries.extend(self.max.filter(|it| *it > 0).map(|it| ("max", it.to_string())));
        let giveup = self.giveup.filter(|(times, _)| *times > 0 && self.when != Some("never"));
        entries.extend(giveup.map(|(times, within)| {
            let both = [("times", times.to_string()), ("within", within.max(1).to_string())];
            ("giveup", table(both))
        }));
        if entries.is_empty() {
            return self.when.map(quote);
        }
        if let Some(when) = self.when {
            entries.insert(0, ("when", quote(when)));
        }
        Some(table(entries))
    }
}
