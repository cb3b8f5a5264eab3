//! The driver of the Rust crate `daemonproxy-protocol`: its `StateView`, its parsers and writers, put to
//! the same test as every SDK. It is also an example of a driver; the README says what one has to do.

use std::io;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;

use daemonproxy_protocol::{Command, Event, ServiceView, StateField, StateView};

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
    let daemon = Connection::new(Some(stdout), stdin, None)?;
    let mut client = Client { daemon, view: StateView::new(), echoes: 0 };
    loop {
        let request = match control.next_line()? {
            Got::Line(request) => request,
            Got::Closed(_) => return Ok(()),
            Got::Nothing => continue,
        };
        let fields: Vec<Vec<u8>> = request.split(|&b| b == b'\t').map(unescape_bytes).collect();
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        let answer = match fields[..] {
            [b"$", ref call @ ..] => match client.call(call) {
                Ok(()) => vec![b"ok".to_vec()],
                Err((class, text)) => vec![b"error".to_vec(), class.into(), text],
            },
            [b"=", ref asked @ ..] => {
                client.poll()?;
                view::answer(&client.view, asked)
            }
            [b"?", kind, line] => judge(kind, line),
            _ => vec![b"error".to_vec(), b"usage".to_vec(), b"unknown request".to_vec()],
        };
        let answer: Vec<String> = answer.iter().map(|field| escape(field)).collect();
        control.write(format!("{}\n", answer.join("\t")).as_bytes())?;
    }
}

/// The class of an error, and its text.
type CallError = (&'static str, Vec<u8>);

struct Client {
    daemon: Connection,
    view: StateView,
    echoes: u32,
}

impl Client {
    fn call(&mut self, call: &[&[u8]]) -> Result<(), CallError> {
        match *call {
            [b"sync"] => self.echo(),
            [b"resync"] => loop {
                // News of what is no more may still be on its way.
                self.echo()?;
                self.view.reset();
                self.send(b"statedump")?;
                self.echo()?;
                if !self.view.has_overflowed() {
                    self.view.sweep();
                    return Ok(());
                }
            },
            [b"wait", b"service", name, state] => {
                while !self.is(name, state) {
                    let line = self.line()?;
                    self.take(&line)?;
                }
                Ok(())
            }
            _ => {
                let line = call.join(&b'\t');
                let whole = call.iter().skip(1).all(|field| !field.iter().any(|&b| b < b' '));
                match Command::parse(&line) {
                    Ok(_) if whole => self.send(&line)?,
                    Ok(_) => return Err(("usage", b"a control character".to_vec())),
                    Err(refusal) => return Err(("usage", refusal.to_string().into_bytes())),
                }
                self.echo()
            }
        }
    }

    fn is(&self, name: &[u8], state: &[u8]) -> bool {
        let known = match self.view.service(name).map(ServiceView::state) {
            None | Some(StateField::Deleted) => "deleted",
            Some(StateField::NeverStarted | StateField::Down { .. }) => "down",
            Some(StateField::Starting { .. }) => "start",
            Some(StateField::Up { .. }) => "up",
        };
        state == known.as_bytes()
    }

    fn send(&mut self, line: &[u8]) -> Result<(), CallError> {
        self.daemon.write(&[line, b"\n"].concat()).map_err(closed)
    }

    /// Reads up to the answer of an echo, and returns what was refused on the way.
    fn echo(&mut self) -> Result<(), CallError> {
        self.echoes += 1;
        let mark = format!("-- {} --", self.echoes).into_bytes();
        self.send(&[b"echo\t", mark.as_slice()].concat())?;
        let mut refused = None;
        loop {
            let line = self.line()?;
            if line == mark {
                return refused.map_or(Ok(()), |text| Err(("refused", text)));
            }
            if let Some(text) = line.strip_prefix(b"error\t")
                && is_answer(text)
            {
                refused = Some(text.to_vec());
            }
            self.take(&line)?;
        }
    }

    fn line(&mut self) -> Result<Vec<u8>, CallError> {
        match self.daemon.next_line().map_err(closed)? {
            Got::Line(line) => Ok(line),
            Got::Closed(_) => Err(closed("end of the connection".to_owned())),
            Got::Nothing => Err(("timeout", b"no answer".to_vec())),
        }
    }

    fn poll(&mut self) -> Result<(), String> {
        while let Got::Line(line) = self.daemon.line_that_is_there()? {
            self.take(&line).map_err(|(_, text)| String::from_utf8_lossy(&text).into_owned())?;
        }
        Ok(())
    }

    fn take(&mut self, line: &[u8]) -> Result<(), CallError> {
        let event = Event::parse(line);
        let event = event.map_err(|error| ("protocol", error.to_string().into_bytes()))?;
        self.view.apply(&event);
        Ok(())
    }
}

fn closed(text: String) -> CallError {
    ("closed", text.into_bytes())
}

/// Whether the text of an error event answers a command, and does not tell of a start that failed.
pub(crate) fn is_answer(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.contains(", for command \"")
        || text.starts_with("Unknown command: ")
        || text == "line too long"
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
