//! The end of the daemon: when it comes, with what status, and how long it takes.

use daemonproxy_core::{Leave, Pid, System};
use daemonproxy_protocol::{Fact, ServiceOption, ServiceView, ShutdownPhase, Signal, StateField};

use super::{Machine, OBSERVER};
use crate::sim::options::{is_main, option};
use crate::sim::show::show;

/// Seconds until SIGKILL, for a service of which nobody says anything.
pub(super) const PATIENCE: u32 = 10;
/// The same for one that says `stop_after=-`.
pub(super) const NEVER: u32 = u32::MAX;
/// The exit status of a daemon that leaves something behind.
const LEFT_OVER: i32 = 11;
/// The same, if something did not end before SIGKILL.
const NEEDED_KILL: i32 = 10;
/// The one that histories ask for.
const ASKED_FOR: i32 = 7;

impl Machine {
    /// The service that the daemon is there for.
    fn main(&self) -> Option<(&[u8], &ServiceView)> {
        self.view.services().find(|(_, service)| is_main(service))
    }

    /// How the main service has ended, as an exit status.
    fn status_of_main(&self) -> Option<i32> {
        let (_, service) = self.main()?;
        let run = service.run();
        let signal = run.word(Fact::Signal).and_then(Signal::parse).map(Signal::number);
        let exit = run.count(Fact::Exit).and_then(|status| status.try_into().ok());
        exit.or(signal.map(|number| 128 + number)).filter(|_| run.has(Fact::End))
    }

    /// A main service that has ended for good is the end of the daemon, unless that is guarded.
    pub(super) fn check_main(&mut self) -> Result<(), String> {
        let Some((name, service)) = self.main() else { return Ok(()) };
        let run = service.run();
        let is_down = matches!(service.state(), StateField::Down { .. });
        let is_held = run.has(Fact::Held) && !run.has(Fact::Gaveup);
        let pid = run.count(Fact::Pid).and_then(|pid| pid.try_into().ok()).map_or(Pid(0), Pid);
        let is_over = is_down && run.number() > 0 && !is_held && !run.has(Fact::Stop);
        let name = show(name);
        if is_over
            && !self.may_be_guarded
            && !self.shutting_down
            && !self.proxy.sys().has_group(pid)
        {
            return Err(format!("main: {name} has ended, and the daemon goes on"));
        }
        Ok(())
    }

    pub(super) fn check_leave(&mut self, leave: Leave) -> Result<(), String> {
        let left_over = self.proxy.sys().left_over();
        if leave.reason == "orderly shutdown" {
            let phase = self.view.shutdown().map(|(phase, _)| phase);
            // One that begins when the suite has gone is told to nobody.
            if !self.connection(OBSERVER).peer_gone && phase != Some(ShutdownPhase::Flushing) {
                return Err(format!("shutdown: it was last said to be {phase:?}"));
            }
            // Nothing is told to a suite that has gone.
            let is_told = !self.connection(OBSERVER).peer_gone;
            let is_right = match (leave.code, self.status_of_main()) {
                (LEFT_OVER | NEEDED_KILL, _) => true,
                (code, Some(status)) => code == status,
                (code, None) => [0, ASKED_FOR].contains(&code),
            };
            if is_told && !is_right {
                return Err(format!("exit-code: {}", leave.code));
            }
        }
        if leave.reason == "orderly shutdown" && left_over > 0 && leave.code != LEFT_OVER {
            return Err(format!("exit-code: {left_over} still run, and it is {}", leave.code));
        }
        Ok(())
    }

    /// Seconds until SIGKILL in a shutdown that begins now and does not say them: as many as the
    /// most patient of those have that there is something to stop of.
    pub(super) fn longest_stop(&self) -> u32 {
        let ran = self.view.services().filter(|(_, service)| service.run().number() > 0);
        let times = ran.filter_map(|(_, service)| {
            option(service, |option| match option {
                ServiceOption::StopAfter(time) => {
                    let more = u64::from(time.subsec_nanos() > 0);
                    let seconds = time.as_secs().saturating_add(more);
                    Some(u32::try_from(seconds).unwrap_or(NEVER))
                }
                _ => None,
            })
        });
        times.max().unwrap_or_default().max(PATIENCE)
    }
}
