//! Which services are looked at again when something has happened to another one, or to a
//! descriptor: those that name it in their conditions.

use daemonproxy_protocol::{Condition, Name, Triggers, conditions};

use crate::memory::{NoRoom, Reserved, at_start};
use crate::table::Slot;

/// Which services name which others, and which descriptors, in their conditions.
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

/// How many times these triggers name a descriptor.
pub(super) fn count_fds(triggers: Triggers<'_>) -> usize {
    triggers.others().flat_map(conditions).filter(|it| matches!(it, Some(Condition::Fd(_)))).count()
}

/// What these triggers wait for.
fn keys(triggers: Triggers<'_>) -> impl Iterator<Item = u32> {
    triggers.others().flat_map(conditions).flatten().filter_map(|condition| match condition {
        Condition::Fd(name) => Some(hash_fd(name)),
        _ => condition.other_service().map(hash),
    })
}

/// What the name of a service hashes to.
pub(super) fn hash(name: Name<'_>) -> u32 {
    go_on(0x811c_9dc5, name.as_bytes())
}

/// What the name of a descriptor hashes to.
pub(super) fn hash_fd(name: Name<'_>) -> u32 {
    go_on(0x9dc5_811c, name.as_bytes())
}

/// FNV-1a; with another beginning for another kind of name.
fn go_on(hash: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(hash, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
