//! `fd.socket NAME FLAGS [ADDRESS]` makes a socket, bound and listening as its flags say.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};

use daemonproxy_testing::{Daemon, Setup};

use crate::fd_pipe::{exhaust, few_descriptors, octal_flags};

/// A port that was free a moment ago. The daemon cannot be asked for "any": it tells the address
/// as it was given. Another test could take it meanwhile, so callers try again with the next.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Makes a socket at a free port; `PORT` in the address stands for it.
fn socket_at_free_port(d: &mut Daemon, flags: &str, told: &str, address: &str) -> u16 {
    for _ in 0..20 {
        let port = free_port();
        let address = address.replace("PORT", &port.to_string());
        let lines = d.ask(&format!("fd.socket\ts\t{flags}\t{address}"));
        if !lines[0].contains("Address already in use") {
            assert_eq!(lines, [format!("fd.state\ts\tsocket\t{told}\t{address}")]);
            return port;
        }
    }
    panic!("no free port");
}

fn no_ipv6() -> bool {
    let missing = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err();
    if missing {
        println!("skipped: this machine has no IPv6");
    }
    missing
}

#[test]
fn a_plain_one_of_ipv6_has_no_address() {
    if no_ipv6() {
        return;
    }
    let mut d = Daemon::interactive();
    for (flags, told) in
        [("inet6", "inet6,stream"), ("inet6,tcp", "inet6,stream"), ("inet6,udp", "inet6,dgram")]
    {
        d.answers(&format!("fd.socket\ts\t{flags}"), &[format!("fd.state\ts\tsocket\t{told}\t")]);
    }
}

#[test]
fn flags_are_told_in_a_fixed_order() {
    let mut d = Daemon::interactive();
    let port = socket_at_free_port(
        &mut d,
        "nonblock,mkdir,listen=9,bind,tcp,inet",
        "inet,stream,bind,listen=9,mkdir,nonblock",
        "127.0.0.1:PORT",
    );
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
}

#[test]
fn an_address_of_one_interface_is_bound() {
    let mut d = Daemon::interactive();
    let port =
        socket_at_free_port(&mut d, "tcp,listen", "inet,stream,bind,listen=32", "127.0.0.1:PORT");
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
}

#[test]
fn a_star_is_every_address() {
    let mut d = Daemon::interactive();
    let port = socket_at_free_port(&mut d, "tcp,listen", "inet,stream,bind,listen=32", "*:PORT");
    TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), port)).unwrap();
}

#[test]
fn udp_is_bound() {
    let mut d = Daemon::interactive();
    let port = socket_at_free_port(&mut d, "udp", "inet,dgram,bind", "127.0.0.1:PORT");
    UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).expect_err("the port is taken");
}

/// The original documents IPv6 and cannot do it.
#[test]
fn every_form_of_an_ipv6_address_is_bound() {
    if no_ipv6() {
        return;
    }
    for address in ["[::1]:PORT", "[::]:PORT", "*:PORT"] {
        let mut d = Daemon::interactive();
        let told = "inet6,stream,bind,listen=32";
        let port = socket_at_free_port(&mut d, "inet6,tcp,listen", told, address);
        TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
    }
}

#[test]
fn a_service_accepts_connections_on_it() {
    let mut d = Daemon::interactive();
    d.answers(
        "fd.socket\ts\tunix,listen\tsock",
        &["fd.state\ts\tsocket\tunix,stream,bind,listen=32\tsock"],
    );
    d.define("server", &["perl", "-e", "open S, '+<&=0'; accept C, S; print C 'welcome'"]);
    d.give_fds("server", &["s"]);
    let mut client = UnixStream::connect(d.path("sock")).unwrap();
    client.set_read_timeout(Some(daemonproxy_testing::PATIENCE)).unwrap();
    d.run("server");
    let mut said = String::new();
    std::io::Read::read_to_string(&mut client, &mut said).unwrap();
    assert_eq!(said, "welcome");
}

