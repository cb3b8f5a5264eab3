//! Services for which somebody must vouch (`deadman=`). When nobody does so any more, they are
//! stopped and held; not before, and not later, on a clock that goes on while the machine sleeps.
//!
//! When exactly a command is carried out is only known afterwards. So the time of a service begins
//! no earlier than the latest command was sent that was carried out for certain, and no later than
//! the latest one may have been carried out.

use std::collections::BTreeMap;
use std::time::Duration;

use daemonproxy_core::Monotonic;
use daemonproxy_protocol::{Fact, RunView, ServiceOption, ServiceView, StateField, StateView};

use super::options::option;
use super::show::show;

/// What is known of one service. All moments are of the clock that goes on.
#[derive(Default)]
struct Service {
    /// How often somebody must vouch for it.
    time: Option<Duration>,
    /// While it is up: when that time began for the last time, at the earliest and at the latest.
    since: Option<(Monotonic, Monotonic)>,
}

/// A command `service.deadman` that may not have been carried out yet.
struct Vouching {
    name: Vec<u8>,
    /// Whose it is.
    by: usize,
    sent: Monotonic,
}

/// What is known so far.
#[derive(Default)]
pub(super) struct Deadman {
    services: BTreeMap<Vec<u8>, Service>,
    under_way: Vec<Vouching>,
}

impl Deadman {
    /// These are the options of a service now.
    pub(super) fn options(&mut self, name: &[u8], service: &ServiceView, now: Monotonic) {
        let time = option(service, |option| match option {
            ServiceOption::Deadman(time) => Some(time),
            _ => None,
        });
        let known = self.services.entry(name.to_vec()).or_default();
        if known.time != time {
            known.time = time;
            let is_up = matches!(service.state(), StateField::Up { .. });
            known.begin(is_up.then_some(now));
        }
    }

    /// A service is said to be in this state.
    pub(super) fn state(&mut self, name: &[u8], state: StateField, now: Monotonic) {
        match state {
            StateField::Deleted => {
                self.services.remove(name);
            }
            StateField::Up { .. } => {
                self.services.entry(name.to_vec()).or_default().begin(Some(now));
            }
            StateField::Starting { .. } | StateField::Down { .. } | StateField::NeverStarted => {
                self.services.entry(name.to_vec()).or_default().begin(None);
            }
        }
    }

    /// Somebody sends that it vouches for a service.
    pub(super) fn vouch(&mut self, name: &[u8], by: usize, now: Monotonic) {
        self.under_way.push(Vouching { name: name.to_vec(), by, sent: now });
    }

    /// Commands are carried out, perhaps all that were sent.
    pub(super) fn turn(&mut self, now: Monotonic) {
        for Vouching { name, .. } in &self.under_way {
            let known = self.services.get_mut(name).and_then(|known| known.since.as_mut());
            known.into_iter().for_each(|(_, latest)| *latest = now);
        }
    }

    /// Nothing that this controller has sent so far is still to be carried out. `done`: all of it
    /// was, and it may do that. What it was too early for has begun later than it was sent.
    pub(super) fn settle(&mut self, by: usize, done: bool) {
        for Vouching { name, sent, .. } in self.under_way.extract_if(.., |it| it.by == by) {
            let known = self.services.get_mut(&name).and_then(|known| known.since.as_mut());
            if let Some((earliest, _)) = known.filter(|_| done) {
                *earliest = sent.max(*earliest);
            }
        }
    }

    /// This is said of the run of a service, and that was said before.
    pub(super) fn run(
        &self,
        name: &[u8],
        run: &RunView,
        before: Option<&RunView>,
        now: Monotonic,
    ) -> Result<(), String> {
        let is_it = |run: &RunView| run.word(Fact::Late) == Some(b"deadman");
        let was = before.is_some_and(|before| before.number() == run.number() && is_it(before));
        if !is_it(run) || was {
            return Ok(());
        }
        let wrong = |what: &str| Err(format!("deadman: {} {what}: {run:?}", show(name)));
        if !run.has(Fact::Held) {
            return wrong("is stopped, and not held");
        }
        let due = self.services.get(name).and_then(|known| {
            let (earliest, _) = known.since?;
            Some(earliest.plus(known.time?))
        });
        if due.is_none_or(|due| now < due) {
            return wrong("is stopped although somebody has vouched for it");
        }
        Ok(())
    }

    /// Everything is done that is due now, and there is no shutdown.
    pub(super) fn check(&self, view: &StateView, now: Monotonic) -> Result<(), String> {
        for (name, known) in &self.services {
            let is_told = view.service(name).is_some_and(|it| it.run().has(Fact::Stop));
            if let (Some(time), Some((_, latest))) = (known.time, known.since)
                && latest.plus(time) <= now
                && !is_told
            {
                let name = show(name);
                return Err(format!("deadman: nobody vouches for {name}, and it goes on"));
            }
        }
        Ok(())
    }
}

impl Service {
    fn begin(&mut self, at: Option<Monotonic>) {
        self.since = at.map(|at| (at, at));
    }
}
