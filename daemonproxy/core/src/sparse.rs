//! What only some services have: kept beside the table of services, so that the others do not pay
//! for it.

use crate::memory::{NoRoom, Reserved, at_start};
use crate::table::Slot;

/// Something for some of the services, sorted by their slots.
pub(crate) struct Sparse<T> {
    list: Vec<(Slot, T)>,
}

impl<T> Sparse<T> {
    /// With room for this many: all services of a pool, which never asks for memory later.
    pub(crate) fn with_capacity(services: usize) -> Self {
        Self { list: at_start(services) }
    }

    /// Makes sure that one more fits.
    pub(crate) fn reserve(&mut self) -> Result<(), NoRoom> {
        Ok(self.list.try_reserve(1)?)
    }

    pub(crate) fn get(&self, slot: Slot) -> Option<&T> {
        self.place(slot).ok().map(|at| &self.list[at].1)
    }

    pub(crate) fn get_mut(&mut self, slot: Slot) -> Option<&mut T> {
        self.place(slot).ok().map(|at| &mut self.list[at].1)
    }

    /// Sets what the service has. Returns what it had before. Room was reserved if that is nothing.
    pub(crate) fn set(&mut self, slot: Slot, value: T) -> Option<T> {
        match self.place(slot) {
            Ok(at) => Some(std::mem::replace(&mut self.list[at].1, value)),
            Err(at) => {
                self.list.put_at(at, (slot, value));
                None
            }
        }
    }

    /// Takes away what the service has.
    pub(crate) fn remove(&mut self, slot: Slot) -> Option<T> {
        self.place(slot).ok().map(|at| self.list.remove(at).1)
    }

    /// All of them, by slot.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        self.list.iter().map(|(slot, value)| (*slot, value))
    }

    /// All of them, by slot.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (Slot, &mut T)> {
        self.list.iter_mut().map(|(slot, value)| (*slot, value))
    }

    fn place(&self, slot: Slot) -> Result<usize, usize> {
        self.list.binary_search_by_key(&slot, |&(other, _)| other)
    }
}
