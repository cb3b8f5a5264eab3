//! Where controllers connect: the control sockets.
//!
//! One has no name, and is that of protocol 1. The others have names, and each may give less than
//! all rights to those who connect there.

use daemonproxy_protocol::{Event, LogLevel, Name, Refusal, Rights, SocketOptions};

use crate::connection::controller::{ControllerId, ControllerKind};
use crate::connection::controllers::Controllers;
use crate::connection::scope::Scope;
use crate::connection::socket::{Listener, SocketPath};
use crate::limits::MOST_SOCKETS;
use crate::memory::Reserved;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::{Errno, Fd, Monotonic, SocketFile, System};
use crate::table::NameBuf;

/// No path may be longer: ENAMETOOLONG.
const TOO_LONG: Errno = Errno(36);

/// What a connection gets from the socket that it comes by.
#[derive(Copy, Clone)]
pub(super) struct Door {
    pub(super) name: NameBuf,
    pub(super) scope: Scope,
}

impl Door {
    /// That of a controller which comes by no socket.
    pub(super) const NONE: Self = Self { name: NameBuf::NONE, scope: Scope::FULL };
}

impl<S: System> Proxy<S> {
    /// Where controllers connect (`socket.create`).
    pub fn listeners(&self) -> impl Iterator<Item = Fd> + '_ {
        self.controllers.listeners.iter().map(|listener| listener.fd)
    }

    /// Somebody has connected to a control socket. The descriptor belongs to that controller from
    /// now on; if there are too many already, it is told so and closed.
    pub fn accepted(&mut self, by: Fd, fd: Fd, now: Monotonic) -> Option<ControllerId> {
        self.now = now;
        let listener = self.controllers.listeners.iter().find(|listener| listener.fd == by);
        let Some(&Listener { name, scope, most, .. }) = listener else {
            self.sys.close(fd);
            return None;
        };
        let before = self.controllers.iter().filter(|(_, it)| it.socket == Some(name)).count();
        if most.is_some_and(|most| before as u64 >= u64::from(most)) {
            self.turn_away(Some(fd), Some(fd), true);
            return None;
        }
        self.admit(ControllerKind::Socket, Some(fd), Some(fd), Door { name, scope })
    }

    /// Listens for controllers at `path` (`--socket`).
    pub fn listen(&mut self, path: &[u8]) -> Result<(), Errno> {
        self.listen_with(SocketOptions::default(), Scope::FULL, path)
    }

    /// The new one is there before the old one goes.
    fn listen_with(
        &mut self,
        options: SocketOptions<'_>,
        scope: Scope,
        path: &[u8],
    ) -> Result<(), Errno> {
        let name = options.name.map_or(NameBuf::NONE, NameBuf::from);
        let before = self.controllers.listener(&name);
        let file = SocketFile { mode: options.mode, uid: options.uid, gid: options.gid };
        let replaces = before.map(|at| self.controllers.listeners[at].fd);
        let told = self.told_path(options, path).ok_or(TOO_LONG)?;
        let fd = self.sys.control_listen(path, file, replaces)?;
        let listener = Listener { name, fd, scope, most: options.most, file, path: told };
        match before {
            Some(at) => {
                let before = std::mem::replace(&mut self.controllers.listeners[at], listener);
                self.sys.control_unlisten(before.fd);
            }
            None => self.controllers.listeners.put(listener),
        }
        Ok(())
    }

    /// The path of a socket as it is told: an absolute one, if there is room for it in memory and
    /// in a line, since the working directory may change. Nothing, if no line can tell it at all.
    fn told_path(&mut self, options: SocketOptions<'_>, path: &[u8]) -> Option<SocketPath> {
        self.environment.look_where_it_is(&mut self.sys, self.limits.max_line);
        let before = match self.environment.directory() {
            Some(directory) if !path.starts_with(b"/") => directory,
            Some(_) | None => b"",
        };
        let absolute = SocketPath::new(before, path);
        [absolute, SocketPath::new(b"", path)]
            .into_iter()
            .flatten()
            .find(|told| self.fits(&Event::SocketCreate { options, path: told.as_bytes() }))
    }

    /// The command `socket.create`.
    pub(crate) fn socket_create(
        &mut self,
        options: SocketOptions<'_>,
        path: &[u8],
    ) -> Outcome<'static> {
        let mut scope = Scope::FULL;
        scope.narrow(options.rights.unwrap_or(Rights::Full), options.globs())?;
        let name = options.name.map_or(NameBuf::NONE, NameBuf::from);
        let is_there = self.controllers.listener(&name).is_some();
        if is_there && options.name.is_some() {
            return Err(Refusal::SocketNameInUse);
        }
        // A place is always left for the one without a name.
        let named = self.controllers.listeners.iter().filter(|it| it.name != NameBuf::NONE);
        if options.name.is_some() && named.count() + 1 == MOST_SOCKETS {
            return Err(Refusal::TooManySockets);
        }
        self.listen_with(options, scope, path).map_err(|errno| {
            // The answer of protocol 1 has no room for the reason; the log does.
            let reason = self.sys.explain(errno).as_bytes();
            self.log(LogLevel::Error, &[b"cannot listen at ", path, b": ", reason]);
            Refusal::FailedToCreateControlSocket
        })?;
        self.announce_own_setting(None, |proxy, out| {
            if let Some(at) = proxy.controllers.listener(&name) {
                proxy.controllers.listeners[at].event().encode(out);
            }
        });
        Ok(())
    }

    /// The command `socket.delete`.
    pub(crate) fn socket_delete(&mut self, name: Option<Name<'_>>) -> Outcome<'static> {
        let wanted = name.map_or(NameBuf::NONE, NameBuf::from);
        match self.controllers.listener(&wanted) {
            Some(at) => {
                let listener = self.controllers.listeners.remove(at);
                self.sys.control_unlisten(listener.fd);
                self.announce_own_setting(None, |_, out| Event::SocketDelete { name }.encode(out));
                Ok(())
            }
            // Protocol 1 does not mind.
            None if name.is_none() => Ok(()),
            None => Err(Refusal::NoSuchSocket),
        }
    }

    /// The end of listening, when the daemon leaves.
    pub(crate) fn delete_sockets(&mut self) {
        while let Some(listener) = self.controllers.listeners.pop() {
            self.sys.control_unlisten(listener.fd);
        }
    }
}

impl Controllers {
    /// Where in the list the socket of that name is.
    fn listener(&self, name: &NameBuf) -> Option<usize> {
        self.listeners.iter().position(|listener| listener.name == *name)
    }
}
