//! The control socket: a file that controllers connect to.
//!
//! It appears at its path when it listens, and not before: it is made next to it under another
//! name, and then takes its place in one step. Of several daemons that are started at once, one
//! finds the place free, and the others find somebody there.

use std::os::fd::{AsRawFd, OwnedFd};

use daemonproxy_core::limits::MOST_SOCKETS;
use daemonproxy_core::{Errno, Fd, Read, SocketFile, StateLine, Value, Writer, Wrong, split};
use nix::fcntl::{AT_FDCWD, AtFlags, OFlag, RenameFlags, renameat2};
use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, UnixAddr, bind, connect, listen, socket,
};
use nix::sys::stat::{FileStat, Mode, SFlag, umask};
use nix::unistd::{Gid, Uid};

use super::beside::Beside;
use super::errno;
use super::fd::{CPath, borrow, give};

/// Why a path at which somebody listens is not available.
pub(crate) const IN_USE: Errno = Errno(libc::EADDRINUSE);

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 64;
/// How often to try again after somebody else was faster.
const TRIES: u32 = 64;

/// A listener and its file, by an absolute path: `chdir` does not lose it.
pub(super) struct Listener {
    fd: Option<Fd>,
    path: Vec<u8>,
    /// Which file it is. Another may have taken its place meanwhile.
    file: Option<FileId>,
}

impl Listener {
    /// Reads one that another daemon has left.
    pub(super) fn read<'a>(line: StateLine<'a>) -> Read<'a, Self> {
        let mut listener = Self { fd: None, path: Vec::new(), file: None };
        let (mut device, mut inode) = (None, None);
        for field in line.rest.iter() {
            let (key, value) = split(field)?;
            let read = match key {
                b"fd" => listener.fd.read(value),
                b"path" => listener.path.read(value),
                b"device" => device.read(value),
                b"inode" => inode.read(value),
                _ => return Err(Wrong::Key(key)),
            };
            read.ok_or(Wrong::Value(field))?;
        }
        listener.file = device.zip(inode);
        Ok(listener)
    }
}

/// A device and an inode.
type FileId = (u64, u64);

/// The listeners in use, and room for one that is about to take the place of another.
pub(super) struct ControlSockets {
    listeners: [Listener; MOST_SOCKETS + 1],
}

/// What is at the path at which a socket is to appear.
#[derive(PartialEq, Eq)]
enum There {
    Nothing,
    /// A socket of our own, which another one of ours replaces.
    Ours,
    /// A socket on which nobody listens any more, nor ever will.
    Stale,
}

impl ControlSockets {
    /// With memory for paths of this many bytes after a working directory.
    pub(super) fn new(longest: usize) -> Self {
        let room = longest + libc::PATH_MAX as usize;
        let vacant = |_| Listener { fd: None, path: Vec::with_capacity(room), file: None };
        Self { listeners: std::array::from_fn(vacant) }
    }

    /// Writes them for another daemon that goes on as us.
    pub(super) fn write_state(&self, to: &mut Writer) {
        for Listener { fd, path, file } in &self.listeners {
            let Some(fd) = fd else { continue };
            to.begin(b"resume.socket");
            to.keyed("fd", fd);
            to.keyed("path", path);
            if let Some((device, inode)) = file {
                to.keyed("device", device);
                to.keyed("inode", inode);
            }
            to.end();
        }
    }

    /// Goes on with those.
    pub(super) fn go_on(&mut self, listeners: Vec<Listener>) {
        for Listener { fd, path, file } in listeners {
            let vacant = self.vacant();
            vacant.path.extend_from_slice(&path);
            (vacant.fd, vacant.file) = (fd, file);
        }
    }

    /// Listens at `name`. A stale socket file there is replaced, and that of the listener that the
    /// new one `replaces`; a live one, or anything else, is in the way.
    pub(super) fn listen(
        &mut self,
        name: &[u8],
        as_file: SocketFile,
        replaces: Option<Fd>,
        path: &mut CPath,
    ) -> Result<Fd, Errno> {
        let mut absolute = std::mem::take(&mut self.vacant().path);
        let made = make_absolute(name, &mut absolute).and_then(|()| {
            let ours = self.listeners.iter_mut().find(|l| l.fd.is_some() && l.path == absolute);
            if ours.as_ref().is_some_and(|ours| ours.fd != replaces) {
                return Err(IN_USE);
            }
            let made = appear(name, as_file, path, ours.as_ref().and_then(|ours| ours.file));
            if let (Ok(_), Some(ours)) = (&made, ours) {
                // From here on the file is that of the new one.
                ours.path.clear();
            }
            made
        });
        let vacant = self.vacant();
        vacant.path = absolute;
        let (socket, file) = made?;
        vacant.file = file;
        Ok(*vacant.fd.insert(give(socket)))
    }

