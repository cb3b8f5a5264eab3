//! Descriptors that the daemon is given while it starts. No event tells of them.

use daemonproxy_protocol::{LogLevel, Name};

use crate::descriptor::descriptors::Descriptors;
use crate::descriptor::kind::FdKind;
use crate::proxy::Proxy;
use crate::system::{Fd, System};

impl<S: System> Proxy<S> {
    /// Gives a name to a descriptor that is there at the start. No event reports it. `null` gets
    /// its descriptor in this way too.
    pub fn name_fd(&mut self, name: &[u8], fd: Option<Fd>, kind: FdKind, text: &[u8]) {
        let put = Name::new(name).and_then(|name| self.put_named(name, fd, kind, text).ok());
        match (put, fd) {
            (Some((_, Some(before))), _) if Some(before) != fd => self.sys.close(before),
            (None, Some(fd)) => {
                self.log(LogLevel::Warning, &[b"no room in the fd pool for ", name, b": closed"]);
                self.sys.close(fd);
            }
            (Some(_) | None, _) => {}
        }
    }

    /// The same, but what had the name before is given back instead of being closed.
    pub fn replace_fd(&mut self, name: &[u8], fd: Fd, kind: FdKind, text: &[u8]) -> Option<Fd> {
        let name = Name::new(name)?;
        self.put_named(name, Some(fd), kind, text).ok().and_then(|(_, before)| before)
    }

    /// The same for one that came from outside, of which nobody knows the path or the address.
    pub fn name_inherited(&mut self, name: &[u8], fd: Fd, kind: FdKind) {
        self.name_fd(name, Some(fd), kind, Descriptors::unknown_text(kind));
    }
}
