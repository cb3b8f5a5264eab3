//! `send` and `dump`: the protocol itself.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_client::{Client, Error};

use crate::failure::{FAILED, Failure, OK, Result, USAGE, with_rule};
use crate::output;

/// Sends one command, and writes every line that comes until it is done.
pub(crate) fn send(client: &mut Client, fields: &[OsString]) -> Result<u8> {
    if fields.iter().any(|field| field.as_bytes().iter().any(|&byte| byte < 0x20)) {
        let text = "a field cannot hold TAB, LF or another control character; give each field as an argument of its own";
        return Err(Failure::new(USAGE, text));
    }
    let line: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
    exchange(client, &line.join(&b'\t'))
}

/// Everything that the daemon knows, as it says it.
pub(crate) fn dump(client: &mut Client) -> Result<u8> {
    exchange(client, b"statedump")
}

/// Writes the answers to a line. They include the refusal; only its rule is left to say.
fn exchange(client: &mut Client, line: &[u8]) -> Result<u8> {
    let mut out = Vec::new();
    let ended = client.line(line, |line| {
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    });
    output::write_lines(&out)?;
    match ended {
        Ok(()) => Ok(OK),
        Err(Error::Refused(refused)) => match refused.rule() {
            Some(rule) => Err(Failure::new(FAILED, with_rule("refused".to_owned(), Some(rule)))),
            None => Ok(FAILED),
        },
        Err(error) => Err(error.into()),
    }
}
