//! From "it should run" to a process: triggers, the time of a start, and the start itself.

use daemonproxy_protocol::{FileFlags, LogLevel, Name, Options, Refusal, Signal, StartTime};

use crate::connection::controller::ControllerKind;
use crate::descriptor::descriptors::NO_FD;
use crate::descriptor::kind::{FdKind, SpecialFd};
use crate::limits::{SPAWN_RETRY_SECONDS, START_IN_PAST_SECONDS};
use crate::memory::{NoRoom, Reserved, Text};
use crate::notify::{Gear, names};
use crate::proxy::Proxy;
use crate::service::run::{Phase, Why};
use crate::service::state::List;
use crate::system::{
    ChildFd, Direction, Errno, Fd, Monotonic, Pid, Spawn, SpawnFailure, SpawnStage, Spawned, System,
};
use crate::table::{Record, Slot};

/// The exit status of a start that failed before there was anything to execute.
const CANNOT_START: i32 = 126;

/// The controller that a service is; its process does not exist yet.
const A_SERVICE: ControllerKind = ControllerKind::Service(Pid(0));

/// The connection of a service that is a controller, while the service is being started.
struct Link {
    direction: Direction,
    ours: Fd,
    theirs: Fd,
}

/// Why a service cannot be started, although a process could be made.
enum Unstartable {
    /// A descriptor of the list does not exist (its place in the list).
    NoFd(usize),
    /// There are as many controllers as there may be.
    TooManyControllers,
    /// The connection of the controller could not be made.
    Link(Errno),
    /// There is nothing by which it could say that it is ready.
    Gear(Errno),
}

impl Unstartable {
    /// The error number that says as much as a number can.
    fn errno(&self) -> Errno {
        match *self {
            Self::NoFd(_) => Errno::BAD_FD,
            Self::TooManyControllers => Errno::TOO_MANY,
            Self::Link(errno) | Self::Gear(errno) => errno,
        }
    }
}

