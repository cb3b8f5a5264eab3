//! Under a real daemon: a controller that went astray is restarted, and finds everything as it was.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use daemonproxy_testing::{Daemon, PATIENCE, Setup};

use crate::program::{Script, binary, program};

/// A connection that waits for lines.
pub(crate) struct Spy(BufReader<UnixStream>);

impl Spy {
    /// One that only observes.
    #[track_caller]
    pub(crate) fn new(daemon: &Daemon) -> Self {
        let stream = UnixStream::connect(daemon.socket()).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        let mut spy = Self(BufReader::new(stream));
        spy.sends("conn.features\tobserver");
        spy.waits_for(|line| line == "conn.features\tobserver");
        spy
    }

    #[track_caller]
    pub(crate) fn sends(&mut self, line: &str) {
        self.0.get_mut().write_all(format!("{line}\n").as_bytes()).expect("it reads");
    }

    /// The next line that matches.
    #[track_caller]
    pub(crate) fn waits_for(&mut self, fits: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            assert!(Instant::now() < deadline, "lines came, but not that one");
            let mut line = String::new();
            let n = self.0.read_line(&mut line).expect("a line in time");
            assert!(n > 0, "the daemon has gone");
            if fits(line.trim_end()) {
                return line.trim_end().to_owned();
            }
        }
    }
}

pub(crate) fn controller(options: &str, script: &Script) -> String {
    format!(
        "service.args\tlua\t{}\t{options}{}\nservice.fds\tlua\tcontrol.event\tcontrol.cmd\tstderr\n",
        binary().display(),
        script.shown()
    )
}

#[test]
fn a_controller_that_hangs_is_started_again() {
    let script = Script::new(
        "local dp = require 'daemonproxy'
        dp.on('service.tags', { name = 'trap' }, function() while true do pcall(error) end end)
        dp.service('lua'):tags { 'listening' }",
    );
    let daemon = Setup::default().config(controller("--watchdog\t0.5\t", &script)).listen();
    let mut spy = Spy::new(&daemon);
    spy.sends("service.auto_up\tlua\t1\talways");
    spy.waits_for(|line| line == "service.tags\tlua\tlistening");
    spy.sends("service.tags\ttrap\tsnap");
    let down = spy.waits_for(|line| line.starts_with("service.state\tlua\tdown"));
    assert!(down.contains("\texit\t3\t"), "{down}");
    spy.waits_for(|line| line == "service.tags\tlua\tlistening");
    daemon.log.wait_for("script.lua:2: in ");
    let log = daemon.log.lines().join("\n");
    assert!(log.contains("and was stopped:\nstack traceback:\n"), "{log}");
}

#[test]
fn a_controller_that_fails_has_its_status_and_says_why() {
    let script = Script::new("error('not today')");
    let daemon = Setup::default().config(controller("", &script)).listen();
    let mut spy = Spy::new(&daemon);
    spy.sends("service.start\tlua");
    let down = spy.waits_for(|line| line.starts_with("service.state\tlua\tdown"));
    assert!(down.contains("\texit\t1\t"), "{down}");
    daemon.log.wait_for("script.lua:1: not today");
}

#[test]
fn a_controller_steers_a_service() {
    let script = Script::new(
        "local dp = require 'daemonproxy'
        local web = dp.service('web')
        web:args { 'sh', '-c', 'exit 7' }
        web:start()
        web:wait('down', 60)
        dp.service('lua'):tags { 'saw ' .. tostring(web.exit) }",
    );
    let daemon = Setup::default().config(controller("", &script)).listen();
    let mut spy = Spy::new(&daemon);
    spy.sends("service.start\tlua");
    spy.waits_for(|line| line == "service.tags\tlua\tsaw 7");
}

#[test]
fn from_outside_by_the_control_socket() {
    let daemon = Setup::default().config("service.args\tweb\tsleep\t1000\n").listen();
    let script = Script::new(
        "local dp = require 'daemonproxy'
        print('args: ' .. table.concat(dp.service('web').args, ' '))
        io.stderr:write('on standard error\\n')
        os.exit(0)",
    );
    let output = program()
        .arg("--connect")
        .arg(daemon.socket())
        .arg(script.path())
        .output()
        .expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "args: sleep 1000\n");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "on standard error\n");
    assert_eq!(output.status.code(), Some(0));
}
