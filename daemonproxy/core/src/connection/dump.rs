//! The state dump: everything there is, as the events that would have reported it.
//!
//! A dump can be larger than any buffer, so it stops when the outbox is full and continues later
//! from a cursor. The cursor is a name and not a place, since the tables may change in between.

use daemonproxy_protocol::{Event, LogLevel, write_without_values};

use crate::connection::controller::{ControllerId, DumpCursor};
use crate::connection::parts::{IN_ENV, PARTS};
use crate::connection::socket::Listener;
use crate::proxy::Proxy;
use crate::service::state::List;
use crate::service::variables::{event_of, event_of_all};
use crate::signal::signals::{RECEIVED, SETTINGS};
use crate::system::System;
use crate::table::{NameBuf, Record};

/// The settings of the daemon itself that there is one of each of.
const OWN: usize = 4 + SETTINGS;

impl<S: System> Proxy<S> {
    /// The command `statedump`.
    pub(crate) fn begin_dump(&mut self, id: ControllerId) {
        if self.controllers.get_mut(id).is_some_and(|controller| controller.features.runs) {
            self.count_left_behind();
        }
        if let Some(controller) = self.controllers.get_mut(id) {
            // A dump without a reader is over at once.
            controller.dump = controller.write.map(|_| DumpCursor::START);
            if controller.dump.is_some() && controller.features.settings {
                self.environment.look_where_it_is(&mut self.sys, self.limits.max_line);
            }
        }
    }

    /// Goes on with a dump while the controller's outbox has `reserve` bytes free; `line` is memory
    /// to write in. `who` is what the log calls the controller, if it is to tell of events at all,
    /// and memory for that. Returns where to go on, if there is more.
    pub(super) fn dump_from(
        &mut self,
        id: ControllerId,
        mut cursor: DumpCursor,
        reserve: usize,
        line: &mut Vec<u8>,
        mut who: Option<(&[u8], &mut Vec<u8>)>,
    ) -> Option<DumpCursor> {
        let to = self.log_fd();
        let max_line = self.limits.max_line;
        let (filter, destination) = (self.log.filter(), *self.log.destination());
        let Self { controllers, fds, services, signals, sys, now, log, environment, .. } = self;
        let notifying = &self.notifying;
        let leaving = &self.leaving;
        let (controller, listeners) = controllers.with_listeners(id)?;
        let features = controller.features;
        // Tells an event if there is room, and returns whether there was. What it may not hear
        // takes none.
        let mut say = |event: &dyn Fn(&mut Vec<u8>)| {
            line.clear();
            event(line);
            if !controller.scope.show(line, false) {
                return true;
            }
            if !controller.may_execute(reserve) {
                return false;
            }
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
                if !say(&|out| fds.event(slot).encode(out)) {
                    return Some(DumpCursor::Fds(*fds.get(slot).name_buf()));
                }
            }
            cursor = DumpCursor::Own(0);
        }
        if let DumpCursor::Own(first) = cursor {
            let wanted = if features.settings { OWN } else { 0 };
            for at in first..wanted {
                let is_told = match at {
                    0 => say(&|out| Event::LogFilter { level: filter }.encode(out)),
                    1 => say(&|out| Event::LogDest { fd: destination.as_name() }.encode(out)),
                    2 => say(&|out| Event::TerminateExecArgs { args: leaving.exec() }.encode(out)),
                    3 => environment
                        .directory()
                        .is_none_or(|path| say(&|out| Event::Chdir { path }.encode(out))),
                    _ => signals
                        .default_event(at - 4)
                        .is_none_or(|event| say(&|out| event.encode(out))),
                };
                if !is_told {
                    return Some(DumpCursor::Own(at));
                }
            }
            cursor = DumpCursor::Sockets(NameBuf::NONE);
        }
        if let DumpCursor::Sockets(mut name) = cursor {
            let mut next = Listener::next(listeners, &name, false);
            while let Some(listener) = next.filter(|_| features.settings) {
                name = listener.name_buf();
                if !say(&|out| listener.event().encode(out)) {
                    return Some(DumpCursor::Sockets(name));
                }
                next = Listener::next(listeners, &name, true);
            }
            cursor = DumpCursor::Env(0);
        }
        if let DumpCursor::Env(from) = cursor {
            let list = environment.every();
            let mut from =
                Some(from).filter(|&from| features.settings && from <= list.as_bytes().len());
            while let Some(at) = from {
                let (event, next) = event_of_all(list, at, max_line);
                if !say(&|out| event.encode(out)) {
                    return Some(DumpCursor::Env(at));
                }
                from = next;
            }
            cursor = DumpCursor::Services(NameBuf::NONE, 0);
        }
        if let DumpCursor::Services(name, part) = cursor {
            for slot in (services.rank(&name)..).map_while(|nth| services.nth(nth)) {
                let service = services.get(slot);
                // The next service, or one that took the place of a deleted one, is dumped from its
                // first part on.
                let part = if *service.name_buf() == name { part } else { 0 };
                let from = part.saturating_sub(IN_ENV);
                let said = notifying.get(slot);
                for (at, (is_wanted, write)) in PARTS.iter().enumerate().skip(part) {
                    if is_wanted(features) && !say(&|out| write(services, slot, said, *now, out)) {
                        return Some(DumpCursor::Services(*service.name_buf(), at));
                    }
                }
                let env = service.list(List::Env);
                let mut from =
                    Some(from).filter(|&from| features.settings && from <= env.as_bytes().len());
                while let Some(at) = from {
                    let (event, next) = event_of(service.name(), env, at, max_line);
                    if !say(&|out| event.encode(out)) {
                        return Some(DumpCursor::Services(*service.name_buf(), IN_ENV + at));
                    }
                    from = next;
                }
            }
            cursor = DumpCursor::Signals(0);
        }
        if let DumpCursor::Signals(first) = cursor {
            for at in first..RECEIVED.len() {
                if signals.event(at).is_some_and(|event| !say(&|out| event.encode(out))) {
                    return Some(DumpCursor::Signals(at));
                }
            }
        }
        None
    }
}
