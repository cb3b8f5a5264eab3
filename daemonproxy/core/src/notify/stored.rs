//! Descriptors that services store here for their next runs (`fdstore=`).
//!
//! Each is a descriptor like any other, with a name that begins with that of the service; the table
//! of descriptors knows whose it is.

use daemonproxy_protocol::{Fields, Name};

use crate::descriptor::descriptors::NO_FD;
use crate::limits::{HIGHEST_READY, MOST_STORED};
use crate::memory::{NoRoom, Reserved, Text};
use crate::notify::notifying::Notifier;
use crate::proxy::Proxy;
use crate::system::{ChildFd, Fd, System};
use crate::table::{Record, Slot};

/// The first descriptor of a service that is not one of the standard ones (sd_listen_fds(3)).
const FIRST: usize = 3;

/// Bytes of the names of what services with the longest lists are started with.
pub(crate) fn most_names(max_line: usize) -> usize {
    max_line + 2 * HIGHEST_READY + MOST_STORED * (Name::MAX + 1)
}

/// `NAME.FDNAME`, if that is a name.
fn joined<'a>(service: &[u8], name: &[u8], room: &'a mut [u8; Name::MAX]) -> Option<Name<'a>> {
    let length = service.len() + 1 + name.len();
    let bytes = service.iter().chain(b".").chain(name);
    let room = room.get_mut(..length)?;
    room.iter_mut().zip(bytes).for_each(|(to, &from)| *to = from);
    Name::new(room)
}

impl<S: System> Proxy<S> {
    /// A service wants this to be stored. Returns how many of the descriptors were: one or none.
    pub(super) fn store(&mut self, service: Slot, name: &[u8], fds: &[Fd]) -> usize {
        let most = self.notifying.get(service).map_or(0, |notifier| notifier.wants().fdstore);
        let (owner, mut room) = (*self.services.get(service).name_buf(), [0; Name::MAX]);
        let Some(&fd) = fds.first() else {
            self.complain(service, b"' has sent no descriptor to be stored");
            return 0;
        };
        let refusal: &[u8] = match joined(owner.as_bytes(), name, &mut room) {
            None => b"' has sent a descriptor whose name is none: not stored",
            Some(name) => match self.store_as(service, name, fd, most) {
                Ok(()) => {
                    if fds.len() > 1 {
                        self.complain(
                            service,
                            b"' has stored several as one: only the first is kept",
                        );
                    }
                    return 1;
                }
                Err(refusal) => refusal,
            },
        };
        self.complain(service, refusal);
        0
    }

    fn store_as(
        &mut self,
        service: Slot,
        name: Name<'_>,
        fd: Fd,
        most: usize,
    ) -> Result<(), &'static [u8]> {
        let before = self.fds.find(name);
        if before.is_some_and(|slot| !self.fds.is_stored_by(slot, service)) {
            return Err(b"' has sent a descriptor whose name is taken: not stored");
        }
        if before.is_none() && self.fds.stored_by(service).count() >= most {
            return Err(b"' has sent more descriptors than its fdstore= says: not stored");
        }
        let no_room: &[u8] = b"' has sent a descriptor for which there is no room: not stored";
        self.check_outside(name).map_err(|_| no_room)?;
        if let Some(slot) = self.take_outside(name, fd) {
            self.fds.set_stored_by(slot, service);
        }
        Ok(())
    }

    /// A service does not want this to be kept any more.
    pub(super) fn unstore(&mut self, service: Slot, name: &[u8]) {
        let (owner, mut room) = (*self.services.get(service).name_buf(), [0; Name::MAX]);
        let slot = joined(owner.as_bytes(), name, &mut room).and_then(|name| self.fds.find(name));
        match slot.filter(|&slot| self.fds.is_stored_by(slot, service)) {
            Some(slot) => self.remove_fd(slot),
            None => self.complain(service, b"' wants to remove what it has not stored"),
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
        for (_, entry) in self.fds.stored_by(service).take(wants.fdstore) {
            if wants.is_ready_fd(fds.len()) {
                pad(fds, names);
            }
            let name = entry.name();
            fds.put(entry.fd().map_or(ChildFd::Closed, ChildFd::Same));
            names.put(b'\t');
            names.add(name.as_bytes().get(prefix..).unwrap_or(NO_FD));
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
    fn a_name_is_that_of_the_service_and_its_own() {
        let mut room = [0; Name::MAX];
        let name = |name: &[u8]| joined(b"web", name, &mut [0; Name::MAX]).is_some();
        assert_eq!(
            joined(b"web", b"conn-1", &mut room).map(Name::as_bytes),
            Some(&b"web.conn-1"[..])
        );
        assert!(name(&[b'x'; Name::MAX - 4]) && !name(&[b'x'; Name::MAX - 3]));
        assert!(!name(b"a/b") && !name(b"a b") && !name(b"a\tb"));
    }
}
