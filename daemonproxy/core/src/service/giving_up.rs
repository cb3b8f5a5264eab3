//! Giving up a service that its triggers start too often (`giveup=`), and what is started then.

use daemonproxy_protocol::{LogLevel, Name, key};

use crate::memory::Text;
use crate::proxy::Proxy;
use crate::service::state::List;
use crate::system::{Monotonic, System};
use crate::table::{NameBuf, Record, Slot};

impl<S: System> Proxy<S> {
    /// A trigger would start the service at this moment. Returns whether that is once too often:
    /// then it is withheld, and so are all to come.
    pub(super) fn is_withheld(&mut self, slot: Slot, at: Monotonic) -> bool {
        let is_withheld = self.services.is_started_too_often(slot, at);
        if is_withheld {
            self.give_up(slot);
        }
        is_withheld
    }

    fn give_up(&mut self, slot: Slot) {
        self.services.give_up(slot);
        let is_planned = self.services.get(slot).is_about_to_be_triggered();
        if !is_planned || !self.cancel(slot) {
            self.announce_run(slot, None);
        }
        self.with_text(|proxy, limit| {
            let service = proxy.services.get(slot);
            let name = *service.name_buf();
            let options = service.list(List::Options);
            limit.add(options.iter().filter(|it| key(it) == b"giveup").last().unwrap_or_default());
            let parts: [&[u8]; 5] = [
                b"service '",
                name.as_bytes(),
                b"' is given up, since its triggers start it too often (",
                limit,
                b")",
            ];
            proxy.log(LogLevel::Error, &parts);
        });
        if let Some(other) = self.services.get(slot).on_giveup().map(NameBuf::from) {
            self.start_instead(slot, other.as_name());
        }
    }

    /// Starts what is to be started when a service is given up. It only plans the start, so that
    /// nothing becomes of a long chain but a long list.
    ///
    /// What is held stays down: what an operator has stopped, and what was given up itself. So
    /// services that name each other, or themselves, do not start each other without end.
    fn start_instead(&mut self, slot: Slot, name: Name<'_>) {
        let reason: &[u8] = match self.services.find(name) {
            None => b"there is no such service",
            Some(other) => {
                let service = self.services.get(other);
                if self.stopping.is_shutting_down() || service.pid().is_some() {
                    return;
                }
                if service.has_args() && !service.is_held() {
                    self.plan_order(other, self.now);
                    return;
                }
                if service.is_held() { b"it is held" } else { b"it has no args" }
            }
        };
        let given_up = *self.services.get(slot).name_buf();
        let parts: [&[u8]; 6] = [
            b"service '",
            name.as_bytes(),
            b"' is not started although '",
            given_up.as_bytes(),
            b"' is given up: ",
            reason,
        ];
        self.log(LogLevel::Error, &parts);
    }
}