    /// Whoever connects is told who listens (SO_PEERCRED, unix(7)): the process that has said so
    /// last, and after a fork that is another one.
    pub(super) fn listen_as_ourselves(&self) {
        let backlog = Backlog::new(BACKLOG).unwrap_or(Backlog::MAXCONN);
        for fd in self.listeners.iter().filter_map(|listener| listener.fd) {
            let _ = listen(&borrow(fd), backlog);
        }
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
        let free = self.listeners.iter().position(|listener| listener.fd.is_none());
        // There is always room for one more than there may be.
        &mut self.listeners[free.unwrap_or(MOST_SOCKETS)]
    }
}

/// Which socket file is at a path, if one is.
fn socket_file(name: &[u8], path: &mut CPath) -> Option<FileId> {
    let stat = nix::sys::stat::lstat(path.set(name).ok()?).ok()?;
    is_socket(&stat).then_some((stat.st_dev, stat.st_ino))
}

fn is_socket(stat: &FileStat) -> bool {
    SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT == SFlag::S_IFSOCK
}

fn make_absolute(name: &[u8], out: &mut Vec<u8>) -> Result<(), Errno> {
    out.clear();
    if !name.starts_with(b"/") {
        if !working_directory(libc::PATH_MAX as usize, out) {
            return Err(errno(nix::errno::Errno::last()));
        }
        out.push(b'/');
    }
    if name.len() > out.capacity() - out.len() {
        return Err(Errno(libc::ENAMETOOLONG));
    }
    out.extend_from_slice(name);
    Ok(())
}

/// Makes `out` the working directory, if that is shorter than `room`; nothing if not.
pub(super) fn working_directory(room: usize, out: &mut Vec<u8>) -> bool {
    out.clear();
    // Not through the safe wrapper, which allocates.
    out.resize(room, 0);
    // SAFETY: getcwd(3) writes at most this many bytes, including a NUL, or fails.
    let is_told = !unsafe { libc::getcwd(out.as_mut_ptr().cast(), out.len()) }.is_null();
    let end = out.iter().position(|&byte| byte == 0).unwrap_or(0);
    out.truncate(if is_told { end } else { 0 });
    is_told
}

/// A socket that listens at `name`, and its file. `ours` is the file that we already have there.
fn appear(
    name: &[u8],
    as_file: SocketFile,
    path: &mut CPath,
    ours: Option<FileId>,
) -> Result<(OwnedFd, Option<FileId>), Errno> {
    // Whoever is to connect there must be able to name it.
    UnixAddr::new(path.set(name)?).map_err(errno)?;
    look(name, path, ours)?;
    let (socket, hidden) = listen_beside(name, as_file, path)?;
    let file = socket_file(hidden.as_bytes(), path);
    let result = take_place(&hidden, name, path, ours);
    if result.is_err() {
        let _ = nix::unistd::unlink(path.set(hidden.as_bytes())?);
    }
    result.map(|()| (socket, file))
}

/// What is at `name`; it is an error if that must stay.
fn look(name: &[u8], path: &mut CPath, ours: Option<FileId>) -> Result<There, Errno> {
    use nix::errno::Errno::{ECONNREFUSED, ENOENT};
    let stat = match nix::sys::stat::lstat(path.set(name)?) {
        Ok(stat) => stat,
        Err(ENOENT) => return Ok(There::Nothing),
        Err(error) => return Err(errno(error)),
    };
    if !is_socket(&stat) {
        return Err(Errno(libc::EEXIST));
    }
    if ours == Some((stat.st_dev, stat.st_ino)) {
        return Ok(There::Ours);
    }
    // Does not block: a full backlog (EAGAIN) is an answer, too.
    let probe = new_socket()?;
    let address = UnixAddr::new(path.set(name)?).map_err(errno)?;
    match connect(probe.as_raw_fd(), &address) {
        Err(ECONNREFUSED) => Ok(There::Stale),
        Err(ENOENT) => Ok(There::Nothing),
        Ok(()) | Err(_) => Err(IN_USE),
    }
}

fn new_socket() -> Result<OwnedFd, Errno> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    socket(AddressFamily::Unix, SockType::Stream, flags, None).map_err(errno)
}

/// A socket that listens in the directory of `name`, under a name that nobody knows. Before it
/// listens, its file has its mode and its owner.
fn listen_beside(
    name: &[u8],
    as_file: SocketFile,
    path: &mut CPath,
) -> Result<(OwnedFd, Beside), Errno> {
    let socket = new_socket()?;
    let mut tries = 0..TRIES;
    let hidden = loop {
        let hidden = Beside::secret(name);
        let address = UnixAddr::new(path.set(hidden.as_bytes())?).map_err(errno)?;
        match with_mode(as_file.mode, || bind(socket.as_raw_fd(), &address)) {
            Ok(()) => break hidden,
            Err(nix::errno::Errno::EADDRINUSE) if tries.next().is_some() => {}
            Err(error) => return Err(errno(error)),
        }
    };
    let listens = set_owner(&hidden, as_file).and_then(|()| {
        let backlog = Backlog::new(BACKLOG).unwrap_or(Backlog::MAXCONN);
        listen(&socket, backlog).map_err(errno)
    });
    if let Err(error) = listens {
        let _ = nix::unistd::unlink(path.set(hidden.as_bytes())?);
        return Err(error);
    }
    Ok((socket, hidden))
}

