//! Conditions: what must hold for a trigger to start a service, and who is looked at again when
//! that may have changed.
//!
//! A condition is a level: it holds now, or it does not, and it is looked at once more at the start
//! itself. So nothing is remembered but which services name which others (`watchers.rs`): when a
//! service is made, starts, is ready or ends, those that name it are looked at again. A change
//! costs nothing for services that do not name it.
//!
//! A descriptor is polled only while nothing else keeps a service from being started by it.

use daemonproxy_protocol::{Condition, conditions};

use crate::proxy::Proxy;
use crate::service::run::Why;
use crate::service::watchers::{ANY_FD, hash};
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
