//! Signals to the program itself.

use std::os::unix::process::CommandExt;

use daemonproxy_testing::{Daemon, Setup};
use nix::sys::signal::Signal;

use crate::program::{Script, program, start, start_command};
use crate::restart::{Spy, controller};

#[test]
fn a_trapped_signal_is_told() {
    let mut running = start(
        "local dp = require 'daemonproxy'
        dp.trap('HUP', function() dp.service('heard'):tags { 'HUP' } end)
        dp.service('ready'):tags {}",
    );
    running.answers_until("service.tags\tready");
    running.signals(Signal::SIGHUP);
    running.answers_until("service.tags\theard\tHUP");
    running.ends_with(0);
}

#[test]
fn a_trap_that_was_taken_off_leaves_the_signal_as_it_was() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        io.trap('TERM', true)
        io.trap('TERM', false)
        io.send('echo', 'ready')
        io.receive()",
    );
    running.commands("echo\tready");
    running.signals(Signal::SIGTERM);
    assert_eq!(running.ends().0, None);
}

#[test]
fn keys_of_the_terminal_are_the_business_of_the_daemon() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        io.send('echo', 'ready')
        io.receive()
        io.send('echo', 'alive')",
    );
    running.commands("echo\tready");
    running.signals(Signal::SIGINT);
    running.signals(Signal::SIGQUIT);
    running.tells("overflow");
    running.commands("echo\talive");
    running.ends_with(0);
}

#[test]
fn what_cannot_be_trapped_is_said() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        for _, name in ipairs { 'KILL', 'STOP', 'SEGV', 'ALRM', 'NONE' } do print(io.trap(name, true)) end
        print(io.trap('SIGUSR2', true))",
    );
    let said = running.ends_with(0);
    assert_eq!(
        said,
        "nil\tSIGKILL cannot be trapped by anybody\nnil\tSIGSTOP cannot be trapped by anybody\n\
         nil\tSIGSEGV means that this program is broken\nnil\tSIGALRM is used by the watchdog\n\
         nil\tthere is no signal \"NONE\"\ntrue\tnil\n"
    );
}

/// Whoever has started it by hand can end it by hand.
#[test]
fn an_interrupt_ends_a_script_with_a_connection_of_its_own() {
    let daemon = Setup::default().listen();
    let script = Script::new("io.stdout:write('ready\\n')\nrequire('daemonproxy').sleep(1000)");
    let mut command = program();
    command.arg("--connect").arg(daemon.socket()).arg(script.path());
    // The test itself may have been told to ignore it, as a job in the background is.
    // SAFETY: signal(2) may be called between fork and exec.
    unsafe {
        command.pre_exec(|| {
            libc::signal(libc::SIGINT, libc::SIG_DFL);
            Ok(())
        });
    }
    let mut running = start_command(command, script);
    running.commands("ready");
    running.signals(Signal::SIGINT);
    assert_eq!(running.ends().0, None);
}

/// A daemon with this script as its controller, which has said what it listens to, gets a signal.
#[track_caller]
fn signalled(code: &str, signal: Signal) -> (Daemon, Spy) {
    let script = Script::new(&format!(
        "local dp = require 'daemonproxy'
        {code}
        dp.sync()
        dp.sync()
        dp.service('script'):tags {{ 'ready' }}"
    ));
    let daemon = Setup::default().config(controller("", &script)).listen();
    let mut spy = Spy::new(&daemon);
    spy.sends("service.auto_up\tlua\t1\talways");
    spy.waits_for(|line| line == "service.tags\tscript\tready");
    daemon.signal(signal as i32);
    spy.waits_for(|line| line.starts_with(&format!("signal\t{signal}\t")));
    (daemon, spy)
}

#[test]
fn without_handlers_of_signals_the_daemon_ends_as_if_the_script_were_not_there() {
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGQUIT] {
        for code in [
            "",
            "dp.on('*', function() end)",
            "dp.on('signal', { signal = 'HUP' }, function() end)",
            "dp.on('signal', function() end):off()",
        ] {
            let (mut daemon, mut spy) = signalled(code, signal);
            spy.waits_for(|line| line.starts_with("terminate.state\tstopping\t"));
            assert_eq!(daemon.wait_exit().code(), Some(0), "{signal} with {code:?}");
        }
    }
}

#[test]
fn a_script_with_a_handler_decides_what_a_signal_means() {
    let heard = "dp.on('signal', { signal = 'TERM' }, function(event)
            dp.signal(event.signal):clear()
            dp.service('script'):tags { 'heard' }
        end)";
    let (_daemon, mut spy) = signalled(heard, Signal::SIGTERM);
    spy.waits_for(|line| line == "service.tags\tscript\theard");
    spy.sends("echo\tall is well");
    spy.waits_for(|line| line == "all is well");
}
