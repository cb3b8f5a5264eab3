//! How an event reaches controllers: announced to all, or as an answer to one.

use daemonproxy_protocol::{Event, LogLevel};

use crate::connection::controller::ControllerId;
use crate::connection::features::Features;
use crate::memory::Text;
use crate::proxy::Proxy;
use crate::system::{Death, Fd, System};
use crate::table::Slot;

impl<S: System> Proxy<S> {
    /// Tells every controller that may hear of it an event. Nobody there, and not in the log: it is
    /// not even written.
    pub(crate) fn announce(&mut self, event: impl FnOnce(&Self, &mut Vec<u8>)) {
        if !self.controllers.any_reader() && !self.log.shows(LogLevel::Debug) {
            return;
        }
        self.with_text(|proxy, line| {
            event(proxy, line);
            proxy.trail_event(None, line);
            proxy.tell_everybody(|_| true, line);
        });
    }

    /// Tells a setting: not everybody knows what that is.
    pub(crate) fn announce_setting(
        &mut self,
        by: ControllerId,
        event: impl FnOnce(&Self, &mut Vec<u8>),
    ) {
        if !self.controllers.any_reader() && !self.log.shows(LogLevel::Debug) {
            return;
        }
        self.with_text(|proxy, line| {
            event(proxy, line);
            proxy.trail_event(None, line);
            proxy.controllers.tell_setting(by, line, &mut proxy.sys, proxy.now);
        });
    }

    /// Tells a setting of the daemon itself to those who want to hear of settings and may, but for
    /// one. That is protocol 2, whichever command it was.
    pub(crate) fn announce_own_setting(
        &mut self,
        but: Option<ControllerId>,
        event: impl FnOnce(&Self, &mut Vec<u8>),
    ) {
        if !self.controllers.any_wants(|features| features.settings) {
            return;
        }
        self.with_text(|proxy, line| {
            event(proxy, line);
            proxy.trail_event(None, line);
            proxy.controllers.tell_own_setting(but, line, &mut proxy.sys, proxy.now);
        });
    }

    /// Tells what a service is doing now.
    pub(crate) fn announce_state(&mut self, slot: Slot) {
        self.announce_change(slot, None);
    }

    /// Tells that a service has ended like this.
    pub(crate) fn announce_end(&mut self, slot: Slot, death: &Death) {
        self.announce_change(slot, Some(death));
    }

    fn announce_change(&mut self, slot: Slot, death: Option<&Death>) {
        self.announce(|proxy, out| proxy.services.get(slot).state_event(proxy.now).encode(out));
        self.announce_run(slot, death);
    }

    /// Tells those who want to know what is known of a run. If nobody does, it is not even written.
    pub(crate) fn announce_run(&mut self, slot: Slot, death: Option<&Death>) {
        let wants = |features: Features| features.runs;
        if !self.controllers.any_wants(wants) {
            return;
        }
        self.with_text(|proxy, line| {
            let said = proxy.notifying.get(slot);
            proxy.services.write_run(slot, said, death, line);
            proxy.trail_event(None, line);
            proxy.tell_everybody(wants, line);
        });
    }

    /// Answers one controller, with what it may hear.
    pub(crate) fn answer(&mut self, id: ControllerId, event: &Event<'_>) {
        self.with_text(|proxy, line| {
            event.encode(line);
            if proxy.controllers.show(id, line) {
                proxy.tell(id, line);
            }
        });
    }

    /// A warning to one controller, and to the log.
    pub(crate) fn warn(&mut self, id: ControllerId, parts: &[&[u8]]) {
        self.with_text(|proxy, text| {
            parts.iter().for_each(|part| text.add(part));
            proxy.answer(id, &Event::Warning { text });
            proxy.log_about(id, LogLevel::Warning, &[text]);
        });
    }

    /// Whether an event fits into a line. A command whose event would not fit is refused.
    pub(crate) fn fits(&mut self, event: &Event<'_>) -> bool {
        self.with_text(|proxy, line| {
            event.encode(line);
            line.len() < proxy.limits.max_line
        })
    }

    /// Tells one controller a line that has a descriptor with it. That one belongs to the line.
    pub(crate) fn give(&mut self, id: ControllerId, line: &[u8], fd: Fd) {
        self.trail_event(Some(id), line);
        self.controllers.give(id, line, fd, &mut self.sys, self.now);
    }

    /// Tells one controller a line, whatever is in it.
    pub(crate) fn tell(&mut self, id: ControllerId, line: &[u8]) {
        self.trail_event(Some(id), line);
        self.controllers.tell(id, line, &mut self.sys, self.now);
    }
}
