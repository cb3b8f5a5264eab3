//! The commands about named descriptors.

use daemonproxy_protocol::{
    Address, Event, FdStateField, FileFlags, Name, PipeEnd, PipeFlags, Refusal, SocketFlags,
};

use crate::connection::controller::ControllerId;
use crate::descriptor::descriptors::{Descriptors, NO_FD};
use crate::descriptor::kind::{FdKind, Peer};
use crate::memory::NoRoom;
use crate::proxy::Proxy;
use crate::refusal::{self, Outcome};
use crate::system::{Fd, System};
use crate::table::{Record, Slot};

impl<S: System> Proxy<S> {
    pub(crate) fn fd_pipe(
        &mut self,
        read: Name<'_>,
        write: Name<'_>,
        flags: PipeFlags,
    ) -> Outcome<'static> {
        self.check_alterable(&[read, write], b"")?;
        let (from, to) = match flags.socket {
            None => self
                .sys
                .pipe(flags.nonblock)
                .map_err(|e| Refusal::Pipe { reason: self.sys.explain(e) })?,
            Some((domain, kind)) => self
                .sys
                .socketpair(domain, kind, flags.nonblock)
                .map_err(|errno| Refusal::Socketpair { reason: self.sys.explain(errno) })?,
        };
        let kind = |end| FdKind::Pipe { flags, end, peer: Peer::Unknown };
        let ends = [(read, from, kind(PipeEnd::From)), (write, to, kind(PipeEnd::To))];
        let slots = ends.map(|(name, fd, kind)| self.put_fd(name, fd, kind, b""));
        if let [Some(read), Some(write)] = slots {
            self.fds.pair(read, write);
        }
        for slot in slots.into_iter().flatten() {
            self.announce_fd(slot);
        }
        Ok(())
    }

    pub(crate) fn fd_give(&mut self, id: ControllerId, name: Name<'_>) -> Outcome<'static> {
        if !self.controllers.takes_fds(id) {
            return Err(Refusal::CannotGiveFd);
        }
        let slot = self.fds.find(name).ok_or(Refusal::NoSuchFd)?;
        let fd = self.fds.fd(name).ok_or(Refusal::NoSuchFd)?;
        // It may have to wait, and the name may stand for something else by then.
        let copy = self
            .sys
            .duplicate(fd)
            .map_err(|errno| Refusal::GiveFd { reason: self.sys.explain(errno) })?;
        self.with_text(|proxy, line| {
            if let Event::FdState { name, state } = proxy.fds.event(slot) {
                Event::FdGive { name, state }.encode(line);
            }
            proxy.give(id, line, copy);
        });
        Ok(())
    }

    pub(crate) fn fd_open(
        &mut self,
        name: Name<'_>,
        flags: FileFlags,
        path: &[u8],
    ) -> Outcome<'static> {
        self.check_alterable(&[name], path)?;
        self.check_fits(name, FdStateField::File { flags, path })?;
        let fd = self
            .sys
            .open(path, flags)
            .map_err(|errno| Refusal::Open { reason: self.sys.explain(errno) })?;
        if let Some(slot) = self.put_fd(name, fd, FdKind::File(flags), path) {
            self.announce_fd(slot);
        }
        Ok(())
    }

    pub(crate) fn fd_socket(
        &mut self,
        name: Name<'_>,
        flags: SocketFlags,
        address: Option<Address<'_>>,
        text: &[u8],
    ) -> Outcome<'static> {
        self.check_alterable(&[name], text)?;
        self.check_fits(name, FdStateField::Socket { flags, address: text })?;
        let fd = self
            .sys
            .socket(flags, address)
            .map_err(|failure| refusal::socket(failure, &self.sys))?;
        if let Some(slot) = self.put_fd(name, fd, FdKind::Socket(flags), text) {
            self.announce_fd(slot);
        }
        Ok(())
    }

    pub(crate) fn fd_take(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        line_end: u64,
    ) -> Outcome<'static> {
        self.check_outside(&[name])?;
        let taken = self.controllers.take_passed(id, line_end);
        let fd = taken.ok_or(Refusal::NoAncillaryFd)?;
        self.take_outside(name, fd);
        Ok(())
    }

    /// Whether descriptors that came from outside can have these names.
    pub(crate) fn check_outside(&mut self, names: &[Name<'_>]) -> Outcome<'static> {
        self.check_alterable(names, Descriptors::UNKNOWN)
    }

    /// It gets that name.
    pub(crate) fn take_outside(&mut self, name: Name<'_>, fd: Fd) -> Option<Slot> {
        let kind = self.sys.inspect(fd);
        let slot = self.put_fd(name, fd, kind, Descriptors::unknown_text(kind));
        if let Some(slot) = slot {
            self.announce_fd(slot);
        }
        slot
    }

    pub(crate) fn fd_delete(&mut self, name: Name<'_>) -> Outcome<'static> {
        let slot = self.fds.find(name).ok_or(Refusal::NoSuchFd)?;
        if self.fds.is_constant(name) {
            return Err(Refusal::FdCannotBeAltered);
        }
        self.remove_fd(slot);
        Ok(())
    }

    /// Closes and forgets a named descriptor, and announces it.
    pub(crate) fn remove_fd(&mut self, slot: Slot) {
        let name = *self.fds.get(slot).name_buf();
        if let Some(fd) = self.fds.remove(slot) {
            self.forget_awaited(fd);
            self.sys.close(fd);
        }
        self.log_descriptor_changed(name.as_name());
        self.announce(|_, out| {
            let state = FdStateField::Deleted;
            Event::FdState { name: name.as_name(), state }.encode(out);
        });
    }

    /// Refuses names that cannot be given to a new descriptor; and takes the memory for them and
    /// for the description, so that nothing that was opened has to be closed again.
    pub(crate) fn check_alterable(&mut self, names: &[Name<'_>], text: &[u8]) -> Outcome<'static> {
        // In a list of descriptors, `-` stands for none.
        if names.iter().any(|name| name.as_bytes() == NO_FD) {
            return Err(Refusal::InvalidFileDescriptorName);
        }
        if names.iter().any(|&name| self.fds.is_constant(name)) {
            return Err(Refusal::FdCannotBeAltered);
        }
        self.fds.reserve(names, text.len()).map_err(|NoRoom| Refusal::UnableToAllocateFd)
    }

    fn check_fits(&mut self, name: Name<'_>, state: FdStateField<'_>) -> Outcome<'static> {
        let fits = self.fits(&Event::FdState { name, state });
        if fits { Ok(()) } else { Err(Refusal::UnableToAllocateFd) }
    }

    /// Gives a name to a new descriptor; what had the name before is closed.
    pub(crate) fn put_fd(
        &mut self,
        name: Name<'_>,
        fd: Fd,
        kind: FdKind,
        text: &[u8],
    ) -> Option<Slot> {
        match self.put_named(name, Some(fd), kind, text) {
            Ok((slot, before)) => {
                if let Some(before) = before {
                    self.sys.close(before);
                }
                self.log_descriptor_changed(name);
                Some(slot)
            }
            Err(NoRoom) => {
                // Every command has reserved room; but whatever happens, the descriptor is closed
                // once.
                self.sys.close(fd);
                None
            }
        }
    }

    /// Gives a name to a descriptor. What had the name before is to be closed, and nobody waits for
    /// it any more.
    pub(super) fn put_named(
        &mut self,
        name: Name<'_>,
        fd: Option<Fd>,
        kind: FdKind,
        text: &[u8],
    ) -> Result<(Slot, Option<Fd>), NoRoom> {
        let (slot, before) = self.fds.put(name, fd, kind, text)?;
        if let Some(before) = before {
            self.forget_awaited(before);
        }
        self.wake_watchers_of_fd(name);
        Ok((slot, before))
    }

    pub(crate) fn announce_fd(&mut self, slot: Slot) {
        self.announce(|proxy, out| proxy.fds.event(slot).encode(out));
    }

    pub(crate) fn is_pipe(&self, read: Name<'_>, write: Name<'_>) -> bool {
        let (Some(read), Some(write)) = (self.fds.find(read), self.fds.find(write)) else {
            return false;
        };
        self.fds.peer(read) == Some(write)
    }
}
