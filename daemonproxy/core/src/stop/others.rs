//! The end of a shutdown of process 1: everything else in its pid namespace goes, too.
//!
//! What has left the group of its service, or was never a child of the daemon, would be killed by
//! the kernel when process 1 ends, without a word. So it gets SIGTERM after the last service has
//! gone, and SIGKILL when the time of the shutdown is over. Process 1 is the parent of all orphans,
//! so it is told when one of them ends; for the others it looks at growing intervals.

use daemonproxy_protocol::{LogLevel, Signal};

use crate::proxy::Proxy;
use crate::stop::rest::Step;
use crate::system::{Pid, Process, System};

/// Process 1, which is us.
const FIRST: Pid = Pid(1);

impl<S: System> Proxy<S> {
    /// The daemon is process 1: a shutdown takes everything in its pid namespace along.
    pub fn owns_everything(&mut self) {
        self.stopping.owns_everything = true;
    }

    /// No service is left: stops the rest. Returns whether that is over.
    pub(super) fn stop_the_rest(&mut self) -> bool {
        let now = self.now;
        let Some(shutdown) = &self.stopping.shutdown else { return true };
        let (times, rest) = (shutdown.times, shutdown.rest);
        if !self.stopping.owns_everything || rest.is_over() {
            return true;
        }
        if rest.step != Step::Waiting && now < rest.look && now < rest.until {
            return false;
        }
        let step = if self.is_anybody_left() { rest.step } else { Step::Over };
        let (step, until) = match step {
            Step::Waiting => {
                self.log(LogLevel::Info, &[b"stopping the other processes, which no service has"]);
                self.sys.kill_all(Signal::TERM);
                self.sys.kill_all(Signal::CONT);
                (Step::Term, times.kill_at(now))
            }
            Step::Term if rest.until <= now => {
                self.log(LogLevel::Warning, &[b"other processes do not end: killing them"]);
                self.sys.kill_all(Signal::KILL);
                self.needed_kill();
                (Step::Kill, times.end)
            }
            Step::Kill if rest.until <= now => {
                self.log(LogLevel::Warning, &[b"other processes outlived SIGKILL: giving up"]);
                self.outlived_kill();
                (Step::Over, now)
            }
            same => (same, rest.until),
        };
        let Some(shutdown) = &mut self.stopping.shutdown else { return true };
        let rest = &mut shutdown.rest;
        if rest.step == step {
            rest.look_later(now);
        } else {
            rest.begin(step, until, now);
        }
        rest.is_over()
    }

    /// Whether anybody else lives. Children that have ended are reaped on the way.
    fn is_anybody_left(&mut self) -> bool {
        if self.sys.open_processes().is_err() {
            return !self.sys.is_alone();
        }
        let mut any = false;
        while let Some(Process { pid, is_child, is_zombie, .. }) = self.sys.next_process() {
            if is_child && is_zombie {
                // One that is kept belongs to a stop that was given up.
                if self.stopping.find(pid).is_none() {
                    self.collect(pid);
                }
            } else {
                any |= pid != FIRST && !is_zombie;
            }
        }
        any
    }
}
