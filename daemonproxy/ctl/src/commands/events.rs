//! `events`: what there is, or what happens, one event per line.

use std::time::{Duration, Instant};

use daemonproxy_apply::glob;
use daemonproxy_client::protocol::tables;
use daemonproxy_client::{Client, Error, FOREVER};
use daemonproxy_look::time;
use serde_json::{Map, Value};

use crate::failure::{Failure, NO_DAEMON, OK, Result};
use crate::output::{self, Format, json_bytes, json_text};
use crate::sentence;
use crate::style::Style;

pub(crate) fn events(
    client: &mut Client,
    follow: bool,
    timeout: Option<f64>,
    names: &[String],
    format: Format,
) -> Result<u8> {
    let style = Style::of_stdout();
    if !follow {
        let mut lines = Vec::new();
        client.line(b"statedump", |line| {
            if wanted(line.as_bytes(), names) {
                lines.push(line.as_bytes().to_vec());
            }
        })?;
        if format == Format::Json {
            let all: Value = lines.iter().map(|line| object(line)).collect();
            output::write(json_text(&format!("{all:#}\n")).as_bytes())?;
        } else {
            lines.iter().try_for_each(|line| show(line, format, style))?;
        }
        return Ok(OK);
    }
    // Waiting for ever is what was asked for.
    let patience = timeout.map_or(FOREVER, time::seconds);
    let end = Instant::now().checked_add(patience);
    loop {
        let left = end.map_or(FOREVER, |end| end.saturating_duration_since(Instant::now()));
        let next = match client.next_event(left) {
            // It is no accident after a shutdown.
            Err(Error::Closed) if client.view().shutdown().is_some() => {
                let text = "the daemon has shut down in good order";
                return Err(Failure::new(NO_DAEMON, text));
            }
            next => next?,
        };
        match next {
            Some(line) if wanted(line.as_bytes(), names) => {
                show(line.as_bytes(), format, style)?;
            }
            Some(_) => {}
            None => return Ok(OK),
        }
        if left == Duration::ZERO {
            return Ok(OK);
        }
    }
}

/// Whether an event is about one of these; those that are about no name are always wanted.
fn wanted(line: &[u8], names: &[String]) -> bool {
    if names.is_empty() {
        return true;
    }
    let mut fields = line.split(|&byte| byte == b'\t');
    let (kind, name) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    let about_a_name = kind.starts_with(b"service.") || kind.starts_with(b"fd.");
    !about_a_name || names.iter().any(|pattern| glob::matches(pattern.as_bytes(), name))
}

pub(super) fn show(line: &[u8], format: Format, style: Style) -> Result<()> {
    let text = match format {
        Format::Table => sentence::of_event(line, style),
        Format::Tsv => return output::write_lines(&[line, b"\n"].concat()),
        Format::Json | Format::Jsonl => json_text(&object(line).to_string()),
    };
    output::write(format!("{text}\n").as_bytes())
}

/// An event with its fields under the names of the grammar.
pub(super) fn object(line: &[u8]) -> Value {
    let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
    let mut object = Map::new();
    object.insert("event".to_owned(), json_bytes(fields[0]));
    let info = tables::EVENTS.iter().find(|info| info.name.as_str().as_bytes() == fields[0]);
    let names: Vec<String> = match fields[0] {
        b"service.state" => {
            ["name", "state", "timestamp", "pid", "reason", "value", "uptime", "downtime"]
                .map(str::to_owned)
                .to_vec()
        }
        b"fd.state" => ["name", "type", "flags", "description"].map(str::to_owned).to_vec(),
        _ => info.map_or_else(Vec::new, |info| {
            info.args.iter().map(|arg| arg.name.to_lowercase()).collect()
        }),
    };
    let rest = &fields[1..];
    let is_list = |index: usize| {
        let arg = info.and_then(|info| info.args.get(index));
        arg.is_some_and(|arg| arg.presence == tables::Presence::Repeated)
    };
    for (index, name) in names.iter().enumerate() {
        let value = if is_list(index) {
            let list = rest.get(index..).unwrap_or_default();
            // A list of one empty field is the empty list.
            let list = if list == [b""] { &[] } else { list };
            list.iter().map(|field| json_bytes(field)).collect()
        } else {
            rest.get(index).map_or(Value::Null, |field| json_value(field))
        };
        object.insert(name.clone(), value);
    }
    if names.is_empty() && !rest.is_empty() {
        object.insert("fields".to_owned(), rest.iter().map(|field| json_bytes(field)).collect());
    }
    Value::Object(object)
}

fn json_value(field: &[u8]) -> Value {
    if field == b"-" {
        return Value::Null;
    }
    let number = std::str::from_utf8(field).ok().and_then(|text| text.parse::<i64>().ok());
    number.map_or_else(|| json_bytes(field), Value::from)
}
