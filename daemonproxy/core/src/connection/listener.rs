//! Where controllers connect: the control socket.

use daemonproxy_protocol::{LogLevel, Refusal};

use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::{Errno, Fd, System};

impl<S: System> Proxy<S> {
    /// Where controllers connect (`socket.create`).
    pub fn listener(&self) -> Option<Fd> {
        self.controllers.listener
    }

    /// Listens for controllers (`--socket`).
    pub fn listen(&mut self, path: &[u8]) -> Result<(), Errno> {
        let listener = self.sys.control_listen(path)?;
        if let Some(before) = self.controllers.listener.replace(listener) {
            self.sys.control_unlisten(before);
        }
        Ok(())
    }

    /// The command `socket.create`.
    pub(crate) fn socket_create(&mut self, path: &[u8]) -> Outcome<'static> {
        self.listen(path).map_err(|errno| {
            // The answer of protocol 1 has no room for the reason; the log does.
            let reason = self.sys.explain(errno).as_bytes();
            self.log(LogLevel::Error, &[b"cannot listen at ", path, b": ", reason]);
            Refusal::FailedToCreateControlSocket
        })
    }

    /// The command `socket.delete`; also the end of listening when the daemon leaves.
    pub(crate) fn socket_delete(&mut self) {
        if let Some(listener) = self.controllers.listener.take() {
            self.sys.control_unlisten(listener);
        }
    }
}
