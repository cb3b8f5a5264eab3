//! What can be made to fail, and with which errors.

use daemonproxy_core::SpawnStage;
use daemonproxy_protocol::tables::OPTIONS;
use daemonproxy_protocol::{Options, key};

/// What can be made to fail.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// open(2).
    Open,
    /// pipe(2).
    Pipe,
    /// socketpair(2) of `fd.pipe`.
    Socketpair,
    /// socket(2).
    Socket,
    /// bind(2).
    Bind,
    /// listen(2).
    Listen,
    /// Making the connection of a service.
    Link,
    /// Making the control socket.
    Control,
    /// chdir(2).
    Chdir,
    /// fork(2).
    Fork,
    /// A step of a child before execve(2): that of the first option of its service, or dup2(2).
    Setup,
    /// execve(2).
    Exec,
    /// kill(2).
    Kill,
    /// Opening /proc.
    Processes,
    /// fcntl(2), F_DUPFD_CLOEXEC.
    Duplicate,
    /// Making the socket for the messages of a service.
    Notify,
    /// Receiving one of those messages.
    Receive,
    /// Opening what watches a cgroup.
    Cgroup,
    /// Watching a descriptor (epoll_ctl(2)).
    Watch,
}

impl Op {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Open,
        Self::Pipe,
        Self::Socketpair,
        Self::Socket,
        Self::Bind,
        Self::Listen,
        Self::Link,
        Self::Control,
        Self::Chdir,
        Self::Fork,
        Self::Setup,
        Self::Exec,
        Self::Kill,
        Self::Processes,
        Self::Duplicate,
        Self::Notify,
        Self::Receive,
        Self::Cgroup,
        Self::Watch,
    ];
}

/// The step that fails in a child with these options, if one before execve(2) fails.
pub(super) fn failing_stage(options: Options<'_>) -> SpawnStage {
    let name = |field| {
        let key = str::from_utf8(key(field)).ok()?;
        let info = OPTIONS.iter().find(|info| key.split('.').next() == Some(info.name))?;
        info.stage
    };
    let first = options.fields().iter().find_map(name);
    let stage = first.and_then(|name| SpawnStage::ALL.iter().find(|it| it.as_str() == name));
    *stage.unwrap_or(&SpawnStage::Fds)
}

/// The errors that a world has: name, number on Linux, text of strerror(3).
pub const ERRORS: [(&str, i32, &str); 18] = [
    ("EPERM", libc::EPERM, "Operation not permitted"),
    ("ENOENT", libc::ENOENT, "No such file or directory"),
    ("ESRCH", libc::ESRCH, "No such process"),
    ("EAGAIN", libc::EAGAIN, "Resource temporarily unavailable"),
    ("EACCES", libc::EACCES, "Permission denied"),
    ("EEXIST", libc::EEXIST, "File exists"),
    ("ENOTTY", libc::ENOTTY, "Inappropriate ioctl for device"),
    ("ENOTDIR", libc::ENOTDIR, "Not a directory"),
    ("EISDIR", libc::EISDIR, "Is a directory"),
    ("EMFILE", libc::EMFILE, "Too many open files"),
    ("ENXIO", libc::ENXIO, "No such device or address"),
    ("ENAMETOOLONG", libc::ENAMETOOLONG, "File name too long"),
    ("EADDRINUSE", libc::EADDRINUSE, "Address already in use"),
    ("EADDRNOTAVAIL", libc::EADDRNOTAVAIL, "Cannot assign requested address"),
    ("EOPNOTSUPP", libc::EOPNOTSUPP, "Operation not supported"),
    ("EPROTONOSUPPORT", libc::EPROTONOSUPPORT, "Protocol not supported"),
    ("ENOEXEC", libc::ENOEXEC, "Exec format error"),
    ("ESOCKTNOSUPPORT", libc::ESOCKTNOSUPPORT, "Socket type not supported"),
];
