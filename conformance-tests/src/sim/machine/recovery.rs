//! Liveness: once nothing goes wrong any more, what is to be started is started within a bound.
//!
//! That a start is planned, and not overdue, is checked at every step (`starts.rs`); but one that is
//! put off again and again would be neither.

use daemonproxy_protocol::{Fact, StateField};

use super::Machine;

/// Seconds within which an attempt that failed is made again, and one more.
const BOUND: u32 = 3 + 1;

impl Machine {
    /// The faults stop, and time passes.
    pub(super) fn recover(&mut self) -> Result<(), String> {
        if self.shutting_down || self.left.is_some() {
            return Ok(());
        }
        self.note(|record| record.comment("nothing goes wrong any more"));
        self.proxy.sys().be_kind();
        while self.proxy.sys().end_nth_exec(0).is_some() {}
        self.pump()?;
        let end = self.now.plus_seconds(BOUND);
        let last = end.seconds();
        let due = self.due_by(last);
        self.advance_to(end.plus_seconds(1))?;
        if self.shutting_down || self.left.is_some() {
            return Ok(());
        }
        self.check_all()?;
        let still = self.due_by(i64::MAX);
        match due.iter().find(|start| still.contains(start)) {
            None => Ok(()),
            Some((name, run)) => {
                let name = String::from_utf8_lossy(name);
                Err(format!("stalled: {name} was to be started before {last}, and had run {run}"))
            }
        }
    }

    /// Services that are to be started by then, each with its last run: but for those of which
    /// something is left, or may be, that has to end before.
    fn due_by(&mut self, last: i64) -> Vec<(Vec<u8>, u32)> {
        let mut due = Vec::new();
        for (name, service) in self.view.services() {
            let is_due = matches!(service.state(), StateField::Starting { at } if at <= last);
            let world = self.proxy.sys();
            let mut pids = self.last_pids.get(name).into_iter().flat_map(|(pids, _)| pids);
            let is_left =
                pids.any(|&pid| world.is_number_of_others(pid)) || world.has_cgroup_members(name);
            if is_due && !is_left && !service.run().has(Fact::Stop) {
                due.push((name.to_vec(), service.run().number()));
            }
        }
        due
    }
}
