//! Descriptors that services store here for their next runs (`fdstore=`).
//!
//! Each is a descriptor like any other, with a name that begins with that of the service; the table
//! of descriptors knows whose it is. Several may be stored under one name: then all but the first
//! have a number at the end of theirs (`web.conn`, `web.conn-2`), and are handed back, replaced and
//! removed together.

use daemonproxy_protocol::{Fields, Name};

use crate::descriptor::descriptors::{FdEntry, NO_FD};
use crate::limits::{HIGHEST_READY, MOST_STORED};
use crate::memory::{NoRoom, Reserved, Text};
use crate::notify::messages::Complaint;
use crate::notify::notifying::Notifier;
use crate::proxy::Proxy;
use crate::system::{ChildFd, Fd, System};
use crate::table::{NameBuf, Record, Slot};

/// The first descriptor of a service that is not one of the standard ones (sd_listen_fds(3)).
const FIRST: usize = 3;

/// Bytes of the names of what services with the longest lists are started with.
pub(crate) fn most_names(max_line: usize) -> usize {
    max_line + 2 * HIGHEST_READY + MOST_STORED * (Name::MAX + 1)
}

/// `NAME.FDNAME`, if that is a name; and with `-N` behind it if it is not the first.
fn joined(service: &[u8], name: &[u8], nth: u8) -> Option<NameBuf> {
    let digits = [b'-', b'0' + nth / 100, b'0' + nth / 10 % 10, b'0' + nth % 10];
    let zeros = digits[1..].iter().take_while(|&&digit| digit == b'0').count();
    let end = if nth == 1 { &[][..] } else { digits.get(1 + zeros..)? };
    let dash = if nth == 1 { &[][..] } else { &digits[..1] };
    let mut room = [0; Name::MAX];
    let parts = [service, b".", name, dash, end];
    let length = parts.iter().map(|part| part.len()).sum();
    let room = room.get_mut(..length)?;
    room.iter_mut().zip(parts.into_iter().flatten()).for_each(|(to, &from)| *to = from);
    Name::new(room).map(NameBuf::from)
}

/// Why something is not stored, for the log.
type Refused = &'static [u8];

const NO_ROOM: Refused = b"' has sent a descriptor for which there is no room: not stored";
const NO_NAME: Refused = b"' has sent a descriptor whose name is none: not stored";
const TAKEN: Refused = b"' has sent a descriptor whose name is taken: not stored";
const TOO_MANY: Refused = b"' has sent more descriptors than its fdstore= says: not stored";

/// The names of what comes with one message.
struct Names {
    list: [NameBuf; MOST_STORED],
    /// Which one of these each is.
    nth: [u8; MOST_STORED],
    count: usize,
}

impl<S: System> Proxy<S> {
    /// A service wants these to be stored: all of them, or none. They take the place of what it has
    /// stored under that name before. Returns how many were taken.
    pub(super) fn store(&mut self, service: Slot, name: &[u8], fds: &[Fd]) -> usize {
        if fds.is_empty() {
            self.complain(service, Complaint::Store, b"' has sent no descriptor to be stored");
            return 0;
        }
        match self.names_for(service, name, fds.len()) {
            Ok(names) => {
                self.store_as(service, name, &names, fds);
                fds.len()
            }
            Err(refused) => {
                self.complain(service, Complaint::Store, refused);
                0
            }
        }
    }

    /// Names for so many, for which there is room.
    fn names_for(&mut self, service: Slot, name: &[u8], count: usize) -> Result<Names, Refused> {
        let owner = *self.services.get(service).name_buf();
        let most = self.notifying.get(service).map_or(0, |notifier| notifier.wants().fdstore);
        let all = self.fds.stored_by(service).count();
        let before = self.stored_as(service, name).count();
        if all - before + count > most.min(MOST_STORED) {
            return Err(TOO_MANY);
        }
        let mut names = Names { list: [NameBuf::NONE; MOST_STORED], nth: [0; MOST_STORED], count };
        let mut nth = 0;
        for at in 0..count {
            let free = loop {
                nth += 1;
                let next = joined(owner.as_bytes(), name, nth).ok_or(NO_NAME)?;
                let slot = self.fds.find(next.as_name());
                let is_its_own = |slot| self.stored_as(service, name).any(|own| own == slot);
                if slot.is_none_or(is_its_own) {
                    break next;
                }
                // The others only need some number.
                if nth == 1 || nth == u8::MAX {
                    return Err(TAKEN);
                }
            };
            names.list[at] = free;
            names.nth[at] = nth;
        }
        let mut list = [Name::NULL; MOST_STORED];
        list.iter_mut().zip(&names.list).for_each(|(to, from)| *to = from.as_name());
        self.check_outside(&list[..count]).map_err(|_| NO_ROOM)?;
        Ok(names)
    }

