//! Which pipes the services that are being stopped are connected to, as far as their lists tell.
//!
//! A service whose conditions name another one with `ready:` or `up:` is stopped before that. For
//! the order this is as if it wrote into a pipe that the other one reads: every service has one
//! more *pipe* that nobody but the order knows.
//!
//! If a list was changed after its service was started, another service may wait without need, or
//! not wait although it should; but no shutdown hangs because of it.

use daemonproxy_protocol::{Condition, Name, PipeEnd, conditions};

use crate::descriptor::descriptors::Descriptors;
use crate::descriptor::kind::SpecialFd;
use crate::proxy::Proxy;
use crate::service::services::Services;
use crate::stop::one_stop::OneStop;
use crate::stop::order::{Pipes, Use};
use crate::system::System;
use crate::table::Slot;

/// The pipes of services by their place in the list of stops. A pipe has the number of its write
/// end; after all of these come the ones that stand for conditions.
pub(crate) struct ServicePipes<'a> {
    pub(crate) stops: &'a [OneStop],
    pub(crate) services: &'a Services,
    pub(crate) fds: &'a Descriptors,
}

impl ServicePipes<'_> {
    /// How many there are, with those that stand for conditions.
    pub(crate) fn count(&self) -> usize {
        self.fds.slots() + self.stops.len()
    }

    /// The places of those that a service names in its conditions.
    fn named_by(&self, slot: Slot) -> impl Iterator<Item = usize> {
        let triggers = self.services.get(slot).conditions();
        triggers.iter().flat_map(conditions).flatten().filter_map(|condition| match condition {
            Condition::Ready(name) | Condition::Up(name) => {
                let other = self.services.find(name)?;
                let pid = self.services.get(other).last_pid()?;
                let at = self.stops.binary_search_by_key(&pid, |stop| stop.pid).ok()?;
                (self.stops[at].slot == other).then_some(at)
            }
            _ => None,
        })
    }
}

impl Pipes for ServicePipes<'_> {
    /// A pair of sockets goes both ways; its first name counts as the end to read from, as
    /// `fd.pipe` calls it.
    fn of(&self, service: usize) -> impl Iterator<Item = (usize, Use)> {
        let slot = self.stops.get(service).map(|stop| stop.slot);
        let names = slot.into_iter().flat_map(|slot| self.services.get(slot).start_fds().iter());
        let pipes = names.filter_map(|name| {
            let fd = self.fds.find(Name::new(name)?)?;
            let peer = self.fds.peer(fd)?;
            Some(match self.fds.pipe_end(fd)? {
                PipeEnd::From => (peer.number() as usize, Use::Reads),
                PipeEnd::To => (fd.number() as usize, Use::Writes),
            })
        });
        let first = self.fds.slots();
        let named = slot.into_iter().flat_map(|slot| self.named_by(slot));
        let named = named.map(move |other| (first + other, Use::Writes));
        let own = slot.filter(|&slot| self.services.is_named(slot));
        let own = own.map(|_| (first + service, Use::Reads));
        pipes.chain(named).chain(own)
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
