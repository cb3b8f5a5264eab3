//! Fields that are taken as they are.

use super::{Field, put, required};
use crate::field::{is_control, next_field};
use crate::generated::refusal::Refusal;

/// Absent and empty differ: `echo` answers the second with a line.
// line = *( fieldchar / TAB )
pub(crate) fn line(rest: &[u8]) -> Field<'_, Option<&[u8]>> {
    Ok((&[], rest.get(1..)))
}

pub(crate) fn put_line(out: &mut Vec<u8>, line: Option<&[u8]>) {
    if let Some(line) = line {
        put(out, line);
    }
}

// text = *( fieldchar / TAB )          (in events only)
pub(crate) fn text(rest: &[u8]) -> Field<'_, &[u8]> {
    match rest.get(1..) {
        Some(text) => Ok((&[], text)),
        None => Err(Refusal::UnexpectedArgument { argument: rest }),
    }
}

pub(crate) fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    put(out, text);
}

// error_text = *( fieldchar / TAB )    (in events only)
pub(crate) fn error_text(rest: &[u8]) -> Field<'_, Option<&[u8]>> {
    Ok((&[], rest.get(1..)))
}

pub(crate) fn put_error_text(out: &mut Vec<u8>, text: Option<&[u8]>) {
    if let Some(text) = text {
        put(out, text);
    }
}

// path = 1*fieldchar
pub(crate) fn path(rest: &[u8]) -> Field<'_, &[u8]> {
    let (rest, path) = required(rest, Refusal::MissingPath)?;
    if path.is_empty() {
        return Err(Refusal::MissingPath);
    }
    if path.iter().copied().any(is_control) {
        return Err(Refusal::InvalidPath);
    }
    Ok((rest, path))
}

// program = 1*fieldchar / "-"
pub(crate) fn program(rest: &[u8]) -> Field<'_, Option<&[u8]>> {
    match next_field(rest) {
        (rest, None | Some(b"-")) => Ok((rest, None)),
        (_, Some(_)) => path(rest).map(|(rest, path)| (rest, Some(path))),
    }
}

pub(crate) fn put_program(out: &mut Vec<u8>, path: Option<&[u8]>) {
    put(out, path.unwrap_or(b"-"));
}

pub(crate) fn put_path(out: &mut Vec<u8>, path: &[u8]) {
    put(out, path);
}
