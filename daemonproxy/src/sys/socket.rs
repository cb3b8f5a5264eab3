//! Sockets: those of services, and the connections of controllers with the descriptors they pass.

use std::net::{SocketAddrV4, SocketAddrV6};
use std::os::fd::{AsRawFd, OwnedFd};

use daemonproxy_core::{Credentials, Direction, Errno, Fd, Pid, SocketFailure, SocketStage};
use daemonproxy_protocol::{Address, Domain, SocketFlags, SocketType};
use nix::sys::socket::{
    self as nix_socket, AddressFamily, Backlog, MsgFlags, Shutdown, SockFlag, SockType, SockaddrIn,
    SockaddrIn6, UnixAddr, setsockopt, sockopt,
};

use super::errno;
use super::fd::{CPath, borrow, give, not_now};
use super::receive::{self, Along};

fn family(domain: Domain) -> AddressFamily {
    match domain {
        Domain::Unix => AddressFamily::Unix,
        Domain::Inet => AddressFamily::Inet,
        Domain::Inet6 => AddressFamily::Inet6,
    }
}

fn sock_type(kind: SocketType) -> SockType {
    match kind {
        SocketType::Stream => SockType::Stream,
        SocketType::Dgram => SockType::Datagram,
        SocketType::Seqpacket => SockType::SeqPacket,
    }
}

fn sock_flags(nonblock: bool) -> SockFlag {
    let mut flags = SockFlag::SOCK_CLOEXEC;
    flags.set(SockFlag::SOCK_NONBLOCK, nonblock);
    flags
}

/// Two connected sockets.
pub(super) fn pair(domain: Domain, kind: SocketType, nonblock: bool) -> Result<(Fd, Fd), Errno> {
    let flags = sock_flags(nonblock);
    let pair = nix_socket::socketpair(family(domain), sock_type(kind), None, flags);
    pair.map(|(a, b)| (give(a), give(b))).map_err(errno)
}

/// The connection of a service that is a controller: our end is non-blocking, the service's is not.
pub(super) fn controller_pair(direction: Direction) -> Result<(Fd, Fd), Errno> {
    let (ours, theirs) = pair(Domain::Unix, SocketType::Stream, false)?;
    let shut = match direction {
        Direction::Events => Some(Shutdown::Write),
        Direction::Commands => Some(Shutdown::Read),
        Direction::Both => None,
    };
    let prepare = || {
        use nix::fcntl::{FcntlArg, OFlag, fcntl};
        fcntl(borrow(ours), FcntlArg::F_SETFL(OFlag::O_NONBLOCK | OFlag::O_RDWR))?;
        shut.map_or(Ok(()), |how| nix_socket::shutdown(theirs.0, how))
    };
    prepare().map(|()| (ours, theirs)).map_err(|error| {
        super::fd::close(ours);
        super::fd::close(theirs);
        errno(error)
    })
}

/// A socket for services: bound and listening as the flags have it.
pub(super) fn named(
    flags: SocketFlags,
    address: Option<Address<'_>>,
    path: &mut CPath,
) -> Result<Fd, SocketFailure> {
    let at = |stage| move |errno| SocketFailure { stage, errno };
    let kind = sock_type(flags.kind);
    let socket = nix_socket::socket(family(flags.domain), kind, sock_flags(flags.nonblock), None)
        .map_err(|error| at(SocketStage::Socket)(errno(error)))?;
    if let Some(address) = address {
        setsockopt(&socket, sockopt::ReuseAddr, &true)
            .map_err(|error| at(SocketStage::Setsockopt)(errno(error)))?;
        bind(&socket, address, flags, path).map_err(at(SocketStage::Bind))?;
    }
    if let Some(backlog) = flags.listen {
        let backlog = Backlog::new(i32::from(backlog)).unwrap_or(Backlog::MAXCONN);
        nix_socket::listen(&socket, backlog)
            .map_err(|error| at(SocketStage::Listen)(errno(error)))?;
    }
    Ok(give(socket))
}

fn bind(
    socket: &OwnedFd,
    address: Address<'_>,
    flags: SocketFlags,
    path: &mut CPath,
) -> Result<(), Errno> {
    let fd = socket.as_raw_fd();
    match address {
        Address::Unix(name) => {
            if flags.mkdir {
                path.make_parents(name)?;
            }
            let address = UnixAddr::new(path.set(name)?).map_err(errno)?;
            let bind = || nix_socket::bind(fd, &address).map_err(errno);
            match bind() {
                // Without `listen` nobody can tell whether another one is still to listen there.
                Err(in_use @ Errno(libc::EADDRINUSE)) if flags.listen.is_some() => {
                    super::control::remove_stale(name, path).map_err(|_| in_use)?;
                    bind()
                }
                result => result,
            }
        }
        Address::Inet(ip, port) => {
            nix_socket::bind(fd, &SockaddrIn::from(SocketAddrV4::new(ip, port))).map_err(errno)
        }
        Address::Inet6(ip, port) => {
            let address = SocketAddrV6::new(ip, port, 0, 0);
            nix_socket::bind(fd, &SockaddrIn6::from(address)).map_err(errno)
        }
    }
}

