//! Which service to start next.
//!
//! A list sorted so that the next one is last: taking it costs nothing, and the common case, a
//! start that is due now, is put right there.

use crate::memory::{NoRoom, Reserved, at_start};
use crate::system::Monotonic;
use crate::table::Slot;

#[derive(Default)]
pub(super) struct DueList {
    list: Vec<(Monotonic, Slot)>,
}

impl DueList {
    /// Which they are, the next one last.
    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        self.list.iter().map(|&(_, slot)| slot)
    }

    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { list: at_start(capacity) }
    }

    /// Makes sure that this many fit.
    pub(super) fn reserve(&mut self, count: usize) -> Result<(), NoRoom> {
        Ok(self.list.try_reserve(count.saturating_sub(self.list.len()))?)
    }

    pub(super) fn add(&mut self, at: Monotonic, slot: Slot) {
        let place = self.place(at, slot);
        self.list.put_at(place, (at, slot));
    }

    /// Takes it out again.
    pub(super) fn remove(&mut self, at: Monotonic, slot: Slot) {
        let place = self.place(at, slot);
        if self.list.get(place) == Some(&(at, slot)) {
            self.list.remove(place);
        }
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Monotonic> {
        self.list.last().map(|&(at, _)| at)
    }

    /// The next one, if it is due by `now`.
    pub(super) fn pop(&mut self, now: Monotonic) -> Option<Slot> {
        let &(at, slot) = self.list.last()?;
        (at <= now).then(|| {
            self.list.pop();
            slot
        })
    }

    fn place(&self, at: Monotonic, slot: Slot) -> usize {
        self.list.partition_point(|&entry| entry > (at, slot))
    }
}
