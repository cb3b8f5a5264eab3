//! Floods and dams: a daemon that sends more than can be read, and one that reads nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};
use std::thread;

use crate::program::{Running, Script, program, start};

/// Kilobytes that are resident.
fn memory(running: &Running) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_daemon_that_takes_nothing_is_said_and_does_not_make_the_program_grow() {
    let script = Script::new(
        "local io = require 'daemonproxy.host'
        local line, sent = ('x'):rep(1000), 0
        while true do
            local ok, why = io.send('echo', line)
            if not ok then print('full', why) break end
            sent = sent + 1
        end
        print('events still come:', (select(2, io.receive())).text)
        print(io.send('echo', line))
        io.receive()",
    );
    let (mut commands, theirs) = std::io::pipe().expect("a pipe");
    let mut child = piped(&script, theirs.into());
    let mut events = child.stdin.take().expect("a pipe");
    events.write_all(b"info\thello\n").expect("it reads");
    let mut said = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut lines = String::new();
    for _ in 0..3 {
        said.read_line(&mut lines).expect("it says");
    }
    let text =
        "no room for more of them\nevents still come:\thello\nnil\tthe daemon takes no commands";
    assert!(lines.contains(text), "{lines}");
    // When it is finally read, everything that was accepted comes, in whole lines.
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        commands.read_to_end(&mut bytes).map(|_| bytes)
    });
    drop(events);
    assert!(child.wait().expect("wait").success());
    let bytes = reader.join().expect("no panic").expect("it reads");
    assert!(bytes.len() > 1 << 20, "{}", bytes.len());
    assert!(bytes.len() < 3 << 20, "{}", bytes.len());
    let whole = |line: &[u8]| line.len() == 1005 && line.starts_with(b"echo\tx");
    assert!(bytes.strip_suffix(b"\n").expect("an LF").split(|&b| b == b'\n').all(whole));
}

#[test]
fn a_flood_that_is_not_read_stays_where_it_is() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        local kind, event = io.receive()
        io.send('echo', event.text)
        -- This sends it, and may find the first one of the flood.
        local count = io.receive(0) == 'event' and 1 or 0
        -- Busy until it is told to go on.
        local file
        repeat file = io_open(arg[0] .. '.go') until file
        repeat
            kind, event = io.receive()
            count = count + 1
        until event.text == 'last'
        print(count)"
            .replace("io_open", "_G.io.open")
            .as_str(),
    );
    running.tells("info\tfirst");
    running.commands("echo\tfirst");
    let before = memory(&running);
    // More than fits into the pipe: the writer stands still until it is read.
    let mut events = running.take_events();
    let writer = thread::spawn(move || {
        let line = b"info\tabcdefghijklmnopqrstuvwxyz\n".repeat(100);
        for _ in 0..2000 {
            events.write_all(&line).expect("it reads");
        }
        events.write_all(b"info\tlast\n").expect("it reads");
    });
    assert!(memory(&running) < before + 4096, "{before} kB before");
    running.script.add("script.lua.go", "");
    let (status, said) = running.ends();
    writer.join().expect("all was taken");
    assert_eq!((status, said.as_str()), (Some(0), "200001\n"));
}

#[test]
fn signals_and_handles_have_their_turn_in_a_flood() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        assert(io.trap('USR1', true))
        io.send('echo', 'ready')
        local count = 0
        while true do
            local kind, what = io.receive()
            if kind == 'signal' then
                print('heard', what)
                break
            end
            count = count + 1
        end
        io.leave(0)",
    );
    running.commands("echo\tready");
    let mut events = running.take_events();
    let (tell, told) = std::sync::mpsc::channel();
    let writer = thread::spawn(move || {
        let line = b"info\tabcdefghijklmnopqrstuvwxyz\n".repeat(100);
        let mut tell = Some(tell);
        // Until it leaves.
        while events.write_all(&line).is_ok() {
            tell.take().map(|tell| tell.send(()));
        }
    });
    told.recv().expect("the flood begins");
    running.signals(nix::sys::signal::Signal::SIGUSR1);
    let (status, said) = running.ends();
    assert_eq!((status, said.as_str()), (Some(0), "heard\tUSR1\n"));
    writer.join().expect("no panic");
}

#[test]
fn a_daemon_that_does_not_read_any_more_is_no_reason_to_die() {
    let script = Script::new(
        "local io = require 'daemonproxy.host'
        print((select(2, io.receive())).text)
        io.send('echo', 'into nothing')
        print((select(2, io.receive())).text)
        local sent, why
        repeat
            io.receive(0)
            sent, why = io.send('echo', 'again')
        until not sent
        print(sent, why)
        io.leave(0)",
    );
    let mut child = piped(&script, Stdio::piped());
    // The pipe may still have a reader for a moment: a child that another test is just starting.
    drop(child.stdout.take());
    let mut events = child.stdin.take().expect("a pipe");
    events.write_all(b"info\tfirst\ninfo\tstill here\n").expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    drop(events);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "first\nstill here\nnil\tthe connection to the daemon has ended\n");
    assert_eq!(output.status.code(), Some(0));
}

/// The program with this script, and no thread that reads what it writes.
fn piped(script: &Script, commands: Stdio) -> Child {
    let mut command = program();
    command.arg(script.path()).stdin(Stdio::piped()).stdout(commands).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}
