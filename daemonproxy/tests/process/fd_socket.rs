//! `fd.socket NAME FLAGS [ADDRESS]` makes a socket, bound and listening as its flags say.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixStream;

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
fn a_plain_one_has_no_address() {
    let mut d = Daemon::interactive();
    for (flags, told) in [
        ("unix", "unix,stream"),
        ("stream", "unix,stream"),
        ("dgram", "unix,dgram"),
        ("unix,seqpacket", "unix,seqpacket"),
        ("inet", "inet,stream"),
        ("tcp", "inet,stream"),
        ("udp", "inet,dgram"),
        ("inet,dgram", "inet,dgram"),
        ("inet,tcp", "inet,stream"),
        ("nonblock", "unix,stream,nonblock"),
        ("tcp,nonblock", "inet,stream,nonblock"),
    ] {
        d.answers(&format!("fd.socket\ts\t{flags}"), &[format!("fd.state\ts\tsocket\t{told}\t")]);
        assert_eq!(d.dump_of("fd.state\ts"), [format!("fd.state\ts\tsocket\t{told}\t")]);
    }
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
fn every_controller_hears_of_it() {
    let mut d = Setup::interactive().socket().start();
    let mut other = d.connect();
    other.sync();
    d.ask("fd.socket\ts\tunix");
    other.expect(&["fd.state\ts\tsocket\tunix,stream\t"]);
}

#[test]
fn an_address_implies_bind() {
    let mut d = Daemon::interactive();
    d.answers("fd.socket\ts\tunix\tsock", &["fd.state\ts\tsocket\tunix,stream,bind\tsock"]);
    assert!(fs::metadata(d.path("sock")).unwrap().file_type().is_socket());
}

#[test]
fn listen_implies_bind_and_a_backlog_of_32() {
    let mut d = Daemon::interactive();
    d.answers(
        "fd.socket\ts\tlisten\tsock",
        &["fd.state\ts\tsocket\tunix,stream,bind,listen=32\tsock"],
    );
    UnixStream::connect(d.path("sock")).unwrap();
}

#[test]
fn the_backlog_is_told() {
    let mut d = Daemon::interactive();
    for backlog in [1, 128, 65535] {
        let path = format!("sock{backlog}");
        d.answers(
            &format!("fd.socket\ts\tunix,bind,listen={backlog}\t{path}"),
            &[format!("fd.state\ts\tsocket\tunix,stream,bind,listen={backlog}\t{path}")],
        );
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

#[test]
fn a_name_in_use_is_taken_over() {
    let mut d = Daemon::interactive();
    d.ask("fd.pipe\tr\tw");
    d.answers("fd.socket\tw\tunix", &["fd.state\tw\tsocket\tunix,stream\t"]);
    assert_eq!(d.dump_of("fd.state\tr"), ["fd.state\tr\tpipe\tfrom\t?"]);
}

#[test]
fn a_wrong_name_is_refused() {
    let mut d = Daemon::interactive();
    d.wants_an_fd_name("fd.socket", "\tunix");
}

#[test]
fn the_constant_descriptors_cannot_be_altered() {
    let mut d = Daemon::interactive();
    for name in ["null", "control.cmd", "control.event", "control.socket"] {
        d.refuses(&format!("fd.socket\t{name}\tunix"), "File descriptor cannot be altered");
    }
}

#[test]
fn an_unknown_flag_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("fd.socket\ts\tunix,read", "unknown flag \"read\"");
    assert!(d.dump_of("fd.state\ts").is_empty());
}

#[test]
fn an_impossible_backlog_is_refused() {
    let mut d = Daemon::interactive();
    for wrong in ["0", "65536", "-1", "many", ""] {
        d.refuses(
            &format!("fd.socket\ts\tunix,listen={wrong}\tsock"),
            "invalid listen queue length",
        );
    }
    assert!(!fs::exists(d.path("sock")).unwrap());
}

#[test]
fn an_impossible_address_is_refused() {
    let mut d = Daemon::interactive();
    for wrong in ["here", "1.2.3.4", "1.2.3:80", "1.2.3.4.5:80", "*:http", "*:65536", "[::1]:80"] {
        d.refuses(&format!("fd.socket\ts\ttcp\t{wrong}"), "invalid address");
    }
    for wrong in ["1.2.3.4:80", "::1:80", "[::1]", "[::g]:80"] {
        d.refuses(&format!("fd.socket\ts\tinet6\t{wrong}"), "invalid address");
    }
}

#[test]
fn a_missing_address_is_refused() {
    let mut d = Daemon::interactive();
    for flags in ["unix,bind", "unix,listen", "tcp,bind", "tcp,listen=5"] {
        d.refuses(&format!("fd.socket\ts\t{flags}"), "expected address argument");
    }
}

#[test]
fn a_further_argument_is_refused() {
    let mut d = Daemon::interactive();
    d.refuses("fd.socket\ts\tunix\tsock\tx", "unexpected argument after address");
    assert!(!fs::exists(d.path("sock")).unwrap());
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
fn a_listen_that_fails_is_told() {
    let mut d = Daemon::interactive();
    d.refuses("fd.socket\ts\tunix,dgram,listen\tsock", "listen: Operation not supported");
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