    fn store_as(&mut self, service: Slot, name: &[u8], names: &Names, fds: &[Fd]) {
        let names = names.list.iter().zip(names.nth).take(names.count);
        for ((name, nth), &fd) in names.clone().zip(fds) {
            if let Some(slot) = self.take_outside(name.as_name(), fd) {
                self.fds.set_stored_by(slot, service, nth);
            }
        }
        // What is left of those before.
        while let Some(slot) = {
            let is_new = |slot: Slot| {
                let own = self.fds.get(slot).name_buf();
                names.clone().any(|(name, _)| name == own)
            };
            self.stored_as(service, name).find(|&slot| !is_new(slot))
        } {
            self.remove_fd(slot);
        }
    }

    /// What a service has stored under this name.
    fn stored_as(&self, service: Slot, name: &[u8]) -> impl Iterator<Item = Slot> {
        let prefix = self.services.get(service).name().as_bytes().len() + 1;
        let stored = self.fds.stored_by(service);
        let is_it = move |entry: &FdEntry| entry.stored_as().0.get(prefix..) == Some(name);
        stored.filter(move |(_, entry)| is_it(entry)).map(|(slot, _)| slot)
    }

    /// A service does not want these to be kept any more.
    pub(super) fn unstore(&mut self, service: Slot, name: &[u8]) {
        if self.stored_as(service, name).next().is_none() {
            self.complain(service, Complaint::Remove, b"' wants to remove what it has not stored");
        }
        loop {
            let next = self.stored_as(service, name).next();
            let Some(slot) = next else { break };
            self.remove_fd(slot);
        }
    }

    /// A service is forgotten, and what it has stored with it.
    pub(crate) fn unstore_all(&mut self, service: Slot) {
        loop {
            let next = self.fds.stored_by(service).next().map(|(slot, _)| slot);
            let Some(slot) = next else { break };
            self.remove_fd(slot);
        }
    }

    /// Adds what a service has stored to its descriptors, and all names to `names`, if there is
    /// anything.
    pub(crate) fn hand_back(
        &self,
        service: Slot,
        fds: &mut Vec<ChildFd>,
        names: &mut Vec<u8>,
    ) -> Result<(), NoRoom> {
        let wants = self.notifying.get(service).map(Notifier::wants).unwrap_or_default();
        if wants.fdstore == 0 || self.fds.stored_by(service).next().is_none() {
            return Ok(());
        }
        names.try_reserve(most_names(self.limits.max_line))?;
        fds.try_reserve(FIRST + MOST_STORED + 1)?;
        let own = self.services.get(service);
        let prefix = own.name().as_bytes().len() + 1;
        names.add(own.start_fds().as_bytes());
        let pad = |fds: &mut Vec<ChildFd>, names: &mut Vec<u8>| {
            fds.put(ChildFd::Closed);
            names.put(b'\t');
            names.add(NO_FD);
        };
        while fds.len() < FIRST {
            pad(fds, names);
        }
        let mut last = None;
        for _ in 0..wants.fdstore {
            last = self.fds.next_stored_by(service, last);
            let Some(slot) = last else { break };
            if wants.is_ready_fd(fds.len()) {
                pad(fds, names);
            }
            let entry = self.fds.get(slot);
            fds.put(entry.fd().map_or(ChildFd::Closed, ChildFd::Same));
            names.put(b'\t');
            names.add(entry.stored_as().0.get(prefix..).unwrap_or(NO_FD));
        }
        Ok(())
    }
}

/// The names of the descriptors that a service is started with.
pub(crate) fn names<'a>(listed: Fields<'a>, with_stored: &'a [u8]) -> Fields<'a> {
    if with_stored.is_empty() { listed } else { Fields::new(with_stored) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_asks_for_no_more_room_than_the_names_can_take() {
        let (listed, unused) = (4096, "\t-".len() * HIGHEST_READY);
        let stored = MOST_STORED * (Name::MAX + 1);
        assert_eq!(most_names(4096), listed + unused + stored);
    }

    #[test]
    fn a_name_is_that_of_the_service_and_its_own() {
        let name = |name: &[u8], nth| joined(b"web", name, nth);
        let is = |nth, text: &[u8]| {
            assert_eq!(name(b"conn", nth).map(|name| name.as_bytes() == text), Some(true));
        };
        is(1, b"web.conn");
        is(2, b"web.conn-2");
        is(64, b"web.conn-64");
        is(100, b"web.conn-100");
        assert!(name(&[b'x'; Name::MAX - 4], 1).is_some());
        assert!(name(&[b'x'; Name::MAX - 3], 1).is_none());
        assert!(name(&[b'x'; Name::MAX - 6], 9).is_some());
        assert!(name(&[b'x'; Name::MAX - 6], 10).is_none());
        assert!(["a/b", "a b", "a\tb"].iter().all(|text| name(text.as_bytes(), 1).is_none()));
    }
}
