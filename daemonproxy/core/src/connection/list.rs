//! Who is connected: `conn.list`, and the line in the log when somebody comes.
//!
//! Other connections are for those with full rights. All others are told of their own.

use daemonproxy_protocol::{ConnKind, Event, Fields, LogLevel, Name, write_u64};

use crate::connection::controller::{Controller, ControllerId, ControllerKind, DumpCursor};
use crate::memory::Text;
use crate::proxy::Proxy;
use crate::system::{Pid, System};
use crate::table::NameBuf;

impl<S: System> Proxy<S> {
    /// The command `conn.list`. The answer may be longer than any buffer, so it is told as a state
    /// dump is.
    pub(crate) fn conn_list(&mut self, id: ControllerId) {
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.dump = controller.write.map(|_| DumpCursor::Connections(0));
        }
    }

    /// Goes on with the list while there is room for it. Returns where to go on, if there is more.
    pub(super) fn list_from(
        &mut self,
        id: ControllerId,
        first: u32,
        reserve: usize,
        line: &mut Vec<u8>,
    ) -> Option<DumpCursor> {
        for other in self.controllers.ids().skip(first as usize) {
            let Some(listed) = self.controllers.get(other) else { continue };
            let asking = self.controllers.get(id)?;
            if other != id && !asking.scope.is_full() {
                continue;
            }
            if !asking.may_execute(reserve) {
                return Some(DumpCursor::Connections(other.0));
            }
            let features = listed.features;
            self.with_text(|proxy, names| {
                line.clear();
                features.write_names(names);
                if let Some(listed) = proxy.controllers.get(other) {
                    proxy.conn_state(other, listed, names).encode(line);
                }
            });
            self.tell(id, line);
        }
        None
    }

    fn conn_state<'a>(
        &'a self,
        id: ControllerId,
        controller: &'a Controller,
        features: &'a [u8],
    ) -> Event<'a> {
        let kind = match controller.kind {
            ControllerKind::Config => ConnKind::Config,
            ControllerKind::Interactive => ConnKind::Interactive,
            ControllerKind::Socket => {
                let name = controller.socket.as_ref().filter(|&name| *name != NameBuf::NONE);
                ConnKind::Socket(name.map(NameBuf::as_name))
            }
            ControllerKind::Service(pid) => ConnKind::Service(self.service_of(pid)),
        };
        let pid = match controller.kind {
            ControllerKind::Service(pid) => Some(pid),
            _ => controller.peer.map(|peer| peer.pid),
        };
        Event::ConnState {
            id: id.0,
            kind,
            uid: controller.peer.map(|peer| peer.uid),
            gid: controller.peer.map(|peer| peer.gid),
            pid: pid.and_then(|pid| u32::try_from(pid.0).ok()),
            rights: controller.scope.shown(),
            features: Fields::new(features),
        }
    }

    /// The service whose process this is.
    pub(super) fn service_of(&self, pid: Pid) -> Option<Name<'_>> {
        let running = self.services.running();
        let at = running.binary_search_by_key(&pid, |&(pid, _)| pid).ok()?;
        Some(self.services.get(running[at].1).name())
    }

    /// Finds out who has connected, and writes it down.
    pub(super) fn introduce(&mut self, id: ControllerId) {
        let fd = self.controllers.get(id).and_then(|controller| controller.read);
        let Some(peer) = fd.and_then(|fd| self.sys.credentials(fd)) else { return };
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.peer = Some(peer);
        }
        if !self.log.shows(LogLevel::Info) {
            return;
        }
        self.with_text(|proxy, text| {
            proxy.write_origin(id, text);
            let pid = peer.pid.0.unsigned_abs();
            for (what, number) in [(": uid ", peer.uid), (", gid ", peer.gid), (", pid ", pid)] {
                text.add(what.as_bytes());
                write_u64(text, number.into());
            }
            if let Some(controller) = proxy.controllers.get(id) {
                let name = controller.socket.as_ref().map_or(&b""[..], NameBuf::as_bytes);
                if !name.is_empty() {
                    text.add(b", socket ");
                    text.add(name);
                }
                if !controller.scope.is_full() {
                    text.add(b", rights ");
                    controller.scope.shown().write(text);
                }
            }
            proxy.log(LogLevel::Info, &[text]);
        });
    }
}