impl<S: System> Proxy<S> {
    /// The command `service.start`.
    pub(crate) fn service_start(
        &mut self,
        name: Name<'_>,
        time: StartTime,
    ) -> Result<(), Refusal<'static>> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        let service = self.services.get(slot);
        let at = match time {
            StartTime::Cancel => {
                let cancelled = self.cancel(slot);
                return if cancelled { Ok(()) } else { Err(Refusal::NoStartPending) };
            }
            StartTime::Now => self.now,
            StartTime::At(seconds) => self.start_time(seconds)?,
        };
        if !service.has_args() {
            return Err(Refusal::NoArgsConfigured);
        }
        if service.pid().is_some() && !self.stopping.is_stopping(slot) {
            return Err(Refusal::ServiceIsNotStartable);
        }
        if self.stopping.is_shutting_down() {
            return Err(Refusal::ShutdownInProgress);
        }
        self.start_at(slot, at);
        Ok(())
    }

    /// Starts a service because somebody asked for it: at this moment, or when a stop is over.
    pub(crate) fn start_at(&mut self, slot: Slot, at: Monotonic) {
        self.plan_order(slot, at);
        self.start_if_due(slot);
    }

    /// The same, without starting it at once.
    pub(super) fn plan_order(&mut self, slot: Slot, at: Monotonic) {
        self.services.release(slot);
        self.services.set_then(slot, Some(at));
        if self.services.get(slot).pid().is_some() {
            self.announce_run(slot, None);
        }
        self.schedule(slot, at, false);
    }

    fn start_time(&self, seconds: i64) -> Result<Monotonic, Refusal<'static>> {
        let now = self.now.seconds();
        if seconds <= now {
            // A controller may have computed the time a while ago; a number that is days in the
            // past is not a time of this clock, but of another.
            let recent = seconds >= now - START_IN_PAST_SECONDS;
            return if recent { Ok(self.now) } else { Err(Refusal::InvalidTimestamp) };
        }
        if seconds > Monotonic::MAX_SECONDS {
            return Err(Refusal::InvalidTimestamp);
        }
        Ok(Monotonic::from_seconds(seconds.unsigned_abs()))
    }

    /// Plans the start of a service for which a trigger holds: now, or when its interval is over. A
    /// start that was planned for another time is moved; one that somebody asked for, only to an
    /// earlier time.
    pub(crate) fn arm(&mut self, slot: Slot) {
        self.services.look_again(slot);
        if !self.may_be_triggered(slot) || self.trigger(slot).is_none() {
            return;
        }
        let service = self.services.get(slot);
        let earliest = self.services.earliest_start(slot, self.now);
        let run = &service.run;
        let wanted = match run.phase {
            Phase::Down => true,
            // The interval has become longer.
            Phase::Starting if run.triggered && earliest > run.next.max(self.now) => true,
            // A retry waits because the machine is short of something; more triggers are no reason
            // to hurry it.
            Phase::Starting => !run.is_retry() && run.next > self.now && earliest < run.next,
            Phase::Up => false,
        };
        if wanted && !self.is_withheld(slot, earliest) {
            self.schedule(slot, earliest, true);
        }
    }

    /// Whether triggers may start it, if it is down.
    pub(super) fn may_be_triggered(&self, slot: Slot) -> bool {
        let service = self.services.get(slot);
        service.has_args()
            && service.pid().is_none()
            && !service.run.held
            && !self.stopping.is_stopping(slot)
            && !self.stopping.is_shutting_down()
    }

    /// Arms every service with that trigger. Returns whether there is any.
    pub(crate) fn arm_triggered_by(&mut self, signal: Signal) -> bool {
        let mut any = false;
        for nth in 0..self.services.len() {
            let Some(slot) = self.services.nth(nth) else { break };
            if self.services.get(slot).triggers().mentions(signal) {
                any = true;
                self.arm(slot);
            }
        }
        any
    }

    /// Plans a start, in place of one that was planned before.
    pub(crate) fn schedule(&mut self, slot: Slot, at: Monotonic, triggered: bool) {
        if self.services.plan(slot, at, triggered) {
            self.announce_state(slot);
        }
    }

    /// Cancels a start that is planned. Returns whether there was one.
    pub(crate) fn cancel(&mut self, slot: Slot) -> bool {
        if self.services.set_then(slot, None) {
            self.announce_run(slot, None);
            return true;
        }
        let cancelled = self.services.cancel(slot);
        if cancelled {
            self.announce_state(slot);
        }
        cancelled
    }

    /// Starts a service at once if its time has come, so that the next command finds it running. But
    /// whoever sends the command does not have to go for it: then it is started later in the turn.
    pub(crate) fn start_if_due(&mut self, slot: Slot) {
        if self.must_wait_for_place(A_SERVICE) && self.is_controller(slot) {
            return;
        }
        if self.services.take_if_due(slot, self.now) {
            self.start(slot);
        }
    }

    /// Starts what has become due: as much of it as the turn has room for, and at least one.
    pub(crate) fn start_due(&mut self) {
        for _ in 0..self.services.starts_left().max(1) {
            let Some(slot) = self.services.take_due(self.now) else { break };
            self.start(slot);
        }
    }

    /// The start itself.
    fn start(&mut self, slot: Slot) {
        if self.stopping.is_stopping(slot) {
            // It stays pending until the stop is over.
            return;
        }
        let service = self.services.get(slot);
        if !service.has_args() {
            self.abandon(slot);
            self.tell_failure(slot, &[b"no args configured"]);
            return;
        }
        let why = if service.run.triggered { self.trigger(slot) } else { Some(Why::Order) };
        let Some(why) = why else {
            self.abandon(slot);
            return;
        };
        // The interval, or the option, may be newer than the plan.
        let earliest = self.services.earliest_start(slot, self.now);
        if why != Why::Order && earliest > self.now {
            self.schedule(slot, earliest, true);
            return;
        }
        if why != Why::Order && self.is_withheld(slot, self.now) {
            return;
        }
        if self.clears_cgroup(slot) {
            // As above.
            return;
        }
        let mut fds = std::mem::take(&mut self.services.child_fds);
        let mut stored = std::mem::take(&mut self.services.child_names);
        fds.clear();
        stored.clear();
        if self.is_controller(slot) {
            self.make_place(A_SERVICE);
        }
        let prepared = self.prepare(slot, &mut fds).and_then(|link| {
            let gear = self.equip(slot, &mut fds, &mut stored).map_err(Unstartable::Gear);
            if let (Err(_), Some(link)) = (&gear, &link) {
                self.sys.close(link.ours);
                self.sys.close(link.theirs);
            }
            gear.map(|gear| (link, gear))
        });
        let service = self.services.get(slot);
        let spawned = match &prepared {
            Ok((_, gear)) => {
                let args = service.list(List::Args);
                let options = Options::new(service.list(List::Options));
                let env = [self.environment.every(), service.list(List::Env)];
                let (names, notify) = (names(service.start_fds(), &stored), gear.notify);
                let service = service.name();
                self.sys.spawn(&Spawn { service, args, fds: &fds, names, notify, options, env })
            }
            Err(_) => self.sys.spawn_stillborn(CANNOT_START),
        };
        self.services.child_fds = fds;
        self.services.child_names = stored;
        let (link, gear) = match &prepared {
            Ok((link, gear)) => (link.as_ref(), *gear),
            Err(_) => (None, Gear::default()),
        };
        if let Some(link) = link {
            self.sys.close(link.theirs);
        }
        self.close_gear(gear, spawned.is_ok());
        let spawned = match spawned {
            Ok(spawned) => spawned,
            Err(errno) => {
                if let Some(link) = link {
                    self.sys.close(link.ours);
                }
                self.try_again(slot, errno);
                return;
            }
        };
        self.started(slot, spawned, why, gear);
        match prepared {
            Ok((link, _)) => {
                if let Some(Link { direction, ours, .. }) = link {
                    let read = (direction != Direction::Events).then_some(ours);
                    let write = (direction != Direction::Commands).then_some(ours);
                    self.connected(ControllerKind::Service(spawned.pid), read, write, self.now);
                }
            }
            Err(reason) => {
                let failure = SpawnFailure { stage: SpawnStage::Fds, errno: reason.errno() };
                self.services.exec_is(spawned.pid, Err(failure), self.now);
                self.announce_run(slot, None);
                self.tell_unstartable(slot, &reason);
            }
        }
    }

    fn started(&mut self, slot: Slot, spawned: Spawned, why: Why, gear: Gear) {
        let reads_pipes = self.will_read_pipes(slot);
        // A pid is only free when nobody is left of its group: that stop was over.
        if let Some(at) = self.stopping.find(spawned.pid) {
            self.stop_is_over(at);
        }
        self.services.started(slot, spawned, why, reads_pipes);
        self.now = self.now.max(spawned.at);
        self.notifier_begins(slot, gear, spawned.user);
        self.announce_state(slot);
        self.wake_watchers(slot);
        self.log_service(slot, b"' started as pid ", spawned.pid);
    }

    /// No process could be made: perhaps later.
    fn try_again(&mut self, slot: Slot, errno: Errno) {
        let reason = self.sys.explain(errno).as_bytes();
        self.tell_failure(slot, &[b"cannot make a process (will try again): ", reason]);
        self.services.retry_at(slot, self.now.plus_seconds(SPAWN_RETRY_SECONDS), errno);
        self.announce_state(slot);
    }

    /// What the start was planned for no longer holds: it does not take place.
    fn abandon(&mut self, slot: Slot) {
        self.services.abandon(slot);
        self.announce_state(slot);
    }

    /// Finds the descriptors of the list, and makes a connection for a service that is a
    /// controller.
    fn prepare(&mut self, slot: Slot, out: &mut Vec<ChildFd>) -> Result<Option<Link>, Unstartable> {
        self.find_null();
        let list = self.services.get(slot).start_fds();
        let special =
            |name: Name<'_>| self.fds.find(name).and_then(|slot| self.fds.get(slot).special());
        let names = || list.iter().map(Name::new);
        // Before making anything: which of the control descriptors are wanted?
        let wants = |wanted: SpecialFd| names().flatten().any(|name| special(name) == Some(wanted));
        let (events, commands, both) = (
            wants(SpecialFd::ControlEvent),
            wants(SpecialFd::ControlCmd),
            wants(SpecialFd::ControlSocket),
        );
        let direction = match (events, commands) {
            _ if both => Some(Direction::Both),
            (true, true) => Some(Direction::Both),
            (true, false) => Some(Direction::Events),
            (false, true) => Some(Direction::Commands),
            (false, false) => None,
        };
        let missing = names().position(|name| {
            name.is_some_and(|name| {
                !is_none(name) && self.fds.fd(name).is_none() && !is_control(special(name))
            })
        });
        if let Some(place) = missing {
            return Err(Unstartable::NoFd(place));
        }
        if direction.is_some() && !self.controllers.has_room(A_SERVICE) {
            return Err(Unstartable::TooManyControllers);
        }
        let link = match direction {
            None => None,
            Some(direction) => {
                // Its memory must be there before the service is, too: then it is sure to be
                // connected.
                self.controllers.reserve().map_err(|NoRoom| Unstartable::Link(Errno::NO_MEMORY))?;
                let pair = self.sys.controller_pair(direction).map_err(Unstartable::Link)?;
                Some(Link { direction, ours: pair.0, theirs: pair.1 })
            }
        };
        out.fill(list.iter().map(|name| match Name::new(name) {
            Some(name) if is_control(special(name)) => {
                link.as_ref().map_or(ChildFd::Closed, |link| ChildFd::Same(link.theirs))
            }
            Some(name) => self.fds.fd(name).map_or(ChildFd::Closed, ChildFd::Same),
            None => ChildFd::Closed,
        }));
        Ok(link)
    }

    /// `null` may not have existed at the start: the first process of a machine begins before /dev
    /// is there.
    fn find_null(&mut self) {
        if self.fds.fd(Name::NULL).is_none() {
            let flags = FileFlags { read: true, write: true, ..FileFlags::default() };
            if let Ok(fd) = self.sys.open(b"/dev/null", flags) {
                self.name_fd(b"null", Some(fd), FdKind::Special(SpecialFd::Null), b"");
            }
        }
    }

    /// The process of this pid has become its program.
    pub fn executed(&mut self, pid: Pid, now: Monotonic) {
        self.now = now;
        if let Some(slot) = self.services.exec_is(pid, Ok(()), now) {
            self.announce_run(slot, None);
            self.watch_if_ready(slot);
            self.wake_watchers(slot);
        }
    }

    /// The process of this pid could not become its program, and is about to exit. What the program
    /// was is given here, since the service may have another one by now.
    pub fn exec_failed(&mut self, pid: Pid, failure: SpawnFailure, program: &[u8], now: Monotonic) {
        self.now = now;
        let Some(slot) = self.services.exec_is(pid, Err(failure), now) else { return };
        self.announce_run(slot, None);
        let reason = self.sys.explain(failure.errno).as_bytes();
        match failure.stage {
            SpawnStage::Fds => self.tell_failure(slot, &[b"cannot set up descriptors: ", reason]),
            SpawnStage::Exec => {
                // Of a name that is nearly as long as a line the beginning is told.
                let around = "error\tcannot execute \"\": , for service \"\"".len() + Name::MAX;
                let room = self.limits.max_line.saturating_sub(around + reason.len() + 1);
                let program = &program[..program.len().min(room)];
                self.tell_failure(slot, &[b"cannot execute \"", program, b"\": ", reason]);
            }
            stage @ (SpawnStage::User | SpawnStage::Group)
                if failure.errno == Errno::NO_SUCH_FILE =>
            {
                let stage = stage.as_str().as_bytes();
                self.tell_failure(slot, &[b"cannot set up ", stage, b": there is no such ", stage]);
            }
            stage => {
                let stage = stage.as_str().as_bytes();
                self.tell_failure(slot, &[b"cannot set up ", stage, b": ", reason]);
            }
        }
    }

    fn tell_unstartable(&mut self, slot: Slot, reason: &Unstartable) {
        match *reason {
            Unstartable::NoFd(place) => {
                self.with_text(|proxy, name| {
                    let fds = proxy.services.get(slot).start_fds();
                    name.add(fds.iter().nth(place).unwrap_or_default());
                    let reason: [&[u8]; 3] = [b"fd \"", name, b"\" does not exist"];
                    proxy.tell_failure_of(slot, &reason, Some(name));
                });
            }
            Unstartable::TooManyControllers => {
                self.tell_failure(slot, &[b"too many controllers are connected"]);
            }
            Unstartable::Gear(errno) => {
                let reason = self.sys.explain(errno).as_bytes();
                self.tell_failure(slot, &[b"cannot listen to what it says: ", reason]);
            }
            Unstartable::Link(errno) => {
                let reason = self.sys.explain(errno).as_bytes();
                self.tell_failure(slot, &[b"cannot make its controller connection: ", reason]);
            }
        }
    }

    fn tell_failure(&mut self, slot: Slot, reason: &[&[u8]]) {
        self.tell_failure_of(slot, reason, None);
    }

    /// `error REASON, for service "NAME"`, to everybody who may know of it and to the log. `fd` is
    /// the part of the reason that is the name of a descriptor, if there is one.
    fn tell_failure_of(&mut self, slot: Slot, reason: &[&[u8]], fd: Option<&[u8]>) {
        let name = *self.services.get(slot).name_buf();
        let of_whom = [b", for service \"" as &[u8], name.as_bytes(), b"\""];
        self.with_text(|proxy, text| {
            reason.iter().chain(&of_whom).for_each(|part| text.add(part));
            proxy.with_text(|proxy, without| {
                for part in reason.iter().chain(&of_whom) {
                    without.add(if fd == Some(*part) { b"*" } else { part });
                }
                let fd = fd.map(|fd| (fd, &without[..]));
                proxy.announce_failure(name.as_bytes(), text, fd);
            });
            proxy.log(LogLevel::Error, &[text]);
        });
    }

    /// A start or an end, for those who want to see it (`-v`).
    pub(crate) fn log_service(&mut self, slot: Slot, what: &[u8], pid: Pid) {
        if self.log.shows(LogLevel::Debug) {
            self.say_of_service(slot, what, pid, |proxy, text| {
                proxy.log(LogLevel::Debug, &[text]);
            });
        }
    }
}

fn is_none(name: Name<'_>) -> bool {
    name.as_bytes() == NO_FD
}

fn is_control(special: Option<SpecialFd>) -> bool {
    special.is_some_and(|special| special != SpecialFd::Null)
}
