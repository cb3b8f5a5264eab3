//! `socket.create OPTIONS PATH` listens for controllers on a unix socket; `-S PATH` is the same.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};

use daemonproxy_testing::{Daemon, Setup};

const NOTHING: &[&str] = &[];

#[test]
fn an_absolute_path_is_taken() {
    let mut d = Daemon::interactive();
    let path = d.path("sock");
    d.answers(&create(&path), NOTHING);
    d.connect_to("sock").sync();
}

#[test]
fn a_second_create_replaces_and_unlinks_the_first() {
    let mut d = Daemon::interactive();
    d.ask(&create("first"));
    d.ask(&create("second"));
    assert!(!fs::exists(d.path("first")).unwrap());
    d.connect_to("second").sync();
}

#[test]
fn the_same_path_can_be_created_again() {
    let mut d = Daemon::interactive();
    for _ in 0..3 {
        d.answers(&create("sock"), NOTHING);
        d.connect_to("sock").sync();
    }
}

#[test]
fn a_left_over_socket_is_removed_first() {
    let mut d = Daemon::interactive();
    drop(UnixListener::bind(d.path("sock")).unwrap());
    assert!(fs::exists(d.path("sock")).unwrap(), "left over");
    d.answers(&create("sock"), NOTHING);
    d.connect_to("sock").sync();
}

#[test]
fn a_directory_or_a_link_in_the_way_is_an_error() {
    let mut d = Setup::interactive().file("precious", "data").start();
    fs::create_dir(d.path("dir")).unwrap();
    d.refuses(&create("dir"), "Failed to create control socket");
    std::os::unix::fs::symlink(d.path("precious"), d.path("link")).unwrap();
    d.refuses(&create("link"), "Failed to create control socket");
    assert_eq!(d.read("precious"), "data");
    assert!(fs::symlink_metadata(d.path("link")).unwrap().is_symlink());
}

#[test]
fn a_path_that_cannot_be_is_an_error() {
    let mut d = Daemon::interactive();
    d.refuses(&create("no/such/dir/sock"), "Failed to create control socket");
    d.refuses(&create(&"long".repeat(50)), "Failed to create control socket");
}

#[test]
fn the_option_of_the_command_line_is_the_same() {
    let mut d = Setup::interactive().socket().start();
    d.connect().answers("echo\thello", &["hello"]);
    // A create replaces that one too.
    d.ask(&create("second"));
    assert!(!fs::exists(d.path("control")).unwrap());
}

/// The original deleted it.
#[test]
fn the_option_of_the_command_line_spares_a_regular_file() {
    let mut d = Setup::interactive().file("control", "data").socket().spawn();
    assert_ne!(d.wait_exit().code(), Some(0));
    assert_eq!(d.read("control"), "data");
}

#[test]
fn the_option_of_the_command_line_replaces_a_left_over_socket() {
    let setup = Setup::interactive().socket();
    drop(UnixListener::bind(setup.path("control")).unwrap());
    let d = setup.start();
    d.connect().sync();
}

/// Whoever can connect can run programs as the user of the daemon.
#[test]
fn nobody_else_can_connect() {
    use std::os::unix::fs::PermissionsExt;
    let mut d = Daemon::interactive();
    d.ask(&create("sock"));
    let metadata = fs::metadata(d.path("sock")).unwrap();
    assert!(metadata.file_type().is_socket());
    assert_eq!(metadata.permissions().mode() & 0o077, 0);
}

#[test]
fn a_mode_is_exact_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let mut d = Daemon::interactive();
    let mode = |d: &Daemon, name| fs::metadata(d.path(name)).unwrap().permissions().mode() & 0o777;
    d.answers("socket.create\tname=ops,mode=0626\tops", NOTHING);
    assert_eq!(mode(&d, "ops"), 0o626);
    // The umask is what it was.
    d.answers(&create("sock"), NOTHING);
    assert_eq!(mode(&d, "sock") & 0o077, 0);
}

#[test]
fn a_socket_can_belong_to_others() {
    use std::os::unix::fs::MetadataExt;
    let mut d = Daemon::interactive();
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    if !is_root {
        d.refuses("socket.create\tuid=0\tops", "Failed to create control socket");
        assert!(fs::read_dir(d.path("")).unwrap().all(|it| !is_socket(&it.unwrap().path())));
        return;
    }
    d.answers("socket.create\tname=ops,uid=17,gid=18\tops", NOTHING);
    let metadata = fs::metadata(d.path("ops")).unwrap();
    assert_eq!((metadata.uid(), metadata.gid()), (17, 18));
    // What is not given stays.
    d.answers("socket.create\tgid=19\tother", NOTHING);
    let metadata = fs::metadata(d.path("other")).unwrap();
    assert_eq!((metadata.uid(), metadata.gid()), (0, 19));
}

fn is_socket(path: &std::path::Path) -> bool {
    fs::symlink_metadata(path).unwrap().file_type().is_socket()
}

#[test]
fn a_connection_that_says_nothing_harms_nobody() {
    let d = Setup::interactive().socket().start();
    let silent: Vec<UnixStream> =
        (0..5).map(|_| UnixStream::connect(d.path("control")).unwrap()).collect();
    d.connect().sync();
    drop(silent);
    d.connect().sync();
}

/// The command for a socket in the working directory.
fn create(name: &str) -> String {
    format!("socket.create\t-\t{name}")
}