/// Whether it is a socket at all.
pub(crate) fn is_socket(fd: Fd) -> bool {
    nix_socket::getsockopt(&borrow(fd), sockopt::SockType).is_ok()
}

/// Takes a connection; "none now" is `None`.
pub(crate) fn accept(listener: Fd) -> Result<Option<Fd>, Errno> {
    use nix::errno::Errno::{EAGAIN, ECONNABORTED, EINTR};
    match nix_socket::accept4(listener.0, SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK) {
        Ok(fd) => Ok(Some(Fd(fd))),
        Err(EAGAIN | EINTR | ECONNABORTED) => Ok(None),
        Err(error) => Err(errno(error)),
    }
}

/// Who has connected (SO_PEERCRED, unix(7)): as the kernel knew it then.
pub(super) fn credentials(fd: Fd) -> Option<Credentials> {
    let peer = nix_socket::getsockopt(&borrow(fd), sockopt::PeerCredentials).ok()?;
    Some(Credentials { uid: peer.uid(), gid: peer.gid(), pid: Pid(peer.pid()) })
}

/// How many bytes can be read from a stream socket now (FIONREAD, unix(7)).
pub(super) fn unread(fd: Fd) -> Option<usize> {
    let mut count: libc::c_int = 0;
    // SAFETY: the kernel writes one int, to `count`.
    let result = unsafe { libc::ioctl(fd.0, libc::FIONREAD, &raw mut count) };
    nix::errno::Errno::result(result).ok().and_then(|_| usize::try_from(count).ok())
}

/// Sends to a socket, whatever its mode; "not now" is 0, ENOTSOCK if it is not a socket.
pub(super) fn send_at_once(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
    not_now(nix_socket::send(fd.0, bytes, flags)).map(Option::unwrap_or_default)
}

/// Sends bytes, of which there is at least one, and a descriptor with the first of them
/// (SCM_RIGHTS, unix(7)). "Not now" is 0.
///
/// Written on libc, because the safe wrapper allocates.
pub(super) fn send_with(to: Fd, bytes: &[u8], passed: Fd) -> Result<usize, Errno> {
    // Room for a header and one number; in words, for control data must be aligned like its header.
    let mut control = [0u64; 4];
    let mut piece =
        libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: an all-zero msghdr is a valid one: null pointers and no lengths.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut piece;
    message.msg_iovlen = 1;
    message.msg_control = control.as_mut_ptr().cast();
    let size = size_of::<i32>() as libc::c_uint;
    // SAFETY: they only compute lengths. The first header begins where the control data do, which
    // have room for it and for one int, and are ours alone. sendmsg(2) does not write to `bytes`.
    let count = unsafe {
        message.msg_controllen = libc::CMSG_SPACE(size) as _;
        let header = libc::CMSG_FIRSTHDR(&raw const message);
        (*header).cmsg_level = libc::SOL_SOCKET;
        (*header).cmsg_type = libc::SCM_RIGHTS;
        (*header).cmsg_len = libc::CMSG_LEN(size) as _;
        libc::CMSG_DATA(header).cast::<i32>().write_unaligned(passed.0);
        libc::sendmsg(to.0, &raw const message, libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL)
    };
    let count = nix::errno::Errno::result(count).map(|count| count as usize);
    not_now(count).map(Option::unwrap_or_default)
}

/// Receives bytes, and calls `passed` for each descriptor that came with them (SCM_RIGHTS,
/// unix(7)). "Nothing now" is `None`.
pub(crate) fn receive(
    fd: Fd,
    space: &mut [u8],
    mut passed: impl FnMut(Fd),
) -> Result<Option<usize>, Errno> {
    let received = receive::receive(fd, space, |along| {
        if let Along::Fd(fd) = along {
            passed(fd);
        }
    });
    match received {
        // Closed by a peer that had not read everything: an end like any other.
        Err(Errno(libc::ECONNRESET)) => Ok(Some(0)),
        received => Ok(received?.map(|received| received.bytes)),
    }
}
