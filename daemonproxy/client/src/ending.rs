//! Where the answers to a command end.
//!
//! An `echo` of a word of our own is sent after the command, and comes back after all answers to
//! the command. A refusal is an event `error`, which differs from news by its text.
//!
//! Nothing outside of this file knows that it is an echo: a daemon that knows tagged commands ends
//! the answers to one with a line `done`, and then [`Ending::of`] frames the command with its tag
//! and [`Ending::take`] reads that.

use daemonproxy_protocol::Event;

use crate::error::Refused;

/// The end of one command that is in progress.
#[derive(Debug)]
pub(crate) struct Ending {
    mark: Vec<u8>,
    refused: Option<Refused>,
}

/// What a line means for a command that is in progress.
pub(crate) enum Step {
    /// An event: perhaps of the command, perhaps of others.
    Event,
    /// The end of the answers. The line is for nobody else.
    Ended(Option<Refused>),
}

impl Ending {
    /// The end of a command, which is given without its LF; `None` is no command, just the end of
    /// what is in progress. `number` is different for each. Appends to `out` what has to be sent.
    pub(crate) fn of(command: Option<&[u8]>, number: u32, out: &mut Vec<u8>) -> Self {
        let mark = format!("client-{}-{number}", std::process::id()).into_bytes();
        if let Some(command) = command {
            out.extend_from_slice(command);
            out.push(b'\n');
        }
        out.extend_from_slice(b"echo\t");
        out.extend_from_slice(&mark);
        Self { mark, refused: None }
    }

    /// What a line that came means for this command.
    pub(crate) fn take(&mut self, line: &[u8]) -> Step {
        if line == self.mark {
            return Step::Ended(self.refused.take());
        }
        if self.refused.is_none()
            && let Ok(Event::Error { text }) = Event::parse(line)
            && is_answer(text)
        {
            self.refused = Some(Refused::new(text));
        }
        Step::Event
    }
}

/// Whether the text of an error answers a command. One that reports a failed start is news for
/// everybody.
fn is_answer(text: &[u8]) -> bool {
    let has = |part: &[u8]| text.windows(part.len()).any(|found| found == part);
    has(b", for command \"") || text.starts_with(b"Unknown command: ") || text == b"line too long"
}
