//! What is between the machines.

use crate::lease::{Record, Written};

/// The record of one lease.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) record: Option<(u64, Record)>,
    revision: u64,
}

impl Store {
    /// Writes it, if the revision is still this one.
    pub(super) fn write(&mut self, record: &Record, on: u64) -> Written {
        if self.record.as_ref().map_or(0, |it| it.0) != on {
            return Written::Conflict;
        }
        self.revision += 1;
        self.record = Some((self.revision, record.clone()));
        Written::Stored(self.revision)
    }
}

/// What only one may write to: it refuses a token that is lower than one it has seen.
#[derive(Debug, Default)]
pub(super) struct Resource {
    highest: u64,
    who: String,
    /// How often somebody else came.
    pub(super) hands: u64,
}

impl Resource {
    /// Whether it is taken.
    pub(super) fn write(&mut self, token: u64, who: &str) -> bool {
        if token > self.highest {
            self.highest = token;
            who.clone_into(&mut self.who);
            self.hands += 1;
        }
        assert!(token != self.highest || who == self.who, "two have the token {token}");
        token == self.highest
    }
}
