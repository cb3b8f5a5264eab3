//! `session=tty`: a terminal of its own for a service.

use daemonproxy_testing::{Daemon, exited, starting, up};

/// A terminal nobody has: the end of whoever shows it, and its path.
fn terminal() -> (nix::pty::PtyMaster, String) {
    let flags = nix::fcntl::OFlag::O_RDWR | nix::fcntl::OFlag::O_NOCTTY;
    let master = nix::pty::posix_openpt(flags).unwrap();
    nix::pty::grantpt(&master).unwrap();
    nix::pty::unlockpt(&master).unwrap();
    let path = nix::pty::ptsname_r(&master).unwrap();
    (master, path)
}

/// Only a terminal that controls the session can be opened as /dev/tty, and tells its foreground.
#[test]
fn a_terminal_controls_the_session() {
    let mut d = Daemon::interactive();
    let (_master, path) = terminal();
    d.ask(&format!("fd.open\ttty\tread,write\t{path}"));
    // Its group, its session, and the group in the foreground.
    let script = "set -- $(cut -d' ' -f5,6,8 /proc/$$/stat); \
                  : </dev/tty && test \"$1 $2 $3\" = \"$$ $$ $$\" && exit 7";
    d.define("web", &["sh", "-c", script]);
    d.ask("service.fds\tweb\ttty\ttty\ttty");
    d.ask("service.options\tweb\tsession=tty");
    d.send("service.start\tweb");
    d.expect(&[starting("web"), up("web"), exited("web", 7)]);
}
