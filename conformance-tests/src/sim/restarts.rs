//! Back-off and giving up, worked out once more from what the suite is told.
//!
//! Of a short run everything is told, so what the interval has grown to is known exactly. That a
//! count of starts begins anew is not always told: when a command may have done that, both are
//! possible from then on.

use std::collections::BTreeMap;
use std::time::Duration;

use daemonproxy_core::Monotonic;
use daemonproxy_protocol::{
    Backoff, Fact, GiveUp, Name, RunView, ServiceOption, ServiceView, StateField, StateView,
};

use super::options::option;
use super::show::show;

/// More possible counts than this are not told apart.
const MOST: usize = 16;

/// What is known of one service.
#[derive(Default)]
struct Service {
    /// What its interval has grown to.
    grown: Duration,
    /// How many starts there may have been, and when the first one was.
    counts: Vec<(u32, Duration)>,
    /// Nothing is known of that any more.
    lost: bool,
}

/// What is known so far.
#[derive(Default)]
pub(super) struct Restarts {
    services: BTreeMap<Vec<u8>, Service>,
    /// Services that are to be started because another one was given up.
    owed: Vec<Vec<u8>>,
}

/// What happens when something is told.
pub(super) struct Moment<'a> {
    /// What is set, and what is told of others.
    pub(super) view: &'a StateView,
    /// What was told of its run before.
    pub(super) before: Option<&'a RunView>,
    pub(super) now: Monotonic,
    /// A command may have ended the count just now.
    pub(super) unsure: bool,
}

impl Restarts {
    /// This is said of the run of a service.
    pub(super) fn run(
        &mut self,
        name: &[u8],
        run: &RunView,
        moment: &Moment<'_>,
    ) -> Result<(), String> {
        let Moment { view, before, now, unsure } = *moment;
        let Some(service) = view.service(name) else { return Ok(()) };
        let known = self.services.entry(name.to_vec()).or_default();
        let same = before.filter(|before| before.number() == run.number());
        let wrong = |what: String| Err(format!("restarts: {}: {what}: {run:?}", show(name)));
        let failures = |run: &RunView| run.count(Fact::Failures).unwrap_or_default();
        let interval = Duration::from_secs(service.interval().unwrap_or_default().into());
        let ends = run.has(Fact::End) && same.is_some_and(|before| !before.has(Fact::End));
        if ends {
            let earlier = before.map(failures).unwrap_or_default();
            let Some(backoff) = backoff(service) else {
                return if run.has(Fact::Failures) {
                    wrong("it has no back-off".to_owned())
                } else {
                    Ok(())
                };
            };
            let is_short = took(run) < backoff.reset;
            // Nobody vouched for it: that is a stop like any other.
            let is_late = run.word(Fact::Late).is_some_and(|late| late != b"deadman");
            let counts = is_late || !run.has(Fact::Stop);
            let counted = match (counts, is_short) {
                (false, _) => earlier,
                (true, true) => earlier + 1,
                (true, false) => 0,
            };
            if failures(run) != counted {
                return wrong(format!("it is the short run number {counted}"));
            }
            if counts {
                let nanos = known.grown.max(interval).as_nanos() * u128::from(backoff.factor);
                let grown = Duration::from_nanos((nanos / 1_000_000_000) as u64);
                known.grown = grown.min(backoff.most);
            }
        }
        if failures(run) == 0 {
            known.grown = Duration::ZERO;
        }
        if unsure {
            known.perhaps((0, Duration::ZERO));
        }
        let giveup = giveup(service);
        let start = run.time(Fact::Start).unwrap_or_default();
        if run.number() > 0 && same.is_none() {
            let by_order = run.word(Fact::Why) == Some(b"order");
            if by_order {
                *known = Service::default();
            } else if before.is_some_and(|before| before.has(Fact::Held)) {
                return wrong("a trigger has started it although it is held".to_owned());
            } else if let Some(last) = before.and_then(|before| before.time(Fact::Start))
                && start < last + known.interval(interval, service)
            {
                let interval = known.interval(interval, service);
                return wrong(format!("it is started sooner than {interval:?} after {last:?}"));
            }
            if let Some(giveup) = giveup
                && !by_order
            {
                if known.must_be_given_up(start, giveup) {
                    return wrong("it was started too often, and is started again".to_owned());
                }
                known.started(start, giveup);
            }
        }
        let gave_up = |run: &RunView| run.has(Fact::Gaveup);
        if gave_up(run) && !run.has(Fact::Held) {
            return wrong("it is given up, and not held".to_owned());
        }
        if gave_up(run) && !before.is_some_and(gave_up) {
            let planned = (start + known.interval(interval, service)).max(time(now));
            if !giveup.is_some_and(|giveup| known.may_be_given_up(planned, giveup)) {
                return wrong(format!("there was no reason to give it up at {planned:?}"));
            }
            let other = on_giveup(service).map(Name::as_bytes);
            let other = other.filter(|name| view.service(name).is_some_and(can_be_started));
            self.owed.extend(other.map(<[u8]>::to_vec));
        }
        Ok(())
    }

