//! The orderly shutdown (`terminate.shutdown`): services stop along the pipes that connect them.
//!
//! A service whose conditions name another with `ready:` or `up:` goes before that one.
//!
//! A reader is left alone while somebody still writes into its pipe. When the last writer has gone,
//! the daemon closes its own copy of the write end, so that the reader gets everything that was
//! written and then end of file. Services that are controllers come after all others, except for
//! those that their own output goes to; and the reader of the daemon's own log comes last of all.
//!
//! There is one deadline for all of it, however long the chains are ([`Times`]):
//!
//! - A service whose turn has come gets SIGTERM, and SIGKILL when the time that it has for itself
//!   (`stop_after`) is over. One that reads from pipes, or is a controller, first has half of that
//!   to end by itself, since a logger that gets SIGTERM too soon loses what it has read and not yet
//!   written.
//! - TERM seconds after the shutdown began, every service whose turn has come gets SIGKILL. One
//!   that still had to wait then has half of the time that is left until the end. If nobody has
//!   said TERM, that is the longest `stop_after`.
//! - Half of KILL after that, nobody waits any more for what survives even SIGKILL.
//! - TERM and KILL seconds after the shutdown began, whatever is left is given up.
//! - A circle of pipes, in which everybody waits for somebody else, is stopped as if it were one
//!   service.
//!
//! A service has gone when its whole process group has: only then do others stop waiting for it.

use std::time::Duration;

use daemonproxy_protocol::{
    Event, Kill, LogLevel, Name, PipeEnd, ShutdownPhase, Signal, SignalAction,
};

use crate::leave::leaving::Leave;
use crate::log::writer::LogWait;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::stop::ending::{Allowed, PATIENCE, Shutdown};
use crate::stop::one_stop::{OneStop, Rank, Step, Times};
use crate::stop::order::Order;
use crate::stop::pipes::ServicePipes;
use crate::stop::rest::Rest;
use crate::stop::stopping::Stopping;
use crate::system::{Monotonic, System};

/// Exit status: something needed SIGKILL.
const NEEDED_KILL: i32 = 10;
/// Exit status: something outlived SIGKILL.
const OUTLIVED_KILL: i32 = 11;

/// The signals that ask for a shutdown.
const ASK_FOR_THE_END: [Signal; 3] = [Signal::TERM, Signal::INT, Signal::QUIT];

