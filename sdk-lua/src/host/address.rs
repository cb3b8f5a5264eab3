//! Addresses of the TCP and unix sockets that a script connects to, or listens on.
//!
//! Numeric addresses and `localhost` only: this program is static, and a static program must not
//! use the name service of the C library, which loads shared objects.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, SockaddrStorage, UnixAddr, accept4, bind, connect,
    getsockname, listen as nix_listen, setsockopt, socket, sockopt,
};
use nix::sys::stat::{SFlag, lstat};
use nix::unistd::unlink;

/// How many may wait to be accepted.
const QUEUE: i32 = 64;

/// Begins to connect, without waiting until it is connected. The error is for the person who reads
/// it.
pub(super) fn open(address: &str) -> Result<OwnedFd, String> {
    let failed = |error: Errno| format!("cannot connect to {address}: {}", describe(error));
    if address.contains('/') {
        let unix = UnixAddr::new(address).map_err(failed)?;
        return start(AddressFamily::Unix, |fd| connect(fd, &unix)).map_err(failed);
    }
    let to = parse(address)?;
    let family = if to.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
    start(family, |fd| connect(fd, &SockaddrStorage::from(to))).map_err(failed)
}

/// Listens there. Also returns the address: if the port was 0, the system has chosen one.
pub(super) fn listen(address: &str) -> Result<(OwnedFd, String), String> {
    let failed = |error: Errno| format!("cannot listen at {address}: {}", error.desc());
    if address.contains('/') {
        let unix = UnixAddr::new(address).map_err(failed)?;
        let fd = new_socket(AddressFamily::Unix).map_err(failed)?;
        let bound = match bind(fd.as_raw_fd(), &unix) {
            Err(Errno::EADDRINUSE) if is_left_over(address, &unix) => {
                unlink(address).and_then(|()| bind(fd.as_raw_fd(), &unix))
            }
            bound => bound,
        };
        bound.map_err(failed)?;
        accept_from_now_on(&fd).map_err(failed)?;
        return Ok((fd, address.to_owned()));
    }
    let at = match address.strip_prefix("*:") {
        Some(port) => parse(&format!("0.0.0.0:{port}"))?,
        None => parse(address)?,
    };
    let family = if at.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
    let fd = new_socket(family).map_err(failed)?;
    setsockopt(&fd, sockopt::ReuseAddr, &true).map_err(failed)?;
    bind(fd.as_raw_fd(), &SockaddrStorage::from(at)).map_err(failed)?;
    accept_from_now_on(&fd).map_err(failed)?;
    let at: SockaddrStorage = getsockname(fd.as_raw_fd()).map_err(failed)?;
    Ok((fd, at.to_string()))
}

fn accept_from_now_on(fd: &OwnedFd) -> nix::Result<()> {
    nix_listen(fd, Backlog::new(QUEUE)?)
}

/// A connection that was made to this socket. EAGAIN means that there is none.
pub(super) fn accept(socket: BorrowedFd<'_>) -> nix::Result<OwnedFd> {
    loop {
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        match accept4(socket.as_raw_fd(), flags) {
            // SAFETY: it was made just now, and nobody else has it.
            Ok(fd) => return Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
            // Whoever wanted to connect has gone again.
            Err(Errno::EINTR | Errno::ECONNABORTED) => {}
            Err(error) => return Err(error),
        }
    }
}

/// A left-over socket: nobody listens there any more.
fn is_left_over(path: &str, address: &UnixAddr) -> bool {
    let is_socket = lstat(path)
        .is_ok_and(|it| SFlag::from_bits_truncate(it.st_mode) & SFlag::S_IFMT == SFlag::S_IFSOCK);
    let answer = start(AddressFamily::Unix, |fd| connect(fd, address));
    is_socket && answer.is_err_and(|error| error == Errno::ECONNREFUSED)
}

fn new_socket(family: AddressFamily) -> nix::Result<OwnedFd> {
    socket(family, SockType::Stream, SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK, None)
}

fn start(
    family: AddressFamily,
    connect: impl FnOnce(i32) -> nix::Result<()>,
) -> nix::Result<OwnedFd> {
    let fd = new_socket(family)?;
    match connect(fd.as_raw_fd()) {
        Ok(()) | Err(Errno::EINPROGRESS | Errno::EINTR) => Ok(fd),
        Err(error) => Err(error),
    }
}

fn describe(error: Errno) -> &'static str {
    match error {
        Errno::ENOENT => "there is no such socket",
        // On a unix socket: nobody accepts, and the queue is full.
        Errno::EAGAIN => "it does not accept connections at the moment",
        error => error.desc(),
    }
}

fn parse(address: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = address.parse() {
        return Ok(address);
    }
    let wrong = || {
        format!(
            "{address:?} is no address: it takes HOST:PORT or a PATH with a slash, where HOST is \
             localhost or a number such as 127.0.0.1 or [::1], for no names are looked up"
        )
    };
    let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
    let port: u16 = port.parse().map_err(|_| wrong())?;
    if host != "localhost" {
        return Err(wrong());
    }
    Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_localhost_are_addresses() {
        for (text, address) in [
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("[::1]:8080", "[::1]:8080"),
            ("localhost:1", "127.0.0.1:1"),
        ] {
            assert_eq!(parse(text).map(|address| address.to_string()).as_deref(), Ok(address));
        }
    }

    #[test]
    fn names_are_not_looked_up_and_the_error_says_so() {
        for text in ["example.org:80", "localhost", "localhost:http", "::1:x", ":80", ""] {
            let error = parse(text).expect_err(text);
            assert!(error.contains("no names are looked up"), "{error}");
        }
    }
}
