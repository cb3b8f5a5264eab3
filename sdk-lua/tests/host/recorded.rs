//! A recorded session is played again: to the program, by the suite's replayer, and to the script,
//! by the library's daemon for tests.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use daemonproxy_testing::programs;

use crate::program::{Script, program, start_command};

/// A little of everything: waits, refusals, brief states, a handler.
const SCRIPT: &str = "local dp = require 'daemonproxy'
    dp.on('service.state', { name = 'web', state = 'down', exit = 42 }, function(event)
        dp.service(event.name):tags { 'answered' }
    end)
    local web = dp.service 'web'
    web:args { 'sh', '-c', 'exit 42' }:fds { 'null', 'null', 'null' }:start()
    assert(web:wait 'up' and web:wait 'down')
    assert(dp.wait_for(function() return web.tags.answered end))
    assert(not dp.call('service.start', 'nothing'))
    dp.signal('HUP'):clear(1)
    web:delete()
    assert(dp.sync() and not web.exists)
    dp.exit()";

/// The suite's program. It is built first if needed.
fn suite() -> PathBuf {
    programs::built("conformance-tests", "conformance-tests")
}

#[test]
fn what_was_recorded_is_played_to_the_program_and_to_the_script() {
    let script = Script::new(SCRIPT);
    let recording = script.folder().join("recording.tsv");
    let mut recorder = Command::new(suite())
        .arg("record")
        .arg("-o")
        .arg(&recording)
        .arg("--")
        .arg(programs::daemon())
        .arg("-i")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the recorder starts");
    let events = recorder.stdout.take().expect("a pipe");
    let commands = recorder.stdin.take().expect("a pipe");
    let status = program()
        .arg(script.path())
        .stdin(events)
        .stdout(commands)
        .status()
        .expect("the program runs");
    assert!(status.success(), "{status}");
    assert!(recorder.wait().expect("wait").code().is_some());
    let text = std::fs::read_to_string(&recording).expect("a recording");
    assert!(text.contains("\tservice.tags\tweb\tanswered\n"), "{text}");
    assert!(text.contains("\tconn.features\tobserver\truns\n"), "{text}");

    let output = Command::new(suite())
        .arg("replay")
        .arg(&recording)
        .arg("--")
        .arg(crate::program::binary())
        .arg(script.path())
        .output()
        .expect("the replayer runs");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{text}");

    script.add(
        "test.lua",
        "local testing = require 'daemonproxy.testing'
        local _, daemon = testing.new()
        local file = assert(io.open(arg[1]))
        daemon:play(file:read 'a')
        daemon:load(arg[2])
        daemon:finish()
        assert(#daemon.written == 0, daemon.written[1])
        print 'played to its end'",
    );
    let mut command = program();
    command.arg(script.folder().join("test.lua")).arg(&recording).arg(script.path());
    let mut running = start_command(command, script);
    assert_eq!(running.ends_with(0), "played to its end\n", "{text}");
}
