//! Conditions: what must hold for a trigger to start a service, and who is looked at again when that
//! may have changed.
//!
//! A condition is a level: it holds now, or it does not, and it is looked at once more at the start
//! itself. So nothing is remembered but which services name which others ([`Watchers`]): when a
//! service is made, starts, is ready or ends, those that name it are looked at again. A change costs
//! nothing for services that do not name it.
//!
//! A descriptor is polled only while nothing else keeps a service from being started by it.

use daemonproxy_protocol::{Condition, Name, Triggers, conditions};

use crate::memory::{NoRoom, Reserved, at_start};
use crate::proxy::Proxy;
use crate::service::run::Why;
use crate::service::state::Service;
use crate::system::{Fd, Monotonic, Readiness, System};
use crate::table::Slot;

/// Where services are listed that wait for a descriptor. Should the name of a service hash to this,
/// they are looked at in vain.
const ANY_FD: u32 = 0;

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

    /// Makes sure that the names in these triggers can be added; with a pool, no memory is asked for.
    pub(super) fn reserve(&mut self, triggers: Triggers<'_>, pooled: bool) -> Result<(), NoRoom> {
        let count = keys(triggers).count();
        if pooled {
            let has_room = count <= self.list.capacity() - self.list.len();
            return if has_room { Ok(()) } else { Err(NoRoom) };
        }
        Ok(self.list.try_reserve(count)?)
    }

    pub(super) fn add(&mut self, triggers: Triggers<'_>, slot: Slot) {
        for key in keys(triggers) {
            let place = self.list.partition_point(|&other| other < (key, slot));
            if self.list.get(place) != Some(&(key, slot)) {
                self.list.put_at(place, (key, slot));
            }
        }
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        self.list.retain(|&(_, watcher)| watcher != slot);
    }

    /// The `nth` of those that may wait for this.
    fn nth(&self, key: u32, nth: usize) -> Option<Slot> {
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
fn hash(name: Name<'_>) -> u32 {
    name.as_bytes()
        .iter()
        .fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl<S: System> Proxy<S> {
    /// A trigger of a service that holds now.
    pub(crate) fn trigger(&self, slot: Slot) -> Option<Why> {
        let triggers = self.services.get(slot).triggers();
        self.signals.trigger(triggers).or_else(|| {
            let nth = triggers.others().position(|trigger| {
                self.holds(slot, trigger)
                    && self.fds_of(trigger).all(|fd| self.sys.readiness(fd) == Readiness::Data)
            })?;
            Some(u8::try_from(nth).map_or(Why::Condition, Why::Nth))
        })
    }

    /// Whether all conditions of a trigger hold that need no look at the world. The descriptors must
    /// only be there.
    fn holds(&self, slot: Slot, trigger: &[u8]) -> bool {
        let of = |name| self.services.find(name).map(|slot| self.services.get(slot));
        let last_success = self.services.get(slot).last_success();
        conditions(trigger).flatten().all(|condition| match condition {
            Condition::Always => true,
            Condition::Signal(signal) => self.signals.is_pending(signal),
            Condition::Once => self.services.get(slot).never_ran(),
            Condition::Failure => last_success == Some(false),
            Condition::Success => last_success == Some(true),
            Condition::Ready(name) => of(name).is_some_and(Service::is_ready),
            Condition::Up(name) => of(name).is_some_and(|it| it.pid().is_some()),
            Condition::Down(name) => of(name).is_some_and(|it| it.pid().is_none()),
            Condition::Done(name) => of(name).is_some_and(|it| it.last_success() == Some(true)),
            Condition::Fd(name) => self.fds.watchable(name).is_some(),
        })
    }

    fn fds_of(&self, trigger: &[u8]) -> impl Iterator<Item = Fd> {
        conditions(trigger).flatten().filter_map(|condition| match condition {
            Condition::Fd(name) => self.fds.watchable(name),
            _ => None,
        })
    }

    /// A service is there now, and was perhaps made for that.
    pub(super) fn wake_watchers_if(&mut self, is_new: bool, slot: Slot) {
        if is_new {
            self.wake_watchers(slot);
        }
    }

    /// What others wait for may have happened to a service.
    pub(crate) fn wake_watchers(&mut self, slot: Slot) {
        let key = hash(self.services.get(slot).name());
        let mut nth = 0;
        while let Some(watcher) = self.services.watchers.nth(key, nth) {
            self.arm(watcher);
            nth += 1;
        }
    }

    /// The descriptors to poll because a service is started when one can be read: calls `each` for
    /// them.
    pub fn awaited(&self, mut each: impl FnMut(Fd)) {
        let mut nth = 0;
        while let Some(slot) = self.services.watchers.nth(ANY_FD, nth) {
            nth += 1;
            if !self.may_be_triggered(slot) || self.services.get(slot).is_about_to_start() {
                continue;
            }
            for trigger in self.services.get(slot).triggers().others() {
                if !self.holds(slot, trigger) {
                    continue;
                }
                // If it waits for several, only for one that is not readable yet: the others would
                // wake us without end.
                let several = self.fds_of(trigger).nth(1).is_some();
                let is_awaited = |fd: &Fd| !several || self.sys.readiness(*fd) != Readiness::Data;
                if let Some(fd) = self.fds_of(trigger).find(is_awaited) {
                    each(fd);
                }
            }
        }
    }

    /// One of these can be read, or is broken. A broken one is not polled until it is replaced.
    pub fn awaited_is_ready(&mut self, fd: Fd, now: Monotonic) {
        self.now = now;
        if self.sys.readiness(fd) == Readiness::Broken {
            self.fds.stop_watching(fd);
        }
        let mut nth = 0;
        while let Some(slot) = self.services.watchers.nth(ANY_FD, nth) {
            self.arm(slot);
            nth += 1;
        }
    }
}
