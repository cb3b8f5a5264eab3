//! `send` and `dump`: the protocol itself.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_protocol::StateView;

use crate::client::{Client, refusal};
use crate::conn::Conn;
use crate::failure::{FAILED, Failure, OK, Result, USAGE};
use crate::output;

/// Sends one command, and writes every line that comes until it is done.
pub(crate) fn send(conn: Conn, fields: &[OsString]) -> Result<u8> {
    if fields.iter().any(|field| field.as_bytes().iter().any(|&byte| byte < 0x20)) {
        let text = "a field cannot hold TAB, LF or another control character; give each field as an argument of its own";
        return Err(Failure::new(USAGE, text));
    }
    let line: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
    Ok(if exchange(conn, &line.join(&b'\t'))? { OK } else { FAILED })
}

/// Everything that the daemon knows, as it says it.
pub(crate) fn dump(conn: Conn) -> Result<u8> {
    exchange(conn, b"statedump")?;
    Ok(OK)
}

/// Writes the answers to a line. False if it was refused.
fn exchange(conn: Conn, line: &[u8]) -> Result<bool> {
    let mut client = Client { conn, view: StateView::new() };
    client.conn.send(line)?;
    let mut out = Vec::new();
    let mut refused = false;
    let ended = client.answers(|line| {
        refused |= refusal(line).is_some();
        out.extend_from_slice(line);
        out.push(b'\n');
    });
    output::write(&out)?;
    // A daemon that was told to leave does not answer any more, and has done what it was told.
    let leaves = line == b"exit" || line.starts_with(b"terminate\t");
    match ended {
        Err(failure) if leaves && failure.status == crate::failure::NO_DAEMON => Ok(true),
        Err(failure) => Err(failure),
        Ok(()) => Ok(!refused),
    }
}
