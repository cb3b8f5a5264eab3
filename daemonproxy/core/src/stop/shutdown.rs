//! The orderly end (`terminate.shutdown`): services stop along the pipes that connect them.
//!
//! Who reads from a pipe is left alone while somebody still writes into it. When the last writer has
//! gone, the daemon closes its own copy of the write end, so that the reader gets everything that was
//! written and then end of file. Services that are controllers come after all others, except for those
//! that their own output goes to; and the reader of the daemon's own log comes last of all.
//!
//! - A service that reads from pipes, or is a controller, first has half of TERM to end by itself, for
//!   a logger that gets SIGTERM too soon loses what it has read and not yet written.
//! - Everybody else gets SIGTERM at once. TERM after the beginning comes SIGKILL, and KILL after that
//!   the daemon gives up on it.
//! - A circle of pipes, in which everybody waits for somebody else, is stopped as if it were one service.
//!
//! Who waits for whom is found out in `order.rs`, from the lists that the services have now. A list
//! that was changed since the start of its service can make another one wait for nothing, or not wait;
//! never hang.

use daemonproxy_protocol::{
    Event, LogLevel, Name, PipeEnd, ShutdownPhase, Signal, SignalAction, Triggers,
};

use crate::connection::controller::ControllerKind;
use crate::descriptor::kind::FdKind;
use crate::leave::{Leave, Shutdown};
use crate::log::LogWait;
use crate::proxy::Proxy;
use crate::service::state::Stop;
use crate::stop::order::Rank;
use crate::system::{Monotonic, System};
use crate::table::{Record, Slot};

/// Seconds from SIGTERM to SIGKILL, from SIGKILL to giving up, and for the last events, unless told.
const DEFAULTS: (u32, u32, u32) = (10, 5, 5);

/// Exit status: something needed SIGKILL.
const NEEDED_KILL: i32 = 10;
/// Exit status: something outlived SIGKILL.
const OUTLIVED_KILL: i32 = 11;

impl<S: System> Proxy<S> {
    /// Begins, or hurries one that has begun. Times in seconds; `None` is the default.
    pub(crate) fn begin_shutdown(
        &mut self,
        term: Option<u32>,
        kill: Option<u32>,
        flush: Option<u32>,
    ) {
        let (term, kill, flush) =
            (term.unwrap_or(DEFAULTS.0), kill.unwrap_or(DEFAULTS.1), flush.unwrap_or(DEFAULTS.2));
        if let Some(before) = &mut self.shutdown {
            before.term = before.term.min(term);
            before.kill = before.kill.min(kill);
            before.flush = before.flush.min(flush);
            let hurried = *before;
            self.hurry(hurried);
            return;
        }
        self.log(LogLevel::Info, &[b"shutting down"]);
        self.shutdown = Some(Shutdown::new(term, kill, flush));
        // Told before anything that comes of it, so that no controller takes the cancelled starts for
        // something that it should mend.
        self.tell_progress();
        for nth in 0..self.services.len() {
            let Some(slot) = self.services.nth(nth) else { break };
            let service = self.services.get_mut(slot);
            service.stop = Stop::No;
            if !service.triggers.is_empty() {
                service.triggers = Triggers::default();
                self.announce(|proxy, out| proxy.services.get(slot).auto_up_event().encode(out));
            }
            self.cancel(slot);
        }
        self.rank_services();
        let circles = self.has_circles();
        if let Some(shutdown) = &mut self.shutdown {
            shutdown.circles = circles;
        }
    }

    /// What a signal does that nobody listens for.
    pub(crate) fn default_action(&mut self, signal: Signal) {
        let action = self.signals.default_action(signal);
        if action == SignalAction::Event {
            return;
        }
        if self.guard.is_on() {
            self.log(
                LogLevel::Warning,
                &[b"a signal asks for the end, but the terminate guard is on"],
            );
            return;
        }
        match action {
            SignalAction::Event => {}
            SignalAction::Shutdown => self.begin_shutdown(None, None, None),
            SignalAction::Terminate => self.set_leave(Leave { code: 0, reason: "signal" }),
        }
    }

    /// Something has happened that others may have waited for.
    pub(crate) fn look_again(&mut self) {
        if let Some(shutdown) = &mut self.shutdown {
            shutdown.changed = true;
        }
    }

    /// Takes the orderly end as far as it goes now.
    pub(crate) fn run_shutdown(&mut self) {
        let Some(shutdown) = self.shutdown else { return };
        if self.leave.is_some() {
            return;
        }
        if let Some(until) = shutdown.flushing {
            if self.now >= until || self.is_flushed() {
                self.set_leave(Leave { code: shutdown.code, reason: "orderly shutdown" });
            }
            return;
        }
        self.next_steps();
        let log_is_late = shutdown.log_until.is_some_and(|at| at <= self.now);
        if log_is_late || self.shutdown.is_some_and(|shutdown| shutdown.changed) {
            self.stop_whose_turn_it_is();
        }
        if self.left().next().is_none() {
            self.begin_flush();
        } else {
            self.tell_progress();
        }
    }

