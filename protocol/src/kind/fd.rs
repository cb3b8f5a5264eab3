//! How file descriptors are made: flags, addresses.

use super::{Field, put, required};
use crate::address::Address;
use crate::field::next_field;
use crate::flags::{
    FileFlags, FileFlagsError, PipeFlags, SocketFlags, SocketFlagsError, UnknownFlag,
};
use crate::generated::refusal::Refusal;

fn unknown(UnknownFlag(flag): UnknownFlag<'_>) -> Refusal<'_> {
    Refusal::UnknownFlag { flag }
}

// pipe_flags = [ "-" / pipe_flag *( "," pipe_flag ) ]
pub(crate) fn pipe_flags(rest: &[u8]) -> Field<'_, PipeFlags> {
    let (rest, flags) = next_field(rest);
    Ok((rest, PipeFlags::parse(flags.unwrap_or_default()).map_err(unknown)?))
}

pub(crate) fn put_pipe_flags(out: &mut Vec<u8>, flags: PipeFlags) {
    if flags != PipeFlags::default() {
        out.push(b'\t');
        flags.write(out);
    }
}

// file_flags = [ "-" / ( file_flag / mode ) *( "," ( file_flag / mode ) ) ]
pub(crate) fn file_flags(rest: &[u8]) -> Field<'_, FileFlags> {
    let (rest, flags) = required(rest, Refusal::MissingFlags)?;
    let flags = FileFlags::parse_flags(flags).map_err(|error| match error {
        FileFlagsError::Unknown(flag) => unknown(flag),
        FileFlagsError::Mode(_) => Refusal::InvalidMode,
    })?;
    Ok((rest, flags))
}

pub(crate) fn put_file_flags(out: &mut Vec<u8>, flags: FileFlags) {
    out.push(b'\t');
    flags.write(out);
}

// socket_flags = [ "-" / socket_flag *( "," socket_flag ) ]
pub(crate) fn socket_flags(rest: &[u8]) -> Field<'_, SocketFlags> {
    let (rest, flags) = required(rest, Refusal::MissingFlags)?;
    let flags = SocketFlags::parse_flags(flags).map_err(|error| match error {
        SocketFlagsError::Unknown(flag) => unknown(flag),
        SocketFlagsError::ListenQueue => Refusal::InvalidListenQueue,
    })?;
    Ok((rest, flags))
}

pub(crate) fn put_socket_flags(out: &mut Vec<u8>, flags: SocketFlags) {
    out.push(b'\t');
    flags.write(out);
}

/// Gives the flags back, because an address implies `bind`.
// address = path / ( "*" / ipv4 / "[" ipv6 "]" ) ":" port
pub(crate) fn address(
    rest: &[u8],
    mut flags: SocketFlags,
) -> Field<'_, (SocketFlags, Option<Address<'_>>)> {
    let (rest, address) = match next_field(rest) {
        (_, None) if flags.bind => return Err(Refusal::ExpectedAddress),
        (rest, None) => (rest, None),
        (rest, Some(field)) => {
            (rest, Some(Address::parse(flags.domain, field).ok_or(Refusal::InvalidAddress)?))
        }
    };
    flags.bind = address.is_some();
    Ok((rest, (flags, address)))
}

pub(crate) fn put_address(out: &mut Vec<u8>, address: Option<Address<'_>>) {
    if let Some(address) = address {
        put(out, b"");
        address.write(out);
    }
}