    /// What there was to count is counted no more, or never was, with these options.
    pub(super) fn options(&mut self, name: &[u8], service: &ServiceView) {
        let known = self.services.entry(name.to_vec()).or_default();
        if giveup(service).is_none() && backoff(service).is_none() {
            // Unless it was given up, and stays so.
            known.perhaps((0, Duration::ZERO));
        }
    }

    /// A service is said to be in this state.
    pub(super) fn state(&mut self, name: &[u8], state: StateField) {
        match state {
            StateField::Deleted => {
                self.services.remove(name);
                self.owed.retain(|owed| owed != name);
            }
            StateField::Starting { .. } | StateField::Up { .. } => {
                self.owed.retain(|owed| owed != name);
            }
            StateField::Down { .. } | StateField::NeverStarted => {}
        }
    }

    /// Whether a service is to be started because another one was given up.
    pub(super) fn is_owed(&self, name: &[u8]) -> bool {
        self.owed.iter().any(|owed| owed == name)
    }

    /// Whether everything was started that had to be.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.owed.first() {
            Some(name) => Err(format!("on-giveup: {} is not started", show(name))),
            None => Ok(()),
        }
    }
}

/// Whether it is started when another service is given up that names it.
fn can_be_started(service: &ServiceView) -> bool {
    !matches!(service.state(), StateField::Up { .. })
        && !service.args().is_empty()
        && !service.run().has(Fact::Held)
}

impl Service {
    fn interval(&self, interval: Duration, service: &ServiceView) -> Duration {
        let most = backoff(service).map_or(Duration::ZERO, |backoff| backoff.most);
        interval.max(self.grown.min(most))
    }

    fn perhaps(&mut self, count: (u32, Duration)) {
        if self.counts.is_empty() {
            self.counts.push((0, Duration::ZERO));
        }
        if !self.counts.contains(&count) {
            self.counts.push(count);
        }
        self.lost |= self.counts.len() > MOST;
        self.counts.truncate(MOST);
    }

    fn started(&mut self, at: Duration, giveup: GiveUp) {
        if self.counts.is_empty() {
            self.counts.push((0, Duration::ZERO));
        }
        for (count, first) in &mut self.counts {
            if *count == 0 || at >= *first + giveup.within {
                (*count, *first) = (0, at);
            }
            *count += 1;
        }
        self.counts.sort_unstable();
        self.counts.dedup();
    }

    fn may_be_given_up(&self, at: Duration, giveup: GiveUp) -> bool {
        self.lost || self.counts.iter().any(|&count| is_too_often(count, at, giveup))
    }

    fn must_be_given_up(&self, at: Duration, giveup: GiveUp) -> bool {
        !self.lost
            && !self.counts.is_empty()
            && self.counts.iter().all(|&count| is_too_often(count, at, giveup))
    }
}

fn is_too_often((count, first): (u32, Duration), at: Duration, giveup: GiveUp) -> bool {
    count >= giveup.starts && at < first + giveup.within
}

fn took(run: &RunView) -> Duration {
    let [start, end] = [Fact::Start, Fact::End].map(|fact| run.time(fact).unwrap_or_default());
    end - start
}

fn time(moment: Monotonic) -> Duration {
    Duration::from_nanos(moment.nanos())
}

fn backoff(service: &ServiceView) -> Option<Backoff> {
    option(service, |option| match option {
        ServiceOption::Backoff(backoff) => Some(backoff),
        _ => None,
    })
}

fn giveup(service: &ServiceView) -> Option<GiveUp> {
    option(service, |option| match option {
        ServiceOption::Giveup(giveup) => Some(giveup),
        _ => None,
    })
}

fn on_giveup(service: &ServiceView) -> Option<Name<'_>> {
    option(service, |option| match option {
        ServiceOption::OnGiveup(name) => Some(name),
        _ => None,
    })
}
