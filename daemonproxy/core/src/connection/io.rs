//! What happens on connections, as the event loop tells it, and what it asks about them.
//!
//! Nothing is executed here: what has come in is only noted down, for [`Proxy::run`].

use daemonproxy_protocol::LogLevel;

use crate::connection::controller::{ControllerId, ControllerKind};
use crate::connection::listener::Door;
use crate::proxy::Proxy;
use crate::system::{Errno, Fd, Monotonic, System};

/// What one controller wants to be polled for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Interest {
    /// Whose it is.
    pub id: ControllerId,
    /// Where that one comes from.
    pub kind: ControllerKind,
    /// More commands, from here.
    pub read: Option<Fd>,
    /// Room for what it is owed, here.
    pub write: Option<Fd>,
    /// Only its end, here.
    pub hangup: Option<Fd>,
}

impl<S: System> Proxy<S> {
    /// A controller has connected. Its descriptors belong to it from now on. If there are too many
    /// already, it is told so and closed.
    pub fn connected(
        &mut self,
        kind: ControllerKind,
        read: Option<Fd>,
        write: Option<Fd>,
        now: Monotonic,
    ) -> Option<ControllerId> {
        self.now = now;
        self.admit(kind, read, write, Door::NONE)
    }

    /// The same, for one that comes by a control socket or not.
    pub(super) fn admit(
        &mut self,
        kind: ControllerKind,
        read: Option<Fd>,
        write: Option<Fd>,
        by: Door,
    ) -> Option<ControllerId> {
        let has_room = self.controllers.has_room(kind);
        let Some((id, controller)) = self.controllers.add(kind) else {
            self.turn_away(read, write, !has_room);
            return None;
        };
        controller.scope = by.scope;
        if kind == ControllerKind::Socket {
            controller.socket = Some(by.name);
        }
        controller.read = read;
        controller.write = write;
        if read.is_none() {
            // It sends nothing; it ends when it stops listening.
            controller.input_ended = true;
        }
        match kind {
            ControllerKind::Interactive => self.greet(id),
            ControllerKind::Socket => self.introduce(id),
            ControllerKind::Config | ControllerKind::Service(_) => {}
        }
        Some(id)
    }

    /// There are too many already, or there is no memory for another: it is told so and closed.
    pub(super) fn turn_away(&mut self, read: Option<Fd>, write: Option<Fd>, too_many: bool) {
        let (told, logged): (&[u8], &[u8]) = if too_many {
            (
                b"error\ttoo many controllers are connected\n",
                b"too many controllers: a connection was refused",
            )
        } else {
            (
                b"error\tno memory is left for another controller\n",
                b"no memory is left for another controller: a connection was refused",
            )
        };
        if let Some(fd) = write {
            // One attempt; whoever does not read it finds out by the end of the connection.
            let _ = self.sys.send(fd, told);
        }
        for fd in [read, write.filter(|&fd| Some(fd) != read)].into_iter().flatten() {
            self.sys.close(fd);
        }
        self.log(LogLevel::Warning, &[logged]);
    }

    /// What to poll for: calls `each` for every controller that wants anything.
    pub fn interests(&self, mut each: impl FnMut(Interest)) {
        for (id, controller) in self.controllers.iter() {
            let read = controller.read.filter(|_| controller.may_read());
            let write = controller.write.filter(|_| controller.is_blocked());
            let hangup = controller.write.filter(|_| controller.read.is_none() && write.is_none());
            each(Interest { id, kind: controller.kind, read, write, hangup });
        }
    }

    /// Where to put what a controller sends; empty when nothing is wanted at the moment.
    pub fn input(&mut self, id: ControllerId) -> &mut [u8] {
        match self.controllers.get_mut(id) {
            Some(controller) if controller.may_read() => controller.space(),
            Some(_) | None => &mut [],
        }
    }

    /// A controller has sent `count` bytes, which are in [`Self::input`].
    pub fn received(&mut self, id: ControllerId, count: usize) {
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.received(count);
        }
    }

    /// A controller has passed a descriptor along with the last `count` bytes that it sent.
    pub fn received_fd(&mut self, id: ControllerId, fd: Fd, count: usize) {
        match self.controllers.get_mut(id) {
            // Nothing that it may send takes one.
            Some(controller) if !controller.scope.is_full() => self.sys.close(fd),
            Some(controller) => {
                let end = controller.framer.received();
                let piece = (end - count as u64, end);
                self.controllers.passed.arrived(id, fd, piece, &mut self.sys, self.now);
            }
            None => self.sys.close(fd),
        }
    }

    /// A controller will send nothing more.
    pub fn input_ended(&mut self, id: ControllerId) {
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.input_ended = true;
        }
    }

    /// Reading from a controller failed, which also ends it.
    pub fn input_failed(&mut self, id: ControllerId, errno: Errno) {
        let reason = self.sys.explain(errno).as_bytes();
        self.log(LogLevel::Error, &[b"cannot read the commands of a controller: ", reason]);
        self.input_ended(id);
    }

    /// There is room for what a controller is owed.
    pub fn writable(&mut self, id: ControllerId, now: Monotonic) {
        self.now = now;
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.flush(&mut self.sys, now);
        }
    }

    /// A controller that only reads has gone.
    pub fn hung_up(&mut self, id: ControllerId) {
        if let Some(controller) = self.controllers.get_mut(id) {
            controller.break_output(&mut self.sys);
        }
    }

    /// Whether a controller is still there.
    pub fn is_connected(&self, id: ControllerId) -> bool {
        self.controllers.get(id).is_some()
    }
}
