//! What the log calls a controller: `FILE:LINE`, `interactive`, `connection 3` or `service web`.

use daemonproxy_protocol::{write_i64, write_u64};

use crate::connection::controller::{ControllerId, ControllerKind};
use crate::memory::Text;
use crate::proxy::Proxy;
use crate::system::System;

/// A config file that nobody gave a name.
const UNNAMED: &[u8] = b"config file";

impl<S: System> Proxy<S> {
    /// Says what a config file is called. Of a long path the end is kept.
    pub fn set_origin(&mut self, id: ControllerId, name: &[u8]) {
        const LONGEST: usize = 200;
        let name = &name[name.len().saturating_sub(LONGEST)..];
        if let Some(controller) = self.controllers.get_mut(id)
            && controller.origin.try_reserve(name.len()).is_ok()
        {
            controller.origin.add(name);
        }
    }

    /// Whether it is a config file.
    pub(crate) fn is_config(&self, id: ControllerId) -> bool {
        self.controllers.get(id).is_some_and(|it| it.kind == ControllerKind::Config)
    }

    /// Appends what a controller is called.
    pub(crate) fn write_origin(&self, id: ControllerId, out: &mut Vec<u8>) {
        let Some(controller) = self.controllers.get(id) else { return };
        match controller.kind {
            ControllerKind::Config => {
                let name = controller.origin.as_slice();
                out.add(if name.is_empty() { UNNAMED } else { name });
                out.add(b":");
                write_u64(out, controller.lines.into());
            }
            ControllerKind::Interactive => out.add(b"interactive"),
            ControllerKind::Socket => {
                out.add(b"connection ");
                write_u64(out, id.0.into());
            }
            ControllerKind::Service(pid) => {
                if let Some(name) = self.service_of(pid) {
                    out.add(b"service ");
                    out.add(name.as_bytes());
                } else {
                    out.add(b"pid ");
                    write_i64(out, pid.0.into());
                }
            }
        }
    }

    /// Another line of a controller is looked at.
    pub(super) fn count_line(&mut self, id: ControllerId) {
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.lines = controller.lines.saturating_add(1);
        }
    }
}
