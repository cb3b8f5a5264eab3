//! TCP, unix sockets, FIFOs and descriptors that were inherited, as handles.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;

use crate::program::{Script, program, start, start_command, start_with};

/// Functions that wait using only handles: the client has better ones.
const WAIT: &str = "local host = require 'daemonproxy.host'
    local function ready(handle, what)
        handle:watch(what)
        local kind, which = host.receive(60)
        assert(kind == 'ready' and which == handle, kind)
    end
    local function write(handle, text)
        while true do
            local n, why = handle:write(text)
            if n then text = text:sub(n + 1) elseif why ~= 'again' then return nil, why end
            if text == '' then return true end
            ready(handle, 'w')
        end
    end
    local function read(handle)
        while true do
            local text, why = handle:read(100)
            if why ~= 'again' then return text, why end
            ready(handle, 'r')
        end
    end\n";

const TALK: &str = "local handle = assert(host.connect(arg[1]))
    print(write(handle, 'question\\n'))
    print(read(handle))
    print(read(handle))
    handle:close()
    print(handle:read(1))
    print(handle:watch('r'))
    host.leave(0)";

#[track_caller]
fn talks(address: &str) {
    let script = Script::new(&format!("{WAIT}{TALK}"));
    let mut command = program();
    command.arg(script.path()).arg(address);
    let mut running = start_command(command, script);
    let (status, said) = running.ends();
    let expected =
        "true\nanswer\tnil\nnil\tclosed\nnil\tit is closed already\nnil\tit is closed already\n";
    assert_eq!((status, said.as_str()), (Some(0), expected));
}

fn answer<S: std::io::Read + Write>(stream: S) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).expect("a question");
    assert_eq!(line, "question\n");
    stream.get_mut().write_all(b"answer").expect("it reads");
}

#[test]
fn a_tcp_connection() {
    for host in ["127.0.0.1", "localhost"] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = std::thread::spawn(move || answer(listener.accept().expect("a client").0));
        talks(&format!("{host}:{port}"));
        server.join().expect("all was said");
    }
}

#[test]
fn a_unix_connection() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).expect("a socket");
    let server = std::thread::spawn(move || answer(listener.accept().expect("a client").0));
    talks(&path.display().to_string());
    server.join().expect("all was said");
}

#[test]
fn names_are_not_looked_up_and_the_error_says_so() {
    let mut running = start("print(require('daemonproxy.host').connect('example.org:80'))");
    let said = running.ends_with(0);
    assert!(said.starts_with("nil\t\"example.org:80\" is no address"), "{said}");
    assert!(said.contains("no names are looked up"), "{said}");
}

/// Two connections at the same time, while events go on; the second one comes when nobody accepts
/// yet.
#[track_caller]
fn serves<S: std::io::Read + Write>(address: &str, connect: impl Fn(&str) -> S) {
    let mut running = start(&format!(
        "local dp = require 'daemonproxy'
        local listener = assert(dp.listen('{address}'))
        print(select(2, listener:accept(0.01)))
        dp.spawn(function()
            while true do
                local guest, why = listener:accept()
                if not guest then print(why) break end
                dp.spawn(function()
                    guest:write('you said ' .. guest:read('l', 60) .. '\\n', 60)
                    guest:close()
                end)
            end
            dp.service('ended'):tags {{}}
        end)
        dp.on('service.tags', {{ tags = 'close' }}, function() listener:close() end)
        dp.service('at'):tags {{ listener.address }}"
    ));
    let at = running.answers_until_starting_with("service.tags\tat\t");
    let (mut first, second) = (connect(&at), connect(&at));
    let mut second = BufReader::new(second);
    second.get_mut().write_all(b"hello\n").expect("it reads");
    let mut line = String::new();
    second.read_line(&mut line).expect("an answer");
    assert_eq!(line, "you said hello\n");
    first.write_all(b"bye\n").expect("it reads");
    line.clear();
    BufReader::new(first).read_line(&mut line).expect("an answer");
    assert_eq!(line, "you said bye\n");
    running.tells("service.tags\tx\tclose");
    running.answers_until("service.tags\tended");
    assert_eq!(running.ends_with(0), "timeout\nclosed\n");
}

