//! What services must say of themselves in time: that they are ready (`ready_within=`), and that they
//! are alive (`watchdog=`). Who does not is stopped; and who does not end then is killed. For each of
//! that they can ask for more time.

use std::collections::BTreeMap;
use std::time::Duration;

use daemonproxy_core::{Monotonic, Pid};
use daemonproxy_protocol::{Fact, ServiceOption, ServiceView, StateField, StateView};

use super::options::option;
use super::show::show;

/// What they have said.
#[derive(Default)]
pub(super) struct Alive {
    /// Who may have said that it is alive, or that it is about to end, since the last look; and how
    /// much time it has asked for.
    barking: Vec<(Pid, bool, Duration)>,
    /// When each of them did so last; `None`: it is about to end.
    barks: BTreeMap<Pid, Option<Monotonic>>,
    /// Until when each of them has asked for time, at the latest.
    extended: BTreeMap<Pid, Monotonic>,
    /// The longest `stop_after=` that each service has had.
    patience: BTreeMap<Vec<u8>, Duration>,
}

/// Until SIGKILL, for a service of which nobody says anything.
const PATIENCE: Duration = Duration::from_secs(10);

impl Alive {
    /// A process says this.
    pub(super) fn said(&mut self, pid: Option<Pid>, said: &[u8]) {
        let ends = said.starts_with(b"STOPPING");
        self.barking.extend(pid.map(|pid| (pid, ends, extension(said))));
    }

    /// The daemon hears what was said since the last time.
    pub(super) fn heard(&mut self, now: Monotonic) {
        for (pid, is_the_last, more) in std::mem::take(&mut self.barking) {
            let until = self.extended.entry(pid).or_default();
            *until = now.plus(more).max(*until);
            let last = self.barks.insert(pid, Some(now));
            if is_the_last || last == Some(None) {
                self.barks.insert(pid, None);
            }
        }
    }

    /// Everything is done that is due now, and there is no shutdown.
    pub(super) fn check(&mut self, view: &StateView, now: Monotonic) -> Result<(), String> {
        let now = Duration::from_nanos(now.nanos());
        for (name, service) in view.services() {
            let stop_after = option(service, |option| match option {
                ServiceOption::StopAfter(time) => Some(time),
                _ => None,
            });
            let patience = self.patience.entry(name.to_vec()).or_insert(PATIENCE);
            *patience = stop_after.unwrap_or(PATIENCE).max(*patience);
            let patience = *patience;
            if !matches!(service.state(), StateField::Up { .. }) {
                continue;
            }
            let is_extended = self.has_asked_for_time(service, now);
            if let Some(stop) = service.run().time(Fact::Stop) {
                let is_over = stop.saturating_add(patience) < now && !is_extended;
                if is_over && !service.run().has(Fact::Killed) {
                    return Err(format!("not-killed: {} does not end, and goes on", show(name)));
                }
                continue;
            }
            if !is_extended && is_late(service, now) {
                return Err(format!("not-late: {} is not ready in time, and goes on", show(name)));
            }
            if self.is_silent(service, now) {
                let name = show(name);
                return Err(format!(
                    "not-bitten: {name} does not say that it is alive, and goes on"
                ));
            }
        }
        Ok(())
    }

    /// Whether a service has asked for time that is not over.
    fn has_asked_for_time(&self, service: &ServiceView, now: Duration) -> bool {
        let until = pid_of(service).and_then(|pid| self.extended.get(&pid).copied());
        until.is_some_and(|until| now < Duration::from_nanos(until.nanos()))
    }

    /// Whether a service should have said that it is alive.
    fn is_silent(&self, service: &ServiceView, now: Duration) -> bool {
        let run = service.run();
        let watchdog = option(service, |option| match option {
            ServiceOption::Watchdog(time) => Some(time),
            _ => None,
        });
        // A controller may say that it is ready before it is its program.
        let ready =
            run.time(Fact::Ready).zip(run.time(Fact::Exec)).map(|(ready, exec)| ready.max(exec));
        let (Some(time), Some(ready), Some(pid)) = (watchdog, ready, pid_of(service)) else {
            return false;
        };
        let bark = self.barks.get(&pid).copied().unwrap_or(Some(Monotonic::default()));
        // It has the options with which it was started.
        !run.has(Fact::Stale)
            && !self.has_asked_for_time(service, now)
            && bark.is_some_and(|bark| ready.max(Duration::from_nanos(bark.nanos())) + time <= now)
    }
}

fn pid_of(service: &ServiceView) -> Option<Pid> {
    service.run().count(Fact::Pid).and_then(|pid| i32::try_from(pid).ok()).map(Pid)
}

/// How much more time this message asks for.
fn extension(said: &[u8]) -> Duration {
    let lines = said.split(|&byte| byte == b'\n');
    let values = lines.filter_map(|line| line.strip_prefix(b"EXTEND_TIMEOUT_USEC="));
    let mut micros = values.filter_map(|value| std::str::from_utf8(value).ok()?.parse().ok());
    Duration::from_micros(micros.next_back().unwrap_or(0))
}

/// Whether a service should have said that it is ready.
fn is_late(service: &ServiceView, now: Duration) -> bool {
    let run = service.run();
    let within = option(service, |option| match option {
        ServiceOption::ReadyWithin(time) => Some(time),
        _ => None,
    });
    let until = within.zip(run.time(Fact::Start)).map(|(within, start)| start + within);
    !run.has(Fact::Ready) && until.is_some_and(|until| until <= now)
}