#[test]
fn the_address_may_be_used_again_at_once() {
    let mut d = Daemon::interactive();
    socket_at_free_port(&mut d, "tcp", "inet,stream,bind", "127.0.0.1:PORT");
    let script = "open S, '+<&=3'; print unpack 'i', getsockopt S, 1, 2";
    let out = d.output_with_fds(&["null", "out", "stderr", "s"], &["perl", "-e", script]);
    assert_eq!(out, "1", "SO_REUSEADDR");
}

#[test]
fn nonblock_is_set_on_the_descriptor() {
    let mut d = Daemon::interactive();
    d.ask("fd.socket\ta\tunix,nonblock");
    d.ask("fd.socket\tb\tunix");
    let script = "for n in 3 4; do grep flags /proc/self/fdinfo/$n; done";
    let fds = ["null", "out", "stderr", "a", "b"];
    let out = d.output_with_fds(&fds, &["/bin/sh", "-c", script]);
    let nonblock: Vec<bool> = out.lines().map(|l| octal_flags(l) & libc::O_NONBLOCK != 0).collect();
    assert_eq!(nonblock, [true, false], "{out}");
}

#[test]
fn mkdir_makes_directories_that_belong_to_nobody_else() {
    let mut d = Daemon::interactive();
    d.answers(
        "fd.socket\ts\tunix,mkdir,listen\ta/b/sock",
        &["fd.state\ts\tsocket\tunix,stream,bind,listen=32,mkdir\ta/b/sock"],
    );
    for dir in ["a", "a/b"] {
        let mode = fs::metadata(d.path(dir)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o700, "{dir}");
    }
    UnixStream::connect(d.path("a/b/sock")).unwrap();
}

/// What a daemon that was killed has left, or a socket that was replaced.
#[test]
fn a_socket_file_at_which_nobody_listens_is_replaced() {
    let setup = Setup::interactive();
    let path = setup.path("sock");
    let listener = UnixListener::bind(&path).unwrap();
    let mut d = setup.start();
    d.refuses("fd.socket\ts\tunix,listen\tsock", "bind: Address already in use");
    // A child of another test may have a copy for a moment: nobody listens any more.
    // SAFETY: numbers only.
    assert_eq!(unsafe { libc::shutdown(listener.as_raw_fd(), libc::SHUT_RDWR) }, 0);
    drop(listener);
    d.refuses("fd.socket\ts\tunix,bind\tsock", "bind: Address already in use");
    let told = "fd.state\ts\tsocket\tunix,stream,bind,listen=32\tsock";
    d.answers("fd.socket\ts\tunix,listen\tsock", &[told]);
    UnixStream::connect(path).unwrap();
}

#[test]
fn a_bind_that_fails_is_told() {
    let mut d = Setup::interactive().file("taken", "").start();
    d.refuses("fd.socket\ts\tunix\ttaken", "bind: Address already in use");
    assert!(fs::metadata(d.path("taken")).unwrap().is_file());
    let blocker = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = blocker.local_addr().unwrap().port();
    d.refuses(
        &format!("fd.socket\ts\ttcp,listen\t127.0.0.1:{port}"),
        "bind: Address already in use",
    );
    d.refuses("fd.socket\ts\tunix\tno/sock", "bind: No such file or directory");
    assert!(d.dump_of("fd.state\ts").is_empty());
}

#[test]
fn a_socket_that_fails_is_told() {
    let mut d = Setup::interactive().before_exec(|| few_descriptors(24)).start();
    exhaust(&mut d);
    d.refuses("fd.socket\ts\tunix", "socket: Too many open files");
}

#[test]
fn a_fixed_pool_has_no_room_for_another() {
    let mut d = Setup::interactive().args(["--fd-pool", "7"]).start();
    d.refuses("fd.socket\ts\tunix,listen\tsock", "Unable to allocate new file descriptor object");
    assert!(!fs::exists(d.path("sock")).unwrap());
}
