//! Tagged commands: `done→TAG` ends the answer to `@TAG→COMMAND→…`, and says whether it was
//! refused.
//!
//! It is the last that a command has to say to its connection. Only a state dump goes on after its
//! command has been executed: its tag is kept until then. A client that was too slow and is told
//! `overflow` may have missed the ends of answers like everything else.

use daemonproxy_protocol::{Event, LogLevel, Name, Refusal, Tagged};

use crate::connection::controller::ControllerId;
use crate::memory::Text;
use crate::proxy::Proxy;
use crate::system::System;

impl<S: System> Proxy<S> {
    /// Executes a tagged command. `line` is all of it, and ends there in the controller's stream.
    pub(crate) fn execute_tagged(
        &mut self,
        id: ControllerId,
        tagged: &Tagged<'_>,
        line: &[u8],
        line_end: u64,
    ) {
        let outcome = tagged.command().and_then(|command| self.carry_out(id, command, line_end));
        if let Err(refusal) = &outcome {
            self.not_done(id, tagged.tag, refusal);
            self.log_refusal(id, refusal, line);
            self.note_failure(id);
            return;
        }
        match self.controllers.get_mut(id) {
            // No other command can have asked for it: they wait while there is one.
            Some(controller) if controller.dump.is_some() => {
                controller.dump_tag = Some(tagged.tag.into());
            }
            // Nor while there is an upgrade.
            Some(controller) if controller.awaits_upgrade => {
                controller.upgrade_tag = Some(tagged.tag.into());
            }
            Some(_) | None => self.done(id, tagged.tag),
        }
    }

    /// Says that a tagged command was carried out. This is most of what a tag costs, so the line is
    /// put together in the outbox and nowhere else.
    pub(crate) fn done(&mut self, id: ControllerId, tag: Name<'_>) {
        let line = [b"done\t", tag.as_bytes()];
        if self.log.shows(LogLevel::Debug) {
            self.with_text(|proxy, text| {
                line.iter().for_each(|part| text.add(part));
                proxy.trail_event(Some(id), text);
            });
        }
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.tell_last(line, &mut self.sys, self.now);
        }
    }

    /// Says that a tagged command was refused.
    pub(crate) fn not_done(&mut self, id: ControllerId, tag: Name<'_>, refusal: &Refusal<'_>) {
        self.with_text(|proxy, text| {
            refusal.write(text);
            let error = Name::new(refusal.name().as_bytes());
            let event = Event::Done { tag, error, text: Some(text) };
            proxy.with_text(|proxy, line| {
                event.encode(line);
                proxy.trail_event(Some(id), line);
                if let Some(controller) = proxy.controllers.get_mut(id) {
                    controller.tell_last([line], &mut proxy.sys, proxy.now);
                }
            });
        });
    }
}
