//! The life of a controller's connection: it is greeted, its commands are executed in order, its
//! input ends, it gets what it is owed, and it is closed.

use std::time::Duration;

use daemonproxy_protocol::{Event, Fields, Line, LogLevel, Name, is_ignored};

use crate::connection::controller::{
    Controller, ControllerId, ControllerKind, DumpCursor, Timeout,
};
use crate::connection::features::Features;
use crate::leave::leaving::Leave;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::{Pid, System};
use crate::table::Slot;

impl<S: System> Proxy<S> {
    /// The first lines of an interactive session.
    pub(crate) fn greet(&mut self, id: ControllerId) {
        const LINES: [&[u8]; 3] = [
            concat!("daemonproxy version ", env!("CARGO_PKG_VERSION")).as_bytes(),
            b"licensed under MIT or Apache-2.0, at your option; there is no warranty",
            b"end of input (^D), or the command terminate<TAB>0, leaves",
        ];
        for text in LINES {
            self.answer(id, &Event::Info { text });
        }
    }

    /// The command `conn.timer`.
    pub(crate) fn conn_timer(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        delay: Option<Duration>,
    ) -> Outcome<'static> {
        let at = delay.map(|delay| self.now.plus(delay));
        let Some(controller) = self.controllers.get_mut(id) else { return Ok(()) };
        match at {
            Some(at) => controller.timers.set(name, at),
            None => {
                controller.timers.cancel(name);
                Ok(())
            }
        }
    }

    /// Tells a controller which of its timers have run out.
    pub(crate) fn tell_timers(&mut self, id: ControllerId) {
        let (now, reserve) = (self.now, self.limits.reserve());
        while let Some(name) =
            self.controllers.get_mut(id).and_then(|it| it.take_due_timer(now, reserve))
        {
            self.answer(id, &Event::ConnTimer { name: name.as_name() });
        }
    }

    /// The command `conn.features`.
    pub(crate) fn conn_features(&mut self, id: ControllerId, list: Fields<'_>) {
        let features = Features::of(list);
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.features = features;
        }
        self.with_text(|proxy, names| {
            features.write_names(names);
            proxy.answer(id, &Event::ConnFeatures { features: Fields::new(names) });
        });
    }

    /// The command `conn.event_timeout`.
    pub(crate) fn conn_event_timeout(&mut self, id: ControllerId, reset: u32, close: u32) {
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.reset_after = reset;
            controller.close_after = close;
        }
    }

    /// The command `exit`.
    pub(crate) fn exit(&mut self, id: ControllerId) {
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.closing = true;
        }
    }

    pub(crate) fn check_timeout(&mut self, id: ControllerId) {
        let Some(controller) = self.controllers.get_mut(id) else { return };
        match controller.timeout(self.now) {
            Timeout::None => {}
            Timeout::Reset => self.log(
                LogLevel::Warning,
                &[b"a controller does not read its events: they are thrown away"],
            ),
            Timeout::Close => {
                self.log(LogLevel::Warning, &[b"a controller does not read: closing it"]);
                self.close(id);
            }
            Timeout::Ended => self.close(id),
        }
    }

    /// Executes the commands of one controller, as long as there is room for the answers.
    pub(crate) fn run_controller(&mut self, id: ControllerId) {
        let Some(controller) = self.controllers.get_mut(id) else { return };
        // The framer is taken out: its lines are borrowed from it while they change everything
        // else.
        let mut framer = std::mem::take(&mut controller.framer);
        self.controllers.executing = Some(id);
        while self.services.starts_left() > 0 && self.may_execute(id) && self.finish_dump(id) {
            let begin = framer.consumed();
            if framer.has_line() {
                self.count_line(id);
            }
            match framer.next_line() {
                Some(Line::Complete(line)) => {
                    let end = begin + line.len() as u64 + 1;
                    self.execute(id, line, end);
                }
                Some(Line::TooLong { start }) => self.too_long(id, start),
                None => break,
            }
            self.controllers.passed.expire(id, framer.consumed(), &mut self.sys);
        }
        if self.may_execute(id) && self.input_is_over(id) && !framer.has_line() {
            if let Some(start) = framer.skipped() {
                self.too_long(id, start);
            }
            self.end_input(id, framer.rest());
        }
        self.controllers.executing = None;
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.framer = framer;
        }
    }

    fn may_execute(&self, id: ControllerId) -> bool {
        let reserve = self.limits.reserve();
        !self.leaving.is_decided()
            && !self.controllers.are_held
            && self.controllers.get(id).is_some_and(|c| c.may_execute(reserve))
    }

    fn input_is_over(&self, id: ControllerId) -> bool {
        self.controllers.get(id).is_some_and(|c| c.input_ended && c.read.is_some())
    }

    /// Continues a state dump or a list of connections, if there is one. Returns whether it is
    /// complete.
    fn finish_dump(&mut self, id: ControllerId) -> bool {
        let Some(cursor) = self.controllers.get_mut(id).and_then(|c| c.dump.take()) else {
            return true;
        };
        let reserve = self.limits.reserve();
        let rest = self.with_text(|proxy, line| {
            if let DumpCursor::Connections(first) = cursor {
                return proxy.list_from(id, first, reserve, line);
            }
            if !proxy.log.shows(LogLevel::Debug) {
                return proxy.dump_from(id, cursor, reserve, line, None);
            }
            proxy.with_text(|proxy, who| {
                proxy.write_origin(id, who);
                proxy.with_text(|proxy, text| {
                    proxy.dump_from(id, cursor, reserve, line, Some((who, text)))
                })
            })
        });
        let Some(controller) = self.controllers.get_mut(id) else { return true };
        controller.dump = rest;
        if rest.is_none()
            && let Some(tag) = controller.dump_tag.take()
        {
            self.done(id, tag.as_name());
        }
        rest.is_none()
    }

    /// Nothing more will come from a controller, and `rest` is what followed its last LF.
    fn end_input(&mut self, id: ControllerId, rest: &[u8]) {
        let Some(kind) = self.controllers.get(id).map(|controller| controller.kind) else { return };
        if !rest.is_empty() && !is_ignored(rest) {
            if kind == ControllerKind::Config {
                self.count_line(id);
                let text = b"the last line of the config file has no end of line; executing it";
                self.log_about(id, LogLevel::Warning, &[text]);
                self.execute(id, rest, 0);
            } else {
                let text = b"ignoring half a command at the end of a controller's input";
                self.log(LogLevel::Warning, &[text]);
            }
        }
        if kind == ControllerKind::Interactive && !self.leaving.is_decided() {
            self.explain_end(id);
        }
        if kind == ControllerKind::Config {
            self.end_config();
        }
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.closing = true;
        }
    }

    /// Sends what a controller is owed, and closes it when that was the last.
    pub(crate) fn settle(&mut self, id: ControllerId) {
        let Some(controller) = self.controllers.get_mut(id) else { return };
        if !controller.is_blocked() {
            controller.flush(&mut self.sys, self.now);
        }
        let silent = controller.write.is_none() && controller.read.is_none();
        if controller.is_finished() || silent {
            self.close(id);
        }
    }

    /// A service has ended: so does its connection, if it was a controller. What the service had
    /// sent by then is still executed, and it gets what it is owed if somebody takes it; but a
    /// process that it has left behind, and that holds the other end, is not a controller.
    pub(crate) fn end_connection_of_ended(&mut self, pid: Pid) {
        let Self { controllers, sys, now, .. } = self;
        for controller in controllers.iter_mut() {
            if controller.kind == ControllerKind::Service(pid) && !controller.is_ending() {
                let unread = controller.read.and_then(|fd| sys.unread(fd));
                controller.service_ended(unread, *now);
            }
        }
    }

    /// A service that is a controller gets everything it is owed, and then end of file.
    pub(crate) fn end_connection_of(&mut self, slot: Slot) {
        let Some(pid) = self.services.get(slot).pid() else { return };
        for controller in self.controllers.iter_mut() {
            if controller.kind != ControllerKind::Service(pid) {
                continue;
            }
            // What it has already asked for is answered first.
            if controller.read.is_some() {
                controller.input_ended = true;
            } else {
                controller.closing = true;
            }
        }
    }

    /// Makes room for a service to be a controller, if some place is only waiting for its end.
    pub(crate) fn make_place(&mut self, kind: ControllerKind) {
        if let Some(id) = self.place_to_make(kind) {
            self.close(id);
        }
    }

    /// Whether the only place for a service to be a controller is that of an ended one whose
    /// commands are being executed.
    pub(crate) fn must_wait_for_place(&self, kind: ControllerKind) -> bool {
        let is_ending = |id| self.controllers.get(id).is_some_and(Controller::is_ending);
        let executing = self.controllers.executing.filter(|&id| is_ending(id));
        executing.is_some() && self.place_to_make(kind) == executing
    }

    /// Who has to go before there is room, of those who are only waiting for their end.
    fn place_to_make(&self, kind: ControllerKind) -> Option<ControllerId> {
        if self.controllers.has_room(kind) {
            return None;
        }
        let ending = self.controllers.iter().filter(|(_, c)| c.is_ending());
        let is_executing = |id| self.controllers.executing == Some(id);
        ending.min_by_key(|&(id, c)| (is_executing(id), c.deadline())).map(|(id, _)| id)
    }

    /// Closes what was passed and has waited too long to be taken.
    pub(crate) fn close_late_passed(&mut self) {
        if self.controllers.passed.close_late(&mut self.sys, self.now) {
            let text = b"a descriptor that a controller has passed was not taken: closing it";
            self.log(LogLevel::Warning, &[text]);
        }
    }

    /// The daemon leaves: everybody gets what can be sent without waiting, and is closed.
    pub(crate) fn end_connections(&mut self) {
        for id in self.controllers.ids() {
            if let Some(controller) = self.controllers.get_mut(id) {
                controller.flush(&mut self.sys, self.now);
            }
            self.controllers.remove(id, &mut self.sys);
        }
    }

    fn close(&mut self, id: ControllerId) {
        let kind = self.controllers.get(id).map(|controller| controller.kind);
        self.controllers.remove(id, &mut self.sys);
        let last = kind == Some(ControllerKind::Interactive) && !self.leaving.is_guarded();
        if last && !self.stopping.is_shutting_down() {
            self.set_leave(Leave { code: 0, reason: "end of the interactive session" });
        }
    }

    /// Says why an interactive session ends, and what goes on without it.
    fn explain_end(&mut self, id: ControllerId) {
        if self.stopping.is_shutting_down() {
            self.answer(id, &Event::Info { text: b"end of input: the shutdown goes on" });
            return;
        }
        let text: &[u8] = if !self.leaving.is_guarded() {
            b"end of input: leaving"
        } else {
            b"end of input: going on without this controller, for the terminate guard is on"
        };
        self.answer(id, &Event::Info { text });
        for at in 0..self.services.running().len() {
            let (pid, slot) = self.services.running()[at];
            self.say_of_service(slot, b"' goes on running as pid ", pid, |proxy, text| {
                proxy.answer(id, &Event::Info { text });
            });
        }
    }
}
