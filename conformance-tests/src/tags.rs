//! The tags of a client to which a transcript is played. The client chooses them, and decides which
//! of its commands have one, so the transcript and what is said on the wire are not the same bytes.
//!
//! - A tag in a transcript stands for the tag of the client, whatever that is. If the client has
//!   sent the command without one, it is answered as it then should be: its refusal is an `error`,
//!   and its end is not told.
//! - A command without a tag in the transcript may have one on the wire. Its refusal is then told
//!   in its `done`, which otherwise follows the last event before the next command.
//! - What a client sends to find its way is answered: echoes, also with a tag, by which a client
//!   finds out whether the daemon knows tags. To a daemon of protocol 1 a tag is an unknown command.

use std::collections::BTreeMap;

use daemonproxy_protocol::tables::error_with_text;
use daemonproxy_protocol::{Refusal, Tagged};

use crate::transcript::Protocol;

/// The tags of one client.
#[derive(Debug)]
pub(crate) struct Tags {
    protocol: Protocol,
    /// The commands that have a tag in the transcript, as the client has sent them.
    sent: BTreeMap<Vec<u8>, Sent>,
    /// The tag of the last command, if the transcript does not say how that ends.
    open: Option<Vec<u8>>,
    has_asked: bool,
}

/// A command as the client has sent it.
#[derive(Debug)]
struct Sent {
    tag: Option<Vec<u8>>,
    command: Vec<u8>,
}

/// A line of the client.
pub(crate) enum Came<'a> {
    /// It wants to find out about tags: this is the answer.
    Question(Vec<u8>),
    /// A command, with its tag.
    Command(Option<&'a [u8]>, &'a [u8]),
}

impl Tags {
    pub(crate) fn new(protocol: Protocol) -> Self {
        Self { protocol, sent: BTreeMap::new(), open: None, has_asked: false }
    }

    /// Takes the tag off a line. `is_due` says that the transcript has a tagged echo here, so that
    /// the first one that comes is not a question.
    pub(crate) fn read<'a>(&mut self, line: &'a [u8], is_due: bool) -> Came<'a> {
        let Some(Ok(tagged)) = Tagged::split(line) else { return Came::Command(None, line) };
        let tag = tagged.tag.as_bytes();
        let command = match (self.protocol, tagged.command()) {
            (Protocol::Two, Ok(command)) => command,
            (Protocol::Two, Err(refusal)) => return Came::Question(refused(tag, &refusal)),
            (Protocol::One, _) => {
                let name = &line[..=tag.len()];
                let mut answer = Vec::new();
                Refusal::UnknownCommand { name }.write(&mut answer);
                return Came::Question([b"error\t", answer.as_slice()].concat());
            }
        };
        let is_first = !std::mem::replace(&mut self.has_asked, true);
        if command == b"echo" && is_first && !is_due {
            return Came::Question(done(tag));
        }
        Came::Command(Some(tag), command)
    }

    /// This is the command that the transcript has here, with this tag.
    pub(crate) fn expected(&mut self, here: Option<&[u8]>, tag: Option<&[u8]>, command: &[u8]) {
        let tag = tag.map(<[u8]>::to_vec);
        match here {
            Some(here) => {
                let command = command.to_vec();
                self.sent.insert(here.to_vec(), Sent { tag, command });
            }
            None => self.open = tag,
        }
    }

    /// The answer to an echo that the transcript does not have; `None` if it is something else.
    pub(crate) fn echo(tag: Option<&[u8]>, command: &[u8]) -> Option<Vec<u8>> {
        let mark = command.strip_prefix(b"echo\t");
        match (mark, tag) {
            (Some(mark), Some(tag)) => Some([mark, b"\n", &done(tag)].concat()),
            (Some(mark), None) => Some(mark.to_vec()),
            (None, Some(tag)) if command == b"echo" => Some(done(tag)),
            (None, _) => None,
        }
    }

    /// An event of the transcript, as this client is told it; `None` if it is not.
    pub(crate) fn tell(&mut self, line: Vec<u8>) -> Result<Option<Vec<u8>>, String> {
        let fields: Vec<&[u8]> = line.splitn(4, |&byte| byte == b'\t').collect();
        if let [b"done", here, how @ ..] = &fields[..]
            && let Some(sent) = self.sent.remove(*here)
        {
            return Ok(match (sent.tag, how) {
                (Some(tag), []) => Some(done(&tag)),
                (Some(tag), how) => {
                    Some([done(&tag).as_slice(), b"\t", &how.join(&b'\t')].concat())
                }
                (None, [_, text]) => Some(error_event(text, &sent.command)),
                (None, _) => None,
            });
        }
        if let Some(text) = line.strip_prefix(b"error\t")
            && is_answer(text)
            && let Some(tag) = self.open.take()
        {
            let text = without_command(text);
            let error = error_with_text(text).ok_or("the grammar has no such error")?;
            let name = error.name.as_bytes();
            return Ok(Some([done(&tag).as_slice(), b"\t", name, b"\t", text].concat()));
        }
        Ok(Some(line))
    }

    /// The end of the last command, if it was not told yet.
    pub(crate) fn end(&mut self) -> Option<Vec<u8>> {
        self.open.take().map(|tag| done(&tag))
    }
}

fn done(tag: &[u8]) -> Vec<u8> {
    [b"done\t", tag].concat()
}

fn refused(tag: &[u8], refusal: &Refusal<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    refusal.write(&mut text);
    [done(tag).as_slice(), b"\t", refusal.name().as_bytes(), b"\t", &text].concat()
}

/// An error as it is told to who has sent a command without a tag.
fn error_event(text: &[u8], command: &[u8]) -> Vec<u8> {
    // What the daemon repeats of a command.
    const QUOTED: usize = 30;
    let mut line = [b"error\t", text].concat();
    if !is_answer(text) {
        line.extend_from_slice(b", for command \"");
        let start = &command[..command.len().min(QUOTED)];
        line.extend(start.iter().map(|&byte| if byte < b' ' { b' ' } else { byte }));
        line.extend_from_slice(if command.len() > QUOTED { b"...\"" } else { b"\"" });
    }
    line
}

/// Whether the text of an error event answers a command, and does not report a failed start.
pub(crate) fn is_answer(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.contains(", for command \"")
        || text.starts_with("Unknown command: ")
        || text == "line too long"
}

/// The text of an error event without the command that it repeats.
pub(crate) fn without_command(text: &[u8]) -> &[u8] {
    const COMMAND: &[u8] = b", for command \"";
    let at = text.windows(COMMAND.len()).position(|part| part == COMMAND);
    &text[..at.unwrap_or(text.len())]
}
