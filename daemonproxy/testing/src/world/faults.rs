//! Failures by order: which operations fail next, how often, and with which error.

use daemonproxy_core::{Errno, SpawnFailure, SpawnStage};

use daemonproxy_protocol::Options;

use super::Op;
use super::op::failing_stage;

/// What is going to fail.
#[derive(Default)]
pub(super) struct Faults([(i32, u32); Op::ALL.len()]);

impl Faults {
    /// The next `times` of this fail.
    pub(super) fn order(&mut self, op: Op, errno: i32, times: u32) {
        self.0[op as usize] = (errno, times);
    }

    /// Whether the next of this fails.
    pub(super) fn is_ordered(&self, op: Op) -> bool {
        let (_, times) = self.0[op as usize];
        times > 0
    }

    /// Asked by each operation before it does anything.
    pub(super) fn check(&mut self, op: Op) -> Result<(), Errno> {
        let (errno, times) = &mut self.0[op as usize];
        if *times == 0 {
            return Ok(());
        }
        *times -= 1;
        Err(Errno(*errno))
    }

    /// What goes wrong between fork and the program, if anything does.
    pub(super) fn check_exec(&mut self, options: Options<'_>) -> Option<SpawnFailure> {
        let failed = |stage| move |errno| SpawnFailure { stage, errno };
        self.check(Op::Setup)
            .map_err(failed(failing_stage(options)))
            .and_then(|()| self.check(Op::Exec).map_err(failed(SpawnStage::Exec)))
            .err()
    }
}
