//! Whether, why and with what status the daemon leaves, and who may make it.

use daemonproxy_protocol::Refusal;

/// The decision to leave.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// The exit status, or DAEMONPROXY_EXITCODE for the program that is executed instead.
    pub code: i32,
    /// Why, for the log and for DAEMONPROXY_ERROR.
    pub reason: &'static str,
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
