//! Which pipes the services that are being stopped are connected to, as far as their lists tell.
//!
//! If a list was changed after its service was started, another service may wait without need, or
//! not wait although it should; but no shutdown hangs because of it.

use daemonproxy_protocol::{Name, PipeEnd};

use crate::descriptor::descriptors::Descriptors;
use crate::descriptor::kind::SpecialFd;
use crate::proxy::Proxy;
use crate::service::services::Services;
use crate::stop::one_stop::OneStop;
use crate::stop::order::{Pipes, Use};
use crate::system::System;
use crate::table::Slot;

/// The pipes of services by their place in the list of stops. A pipe has the number of its write
/// end.
pub(crate) struct ServicePipes<'a> {
    pub(crate) stops: &'a [OneStop],
    pub(crate) services: &'a Services,
    pub(crate) fds: &'a Descriptors,
}

impl Pipes for ServicePipes<'_> {
    /// A pair of sockets goes both ways; its first name counts as the end to read from, as
    /// `fd.pipe` calls it.
    fn of(&self, service: usize) -> impl Iterator<Item = (usize, Use)> {
        let slot = self.stops.get(service).map(|stop| stop.slot);
        let names = slot.into_iter().flat_map(|slot| self.services.get(slot).start_fds().iter());
        names.filter_map(|name| {
            let fd = self.fds.find(Name::new(name)?)?;
            let peer = self.fds.peer(fd)?;
            Some(match self.fds.pipe_end(fd)? {
                PipeEnd::From => (peer.number() as usize, Use::Reads),
                PipeEnd::To => (fd.number() as usize, Use::Writes),
            })
        })
    }
}

impl<S: System> Proxy<S> {
    /// Whether a service, started now, would read from a pipe that the daemon made. Asked at its
    /// start, since later the list may differ and the pipe may be gone.
    pub(crate) fn will_read_pipes(&self, slot: Slot) -> bool {
        self.services
            .get(slot)
            .start_fds()
            .iter()
            .filter_map(Name::new)
            .any(|name| self.fds.find(name).is_some_and(|fd| self.fds.reads_own_pipe(fd)))
    }

    pub(crate) fn is_controller(&self, slot: Slot) -> bool {
        let specials = self.services.get(slot).start_fds().iter().filter_map(|name| {
            self.fds.find(Name::new(name)?).and_then(|slot| self.fds.get(slot).special())
        });
        specials.into_iter().any(|special| special != SpecialFd::Null)
    }

    /// The write end of the pipe that the daemon's own log goes into.
    pub(crate) fn log_pipe(&self) -> Option<Slot> {
        let slot = self.fds.find(self.log.destination().as_name())?;
        self.fds.peer(slot).map(|_| slot)
    }
}
