//! An upgrade that somebody has asked for, until its outcome is known.

use crate::limits::Limits;
use crate::memory::{Text, at_start};
use crate::upgrade::state::carried;

/// An upgrade that somebody has asked for, if there is one.
pub(crate) struct Upgrading {
    is_asked: bool,
    /// The path of the program; empty if it is not said.
    program: Vec<u8>,
}

carried!(Upgrading, as in Upgrading::NONE, carries is_asked program, but not);

impl Upgrading {
    const NONE: Self = Self { is_asked: false, program: Vec::new() };

    pub(crate) fn new(limits: &Limits) -> Self {
        Self { program: at_start(limits.max_line), ..Self::NONE }
    }

    /// Somebody asks for an upgrade to this program.
    pub(super) fn ask(&mut self, program: &[u8]) {
        self.is_asked = true;
        self.program.clear();
        self.program.add(program);
    }

    /// To which program, if somebody has asked.
    pub(super) fn asked(&self) -> Option<&[u8]> {
        self.is_asked.then_some(&*self.program)
    }

    /// Its outcome is known.
    pub(super) fn end(&mut self) {
        self.is_asked = false;
    }
}
