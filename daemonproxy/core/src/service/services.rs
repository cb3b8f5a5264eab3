//! All services: the table of them, the list of those that run, and the list of those about to
//! start.
//!
//! The lists repeat what the state of each service says, so that a pid and the next start are found
//! without a search. So whatever changes the state of a service is a method here, and changes the
//! lists with it.

mod resume;

use daemonproxy_protocol::{Fields, Name, Options, ServiceOption, Triggers};

use crate::limits::{DEFAULT_INTERVAL, HIGHEST_READY, MOST_STORED, Pool};
use crate::memory::{NoRoom, Reserved, at_start};
use crate::notify::most_names;
use crate::notify::notifying::Notifier;
use crate::service::awaiting::{Awaiting, Waits};
use crate::service::due::DueList;
use crate::service::left::LeftBehind;
use crate::service::restarts::Restarts;
use crate::service::run::{Bounds, Phase, Why};
use crate::service::state::{List, Service};
use crate::service::watchers::{Watchers, count_fds, hash};
use crate::sparse::Sparse;
use crate::system::{ChildFd, Death, Ended, Errno, Monotonic, Pid, SpawnFailure, Spawned};
use crate::table::{NameBuf, Slot, Table};

/// Roughly how many starts there are in one turn: a start takes longer than anything else in here,
/// and when hundreds are asked for at once everybody else must be heard in between.
const STARTS_PER_TURN: usize = 16;

/// Descriptors of a child that are not in the list.
const MOST_OTHERS: usize = HIGHEST_READY + MOST_STORED + 4;

/// What the end of a run leaves to be done.
pub(crate) struct Ending {
    /// Whose run it was.
    pub(crate) slot: Slot,
    /// Whether it is known what became of its program.
    pub(crate) exec_is_known: bool,
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
    /// The number of the latest run of any of them.
    runs: u32,
    /// See [`Self::take_run_changed`].
    run_changed: bool,
    /// Memory for the descriptors of a child that is being made, and for their names.
    pub(super) child_fds: Vec<ChildFd>,
    pub(super) child_names: Vec<u8>,
    /// What some of them have left behind.
    pub(crate) left: LeftBehind,
    /// Which of them name which others, and which descriptors, in their conditions.
    pub(super) watchers: Watchers,
    /// The descriptors that they wait for.
    pub(super) awaiting: Awaiting,
    /// The one that the daemon is there for.
    main: Option<Slot>,
    /// What is counted of the starts of those that have an option for it.
    restarts: Sparse<Restarts>,
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
            runs: 0,
            run_changed: false,
            // A line has room for this many names of one letter; then come those it has stored.
            child_fds: at_start(max_line / 2 + if pool.is_some() { MOST_OTHERS } else { 0 }),
            child_names: at_start(if pool.is_some() { most_names(max_line) } else { 0 }),
            left: LeftBehind::with_capacity(count, pool.is_some()),
            watchers: Watchers::with_capacity(count),
            awaiting: Awaiting::with_capacity(count),
            main: None,
            restarts: Sparse::with_capacity(count),
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

    /// The service whose process this is.
    pub(crate) fn of_pid(&self, pid: Pid) -> Option<Slot> {
        self.place_of(pid).map(|place| self.running[place].1)
    }

    /// The one that the daemon is there for.
    pub(crate) fn main(&self) -> Option<Slot> {
        self.main
    }

    /// Whether it has run, and neither runs, is about to, nor is held for somebody who may start it
    /// again.
    pub(crate) fn is_over(&self, slot: Slot) -> bool {
        let run = &self.get(slot).run;
        let is_held = run.held && !self.restarts.get(slot).is_some_and(Restarts::gave_up);
        run.phase == Phase::Down && run.number() > 0 && !is_held
    }

    /// When to start the next one.
    pub(crate) fn next_start(&self) -> Option<Monotonic> {
        self.due.next()
    }

    /// Writes `service.run`. `said`: what it says of itself; `death`: the run has just ended like
    /// this.
    pub(crate) fn write_run(
        &self,
        slot: Slot,
        said: Option<&Notifier>,
        death: Option<&Death>,
        out: &mut Vec<u8>,
    ) {
        let left = self.left.count(slot, self.get(slot).run.number());
        self.get(slot).write_run(self.restarts.get(slot), left, said, death, out);
    }

    /// A look at what was left behind is over. Returns one by one the services of whose latest run
    /// something else is known now.
    pub(crate) fn end_look(&mut self) -> Option<Slot> {
        let table = &self.table;
        self.left.end_look(|slot, run| table.get(slot).run.number() == run)
    }

