//! One parser and one writer for each kind of field in the grammar.
//!
//! A parser takes the rest of a line, which is empty or begins with a TAB, and returns the value
//! and what is left after it; or the [`Refusal`] that the daemon answers with. A writer, `put_` and
//! the name of the kind, appends what the parser reads, the TAB included. The generated code
//! strings them together.
//!
//! Above each parser stands the rule of the grammar that it implements.

mod conn;
mod fd;
mod list;
mod name;
mod number;
mod state;
mod text;
mod word;

pub(crate) use conn::*;
pub(crate) use fd::*;
pub(crate) use list::*;
pub(crate) use name::*;
pub(crate) use number::*;
pub(crate) use state::*;
pub(crate) use text::*;
pub(crate) use word::*;

use crate::field::next_field;
use crate::generated::refusal::Refusal;

/// What the parser of a kind gives: the rest of the line and the value.
pub(crate) type Field<'a, T> = Result<(&'a [u8], T), Refusal<'a>>;

/// The next field, or `missing` if the line is at its end.
#[inline]
fn required<'a>(rest: &'a [u8], missing: Refusal<'a>) -> Field<'a, &'a [u8]> {
    match next_field(rest) {
        (rest, Some(field)) => Ok((rest, field)),
        (_, None) => Err(missing),
    }
}

/// Nothing may be left of the line.
#[inline]
pub(crate) fn end(rest: &[u8]) -> Result<(), Refusal<'_>> {
    match next_field(rest) {
        (_, Some(argument)) => Err(Refusal::UnexpectedArgument { argument }),
        (_, None) => Ok(()),
    }
}

/// Nothing may be left of the line; otherwise `surplus`.
#[inline]
pub(crate) fn end_or<'a>(rest: &'a [u8], surplus: Refusal<'a>) -> Result<(), Refusal<'a>> {
    if rest.is_empty() { Ok(()) } else { Err(surplus) }
}

/// Removes absent arguments from the end of a command, where those begin that may be absent: `-`
/// means the same as nothing there.
pub(crate) fn trim_absent(out: &mut Vec<u8>, begin: usize) {
    while out.len() > begin && out.ends_with(b"\t-") {
        out.truncate(out.len() - 2);
    }
}

/// Appends a TAB and a field.
#[inline]
fn put(out: &mut Vec<u8>, field: &[u8]) {
    out.push(b'\t');
    out.extend_from_slice(field);
}
