//! What services leave behind: process groups in which somebody lives although the main process has
//! ended without being stopped.
//!
//! Nobody is told when such a group becomes empty, and nobody asks until it matters: for the fact
//! `left`, and when everything is stopped. Until then one of these may be about nothing any more,
//! or its number may even be that of somebody else's group; a look at all processes tells.

use daemonproxy_protocol::Fields;

use crate::memory::{Reserved, at_start};
use crate::system::{Pid, Process};
use crate::table::Slot;
use crate::upgrade::state::{Carried, Read, Writer, Wrong, carried, split};
use crate::upgrade::value::Value;

/// How many there may be before it is worth asking which of them are still there.
const FEW: usize = 8;

/// One of them.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Left {
    /// The main process that has ended, after which the group is called.
    pub(crate) pid: Pid,
    pub(crate) slot: Slot,
    /// Which run it was.
    pub(super) run: u32,
    /// How many the last look has found.
    pub(super) count: u32,
    /// How many the look that goes on has found.
    found: u32,
    /// There is a process of that number: the group is not the one that was left.
    taken: bool,
}

carried!(
    Left, as in Left::NONE,
    carries pid slot run count found taken,
    but not
);

impl Left {
    const NONE: Self =
        Self { pid: Pid(0), slot: Slot::FIRST, run: 0, count: 0, found: 0, taken: false };
}

/// All of them, in no order.
pub(crate) struct LeftBehind {
    list: Vec<Left>,
    /// How many there may be until they are asked for.
    most: usize,
    pooled: bool,
}

// Over an upgrade.
impl LeftBehind {
    /// Writes everything about them.
    pub(super) fn write_state(&self, to: &mut Writer) {
        let Self { list, most, pooled: _ } = self;
        for left in list {
            to.begin(b"resume.left");
            left.save(to);
            to.end();
        }
        if *most != FEW {
            to.begin(b"resume.left.most");
            to.keyed("most", most);
            to.end();
        }
    }

    /// Adds one that was written there.
    pub(super) fn read_left<'a>(&mut self, fields: Fields<'a>) -> Read<'a> {
        let mut left = Left::NONE;
        left.load(fields)?;
        self.list.try_reserve(1).map_err(|_| Wrong::NoRoom)?;
        self.list.put(left);
        Ok(())
    }

    pub(super) fn read_most<'a>(&mut self, field: &'a [u8]) -> Read<'a> {
        self.most.read(split(field)?.1).ok_or(Wrong::Value(field))
    }
}

impl LeftBehind {
    /// With room for one each, if services have a pool.
    pub(super) fn with_capacity(services: usize, pooled: bool) -> Self {
        Self { list: at_start(services), most: FEW, pooled }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Left> {
        self.list.iter()
    }

    /// How many that run of a service has left, as far as is known.
    pub(super) fn count(&self, slot: Slot, run: u32) -> u32 {
        let of_run = self.list.iter().find(|left| left.slot == slot && left.run == run);
        of_run.map_or(0, |left| left.count)
    }

    /// A run has left somebody. `is_there` and `is_latest` say of another one whether its group
    /// exists, and whether it is of the latest run of its service. If there is no memory for it, it
    /// is not known.
    pub(super) fn add(
        &mut self,
        (pid, slot, run): (Pid, Slot, u32),
        mut is_there: impl FnMut(Pid) -> bool,
        is_latest: impl Fn(Slot, u32) -> bool,
    ) {
        // Of that number there was another group once.
        self.forget(pid);
        if self.list.len() >= self.most {
            self.list.retain(|left| is_there(left.pid));
            self.most = FEW.max(2 * self.list.len());
        }
        if self.pooled && self.list.len() == self.list.capacity() {
            let older = self.list.iter().position(|left| !is_latest(left.slot, left.run));
            let Some(older) = older else { return };
            self.list.swap_remove(older);
        }
        if self.list.try_reserve(1).is_ok() {
            self.list.put(Left { pid, slot, run, count: 0, found: 0, taken: false });
        }
    }

    /// Nothing is left of that group any more. Returns what was left.
    pub(super) fn forget(&mut self, pid: Pid) -> Option<Left> {
        let at = self.list.iter().position(|left| left.pid == pid)?;
        Some(self.list.swap_remove(at))
    }

    /// The service is forgotten.
    pub(super) fn remove(&mut self, slot: Slot) {
        self.list.retain(|left| left.slot != slot);
    }

    /// A look at all processes begins.
    pub(crate) fn begin_look(&mut self) {
        for left in &mut self.list {
            (left.found, left.taken) = (0, false);
        }
    }

    /// It has found this one.
    pub(crate) fn see(&mut self, process: Process) {
        for left in &mut self.list {
            if process.pid == left.pid {
                left.taken = true;
            } else if process.is_of(left.pid) && !process.is_zombie {
                left.found += 1;
            }
        }
    }

    /// It is over: forgets those that are not there any more. Returns one by one the services of
    /// whose latest run something else is known now.
    pub(super) fn end_look(&mut self, is_latest: impl Fn(Slot, u32) -> bool) -> Option<Slot> {
        let gone = |left: &Left| left.taken || left.found == 0;
        loop {
            let (before, now) = if let Some(at) = self.list.iter().position(gone) {
                let left = self.list.swap_remove(at);
                (left, Left { found: 0, ..left })
            } else {
                let left = self.list.iter_mut().find(|left| left.found != left.count)?;
                (std::mem::replace(left, Left { count: left.found, ..*left }), *left)
            };
            if before.count != now.found && is_latest(now.slot, now.run) {
                return Some(now.slot);
            }
        }
    }
}