    /// Nothing is left any more in the group of this process. Returns whether something else is
    /// known now of the latest run of its service.
    pub(crate) fn forget_left(&mut self, pid: Pid) -> bool {
        let left = self.left.forget(pid);
        left.is_some_and(|left| left.count > 0 && self.get(left.slot).run.number() == left.run)
    }

    /// The latest run of a service has left somebody in the group of its process.
    pub(crate) fn left_behind(&mut self, slot: Slot, pid: Pid, is_there: impl FnMut(Pid) -> bool) {
        let table = &self.table;
        let latest = |slot| table.get(slot).run.number();
        self.left.add((pid, slot, latest(slot)), is_there, |slot, run| latest(slot) == run);
    }

    /// The earliest moment for a start by a trigger: at once, but no sooner than the interval after
    /// the last start.
    pub(super) fn earliest_start(&self, slot: Slot, now: Monotonic) -> Monotonic {
        let service = self.get(slot);
        let Some((_, last)) = service.run.last_start() else { return now };
        now.max(match self.restarts.get(slot) {
            None => last.plus_seconds(service.interval),
            Some(restarts) => last.plus(restarts.interval(service.interval, service.backoff())),
        })
    }

    /// Whether a start by a trigger at this moment would be once too often.
    pub(super) fn is_started_too_often(&self, slot: Slot, at: Monotonic) -> bool {
        let restarts = self.restarts.get(slot);
        restarts.is_some_and(|restarts| {
            self.get(slot).giveup().is_some_and(|giveup| restarts.is_too_often(at, giveup))
        })
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
        self.forget_due(slot);
        self.left.remove(slot);
        self.watchers.remove(slot);
        self.set_waits(slot, count_fds(self.named_by(slot)), 0);
        self.restarts.remove(slot);
        self.main = self.main.filter(|&main| main != slot);
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
        if list == List::Options && counts_starts(fields) {
            self.restarts.reserve()?;
        }
        let service = self.table.get_mut(slot);
        let changes = list.is_for_start() && service.list(list) != fields;
        service.set_list(list, fields)?;
        self.run_changed = changes && service.run.outdate();
        if list == List::Options {
            self.run_changed |= self.count_as_options_say(slot);
            let others = self.main.filter(|&main| main != slot);
            self.main = if is_main(fields) { Some(slot) } else { others };
        }
        Ok(())
    }

    /// Whether starts are counted is as the options say. Returns whether what is told of the run
    /// has changed with that.
    fn count_as_options_say(&mut self, slot: Slot) -> bool {
        let service = self.table.get(slot);
        let counts = counts_starts(service.list(List::Options));
        match self.restarts.get_mut(slot) {
            None if !counts => false,
            // What it is held for is still to be told.
            Some(restarts) if !counts && !restarts.gave_up() => {
                let were_told = restarts.forget_failures();
                self.restarts.remove(slot);
                were_told
            }
            None => {
                self.restarts.set(slot, Restarts::default());
                false
            }
            Some(restarts) => service.backoff().is_none() && restarts.forget_failures(),
        }
    }

    /// Whether what was set last has changed a fact of the service's run. Answered once.
    pub(crate) fn take_run_changed(&mut self) -> bool {
        std::mem::take(&mut self.run_changed)
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
        let service = self.table.get(slot);
        let (fds_before, fds) = (count_fds(self.named_by(slot)), count_fds(triggers));
        self.watchers.reserve(slot, service.triggers(), triggers, self.pooled)?;
        self.awaiting.reserve(fds_before, fds, self.pooled)?;
        let why = service.run.why_after(service.list(List::Triggers), others);
        self.set_list(slot, List::Triggers, others)?;
        self.watchers.remove(slot);
        self.watchers.add(triggers, slot);
        let service = self.table.get_mut(slot);
        service.set_triggers(triggers);
        self.run_changed = service.run.set_why(why);
        service.interval = match (interval, service.interval) {
            (Some(interval), _) => interval,
            (None, 0) => DEFAULT_INTERVAL,
            (None, before) => before,
        };
        self.set_waits(slot, fds_before, fds);
        Ok(())
    }

