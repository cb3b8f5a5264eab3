//! Who must wait for whom when services are stopped along the pipes that connect them.
//!
//! The pipes of a service are looked up by name each time: a list of edges would be memory that an
//! ordinary day has no use for. What a walk finds is noted in marks at the services and at the write ends.

use daemonproxy_protocol::{Name, PipeEnd};

use crate::descriptor::kind::{FdKind, Peer, SpecialFd};
use crate::proxy::Proxy;
use crate::service::state::Stop;
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
        let reads_log = |(pipe, how)| how == Use::Reads && log_pipe == Some(pipe);
        self.pipes(slot).any(reads_log) || self.is_written_to(slot)
    }

    /// Whether somebody else has been counted as a writer of a pipe that this service reads.
    pub(crate) fn is_written_to(&self, slot: Slot) -> bool {
        self.pipes(slot).filter(|&(_, how)| how == Use::Reads).any(|(pipe, _)| {
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
        self.spread_marks();
        self.rank_marked(Rank::CONTROLLER);
        if let Some(log) = self.log_pipe() {
            self.clear_marks();
            self.fds.get(log).mark.set(true);
            self.spread_marks();
            self.rank_marked(Rank::BEHIND_LOG);
        }
    }

    fn rank_marked(&self, rank: u8) {
        for slot in self.left().filter(|&slot| self.services.get(slot).mark.get()) {
            self.services.get(slot).rank.set(rank);
        }
    }

    /// Marks all circles of pipes into which nobody outside of them writes.
    ///
    /// Every service takes the highest number of all that write to it, itself included, as its color. So a
    /// circle into which nobody else writes has one color, the number of one of its own; and whoever has
    /// the color of a service and also writes to it is in a circle with it. If a service of another color
    /// writes to one of these, the circle is no such one (after Orzan's coloring algorithm for strongly
    /// connected components).
    pub(crate) fn mark_circles(&self) {
        self.color();
        self.clear_marks();
        for slot in self.left() {
            let service = self.services.get(slot);
            service.tainted.set(false);
            service.mark.set(service.color.get() == slot.number());
        }
        self.until_nothing_changes(|slot| {
            let service = self.services.get(slot);
            let mut changed = false;
            for (pipe, how) in self.pipes(slot) {
                let pipe = self.fds.get(pipe);
                match how {
                    Use::Reads if service.mark.get() && pipe.color.get().is_some() => {
                        if pipe.color.get() == Some(service.color.get()) {
                            changed |= !pipe.mark.replace(true);
                        } else {
                            changed |= self.taint(service.color.get());
                        }
                    }
                    Use::Writes if pipe.mark.get() => {
                        if pipe.color.get() == Some(service.color.get()) {
                            changed |= !service.mark.replace(true);
                        } else if let Some(color) = pipe.color.get() {
                            changed |= self.taint(color);
                        }
                    }
                    Use::Reads | Use::Writes => {}
                }
            }
            changed
        });
        for slot in self.left() {
            let service = self.services.get(slot);
            let first = self.services.get(Slot::of(service.color.get()));
            service.mark.set(service.mark.get() && !first.tainted.get());
        }
    }

    fn color(&self) {
        self.fds.iter().for_each(|entry| entry.color.set(None));
        self.left().for_each(|slot| self.services.get(slot).color.set(slot.number()));
        self.until_nothing_changes(|slot| {
            let color = &self.services.get(slot).color;
            let mut changed = false;
            for (pipe, how) in self.pipes(slot) {
                let pipe = &self.fds.get(pipe).color;
                match how {
                    Use::Reads if pipe.get() > Some(color.get()) => {
                        color.set(pipe.get().unwrap_or_default());
                        changed = true;
                    }
                    Use::Writes if pipe.get() < Some(color.get()) => {
                        pipe.set(Some(color.get()));
                        changed = true;
                    }
                    Use::Reads | Use::Writes => {}
                }
            }
            changed
        });
    }

    /// Returns whether it was not tainted before.
    fn taint(&self, color: u32) -> bool {
        !self.services.get(Slot::of(color)).tainted.replace(true)
    }

    /// Whether there is any circle at all: whether somebody is left when all that wait for nobody are
    /// taken away, again and again.
    pub(crate) fn has_circles(&self) -> bool {
        self.note_pipe_use();
        self.clear_marks();
        self.until_nothing_changes(|slot| {
            if self.services.get(slot).mark.get() || self.is_written_to(slot) {
                return false;
            }
            self.mark(slot);
            for (pipe, _) in self.pipes(slot).filter(|&(_, how)| how == Use::Writes) {
                let writers = &self.fds.get(pipe).writers;
                writers.set(writers.get() - 1);
            }
            true
        });
        self.left().any(|slot| !self.services.get(slot).mark.get())
    }

    /// Does `step` for everybody until it has returned false for all, in turn forwards and backwards: a long
    /// chain may stand in either order.
    fn until_nothing_changes(&self, step: impl Fn(Slot) -> bool) {
        loop {
            let forwards = self.running.iter();
            let all = forwards.clone().chain(forwards.rev());
            let left = all.filter(|&&(_, slot)| self.services.get(slot).stop != Stop::GivenUp);
            if !left.fold(false, |changed, &(_, slot)| step(slot) | changed) {
                break;
            }
        }
    }

    fn clear_marks(&self) {
        self.left().for_each(|slot| self.services.get(slot).mark.set(false));
        self.fds.iter().for_each(|entry| entry.mark.set(false));
    }

    fn mark(&self, slot: Slot) {
        self.services.get(slot).mark.set(true);
    }

    /// Marks everything that marked services and pipes write to, directly or not.
    fn spread_marks(&self) {
        self.until_nothing_changes(|slot| {
            let mark = &self.services.get(slot).mark;
            let mut changed = false;
            for (pipe, how) in self.pipes(slot) {
                let pipe = &self.fds.get(pipe).mark;
                match how {
                    Use::Reads if pipe.get() => changed |= !mark.replace(true),
                    Use::Writes if mark.get() => changed |= !pipe.replace(true),
                    Use::Reads | Use::Writes => {}
                }
            }
            changed
        });
    }
}
