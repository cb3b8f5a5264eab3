//! Names of services, file descriptors and timers; tags.

use super::{Field, put, required};
use crate::field::{Name, next_field};
use crate::generated::refusal::Refusal;

// service = 1*31namechar
pub(crate) fn service(rest: &[u8]) -> Field<'_, Name<'_>> {
    let (rest, name) = required(rest, Refusal::ExpectedServiceName)?;
    Ok((rest, Name::new(name).ok_or(Refusal::InvalidServiceName)?))
}

pub(crate) fn put_service(out: &mut Vec<u8>, name: Name<'_>) {
    put(out, name.as_bytes());
}

// command_tag = 1*31namechar          (in events only)
pub(crate) fn command_tag(rest: &[u8]) -> Field<'_, Name<'_>> {
    let (rest, tag) = required(rest, Refusal::InvalidTag)?;
    Ok((rest, Name::new(tag).ok_or(Refusal::InvalidTag)?))
}

pub(crate) fn put_command_tag(out: &mut Vec<u8>, tag: Name<'_>) {
    put(out, tag.as_bytes());
}

// error_name = 1*31namechar           (in events only)
pub(crate) fn error_name(rest: &[u8]) -> Field<'_, Option<Name<'_>>> {
    match next_field(rest) {
        (rest, None) => Ok((rest, None)),
        (rest, Some(field)) => match Name::new(field) {
            Some(name) => Ok((rest, Some(name))),
            None => Err(Refusal::UnexpectedArgument { argument: field }),
        },
    }
}

pub(crate) fn put_error_name(out: &mut Vec<u8>, name: Option<Name<'_>>) {
    if let Some(name) = name {
        put(out, name.as_bytes());
    }
}

// timer = 1*31namechar
pub(crate) fn timer(rest: &[u8]) -> Field<'_, Name<'_>> {
    let (rest, name) = required(rest, Refusal::ExpectedTimerName)?;
    Ok((rest, Name::new(name).ok_or(Refusal::InvalidTimerName)?))
}

pub(crate) fn put_timer(out: &mut Vec<u8>, name: Name<'_>) {
    put(out, name.as_bytes());
}

// fd = 1*31namechar
pub(crate) fn fd(rest: &[u8]) -> Field<'_, Name<'_>> {
    let (rest, name) = required(rest, Refusal::ExpectedFileDescriptorName)?;
    Ok((rest, Name::new(name).ok_or(Refusal::InvalidFileDescriptorName)?))
}

pub(crate) fn put_fd(out: &mut Vec<u8>, name: Name<'_>) {
    put(out, name.as_bytes());
}
