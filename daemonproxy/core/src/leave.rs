//! Whether, why and with what status the daemon leaves, and who may make it.

use daemonproxy_protocol::{Fields, LogLevel, Refusal};

use crate::dispatch::Outcome;
use crate::proxy::Proxy;
use crate::stop::one_stop::Main;
use crate::stop::shutdown::Seconds;
use crate::system::System;

/// The decision to leave.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// The exit status, or DAEMONPROXY_EXITCODE for the program that is executed instead.
    pub code: i32,
    /// Why, for the log and for DAEMONPROXY_ERROR.
    pub reason: &'static str,
}

/// The decision, the guard against it, and whether something is executed in the end.
pub(crate) struct Leaving {
    decided: Option<Leave>,
    guard: Guard,
    /// There is something to execute instead of exiting (`--exit-exec`, `terminate.exec_args`).
    has_exec: bool,
}

impl Leaving {
    /// With the guard on, if there is a `code` to turn it off with.
    pub(crate) fn new(code: Option<i64>) -> Self {
        Self { decided: None, guard: Guard::new(code), has_exec: false }
    }

    pub(crate) fn is_decided(&self) -> bool {
        self.decided.is_some()
    }

    /// Whether nobody can make the daemon leave without a code.
    pub(crate) fn is_guarded(&self) -> bool {
        self.guard.is_on()
    }

    /// May the daemon leave for somebody who says `code`?
    fn check(&self, code: Option<i64>) -> Result<(), Refusal<'static>> {
        self.guard.check(code, self.has_exec)
    }
}

/// The protection against leaving by mistake (`terminate.guard`, `--exit-guard`).
#[derive(Copy, Clone, Debug, Default)]
struct Guard {
    code: Option<i64>,
}

impl Guard {
    fn new(code: Option<i64>) -> Self {
        Self { code }
    }

    fn is_on(self) -> bool {
        self.code.is_some()
    }

    /// May the daemon leave for somebody who says `code`?
    fn check(self, code: Option<i64>, has_exec: bool) -> Result<(), Refusal<'static>> {
        let Some(wanted) = self.code else { return Ok(()) };
        match code {
            None => Err(Refusal::GuardCodeRequired),
            Some(code) if code != wanted => Err(Refusal::IncorrectTerminateGuardCode),
            Some(_) if !has_exec => Err(Refusal::ExecNotConfigured),
            Some(_) => Ok(()),
        }
    }

    fn turn_on(&mut self, code: i64) -> Result<(), Refusal<'static>> {
        if self.is_on() {
            return Err(Refusal::GuardAlreadySet);
        }
        self.code = Some(code);
        Ok(())
    }

    fn turn_off(&mut self, code: i64) -> Result<(), Refusal<'static>> {
        match self.code {
            None => Err(Refusal::GuardNotSet),
            Some(wanted) if wanted != code => Err(Refusal::IncorrectGuardCode),
            Some(_) => {
                self.code = None;
                Ok(())
            }
        }
    }
}

impl<S: System> Proxy<S> {
    /// Whether, and how, the daemon is to leave.
    pub fn leave(&self) -> Option<Leave> {
        self.leaving.decided
    }

    /// Decides to leave, unless that has been decided already.
    pub fn set_leave(&mut self, leave: Leave) {
        self.leaving.decided.get_or_insert(leave);
    }

    /// Something to execute instead of exiting has been set already (`--exit-exec`).
    pub fn exit_exec_is_set(&mut self) {
        self.leaving.has_exec = true;
    }

    /// The command `terminate.exec_args`.
    pub(crate) fn terminate_exec_args(&mut self, args: Fields<'_>) {
        self.leaving.has_exec = !args.is_empty();
        self.sys.set_exit_exec(args);
    }

    /// The command `terminate`.
    pub(crate) fn terminate(&mut self, code: i32, guard: Option<i64>) -> Outcome<'static> {
        self.leaving.check(guard)?;
        self.set_leave(Leave { code, reason: "terminate command" });
        Ok(())
    }

    /// The command `terminate.guard`.
    pub(crate) fn terminate_guard(&mut self, on: bool, code: i64) -> Outcome<'static> {
        let guard = &mut self.leaving.guard;
        if on { guard.turn_on(code) } else { guard.turn_off(code) }
    }

    /// The command `terminate.shutdown`.
    pub(crate) fn terminate_shutdown(
        &mut self,
        seconds: Seconds,
        guard: Option<i64>,
    ) -> Outcome<'static> {
        self.leaving.check(guard)?;
        self.begin_shutdown(seconds);
        Ok(())
    }

    /// The last thing before leaving: tells what was still running, and sends what can be sent
    /// without waiting.
    pub fn farewell(&mut self) {
        let Some(leave) = self.leaving.decided else { return };
        self.log(LogLevel::Info, &[b"leaving: ", leave.reason.as_bytes()]);
        for at in 0..self.services.running().len() {
            self.log_running(at);
        }
        for at in 0..self.stopping.list.len() {
            self.log_left_behind(at);
        }
        self.end_connections();
        self.socket_delete();
    }

    fn log_running(&mut self, at: usize) {
        let Some(&(pid, slot)) = self.services.running().get(at) else { return };
        self.say_of_service(slot, b"' running as pid ", pid, |proxy, text| {
            proxy.log(LogLevel::Warning, &[text]);
        });
    }

    fn log_left_behind(&mut self, at: usize) {
        let stop = self.stopping.list[at];
        if stop.main != Main::Runs {
            let what = b"' has left processes of the group ";
            self.say_of_service(stop.slot, what, stop.pid, |proxy, text| {
                proxy.log(LogLevel::Warning, &[text]);
            });
        }
    }
}
