//! The descriptors that have a name, for services to be started with.

use daemonproxy_protocol::{Event, FdStateField, Name, PipeEnd};

use crate::descriptor::kind::{FdKind, Peer, PeerSlot, SpecialFd};
use crate::limits::{MIN_FDS, Pool};
use crate::memory::{NoRoom, Text, at_start};
use crate::system::Fd;
use crate::table::{NameBuf, Record, Slot, Table};
use crate::upgrade::state::{Carried, Read, StateLine, Writer, Wrong, carried, split};
use crate::upgrade::value::{Value, halves};

/// In a list of descriptors: this number stays closed.
pub(crate) const NO_FD: &[u8] = b"-";

pub(crate) struct FdEntry {
    name: NameBuf,
    /// `None`: a name without a descriptor, such as `control.cmd`.
    fd: Option<Fd>,
    kind: FdKind,
    /// A path or an address.
    text: Vec<u8>,
    pooled: bool,
    /// There is nothing to be read from it any more: no service is started because of it.
    broken: bool,
    /// The service that has stored it.
    stored: Option<Stored>,
}

/// Whose a stored descriptor is.
#[derive(Copy, Clone, PartialEq, Eq)]
struct Stored {
    by: Slot,
    /// Which one of those that were stored under the same name, from 1 on: this is the end of its
    /// own name, but for the first one.
    nth: u8,
}

impl Record for FdEntry {
    fn vacant(bytes: Option<usize>) -> Self {
        Self {
            name: NameBuf::NONE,
            fd: None,
            kind: FdKind::Special(SpecialFd::Null),
            text: bytes.map(at_start).unwrap_or_default(),
            pooled: bytes.is_some(),
            broken: false,
            stored: None,
        }
    }

    fn name_buf(&self) -> &NameBuf {
        &self.name
    }

    fn reset(&mut self, name: NameBuf) {
        self.name = name;
        self.fd = None;
        self.stored = None;
        self.kind = FdKind::Special(SpecialFd::Null);
        self.text.clear();
        if !self.pooled {
            self.text = Vec::new();
        }
    }
}

carried!(
    FdEntry, as in FdEntry::vacant(None),
    carries fd kind text broken stored,
    but not name pooled
);

/// `SERVICE:NTH`.
impl Value for Stored {
    fn write(&self, to: &mut Writer) {
        self.by.write(to);
        to.push(b":");
        self.nth.write(to);
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (by, nth) = halves(text)?;
        let (by, nth) = (Value::parse(by)?, Value::parse(nth)?);
        Some(Self { by, nth }).filter(|_| nth > 0)
    }
}

impl FdEntry {
    pub(crate) fn name(&self) -> Name<'_> {
        self.name.as_name()
    }

    pub(crate) fn fd(&self) -> Option<Fd> {
        self.fd
    }

    /// The name under which it was stored, with that of its service, and which one of these it is.
    pub(crate) fn stored_as(&self) -> (&[u8], u8) {
        let name = self.name.as_bytes();
        let nth = self.stored.map_or(1, |stored| stored.nth);
        let end = if nth == 1 { 0 } else { 2 + nth.checked_ilog10().unwrap_or(0) as usize };
        (name.get(..name.len().saturating_sub(end)).unwrap_or(name), nth)
    }

    pub(crate) fn special(&self) -> Option<SpecialFd> {
        match self.kind {
            FdKind::Special(special) => Some(special),
            FdKind::File(_) | FdKind::Pipe { .. } | FdKind::Socket(_) => None,
        }
    }
}

/// The named descriptors.
pub(crate) struct Descriptors {
    table: Table<FdEntry>,
    /// How many bytes of text fit into each entry of a pool.
    text_room: Option<usize>,
    /// Memory for the text of the next one, unless there is a pool.
    next_text: Vec<u8>,
}

// Over an upgrade.
impl Descriptors {
    pub(crate) fn write_state(&self, to: &mut Writer) {
        // The second is in the limits, the third is memory for what is under construction.
        let Self { table, text_room: _, next_text: _ } = self;
        to.begin(b"resume.fds");
        to.keyed("slots", &table.slots());
        to.keyed("free", table.free());
        to.end();
        for (slot, entry) in table.iter() {
            to.begin(b"resume.fd");
            to.field(entry.name.as_bytes());
            to.keyed("slot", &slot);
            entry.save(to);
            to.end();
        }
    }

    /// One without even those that are always there: they are written, too.
    pub(crate) fn empty(pool: Option<Pool>) -> Self {
        let mut all = Self::new(pool);
        for special in SpecialFd::ALL {
            if let Some(slot) = Name::new(special.name()).and_then(|name| all.find(name)) {
                all.table.remove(slot);
            }
        }
        all
    }

