//! Tagged commands: `done→TAG` ends the answer to `@TAG→COMMAND→…`, and says whether it was refused.
//!
//! It is the last that a command has to say to its connection. Only a state dump goes on after its command has been
//! executed: its tag is kept until then. A client that was too slow and is told `overflow` may have missed the ends of
//! answers like everything else.

use daemonproxy_protocol::{Event, Name, Refusal, Tagged};

use crate::connection::controller::ControllerId;
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
            self.done(id, tagged.tag, Err(refusal));
            self.log_refusal(id, refusal, line);
            self.note_failure(id);
            return;
        }
        match self.controllers.get_mut(id) {
            // No other command can have asked for it: they wait while there is one.
            Some(controller) if controller.dump.is_some() => {
                controller.dump_tag = Some(tagged.tag.into());
            }
            Some(_) | None => self.done(id, tagged.tag, Ok(())),
        }
    }

    /// Says that the answer to a tagged command ends here.
    pub(crate) fn done(
        &mut self,
        id: ControllerId,
        tag: Name<'_>,
        outcome: Result<(), &Refusal<'_>>,
    ) {
        self.with_text(|proxy, text| {
            let (mut error, mut shown) = (None, None);
            if let Err(refusal) = outcome {
                refusal.write(text);
                error = Name::new(refusal.name().as_bytes());
                shown = Some(&text[..]);
            }
            let event = Event::Done { tag, error, text: shown };
            proxy.with_text(|proxy, line| {
                event.encode(line);
                proxy.trail_event(Some(id), line);
                if let Some(controller) = proxy.controllers.get_mut(id) {
                    controller.tell_last(line, &mut proxy.sys, proxy.now);
                }
            });
        });
    }
}
