//! Connections: what they may do, and what is told of them.

use super::{Field, put, required};
use crate::conn::{ConnKind, ConnRights, Rights};
use crate::field::{Fields, Name, is_name_char, next_field, write_u64};
use crate::generated::refusal::Refusal;
use crate::socket_options::SocketOptions;

// rights = "watch" / "operate" / "full"
pub(crate) fn rights(rest: &[u8]) -> Field<'_, Rights> {
    let (rest, rights) = required(rest, Refusal::ExpectedRights)?;
    Ok((rest, Rights::parse(rights).ok_or(Refusal::UnknownRights { rights })?))
}

pub(crate) fn put_rights(out: &mut Vec<u8>, rights: Rights) {
    put(out, rights.as_str().as_bytes());
}

/// Unlike with other lists, one empty field is not no pattern: that would mean all services.
// glob = 1*31( namechar / "*" / "?" )
pub(crate) fn glob(rest: &[u8]) -> Field<'_, Fields<'_>> {
    let Some(list) = rest.get(1..) else { return Ok((&[], Fields::default())) };
    match list.split(|&byte| byte == b'\t').find(|pattern| !is_glob(pattern)) {
        Some(pattern) => Err(Refusal::InvalidPattern { pattern }),
        None => Ok((&[], Fields::new(list))),
    }
}

/// Whether it is a pattern of names.
pub(crate) fn is_glob(pattern: &[u8]) -> bool {
    let is_wild = |byte| matches!(byte, b'*' | b'?');
    (1..=Name::MAX).contains(&pattern.len())
        && pattern.iter().all(|&byte| is_name_char(byte) || is_wild(byte))
}

pub(crate) fn put_glob(out: &mut Vec<u8>, globs: Fields<'_>) {
    if !globs.is_empty() {
        put(out, globs.as_bytes());
    }
}

// socket_options = [ "-" / socket_option *( "," socket_option ) ]
pub(crate) fn socket_options(rest: &[u8]) -> Field<'_, SocketOptions<'_>> {
    let (rest, field) = required(rest, Refusal::InvalidOptions)?;
    Ok((rest, SocketOptions::parse(field)?))
}

pub(crate) fn put_socket_options(out: &mut Vec<u8>, options: SocketOptions<'_>) {
    out.push(b'\t');
    options.write(out);
}

// socket = 1*31namechar
pub(crate) fn socket(rest: &[u8]) -> Field<'_, Option<Name<'_>>> {
    match next_field(rest) {
        (rest, None) => Ok((rest, None)),
        (rest, Some(field)) => {
            Ok((rest, Some(Name::new(field).ok_or(Refusal::InvalidSocketName)?)))
        }
    }
}

pub(crate) fn put_socket(out: &mut Vec<u8>, name: Option<Name<'_>>) {
    if let Some(name) = name {
        put(out, name.as_bytes());
    }
}

/// Only in events, so nobody sees which refusal this is.
fn wrong(argument: &[u8]) -> Refusal<'_> {
    Refusal::UnexpectedArgument { argument }
}

// conn_kind = "config" / "interactive" / "socket" [ ":" 1*31namechar ] / "service" [ ":"
// 1*31namechar ]
pub(crate) fn conn_kind(rest: &[u8]) -> Field<'_, ConnKind<'_>> {
    let (rest, field) = required(rest, wrong(b""))?;
    Ok((rest, ConnKind::parse(field).ok_or(wrong(field))?))
}

pub(crate) fn put_conn_kind(out: &mut Vec<u8>, kind: ConnKind<'_>) {
    out.push(b'\t');
    kind.write(out);
}

// id = 1*10DIGIT / "-"
pub(crate) fn id(rest: &[u8]) -> Field<'_, Option<u32>> {
    let (rest, field) = required(rest, wrong(b""))?;
    match field {
        b"-" => Ok((rest, None)),
        field => Ok((rest, Some(super::number::exact(field).ok_or(wrong(field))?))),
    }
}

pub(crate) fn put_id(out: &mut Vec<u8>, id: Option<u32>) {
    match id {
        None => put(out, b"-"),
        Some(id) => {
            out.push(b'\t');
            write_u64(out, id.into());
        }
    }
}

// conn_rights = ( "watch" / "operate" / "full" ) [ ":" *( %x21-7E ) ]
pub(crate) fn conn_rights(rest: &[u8]) -> Field<'_, ConnRights<'_>> {
    let (rest, field) = required(rest, wrong(b""))?;
    Ok((rest, ConnRights::parse(field).ok_or(wrong(field))?))
}

pub(crate) fn put_conn_rights(out: &mut Vec<u8>, rights: ConnRights<'_>) {
    out.push(b'\t');
    rights.write(out);
}