#[test]
fn a_script_can_listen_at_a_port() {
    serves("127.0.0.1:0", |at| std::net::TcpStream::connect(at).expect("it listens"));
}

#[test]
fn a_script_can_listen_at_a_path_and_takes_it_away_at_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    // A left-over socket.
    drop(UnixListener::bind(&path).expect("a socket"));
    serves(&path.display().to_string(), |at| UnixStream::connect(at).expect("it listens"));
    assert!(!path.exists());
}

#[test]
fn a_path_that_is_in_use_is_not_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, file) = (folder.path().join("socket"), folder.path().join("file"));
    let _listener = UnixListener::bind(&path).expect("a socket");
    std::fs::write(&file, "x").expect("a file");
    let mut running = start(&format!(
        "local dp = require 'daemonproxy'
        print(dp.listen '{0}')
        print(dp.listen '{1}')
        print(dp.listen 'example.org:80')",
        path.display(),
        file.display()
    ));
    running.answers_until("statedump");
    let said = running.ends_with(0);
    let in_use = format!("nil\tcannot listen at {}: Address already in use\n", path.display());
    assert!(said.starts_with(&in_use), "{said}");
    assert!(said.contains("no names are looked up"), "{said}");
    assert!(file.exists() && UnixStream::connect(&path).is_ok());
}

#[test]
fn a_connection_that_is_refused_says_so_when_it_is_used() {
    // A port that was free a moment ago, and is bound, but nobody listens.
    let holder = nix::sys::socket::socket(
        nix::sys::socket::AddressFamily::Inet,
        nix::sys::socket::SockType::Stream,
        nix::sys::socket::SockFlag::SOCK_CLOEXEC,
        None,
    )
    .expect("a socket");
    let any = "127.0.0.1:0".parse::<std::net::SocketAddrV4>().expect("an address");
    nix::sys::socket::bind(holder.as_raw_fd(), &nix::sys::socket::SockaddrIn::from(any))
        .expect("a port");
    let name: nix::sys::socket::SockaddrIn =
        nix::sys::socket::getsockname(holder.as_raw_fd()).expect("a name");
    let code = format!(
        "{WAIT} local handle = host.connect('127.0.0.1:{}')\nprint(write(handle, 'x'))\nhost.leave(0)",
        name.port()
    );
    let (status, said) = start(&code).ends();
    assert_eq!((status, said.as_str()), (Some(0), "nil\tConnection refused\n"));
    // The client finds out before anything is written.
    let code = format!(
        "local dp = require 'daemonproxy'
        local stream, why = dp.connect('127.0.0.1:{}', 60)
        dp.service('done'):tags {{ tostring(stream), why }}",
        name.port()
    );
    let mut running = start(&code);
    running.answers_until("service.tags\tdone\tnil\tConnection refused");
    running.ends_with(0);
}

#[test]
fn a_unix_socket_where_nobody_is_says_so_at_once() {
    let mut running = start("print(require('daemonproxy.host').connect('/nowhere/at-all'))");
    let expected = "nil\tcannot connect to /nowhere/at-all: there is no such socket\n";
    assert_eq!(running.ends_with(0), expected);
}

#[test]
fn a_fifo_has_no_end_before_somebody_has_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("fifo");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a FIFO");
    let code = format!(
        "{WAIT} local handle = assert(host.open('{}', 'r'))
        print(handle:read(10))
        host.send('echo', 'open')
        print(read(handle))
        print(read(handle))
        host.leave(0)",
        path.display()
    );
    let mut running = start(&code);
    // The next wait sends what is buffered.
    running.commands("echo\topen");
    let mut writer = std::fs::OpenOptions::new().write(true).open(&path).expect("it is open");
    writer.write_all(b"ready\n").expect("it reads");
    drop(writer);
    let (status, said) = running.ends();
    assert_eq!(status, Some(0));
    assert_eq!(said, "nil\tagain\nready\n\tnil\nnil\tclosed\n");
}

