//! Whether, why and with what status the daemon leaves, and who may make it.

use daemonproxy_protocol::{Refusal, ShutdownPhase};

use crate::system::Monotonic;

/// The decision to leave.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// The exit status, or DAEMONPROXY_EXITCODE for the program that is executed instead.
    pub code: i32,
    /// Why, for the log and for DAEMONPROXY_ERROR.
    pub reason: &'static str,
}

/// An orderly end that has begun.
#[derive(Copy, Clone)]
pub(crate) struct Shutdown {
    /// Seconds from SIGTERM to SIGKILL.
    pub(crate) term: u32,
    /// Seconds from SIGKILL to giving up.
    pub(crate) kill: u32,
    /// Seconds for the last events and the log.
    pub(crate) flush: u32,
    /// The exit status so far.
    pub(crate) code: i32,
    /// There are circles of pipes.
    pub(crate) circles: bool,
    /// Somebody has gone since the last look at who is next.
    pub(crate) changed: bool,
    /// Only events and the log are left, until then at the most.
    pub(crate) flushing: Option<Monotonic>,
    /// Until when the log may take to get into the pipe that it goes through.
    pub(crate) log_until: Option<Monotonic>,
    /// What was told of it last.
    pub(crate) told: Option<(ShutdownPhase, u32)>,
}

impl Shutdown {
    /// One that begins. Times in seconds.
    pub(crate) fn new(term: u32, kill: u32, flush: u32) -> Self {
        Self {
            term,
            kill,
            flush,
            code: 0,
            circles: false,
            changed: true,
            flushing: None,
            log_until: None,
            told: None,
        }
    }
}

/// The protection against leaving by mistake (`terminate.guard`, `--exit-guard`).
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct Guard {
    code: Option<i64>,
}

impl Guard {
    pub(crate) fn new(code: Option<i64>) -> Self {
        Self { code }
    }

    pub(crate) fn is_on(self) -> bool {
        self.code.is_some()
    }

    /// May the daemon leave for somebody who says `code`?
    pub(crate) fn check(self, code: Option<i64>, has_exec: bool) -> Result<(), Refusal<'static>> {
        let Some(wanted) = self.code else { return Ok(()) };
        match code {
            None => Err(Refusal::GuardCodeRequired),
            Some(code) if code != wanted => Err(Refusal::IncorrectTerminateGuardCode),
            Some(_) if !has_exec => Err(Refusal::ExecNotConfigured),
            Some(_) => Ok(()),
        }
    }

    pub(crate) fn turn_on(&mut self, code: i64) -> Result<(), Refusal<'static>> {
        if self.is_on() {
            return Err(Refusal::GuardAlreadySet);
        }
        self.code = Some(code);
        Ok(())
    }

    pub(crate) fn turn_off(&mut self, code: i64) -> Result<(), Refusal<'static>> {
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
