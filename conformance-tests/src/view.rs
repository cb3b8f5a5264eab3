//! What a view of the daemon answers to a `=`: the same for every SDK, and here for the one in
//! Rust.

use daemonproxy_protocol::{Event, ExitField, Signal, StateField, StateView, Triggers};

use crate::transcript::{Answer, Bindings};

/// The fields of the answer: `ok` and what is known, or `none`.
pub fn answer(view: &StateView, asked: &[impl AsRef<[u8]>]) -> Vec<Vec<u8>> {
    let asked: Vec<&[u8]> = asked.iter().map(AsRef::as_ref).collect();
    let known = match asked[..] {
        [b"service", name] => service(view, name),
        [b"run", name] => run(view, name),
        [b"fd", name] => fd(view, name),
        [b"signal", name] => Signal::parse(name)
            .map(|signal| vec![format!("count={}", view.pending(signal)).into_bytes()]),
        [b"services"] => Some(view.services().map(|(name, _)| name.to_vec()).collect()),
        [b"fds"] => Some(view.fds().map(|(name, _)| name.to_vec()).collect()),
        [b"overflow"] => {
            Some(vec![format!("overflow={}", u8::from(view.has_overflowed())).into_bytes()])
        }
        _ => return [b"error".as_slice(), b"usage", b"unknown request"].map(Vec::from).into(),
    };
    match known {
        Some(mut fields) => {
            fields.insert(0, b"ok".to_vec());
            fields
        }
        None => vec![b"none".to_vec()],
    }
}

fn service(view: &StateView, name: &[u8]) -> Option<Vec<Vec<u8>>> {
    let service = view.service(name)?;
    let none = || "-".to_owned();
    let (mut since, mut pid, mut exit) = (none(), none(), none());
    let (mut signal, mut uptime, mut downtime) = (none(), none(), none());
    let state = match service.state() {
        StateField::NeverStarted => "down",
        StateField::Starting { at } => {
            since = at.to_string();
            "start"
        }
        StateField::Up { since: at, pid: number, uptime: seconds } => {
            (since, pid, uptime) = (at.to_string(), number.to_string(), seconds.to_string());
            "up"
        }
        StateField::Down { reaped, pid: number, end, uptime: up, downtime: down } => {
            (since, pid) = (reaped.to_string(), number.to_string());
            (uptime, downtime) = (up.to_string(), down.to_string());
            match end {
                ExitField::Exit(status) => exit = status.to_string(),
                ExitField::Signal(by) => signal = signal_name(by),
            }
            "down"
        }
        StateField::Deleted => "deleted",
    };
    let interval = service.interval().map_or_else(none, |seconds| seconds.to_string());
    let field = |key: &str, value: &[u8]| [key.as_bytes(), b"=", value].concat();
    Some(vec![
        field("state", state.as_bytes()),
        field("since", since.as_bytes()),
        field("pid", pid.as_bytes()),
        field("exit", exit.as_bytes()),
        field("signal", signal.as_bytes()),
        field("uptime", uptime.as_bytes()),
        field("downtime", downtime.as_bytes()),
        field("args", service.args().as_bytes()),
        field("fds", service.fds().as_bytes()),
        field("tags", service.tags().as_bytes()),
        field("interval", interval.as_bytes()),
        field("triggers", &triggers(service.triggers())),
    ])
}

/// The number, and each fact as it is on the line; a flag is 1.
fn run(view: &StateView, name: &[u8]) -> Option<Vec<Vec<u8>>> {
    let run = view.service(name)?.run();
    let facts = run.facts().map(|(key, value)| [key, b"=", value.unwrap_or(b"1")].concat());
    Some(std::iter::once(format!("run={}", run.number()).into_bytes()).chain(facts).collect())
}

fn fd(view: &StateView, name: &[u8]) -> Option<Vec<Vec<u8>>> {
    let state = view.fd(name)?.state();
    // As its event has it: fd.state NAME TYPE FLAGS DESCRIPTION.
    let name = daemonproxy_protocol::Name::new(name)?;
    let mut line = Vec::new();
    Event::FdState { name, state }.encode(&mut line);
    let fields = line.splitn(5, |&byte| byte == b'\t').skip(2);
    let keys = ["type", "flags", "description"];
    Some(
        keys.iter()
            .zip(fields)
            .map(|(key, value)| [key.as_bytes(), b"=", value].concat())
            .collect(),
    )
}

fn signal_name(signal: Signal) -> String {
    let mut name = Vec::new();
    signal.write_name(&mut name);
    String::from_utf8_lossy(&name).into_owned()
}

fn triggers(triggers: Triggers<'_>) -> Vec<u8> {
    triggers.iter().collect::<Vec<_>>().join(b"	".as_slice())
}

/// Compares an answer with what a transcript expects of it; the text says what differs.
pub fn compare(
    answer: &[Vec<u8>],
    expected: &[Answer],
    bindings: &mut Bindings,
) -> Result<(), String> {
    let shown = || answer.iter().map(|field| crate::transcript::escape(field)).collect::<Vec<_>>();
    let none = expected.len() == 1
        && expected[0].key.is_none()
        && expected[0].value.literal() == Some(b"none");
    let fields = match answer.split_first() {
        Some((first, [])) if first == b"none" && none => return Ok(()),
        Some((first, fields)) if first == b"ok" && !none => fields,
        _ => return Err(format!("the view says: {}", shown().join(" "))),
    };
    if expected.iter().any(|answer| answer.key.is_none()) || expected.is_empty() {
        // A list of names, which must match as a whole.
        let fits = fields.len() == expected.len()
            && fields.iter().zip(expected).all(|(got, want)| bindings.matches(&want.value, got));
        return if fits { Ok(()) } else { Err(format!("the view says: {}", shown().join(" "))) };
    }
    for Answer { key, value } in expected {
        let key = key.as_deref().unwrap_or_default();
        let got = fields.iter().find_map(|field| {
            let rest = field.strip_prefix(key.as_bytes())?;
            rest.strip_prefix(b"=")
        });
        match got {
            None => return Err(format!("the view does not say {key}: {}", shown().join(" "))),
            Some(got) if !bindings.matches(value, got) => {
                return Err(format!("the view says {key}={}", crate::transcript::escape(got)));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
