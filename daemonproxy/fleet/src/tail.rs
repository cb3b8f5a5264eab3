//! The last lines of the log of a service, for a page: read where the log is.

use std::collections::VecDeque;
use std::path::Path;

use daemonproxy_client::Client;
use daemonproxy_client::protocol::StateView;
use daemonproxy_look::logs::{Filter, Log, Loggers, Source, Start, no_log};
use daemonproxy_look::readable;
use serde::{Deserialize, Serialize};

/// The lines that are shown, and how much of them.
const LINES: usize = 200;
const MOST: usize = 10 * LINES;
const LINE: usize = 4096;
const TAIL: usize = 256 << 10;

/// The last lines of a log, or why there are none.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tail {
    pub(crate) lines: Vec<String>,
    pub(crate) none: Option<String>,
}

impl Tail {
    pub(crate) fn none(why: &str) -> Self {
        Self { lines: Vec::new(), none: Some(why.to_owned()) }
    }
}

/// Where the log of a service is, or why there is none.
pub(crate) fn source(view: &StateView, name: &str) -> Result<Source, String> {
    Loggers::of(view).source(name.as_bytes())?.ok_or_else(|| no_log(name))
}

/// Its last lines.
pub(crate) fn read(source: Result<Source, String>) -> Tail {
    match source.and_then(|source| last_lines(&source)) {
        Ok(lines) => Tail { lines, none: None },
        Err(why) => Tail::none(&why),
    }
}

/// The same, of a service of the daemon at this socket.
pub(crate) fn of(socket: &Path, name: &str) -> Tail {
    let source = Client::connect_to(socket).map_err(|error| error.to_string());
    read(source.and_then(|client| source_of(&client, name)))
}

fn source_of(client: &Client, name: &str) -> Result<Source, String> {
    match client.view().service(name.as_bytes()) {
        Some(_) => source(client.view(), name),
        None => Err(format!("there is no service {} any more", readable(name.as_bytes()))),
    }
}

fn last_lines(source: &Source) -> Result<Vec<String>, String> {
    let unreadable = |error: std::io::Error| {
        let hint = match error.kind() {
            std::io::ErrorKind::PermissionDenied => {
                ": run dpfleet as the user that the logger runs as, or as one of its group"
            }
            std::io::ErrorKind::NotFound => ": has the logger been started?",
            _ => "",
        };
        let dir = readable(source.dir.as_os_str().as_encoded_bytes());
        format!("cannot read the log in {dir}: {error}{hint}")
    };
    let start = Start { lines: Some(LINES), since: None };
    let filter = Filter::new(source, None);
    let mut log = Log::open(source.dir.clone(), filter, &start).map_err(unreadable)?;
    let mut lines: VecDeque<String> = VecDeque::new();
    let mut size = 0;
    // It may be written faster than it is read.
    for _ in 0..MOST {
        let Some(mut line) = log.next_wanted().map_err(unreadable)? else { break };
        line.truncate(LINE);
        let line = line.split(|&byte| byte == b'\t').map(readable).collect::<Vec<_>>().join("\t");
        size += line.len();
        lines.push_back(line);
        while lines.len() > LINES || size > TAIL {
            size -= lines.pop_front().map_or(size, |line| line.len());
        }
    }
    Ok(lines.into())
}
