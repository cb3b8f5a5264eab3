//! Which services are looked at again when something has happened to another one, or to a
//! descriptor: those that name it in their conditions.

use daemonproxy_protocol::{Condition, Name, Triggers, conditions};

use crate::memory::{NoRoom, Reserved, at_start};
use crate::table::Slot;

/// Where services are listed that wait for a descriptor. Should the name of a service hash to this,
/// they are looked at in vain.
pub(super) const ANY_FD: u32 = 0;

/// Which services name which others in their conditions.
pub(super) struct Watchers {
    /// By what the name of the other hashes to: if two have the same, one is looked at in vain.
    list: Vec<(u32, Slot)>,
}

impl Watchers {
    /// With room for one each if services have a pool.
    pub(super) fn with_capacity(services: usize) -> Self {
        Self { list: at_start(services) }
    }

    /// Makes sure that the names in these triggers can be added in place of those `before`; with a
    /// pool, no memory is asked for.
    pub(super) fn reserve(
        &mut self,
        slot: Slot,
        before: Triggers<'_>,
        triggers: Triggers<'_>,
        pooled: bool,
    ) -> Result<(), NoRoom> {
        let count = keys(triggers).count();
        if !pooled {
            return Ok(self.list.try_reserve(count)?);
        }
        if count <= self.list.capacity() - self.list.len() {
            return Ok(());
        }
        // Perhaps they name the same more than once, or what is listed already: it is tried.
        self.remove(slot);
        let has_room = self.add(triggers, slot);
        self.remove(slot);
        self.add(before, slot);
        if has_room { Ok(()) } else { Err(NoRoom) }
    }

    /// Adds them. False if there is not enough room for all.
    pub(super) fn add(&mut self, triggers: Triggers<'_>, slot: Slot) -> bool {
        keys(triggers).all(|key| {
            let place = self.list.partition_point(|&other| other < (key, slot));
            let is_new = self.list.get(place) != Some(&(key, slot));
            let has_room = !is_new || self.list.len() < self.list.capacity();
            if is_new && has_room {
                self.list.put_at(place, (key, slot));
            }
            has_room
        })
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        self.list.retain(|&(_, watcher)| watcher != slot);
    }

    /// The `nth` of those that may wait for this.
    pub(super) fn nth(&self, key: u32, nth: usize) -> Option<Slot> {
        let first = self.list.partition_point(|&(other, _)| other < key);
        self.list.get(first + nth).filter(|&&(other, _)| other == key).map(|&(_, slot)| slot)
    }
}

/// What these triggers wait for.
fn keys(triggers: Triggers<'_>) -> impl Iterator<Item = u32> {
    triggers.others().flat_map(conditions).flatten().filter_map(|condition| match condition {
        Condition::Fd(_) => Some(ANY_FD),
        _ => condition.other_service().map(hash),
    })
}

/// FNV-1a.
pub(super) fn hash(name: Name<'_>) -> u32 {
    name.as_bytes()
        .iter()
        .fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
