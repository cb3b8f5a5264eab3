//! Who must wait for whom when services are stopped along the pipes that connect them.
//!
//! The pipes of a service are looked up by name each time: a list of edges would be memory that an
//! ordinary day has no use for. What a walk finds is noted in marks at the services and at the write ends.

use daemonproxy_protocol::{Name, PipeEnd};

use crate::fd_kind::{FdKind, Peer, SpecialFd};
use crate::proxy::Proxy;
use crate::service::Stop;
use crate::system::System;
use crate::table::Slot;

/// How a service and a pipe are connected.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Use {
    Reads,
    Writes,
}

/// The three groups that stop one after the other.
pub(crate) struct Rank;

impl Rank {
    pub(crate) const ORDINARY: u8 = 0;
    pub(crate) const CONTROLLER: u8 = 1;
    pub(crate) const BEHIND_LOG: u8 = 2;
}

impl<S: System> Proxy<S> {
    /// The services that still run and were not given up.
    pub(crate) fn left(&self) -> impl Iterator<Item = Slot> + '_ {
        let slots = self.running.iter().map(|&(_, slot)| slot);
        slots.filter(|&slot| self.services.get(slot).stop != Stop::GivenUp)
    }

    /// Whether a service, started now, would read from a pipe that the daemon made. Asked at its start, for
    /// later the list may be another and the pipe may be gone.
    pub(crate) fn will_read_pipes(&self, slot: Slot) -> bool {
        self.services.get(slot).start_fds().iter().filter_map(Name::new).any(|name| {
            self.fds.find(name).is_some_and(|fd| {
                let kind = self.fds.get(fd).kind;
                matches!(kind, FdKind::Pipe { end: PipeEnd::From, peer, .. } if peer != Peer::Unknown)
            })
        })
    }

    pub(crate) fn is_controller(&self, slot: Slot) -> bool {
        let specials = self.services.get(slot).start_fds().iter().filter_map(|name| {
            self.fds.find(Name::new(name)?).and_then(|slot| self.fds.get(slot).special())
        });
        specials.into_iter().any(|special| special != SpecialFd::Null)
    }

    /// Every pipe a service is connected to, by the slot of its write end. Of a pair of sockets, which go both
    /// ways, the first name counts as the end to read from: so it was called in `fd.pipe`.
    fn pipes(&self, slot: Slot) -> impl Iterator<Item = (Slot, Use)> + '_ {
        self.services.get(slot).start_fds().iter().filter_map(|name| {
            let fd = self.fds.find(Name::new(name)?)?;
            let FdKind::Pipe { end, .. } = self.fds.get(fd).kind else { return None };
            let peer = self.fds.peer(fd)?;
            Some(match end {
                PipeEnd::From => (peer, Use::Reads),
                PipeEnd::To => (fd, Use::Writes),
            })
        })
    }

    /// The write end of the pipe that the daemon's own log goes into.
    pub(crate) fn log_pipe(&self) -> Option<Slot> {
        let slot = self.fds.find(self.log.destination().as_name())?;
        self.fds.peer(slot).map(|_| slot)
    }

    /// Notes at the write end of each pipe how many still write into it, and whether anybody reads.
    pub(crate) fn note_pipe_use(&self) {
        for entry in self.fds.iter() {
            entry.writers.set(0);
            entry.mark.set(false);
        }
        for slot in self.left() {
            for (pipe, how) in self.pipes(slot) {
                let pipe = self.fds.get(pipe);
                if how == Use::Writes {
                    pipe.writers.set(pipe.writers.get() + 1);
                }
                if how == Use::Reads {
                    pipe.mark.set(true);
                }
            }
        }
    }

    /// Whether somebody else still writes into a pipe that this service reads; for the log that is us.
    pub(crate) fn waits_for_writer(&self, slot: Slot) -> bool {
        let log_pipe = self.log_pipe();
        self.pipes(slot).filter(|&(_, how)| how == Use::Reads).any(|(pipe, _)| {
            if log_pipe == Some(pipe) {
                return true;
            }
            let own = self.pipes(slot).filter(|&(own, how)| own == pipe && how == Use::Writes);
            self.fds.get(pipe).writers.get() > own.count() as u32
        })
    }

    /// Who comes after all others: controllers, and what reads from them, directly or not; last the
    /// reader of the log.
    pub(crate) fn rank_services(&self) {
        for slot in self.left() {
            let rank = if self.is_controller(slot) { Rank::CONTROLLER } else { Rank::ORDINARY };
            self.services.get(slot).rank.set(rank);
        }
        let controllers = |slot: Slot| self.services.get(slot).rank.get() == Rank::CONTROLLER;
        self.clear_marks();
        self.left().filter(|&slot| controllers(slot)).for_each(|slot| self.mark(slot));
        self.spread_marks(Use::Writes, Use::Reads);
        self.rank_marked(Rank::CONTROLLER);
        if let Some(log) = self.log_pipe() {
            self.clear_marks();
            self.fds.get(log).mark.set(true);
            self.spread_marks(Use::Writes, Use::Reads);
            self.rank_marked(Rank::BEHIND_LOG);
        }
    }

    fn rank_marked(&self, rank: u8) {
        for slot in self.left().filter(|&slot| self.services.get(slot).mark.get()) {
            self.services.get(slot).rank.set(rank);
        }
    }

    /// Marks a circle into which nobody outside of it writes. Those whose turn comes after all others write
    /// to none of these, so only the group whose turn it is matters.
    pub(crate) fn mark_a_circle(&self, group: Option<u8>) {
        // Spread along the pipes from whoever has not been reached yet. The last one from whom
        // that was necessary was reached by nobody: nothing flows into its circle from outside
        // (this is the first half of Kosaraju's algorithm for strongly connected components).
        self.clear_marks();
        let mut last = None;
        for slot in self.left() {
            let service = self.services.get(slot);
            if !service.mark.get() && Some(service.rank.get()) == group {
                last = Some(slot);
                self.mark(slot);
                self.spread_marks(Use::Writes, Use::Reads);
            }
        }
        // And everything from which that one can be reached is its circle.
        self.clear_marks();
        let Some(last) = last else { return };
        self.mark(last);
        self.spread_marks(Use::Reads, Use::Writes);
    }

    fn clear_marks(&self) {
        self.left().for_each(|slot| self.services.get(slot).mark.set(false));
        self.fds.iter().for_each(|entry| entry.mark.set(false));
    }

    fn mark(&self, slot: Slot) {
        self.services.get(slot).mark.set(true);
    }

    /// Marks the pipes that marked services use in the one way, and the services that use marked
    /// pipes in the other way, until there is nothing more to mark.
    fn spread_marks(&self, from: Use, to: Use) {
        loop {
            let mut spread = false;
            for slot in self.left() {
                if self.services.get(slot).mark.get() {
                    let out = self.pipes(slot).filter(|&(_, how)| how == from);
                    out.for_each(|(pipe, _)| spread |= !self.fds.get(pipe).mark.replace(true));
                } else if self
                    .pipes(slot)
                    .any(|(pipe, how)| how == to && self.fds.get(pipe).mark.get())
                {
                    self.mark(slot);
                    spread = true;
                }
            }
            if !spread {
                break;
            }
        }
    }
}
