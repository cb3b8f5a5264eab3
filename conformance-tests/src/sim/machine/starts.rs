//! What is said of services: that each has one process at most, and is started when it should be.

use daemonproxy_core::Pid;
use daemonproxy_protocol::{Fact, Kill, ServiceView, Signal, StateField, StateView};
use daemonproxy_testing::world::Op;

use super::Machine;
use crate::sim::options::{kill, uses_cgroup};

/// What is known of the starts of a service.
pub(super) struct Start {
    name: Vec<u8>,
    last: Option<i64>,
    /// The planned start was asked for by a command.
    by_hand: bool,
}

impl Machine {
    /// A service is said to be in this state now.
    pub(super) fn state(&mut self, name: &[u8], state: StateField) -> Result<(), String> {
        let up = self.up.iter().position(|(up, _)| up == name);
        let shown = || String::from_utf8_lossy(name).into_owned();
        match (state, up) {
            (StateField::Up { pid, .. }, None) => {
                self.up.push((name.to_vec(), pid));
                self.started += 1;
                self.last_starts.insert(name.to_vec(), self.started);
            }
            (StateField::Up { pid, .. }, Some(_)) => {
                return Err(format!("two-instances: {} is up again, as pid {pid}", shown()));
            }
            (StateField::Down { pid, .. }, Some(at)) => {
                let (_, before) = self.up.swap_remove(at);
                let (pids, since) = self.last_pids.entry(name.to_vec()).or_default();
                pids.push(Pid(before));
                *since = None;
                if pid != before {
                    return Err(format!("wrong-pid: {} was {before}, ended as {pid}", shown()));
                }
                let start = self.last_starts.get(name).copied().unwrap_or_default();
                if self.proxy.sys().untold.contains(&start) {
                    return Err(format!("lost-error: {} could not be executed", shown()));
                }
            }
            (state, Some(_)) => {
                return Err(format!("never-down: {} is {state:?}, but it runs", shown()));
            }
            (_, None) => {}
        }
        self.check_interval(name, state)?;
        let starts = matches!(state, StateField::Up { .. } | StateField::Starting { .. });
        if starts && self.shutting_down {
            return Err(format!("started-in-shutdown: {} is {state:?}", shown()));
        }
        Ok(())
    }

    /// What a trigger starts waits for its interval.
    fn check_interval(&mut self, name: &[u8], state: StateField) -> Result<(), String> {
        let at = match self.starts.iter().position(|start| start.name == name) {
            Some(at) => at,
            None => {
                self.starts.push(Start { name: name.to_vec(), last: None, by_hand: false });
                self.starts.len() - 1
            }
        };
        let start = &mut self.starts[at];
        match state {
            StateField::Starting { .. } => {
                start.by_hand |= self.ordered || self.restarts.is_owed(name);
            }
            StateField::Up { since, .. } => {
                let interval = self.view.service(name).and_then(ServiceView::interval);
                let last = start.last.replace(since).unwrap_or_default();
                let earliest = last + i64::from(interval.unwrap_or_default());
                let put_off = self.put_off.iter().any(|put_off| put_off == name);
                let by_hand = std::mem::take(&mut start.by_hand) || self.ordered || self.unclear;
                let by_hand = by_hand || put_off;
                if !by_hand && since < earliest {
                    let name = String::from_utf8_lossy(name);
                    return Err(format!("too-soon: {name} at {since}, not before {earliest}"));
                }
            }
            StateField::Deleted => start.last = None,
            StateField::NeverStarted | StateField::Down { .. } => start.by_hand = false,
        }
        Ok(())
    }

    /// What is to be started is started in time.
    pub(super) fn check_late(&mut self) -> Result<(), String> {
        let now = self.now.seconds();
        for (name, service) in self.view.services() {
            let is_late = matches!(service.state(), StateField::Starting { at } if at < now);
            let world = self.proxy.sys();
            let uses_cgroup = uses_cgroup(service);
            if uses_cgroup {
                // Even without any run, it may be looked at.
                self.last_pids.entry(name.to_vec()).or_default();
            }
            // After a stop it waits for what is left of its runs, which is looked for at least once a
            // second.
            let is_unknown = uses_cgroup && world.is_to_fail(Op::Cgroup);
            let since = match self.last_pids.get_mut(name) {
                None => 0,
                Some((pids, since))
                    if is_late
                        && !pids.iter().any(|pid| world.is_number_of_others(*pid))
                        && !world.has_cgroup_members(name)
                        && !is_unknown =>
                {
                    *since.get_or_insert(now)
                }
                Some((_, since)) => {
                    *since = None;
                    now
                }
            };
            if is_late && since + 1 < now {
                let name = String::from_utf8_lossy(name);
                return Err(format!("late: {name} was to be started before {now}"));
            }
        }
        Ok(())
    }

    /// Every service with a trigger that holds is running, or is about to.
    pub(super) fn check_triggers(&self, dump: &StateView) -> Result<(), String> {
        let pending: Vec<Signal> = dump.signals().map(|(signal, _)| signal).collect();
        for (name, service) in dump.services() {
            let triggers = service.triggers();
            let holds = triggers.always || pending.iter().any(|&signal| triggers.contains(signal));
            let down =
                matches!(service.state(), StateField::Down { .. } | StateField::NeverStarted);
            let cancelled = self.cancelled.iter().any(|cancelled| cancelled == name);
            // It was stopped, and something of it was left a second ago: it is looked for that often.
            let now = self.now.seconds();
            let run = service.run();
            let ended = run.time(Fact::End).filter(|_| run.has(Fact::Stop));
            let ended = ended.map(|end| end.as_secs() as i64);
            let stopping =
                self.left_over.get(name).copied().max(ended).is_some_and(|seen| seen + 1 >= now);
            let cancelled = cancelled || service.run().has(Fact::Held);
            let idle = service.args().is_empty() || stopping || cancelled;
            if holds && down && !idle && !self.shutting_down {
                let name = String::from_utf8_lossy(name);
                return Err(format!("not-started: {name} is down, and a trigger holds"));
            }
        }
        Ok(())
    }

    /// Notes whether something is left, or may be, of services that were stopped.
    pub(super) fn see_left_over(&mut self) {
        for (name, service) in self.view.services() {
            let world = self.proxy.sys();
            let may_be_in_cgroup =
                || world.has_cgroup_members(name) || world.is_to_fail(Op::Cgroup);
            if service.run().has(Fact::Stop)
                && let Some(pid) = service.run().count(Fact::Pid)
                && (world.is_number_of_others(Pid(pid as i32))
                    || kill(service) == Kill::Cgroup && may_be_in_cgroup())
            {
                self.left_over.insert(name.to_vec(), self.now.seconds());
            }
        }
    }
}
