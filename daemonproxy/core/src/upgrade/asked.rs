//! The command `upgrade`: who has asked for it, until its outcome is known.
//!
//! The state machine only notes it down. Whoever has made it finds it ([`Proxy::upgrade_asked`]),
//! and either says that it failed, or goes on with another state machine, which then answers.

use daemonproxy_protocol::{LogLevel, Refusal, write_error_event};

use crate::connection::controller::{ControllerId, ControllerKind};
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::System;

/// More bytes than the answer has around the reason: `done` with a tag and the name of the error, or
/// the beginning of the command.
const AROUND_REASON: usize = 128;

impl<S: System> Proxy<S> {
    /// The command `upgrade`.
    pub(crate) fn upgrade(
        &mut self,
        id: ControllerId,
        program: Option<&[u8]>,
        guard: Option<i64>,
    ) -> Outcome<'static> {
        self.leaving.check_code(guard)?;
        if self.upgrading.asked().is_some() {
            return Err(Refusal::UpgradeUnderWay);
        }
        let Some(controller) = self.controllers.get_mut(id) else { return Ok(()) };
        if controller.kind == ControllerKind::Config {
            return Err(Refusal::Upgrade { reason: "a config file cannot ask for it" });
        }
        controller.awaits_upgrade = true;
        self.upgrading.ask(program.unwrap_or_default());
        Ok(())
    }

    /// Whether somebody has asked for an upgrade that is not decided; and to which program, which
    /// is empty if that was not said.
    pub fn upgrade_asked(&self) -> Option<&[u8]> {
        self.upgrading.asked()
    }

    /// From now on no command is executed, or they are again: the state is to stay as it is, as far
    /// as that depends on us.
    pub fn hold_commands(&mut self, hold: bool) {
        self.controllers.are_held = hold;
    }

    /// Nothing came of the upgrade, and this is why: whoever has asked for it is told. Of a reason
    /// that is nearly as long as a line the beginning is.
    pub fn upgrade_failed(&mut self, reason: &str) {
        let mut end = reason.len().min(self.limits.max_line.saturating_sub(AROUND_REASON));
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        let reason = reason.get(..end).unwrap_or_default();
        self.end_upgrade(Err(Refusal::Upgrade { reason }));
    }

    /// This is the new one: whoever has asked for it is told. The log is told this.
    pub fn upgraded(&mut self, text: &str) {
        self.log(LogLevel::Info, &[text.as_bytes()]);
        self.end_upgrade(Ok(()));
    }

    fn end_upgrade(&mut self, outcome: Outcome<'_>) {
        self.upgrading.end();
        self.controllers.are_held = false;
        for id in self.controllers.ids() {
            let Some(controller) = self.controllers.get_mut(id) else { continue };
            if !std::mem::take(&mut controller.awaits_upgrade) {
                continue;
            }
            let tag = controller.upgrade_tag.take();
            match (&outcome, tag) {
                (Ok(()), None) => {}
                (Ok(()), Some(tag)) => self.done(id, tag.as_name()),
                (Err(refusal), Some(tag)) => self.not_done(id, tag.as_name(), refusal),
                (Err(refusal), None) => self.with_text(|proxy, text| {
                    write_error_event(text, refusal, b"upgrade");
                    proxy.tell(id, text);
                }),
            }
        }
        if let Err(refusal) = outcome {
            self.with_text(|proxy, text| {
                refusal.write(text);
                proxy.log(LogLevel::Error, &[text]);
            });
        }
    }
}
