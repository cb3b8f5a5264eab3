//! All services: the table of them, the list of those that run, and the list of those about to
//! start.
//!
//! The lists repeat what the state of each service says, so that a pid and the next start are found
//! without a search. So whatever changes the state of a service is a method here, and changes the
//! lists with it.

use daemonproxy_protocol::{Fields, Name, Signal, Triggers};

use crate::limits::{DEFAULT_INTERVAL, Pool};
use crate::memory::{NoRoom, Reserved, at_start};
use crate::service::conditions::Watchers;
use crate::service::due::DueList;
use crate::service::state::{Exec, LastRun, List, Service, ServiceState};
use crate::system::{ChildFd, Ended, Monotonic, Pid, Spawned};
use crate::table::{NameBuf, Slot, Table};

/// Roughly how many starts there are in one turn: a start takes longer than anything else in here,
/// and when hundreds are asked for at once everybody else must be heard in between.
const STARTS_PER_TURN: usize = 16;

/// What the end of a run leaves to be done.
pub(crate) struct Ending {
    /// Whose run it was.
    pub(crate) slot: Slot,
    /// Whether it ever was its program.
    pub(crate) exec: Exec,
    /// When it is to be started again after its stop, if somebody asked for that.
    pub(crate) then: Option<Monotonic>,
}

/// The services.
pub(crate) struct Services {
    table: Table<Service>,
    /// Those that run, by pid.
    running: Vec<(Pid, Slot)>,
    /// Those about to start, by time.
    due: DueList,
    /// How many were started in this turn.
    starts: usize,
    /// Memory for the descriptors of a child that is being made.
    pub(super) child_fds: Vec<ChildFd>,
    /// Which of them name which others in their conditions.
    pub(super) watchers: Watchers,
    pooled: bool,
}

