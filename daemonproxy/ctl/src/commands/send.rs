//! `send` and `dump`: the protocol itself.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_client::protocol::{Fields, Triggers};
use daemonproxy_client::{Client, Error, Event, Refused};
use serde_json::{Value, json};

use super::events::{object, show};
use crate::failure::{FAILED, Failure, OK, Result, USAGE, with_rule};
use crate::output::{self, Format, json_text};
use crate::style::{Style, readable};

/// Sends one command, and writes every line that comes until it is done.
pub(crate) fn send(client: &mut Client, fields: &[OsString], format: Format) -> Result<u8> {
    if fields.iter().any(|field| field.as_bytes().iter().any(|&byte| byte < 0x20)) {
        let text = "a field cannot hold TAB, LF or another control character; give each field as an argument of its own";
        return Err(Failure::new(USAGE, text));
    }
    let line: Vec<&[u8]> = fields.iter().map(|field| field.as_bytes()).collect();
    exchange(client, &line.join(&b'\t'), format)
}

/// Everything that the daemon knows, as it says it.
pub(crate) fn dump(client: &mut Client) -> Result<u8> {
    exchange(client, b"statedump", Format::Tsv)
}

/// Writes the answers to a line, and its refusal as one more of them; for a person, the rule of
/// that goes to standard error.
fn exchange(client: &mut Client, line: &[u8], format: Format) -> Result<u8> {
    let mut lines = Vec::new();
    // Of a tag that is part of the line, the end is one of the answers.
    let mut failed = false;
    let ended = client.line(line, |line| {
        failed |= matches!(line.event(), Ok(Event::Done { error: Some(_), .. }));
        lines.push(line.as_bytes().to_vec());
    });
    let refused = match ended {
        Ok(()) => None,
        Err(Error::Refused(refused)) => Some(refused),
        Err(error) => return Err(error.into()),
    };
    match format {
        Format::Json => {
            let mut all: Vec<_> = lines.iter().map(|line| object(line)).collect();
            all.extend(refused.as_ref().map(refusal));
            let all = Value::Array(all);
            output::write(json_text(&format!("{all:#}\n")).as_bytes())?;
        }
        Format::Table | Format::Tsv | Format::Jsonl => {
            let style = Style::of_stdout();
            lines.iter().try_for_each(|line| show(line, format, style))?;
            match &refused {
                Some(refused) if format == Format::Jsonl => {
                    output::write(json_text(&format!("{}\n", refusal(refused))).as_bytes())?;
                }
                Some(refused) => show(format!("error\t{refused}").as_bytes(), format, style)?,
                None => {}
            }
        }
    }
    let Some(refused) = refused else { return Ok(if failed { FAILED } else { OK }) };
    let name = refused.name().map_or(String::new(), |name| format!(" ({name})"));
    if let Some(word) = misspelt_trigger(line) {
        let text = format!("refused{name}: {} is no trigger. {TRIGGERS}", readable(word));
        return Err(Failure::new(FAILED, text));
    }
    match refused.rule() {
        Some(rule) => Err(Failure::new(FAILED, with_rule(format!("refused{name}"), Some(rule)))),
        None => Ok(FAILED),
    }
}

const TRIGGERS: &str = "Those are always, once, success, failure, ready:NAME, up:NAME, down:NAME, \
    done:NAME, fd:NAME and signals; with commas between them all must hold.";

/// What is wrong with a `service.auto_up`: the error of the daemon is that of protocol 1, which does
/// not say.
fn misspelt_trigger(line: &[u8]) -> Option<&[u8]> {
    let mut fields = line.split(|&byte| byte == b'\t');
    if fields.next() != Some(b"service.auto_up") {
        return None;
    }
    let mut conditions = fields.skip(2).flat_map(|field| field.split(|&byte| byte == b','));
    conditions.find(|condition| Triggers::parse(Fields::new(condition)).is_none())
}

/// A refusal as JSON: what an event `error` has, and the name of the error.
fn refusal(refused: &Refused) -> Value {
    json!({
        "event": "error",
        "name": refused.name(),
        "text": String::from_utf8_lossy(refused.reason()),
    })
}
