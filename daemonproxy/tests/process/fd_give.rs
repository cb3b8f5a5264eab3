//! `fd.give NAME` passes a descriptor of the daemon along with the line that answers.

use std::io::{IoSliceMut, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;

use daemonproxy_testing::Setup;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg};

/// What one message brings: its bytes, and the descriptors that came with it.
fn message(stream: &UnixStream) -> (String, Vec<OwnedFd>) {
    let mut bytes = [0; 4096];
    let mut pieces = [IoSliceMut::new(&mut bytes)];
    let mut space = nix::cmsg_space!([RawFd; 4]);
    let flags = MsgFlags::MSG_CMSG_CLOEXEC;
    let message = recvmsg::<()>(stream.as_raw_fd(), &mut pieces, Some(&mut space), flags).unwrap();
    let mut fds = Vec::new();
    for part in message.cmsgs().unwrap() {
        if let ControlMessageOwned::ScmRights(passed) = part {
            // SAFETY: they have just come, and nobody else knows them.
            fds.extend(passed.into_iter().map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }));
        }
    }
    let count = message.bytes;
    (String::from_utf8_lossy(&bytes[..count]).into_owned(), fds)
}

#[test]
fn the_open_file_comes_with_its_line() {
    let d = Setup::interactive().socket().file("words", "one two three").start();
    let mut stream = UnixStream::connect(d.path("control")).unwrap();
    let path = d.path("words");
    let commands = format!("fd.open\tw\tread\t{path}\nfd.give\tw\nfd.delete\tw\necho\tend\n");
    stream.write_all(commands.as_bytes()).unwrap();
    let (mut text, mut fds) = (String::new(), Vec::new());
    while !text.ends_with("end\n") {
        let (more, passed) = message(&stream);
        if !passed.is_empty() {
            // What came before it may be in the same message, and nothing that comes after it.
            assert!(more.ends_with(&format!("fd.give\tw\tfile\tread\t{path}\n")), "{more}");
        }
        text += &more;
        fds.extend(passed);
    }
    assert!(text.contains("fd.state\tw\tdeleted\n"), "{text}");
    let [fd] = <[OwnedFd; 1]>::try_from(fds).unwrap();
    let mut content = String::new();
    std::fs::File::from(fd).read_to_string(&mut content).unwrap();
    assert_eq!(content, "one two three");
}

#[test]
fn over_a_pipe_nothing_is_given() {
    let mut d = Setup::interactive().start();
    d.refuses("fd.give\tnull", "descriptors can only be passed over a unix socket");
}