    /// Takes a line about them. False if it is about something else.
    pub(crate) fn read_state<'a>(&mut self, record: StateLine<'a>) -> Read<'a, bool> {
        match record.kind {
            b"resume.fds" => {
                let (mut slots, mut free) = (0, Vec::new());
                for field in record.rest.iter() {
                    let (key, value) = split(field)?;
                    let read = match key {
                        b"slots" => usize::read(&mut slots, value),
                        b"free" => free.read(value),
                        _ => return Err(Wrong::Key(key)),
                    };
                    read.ok_or(Wrong::Value(field))?;
                }
                self.table.begin_with(slots, free)?;
            }
            b"resume.fd" => {
                let (name, fields) = record.first()?;
                let name = Name::new(name).ok_or(Wrong::Value(name))?;
                let (place, fields) = StateLine { rest: fields, ..record }.first()?;
                let (key, slot) = split(place)?;
                let slot =
                    Slot::parse(slot).filter(|_| key == b"slot").ok_or(Wrong::Value(place))?;
                if !self.table.place(slot, name) {
                    return Err(Wrong::Value(place));
                }
                self.table.get_mut(slot).load(fields)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Everything was taken. `is_service`: there is a service in that place.
    pub(crate) fn end_reading(&self, is_service: impl Fn(Slot) -> bool) -> Read<'static> {
        let is_fd = |slot: Slot| {
            let is_place = (slot.number() as usize) < self.table.slots();
            is_place && !self.get(slot).name.as_bytes().is_empty()
        };
        let mut all = self.table.iter();
        let is_sound = all.all(|(slot, entry)| {
            self.peer(slot).is_none_or(is_fd)
                && entry.stored.is_none_or(|stored| is_service(stored.by))
        });
        if self.table.is_whole() && is_sound { Ok(()) } else { Err(Wrong::Missing) }
    }
}

impl Descriptors {
    /// The description of a descriptor that came from outside.
    pub(super) const UNKNOWN: &'static [u8] = b"unknown";

    /// Those that are always there, and room for a fixed number, or else for as many as there is
    /// memory for.
    pub(crate) fn new(pool: Option<Pool>) -> Self {
        let pool = pool.map(|Pool { count, bytes }| Pool {
            count: count.max(MIN_FDS),
            bytes: bytes.max(Self::UNKNOWN.len()),
        });
        let mut descriptors = Self {
            table: Table::new(pool),
            text_room: pool.map(|pool| pool.bytes),
            next_text: Vec::new(),
        };
        for special in SpecialFd::ALL {
            if let Some(name) = Name::new(special.name()) {
                let _ = descriptors.put(name, None, FdKind::Special(special), b"");
            }
        }
        descriptors
    }

    pub(crate) fn get(&self, slot: Slot) -> &FdEntry {
        self.table.get(slot)
    }

    /// The number of every slot is below this.
    pub(crate) fn slots(&self) -> usize {
        self.table.slots()
    }

    /// Which end of a pipe this is, if it is one.
    pub(crate) fn pipe_end(&self, slot: Slot) -> Option<PipeEnd> {
        match self.get(slot).kind {
            FdKind::Pipe { end, .. } => Some(end),
            FdKind::File(_) | FdKind::Socket(_) | FdKind::Special(_) => None,
        }
    }

    /// Whether it is the read end of a pipe that the daemon made, whatever has become of the other
    /// end.
    pub(crate) fn reads_own_pipe(&self, slot: Slot) -> bool {
        let kind = self.get(slot).kind;
        matches!(kind, FdKind::Pipe { end: PipeEnd::From, peer, .. } if peer != Peer::Unknown)
    }

    /// The other end of a pipe, if it has a name.
    pub(crate) fn peer(&self, slot: Slot) -> Option<Slot> {
        match self.get(slot).kind {
            FdKind::Pipe { peer: Peer::Named(PeerSlot(peer)), .. } => Some(peer),
            FdKind::Pipe { .. } | FdKind::File(_) | FdKind::Socket(_) | FdKind::Special(_) => None,
        }
    }

    pub(crate) fn find(&self, name: Name<'_>) -> Option<Slot> {
        self.table.find(name)
    }

    /// The descriptor with a name, if there is such a name and it has one.
    pub(crate) fn fd(&self, name: Name<'_>) -> Option<Fd> {
        self.find(name).and_then(|slot| self.get(slot).fd)
    }

    /// The same, if something may still be read from it.
    pub(crate) fn watchable(&self, name: Name<'_>) -> Option<Fd> {
        let entry = self.get(self.find(name)?);
        entry.fd.filter(|_| !entry.broken)
    }

    /// Nothing can be read from it any more, until its name is given to another.
    pub(crate) fn stop_watching(&mut self, name: Name<'_>) {
        if let Some(slot) = self.find(name) {
            self.table.get_mut(slot).broken = true;
        }
    }

    pub(crate) fn is_constant(&self, name: Name<'_>) -> bool {
        self.find(name).is_some_and(|slot| self.get(slot).special().is_some())
    }

