//! `--strict`: an error in a config file is the end.
//!
//! What comes after the first error is still checked, so that all errors are reported at once, but
//! it is not carried out. At the end of the file everything is stopped in good order.

use daemonproxy_protocol::LogLevel;

use crate::connection::controller::ControllerId;
use crate::leave::leaving::CONFIG_HAS_FAILED;
use crate::proxy::Proxy;
use crate::system::System;

impl<S: System> Proxy<S> {
    /// An error in a config file shall be the end (`--strict`).
    pub fn set_strict(&mut self) {
        self.leaving.set_strict();
    }

    /// A command was refused, or a line was too long.
    pub(crate) fn note_failure(&mut self, id: ControllerId) {
        if self.is_config(id) {
            self.leaving.note_config_error();
        }
    }

    /// Whether the commands of this controller are only looked at from now on.
    pub(crate) fn is_only_checked(&self, id: ControllerId) -> bool {
        self.leaving.config_has_failed() && self.is_config(id)
    }

    /// A config file is at its end.
    pub(crate) fn end_config(&mut self) {
        if self.leaving.config_has_failed() {
            self.log(LogLevel::Fatal, &[CONFIG_HAS_FAILED.as_bytes()]);
            self.begin_shutdown(self.stopping.unsaid);
        }
    }
}
