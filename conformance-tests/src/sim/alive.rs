//! What services must say of themselves in time: that they are ready (`ready_within=`), and that they
//! are alive (`watchdog=`). Who does not is stopped.

use std::collections::BTreeMap;
use std::time::Duration;

use daemonproxy_core::{Monotonic, Pid};
use daemonproxy_protocol::{Fact, ServiceOption, ServiceView, StateField, StateView};

use super::options::option;
use super::stream::show;

/// What they have said.
#[derive(Default)]
pub(super) struct Alive {
    /// One has asked for more time to become ready.
    extended: bool,
    /// Who may have said that it is alive, or that it is about to end, since the last look.
    barking: Vec<(Pid, bool)>,
    /// When each of them did so last; `None`: it is about to end.
    barks: BTreeMap<Pid, Option<Monotonic>>,
}

impl Alive {
    /// A process says this.
    pub(super) fn said(&mut self, pid: Option<Pid>, said: &[u8]) {
        self.extended |= said.starts_with(b"EXTEND");
        self.barking.extend(pid.map(|pid| (pid, said.starts_with(b"STOPPING"))));
    }

    /// The daemon hears what was said since the last time.
    pub(super) fn heard(&mut self, now: Monotonic) {
        for (pid, is_the_last) in std::mem::take(&mut self.barking) {
            let last = self.barks.insert(pid, Some(now));
            if is_the_last || last == Some(None) {
                self.barks.insert(pid, None);
            }
        }
    }

    /// Everything is done that is due now, and there is no shutdown.
    pub(super) fn check(&self, view: &StateView, now: Monotonic) -> Result<(), String> {
        let now = Duration::from_nanos(now.nanos());
        for (name, service) in view.services() {
            let is_up = matches!(service.state(), StateField::Up { .. });
            if !is_up || service.run().has(Fact::Stop) {
                continue;
            }
            if !self.extended && is_late(service, now) {
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

    /// Whether a service should have said that it is alive.
    fn is_silent(&self, service: &ServiceView, now: Duration) -> bool {
        let run = service.run();
        let watchdog = option(service, |option| match option {
            ServiceOption::Watchdog(time) => Some(time),
            _ => None,
        });
        let pid = run.count(Fact::Pid).and_then(|pid| i32::try_from(pid).ok()).map(Pid);
        let (Some(time), Some(ready), Some(pid)) = (watchdog, run.time(Fact::Ready), pid) else {
            return false;
        };
        let bark = self.barks.get(&pid).copied().unwrap_or(Some(Monotonic::default()));
        // It has the options with which it was started.
        !run.has(Fact::Stale)
            && bark.is_some_and(|bark| ready.max(Duration::from_nanos(bark.nanos())) + time <= now)
    }
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
