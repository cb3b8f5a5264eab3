//! What is known of the services that have something to say of themselves.

mod resume;

use std::time::Duration;

use daemonproxy_protocol::{Options, Ready, ServiceOption};

use crate::limits::Limits;
use crate::memory::NoRoom;
use crate::notify::Gear;
use crate::notify::status::Status;
use crate::sparse::Sparse;
use crate::system::{Fd, Monotonic};
use crate::table::Slot;
use crate::upgrade::state::{Writer, carried, carried_words};
use crate::upgrade::value::Value;

/// What the options of a service ask for.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wants {
    /// How it says that it is ready.
    pub(crate) ready: Option<Ready>,
    /// How long it has until then.
    pub(super) within: Option<Duration>,
    /// How often it must say that it is alive.
    pub(super) watchdog: Option<Duration>,
    /// How often somebody must vouch for it.
    pub(super) deadman: Option<Duration>,
    /// How many descriptors it may store.
    pub(super) fdstore: usize,
}

impl Wants {
    pub(crate) fn of(options: Options<'_>) -> Self {
        let mut wants = Self::default();
        for option in options.iter() {
            match option {
                ServiceOption::Ready(ready) => wants.ready = Some(ready),
                ServiceOption::ReadyWithin(time) => wants.within = Some(time),
                ServiceOption::Watchdog(time) => wants.watchdog = Some(time),
                ServiceOption::Fdstore(count) => wants.fdstore = count.try_into().unwrap_or(0),
                ServiceOption::Deadman(time) => wants.deadman = Some(time),
                _ => {}
            }
        }
        wants
    }

    /// Whether it says that it is ready on this descriptor.
    pub(super) fn is_ready_fd(&self, number: usize) -> bool {
        matches!(self.ready, Some(Ready::Fd(fd)) if usize::from(fd) == number)
    }

    /// Whether it will send messages.
    pub(super) fn needs_socket(&self) -> bool {
        self.ready == Some(Ready::Notify) || self.watchdog.is_some() || self.fdstore > 0
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
    /// That it is alive.
    Watchdog,
    /// That it may go on: somebody else did not say it.
    Deadman,
}

impl Late {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Watchdog => "watchdog",
            Self::Deadman => "deadman",
        }
    }
}

/// One of these services.
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
    /// Where its messages come from, and the user that may send some.
    pub(super) socket: Option<Fd>,
    pub(super) user: u32,
    /// It was told that it has a watchdog, and until when it must say that it is alive.
    pub(super) is_watched: bool,
    pub(super) alive_by: Option<Monotonic>,
    /// When SIGKILL comes at the latest in its stop, because whoever ordered that said so.
    pub(super) kill_by: Option<Monotonic>,
    /// Until when somebody must vouch for it, on CLOCK_BOOTTIME.
    pub(super) vouched_by: Option<Monotonic>,
    /// How it says that it is; when that is to be told, and not before when.
    pub(super) status: Status,
    pub(super) tell_at: Option<Monotonic>,
    pub(super) told_at: Monotonic,
    /// What was said about its messages is not logged again until then: a bit for each
    /// [`Complaint`](super::messages::Complaint).
    pub(super) quiet_until: Monotonic,
    pub(super) complaints: u32,
}

impl Notifier {
    /// One that has said nothing.
    const NEW: Self = Self {
        wants: Wants { ready: None, within: None, watchdog: None, deadman: None, fdstore: 0 },
        by: None,
        ready: None,
        late: None,
        ready_by: None,
        pipe: None,
        socket: None,
        user: 0,
        is_watched: false,
        alive_by: None,
        kill_by: None,
        vouched_by: None,
        status: Status::NONE,
        tell_at: None,
        told_at: Monotonic::from_nanos(0),
        quiet_until: Monotonic::from_nanos(0),
        complaints: 0,
    };

    /// One of which most can be told.
    #[cfg(test)]
    pub(crate) fn with_the_most_to_say(at: Monotonic) -> Self {
        let (ready, late) = (Some(at), Some(Late::Watchdog));
        let status = Status::new(&[b'x'; 200]);
        Self { by: Some(Ready::Notify), ready, late, status, ..Self::NEW }
    }

    /// What it has said of how it is.
    pub(crate) fn status(&self) -> Option<&[u8]> {
        Some(self.status.get()).filter(|status| !status.is_empty())
    }

    /// Nothing is expected of it any more.
    pub(super) fn stop_waiting(&mut self) {
        self.ready_by = None;
        self.alive_by = None;
        self.vouched_by = None;
        self.tell_at = None;
    }

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
        [self.ready_by, self.alive_by, self.tell_at].into_iter().flatten().min()
    }
}

carried!(
    Notifier, as in Notifier::NEW,
    carries by ready late ready_by pipe socket user is_watched alive_by kill_by vouched_by
        status tell_at told_at quiet_until complaints,
    but not wants
);
carried_words!(Late: Ready = b"ready" Watchdog = b"watchdog" Deadman = b"deadman");