#[test]
fn a_fifo_that_nobody_reads_cannot_be_opened_for_writing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("fifo");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a FIFO");
    let path = path.display();
    let code = format!("print(require('daemonproxy.host').open('{path}', 'w'))");
    let expected = format!("nil\tcannot open {path}: nobody reads from it\n");
    assert_eq!(start(&code).ends_with(0), expected);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let mut running = start(
        "local host = require 'daemonproxy.host'
        print(host.open('/nowhere/at-all', 'r'))
        print(host.open('/dev/null', 'rw'))",
    );
    let said = running.ends_with(0);
    assert!(
        said.contains("nil\tcannot open /nowhere/at-all: No such file or directory\n"),
        "{said}"
    );
    assert!(said.contains("nil\tthe mode is \"r\" or \"w\", not \"rw\"\n"), "{said}");
}

#[test]
fn an_inherited_descriptor_can_be_adopted_once() {
    let (mut ours, theirs) = UnixStream::pair().expect("a pair");
    let code = format!(
        "{WAIT} local handle = assert(host.adopt(7))
        print(host.adopt(7))
        print(host.adopt(1))
        print(host.adopt(77))
        write(handle, 'hello\\n')
        print(read(handle))
        host.leave(0)"
    );
    let script = Script::new(&code);
    let mut command = program();
    command.arg(script.path());
    // Not 7 already: then dup2 would leave it to be closed.
    let theirs = nix::fcntl::fcntl(&theirs, nix::fcntl::FcntlArg::F_DUPFD_CLOEXEC(100)).map(|fd| {
        drop(theirs);
        // SAFETY: it was made just now, and nobody else has it.
        unsafe { OwnedFd::from_raw_fd(fd) }
    });
    let theirs = theirs.expect("a copy");
    let number = theirs.as_raw_fd();
    // SAFETY: dup2 is safe after fork, and touches no memory.
    unsafe {
        command.pre_exec(move || {
            if libc::dup2(number, 7) < 0 {
                return Err(std::io::Error::last_os_error());
            }
            Ok(())
        });
    }
    let mut running = start_command(command, script);
    drop(theirs);
    let mut line = String::new();
    BufReader::new(&ours).read_line(&mut line).expect("a line");
    assert_eq!(line, "hello\n");
    ours.write_all(b"answer").expect("it reads");
    let (status, said) = running.ends();
    let expected = "nil\tthe descriptor 7 was not inherited, or is taken already\n\
        nil\tthe descriptor 1 is not to be had\nnil\tthere is no descriptor 77\nanswer\tnil\n";
    assert_eq!((status, said.as_str()), (Some(0), expected));
}

#[test]
fn a_handle_that_is_closed_or_not_watched_any_more_is_not_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).expect("a socket");
    let code = format!(
        "local host = require 'daemonproxy.host'
        local first, second = host.connect('{0}'), host.connect('{0}')
        first:watch('w')
        second:watch('w')
        first:close()
        second:watch(nil)
        print((host.receive(0)))
        second:watch('w')
        print((host.receive(60)))
        print((host.receive(0)))
        host.leave(0)",
        path.display()
    );
    let (status, said) = start(&code).ends();
    assert_eq!((status, said.as_str()), (Some(0), "idle\nready\nidle\n"));
    drop(listener);
}

#[test]
fn the_clients_streams_work_on_these_handles() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = std::thread::spawn(move || answer(listener.accept().expect("a client").0));
    let code = format!(
        "local dp = require 'daemonproxy'
        local stream = assert(dp.connect('127.0.0.1:{port}', 60))
        stream:write('question\\n')
        print(stream:read('a', 60))
        dp.service('done'):tags {{}}"
    );
    let mut running = start_with(&["--watchdog", "60"], &code);
    running.answers_until("service.tags\tdone");
    assert!(running.ends_with(0).starts_with("answer"));
    server.join().expect("all was said");
}
