//! The program that `{relay}` stands for: a service that hands its descriptors 0 and 1 to the
//! suite, so that the suite can be that service. It ends when the suite closes the connection.

use std::io::{IoSlice, Read};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};

/// Hands them over at this socket, and waits.
pub fn run(path: &str) -> Result<(), String> {
    let mut suite = UnixStream::connect(path).map_err(|error| format!("{path}: {error}"))?;
    let fds = [0, 1];
    let message = [ControlMessage::ScmRights(&fds)];
    let byte = [IoSlice::new(b"!")];
    sendmsg::<()>(suite.as_raw_fd(), &byte, &message, MsgFlags::empty(), None)
        .map_err(|error| format!("sendmsg: {error}"))?;
    // What is not open here does not keep the daemon from seeing the end.
    for fd in fds {
        // SAFETY: nothing in this process uses these two.
        unsafe { libc::close(fd) };
    }
    suite.read(&mut [0]).map_err(|error| format!("read: {error}"))?;
    Ok(())
}
