//! The steps of the stops in progress.
//!
//! A stop is SIGTERM (or `stop=`) and SIGCONT to the main process (which would not notice the first
//! while it is stopped); when that has ended and others of its group remain, they get the same; at
//! the deadline the whole group gets SIGKILL. With `session` the others of its session get what the
//! group gets; with `kill=main` nobody else gets anything. In a shutdown, a service that reads from pipes, or is
//! a controller, may first end by itself, and only gets SIGCONT. The stop is over when nothing of
//! the group is left (`reaping.rs`).

use daemonproxy_protocol::{Kill, LogLevel, Signal};

use crate::proxy::Proxy;
use crate::stop::one_stop::{Main, OneStop, Step};
use crate::system::{Monotonic, Process, System};
use crate::table::{Record, Slot};

impl<S: System> Proxy<S> {
    /// The next step of every stop whose time has come.
    pub(crate) fn run_stops(&mut self) {
        let ended_and_due = |stop: &OneStop| stop.main != Main::Runs && stop.is_due(self.now);
        // One that has gone unnoticed needs no SIGKILL, and is not given up.
        if self.stopping.looks.is_due(self.now) || self.stopping.list.iter().any(ended_and_due) {
            self.look_at_groups();
        }
        let times = self.stopping.times(self.now);
        for at in 0..self.stopping.list.len() {
            let stop = &mut self.stopping.list[at];
            if !stop.is_due(self.now) {
                continue;
            }
            match stop.step {
                Step::Eof => {
                    let slot = stop.slot;
                    let kill = self.kill_after_eof(slot).min(times.kill_at(self.now));
                    self.stopping.list[at].set_step(Step::Term, kill);
                    self.send_term(at);
                }
                Step::Term => {
                    stop.set_step(Step::Kill, times.end);
                    self.send_kill(at);
                    let slot = self.stopping.list[at].slot;
                    self.services.needs_kill(slot);
                    self.announce_run(slot, None);
                    self.log_step(at, b"' does not end: killing it");
                    self.needed_kill();
                }
                Step::Kill => {
                    stop.set_step(Step::GivenUp, times.end);
                    self.log_step(at, b"' outlived SIGKILL: giving up");
                    self.outlived_kill();
                }
                Step::Waiting | Step::GivenUp => {}
            }
        }
    }

    /// SIGKILL, for one that gets SIGTERM now, and has had the first half of its time.
    fn kill_after_eof(&self, slot: Slot) -> Monotonic {
        let allowed = self.stopping.shutdown.as_ref().map(|shutdown| shutdown.allowed);
        let own = allowed.unwrap_or_default().of_service(self.services.get(slot).stop_after());
        self.now.plus(own / 2)
    }

    /// The stop of a service begins. Returns whether that is told: not of one that has ended
    /// before.
    pub(crate) fn tell_stop(&mut self, slot: Slot) -> bool {
        let runs = self.services.stops(slot, self.now);
        if runs {
            self.announce_run(slot, None);
        }
        runs
    }

    /// SIGTERM, or the stop signal that the service has, and SIGCONT: to the main process, or to
    /// those that have outlived it.
    pub(crate) fn send_term(&mut self, at: usize) {
        let signal = self.services.get(self.stopping.list[at].slot).stop_signal();
        self.send(at, &[signal, Signal::CONT]);
    }

    /// SIGKILL to the whole group, and to the main process, in case it has left its group.
    fn send_kill(&mut self, at: usize) {
        let OneStop { pid, main, .. } = self.stopping.list[at];
        if main == Main::Runs {
            let _ = self.sys.kill(pid, Signal::KILL, false);
        }
        self.signal_group(at, Signal::KILL);
    }

    /// This only fails because a process has just gone, which is just as well.
    pub(crate) fn send(&mut self, at: usize, signals: &[Signal]) {
        let OneStop { pid, main, .. } = self.stopping.list[at];
        for &signal in signals {
            if main == Main::Runs {
                let _ = self.sys.kill(pid, signal, false);
            } else {
                self.signal_group(at, signal);
            }
        }
    }

    fn signal_group(&mut self, at: usize, signal: Signal) {
        let reach = self.reach(at);
        let stop = &mut self.stopping.list[at];
        let service = self.services.get(stop.slot);
        stop.group_told |= stop.main != Main::Runs;
        match reach {
            Kill::Main => return,
            Kill::Cgroup => {
                self.sys.signal_cgroup(service.name(), signal);
                self.stopping.looks.soon(self.now);
                return;
            }
            Kill::Group => stop.session_waits |= service.leads_session(),
        }
        self.kill_group(at, signal);
        self.stopping.looks.soon(self.now);
    }

    fn kill_group(&mut self, at: usize, signal: Signal) {
        let OneStop { pid, main, .. } = self.stopping.list[at];
        // Once the main process was reaped, any new process may get its pid.
        if main != Main::Reaped || self.sys.has_group(pid) {
            let _ = self.sys.kill(pid, signal, true);
        }
    }

    /// The main process has ended, and a look has found others of its group.
    pub(crate) fn go_on_with_the_group(&mut self, at: usize) {
        let stop = self.stopping.list[at];
        match stop.step {
            Step::Term if !stop.group_told => {
                self.send_term(at);
                self.log_stop(LogLevel::Info, at, b"' has left processes behind: stopping them");
            }
            // Another process may have joined the group meanwhile.
            Step::Kill if self.reach(at) == Kill::Cgroup => {
                let name = *self.services.get(stop.slot).name_buf();
                self.sys.signal_cgroup(name.as_name(), Signal::KILL);
            }
            Step::Kill => {
                self.kill_group(at, Signal::KILL);
                let session = self.services.get(stop.slot).leads_session();
                self.stopping.list[at].session_waits |= session;
            }
            Step::Waiting | Step::Eof | Step::Term | Step::GivenUp => {}
        }
    }

    /// A look has found a process of a session that is in another group than the service.
    pub(crate) fn signal_of_session(&mut self, at: usize, process: Process) {
        let OneStop { step, slot, session_waits, .. } = self.stopping.list[at];
        if !session_waits {
            return;
        }
        if matches!(step, Step::Kill | Step::GivenUp) {
            self.sys.signal(process, Signal::KILL);
        } else {
            let signal = self.services.get(slot).stop_signal();
            self.sys.signal(process, signal);
            self.sys.signal(process, Signal::CONT);
        }
    }

    fn log_step(&mut self, at: usize, what: &[u8]) {
        self.log_stop(LogLevel::Warning, at, what);
    }

    fn log_stop(&mut self, level: LogLevel, at: usize, what: &[u8]) {
        let name = *self.services.get(self.stopping.list[at].slot).name_buf();
        self.log(level, &[b"service '", name.as_bytes(), what]);
    }

    /// Says which services have processes left although their main process has ended.
    pub(crate) fn log_left_behind(&mut self) {
        for at in 0..self.stopping.list.len() {
            let OneStop { slot, pid, main, .. } = self.stopping.list[at];
            if main != Main::Runs {
                let what = b"' has left processes of the group ";
                self.say_of_service(slot, what, pid, |proxy, text| {
                    proxy.log(LogLevel::Warning, &[text]);
                });
            }
        }
    }
}