    /// Its triggers, whether they count or not.
    fn named_by(&self, slot: Slot) -> Triggers<'_> {
        Triggers::new(false, 0, self.get(slot).conditions())
    }

    /// Its triggers name descriptors this many times, for which there is room. Nobody watches those
    /// that they named before.
    fn set_waits(&mut self, slot: Slot, before: usize, fds: usize) {
        self.awaiting.set_names(before, fds);
        let waits = &mut self.table.get_mut(slot).waits;
        if *waits == Waits::LookAgain {
            self.awaiting.forget(slot);
        }
        *waits = if fds > 0 { Waits::Perhaps } else { Waits::Never };
        self.look_again(slot);
    }

    /// What it waits for may be another descriptor now.
    pub(super) fn look_again(&mut self, slot: Slot) {
        let waits = &mut self.table.get_mut(slot).waits;
        if *waits == Waits::Perhaps {
            *waits = Waits::LookAgain;
            self.awaiting.look_again(slot);
        }
    }

    /// One that is to be looked at again: it is taken off the list.
    pub(super) fn next_to_look_at(&mut self) -> Option<Slot> {
        let slot = self.awaiting.next_to_look_at()?;
        self.table.get_mut(slot).waits = Waits::Perhaps;
        Some(slot)
    }
}

// From one state to the next.
impl Services {
    /// Plans a start, in place of one that was planned before. Returns false if it is already
    /// running.
    pub(super) fn plan(&mut self, slot: Slot, at: Monotonic, triggered: bool) -> bool {
        if self.get(slot).pid().is_some() {
            return false;
        }
        self.forget_due(slot);
        self.table.get_mut(slot).run.plan(at, triggered, 0);
        self.due.add(at, slot);
        true
    }

    /// Cancels a start that is planned. Returns whether there was one.
    pub(super) fn cancel(&mut self, slot: Slot) -> bool {
        self.forget_due(slot);
        self.abandon(slot)
    }

    fn forget_due(&mut self, slot: Slot) {
        let service = self.table.get(slot);
        if service.is_about_to_start() {
            self.due.remove(service.run.next, slot);
        }
    }

    /// Takes the next one from the list of those about to start, if its time has come.
    pub(super) fn take_due(&mut self, now: Monotonic) -> Option<Slot> {
        self.due.pop(now)
    }

    /// Takes this one from that list, if its time has come. Returns whether it was on it.
    pub(super) fn take_if_due(&mut self, slot: Slot, now: Monotonic) -> bool {
        let service = self.get(slot);
        let is_due = service.is_about_to_start() && service.run.next <= now;
        if is_due {
            self.forget_due(slot);
        }
        is_due
    }

    /// One that is being stopped is to be started after that, at this moment; `None`: it is not.
    /// Returns whether it was to be.
    pub(crate) fn set_then(&mut self, slot: Slot, at: Option<Monotonic>) -> bool {
        self.table.get_mut(slot).run.set_then(at)
    }

    /// Its stop is over: a start that has waited for this may take place. Returns whether there is
    /// one.
    pub(crate) fn resume_start(&mut self, slot: Slot) -> bool {
        // Its time may not have come, and then it is still there.
        self.forget_due(slot);
        let service = self.table.get(slot);
        let waits = service.is_about_to_start();
        if waits {
            self.due.add(service.run.next, slot);
        }
        waits
    }

    /// No trigger starts it any more. Returns whether that is new.
    pub(crate) fn hold(&mut self, slot: Slot) -> bool {
        !std::mem::replace(&mut self.table.get_mut(slot).run.held, true)
    }

    /// Triggers may start it, as often as if they never had. Returns whether that is new.
    pub(crate) fn release(&mut self, slot: Slot) -> bool {
        let was_counted = self.restarts.get_mut(slot).is_some_and(Restarts::forget);
        std::mem::take(&mut self.table.get_mut(slot).run.held) || was_counted
    }

    /// It is held because its triggers have started it too often.
    pub(super) fn give_up(&mut self, slot: Slot) {
        self.hold(slot);
        if let Some(restarts) = self.restarts.get_mut(slot) {
            restarts.set_gave_up();
        }
    }

    /// One that was taken from the list is not started after all. Returns whether it was about to
    /// be.
    pub(super) fn abandon(&mut self, slot: Slot) -> bool {
        let service = self.table.get_mut(slot);
        let was = service.is_about_to_start();
        if was {
            service.run.unplan();
            self.look_again(slot);
        }
        was
    }

    /// No process could be made for one that was taken from the list, because of this error: it
    /// goes back.
    pub(super) fn retry_at(&mut self, slot: Slot, at: Monotonic, errno: Errno) {
        let service = self.table.get_mut(slot);
        if service.is_about_to_start() {
            let errno = errno.0.try_into().unwrap_or(u16::MAX).max(1);
            service.run.plan(at, service.run.triggered, errno);
            self.due.add(at, slot);
        }
    }

