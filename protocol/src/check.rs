//! Rules about several fields of a command at once. `check` in `grammar.toml` names them.

use crate::field::Name;
use crate::generated::refusal::Refusal;

/// What the longest name of a logger adds to that of its service.
const LOGGER_SUFFIX: &[u8] = b"-log.r";

/// `service.pipe`: the names made from NAME are names, too.
pub(crate) fn logger_name_fits(name: Name<'_>) -> Result<(), Refusal<'_>> {
    if name.as_bytes().len() + LOGGER_SUFFIX.len() > Name::MAX {
        return Err(Refusal::LoggerNameTooLong { name: name.as_bytes() });
    }
    Ok(())
}

/// `fd.pipe`: one name cannot be both ends.
pub(crate) fn names_differ<'a>(read: Name<'a>, write: Name<'a>) -> Result<(), Refusal<'a>> {
    if read == write { Err(Refusal::NamesMustDiffer) } else { Ok(()) }
}

/// `conn.event_timeout`: events are thrown away before the connection is closed.
pub(crate) fn reset_within_close(reset: u32, close: u32) -> Result<(), Refusal<'static>> {
    if reset > close { Err(Refusal::ResetGreaterThanClose) } else { Ok(()) }
}
