//! A script's handle to a socket or a FIFO: `HANDLE:read`, `:write`, `:watch`, `:close`.
//!
//! No operation waits. `watch` reports once, by `ready` from `receive`, and is then off again.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::os::fd::{AsFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::rc::Rc;

use mlua::{AnyUserData, Lua, LuaString, UserData, UserDataMethods, Value};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::poll::{PollFd, PollFlags};

use super::address;
use daemonproxy_client::Channel;

/// The most bytes that one call of `read` returns.
const MOST: usize = 1 << 16;

/// What is watched, and what has become ready but was not reported yet.
#[derive(Default)]
pub(super) struct Watches {
    watched: Vec<Watch>,
}

struct Watch {
    channel: Rc<Channel>,
    what: PollFlags,
    /// By which the script knows it. It lives for as long as it is watched.
    handle: AnyUserData,
    ready: bool,
}

impl Watches {
    pub(super) fn poll_fds(&self) -> impl Iterator<Item = PollFd<'_>> {
        self.watched.iter().map(|watch| PollFd::new(watch.channel.as_fd(), watch.what))
    }

    /// Notes what happened to the one at this place in `poll_fds`.
    pub(super) fn happened(&mut self, at: usize) {
        self.watched[at].ready = true;
    }

    /// One that is ready; it is not watched any more.
    pub(super) fn take_ready(&mut self) -> Option<AnyUserData> {
        let at = self.watched.iter().position(|watch| watch.ready)?;
        Some(self.watched.remove(at).handle)
    }

    fn forget(&mut self, channel: &Rc<Channel>) {
        self.watched.retain(|watch| !Rc::ptr_eq(&watch.channel, channel));
    }
}

pub(super) struct Handle {
    /// None once it is closed.
    channel: Option<Rc<Channel>>,
    watches: Rc<RefCell<Watches>>,
    /// Where it listens, to be removed at the end.
    path: Option<PathBuf>,
}

impl Handle {
    /// A connection that is being made, to a TCP or unix socket.
    pub(super) fn connect(address: &str, watches: &Rc<RefCell<Watches>>) -> Result<Self, String> {
        Ok(Self::new(Channel::socket(address::open(address)?), watches))
    }

    /// A socket that others connect to, and its address.
    pub(super) fn listen(
        address: &str,
        watches: &Rc<RefCell<Watches>>,
    ) -> Result<(Self, String), String> {
        let (fd, at) = address::listen(address)?;
        let mut it = Self::new(Channel::socket(fd), watches);
        it.path = address.contains('/').then(|| PathBuf::from(address));
        Ok((it, at))
    }

    /// A FIFO or a device.
    pub(super) fn open(
        path: &[u8],
        mode: &str,
        watches: &Rc<RefCell<Watches>>,
    ) -> Result<Self, String> {
        let path = OsStr::from_bytes(path);
        let mut options = OpenOptions::new();
        match mode {
            "r" => options.read(true),
            "w" => options.write(true),
            _ => return Err(format!("the mode is \"r\" or \"w\", not {mode:?}")),
        };
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
        let file = options.open(path).map_err(|error| {
            let why = match error.raw_os_error().map(Errno::from_raw) {
                Some(Errno::ENXIO) => "nobody reads from it",
                Some(error) => error.desc(),
                None => return format!("cannot open {}: {error}", path.display()),
            };
            format!("cannot open {}: {why}", path.display())
        })?;
        Ok(Self::new(Channel::own(file.into()), watches))
    }

    /// A descriptor that was inherited by its number.
    pub(super) fn adopt(number: RawFd, watches: &Rc<RefCell<Watches>>) -> Result<Self, String> {
        if number <= 2 {
            return Err(format!("the descriptor {number} is not to be had"));
        }
        // SAFETY: it is used only for this call, and a number that is not open gives an error.
        let fd = unsafe { std::os::fd::BorrowedFd::borrow_raw(number) };
        let flags =
            fcntl(fd, FcntlArg::F_GETFD).map_err(|_| format!("there is no descriptor {number}"))?;
        // Everything that was opened here has this flag, and what was inherited cannot have it.
        if FdFlag::from_bits_truncate(flags).contains(FdFlag::FD_CLOEXEC) {
            return Err(format!("the descriptor {number} was not inherited, or is taken already"));
        }
        fcntl(fd, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).map_err(nix::errno::Errno::desc)?;
        // SAFETY: it is open, nothing in this program uses it (see the flag), and it is taken only
        // once.
        let fd = unsafe { OwnedFd::from_raw_fd(number) };
        let channel = Channel::inherited(fd)
            .map_err(|error| format!("the descriptor {number}: {}", error.desc()))?;
        Ok(Self::new(channel, watches))
    }

