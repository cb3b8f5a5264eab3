//! The states of services and of file descriptors, which take several fields. They occur only in
//! events, so it does not matter which [`Refusal`] a parser returns: an event that does not fit is
//! an `EventError`.

use super::number::exact;
use super::{Field, put, put_timestamp, required};
use crate::event::{ExitField, FdStateField, PipeEnd, StateField};
use crate::flags::{FileFlags, PipeFlags, SocketFlags};
use crate::generated::refusal::Refusal;
use crate::signal::Signal;

const WRONG: Refusal<'static> = Refusal::UnexpectedArgument { argument: b"" };

/// The value of fields that do not apply to a state.
const NONE: &[u8] = b"-";

// service_state = "down"    TAB "-"       TAB "-" TAB "-"              TAB "-"     TAB "-"      TAB
// "-"
//               / "start"   TAB timestamp TAB "-" TAB "-"              TAB "-"     TAB "-"      TAB "-"
//               / "up"      TAB timestamp TAB pid TAB "-"              TAB "-"     TAB duration TAB "-"
//               / "down"    TAB timestamp TAB pid TAB "exit"           TAB integer TAB duration TAB duration
//               / "down"    TAB timestamp TAB pid TAB "signal"         TAB signal  TAB duration TAB duration
//               / "deleted" TAB "-"       TAB "-" TAB "-"              TAB "-"     TAB "-"      TAB "-"
pub(crate) fn service_state(rest: &[u8]) -> Field<'_, StateField> {
    let mut fields: [&[u8]; 7] = [NONE; 7];
    let mut rest = rest;
    for field in &mut fields {
        (rest, *field) = required(rest, WRONG)?;
    }
    state_of(fields).map(|state| (rest, state)).ok_or(WRONG)
}

fn state_of(fields: [&[u8]; 7]) -> Option<StateField> {
    Some(match fields {
        [b"down", b"-", b"-", b"-", b"-", b"-", b"-"] => StateField::NeverStarted,
        [b"deleted", b"-", b"-", b"-", b"-", b"-", b"-"] => StateField::Deleted,
        [b"start", at, b"-", b"-", b"-", b"-", b"-"] => StateField::Starting { at: exact(at)? },
        [b"up", since, pid, b"-", b"-", uptime, b"-"] => {
            StateField::Up { since: exact(since)?, pid: exact(pid)?, uptime: exact(uptime)? }
        }
        [b"down", reaped, pid, reason, value, uptime, downtime] => StateField::Down {
            reaped: exact(reaped)?,
            pid: exact(pid)?,
            end: match reason {
                b"exit" => ExitField::Exit(exact(value)?),
                b"signal" => ExitField::Signal(Signal::parse(value)?),
                _ => return None,
            },
            uptime: exact(uptime)?,
            downtime: exact(downtime)?,
        },
        _ => return None,
    })
}

pub(crate) fn put_service_state(out: &mut Vec<u8>, state: StateField) {
    match state {
        StateField::NeverStarted => out.extend_from_slice(b"\tdown\t-\t-\t-\t-\t-\t-"),
        StateField::Deleted => out.extend_from_slice(b"\tdeleted\t-\t-\t-\t-\t-\t-"),
        StateField::Starting { at } => {
            put(out, b"start");
            put_timestamp(out, at);
            out.extend_from_slice(b"\t-\t-\t-\t-\t-");
        }
        StateField::Up { since, pid, uptime } => {
            put(out, b"up");
            put_timestamp(out, since);
            put_timestamp(out, i64::from(pid));
            out.extend_from_slice(b"\t-\t-");
            put_timestamp(out, uptime);
            put(out, NONE);
        }
        StateField::Down { reaped, pid, end, uptime, downtime } => {
            put(out, b"down");
            put_timestamp(out, reaped);
            put_timestamp(out, i64::from(pid));
            match end {
                ExitField::Exit(status) => {
                    put(out, b"exit");
                    put_timestamp(out, i64::from(status));
                }
                ExitField::Signal(signal) => {
                    put(out, b"signal\t");
                    signal.write_name(out);
                }
            }
            put_timestamp(out, uptime);
            put_timestamp(out, downtime);
        }
    }
}

