//! What is known of the services that have something to say of themselves.

use std::time::Duration;

use daemonproxy_protocol::{Options, Ready, ServiceOption};

use crate::limits::Limits;
use crate::memory::NoRoom;
use crate::notify::Gear;
use crate::sparse::Sparse;
use crate::system::{Fd, Monotonic};
use crate::table::Slot;

/// What the options of a service ask for.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wants {
    /// How it says that it is ready.
    pub(crate) ready: Option<Ready>,
    /// How long it has until then.
    pub(super) within: Option<Duration>,
}

impl Wants {
    pub(crate) fn of(options: Options<'_>) -> Self {
        let mut wants = Self::default();
        for option in options.iter() {
            match option {
                ServiceOption::Ready(ready) => wants.ready = Some(ready),
                ServiceOption::ReadyWithin(time) => wants.within = Some(time),
                _ => {}
            }
        }
        wants
    }

    fn is_any(&self) -> bool {
        *self != Self::default()
    }
}

/// What a service did not say in time, so that the daemon stops it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Late {
    /// That it is ready.
    Ready,
}

impl Late {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
        }
    }
}

/// One of these services.
#[derive(Default)]
pub(crate) struct Notifier {
    /// As its options are now.
    pub(super) wants: Wants,
    /// How this run says that it is ready, and since when it is.
    pub(super) by: Option<Ready>,
    pub(super) ready: Option<Monotonic>,
    pub(super) late: Option<Late>,
    /// Until when it must be.
    pub(super) ready_by: Option<Monotonic>,
    /// Where its line end comes from.
    pub(super) pipe: Option<Fd>,
}

impl Notifier {
    /// What its options ask for.
    pub(crate) fn wants(&self) -> Wants {
        self.wants
    }

    /// Whether this run is to say that it is ready.
    pub(crate) fn says_ready(&self) -> bool {
        self.by.is_some()
    }

    /// Whether it is, and has not.
    pub(super) fn is_awaited(&self) -> bool {
        self.by.is_some() && self.ready.is_none()
    }

    /// What it did not say in time, so that it is stopped, or was.
    pub(crate) fn late(&self) -> Option<Late> {
        self.late
    }

    /// When this run has said that it is ready.
    pub(crate) fn ready(&self) -> Option<Monotonic> {
        self.ready
    }

    fn deadline(&self) -> Option<Monotonic> {
        self.ready_by
    }
}

/// All of them.
pub(crate) struct Notifying {
    list: Sparse<Notifier>,
}

impl Notifying {
    /// With room for all services of a pool.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { list: Sparse::with_capacity(limits.services.map_or(0, |pool| pool.count)) }
    }

    /// Makes sure that a service can have these options.
    pub(crate) fn reserve(&mut self, wants: &Wants) -> Result<(), NoRoom> {
        if wants.is_any() { self.list.reserve() } else { Ok(()) }
    }

    /// A service has other options now, for which there is room. `start`: that of its run, if it is
    /// not ready yet.
    pub(crate) fn configure(&mut self, slot: Slot, wants: Wants, start: Option<Monotonic>) {
        if self.list.get(slot).is_none() {
            if !wants.is_any() {
                return;
            }
            self.list.set(slot, Notifier::default());
        }
        let Some(notifier) = self.list.get_mut(slot) else { return };
        let before = std::mem::replace(&mut notifier.wants, wants);
        if before.within != wants.within {
            notifier.ready_by = start.zip(wants.within).map(|(start, time)| start.plus(time));
        }
    }

    /// The service is forgotten. It does not run.
    pub(crate) fn remove(&mut self, slot: Slot) {
        self.list.remove(slot);
    }

    /// What is known of this service, if it has anything to say.
    pub(crate) fn get(&self, slot: Slot) -> Option<&Notifier> {
        self.list.get(slot)
    }

    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut Notifier> {
        self.list.get_mut(slot)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, &Notifier)> {
        self.list.iter()
    }

    /// The run of a service is stopped because it did not say this in time.
    pub(crate) fn set_late(&mut self, slot: Slot, late: Late) {
        if let Some(notifier) = self.list.get_mut(slot) {
            notifier.late = Some(late);
        }
    }

    /// Whether it is, or was.
    pub(crate) fn is_late(&self, slot: Slot) -> bool {
        self.list.get(slot).is_some_and(|notifier| notifier.late.is_some())
    }

    /// A run begins, which was given this.
    pub(super) fn begin(&mut self, slot: Slot, gear: Gear, now: Monotonic) {
        let Some(notifier) = self.list.get_mut(slot) else { return };
        let wants = notifier.wants;
        *notifier = Notifier {
            wants,
            by: wants.ready,
            ready_by: wants.within.map(|time| now.plus(time)),
            pipe: gear.pipe.map(|(ours, _)| ours),
            ..Notifier::default()
        };
    }

    /// When something is due in here.
    pub(crate) fn deadline(&self) -> Option<Monotonic> {
        self.list.iter().filter_map(|(_, notifier)| notifier.deadline()).min()
    }

    /// One whose time to become ready is over. It has no such time any more.
    pub(super) fn take_late(&mut self, now: Monotonic) -> Option<Slot> {
        let is_late = |notifier: &Notifier| notifier.ready_by.is_some_and(|at| at <= now);
        let (slot, notifier) = self.list.iter_mut().find(|(_, notifier)| is_late(notifier))?;
        notifier.ready_by = None;
        Some(slot)
    }
}
