//! A table of things with names: services, and descriptors.
//!
//! Things stay where they are (a [`Slot`] is valid until its thing is removed), in chunks, so that
//! growing copies nothing; there is also an index sorted by name, which is the order of a state
//! dump. With a pool everything is allocated at the start and a removed thing keeps its memory.

use std::cmp::Ordering;

use daemonproxy_protocol::Name;

use crate::limits::Pool;
use crate::memory::{NoRoom, Reserved, at_start};

/// Where a thing lives in its table.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot(u32);

impl Slot {
    /// Any place: for what is to be replaced.
    pub(crate) const FIRST: Self = Self(0);

    /// A distinct number for each thing in a table.
    pub(crate) fn number(self) -> u32 {
        self.0
    }

    /// The place of that number: only for one that was carried over an upgrade.
    pub(crate) fn of_number(number: u32) -> Self {
        Self(number)
    }
}

/// A name, held inline: there are thousands of them, and 32 bytes are less than a heap block.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameBuf {
    len: u8,
    bytes: [u8; Name::MAX],
}

impl NameBuf {
    /// The name of a free slot.
    pub(crate) const NONE: Self = Self { len: 0, bytes: [0; Name::MAX] };

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// As the protocol's type. A free slot has no name, but nobody asks for that.
    pub(crate) fn as_name(&self) -> Name<'_> {
        Name::new(self.as_bytes()).unwrap_or(Name::NULL)
    }
}

impl Default for NameBuf {
    fn default() -> Self {
        Self::NONE
    }
}

impl From<Name<'_>> for NameBuf {
    fn from(name: Name<'_>) -> Self {
        let from = name.as_bytes();
        let mut bytes = [0; Name::MAX];
        bytes[..from.len()].copy_from_slice(from);
        Self { len: from.len() as u8, bytes }
    }
}

/// What a table can hold.
pub(crate) trait Record {
    /// A free one, with room for `bytes` of text if the table is a pool.
    fn vacant(bytes: Option<usize>) -> Self;
    fn name_buf(&self) -> &NameBuf;
    /// Forgets everything but its memory, and takes a name ([`NameBuf::NONE`] if it is free).
    fn reset(&mut self, name: NameBuf);
}

/// Things by name, and by slot.
pub(crate) struct Table<T> {
    chunks: Vec<Box<[T]>>,
    chunk: usize,
    index: Vec<Slot>,
    free: Vec<Slot>,
    pooled: bool,
}

impl<T: Record> Table<T> {
    /// Things in one chunk: few, since an idle daemon has a dozen of them and a page is expensive.
    const CHUNK: usize = 8;

    /// A table that grows, or one that does not.
    pub(crate) fn new(pool: Option<Pool>) -> Self {
        let mut table = Self {
            chunks: Vec::new(),
            chunk: Self::CHUNK,
            index: Vec::new(),
            free: Vec::new(),
            pooled: pool.is_some(),
        };
        if let Some(Pool { count, bytes }) = pool {
            let mut all = at_start(count);
            all.fill((0..count).map(|_| T::vacant(Some(bytes))));
            table.chunk = count;
            table.chunks = at_start(1);
            table.chunks.put(all.into_boxed_slice());
            table.index = at_start(count);
            table.free = at_start(count);
            table.free.fill((0..count as u32).rev().map(Slot));
        }
        table
    }

    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// Makes sure that there is room for this many more.
    pub(crate) fn reserve(&mut self, count: usize) -> Result<(), NoRoom> {
        while self.free.len() < count {
            self.grow()?;
        }
        Ok(())
    }

    /// The number of every slot is below this.
    pub(crate) fn slots(&self) -> usize {
        self.chunks.len() * self.chunk
    }

    pub(crate) fn get(&self, slot: Slot) -> &T {
        let at = slot.0 as usize;
        &self.chunks[at / self.chunk][at % self.chunk]
    }

    pub(crate) fn get_mut(&mut self, slot: Slot) -> &mut T {
        let at = slot.0 as usize;
        &mut self.chunks[at / self.chunk][at % self.chunk]
    }

    pub(crate) fn find(&self, name: Name<'_>) -> Option<Slot> {
        self.position(name.as_bytes()).ok().map(|at| self.index[at])
    }

    /// The slot of that name, made if needed.
    pub(crate) fn find_or_insert(&mut self, name: Name<'_>) -> Result<Slot, NoRoom> {
        let at = match self.position(name.as_bytes()) {
            Ok(at) => return Ok(self.index[at]),
            Err(at) => at,
        };
        self.reserve(1)?;
        let slot = self.free.pop().ok_or(NoRoom)?;
        self.index.put_at(at, slot);
        self.get_mut(slot).reset(name.into());
        Ok(slot)
    }

    pub(crate) fn remove(&mut self, slot: Slot) {
        let name = *self.get(slot).name_buf();
        if let Ok(at) = self.position(name.as_bytes()) {
            self.index.remove(at);
            self.get_mut(slot).reset(NameBuf::NONE);
            self.free.put(slot);
        }
    }