/// Does something that makes a file, which gets exactly this mode. It has it from the start:
/// whoever can write to the directory finds no moment in between.
fn with_mode<R>(mode: Option<u16>, make: impl FnOnce() -> R) -> R {
    let Some(mode) = mode else { return make() };
    let before = umask(Mode::from_bits_truncate(0o777 & !libc::mode_t::from(mode)));
    let made = make();
    umask(before);
    made
}

/// Gives a file to others, if that was asked for. A link that somebody has put there is not
/// followed.
fn set_owner(file: &Beside, as_file: SocketFile) -> Result<(), Errno> {
    if as_file.uid.is_none() && as_file.gid.is_none() {
        return Ok(());
    }
    let (uid, gid) = (as_file.uid.map(Uid::from_raw), as_file.gid.map(Gid::from_raw));
    let how = AtFlags::AT_SYMLINK_NOFOLLOW;
    nix::unistd::fchownat(AT_FDCWD, file.as_path()?, uid, gid, how).map_err(errno)
}

/// Gives the file `hidden` the name `name`.
///
/// A free place goes to whoever comes first, and a stale file is replaced by whoever has the lock:
/// only they may replace what is there, and a stale socket never comes to life again.
fn take_place(
    hidden: &Beside,
    name: &[u8],
    path: &mut CPath,
    ours: Option<FileId>,
) -> Result<(), Errno> {
    for _ in 0..TRIES {
        match look(name, path, ours)? {
            There::Nothing => match rename_where_nothing_is(hidden, name, path) {
                Err(Errno(libc::EEXIST)) => {}
                result => return result,
            },
            There::Ours => return rename(hidden, name, path),
            There::Stale => {
                let _lock = Lock::take(name)?;
                if look(name, path, ours)? == There::Stale {
                    return rename(hidden, name, path);
                }
            }
        }
    }
    Err(IN_USE)
}

/// Removes the file of a socket at which nobody listens any more.
pub(super) fn remove_stale(name: &[u8], path: &mut CPath) -> Result<(), Errno> {
    let _lock = Lock::take(name)?;
    match look(name, path, None)? {
        There::Stale => nix::unistd::unlink(path.set(name)?).map_err(errno),
        There::Nothing | There::Ours => Ok(()),
    }
}

fn rename(hidden: &Beside, name: &[u8], path: &mut CPath) -> Result<(), Errno> {
    let (from, to) = (hidden.as_path()?, path.set(name)?);
    // SAFETY: two strings that end in a NUL. The safe wrapper is that of the standard library,
    // which allocates.
    let result = unsafe { libc::rename(from.as_ptr(), to.as_ptr()) };
    nix::errno::Errno::result(result).map(drop).map_err(errno)
}

fn rename_where_nothing_is(hidden: &Beside, name: &[u8], path: &mut CPath) -> Result<(), Errno> {
    use nix::errno::Errno::{EINVAL, ENOSYS};
    let (from, to) = (hidden.as_path()?, path.set(name)?);
    match renameat2(AT_FDCWD, from, AT_FDCWD, to, RenameFlags::RENAME_NOREPLACE) {
        // Not every file system can do that (rename(2), ERRORS), but then a link serves as well.
        Err(EINVAL | ENOSYS) => {
            nix::unistd::linkat(AT_FDCWD, from, AT_FDCWD, to, AtFlags::empty()).map_err(errno)?;
            let _ = nix::unistd::unlink(from);
            Ok(())
        }
        result => result.map_err(errno),
    }
}

/// The right to replace what is stale at a path: a file next to it that only its owner can open,
/// and that exists for a moment only. Whoever does not get it may not replace anything.
struct Lock {
    path: Beside,
    _file: OwnedFd,
}

impl Lock {
    fn take(name: &[u8]) -> Result<Self, Errno> {
        let path = Beside::new(name, b"lock");
        let how = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        for _ in 0..TRIES {
            let file = nix::fcntl::open(path.as_path()?, how, Mode::from_bits_truncate(0o600));
            let file = file.map_err(errno)?;
            lock(&file)?;
            // A previous owner has removed the file. It must not be that one.
            let ours = nix::sys::stat::fstat(&file).map_err(errno)?;
            let there = nix::sys::stat::lstat(path.as_path()?);
            if there.is_ok_and(|there| (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)) {
                return Ok(Self { path, _file: file });
            }
        }
        Err(IN_USE)
    }
}

/// Locks a file until it is closed, see flock(2). The safe wrapper panics if it cannot unlock it.
fn lock(file: &OwnedFd) -> Result<(), Errno> {
    // SAFETY: a system call with a descriptor that is open.
    let result = unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) };
    nix::errno::Errno::result(result).map(drop).map_err(|error| match error {
        nix::errno::Errno::EWOULDBLOCK => IN_USE,
        error => errno(error),
    })
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Ok(path) = self.path.as_path() {
            let _ = nix::unistd::unlink(path);
        }
    }
}
