//! `fd.take NAME` takes a descriptor that the controller passed along with this line.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;

use daemonproxy_testing::{
    Conn, Daemon, Log, Setup, error_event, eventually, exited, fd_count, pipe,
};

const NONE: &str = "No ancillary file descriptor received";
const TAKEN: &str = "fd.state\tx\t{any}\t{any}\t{any}";

fn start() -> (Daemon, Conn) {
    let d = Setup::interactive().socket().start();
    let conn = d.connect();
    (d, conn)
}

/// A file that holds one line.
fn file_of(d: &Daemon, name: &str) -> File {
    std::fs::write(d.path(name), format!("{name}\n")).unwrap();
    File::open(d.path(name)).unwrap()
}

/// What a service reads from the descriptor of that name.
fn content(d: &mut Daemon, name: &str) -> String {
    d.sync();
    d.output_with_fds(&[name, "out", "stderr"], &["/bin/cat"])
}

#[test]
fn a_service_gets_the_very_descriptor() {
    let (mut d, mut conn) = start();
    let (read_end, write_end) = pipe();
    conn.send_with_fds(b"fd.take\tx\n", &[write_end.as_fd()]);
    conn.expect(&[TAKEN]);
    drop(write_end);
    d.sync();
    d.define_shell("writer", "echo hello");
    d.give_fds("writer", &["null", "x"]);
    d.run_to_end("writer");
    d.ask("fd.delete\tx");
    // The daemon's was the last write end.
    assert_eq!(Log::collect(read_end).wait_for_end(), ["hello"]);
}

#[test]
fn two_lines_in_one_message_take_their_descriptors_in_order() {
    let (mut d, mut conn) = start();
    let (a, b) = (file_of(&d, "a"), file_of(&d, "b"));
    conn.send_with_fds(b"fd.take\tfirst\nfd.take\tsecond\n", &[a.as_fd(), b.as_fd()]);
    conn.sync();
    assert_eq!(content(&mut d, "first"), "a\n");
    assert_eq!(content(&mut d, "second"), "b\n");
}

#[test]
fn descriptors_of_several_messages_are_not_mixed_up() {
    let (mut d, mut conn) = start();
    let files: Vec<File> = (0..8).map(|i| file_of(&d, &format!("f{i}"))).collect();
    // All of them wait in the socket together.
    conn.send("statedump");
    for (i, file) in files.iter().enumerate() {
        conn.send_with_fds(format!("fd.take\tx{i}\n").as_bytes(), &[file.as_fd()]);
    }
    conn.sync();
    for i in 0..8 {
        assert_eq!(content(&mut d, &format!("x{i}")), format!("f{i}\n"));
    }
}

/// The kernel delivers the descriptor with the first piece.
#[test]
fn a_line_that_comes_in_pieces_keeps_its_descriptor() {
    let (mut d, mut conn) = start();
    let file = file_of(&d, "a");
    conn.send_with_fds(b"echo\tdone\nfd.ta", &[file.as_fd()]);
    conn.expect(&["done"]);
    conn.send_bytes(b"ke\tx\n");
    conn.expect(&[TAKEN]);
    assert_eq!(content(&mut d, "x"), "a\n");
}

#[test]
fn a_descriptor_of_another_controller_is_not_taken() {
    let (d, mut conn) = start();
    let mut other = d.connect();
    let file = File::open("/dev/zero").unwrap();
    conn.send_with_fds(b"fd.tak", &[file.as_fd()]);
    other.refuses("fd.take\tx", NONE);
    conn.send_bytes(b"e\tx\n");
    conn.expect(&[TAKEN]);
}

#[test]
fn a_fixed_pool_has_no_room_for_another() {
    let mut d = Setup::interactive().args(["--fd-pool", "7"]).socket().start();
    let mut conn = d.connect();
    conn.sync();
    let before = d.settled_fds();
    let file = File::open("/dev/zero").unwrap();
    conn.send_with_fds(b"fd.take\tx\n", &[file.as_fd()]);
    conn.expect(&[error_event("fd.take\tx", "Unable to allocate new file descriptor object")]);
    assert_eq!(fd_count(d.pid()), before, "what was refused is closed");
}

#[test]
fn the_constant_descriptors_cannot_be_altered() {
    let (mut d, mut conn) = start();
    let file = File::open("/dev/zero").unwrap();
    conn.sync();
    let before = d.settled_fds();
    for name in ["null", "control.cmd", "control.event", "control.socket"] {
        let command = format!("fd.take\t{name}");
        conn.send_with_fds(format!("{command}\n").as_bytes(), &[file.as_fd()]);
        conn.expect(&[error_event(&command, "File descriptor cannot be altered")]);
    }
    conn.sync();
    assert_eq!(fd_count(d.pid()), before, "what was refused is closed");
}

#[test]
fn a_service_on_control_socket_can_pass_a_descriptor() {
    let mut d = Setup::interactive().file("f", "from the service\n").start();
    let script = "import array, socket\n\
        s = socket.socket(fileno=0)\n\
        f = open('f')\n\
        fds = array.array('i', [f.fileno()])\n\
        s.sendmsg([b'fd.take\\tx\\n'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])\n";
    File::create(d.path("pass.py")).unwrap().write_all(script.as_bytes()).unwrap();
    d.define("passer", &["python3", "pass.py"]);
    d.give_fds("passer", &["control.socket", "stderr", "stderr"]);
    d.run("passer");
    let (before, _) = d.lines_until(exited("passer", 0));
    if !before.iter().any(|l| l.starts_with("fd.state\tx\t")) {
        d.wait_for(TAKEN);
    }
    assert_eq!(content(&mut d, "x"), "from the service\n");
}

/// Descriptors that are passed with the beginning of a line: they wait for its end, but not all of
/// them.
#[test]
fn all_controllers_together_cannot_fill_the_daemon() {
    const CONNECTIONS: usize = 24;
    const MOST: usize = 256;
    let (mut d, mut conn) = start();
    // It has been accepted when it is counted.
    conn.sync();
    let before = fd_count(d.pid());
    let file = File::open("/dev/zero").unwrap();
    let others: Vec<Conn> = (0..CONNECTIONS)
        .map(|_| {
            let mut other = d.connect();
            other.send_with_fds(b"fd.", &[file.as_fd(); 32]);
            other
        })
        .collect();
    d.sync();
    eventually("all have been accepted and heard", || {
        let open = fd_count(d.pid()) - before;
        // Those of one message have arrived before the oldest make room for them.
        assert!(open <= CONNECTIONS + MOST + 32, "{open} descriptors");
        (open == CONNECTIONS + MOST).then_some(())
    });
    conn.send_with_fds(b"fd.take\tx\n", &[file.as_fd()]);
    conn.expect(&[TAKEN]);
    drop(others);
    eventually("they are closed", || (fd_count(d.pid()) <= before + 1).then_some(()));
}
