//! Names of services and of file descriptors.

use super::{Field, put, required};
use crate::field::Name;
use crate::generated::refusal::Refusal;

// service = 1*31namechar
pub(crate) fn service(rest: &[u8]) -> Field<'_, Name<'_>> {
    let (rest, name) = required(rest, Refusal::ExpectedServiceName)?;
    Ok((rest, Name::new(name).ok_or(Refusal::InvalidServiceName)?))
}

pub(crate) fn put_service(out: &mut Vec<u8>, name: Name<'_>) {
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
