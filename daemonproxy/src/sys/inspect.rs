//! What kind of descriptor it is, for one that came from outside.

use daemonproxy_core::{Fd, FdKind, Peer};
use daemonproxy_protocol::{Domain, FileFlags, PipeEnd, PipeFlags, SocketFlags, SocketType};
use nix::fcntl::OFlag;
use nix::sys::socket::{
    AddressFamily, SockType, SockaddrLike, SockaddrStorage, getsockname, getsockopt, sockopt,
};
use nix::sys::stat::SFlag;

use super::fd::{borrow, status_flags};

/// As much as the kernel reports.
pub(super) fn inspect(fd: Fd) -> FdKind {
    let mode = nix::sys::stat::fstat(borrow(fd)).map_or(0, |stat| stat.st_mode);
    let flags = status_flags(borrow(fd)).unwrap_or(OFlag::O_RDONLY);
    let access = flags & OFlag::O_ACCMODE;
    let nonblock = flags.contains(OFlag::O_NONBLOCK);
    match SFlag::from_bits_truncate(mode) & SFlag::S_IFMT {
        SFlag::S_IFSOCK => FdKind::Socket(socket(fd, nonblock)),
        SFlag::S_IFIFO => FdKind::Pipe {
            flags: PipeFlags { nonblock, socket: None },
            end: if access == OFlag::O_RDONLY { PipeEnd::From } else { PipeEnd::To },
            peer: Peer::Unknown,
        },
        _ => FdKind::File(FileFlags {
            read: access != OFlag::O_WRONLY,
            write: access != OFlag::O_RDONLY,
            append: flags.contains(OFlag::O_APPEND),
            nonblock,
            ..FileFlags::default()
        }),
    }
}

/// The flags of a socket that came from outside, as far as they can be seen.
fn socket(fd: Fd, nonblock: bool) -> SocketFlags {
    let local = getsockname::<SockaddrStorage>(fd.0).ok();
    let domain = match local.and_then(|address| address.family()) {
        Some(AddressFamily::Inet) => Domain::Inet,
        Some(AddressFamily::Inet6) => Domain::Inet6,
        _ => Domain::Unix,
    };
    let kind = match getsockopt(&borrow(fd), sockopt::SockType) {
        Ok(SockType::Datagram) => SocketType::Dgram,
        Ok(SockType::SeqPacket) => SocketType::Seqpacket,
        _ => SocketType::Stream,
    };
    SocketFlags { domain, kind, nonblock, ..SocketFlags::default() }
}