    /// When [`Self::run_shutdown`] must be called again even if nothing happens.
    pub(crate) fn shutdown_deadline(&self) -> Option<Monotonic> {
        let shutdown = self.shutdown?;
        let steps =
            self.running.iter().filter_map(|&(_, slot)| self.services.get(slot).stop.deadline());
        steps.chain(shutdown.flushing).chain(shutdown.log_until.filter(|&at| at > self.now)).min()
    }

    /// Moves deadlines that are further away than the times allow now.
    fn hurry(&mut self, Shutdown { term, kill, flush, .. }: Shutdown) {
        let now = self.now;
        for at in 0..self.running.len() {
            let service = self.services.get_mut(self.running[at].1);
            service.stop = match service.stop {
                Stop::Eof(at) => Stop::Eof(at.min(half(now, term))),
                Stop::Term(at) => Stop::Term(at.min(now.plus_seconds(term))),
                Stop::Kill(at) => Stop::Kill(at.min(now.plus_seconds(kill))),
                stop @ (Stop::No | Stop::GivenUp) => stop,
            };
        }
        if let Some(shutdown) = &mut self.shutdown {
            let earlier = |at: Option<Monotonic>, limit| at.map(|at| at.min(limit));
            shutdown.flushing = earlier(shutdown.flushing, now.plus_seconds(flush));
            shutdown.log_until = earlier(shutdown.log_until, half(now, term));
        }
    }

    /// The next step for every service whose time is over.
    fn next_steps(&mut self) {
        let Some(Shutdown { term, kill, .. }) = self.shutdown else { return };
        for at in 0..self.running.len() {
            let (pid, slot) = self.running[at];
            let service = self.services.get_mut(slot);
            if service.stop.deadline().is_none_or(|deadline| deadline > self.now) {
                continue;
            }
            match service.stop {
                Stop::Eof(_) => {
                    service.stop = Stop::Term(half(self.now, term));
                    self.send_term(slot);
                }
                Stop::Term(_) => {
                    service.stop = Stop::Kill(self.now.plus_seconds(kill));
                    // The group too, if it leads one. If either is gone already, so much the better.
                    for group in [false, true] {
                        let _ = self.sys.kill(pid, Signal::KILL, group);
                    }
                    self.log_step(slot, b"' does not end: killing it");
                    self.worse(NEEDED_KILL);
                }
                Stop::Kill(_) => {
                    service.stop = Stop::GivenUp;
                    self.log_step(slot, b"' outlived SIGKILL: giving up");
                    self.worse(OUTLIVED_KILL);
                    self.look_again();
                }
                Stop::No | Stop::GivenUp => {}
            }
        }
    }

    fn worse(&mut self, code: i32) {
        if let Some(shutdown) = &mut self.shutdown {
            shutdown.code = shutdown.code.max(code);
        }
    }

    fn send_term(&mut self, slot: Slot) {
        let Some(pid) = self.services.get(slot).pid() else { return };
        // One that was stopped (SIGSTOP) would never see it. A failure means that it has gone.
        for signal in [Signal::TERM, Signal::CONT] {
            let _ = self.sys.kill(pid, signal, false);
        }
    }

    fn log_step(&mut self, slot: Slot, what: &[u8]) {
        let name = *self.services.get(slot).name_buf();
        self.log(LogLevel::Warning, &[b"service '", name.as_bytes(), what]);
    }

    // Whose turn it is

    fn stop_whose_turn_it_is(&mut self) {
        self.note_pipe_use();
        let lowest = self.left().map(|slot| self.services.get(slot).rank.get()).min();
        let log_waits = self.close_unwritten_pipes(lowest);
        if let Some(shutdown) = &mut self.shutdown {
            shutdown.changed = false;
        }
        let mut busy = false;
        let mut waiting = false;
        for at in 0..self.running.len() {
            let (_, slot) = self.running[at];
            let service = self.services.get(slot);
            let its_turn = service.stop == Stop::No
                && Some(service.rank.get()) == lowest
                && !self.waits_for_writer(slot);
            if its_turn {
                self.stop(slot, false);
            }
            let stop = self.services.get(slot).stop;
            busy |= stop.deadline().is_some();
            waiting |= stop == Stop::No;
        }
        let stuck = waiting && !busy && !log_waits;
        if stuck || (waiting && self.shutdown.is_some_and(|shutdown| shutdown.circles)) {
            self.stop_circles(lowest, stuck);
        }
    }

