//! Whether, why and with what status the daemon leaves, and who may make it.

use daemonproxy_protocol::{Fields, Refusal};

use crate::memory::{Text, at_start};
use crate::upgrade::state::{Writer, carried};
use crate::upgrade::value::{Value, halves};

/// The decision to leave.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// The exit status, or DAEMONPROXY_EXITCODE for the program that is executed instead.
    pub code: i32,
    /// Why, for the log and for DAEMONPROXY_ERROR.
    pub reason: &'static str,
}

/// Why the daemon ends when a config file had an error, and it was told not to live with that.
pub(super) const CONFIG_HAS_FAILED: &str = "the configuration has errors (--strict)";
/// All reasons there are, besides those for which the daemon never begins.
const REASONS: [&str; 5] = [
    "terminate command",
    "orderly shutdown",
    "signal",
    "end of the interactive session",
    CONFIG_HAS_FAILED,
];
/// Exit status: that happened. The same as for a wrong command line.
const CONFIG_STATUS: i32 = 2;

/// The decision, the guard against it, and whether something is executed in the end.
pub(crate) struct Leaving {
    decided: Option<Leave>,
    guard: Guard,
    /// There is something to execute instead of exiting (`--exit-exec`, `terminate.exec_args`).
    has_exec: bool,
    /// That, as it is told: empty if no line can tell it.
    exec: Vec<u8>,
    /// An error in a config file is the end (`--strict`).
    strict: bool,
    /// There was one.
    config_failed: bool,
    /// It was told that the guard is on although the main service has ended.
    main_was_told: bool,
}

carried!(
    Leaving, as in Leaving::new(None, 0),
    carries decided guard has_exec exec strict config_failed main_was_told,
    but not
);

/// `STATUS:REASON`.
impl Value for Leave {
    fn write(&self, to: &mut Writer) {
        self.code.write(to);
        to.push(b":");
        to.push(self.reason.as_bytes());
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (code, reason) = halves(text)?;
        let reason = REASONS.iter().find(|one| one.as_bytes() == reason)?;
        Some(Self { code: Value::parse(code)?, reason })
    }
}

/// The code, and whether it came by itself.
impl Value for Guard {
    fn write(&self, to: &mut Writer) {
        self.code.write(to);
        to.push(if self.by_itself { b":itself" } else { b"" });
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let (code, by_itself) = match text.strip_suffix(b":itself") {
            Some(code) => (code, true),
            None => (text, false),
        };
        Some(Self { code: Value::parse(code)?, by_itself })
    }
}

impl Leaving {
    /// With the guard on, if there is a `code` to turn it off with.
    pub(crate) fn new(code: Option<i64>, max_line: usize) -> Self {
        Self {
            exec: at_start(max_line),
            decided: None,
            guard: Guard::new(code),
            has_exec: false,
            strict: false,
            config_failed: false,
            main_was_told: false,
        }
    }

    pub(super) fn set_strict(&mut self) {
        self.strict = true;
    }

    pub(super) fn note_config_error(&mut self) {
        self.config_failed = true;
    }

    /// Whether a config file had an error that is the end.
    pub(super) fn config_has_failed(&self) -> bool {
        self.strict && self.config_failed
    }

    /// How the daemon leaves after an orderly shutdown that came to this status.
    pub(crate) fn after_shutdown(&self, code: i32) -> Leave {
        if self.config_has_failed() {
            Leave { code: CONFIG_STATUS, reason: CONFIG_HAS_FAILED }
        } else {
            Leave { code, reason: "orderly shutdown" }
        }
    }

    pub(super) fn decision(&self) -> Option<Leave> {
        self.decided
    }

    /// Decides, unless that has been done already.
    pub(super) fn decide(&mut self, leave: Leave) {
        self.decided.get_or_insert(leave);
    }

    /// What to execute instead of exiting; nothing turns that off.
    pub(super) fn set_exec(&mut self, args: Fields<'_>) {
        self.has_exec = !args.is_empty();
        self.exec.clear();
        let args = args.as_bytes();
        let is_plain = !args.iter().any(|&byte| byte != b'\t' && byte.is_ascii_control());
        if is_plain && b"terminate.exec_args\t\n".len() + args.len() <= self.exec.capacity() {
            self.exec.add(args);
        }
    }

    /// What to execute instead of exiting, as far as a line can tell it.
    pub(crate) fn exec(&self) -> Fields<'_> {
        Fields::new(&self.exec)
    }

    pub(crate) fn is_decided(&self) -> bool {
        self.decided.is_some()
    }

    /// Whether nobody can make the daemon leave without a code.
    pub(crate) fn is_guarded(&self) -> bool {
        self.guard.is_on()
    }

    /// The guard was turned on by the daemon itself.
    pub(super) fn guard_came_by_itself(&mut self) {
        self.guard.by_itself = true;
    }

    /// Somebody says that a signal is to end the daemon, and so does not want a guard that nobody
    /// asked for. Returns whether there was one.
    pub(crate) fn make_way(&mut self) -> bool {
        let was_on = self.guard.by_itself && self.guard.is_on();
        if was_on {
            self.guard.code = None;
        }
        was_on
    }

    /// The main service has ended. Returns whether that is new.
    pub(super) fn main_is_over(&mut self) -> bool {
        !std::mem::replace(&mut self.main_was_told, true)
    }

    /// It has not, or not for good.
    pub(super) fn main_goes_on(&mut self) {
        self.main_was_told = false;
    }

    /// May the daemon leave for somebody who says `code`?
    pub(crate) fn check(&self, code: Option<i64>) -> Result<(), Refusal<'static>> {
        self.guard.check(code, self.has_exec)
    }

    /// May somebody who says `code` do what the guard protects from, other than leaving?
    pub(crate) fn check_code(&self, code: Option<i64>) -> Result<(), Refusal<'static>> {
        self.guard.check(code, true)
    }

    pub(super) fn set_guard(&mut self, on: bool, code: i64) -> Result<(), Refusal<'static>> {
        if on { self.guard.turn_on(code) } else { self.guard.turn_off(code) }
    }
}

/// The protection against leaving by mistake (`terminate.guard`, `--exit-guard`).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
struct Guard {
    code: Option<i64>,
    /// Nobody has asked for it.
    by_itself: bool,
}

impl Guard {
    fn new(code: Option<i64>) -> Self {
        Self { code, by_itself: false }
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
        *self = Self::new(Some(code));
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
