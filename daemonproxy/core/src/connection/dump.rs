//! The state dump: everything there is, as the events that would have reported it.
//!
//! A dump can be larger than any buffer, so it stops when the outbox is full and continues later
//! from a cursor. The cursor is a name and not a place, since the tables may change in between.

use daemonproxy_protocol::{Event, LogLevel, write_without_values};

use crate::connection::controller::{ControllerId, DumpCursor};
use crate::proxy::Proxy;
use crate::service::state::Service;
use crate::signal::signals::RECEIVED;
use crate::system::{Monotonic, System};
use crate::table::{NameBuf, Record};

/// The parts of a service in a dump, in their order.
const PARTS: [for<'a> fn(&'a Service, Monotonic) -> Event<'a>; 5] = [
    |service, now| service.state_event(now),
    |service, _| service.tags_event(),
    |service, _| service.args_event(),
    |service, _| service.fds_event(),
    |service, _| service.auto_up_event(),
];

impl<S: System> Proxy<S> {
    /// The command `statedump`.
    pub(crate) fn begin_dump(&mut self, id: ControllerId) {
        if let Some(controller) = self.controllers.get_mut(id) {
            // A dump without a reader is over at once.
            controller.dump = controller.write.map(|_| DumpCursor::START);
        }
    }

    /// Goes on with a dump while the controller's outbox has `reserve` bytes free; `line` is memory
    /// to write in. `who` is what the log calls the controller, if it is to tell of events at all, and memory
    /// for that. Returns where to go on, if there is more.
    pub(super) fn dump_from(
        &mut self,
        id: ControllerId,
        mut cursor: DumpCursor,
        reserve: usize,
        line: &mut Vec<u8>,
        mut who: Option<(&[u8], &mut Vec<u8>)>,
    ) -> Option<DumpCursor> {
        let to = self.log_fd();
        let Self { controllers, fds, services, signals, sys, now, log, .. } = self;
        let controller = controllers.get_mut(id)?;
        // Tells an event if there is room, and returns whether there was.
        let mut say = |event: &Event<'_>| {
            if !controller.may_execute(reserve) {
                return false;
            }
            line.clear();
            event.encode(line);
            if let Some((who, text)) = &mut who {
                text.clear();
                write_without_values(text, line);
                log.write(LogLevel::Debug, &[b"event to ", who, b": ", text], to, sys, *now);
            }
            controller.tell(line, sys, *now);
            true
        };
        if let DumpCursor::Fds(name) = cursor {
            for slot in (fds.rank(&name)..).map_while(|nth| fds.nth(nth)) {
                if !say(&fds.event(slot)) {
                    return Some(DumpCursor::Fds(*fds.get(slot).name_buf()));
                }
            }
            cursor = DumpCursor::Services(NameBuf::NONE, 0);
        }
        if let DumpCursor::Services(name, part) = cursor {
            for slot in (services.rank(&name)..).map_while(|nth| services.nth(nth)) {
                let service = services.get(slot);
                // The next service, or one that took the place of a deleted one, is dumped from its
                // first part on.
                let part = if *service.name_buf() == name { part } else { 0 };
                for (at, event) in PARTS.iter().enumerate().skip(part) {
                    if !say(&event(service, *now)) {
                        return Some(DumpCursor::Services(*service.name_buf(), at));
                    }
                }
            }
            cursor = DumpCursor::Signals(0);
        }
        if let DumpCursor::Signals(first) = cursor {
            for at in first..RECEIVED.len() {
                if signals.event(at).is_some_and(|event| !say(&event)) {
                    return Some(DumpCursor::Signals(at));
                }
            }
        }
        None
    }
}