    /// The free places, the next one to be used last.
    pub(crate) fn free(&self) -> &Vec<Slot> {
        &self.free
    }

    /// Becomes one with at least that many places, of which these are free. The others are to be
    /// taken with [`Self::place`]. Only for a new one.
    pub(crate) fn begin_with(&mut self, slots: usize, free: Vec<Slot>) -> Result<(), NoRoom> {
        while self.slots() < slots {
            self.grow()?;
        }
        // What is carried from a table with fewer places: those that are new are used last.
        self.free.retain(|slot| slot.0 as usize >= slots);
        if free.len() > self.free.capacity() - self.free.len() {
            return Err(NoRoom);
        }
        self.free.fill(free);
        Ok(())
    }

    /// A thing of that name is in that place. False if that cannot be.
    pub(crate) fn place(&mut self, slot: Slot, name: Name<'_>) -> bool {
        let is_place = (slot.0 as usize) < self.slots();
        if !is_place || !self.get(slot).name_buf().as_bytes().is_empty() {
            return false;
        }
        let Err(at) = self.position(name.as_bytes()) else { return false };
        self.index.put_at(at, slot);
        self.get_mut(slot).reset(name.into());
        true
    }

    /// Whether each place is either free or taken, after all were placed.
    pub(crate) fn is_whole(&self) -> bool {
        let is_free = |&slot: &Slot| {
            (slot.0 as usize) < self.slots() && self.get(slot).name_buf().as_bytes().is_empty()
        };
        self.free.len() + self.index.len() == self.slots() && self.free.iter().all(is_free)
    }

    /// All of them, sorted by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        self.index.iter().map(|&slot| (slot, self.get(slot)))
    }

    /// The `nth` by name.
    pub(crate) fn nth(&self, nth: usize) -> Option<Slot> {
        self.index.get(nth).copied()
    }

    /// Where in the order by name the first one at or after `name` is.
    pub(crate) fn rank(&self, name: &NameBuf) -> usize {
        self.position(name.as_bytes()).unwrap_or_else(|at| at)
    }

    fn position(&self, name: &[u8]) -> Result<usize, usize> {
        // Definitions mostly come in the order of their names, or close to it: look at the end
        // first.
        if let Some(&last) = self.index.last() {
            match self.get(last).name_buf().as_bytes().cmp(name) {
                Ordering::Less => return Err(self.index.len()),
                Ordering::Equal => return Ok(self.index.len() - 1),
                Ordering::Greater => {}
            }
        }
        self.index.binary_search_by(|&slot| self.get(slot).name_buf().as_bytes().cmp(name))
    }

    fn grow(&mut self) -> Result<(), NoRoom> {
        if self.pooled {
            return Err(NoRoom);
        }
        // All memory is asked for before anything changes. Both lists must have room for all
        // things, since all may be in use and all may be removed again.
        let before = self.chunks.len() * self.chunk;
        let all = before + self.chunk;
        let mut chunk = Vec::new();
        chunk.try_reserve_exact(self.chunk)?;
        self.chunks.try_reserve(1)?;
        self.index.try_reserve(all - self.index.len())?;
        self.free.try_reserve(all - self.free.len())?;
        chunk.fill((0..self.chunk).map(|_| T::vacant(None)));
        self.chunks.put(chunk.into_boxed_slice());
        self.free.fill((before as u32..all as u32).rev().map(Slot));
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test may end when there is no memory")]
mod tests {
    use super::*;

    struct Thing(NameBuf);

    impl Record for Thing {
        fn vacant(_: Option<usize>) -> Self {
            Self(NameBuf::NONE)
        }
        fn name_buf(&self) -> &NameBuf {
            &self.0
        }
        fn reset(&mut self, name: NameBuf) {
            self.0 = name;
        }
    }

    fn name(text: &str) -> Name<'_> {
        Name::new(text.as_bytes()).unwrap()
    }

    #[test]
    fn things_are_found_by_name_and_listed_in_order() {
        let mut table = Table::<Thing>::new(None);
        for i in (0..100).rev() {
            table.find_or_insert(name(&format!("t{i:03}"))).unwrap();
        }
        let slot = table.find(name("t042")).unwrap();
        assert_eq!(table.get(slot).name_buf().as_bytes(), b"t042");
        assert_eq!(table.find_or_insert(name("t042")), Ok(slot));
        table.remove(slot);
        assert_eq!(table.find(name("t042")), None);
        assert_eq!(table.len(), 99);
        let names: Vec<_> = table.iter().map(|(_, t)| t.name_buf().as_bytes().to_vec()).collect();
        assert!(names.is_sorted());
    }

    #[test]
    fn a_pool_is_full_at_its_size_and_uses_freed_room_again() {
        let mut table = Table::<Thing>::new(Some(Pool { count: 2, bytes: 0 }));
        let a = table.find_or_insert(name("a")).unwrap();
        table.find_or_insert(name("b")).unwrap();
        assert_eq!(table.find_or_insert(name("c")), Err(NoRoom));
        table.remove(a);
        assert!(table.find_or_insert(name("c")).is_ok());
    }
}
