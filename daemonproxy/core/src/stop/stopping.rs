//! The stops in progress, and when to check them.

use std::time::Duration;

use daemonproxy_protocol::Name;

use crate::limits::{Limits, MIN_FDS};
use crate::memory::{NoRoom, Reserved, at_start};
use crate::service::services::Services;
use crate::sparse::Sparse;
use crate::stop::ending::{Allowed, Shutdown};
use crate::stop::one_stop::{OneStop, Times};
use crate::stop::order::Order;
use crate::system::{Fd, Monotonic, Pid};
use crate::table::Slot;
use crate::upgrade::state::{Carried, Read, StateLine, Writer, Wrong, carried, split};
use crate::upgrade::value::Value;

/// Milliseconds until the second look at a group that is slow to end; the pause doubles each time.
const FIRST_PAUSE: u64 = 10;
/// The most milliseconds between two looks.
const LONGEST_PAUSE: u64 = 1000;
/// How many processes may be checked per millisecond of pause: a look at ten thousand takes its
/// time.
const PROCESSES_PER_MILLI: u64 = 128;

/// Everything about stopping.
pub(crate) struct Stopping {
    /// The stops in progress, by pid.
    pub(super) list: Vec<OneStop>,
    pub(super) order: Order,
    pub(super) shutdown: Option<Shutdown>,
    pub(super) looks: Looks,
    /// How long a shutdown may take that does not say it.
    pub(crate) unsaid: Allowed,
    /// What watches the cgroups of those whose stop waits for one to be empty.
    pub(super) cgroups: Sparse<Fd>,
    /// When to count what services have left behind.
    pub(super) count_at: Option<Monotonic>,
    /// The daemon is process 1.
    pub(super) owns_everything: bool,
}

// Over an upgrade.
impl Stopping {
    pub(crate) fn write_state(&self, services: &Services, to: &mut Writer) {
        let Self { list, order, shutdown, looks, unsaid, cgroups, count_at, owns_everything } =
            self;
        to.begin(b"resume.stopping");
        to.keyed("unsaid", unsaid);
        to.unless_fresh("count_at", count_at, &None);
        to.unless_fresh("owns_everything", owns_everything, &false);
        looks.save(to);
        to.end();
        for stop in list {
            to.begin(b"resume.stop");
            stop.save(to);
            to.end();
        }
        for (slot, fd) in cgroups.iter() {
            to.begin(b"resume.cgroup");
            to.field(services.get(slot).name().as_bytes());
            to.keyed("fd", fd);
            to.end();
        }
        if let Some(shutdown) = shutdown {
            to.begin(b"resume.shutdown");
            shutdown.save(to);
            to.end();
        }
        order.write_state(to);
    }

    /// Takes a line about it. False if it is about something else.
    pub(crate) fn read_state<'a>(
        &mut self,
        record: StateLine<'a>,
        services: &Services,
    ) -> Read<'a, bool> {
        match record.kind {
            b"resume.stopping" => {
                for field in record.rest.iter() {
                    let (key, value) = split(field)?;
                    let read = match key {
                        b"unsaid" => self.unsaid.read(value),
                        b"count_at" => self.count_at.read(value),
                        b"owns_everything" => self.owns_everything.read(value),
                        _ => {
                            self.looks.set(field)?;
                            Some(())
                        }
                    };
                    read.ok_or(Wrong::Value(field))?;
                }
            }
            b"resume.stop" => {
                let mut stop = OneStop::new(Pid(0), Slot::FIRST);
                stop.load(record.rest)?;
                if !services.is_place(stop.slot) {
                    return Err(Wrong::Unknown);
                }
                self.reserve(self.list.len() + 1)?;
                let place = self.list.partition_point(|other| other.pid < stop.pid);
                self.list.put_at(place, stop);
            }
            b"resume.cgroup" => {
                let (name, field) = record.first()?;
                let slot = Name::new(name).and_then(|name| services.find(name));
                let fd = Fd::parse(split(field.as_bytes())?.1);
                self.cgroups.reserve()?;
                let fd = fd.ok_or(Wrong::Value(field.as_bytes()))?;
                self.cgroups.set(slot.ok_or(Wrong::Unknown)?, fd);
            }
            b"resume.shutdown" => {
                let mut shutdown = Shutdown::NONE;
                shutdown.load(record.rest)?;
                self.shutdown = Some(shutdown);
            }
            _ => return self.order.read_state(record),
        }
        Ok(true)
    }
}

carried!(Looks, as in Looks::default(), carries at not_before pause blind, but not);

impl Stopping {
    /// With room for all services of a pool, and all pipes between them.
    pub(crate) fn new(limits: &Limits) -> Self {
        let services = limits.services.map_or(0, |pool| pool.count);
        let fds = limits.fds.map_or(0, |pool| pool.count.max(MIN_FDS));
        Self {
            list: at_start(services),
            order: Order::with_capacity(services, fds + services),
            shutdown: None,
            looks: Looks::default(),
            unsaid: Allowed::default(),
            cgroups: Sparse::with_capacity(services),
            count_at: None,
            owns_everything: false,
        }
    }

