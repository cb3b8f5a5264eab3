//! How a service becomes ready: by a line end on a descriptor, by a message (`messages.rs`), or
//! because a controller says so.

use daemonproxy_protocol::{LogLevel, Name, Ready, Refusal};

use crate::notify::Gear;
use crate::notify::notifying::Notifier;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::{Fd, Monotonic, System};
use crate::table::{Record, Slot};

/// How much is read at a time from a service that says more than a line end, and how often in one
/// turn.
const PIECE: usize = 512;
const PIECES: usize = 4;

impl<S: System> Proxy<S> {
    /// The command `service.ready`.
    pub(crate) fn service_ready(&mut self, name: Name<'_>) -> Outcome<'static> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        if self.services.get(slot).pid().is_none() {
            return Err(Refusal::ServiceIsNotRunning);
        }
        match self.notifying.get(slot).and_then(|notifier| notifier.by) {
            Some(Ready::Control) => {
                self.is_ready_now(slot);
                Ok(())
            }
            Some(Ready::Fd(_) | Ready::Notify) | None => Err(Refusal::NotAwaited),
        }
    }

    /// Whether a service runs and can be used: it is its program, and has said that it is ready if
    /// it is to say it.
    pub(crate) fn is_ready(&self, slot: Slot) -> bool {
        let awaited = self.notifying.get(slot).is_some_and(Notifier::is_awaited);
        self.services.get(slot).is_executed() && !awaited
    }

    /// A run begins.
    pub(crate) fn notifier_begins(&mut self, slot: Slot, gear: Gear, user: u32) {
        let boot = self.sys.boottime();
        self.notifying.begin(slot, gear, user, self.now, boot);
    }

    /// A run has ended, and what it said before has been heard.
    fn notifier_ends(&mut self, slot: Slot) {
        let Some(notifier) = self.notifying.get_mut(slot) else { return };
        notifier.stop_waiting();
        for fd in [notifier.pipe.take(), notifier.socket.take()].into_iter().flatten() {
            self.sys.close(fd);
        }
    }

    /// Hears what a service has said before its end, and stops listening.
    pub(crate) fn last_notices(&mut self, slot: Slot) {
        if let Some(fd) = self.notifying.get(slot).and_then(|notifier| notifier.pipe) {
            self.hear_pipe(slot, fd, true);
        }
        if let Some(fd) = self.notifying.get(slot).and_then(|notifier| notifier.socket) {
            self.hear_socket(slot, fd, true);
        }
        self.notifier_ends(slot);
    }

    /// The descriptors by which services say something of themselves: calls `each` for them. Nobody
    /// says anything before he is his program.
    pub fn notifiers(&self, mut each: impl FnMut(Fd)) {
        for (slot, notifier) in self.notifying.iter() {
            if self.services.get(slot).is_executed() {
                notifier.pipe.into_iter().chain(notifier.socket).for_each(&mut each);
            }
        }
    }

    /// There is something to read from one of these, or its end.
    pub fn notified(&mut self, fd: Fd, now: Monotonic) {
        self.now = now;
        let is_it = |end: Option<Fd>| end == Some(fd);
        let found = self.notifying.iter().find(|(_, it)| is_it(it.pipe) || is_it(it.socket));
        let Some((slot, notifier)) = found else { return };
        if is_it(notifier.pipe) {
            self.hear_pipe(slot, fd, false);
        } else {
            self.hear_socket(slot, fd, false);
        }
    }

    /// Looks for a line end. Everything else is ignored, as in s6. `is_last`: the process has
    /// ended.
    fn hear_pipe(&mut self, slot: Slot, fd: Fd, is_last: bool) {
        let mut space = [0; PIECE];
        for _ in 0..PIECES {
            let is_ready = match self.sys.read(fd, &mut space) {
                Ok(None) => return,
                Ok(Some(count)) if count > 0 => {
                    if !space[..count].contains(&b'\n') {
                        continue;
                    }
                    true
                }
                Ok(Some(_)) | Err(_) => false,
            };
            if let Some(notifier) = self.notifying.get_mut(slot) {
                notifier.pipe = None;
            }
            self.sys.close(fd);
            if is_ready {
                self.is_ready_now(slot);
            } else if !is_last {
                let what = b"' will never be ready: it has closed the descriptor for that";
                self.log_notice(LogLevel::Info, slot, what);
            }
            return;
        }
    }

    /// A service has said that it is ready, if it has not said so before.
    pub(super) fn is_ready_now(&mut self, slot: Slot) {
        let Some(notifier) = self.notifying.get_mut(slot) else { return };
        if notifier.ready.is_some() {
            return;
        }
        notifier.ready = Some(self.now);
        notifier.ready_by = None;
        self.announce_run(slot, None);
        self.watch_if_ready(slot);
        self.wake_watchers(slot);
    }

    /// Whether something is expected of it: it runs, and is not being stopped anyway.
    pub(super) fn may_be_late(&self, slot: Slot) -> bool {
        let service = self.services.get(slot);
        let is_stopping = service.is_told_to_stop() || self.stopping.is_shutting_down();
        service.pid().is_some() && !is_stopping
    }

    pub(super) fn log_notice(&mut self, level: LogLevel, slot: Slot, what: &[u8]) {
        let name = *self.services.get(slot).name_buf();
        self.log(level, &[b"service '", name.as_bytes(), what]);
    }
}
