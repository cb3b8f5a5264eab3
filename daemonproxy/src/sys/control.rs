//! The control socket: a file that controllers connect to.

use daemonproxy_core::{Errno, Fd};
use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, UnixAddr, bind, connect, listen, socket,
};
use nix::sys::stat::SFlag;
use std::os::fd::AsRawFd;

use super::errno;
use super::fd::{CPath, give};

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 64;

/// A listener and its file, by an absolute path: `chdir` does not lose it.
struct Listener {
    fd: Option<Fd>,
    path: Vec<u8>,
    /// Which file it is: device and inode. Another may have taken its place since.
    file: Option<(u64, u64)>,
}

/// The listener in use, and room for the one that is about to take its place.
pub(super) struct ControlSockets {
    listeners: [Listener; 2],
}

impl ControlSockets {
    /// With memory for paths of so many bytes behind a working directory.
    pub(super) fn new(longest: usize) -> Self {
        let room = longest + libc::PATH_MAX as usize;
        let vacant = || Listener { fd: None, path: Vec::with_capacity(room), file: None };
        Self { listeners: [vacant(), vacant()] }
    }

    /// Listens at `name`. A socket file there that nobody listens to any more is replaced; a living one,
    /// or anything else, is in the way.
    pub(super) fn listen(&mut self, name: &[u8], path: &mut CPath) -> Result<Fd, Errno> {
        let mut absolute = std::mem::take(&mut self.vacant().path);
        let listening = make_absolute(name, &mut absolute).and_then(|()| {
            let ours = self.listeners.iter_mut().find(|l| l.fd.is_some() && l.path == absolute);
            clear_the_way(name, path, ours.is_some())?;
            if let Some(ours) = ours {
                // The file is the new one's from here on.
                ours.path.clear();
            }
            listen_at(name, path)
        });
        let file = socket_file(name, path);
        let vacant = self.vacant();
        vacant.path = absolute;
        vacant.fd = listening.ok();
        vacant.file = file;
        listening
    }

    /// Closes a listener and removes its file.
    pub(super) fn unlisten(&mut self, fd: Fd, path: &mut CPath) {
        super::fd::close(fd);
        if let Some(listener) = self.listeners.iter_mut().find(|l| l.fd == Some(fd)) {
            listener.fd = None;
            if !listener.path.is_empty()
                && socket_file(&listener.path, path) == listener.file
                && let Ok(path) = path.set(&listener.path)
            {
                // If somebody has removed it already, so be it.
                let _ = nix::unistd::unlink(path);
            }
            listener.path.clear();
        }
    }

    fn vacant(&mut self) -> &mut Listener {
        let [first, second] = &mut self.listeners;
        if first.fd.is_none() { first } else { second }
    }
}

/// Which socket file is at a path, if one is.
fn socket_file(name: &[u8], path: &mut CPath) -> Option<(u64, u64)> {
    let stat = nix::sys::stat::lstat(path.set(name).ok()?).ok()?;
    let is_socket = SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT == SFlag::S_IFSOCK;
    is_socket.then_some((stat.st_dev, stat.st_ino))
}

fn make_absolute(name: &[u8], out: &mut Vec<u8>) -> Result<(), Errno> {
    out.clear();
    if !name.starts_with(b"/") {
        // Not through the safe wrapper, which allocates.
        out.resize(libc::PATH_MAX as usize, 0);
        // SAFETY: getcwd(3) writes at most so many bytes, a NUL among them, or fails.
        if unsafe { libc::getcwd(out.as_mut_ptr().cast(), out.len()) }.is_null() {
            return Err(errno(nix::errno::Errno::last()));
        }
        out.truncate(out.iter().position(|&byte| byte == 0).unwrap_or(0));
        out.push(b'/');
    }
    if name.len() > out.capacity() - out.len() {
        return Err(Errno(libc::ENAMETOOLONG));
    }
    out.extend_from_slice(name);
    Ok(())
}

fn clear_the_way(name: &[u8], path: &mut CPath, ours: bool) -> Result<(), Errno> {
    let there = match nix::sys::stat::lstat(path.set(name)?) {
        Ok(stat) => SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT,
        Err(nix::errno::Errno::ENOENT) => return Ok(()),
        Err(error) => return Err(errno(error)),
    };
    if there != SFlag::S_IFSOCK {
        return Err(Errno(libc::EEXIST));
    }
    if !ours && is_alive(name, path)? {
        return Err(Errno(libc::EADDRINUSE));
    }
    nix::unistd::unlink(path.set(name)?).map_err(errno)
}

/// Whether somebody listens there. Does not wait: a full backlog (EAGAIN) is an answer, too.
fn is_alive(name: &[u8], path: &mut CPath) -> Result<bool, Errno> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let probe = socket(AddressFamily::Unix, SockType::Stream, flags, None).map_err(errno)?;
    let address = UnixAddr::new(path.set(name)?).map_err(errno)?;
    Ok(connect(probe.as_raw_fd(), &address) != Err(nix::errno::Errno::ECONNREFUSED))
}

fn listen_at(name: &[u8], path: &mut CPath) -> Result<Fd, Errno> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let socket = socket(AddressFamily::Unix, SockType::Stream, flags, None).map_err(errno)?;
    let address = UnixAddr::new(path.set(name)?).map_err(errno)?;
    bind(socket.as_raw_fd(), &address).map_err(errno)?;
    listen(&socket, Backlog::new(BACKLOG).unwrap_or(Backlog::MAXCONN)).map_err(errno)?;
    Ok(give(socket))
}
