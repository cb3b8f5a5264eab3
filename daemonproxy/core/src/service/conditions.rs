//! Conditions: what must hold for a trigger to start a service, and who is looked at again when
//! that may have changed.
//!
//! A condition is a level: it holds now, or it does not, and it is looked at once more at the start
//! itself. So nothing is remembered but which services name which others (`watchers.rs`): when a
//! service is made, starts, is ready or ends, those that name it are looked at again. A change
//! costs nothing for services that do not name it.
//!
//! The world is asked to watch a descriptor only while nothing else keeps a service from being
//! started by it (`awaiting.rs`).

use daemonproxy_protocol::{Condition, Fields, Name, Triggers, conditions};

use crate::connection::controller::ControllerId;
use crate::proxy::Proxy;
use crate::service::run::Why;
use crate::service::watchers::{hash, hash_fd};
use crate::system::{Fd, Monotonic, Readiness, System};
use crate::table::Slot;

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

    /// Whether all conditions of a trigger hold that need no look at the world. The descriptors
    /// must only be there.
    fn holds(&self, slot: Slot, trigger: &[u8]) -> bool {
        let of = |name| self.services.find(name).map(|slot| self.services.get(slot));
        let last_success = self.services.get(slot).last_success();
        conditions(trigger).flatten().all(|condition| match condition {
            Condition::Always => true,
            Condition::Signal(signal) => self.signals.is_pending(signal),
            Condition::Once => self.services.get(slot).never_ran(),
            Condition::Failure => last_success == Some(false),
            Condition::Success => last_success == Some(true),
            Condition::Ready(name) => {
                self.services.find(name).is_some_and(|slot| self.is_ready(slot))
            }
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

    /// Some names have no descriptor of the daemon's that could be waited for.
    pub(super) fn warn_of_unwatchable(&mut self, id: ControllerId, triggers: Triggers<'_>) {
        for condition in triggers.others().flat_map(conditions).flatten() {
            if let Condition::Fd(name) = condition
                && self.fds.is_constant(name)
                && self.fds.fd(name).is_none()
            {
                self.warn(id, &[b"fd \"", name.as_bytes(), b"\" cannot be waited for"]);
            }
        }
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

    /// The name of a descriptor stands for another one now, or for none.
    pub(crate) fn wake_watchers_of_fd(&mut self, name: Name<'_>) {
        let mut nth = 0;
        while let Some(watcher) = self.services.watchers.nth(hash_fd(name), nth) {
            self.services.look_again(watcher);
            nth += 1;
        }
    }

    /// The triggers of a service whose other conditions hold: none while anything else keeps it from
    /// being started.
    fn waiting_triggers(&self, slot: Slot) -> impl Iterator<Item = &[u8]> {
        let service = self.services.get(slot);
        // A descriptor does not hasten a start that is planned.
        let may_start = self.may_be_triggered(slot) && !service.is_about_to_start();
        let triggers = service.triggers().others().filter(move |_| may_start);
        triggers.filter(move |trigger| self.holds(slot, trigger))
    }

    /// The descriptors that a service waits for.
    fn awaited_by(&self, slot: Slot) -> impl Iterator<Item = Fd> {
        self.waiting_triggers(slot).filter_map(|trigger| {
            // If it waits for several, only for one that is not readable yet: the others would wake
            // us without end.
            let first = self.fds_of(trigger).next()?;
            let has_several = self.fds_of(trigger).nth(1).is_some();
            let is_awaited = |fd: &Fd| self.sys.readiness(*fd) != Readiness::Data;
            self.fds_of(trigger).find(|fd| !has_several || is_awaited(fd)).or(Some(first))
        })
    }

    /// Has the world watch what services wait for, where that may have changed. [`Self::run`] does
    /// this at its end.
    pub fn settle_awaited(&mut self) {
        while let Some(slot) = self.services.next_to_look_at() {
            while let Some(fd) = self.missing_for(slot) {
                if self.services.awaiting.add(fd, slot) && self.sys.watch(fd).is_err() {
                    self.services.awaiting.is_not_watched(fd);
                }
            }
        }
    }

    fn missing_for(&self, slot: Slot) -> Option<Fd> {
        self.awaited_by(slot).find(|&fd| !self.services.awaiting.has(fd, slot))
    }

    /// The first descriptor of a trigger of which none is watched, although all else holds: after a
    /// turn there is none. With one that is watched the rest is looked at when that can be read.
    pub fn missed(&self) -> Option<Fd> {
        let missed_by = |slot: Slot| {
            let is_watched = move |fd| self.services.awaiting.has(fd, slot);
            let mut deaf = self
                .waiting_triggers(slot)
                .filter(move |trigger| !self.fds_of(trigger).any(is_watched));
            deaf.find_map(|trigger| self.fds_of(trigger).next())
        };
        self.services.iter().find_map(|(slot, _)| missed_by(slot))
    }

    /// What services wait for and the world cannot watch: calls `each` for them.
    pub fn unwatched(&self, each: impl FnMut(Fd)) {
        self.services.awaiting.unwatched().iter().copied().for_each(each);
    }

    /// There is something to read from a descriptor that is watched, or from one of
    /// [`Self::unwatched`]; or it is broken. Such a one is not waited for until it is replaced.
    pub fn awaited_is_ready(&mut self, fd: Fd, now: Monotonic) {
        self.now = now;
        let is_broken = self.sys.readiness(fd) == Readiness::Broken;
        while let Some(slot) = self.services.awaiting.first(fd) {
            self.services.awaiting.remove(fd, slot);
            // It may be watched in vain: for one that runs by now, was told to start later, or waits
            // for something else first. Then this is told again when it waits for it.
            if self.waiting_triggers(slot).any(|trigger| self.fds_of(trigger).any(|it| it == fd)) {
                if is_broken {
                    self.stop_waiting(slot, fd);
                }
                self.arm(slot);
            }
        }
        self.unwatch(fd);
    }

    /// There will be nothing to read from this descriptor, under the name by which a service waits
    /// for it.
    fn stop_waiting(&mut self, slot: Slot, fd: Fd) {
        let Self { services, fds, .. } = self;
        for name in names_of_fds(services.get(slot).conditions()) {
            if fds.fd(name) == Some(fd) {
                fds.stop_watching(name);
            }
        }
    }

    /// A descriptor is about to be closed.
    pub(crate) fn forget_awaited(&mut self, fd: Fd) {
        if self.services.awaiting.first(fd).is_none() {
            return;
        }
        while let Some(slot) = self.services.awaiting.first(fd) {
            self.services.awaiting.remove(fd, slot);
            self.services.look_again(slot);
        }
        self.unwatch(fd);
    }

    /// The triggers of a service are about to be replaced.
    pub(super) fn forget_awaited_by(&mut self, slot: Slot) {
        let awaited = |proxy: &Self| {
            names_of_fds(proxy.services.get(slot).conditions())
                .filter_map(|name| proxy.fds.fd(name))
                .find(|&fd| proxy.services.awaiting.has(fd, slot))
        };
        while let Some(fd) = awaited(self) {
            if self.services.awaiting.remove(fd, slot) {
                self.unwatch(fd);
            }
        }
        self.services.look_again(slot);
    }

    fn unwatch(&mut self, fd: Fd) {
        if self.services.awaiting.was_watched(fd) {
            self.sys.unwatch(fd);
        }
    }
}

/// The descriptors that triggers name.
fn names_of_fds(triggers: Fields<'_>) -> impl Iterator<Item = Name<'_>> {
    triggers.iter().flat_map(conditions).filter_map(|condition| match condition {
        Some(Condition::Fd(name)) => Some(name),
        _ => None,
    })
}
