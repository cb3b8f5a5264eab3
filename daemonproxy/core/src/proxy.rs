//! [`Proxy`]: the whole state, and its turns.
//!
//! Each part of the state has an owner, in the room that it is about. Every public method, here and
//! in the rooms, is one thing that happened in the world. Those that take `now` first set the clock
//! to it; nothing else asks for the time. They only record what happened; [`Proxy::run`] then does
//! what there is to do.

use daemonproxy_protocol::{LogFilter, Name};

use crate::connection::controllers::Controllers;
use crate::descriptor::descriptors::Descriptors;
use crate::leave::leaving::Leaving;
use crate::limits::Limits;
use crate::log::writer::{Log, LogWait};
use crate::memory::Scratch;
use crate::notify::notifying::Notifying;
use crate::service::services::Services;
use crate::service::variables::Environment;
use crate::signal::signals::Signals;
use crate::stop::stopping::Stopping;
use crate::system::{Monotonic, System};
use crate::upgrade::upgrading::Upgrading;

/// The supervisor.
pub struct Proxy<S> {
    pub(crate) sys: S,
    pub(crate) limits: Limits,
    /// The time, for everything in here.
    pub(crate) now: Monotonic,
    pub(crate) services: Services,
    pub(crate) notifying: Notifying,
    pub(crate) environment: Environment,
    pub(crate) fds: Descriptors,
    pub(crate) signals: Signals,
    pub(crate) controllers: Controllers,
    pub(crate) log: Log,
    pub(crate) stopping: Stopping,
    pub(crate) leaving: Leaving,
    pub(crate) upgrading: Upgrading,
    /// Lent by [`Proxy::with_text`].
    pub(crate) scratch: Scratch,
}

impl<S> Proxy<S> {
    /// The world, only to be looked at.
    pub fn world(&self) -> &S {
        &self.sys
    }

    /// How much there may be of everything.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// One with room for everything, and nothing in it but these.
    pub(crate) fn made_of(
        sys: S,
        limits: Limits,
        fds: Descriptors,
        log: Log,
        leaving: Leaving,
    ) -> Self {
        Self {
            sys,
            limits,
            now: Monotonic::default(),
            services: Services::new(limits.services, limits.max_line),
            notifying: Notifying::new(&limits),
            environment: Environment::new(&limits),
            fds,
            signals: Signals::default(),
            controllers: Controllers::new(&limits),
            log,
            stopping: Stopping::new(&limits),
            leaving,
            upgrading: Upgrading::new(&limits),
            scratch: Scratch::new(limits.max_line),
        }
    }

    /// The same in another world.
    pub fn in_world<T>(self, sys: T) -> Proxy<T> {
        let Self {
            sys: _,
            limits,
            now,
            services,
            notifying,
            environment,
            fds,
            signals,
            controllers,
            log,
            stopping,
            leaving,
            upgrading,
            scratch,
        } = self;
        Proxy {
            sys,
            limits,
            now,
            services,
            notifying,
            environment,
            fds,
            signals,
            controllers,
            log,
            stopping,
            leaving,
            upgrading,
            scratch,
        }
    }
}

impl<S: System> Proxy<S> {
    /// A supervisor with nothing to supervise.
    ///
    /// `guard` is the code of `--exit-guard`, `filter` what `-v` and `-q` made of the log.
    pub fn new(sys: S, limits: Limits, guard: Option<i64>, filter: LogFilter) -> Self {
        let fds = Descriptors::new(limits.fds);
        let log = Log::new(filter, Name::STDERR);
        let leaving = Leaving::new(guard, limits.max_line);
        Self::made_of(sys, limits, fds, log, leaving)
    }

    /// The world.
    pub fn sys(&mut self) -> &mut S {
        &mut self.sys
    }

    /// What the start has needed for a moment takes up no memory any more.
    pub fn forget_the_start(&mut self) {
        self.scratch = Scratch::new(self.limits.max_line);
        self.environment.forget_where_it_is();
    }

    /// Does everything that is due: commands, starts, timeouts. Returns whether there is more to do
    /// at once, after another look at the world.
    pub fn run(&mut self, now: Monotonic) -> bool {
        self.now = now;
        self.services.begin_turn();
        self.close_late_passed();
        for id in self.controllers.ids() {
            self.check_timeout(id);
            self.tell_timers(id);
            self.run_controller(id);
        }
        self.start_due();
        self.run_notifying();
        self.end_with_main();
        self.run_shutdown();
        for id in self.controllers.ids() {
            self.settle(id);
        }
        let settled = self.settle_signals();
        self.settle_awaited();
        settled || self.has_work()
    }

    /// When [`Self::run`] must be called again even if nothing happens.
    pub fn deadline(&self) -> Option<Monotonic> {
        let log = match self.log_wait() {
            LogWait::Until(at) => Some(at),
            LogWait::Nothing | LogWait::Writable(_) => None,
        };
        let starts = self.services.next_start();
        let stops = self.stopping.deadline(self.now);
        let notices = self.notifying_deadline();
        [self.controllers.deadline(), starts, stops, notices, log].into_iter().flatten().min()
    }

    /// Lends memory for a text, for as long as `work` takes.
    pub(crate) fn with_text<R>(&mut self, work: impl FnOnce(&mut Self, &mut Vec<u8>) -> R) -> R {
        let mut text = self.scratch.take();
        let result = work(self, &mut text);
        self.scratch.give_back(text);
        result
    }

    fn has_work(&self) -> bool {
        if self.leaving.is_decided() || self.shutdown_is_flushed() {
            return true;
        }
        // The next step of a stop may be due at once.
        let stops = self.stopping.deadline(self.now);
        let due = [self.services.next_start(), stops, self.notifying_deadline()];
        let due = due.into_iter().flatten().any(|at| at <= self.now);
        due || self.must_end_with_main() || self.controllers.have_work(self.now)
    }
}