impl Services {
    /// Room for a fixed number, or else for as many as there is memory for.
    pub(crate) fn new(pool: Option<Pool>, max_line: usize) -> Self {
        let count = pool.map_or(0, |pool| pool.count);
        Self {
            table: Table::new(pool),
            running: at_start(count),
            due: DueList::with_capacity(count),
            starts: 0,
            // A line has room for this many names of one letter.
            child_fds: at_start(max_line / 2),
            watchers: Watchers::with_capacity(count),
            pooled: pool.is_some(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    pub(crate) fn find(&self, name: Name<'_>) -> Option<Slot> {
        self.table.find(name)
    }

    pub(crate) fn get(&self, slot: Slot) -> &Service {
        self.table.get(slot)
    }

    /// All of them, sorted by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &Service)> {
        self.table.iter()
    }

    /// The `nth` by name.
    pub(crate) fn nth(&self, nth: usize) -> Option<Slot> {
        self.table.nth(nth)
    }

    /// Where in the order by name the first one at or after `name` is.
    pub(crate) fn rank(&self, name: &NameBuf) -> usize {
        self.table.rank(name)
    }

    /// Those that run, by pid.
    pub(crate) fn running(&self) -> &[(Pid, Slot)] {
        &self.running
    }

    /// When to start the next one.
    pub(crate) fn next_start(&self) -> Option<Monotonic> {
        self.due.next()
    }

    /// A turn begins: some may be started in it.
    pub(crate) fn begin_turn(&mut self) {
        self.starts = 0;
    }

    /// How many more may be started in this turn.
    pub(crate) fn starts_left(&self) -> usize {
        STARTS_PER_TURN.saturating_sub(self.starts)
    }
}

// Creating and forgetting services, and what a service runs. Only for this room: others send a
// command.
impl Services {
    /// The service of that name, made if needed. Then there is room for all of them to run and for
    /// all of them to be about to start.
    pub(super) fn find_or_insert(&mut self, name: Name<'_>) -> Result<Slot, NoRoom> {
        if let Some(slot) = self.find(name) {
            return Ok(slot);
        }
        let slot = self.table.find_or_insert(name)?;
        let reserved = self.reserve_for_all();
        if reserved.is_err() {
            self.table.remove(slot);
        }
        reserved.map(|()| slot)
    }

    fn reserve_for_all(&mut self) -> Result<(), NoRoom> {
        let all = self.table.len();
        self.due.reserve(all)?;
        Ok(self.running.try_reserve(all.saturating_sub(self.running.len()))?)
    }

    /// Forgets one that does not run.
    pub(super) fn remove(&mut self, slot: Slot) {
        if let ServiceState::Starting { at, .. } = self.get(slot).state {
            self.due.remove(at, slot);
        }
        self.watchers.remove(slot);
        self.table.remove(slot);
    }

    /// Makes sure that lists of this many bytes can be set, one after the other.
    pub(super) fn reserve_lists(
        &mut self,
        slot: Slot,
        changes: &[(List, usize)],
    ) -> Result<(), NoRoom> {
        self.table.get_mut(slot).reserve(changes)
    }

    /// Sets a list. Nothing changes when there is no room.
    pub(super) fn set_list(
        &mut self,
        slot: Slot,
        list: List,
        fields: Fields<'_>,
    ) -> Result<(), NoRoom> {
        self.table.get_mut(slot).set_list(list, fields)
    }

    /// Sets the triggers, and seconds between two starts; `None` leaves them as they are. `others`
    /// are the triggers besides `always` and signals. Nothing changes when there is no room.
    pub(super) fn set_triggers(
        &mut self,
        slot: Slot,
        interval: Option<u32>,
        triggers: Triggers<'_>,
        others: Fields<'_>,
    ) -> Result<(), NoRoom> {
        self.watchers.reserve(triggers, self.pooled)?;
        self.set_list(slot, List::Triggers, others)?;
        self.watchers.remove(slot);
        self.watchers.add(triggers, slot);
        let service = self.table.get_mut(slot);
        (service.always, service.signals) = (triggers.always, triggers.signals);
        service.interval = match (interval, service.interval) {
            (Some(interval), _) => interval,
            (None, 0) => DEFAULT_INTERVAL,
            (None, before) => before,
        };
        Ok(())
    }
}

// From one state to the next.
impl Services {
    /// Plans a start, in place of one that was planned before. Returns false if it is already
    /// running.
    pub(super) fn plan(&mut self, slot: Slot, at: Monotonic, triggered: bool) -> bool {
        let service = self.table.get_mut(slot);
        let last = match service.state {
            ServiceState::Down(last) => last,
            ServiceState::Starting { at: before, last, .. } => {
                self.due.remove(before, slot);
                last
            }
            ServiceState::Up { .. } => return false,
        };
        service.state = ServiceState::Starting { at, last, triggered, retry: false };
        self.due.add(at, slot);
        true
    }

    /// Cancels a start that is planned. Returns whether there was one.
    pub(super) fn cancel(&mut self, slot: Slot) -> bool {
        if let ServiceState::Starting { at, .. } = self.get(slot).state {
            self.due.remove(at, slot);
        }
        self.abandon(slot)
    }

    /// Takes the next one from the list of those about to start, if its time has come.
    pub(super) fn take_due(&mut self, now: Monotonic) -> Option<Slot> {
        self.due.pop(now)
    }

    /// Takes this one from that list, if its time has come. Returns whether it was on it.
    pub(super) fn take_if_due(&mut self, slot: Slot, now: Monotonic) -> bool {
        match self.get(slot).state {
            ServiceState::Starting { at, .. } if at <= now => {
                self.due.remove(at, slot);
                true
            }
            ServiceState::Starting { .. } | ServiceState::Down(_) | ServiceState::Up { .. } => {
                false
            }
        }
    }

    /// One that is being stopped is to be started after that, at this moment; `None`: it is not.
    /// Returns whether it was to be.
    pub(crate) fn set_then(&mut self, slot: Slot, at: Option<Monotonic>) -> bool {
        match &mut self.table.get_mut(slot).state {
            ServiceState::Up { then, .. } => std::mem::replace(then, at).is_some(),
            ServiceState::Down(_) | ServiceState::Starting { .. } => false,
        }
    }

    /// Its stop is over: a start that has waited for this may take place. Returns whether there is
    /// one.
    pub(crate) fn resume_start(&mut self, slot: Slot) -> bool {
        let ServiceState::Starting { at, .. } = self.get(slot).state else { return false };
        // Its time may not have come, and then it is still there.
        self.due.remove(at, slot);
        self.due.add(at, slot);
        true
    }

    /// Sets whether triggers may start it. Returns whether that is new.
    pub(crate) fn set_held(&mut self, slot: Slot, held: bool) -> bool {
        std::mem::replace(&mut self.table.get_mut(slot).held, held) != held
    }

    /// One that was taken from the list is not started after all. Returns whether it was about to
    /// be.
    pub(super) fn abandon(&mut self, slot: Slot) -> bool {
        let service = self.table.get_mut(slot);
        let ServiceState::Starting { last, .. } = service.state else { return false };
        service.state = ServiceState::Down(last);
        true
    }

    /// No process could be made for one that was taken from the list: it goes back.
    pub(super) fn retry_at(&mut self, slot: Slot, at: Monotonic) {
        let service = self.table.get_mut(slot);
        if let ServiceState::Starting { last, triggered, .. } = service.state {
            service.state = ServiceState::Starting { at, last, triggered, retry: true };
            self.due.add(at, slot);
        }
    }

    /// One that was taken from the list runs.
    pub(super) fn started(
        &mut self,
        slot: Slot,
        Spawned { pid, at }: Spawned,
        exec: Exec,
        reads_pipes: bool,
    ) {
        let service = self.table.get_mut(slot);
        service.state = ServiceState::Up { pid, since: at, exec, then: None };
        service.last_start = Some(at);
        service.reads_pipes = reads_pipes;
        let place = self.running.partition_point(|&(other, _)| other < pid);
        self.running.put_at(place, (pid, slot));
        self.starts += 1;
    }

    /// It is now known whether a process has become its program. Returns whose it is.
    pub(super) fn exec_is(&mut self, pid: Pid, is: Exec) -> Option<Slot> {
        let (_, slot) = *self.running.get(self.place_of(pid)?)?;
        if let ServiceState::Up { exec, .. } = &mut self.table.get_mut(slot).state {
            *exec = is;
        }
        Some(slot)
    }

    /// A process has ended. Returns what is to be known of it, if it was that of a service.
    ///
    /// `stopped`: it was told to end.
    pub(crate) fn ended(
        &mut self,
        pid: Pid,
        end: Ended,
        stopped: bool,
        now: Monotonic,
    ) -> Option<Ending> {
        let (_, slot) = self.running.remove(self.place_of(pid)?);
        let service = self.table.get_mut(slot);
        let ServiceState::Up { since, exec, then, .. } = service.state else { return None };
        let success = end == Ended::Exit(0) || stopped && end == Ended::Signal(Signal::TERM);
        service.state = ServiceState::Down(Some(LastRun { pid, since, reaped: now, end, success }));
        Some(Ending { slot, exec, then })
    }

    fn place_of(&self, pid: Pid) -> Option<usize> {
        self.running.binary_search_by_key(&pid, |&(pid, _)| pid).ok()
    }

    /// From now on nothing starts it by itself. Returns whether anything would have.
    pub(crate) fn clear_triggers(&mut self, slot: Slot) -> bool {
        let had_any = !self.get(slot).triggers().is_empty();
        let service = self.table.get_mut(slot);
        (service.always, service.signals) = (false, 0);
        // What becomes shorter needs no room.
        let _ = service.set_list(List::Triggers, Fields::new(b""));
        self.watchers.remove(slot);
        had_any
    }
}
