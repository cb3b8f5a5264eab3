//! What a service is started with, so that it can say something of itself.

use daemonproxy_protocol::{Fields, Ready};

use crate::descriptor::descriptors::NO_FD;
use crate::memory::{NoRoom, Reserved};
use crate::notify::notifying::{Notifier, Wants};
use crate::proxy::Proxy;
use crate::system::{ChildFd, Errno, Fd, NotifyBy, System};
use crate::table::Slot;

/// What was made for one start.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct Gear {
    /// The pipe for its line end: our end, and the one of the child.
    pub(super) pipe: Option<(Fd, Fd)>,
    /// The socket for its messages.
    pub(crate) notify: Option<NotifyBy>,
}

/// Whether this descriptor is in the list.
pub(crate) fn is_in_list(fds: Fields<'_>, number: u8) -> bool {
    fds.iter().nth(number.into()).is_some_and(|name| name != NO_FD)
}

impl Wants {
    /// Whether this list of descriptors leaves free what the options need.
    pub(crate) fn go_with(&self, fds: Fields<'_>) -> bool {
        !matches!(self.ready, Some(Ready::Fd(number)) if is_in_list(fds, number))
    }
}

impl<S: System> Proxy<S> {
    /// Makes what a service needs to say something of itself, and adds the child's part to its
    /// descriptors: the list has been checked to leave that free. And hands back what it has stored;
    /// then `names` are those of all.
    pub(crate) fn equip(
        &mut self,
        slot: Slot,
        fds: &mut Vec<ChildFd>,
        names: &mut Vec<u8>,
    ) -> Result<Gear, Errno> {
        let mut gear = Gear::default();
        let Some(wants) = self.notifying.get(slot).map(Notifier::wants) else { return Ok(gear) };
        self.hand_back(slot, fds, names).map_err(|NoRoom| Errno::NO_MEMORY)?;
        if let Some(Ready::Fd(number)) = wants.ready {
            let place = usize::from(number);
            let more = (place + 1).saturating_sub(fds.len());
            fds.try_reserve(more).map_err(|_| Errno::NO_MEMORY)?;
            let (ours, theirs) = self.sys.ready_pipe()?;
            fds.fill((0..more).map(|_| ChildFd::Closed));
            fds[place] = ChildFd::Same(theirs);
            gear.pipe = Some((ours, theirs));
        }
        if wants.needs_socket() {
            let socket = self.sys.notify_socket();
            let socket = socket.inspect_err(|_| self.close_gear(gear, false))?;
            let watchdog = wants.watchdog;
            gear.notify = Some(NotifyBy { socket, watchdog });
        }
        Ok(gear)
    }

    /// The process is there, and has its part; or there is none, and nobody needs ours.
    pub(crate) fn close_gear(&mut self, gear: Gear, is_started: bool) {
        if let Some(notify) = gear.notify.filter(|_| !is_started) {
            self.sys.close(notify.socket);
        }
        if let Some((ours, theirs)) = gear.pipe {
            self.sys.close(theirs);
            if !is_started {
                self.sys.close(ours);
            }
        }
    }
}
