//! The driver of the Rust client, `daemonproxy-client`, and of the parsers and writers below it,
//! put to the same test as every SDK. It is also an example of a driver; the README says what one
//! has to do.

use std::io;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use daemonproxy_client::{Client, Error};
use daemonproxy_protocol::{Command, Event, ServiceView, StateField, StateView};
use daemonproxy_testing::PATIENCE;

use crate::connection::Connection;
use crate::subject::Got;
use crate::transcript::{escape, unescape_bytes};
use crate::view;

/// The variable with the number of the control descriptor.
pub const CONTROL_FD: &str = "DAEMONPROXY_TEST_FD";

/// Answers requests until there are no more.
pub fn run() -> Result<(), String> {
    let number: RawFd = std::env::var(CONTROL_FD)
        .ok()
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| format!("{CONTROL_FD} is not set: this is started by the suite"))?;
    // SAFETY: the suite has made this descriptor for us, and 0 and 1; nothing else here uses them.
    let [control, stdin, stdout] = unsafe { [number, 0, 1].map(|fd| OwnedFd::from_raw_fd(fd)) };
    let control = UnixStream::from(control);
    let answers = control.try_clone().map_err(|error: io::Error| error.to_string())?;
    let mut control = Connection::new(Some(answers.into()), control.into(), None)?;
    let daemon = daemonproxy_client::Connection::from_fds(stdin, stdout);
    let mut client = Client::new(daemon.map_err(|error| error.to_string())?);
    loop {
        let request = match control.next_line()? {
            Got::Line(request) => request,
            Got::Closed(_) => return Ok(()),
            Got::Nothing => continue,
        };
        let fields: Vec<Vec<u8>> = request.split(|&b| b == b'\t').map(unescape_bytes).collect();
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        let answer = match fields[..] {
            [b"$", ref fields @ ..] => match call(&mut client, fields) {
                Ok(()) => vec![b"ok".to_vec()],
                Err((class, text, name)) => [b"error".to_vec(), class.into(), text]
                    .into_iter()
                    .chain(name.map(Into::into))
                    .collect(),
            },
            [b"=", ref asked @ ..] => {
                poll(&mut client)?;
                view::answer(client.view(), asked)
            }
            [b"?", kind, line] => judge(kind, line),
            _ => vec![b"error".to_vec(), b"usage".to_vec(), b"unknown request".to_vec()],
        };
        let answer: Vec<String> = answer.iter().map(|field| escape(field)).collect();
        control.write(format!("{}\n", answer.join("\t")).as_bytes())?;
    }
}

/// The class of an error, its text, and its name in the grammar if it is a refusal.
type CallError = (&'static str, Vec<u8>, Option<String>);

fn call(client: &mut Client, call: &[&[u8]]) -> Result<(), CallError> {
    let done = match *call {
        [b"sync"] => client.sync(),
        [b"resync"] => client.resync(),
        [b"wait", b"service", name, state] => {
            match client.wait(PATIENCE, |view| state_word(view, name) == state) {
                Ok(false) => return Err(("timeout", b"the state does not come".to_vec(), None)),
                Ok(true) => Ok(()),
                Err(error) => Err(error),
            }
        }
        _ => client.command(call),
    };
    done.map_err(|error| {
        let class = match &error {
            Error::Refused(refused) => {
                return ("refused", refused.text().to_vec(), refused.name().map(str::to_owned));
            }
            Error::Usage(_) => "usage",
            Error::Closed => "closed",
            Error::Missed => "lost",
            Error::TimedOut(_) => "timeout",
            _ => "protocol",
        };
        (class, error.to_string().into_bytes(), None)
    })
}

fn state_word(view: &StateView, name: &[u8]) -> &'static [u8] {
    match view.service(name).map(ServiceView::state) {
        None | Some(StateField::Deleted) => b"deleted",
        Some(StateField::NeverStarted | StateField::Down { .. }) => b"down",
        Some(StateField::Starting { .. }) => b"start",
        Some(StateField::Up { .. }) => b"up",
    }
}

/// Takes in what is there.
fn poll(client: &mut Client) -> Result<(), String> {
    loop {
        match client.next_event(Duration::ZERO) {
            Ok(Some(_)) => {}
            Ok(None) | Err(Error::Closed) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// What the parsers make of a line.
pub(crate) fn judge(kind: &[u8], line: &[u8]) -> Vec<Vec<u8>> {
    let mut again = Vec::new();
    let verdict = match kind {
        b"command" => match Command::parse(line) {
            Ok(command) => {
                command.encode(&mut again);
                Ok(())
            }
            Err(refusal) => Err(refusal.to_string()),
        },
        _ => match Event::parse(line) {
            Ok(event) if event.name().is_none() => return vec![b"other".to_vec()],
            Ok(event) => {
                event.encode(&mut again);
                Ok(())
            }
            Err(error) => Err(error.to_string()),
        },
    };
    match verdict {
        Ok(()) => std::iter::once(b"valid".as_slice())
            .chain(again.split(|&byte| byte == b'\t'))
            .map(<[u8]>::to_vec)
            .collect(),
        Err(text) => vec![b"invalid".to_vec(), text.into_bytes()],
    }
}