    /// One that was taken from the list runs.
    pub(super) fn started(&mut self, slot: Slot, spawned: Spawned, why: Why, reads_pipes: bool) {
        let service = self.table.get_mut(slot);
        self.runs = self.runs.saturating_add(1);
        service.run.begin(self.runs, why, spawned);
        service.run.reads_pipes = reads_pipes;
        // A number is only free when nobody is left of its group.
        self.left.forget(spawned.pid);
        service.run.bounds = Bounds::new(service.has_session(), service.wants_cgroup());
        if let Some(restarts) = self.restarts.get_mut(slot) {
            match service.giveup() {
                _ if why == Why::Order => {
                    restarts.forget();
                }
                Some(giveup) => restarts.started(spawned.at, giveup),
                None => {}
            }
        }
        let place = self.running.partition_point(|&(other, _)| other < spawned.pid);
        self.running.put_at(place, (spawned.pid, slot));
        self.starts += 1;
    }

    /// It is now known whether a process has become its program. Returns whose it is.
    pub(super) fn exec_is(
        &mut self,
        pid: Pid,
        result: Result<(), SpawnFailure>,
        now: Monotonic,
    ) -> Option<Slot> {
        let (_, slot) = *self.running.get(self.place_of(pid)?)?;
        let run = &mut self.table.get_mut(slot).run;
        match result {
            Ok(()) => run.executed(now),
            Err(failure) => run.fail(failure),
        }
        Some(slot)
    }

    /// The process of this service is being stopped. Returns whether it runs.
    pub(crate) fn stops(&mut self, slot: Slot, now: Monotonic) -> bool {
        let run = &mut self.table.get_mut(slot).run;
        let is_up = run.phase == Phase::Up;
        if is_up {
            run.stop(now);
        }
        is_up
    }

    /// What is left of the run that is being stopped gets SIGKILL.
    pub(crate) fn needs_kill(&mut self, slot: Slot) {
        self.table.get_mut(slot).run.kill();
    }

    /// A process has ended. Returns what is to be known of it, if it was that of a service.
    ///
    /// `stopped`: it was told to end; `late`: because it did not say something in time.
    pub(crate) fn ended(
        &mut self,
        pid: Pid,
        death: &Death,
        stopped: bool,
        late: bool,
        now: Monotonic,
    ) -> Option<Ending> {
        let (_, slot) = self.running.remove(self.place_of(pid)?);
        let service = self.table.get_mut(slot);
        let obeyed = stopped && death.end == Ended::Signal(service.stop_signal());
        let success = obeyed || death.end == Ended::Exit(0) || service.ends_well(death.end);
        let (exec_is_known, then) = (service.run.exec_is_known(), service.run.then());
        service.run.end(death, success && !late, now);
        // How long one takes that somebody stops says nothing of it.
        let counts = late || !service.run.was_stopped();
        if let Some(restarts) = self.restarts.get_mut(slot).filter(|_| counts)
            && let (Some(backoff), Some(took)) = (service.backoff(), service.run.took())
        {
            restarts.ended(took, service.interval, backoff);
        }
        Some(Ending { slot, exec_is_known, then })
    }

    fn place_of(&self, pid: Pid) -> Option<usize> {
        self.running.binary_search_by_key(&pid, |&(pid, _)| pid).ok()
    }

    /// From now on nothing starts it by itself, and what its triggers name only says who is stopped
    /// before whom. Returns whether anything would have started it.
    pub(crate) fn clear_triggers(&mut self, slot: Slot) -> bool {
        let service = self.table.get_mut(slot);
        let had_any = !service.triggers().is_empty();
        service.silence();
        let why = service.run.why_after(service.conditions(), Fields::default());
        self.run_changed = service.run.set_why(why);
        had_any
    }

    /// Whether others may name it in their conditions.
    pub(crate) fn is_named(&self, slot: Slot) -> bool {
        self.watchers.nth(hash(self.get(slot).name()), 0).is_some()
    }
}

/// Whether these are options of the main service.
pub(super) fn is_main(options: Fields<'_>) -> bool {
    Options::new(options).iter().any(|option| option == ServiceOption::Main)
}

/// Whether the starts of a service with these options are counted.
fn counts_starts(options: Fields<'_>) -> bool {
    Options::new(options)
        .iter()
        .any(|option| matches!(option, ServiceOption::Backoff(_) | ServiceOption::Giveup(_)))
}
