//! The commands that make the daemon leave, and the last that it says.

use daemonproxy_protocol::{Event, Fields, LogLevel};

use crate::leave::leaving::Leave;
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::system::System;

impl<S: System> Proxy<S> {
    /// Whether, and how, the daemon should leave.
    pub fn leave(&self) -> Option<Leave> {
        self.leaving.decision()
    }

    /// Whether the end has been decided, or has begun.
    pub fn is_ending(&self) -> bool {
        self.leaving.is_decided() || self.stopping.is_shutting_down()
    }

    /// Decides to leave, unless that has been decided already.
    pub fn set_leave(&mut self, leave: Leave) {
        self.leaving.decide(leave);
    }

    /// Something to execute instead of exiting is already set (`--exit-exec`).
    pub fn exit_exec_is_set(&mut self, args: Fields<'_>) {
        self.leaving.set_exec(args);
    }

    /// The guard is on because this is PID 1, and not because somebody asked for it.
    pub fn guard_came_by_itself(&mut self) {
        self.leaving.guard_came_by_itself();
    }

    /// The command `terminate.exec_args`.
    pub(crate) fn terminate_exec_args(&mut self, args: Fields<'_>) {
        self.leaving.set_exec(args);
        self.sys.set_exit_exec(args);
        self.announce_own_setting(None, |_, out| Event::TerminateExecArgs { args }.encode(out));
    }

    /// The command `terminate`.
    pub(crate) fn terminate(&mut self, code: i32, guard: Option<i64>) -> Outcome<'static> {
        self.leaving.check(guard)?;
        self.set_leave(Leave { code, reason: "terminate command" });
        Ok(())
    }

    /// The command `terminate.guard`.
    pub(crate) fn terminate_guard(&mut self, on: bool, code: i64) -> Outcome<'static> {
        self.leaving.set_guard(on, code)
    }

    /// The last thing before leaving: tells what was still running, and sends what can be sent
    /// without waiting. The sockets go first: whoever sees the end of its connection can start
    /// another daemon there.
    pub fn farewell(&mut self) {
        let Some(leave) = self.leaving.decision() else { return };
        self.log(LogLevel::Info, &[b"leaving: ", leave.reason.as_bytes()]);
        for at in 0..self.services.running().len() {
            self.log_running(at);
        }
        self.log_left_behind();
        self.delete_sockets();
        self.end_connections();
    }

    fn log_running(&mut self, at: usize) {
        let Some(&(pid, slot)) = self.services.running().get(at) else { return };
        self.say_of_service(slot, b"' running as pid ", pid, |proxy, text| {
            proxy.log(LogLevel::Warning, &[text]);
        });
    }
}