    /// Makes sure that this many services can be stopped, even if there is no memory then.
    pub(crate) fn reserve(&mut self, services: usize) -> Result<(), NoRoom> {
        let more = services.saturating_sub(self.list.len());
        Ok(self.list.try_reserve(more)?)
    }

    /// When the next steps of a stop are due that takes one now.
    pub(super) fn times(&self, now: Monotonic) -> Times {
        match &self.shutdown {
            Some(shutdown) => shutdown.times,
            // The stop of one service: SIGKILL is due, and so is giving up after it.
            None => Times::new(now, Duration::ZERO, Allowed::default().kill),
        }
    }

    /// Whether an orderly shutdown has begun.
    pub(crate) fn is_shutting_down(&self) -> bool {
        self.shutdown.is_some()
    }

    /// The place of the stop of that group.
    pub(crate) fn find(&self, pid: Pid) -> Option<usize> {
        self.list.binary_search_by_key(&pid, |stop| stop.pid).ok()
    }

    /// Whether something of the service is still being stopped.
    pub(crate) fn is_stopping(&self, slot: Slot) -> bool {
        self.list.iter().any(|stop| stop.slot == slot)
    }

    /// If something of the service is being stopped, there is a look at once.
    pub(crate) fn look_now_at(&mut self, slot: Slot, now: Monotonic) {
        if self.is_stopping(slot) {
            self.looks.at_once(now);
        }
    }

    /// Adds a stop, unless there is one. Returns whether there is one now.
    pub(crate) fn add(&mut self, pid: Pid, slot: Slot) -> bool {
        match self.list.binary_search_by_key(&pid, |stop| stop.pid) {
            Ok(_) => true,
            Err(place) if self.reserve(self.list.len() + 1).is_ok() => {
                self.list.put_at(place, OneStop::new(pid, slot));
                true
            }
            Err(_) => false,
        }
    }

    /// Forgets one that is over.
    pub(crate) fn remove(&mut self, at: usize) {
        self.list.remove(at);
        if self.list.is_empty() {
            self.looks = Looks::default();
        }
        self.look_again();
    }

    /// Something has happened that others may have waited for.
    pub(crate) fn look_again(&mut self) {
        if let Some(shutdown) = &mut self.shutdown {
            shutdown.changed = true;
        }
    }

    /// Those that are still running and were not given up.
    pub(crate) fn left(&self) -> impl Iterator<Item = &OneStop> {
        self.list.iter().filter(|stop| stop.is_left())
    }

    /// When something is due in here even if nothing happens.
    pub(crate) fn deadline(&self, now: Monotonic) -> Option<Monotonic> {
        let steps = self.list.iter().filter_map(OneStop::deadline);
        let shutdown = self.shutdown.as_ref().and_then(|one| one.deadline(now, &self.list));
        steps.chain(self.looks.at()).chain(self.count_at).chain(shutdown).min()
    }
}

/// When to look at all processes next. This is only needed during a stop: when a child has ended,
/// and as long as a stop waits for others of its group, which are not our children, so we are not
/// told of their end.
#[derive(Default)]
pub(crate) struct Looks {
    at: Option<Monotonic>,
    /// No sooner than this, since the last look cost something.
    not_before: Monotonic,
    /// Milliseconds until the next one.
    pause: u64,
    /// Processes cannot be checked here.
    blind: bool,
}

impl Looks {
    pub(crate) fn at(&self) -> Option<Monotonic> {
        self.at
    }

    pub(crate) fn is_due(&self, now: Monotonic) -> bool {
        self.at.is_some_and(|at| at <= now)
    }

    pub(crate) fn are_blind(&self) -> bool {
        self.blind
    }

    /// From now on only the kernel can be asked, group by group.
    pub(crate) fn go_blind(&mut self) {
        self.blind = true;
    }

    /// A child has ended.
    pub(crate) fn at_once(&mut self, now: Monotonic) {
        self.pause = FIRST_PAUSE;
        self.by(now);
    }

    /// A group has got a signal, and will need a moment.
    pub(crate) fn soon(&mut self, now: Monotonic) {
        self.pause = FIRST_PAUSE;
        self.by(now.plus_millis(FIRST_PAUSE));
    }

    fn by(&mut self, at: Monotonic) {
        let at = at.max(self.not_before);
        self.at = Some(self.at.map_or(at, |before| before.min(at)));
    }

    /// There was a look. `again`: a stop still waits for others.
    pub(crate) fn looked(&mut self, now: Monotonic, processes: u64, again: bool) {
        self.not_before = now.plus_millis(processes / PROCESSES_PER_MILLI);
        self.at = None;
        if again {
            let pause = self.pause.clamp(FIRST_PAUSE, LONGEST_PAUSE);
            self.by(now.plus_millis(pause));
            self.pause = 2 * pause;
        }
    }
}