    /// Stops the circles into which nobody outside of them writes, of the group whose turn it is. When
    /// nothing else moves any more, that includes one that only waits for the log, into which it writes.
    fn stop_circles(&mut self, group: Option<u8>, stuck: bool) {
        self.mark_circles();
        for at in 0..self.running.len() {
            let (_, slot) = self.running[at];
            let service = self.services.get(slot);
            let its_turn = service.mark.get()
                && Some(service.rank.get()) == group
                && (stuck || self.is_written_to(slot));
            if its_turn && service.stop == Stop::No {
                self.stop(slot, true);
            }
        }
    }

    /// Begins to stop a service.
    fn stop(&mut self, slot: Slot, circle: bool) {
        let Some(Shutdown { term, .. }) = self.shutdown else { return };
        let controller = self.is_controller(slot);
        if controller {
            self.end_connection_of(slot);
        }
        if !circle && (controller || self.services.get(slot).reads_pipes) {
            self.services.get_mut(slot).stop = Stop::Eof(half(self.now, term));
        } else {
            self.services.get_mut(slot).stop = Stop::Term(self.now.plus_seconds(term));
            self.send_term(slot);
        }
    }

    /// A service that is a controller gets everything it is owed, and then end of file.
    fn end_connection_of(&mut self, slot: Slot) {
        let Some(pid) = self.services.get(slot).pid() else { return };
        for controller in self.controllers.iter_mut() {
            if controller.kind != ControllerKind::Service(pid) {
                continue;
            }
            // What it has asked for already is answered first.
            if controller.read.is_some() {
                controller.input_ended = true;
            } else {
                controller.closing = true;
            }
        }
    }

    /// Closes our end of each pipe that has readers and no writer any more, so that they get end of
    /// file. The log's own pipe is left until there is nobody else and all of the log is in it, which it
    /// has half of TERM for; returns whether that is what is being waited for.
    fn close_unwritten_pipes(&mut self, lowest: Option<u8>) -> bool {
        let log_pipe = self.log_pipe();
        let mut nth = 0;
        while let Some(slot) = self.fds.nth(nth) {
            nth += 1;
            let entry = self.fds.get(slot);
            let is_write_end = matches!(entry.kind, FdKind::Pipe { end: PipeEnd::To, .. });
            if !is_write_end || !entry.mark.get() || entry.writers.get() > 0 {
                continue;
            }
            if log_pipe == Some(slot) {
                if lowest < Some(Rank::BEHIND_LOG) {
                    continue;
                }
                self.flush_log();
                if self.log_wait() != LogWait::Nothing && !self.log_time_is_over() {
                    return true;
                }
                // What there is to say after this has no better place.
                self.log.set_destination(Name::STDERR);
            }
            self.remove_fd(slot);
            nth -= 1;
        }
        false
    }

    /// Whether the log has had its time to get into its pipe. The first question sets the clock.
    fn log_time_is_over(&mut self) -> bool {
        let Some(shutdown) = &mut self.shutdown else { return true };
        *shutdown.log_until.get_or_insert(half(self.now, shutdown.term)) <= self.now
    }

    // The end of the end

    fn tell_progress(&mut self) {
        let Some(Shutdown { told, flushing, .. }) = self.shutdown else { return };
        let killing = |&(_, slot): &(_, Slot)| {
            matches!(self.services.get(slot).stop, Stop::Kill(_) | Stop::GivenUp)
        };
        let killed = matches!(told, Some((ShutdownPhase::Killing, _)));
        let phase = if flushing.is_some() {
            ShutdownPhase::Flushing
        } else if killed || self.running.iter().any(killing) {
            ShutdownPhase::Killing
        } else {
            ShutdownPhase::Stopping
        };
        let now = (phase, self.running.len() as u32);
        if told != Some(now) {
            let (phase, remaining) = now;
            self.announce(|_, out| Event::TerminateState { phase, remaining }.encode(out));
            if let Some(shutdown) = &mut self.shutdown {
                shutdown.told = Some(now);
            }
        }
    }

    fn begin_flush(&mut self) {
        let Some(shutdown) = &mut self.shutdown else { return };
        shutdown.flushing = Some(self.now.plus_seconds(shutdown.flush));
        self.tell_progress();
    }

    /// Whether everybody has got everything.
    pub(crate) fn is_flushed(&self) -> bool {
        self.log_wait() == LogWait::Nothing
            && self.controllers.iter().all(|(_, c)| c.write.is_none() || c.outbox.is_empty())
    }

    /// Whether [`Self::run_shutdown`] would get on at once.
    pub(crate) fn shutdown_is_flushed(&self) -> bool {
        self.leave.is_none()
            && self.is_flushed()
            && self.shutdown.is_some_and(|shutdown| shutdown.flushing.is_some())
    }
}

/// Half of TERM from now.
fn half(now: Monotonic, term: u32) -> Monotonic {
    now.plus_millis(u64::from(term) * 500)
}