    /// Makes sure that [`Self::put`] has room for these names, and for a text of this many bytes.
    pub(super) fn reserve(&mut self, names: &[Name<'_>], text: usize) -> Result<(), NoRoom> {
        self.table.reserve(names.iter().filter(|&&name| self.find(name).is_none()).count())?;
        match self.text_room {
            Some(room) if text > room => return Err(NoRoom),
            Some(_) => {}
            None => {
                // No larger than needed: it is kept as long as the descriptor.
                if self.next_text.capacity() != text {
                    self.next_text = Vec::new();
                    self.next_text.try_reserve_exact(text)?;
                }
            }
        }
        Ok(())
    }

    /// Gives a name to a descriptor. Returns its slot and the descriptor that had the name before,
    /// which the caller must close.
    pub(super) fn put(
        &mut self,
        name: Name<'_>,
        fd: Option<Fd>,
        kind: FdKind,
        text: &[u8],
    ) -> Result<(Slot, Option<Fd>), NoRoom> {
        self.reserve(&[name], text.len())?;
        let slot = self.table.find_or_insert(name)?;
        self.unpair(slot);
        let entry = self.table.get_mut(slot);
        let before = entry.fd.take();
        entry.fd = fd;
        entry.kind = kind;
        entry.broken = false;
        entry.stored = None;
        if entry.pooled {
            entry.text.clear();
        } else {
            entry.text = std::mem::take(&mut self.next_text);
        }
        entry.text.add(text);
        Ok((slot, before))
    }

    /// A service has stored this one: as the `nth` of its name.
    pub(crate) fn set_stored_by(&mut self, slot: Slot, service: Slot, nth: u8) {
        self.table.get_mut(slot).stored = Some(Stored { by: service, nth });
    }

    /// What that service has stored.
    pub(crate) fn stored_by(&self, service: Slot) -> impl Iterator<Item = (Slot, &FdEntry)> {
        let by = move |stored: Stored| stored.by == service;
        self.table.iter().filter(move |(_, entry)| entry.stored.is_some_and(by))
    }

    /// The next one of these, in the order of the names under which they were stored, and of how
    /// they were sent. `after`: the last one, if it is not the first that is asked for.
    pub(crate) fn next_stored_by(&self, service: Slot, after: Option<Slot>) -> Option<Slot> {
        let key = |slot: Slot| self.get(slot).stored_as();
        let all = self.stored_by(service).map(|(slot, _)| slot);
        all.filter(|&slot| after.is_none_or(|after| key(after) < key(slot)))
            .min_by_key(|&slot| key(slot))
    }

    /// Makes the two ends of a pipe know each other.
    pub(super) fn pair(&mut self, a: Slot, b: Slot) {
        for (this, other) in [(a, b), (b, a)] {
            if let FdKind::Pipe { peer, .. } = &mut self.table.get_mut(this).kind {
                *peer = Peer::Named(PeerSlot(other));
            }
        }
    }

    /// Forgets a name. The caller must close what it stood for.
    pub(super) fn remove(&mut self, slot: Slot) -> Option<Fd> {
        self.unpair(slot);
        let fd = self.table.get_mut(slot).fd.take();
        self.table.remove(slot);
        fd
    }

    /// The `nth` by name.
    pub(crate) fn nth(&self, nth: usize) -> Option<Slot> {
        self.table.nth(nth)
    }

    pub(crate) fn rank(&self, name: &NameBuf) -> usize {
        self.table.rank(name)
    }

    pub(crate) fn event(&self, slot: Slot) -> Event<'_> {
        let entry = self.get(slot);
        let state = match entry.kind {
            FdKind::File(flags) => FdStateField::File { flags, path: &entry.text },
            FdKind::Pipe { flags, end, peer } => {
                let peer = match peer {
                    Peer::Named(PeerSlot(peer)) => self.get(peer).name.as_bytes(),
                    Peer::Gone => b"?",
                    Peer::Unknown => Self::UNKNOWN,
                };
                // Either end of a pair of sockets can be written to.
                let end = if flags.socket.is_some() { PipeEnd::To } else { end };
                FdStateField::Pipe { flags, end, peer }
            }
            FdKind::Socket(flags) => FdStateField::Socket { flags, address: &entry.text },
            FdKind::Special(special) => special.state(),
        };
        Event::FdState { name: entry.name(), state }
    }

    /// The text that describes a descriptor that came from outside.
    pub(super) fn unknown_text(kind: FdKind) -> &'static [u8] {
        match kind {
            FdKind::File(_) | FdKind::Socket(_) => Self::UNKNOWN,
            FdKind::Pipe { .. } | FdKind::Special(_) => b"",
        }
    }

    fn unpair(&mut self, slot: Slot) {
        if let FdKind::Pipe { peer: Peer::Named(PeerSlot(other)), .. } = self.get(slot).kind
            && let FdKind::Pipe { peer, .. } = &mut self.table.get_mut(other).kind
        {
            *peer = Peer::Gone;
        }
    }
}
