//! The descriptors that services wait for, and for whom the world watches them.
//!
//! It watches one until something can be read there, or until it is closed: waiting takes no time,
//! however many there are. A service is looked at again only when something has happened that may
//! change what it waits for, once, at the end of the turn. A descriptor that is watched in vain
//! does no harm: when it can be read, it is taken from the list, and those that it was listed for
//! are looked at.

use crate::memory::{NoRoom, Reserved, at_start};
use crate::system::Fd;
use crate::table::Slot;

/// What a service has to do with descriptors.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Waits {
    /// None of its triggers names one.
    Never,
    Perhaps,
    /// The same, and it is to be looked at again.
    LookAgain,
}

/// The descriptors, and the services that are to be looked at again.
pub(crate) struct Awaiting {
    /// Each as often as there are services that wait for it. Sorted.
    list: Vec<(Fd, Slot)>,
    /// Those of them that the world cannot watch, such as a file, which can always be read.
    unwatched: Vec<Fd>,
    /// Those that are to be looked at again, each once.
    again: Vec<Slot>,
    /// How many times the triggers of all services name a descriptor: there is room for as many in
    /// each of these lists.
    names: usize,
}

impl Awaiting {
    /// With room for one each if services have a pool, as in the list of names (`watchers.rs`); and
    /// as much again, since two names may hash to the same.
    pub(super) fn with_capacity(services: usize) -> Self {
        let most = 2 * services;
        Self { list: at_start(most), unwatched: at_start(most), again: at_start(most), names: 0 }
    }

    /// Makes room for `after` names in place of `before`. With a pool it is there: the list of names
    /// has refused what is too much.
    pub(super) fn reserve(
        &mut self,
        before: usize,
        after: usize,
        pooled: bool,
    ) -> Result<(), NoRoom> {
        let names = (self.names - before) + after;
        if pooled {
            return Ok(());
        }
        self.list.try_reserve(names.saturating_sub(self.list.len()))?;
        self.unwatched.try_reserve(names.saturating_sub(self.unwatched.len()))?;
        Ok(self.again.try_reserve(names.saturating_sub(self.again.len()))?)
    }

    /// There is room for them, and now they are named.
    pub(super) fn set_names(&mut self, before: usize, after: usize) {
        self.names = (self.names - before) + after;
    }

    /// A service is to be looked at again.
    pub(super) fn look_again(&mut self, slot: Slot) {
        self.again.put(slot);
    }

    pub(super) fn next_to_look_at(&mut self) -> Option<Slot> {
        self.again.pop()
    }

    /// A service does not need to be looked at.
    pub(super) fn forget(&mut self, slot: Slot) {
        self.again.retain(|&other| other != slot);
    }

    pub(super) fn has(&self, fd: Fd, slot: Slot) -> bool {
        self.list.binary_search(&(fd, slot)).is_ok()
    }

    /// A service waits for a descriptor that is not yet listed for it. Returns whether nobody else
    /// does.
    pub(super) fn add(&mut self, fd: Fd, slot: Slot) -> bool {
        let is_first = self.first(fd).is_none();
        let place = self.list.partition_point(|&other| other < (fd, slot));
        self.list.put_at(place, (fd, slot));
        is_first
    }

    /// A service does not wait for it any more. Returns whether nobody else does.
    pub(super) fn remove(&mut self, fd: Fd, slot: Slot) -> bool {
        if let Ok(place) = self.list.binary_search(&(fd, slot)) {
            self.list.remove(place);
        }
        self.first(fd).is_none()
    }

    /// The first of those that wait for it.
    pub(super) fn first(&self, fd: Fd) -> Option<Slot> {
        let place = self.list.partition_point(|&(other, _)| other < fd);
        self.list.get(place).filter(|&&(other, _)| other == fd).map(|&(_, slot)| slot)
    }

    /// The world cannot watch this one.
    pub(super) fn is_not_watched(&mut self, fd: Fd) {
        self.unwatched.put(fd);
    }

    /// Nobody waits for it any more. Returns whether the world watches it.
    pub(super) fn was_watched(&mut self, fd: Fd) -> bool {
        let place = self.unwatched.iter().position(|&other| other == fd);
        if let Some(place) = place {
            self.unwatched.swap_remove(place);
        }
        place.is_none()
    }

    /// What the world cannot watch.
    pub(super) fn unwatched(&self) -> &[Fd] {
        &self.unwatched
    }
}