/// As the option has it.
impl Value for Ready {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Fd(number) => {
                to.push(b"fd:");
                number.write(to);
            }
            Self::Notify => to.push(b"notify"),
            Self::Control => to.push(b"control"),
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        Some(match text {
            b"notify" => Self::Notify,
            b"control" => Self::Control,
            _ => Self::Fd(Value::parse(text.strip_prefix(b"fd:")?)?),
        })
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

    /// A service has other options now, for which there is room. `start`: that of its run; and what
    /// time it is.
    pub(crate) fn configure(
        &mut self,
        slot: Slot,
        wants: Wants,
        start: Option<Monotonic>,
        now: Monotonic,
        boot: Monotonic,
    ) {
        if self.list.get(slot).is_none() {
            if !wants.is_any() {
                return;
            }
            self.list.set(slot, Notifier::NEW);
        }
        let Some(notifier) = self.list.get_mut(slot) else { return };
        let before = std::mem::replace(&mut notifier.wants, wants);
        if before.within != wants.within {
            notifier.ready_by = start.zip(wants.within).map(|(start, time)| start.plus(time));
        }
        if before.watchdog != wants.watchdog && notifier.alive_by.is_some() {
            notifier.alive_by = wants.watchdog.map(|time| now.plus(time));
        }
        if before.deadman != wants.deadman {
            notifier.vouched_by = start.zip(wants.deadman).map(|(_, time)| boot.plus(time));
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

    /// Its stop was ordered with a time: this is when SIGKILL comes at the latest.
    pub(crate) fn kill_by(&mut self, slot: Slot, at: Monotonic) {
        if let Some(notifier) = self.list.get_mut(slot) {
            notifier.kill_by = Some(notifier.kill_by.map_or(at, |before| before.min(at)));
        }
    }

    /// It asks for time until then for what it is doing, whether that is to become ready or to say
    /// again that it is alive. Returns how much a stop may take of it.
    pub(super) fn extend(&mut self, slot: Slot, until: Monotonic) -> Monotonic {
        let Some(notifier) = self.list.get_mut(slot) else { return until };
        for due in [&mut notifier.ready_by, &mut notifier.alive_by].into_iter().flatten() {
            *due = until.max(*due);
        }
        notifier.kill_by.map_or(until, |limit| limit.min(until))
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

    /// Whether it is, or was, and has failed by that. For what somebody else did not say it can do
    /// nothing.
    pub(crate) fn is_late(&self, slot: Slot) -> bool {
        let late = self.list.get(slot).and_then(Notifier::late);
        late.is_some_and(|late| late != Late::Deadman)
    }

    /// A run begins, which was given this.
    pub(super) fn begin(
        &mut self,
        slot: Slot,
        gear: Gear,
        user: u32,
        now: Monotonic,
        boot: Monotonic,
    ) {
        let Some(notifier) = self.list.get_mut(slot) else { return };
        let wants = notifier.wants;
        *notifier = Notifier {
            wants,
            by: wants.ready,
            ready_by: wants.within.map(|time| now.plus(time)),
            pipe: gear.pipe.map(|(ours, _)| ours),
            socket: gear.notify.map(|notify| notify.socket),
            user,
            is_watched: gear.notify.is_some_and(|notify| notify.watchdog.is_some()),
            vouched_by: wants.deadman.map(|time| boot.plus(time)),
            ..Notifier::NEW
        };
    }

    /// When something is due in here.
    pub(crate) fn deadline(&self) -> Option<Monotonic> {
        self.list.iter().filter_map(|(_, notifier)| notifier.deadline()).min()
    }

    /// When somebody must have been vouched for, on CLOCK_BOOTTIME.
    pub(super) fn boot_deadline(&self) -> Option<Monotonic> {
        self.list.iter().filter_map(|(_, notifier)| notifier.vouched_by).min()
    }

    /// One whose time to say something is over. It has no such time any more.
    pub(super) fn take_late(&mut self, now: Monotonic) -> Option<(Slot, Late)> {
        self.list.iter_mut().find_map(|(slot, notifier)| {
            let late = if take_due(&mut notifier.ready_by, now) {
                Late::Ready
            } else if take_due(&mut notifier.alive_by, now) {
                Late::Watchdog
            } else {
                return None;
            };
            Some((slot, late))
        })
    }

    /// One for whom nobody has vouched in time. It has no such time any more.
    pub(super) fn take_unvouched(&mut self, boot: Monotonic) -> Option<Slot> {
        let mut all = self.list.iter_mut();
        all.find_map(|(slot, notifier)| take_due(&mut notifier.vouched_by, boot).then_some(slot))
    }

    /// One of which is to be told now how it is.
    pub(super) fn take_status_due(&mut self, now: Monotonic) -> Option<Slot> {
        let mut all = self.list.iter_mut();
        all.find_map(|(slot, notifier)| take_due(&mut notifier.tell_at, now).then_some(slot))
    }
}

/// Whether that moment has come. Then it is not awaited any more.
fn take_due(moment: &mut Option<Monotonic>, now: Monotonic) -> bool {
    let is_due = moment.is_some_and(|at| at <= now);
    if is_due {
        *moment = None;
    }
    is_due
}