// fd_state = "deleted" / type TAB flags TAB description
pub(crate) fn fd_state(rest: &[u8]) -> Field<'_, FdStateField<'_>> {
    let (rest, kind) = required(rest, WRONG)?;
    if kind == b"deleted" && rest.is_empty() {
        return Ok((rest, FdStateField::Deleted));
    }
    let (rest, flags) = required(rest, WRONG)?;
    let (rest, description) = required(rest, WRONG)?;
    let known = match kind {
        b"file" => FileFlags::parse(flags)
            .ok()
            .map(|flags| FdStateField::File { flags, path: description }),
        b"pipe" => {
            pipe_end(flags).map(|(flags, end)| FdStateField::Pipe { flags, end, peer: description })
        }
        b"socket" => SocketFlags::parse_flags(flags)
            .ok()
            .map(|flags| FdStateField::Socket { flags, address: description }),
        b"special" => Some(FdStateField::Special { flags, description }),
        _ => None,
    };
    Ok((rest, known.unwrap_or(FdStateField::Other { kind, flags, description })))
}

/// The direction comes after the other flags, if there are any.
fn pipe_end(flags: &[u8]) -> Option<(PipeFlags, PipeEnd)> {
    let comma = flags.iter().rposition(|&byte| byte == b',');
    let (flags, end) = match comma {
        Some(comma) => (&flags[..comma], &flags[comma + 1..]),
        None => (&[][..], flags),
    };
    let end = match end {
        b"from" => PipeEnd::From,
        b"to" => PipeEnd::To,
        _ => return None,
    };
    Some((PipeFlags::parse(flags).ok()?, end))
}

pub(crate) fn put_fd_state(out: &mut Vec<u8>, state: FdStateField<'_>) {
    let description = match state {
        FdStateField::Deleted => {
            put(out, b"deleted");
            return;
        }
        FdStateField::File { flags, path } => {
            put(out, b"file\t");
            flags.write(out);
            path
        }
        FdStateField::Pipe { flags, end, peer } => {
            put(out, b"pipe\t");
            flags.write(out);
            if flags != PipeFlags::default() {
                out.push(b',');
            }
            out.extend_from_slice(match end {
                PipeEnd::From => b"from",
                PipeEnd::To => b"to",
            });
            peer
        }
        FdStateField::Socket { flags, address } => {
            put(out, b"socket\t");
            flags.write(out);
            address
        }
        FdStateField::Special { flags, description } => {
            put(out, b"special");
            put(out, flags);
            description
        }
        FdStateField::Other { kind, flags, description } => {
            put(out, kind);
            put(out, flags);
            description
        }
    };
    put(out, description);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::next_field;

    fn unchanged(fields: &str) {
        let (rest, state) = fd_state(fields.as_bytes()).unwrap();
        assert_eq!(rest, b"");
        let mut out = Vec::new();
        put_fd_state(&mut out, state);
        assert_eq!(String::from_utf8(out).unwrap(), fields);
    }

    #[test]
    fn types_and_flags_that_nobody_knows_are_kept() {
        unchanged("\tdevice\tread\tunknown");
        unchanged("\tpipe\tsideways\tunknown");
        unchanged("\tpipe\t\tunknown");
        unchanged("\tdeleted\tread\tx");
        unchanged("\tspecial\t\t");
    }

    #[test]
    fn half_a_state_is_none() {
        assert!(fd_state(b"\tfile\tread").is_err());
        assert!(service_state(b"\tdown\t-\t-\t-\t-\t-").is_err());
        assert!(service_state(b"\tup\t1\t-\t-\t-\t3\t-").is_err());
        assert!(service_state(b"\tup\t1\t99999999999\t-\t-\t3\t-").is_err());
        assert!(service_state(b"\tdown\t1\t2\tkilled\t9\t3\t4").is_err());
    }

    #[test]
    fn the_rest_of_the_line_stays() {
        assert_eq!(next_field(fd_state(b"\tdeleted\ta\tb\tc").unwrap().0).1, Some(&b"c"[..]));
    }
}