    fn new(channel: Channel, watches: &Rc<RefCell<Watches>>) -> Self {
        Self { channel: Some(Rc::new(channel)), watches: Rc::clone(watches), path: None }
    }

    fn channel(&self) -> Result<&Rc<Channel>, &'static str> {
        self.channel.as_ref().ok_or("it is closed already")
    }

    fn read(&self, most: usize) -> Result<Vec<u8>, &'static str> {
        let mut bytes = vec![0; most.clamp(1, MOST)];
        match self.channel()?.read(&mut bytes) {
            Ok(0) => Err("closed"),
            Ok(n) => {
                bytes.truncate(n);
                Ok(bytes)
            }
            Err(error) => Err(describe(error)),
        }
    }

    fn write(&self, bytes: &[u8]) -> Result<usize, &'static str> {
        if bytes.is_empty() {
            // This is how to ask whether a connection was made.
            return self.channel()?.take_error().map(|()| 0).map_err(describe);
        }
        self.channel()?.write(bytes).map_err(describe)
    }

    /// The first of the connections that wait.
    fn accept(&self) -> Result<Self, &'static str> {
        let fd = address::accept(self.channel()?.as_fd()).map_err(describe)?;
        Ok(Self::new(Channel::socket(fd), &self.watches))
    }

    fn close(&mut self) {
        if let Some(channel) = self.channel.take() {
            self.watches.borrow_mut().forget(&channel);
        }
        if let Some(path) = self.path.take() {
            // If somebody was faster it is already gone, which is what was wanted.
            let _ = std::fs::remove_file(path);
        }
    }
}

fn describe(error: Errno) -> &'static str {
    match error {
        Errno::EAGAIN | Errno::ENOTCONN => "again",
        Errno::ECONNRESET | Errno::EPIPE => "closed",
        error => error.desc(),
    }
}

/// A value, or nil and why not.
fn or_why<T>(result: Result<T, &'static str>) -> (Option<T>, Option<&'static str>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(why) => (None, Some(why)),
    }
}

impl UserData for Handle {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("read", |lua, handle, most: Option<usize>| {
            let (bytes, why) = or_why(handle.read(most.unwrap_or(MOST)));
            Ok((bytes.map(|bytes| lua.create_string(&bytes)).transpose()?, why))
        });
        methods.add_method("write", |_, handle, bytes: LuaString| {
            Ok(or_why(handle.write(&bytes.as_bytes())))
        });
        methods.add_method("accept", |lua, handle, ()| {
            let (made, why) = or_why(handle.accept());
            Ok((made.map(|made| lua.create_userdata(made)).transpose()?, why))
        });
        methods.add_function("watch", |_: &Lua, (it, what): (AnyUserData, Option<LuaString>)| {
            let handle = it.borrow::<Self>()?;
            let what = match what.as_ref().map(LuaString::as_bytes).as_deref() {
                Some(b"r") => PollFlags::POLLIN,
                Some(b"w") => PollFlags::POLLOUT,
                Some(b"rw") => PollFlags::POLLIN | PollFlags::POLLOUT,
                _ => PollFlags::empty(),
            };
            let channel = match handle.channel() {
                Ok(channel) => Rc::clone(channel),
                Err(why) => return Ok((Value::Nil, Some(why))),
            };
            let mut watches = handle.watches.borrow_mut();
            watches.forget(&channel);
            if !what.is_empty() {
                let watch = Watch { channel, what, handle: it.clone(), ready: false };
                watches.watched.push(watch);
            }
            Ok((Value::Boolean(true), None))
        });
        methods.add_method_mut("close", |_, handle, ()| {
            handle.close();
            Ok(())
        });
    }
}