impl<S: System> Proxy<S> {
    /// The command `terminate.shutdown`.
    pub(crate) fn terminate_shutdown(
        &mut self,
        times: [Option<Duration>; 3],
        guard: Option<i64>,
        code: Option<i32>,
    ) -> Outcome<'static> {
        self.leaving.check(guard)?;
        self.begin_shutdown(self.stopping.unsaid.but(times));
        if let (Some(shutdown), Some(code)) = (&mut self.stopping.shutdown, code) {
            shutdown.code = code;
        }
        Ok(())
    }

    /// How long a shutdown may take that does not say it: from SIGTERM to SIGKILL, from there to
    /// giving up, and then for the last events.
    pub fn set_shutdown_times(&mut self, times: [Option<Duration>; 3]) {
        self.stopping.unsaid = self.stopping.unsaid.but(times);
    }

    /// Begins, or hurries one that has begun.
    pub(crate) fn begin_shutdown(&mut self, allowed: Allowed) {
        if self.stopping.shutdown.is_some() {
            self.hurry(allowed);
            return;
        }
        self.log(LogLevel::Info, &[b"shutting down"]);
        for &(pid, slot) in self.services.running() {
            self.stopping.add(pid, slot);
        }
        for nth in 0..self.services.len() {
            let Some(slot) = self.services.nth(nth) else { break };
            if self.services.get(slot).kill() == Kill::Cgroup {
                self.stop_what_is_in_the_cgroup(slot);
            }
        }
        self.stop_what_was_left(None);
        let times = Times::new(self.now, self.longest_stop(allowed), allowed.kill);
        self.stopping.shutdown = Some(Shutdown {
            times,
            allowed,
            code: 0,
            leftovers: 0,
            circles: false,
            changed: true,
            asked: ASK_FOR_THE_END.iter().any(|&signal| self.signals.is_pending(signal)),
            rest: Rest::default(),
            flushing: None,
            log_until: None,
            told: None,
        });
        // Stops of single services that have begun keep their times, where those are shorter.
        self.stopping.list.iter_mut().for_each(|stop| stop.hurry(self.now, times.kill, times.end));
        if self.stopping.list.iter().any(|stop| !stop.is_left()) {
            self.outlived_kill();
        }
        // Announced before any of its effects, so that no controller mistakes the cancelled starts
        // for something to repair.
        self.tell_progress();
        for nth in 0..self.services.len() {
            let Some(slot) = self.services.nth(nth) else { break };
            if self.services.set_then(slot, None) {
                self.announce_run(slot, None);
            }
            if self.services.clear_triggers(slot) {
                self.announce(|proxy, out| proxy.services.get(slot).auto_up_event().encode(out));
                self.announce_run_if_changed(slot);
            }
            self.cancel(slot);
        }
        self.find_order();
    }

    /// The time until SIGKILL for all.
    fn longest_stop(&self, allowed: Allowed) -> Duration {
        let services = self.stopping.list.iter().map(|stop| self.services.get(stop.slot));
        let longest = services.map(|service| allowed.of_service(service.stop_after())).max();
        allowed.term.unwrap_or(longest.unwrap_or_default().max(PATIENCE))
    }

    /// What a signal that nobody listens for does.
    pub(crate) fn default_action(&mut self, signal: Signal) {
        let action = self.signals.default_action(signal);
        if action == SignalAction::Event {
            return;
        }
        if action == SignalAction::Forward {
            self.forward(signal);
            return;
        }
        if self.leaving.is_guarded() {
            self.log(
                LogLevel::Warning,
                &[b"a signal asks for the end, but the terminate guard is on"],
            );
            return;
        }
        match action {
            SignalAction::Event | SignalAction::Forward => {}
            SignalAction::Shutdown => self.begin_shutdown(self.stopping.unsaid),
            SignalAction::Terminate => self.set_leave(Leave { code: 0, reason: "signal" }),
        }
    }

    /// Takes the shutdown as far as possible now.
    pub(crate) fn run_shutdown(&mut self) {
        if self.leaving.is_decided() {
            return;
        }
        self.run_stops();
        self.count_left_if_due();
        let Some(shutdown) = &self.stopping.shutdown else { return };
        if let Some(until) = shutdown.flushing {
            if self.now >= until || self.is_flushed() {
                let status = self.status_after_shutdown(shutdown.leftovers, shutdown.code);
                let leave = self.leaving.after_shutdown(status);
                self.set_leave(leave);
            } else {
                self.tell_progress();
            }
            return;
        }
        let log_is_late = shutdown.log_until.is_some_and(|at| at <= self.now);
        let nobody_waits = shutdown.times.no_more_waiting() <= self.now;
        if shutdown.changed || log_is_late || nobody_waits {
            self.take_turns(nobody_waits);
        }
        if self.stopping.left().next().is_none() && self.stop_the_rest() {
            self.begin_flush();
        } else {
            self.tell_progress();
        }
    }

    /// Moves up deadlines that are further away than these times allow.
    fn hurry(&mut self, asked: Allowed) {
        let now = self.now;
        let (term, kill, flush) = (self.longest_stop(asked), asked.kill, asked.flush);
        let Some(shutdown) = &mut self.stopping.shutdown else { return };
        let allowed = &mut shutdown.allowed;
        allowed.kill = allowed.kill.min(kill);
        allowed.flush = allowed.flush.min(flush);
        shutdown.times.hurry(now, term, allowed.kill);
        let earlier = |at: Option<Monotonic>, limit| at.map(|at| at.min(limit));
        shutdown.flushing = earlier(shutdown.flushing, now.plus(flush));
        let kill_at = now.plus(term);
        shutdown.log_until = earlier(shutdown.log_until, now.halfway_to(kill_at));
        let end = shutdown.times.end;
        shutdown.rest.hurry(kill_at, end);
        self.stopping.list.iter_mut().for_each(|stop| stop.hurry(now, kill_at, end));
    }

    /// A TERM, INT or QUIT has arrived during an orderly shutdown, whoever heard of it. The second
    /// of them means SIGKILL at once, for every service whose turn has come, and an end to waiting
    /// for controllers that do not read their events.
    pub(crate) fn asked_again(&mut self, signal: Signal) {
        let is_one = self.signals.default_action(signal).is_the_end();
        let Some(shutdown) = &mut self.stopping.shutdown else { return };
        if !ASK_FOR_THE_END.contains(&signal) || !is_one || self.leaving.is_guarded() {
            return;
        }
        if !std::mem::replace(&mut shutdown.asked, true) {
            return;
        }
        let Allowed { kill, flush, .. } = shutdown.allowed;
        let flush = if shutdown.flushing.is_some() { Duration::ZERO } else { flush };
        self.log(LogLevel::Warning, &[b"asked again to end: what still runs is killed"]);
        self.hurry(Allowed { term: Some(Duration::ZERO), kill, flush });
    }

    /// Something needed SIGKILL.
    pub(crate) fn needed_kill(&mut self) {
        self.worse(NEEDED_KILL);
    }

    /// Something is still there after SIGKILL.
    pub(crate) fn outlived_kill(&mut self) {
        self.worse(OUTLIVED_KILL);
        self.stopping.look_again();
    }

    fn worse(&mut self, code: i32) {
        if let Some(shutdown) = &mut self.stopping.shutdown {
            shutdown.leftovers = shutdown.leftovers.max(code);
        }
    }

    // Whose turn it is

    /// Marks those that come after all others: controllers, and what reads from them, directly or
    /// not; and last the reader of the log. Also finds out whether there are circles.
    fn find_order(&mut self) {
        for at in 0..self.stopping.list.len() {
            let rank = match self.is_controller(self.stopping.list[at].slot) {
                true => Rank::Controller,
                false => Rank::Ordinary,
            };
            self.stopping.list[at].rank = rank;
        }
        self.count_writers();
        let log = self.log_pipe().map(|slot| slot.number() as usize);
        let Stopping { list, order, .. } = &mut self.stopping;
        let (services, fds) = (&self.services, &self.fds);
        let pipes = ServicePipes { stops: list, services, fds };
        order.mark_from(&pipes, |at| list[at].rank == Rank::Controller, None);
        let marked = |order: &Order, list: &mut [OneStop], rank| {
            for at in (0..list.len()).filter(|&at| order.is_marked(at)) {
                list[at].rank = rank;
            }
        };
        marked(order, list, Rank::Controller);
        let pipes = ServicePipes { stops: list, services, fds };
        if log.is_some() {
            order.mark_from(&pipes, |_| false, log);
            marked(order, list, Rank::AfterLog);
        }
        let pipes = ServicePipes { stops: list, services, fds };
        let circles = order.has_circles(&pipes);
        if let Some(shutdown) = &mut self.stopping.shutdown {
            shutdown.circles = circles;
        }
    }

    /// Notes how many still write into each pipe.
    fn count_writers(&mut self) {
        let Stopping { list, order, .. } = &mut self.stopping;
        let pipes = ServicePipes { stops: list, services: &self.services, fds: &self.fds };
        if order.begin(list.len(), pipes.count()).is_err() {
            self.log(LogLevel::Warning, &[b"no memory to find an order: all stop at once"]);
            return;
        }
        for (at, _) in list.iter().enumerate().filter(|(_, stop)| !stop.is_left()) {
            order.leave_out(at);
        }
        order.count(&pipes);
    }

    /// Stops every service that need not wait for another any more.
    fn take_turns(&mut self, nobody_waits: bool) {
        self.count_writers();
        let lowest = self.stopping.left().map(|stop| stop.rank).min();
        let log_waits = self.close_dry_pipes(lowest, nobody_waits);
        if let Some(shutdown) = &mut self.stopping.shutdown {
            shutdown.changed = false;
        }
        let mut busy = false;
        let mut waiting = false;
        for at in 0..self.stopping.list.len() {
            if self.stopping.list[at].step == Step::Waiting
                && (nobody_waits || self.has_its_turn(at, lowest))
            {
                self.stop(at, false);
            }
            let stop = &self.stopping.list[at];
            busy |= stop.deadline().is_some();
            waiting |= stop.step == Step::Waiting;
        }
        let stuck = waiting && !busy && !log_waits;
        let circles = self.stopping.shutdown.as_ref().is_some_and(|shutdown| shutdown.circles);
        if stuck || (waiting && circles) {
            self.stop_circles(lowest, stuck);
        }
    }

    fn pipes_and_order(&self) -> (ServicePipes<'_>, &Order) {
        let stops = &self.stopping.list;
        let pipes = ServicePipes { stops, services: &self.services, fds: &self.fds };
        (pipes, &self.stopping.order)
    }

    /// Whether nothing is left that must go first; for the log's reader, that includes the daemon
    /// itself.
    fn has_its_turn(&self, at: usize, lowest: Option<Rank>) -> bool {
        let (pipes, order) = self.pipes_and_order();
        let reads_log =
            self.log_pipe().is_some_and(|log| order.reads(&pipes, at, log.number() as usize));
        Some(self.stopping.list[at].rank) == lowest
            && !reads_log
            && !order.is_written_to(&pipes, at)
    }

    /// In the group whose turn it is, stops the circles into which nobody outside writes. When
    /// nothing else moves any more, that includes one that only waits for the log, into which it
    /// writes. In a circle that conditions have part in, those go first who have nothing to read
    /// from a real pipe.
    fn stop_circles(&mut self, group: Option<Rank>, stuck: bool) {
        let Stopping { list, order, .. } = &mut self.stopping;
        let pipes = ServicePipes { stops: list, services: &self.services, fds: &self.fds };
        order.mark_circles(&pipes);
        let its_turn = |proxy: &Self, at: usize| {
            let (pipes, order) = proxy.pipes_and_order();
            let stop = &proxy.stopping.list[at];
            stop.step == Step::Waiting
                && Some(stop.rank) == group
                && order.is_marked(at)
                && (stuck || order.is_written_to(&pipes, at))
        };
        let reads = |proxy: &Self, at: usize| {
            let (pipes, order) = proxy.pipes_and_order();
            order.is_written_to_below(proxy.fds.slots(), &pipes, at)
        };
        let all = 0..self.stopping.list.len();
        let some_read_nothing = all.clone().any(|at| its_turn(self, at) && !reads(self, at));
        for at in all {
            if its_turn(self, at) && !(some_read_nothing && reads(self, at)) {
                self.stop(at, true);
            }
        }
    }

    /// Begins to stop a service.
    fn stop(&mut self, at: usize, circle: bool) {
        let Some(shutdown) = &self.stopping.shutdown else { return };
        let (times, allowed) = (shutdown.times, shutdown.allowed);
        let slot = self.stopping.list[at].slot;
        self.tell_stop(slot);
        let controller = self.is_controller(slot);
        if controller {
            self.end_connection_of(slot);
        }
        let own = allowed.of_service(self.services.get(slot).stop_after());
        let kill = times.kill_at(self.now).min(self.now.plus(own));
        let stop = &mut self.stopping.list[at];
        if !circle && (controller || self.services.get(slot).reads_pipes()) {
            stop.set_step(Step::Eof, self.now.halfway_to(kill));
            // A stopped process (SIGSTOP) would not notice it.
            self.send(at, &[Signal::CONT]);
        } else {
            stop.set_step(Step::Term, kill);
            self.send_term(at);
        }
    }

    /// Closes our end of each pipe that has readers and no writer any more, so that they get end of
    /// file. The log's own pipe is left open until there is nobody else and all of the log is in
    /// it, for which it has half of the time; returns whether we are waiting for that.
    fn close_dry_pipes(&mut self, lowest: Option<Rank>, nobody_waits: bool) -> bool {
        let log_pipe = self.log_pipe();
        let mut nth = 0;
        while let Some(slot) = self.fds.nth(nth) {
            nth += 1;
            if self.fds.pipe_end(slot) != Some(PipeEnd::To)
                || !self.stopping.order.is_dry(slot.number() as usize)
            {
                continue;
            }
            if log_pipe == Some(slot) {
                if lowest < Some(Rank::AfterLog) && !nobody_waits {
                    continue;
                }
                self.flush_log();
                if self.log_wait() != LogWait::Nothing && !self.log_time_is_over() {
                    return true;
                }
                // Later messages have no better place to go.
                self.log.set_destination(Name::STDERR);
                let event = Event::LogDest { fd: Name::STDERR };
                self.announce_own_setting(None, |_, out| event.encode(out));
            }
            self.remove_fd(slot);
            nth -= 1;
        }
        false
    }

    /// Whether the log has had its time to get into its pipe. The first call starts the clock.
    fn log_time_is_over(&mut self) -> bool {
        let Some(shutdown) = &mut self.stopping.shutdown else { return true };
        let until = shutdown.times.term_at(self.now);
        *shutdown.log_until.get_or_insert(until) <= self.now
    }

    // The last steps

    fn tell_progress(&mut self) {
        let Some(shutdown) = &self.stopping.shutdown else { return };
        let told = shutdown.told;
        let killing = |stop: &OneStop| matches!(stop.step, Step::Kill | Step::GivenUp);
        let killed = matches!(told, Some((ShutdownPhase::Killing, _)));
        let phase = if shutdown.flushing.is_some() {
            ShutdownPhase::Flushing
        } else if killed || shutdown.rest.is_killing() || self.stopping.list.iter().any(killing) {
            ShutdownPhase::Killing
        } else {
            ShutdownPhase::Stopping
        };
        let now = (phase, self.stopping.list.len() as u32);
        if told != Some(now) {
            let (phase, remaining) = now;
            self.announce(|_, out| Event::TerminateState { phase, remaining }.encode(out));
            if let Some(shutdown) = &mut self.stopping.shutdown {
                shutdown.told = Some(now);
            }
        }
    }

    fn begin_flush(&mut self) {
        let Some(shutdown) = &mut self.stopping.shutdown else { return };
        shutdown.flushing = Some(self.now.plus(shutdown.allowed.flush));
        self.tell_progress();
    }

    /// Whether every controller has got everything.
    pub(crate) fn is_flushed(&self) -> bool {
        self.log_wait() == LogWait::Nothing && self.controllers.are_flushed()
    }

    /// Whether [`Self::run_shutdown`] could make progress at once.
    pub(crate) fn shutdown_is_flushed(&self) -> bool {
        !self.leaving.is_decided()
            && self.is_flushed()
            && self.stopping.shutdown.as_ref().is_some_and(|s| s.flushing.is_some())
    }
}
