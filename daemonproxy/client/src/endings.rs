//! Where the answers to commands end.
//!
//! A daemon that knows tags ends the answer to `@TAG→COMMAND…` with a line `done→TAG`, which says
//! whether the command was refused. With any other, an `echo` of a word of our own is sent after
//! the command, and comes back after all answers to it; there, a refusal is an event `error`, which
//! differs from news by its text.
//!
//! Which of the two it is, is found out with the first command, and costs nothing: the command goes
//! as it is, and after it an `echo` with a tag. One daemon says that this is done, the other that
//! it is no command, and both say so after all answers to the command itself.
//!
//! Nothing outside of this file knows any of that.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use daemonproxy_protocol::{Event, Name, is_ignored};

use crate::error::{Error, Refused, Result};

/// Lines up to this length are sent with a tag. Any daemon takes lines of 512 bytes, but a longer
/// one could be too long with a tag and not without.
const SHORT: usize = 470;

/// The commands of one connection whose answers have not ended.
#[derive(Debug)]
pub(crate) struct Endings {
    /// How our tags and echoes begin.
    prefix: String,
    /// Whether the daemon knows tags, once that is known.
    has_tags: Option<bool>,
    last: u32,
    /// In the order in which they were sent.
    open: VecDeque<Open>,
}

#[derive(Debug)]
struct Open {
    mark: String,
    /// It has the tag itself, and its refusal comes with its end.
    is_tagged: bool,
    refused: Option<Refused>,
    command: Vec<u8>,
    /// Events were missed since it was sent, and its end may be among them.
    in_doubt: bool,
    ended: Arc<OnceLock<Ended>>,
}

#[derive(Clone, Debug)]
enum Ended {
    Done,
    Refused(Refused),
    /// Nobody knows how.
    Missed,
}

/// A command that has been sent, and whose answer may not have ended: see
/// [`Client::begin`](crate::Client::begin). Whoever drops it does not want to know.
#[derive(Debug)]
#[must_use = "it says how the command ends"]
pub struct UnderWay {
    ended: Arc<OnceLock<Ended>>,
    /// It may end with the connection.
    pub(crate) leaves: bool,
}

impl UnderWay {
    /// Whether it is known how it ended. That changes only while events are taken in.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.get().is_some()
    }

    /// How it ended, if that is known.
    pub(crate) fn outcome(&self) -> Option<Result<()>> {
        Some(match self.ended.get()? {
            Ended::Done => Ok(()),
            Ended::Refused(refused) => Err(Error::Refused(refused.clone())),
            Ended::Missed => Err(Error::Missed),
        })
    }
}

impl Endings {
    pub(crate) fn new() -> Self {
        let prefix = format!("client-{}-", std::process::id());
        Self { prefix, has_tags: None, last: 0, open: VecDeque::new() }
    }

    /// Appends to `out` what has to be sent for a command, which is given without its LF; `None` is
    /// no command, just the end of what is in progress.
    pub(crate) fn begin(&mut self, command: Option<&[u8]>, out: &mut Vec<u8>) -> UnderWay {
        self.last = self.last.wrapping_add(1);
        let mark = format!("{}{}", self.prefix, self.last);
        let command = command.filter(|command| !is_ignored(command));
        let fits = |command: &[u8]| command.len() <= SHORT && !command.starts_with(b"@");
        let is_tagged = self.has_tags == Some(true) && command.is_none_or(fits);
        let mut add = |parts: &[&[u8]]| parts.iter().for_each(|part| out.extend_from_slice(part));
        match command {
            Some(command) if is_tagged => add(&[b"@", mark.as_bytes(), b"\t", command, b"\n"]),
            Some(command) => add(&[command, b"\n"]),
            None => {}
        }
        match self.has_tags {
            Some(true) if is_tagged && command.is_some() => {}
            Some(false) => add(&[b"echo\t", mark.as_bytes(), b"\n"]),
            Some(true) | None => add(&[b"@", mark.as_bytes(), b"\techo\n"]),
        }
        let ended = Arc::new(OnceLock::new());
        let leaves = command.is_some_and(ends_the_connection);
        self.open.push_back(Open {
            mark,
            is_tagged: is_tagged && command.is_some(),
            refused: None,
            command: command.unwrap_or_default().to_vec(),
            in_doubt: false,
            ended: Arc::clone(&ended),
        });
        UnderWay { ended, leaves }
    }

    /// Whether a line that came is for nobody else: it is about the end of a command.
    pub(crate) fn take(&mut self, line: &[u8]) -> bool {
        if line.starts_with(self.prefix.as_bytes()) {
            return self.end(line, None);
        }
        match Event::parse(line) {
            Ok(Event::Done { tag, error, text }) => {
                let is_ours = tag.as_bytes().starts_with(self.prefix.as_bytes());
                if is_ours {
                    self.has_tags = Some(true);
                    // One that nobody waits for any more is not news, either.
                    let _ = self.end(tag.as_bytes(), error.zip(text));
                }
                is_ours
            }
            Ok(Event::Error { text }) => self.error(text),
            Ok(Event::Overflow) => {
                self.open.iter_mut().for_each(|open| open.in_doubt = true);
                false
            }
            _ => false,
        }
    }

    /// How many commands are under way.
    pub(crate) fn count(&self) -> usize {
        self.open.len()
    }

    /// Whether it has to be found out what became of commands, since events were missed. A command
    /// that is sent now, or no command, will tell.
    pub(crate) fn are_in_doubt(&self) -> bool {
        self.open.back().is_some_and(|open| open.in_doubt)
    }

    fn error(&mut self, text: &[u8]) -> bool {
        if let Some(mark) = text.strip_prefix(b"Unknown command: @")
            && self.open.iter().any(|open| !open.is_tagged && open.mark.as_bytes() == mark)
        {
            self.has_tags = Some(false);
            return self.end(mark, None);
        }
        if !is_answer(text) {
            return false;
        }
        // The daemon takes one command after the other.
        let Some(open) = self.open.iter_mut().find(|open| !open.is_tagged) else { return false };
        if open.command.is_empty() || open.refused.is_some() {
            return false;
        }
        open.refused = Some(Refused::of_text(text, &open.command));
        true
    }

    /// The answer with this mark has ended. False if there is none.
    fn end(&mut self, mark: &[u8], refused: Option<(Name<'_>, &[u8])>) -> bool {
        let is_it = |open: &Open| open.mark.as_bytes() == mark;
        let Some(at) = self.open.iter().position(is_it) else { return false };
        let Some(open) = self.open.remove(at) else { return false };
        // What was sent before events were missed would have ended before this, which was sent
        // afterwards.
        if !open.in_doubt {
            self.open.retain(|before| {
                if before.in_doubt {
                    let _ = before.ended.set(Ended::Missed);
                }
                !before.in_doubt
            });
        }
        let refused = match refused {
            Some((name, text)) => Some(Refused::of_name(name, text, &open.command)),
            None => open.refused,
        };
        // Nobody else sets it.
        let _ = open.ended.set(refused.map_or(Ended::Done, Ended::Refused));
        true
    }
}

/// Whether the text of an error answers a command. One that reports a failed start is news for
/// everybody.
fn is_answer(text: &[u8]) -> bool {
    let has = |part: &[u8]| text.windows(part.len()).any(|found| found == part);
    has(b", for command \"") || text.starts_with(b"Unknown command: ") || text == b"line too long"
}

/// Whether the daemon carries this command out by closing the connection.
fn ends_the_connection(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b'\t').next().unwrap_or_default();
    matches!(name, b"exit" | b"terminate" | b"terminate.shutdown")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(endings: &mut Endings, command: &str) -> (UnderWay, String) {
        let mut out = Vec::new();
        let under_way = endings.begin(Some(command.as_bytes()), &mut out);
        let out = String::from_utf8(out).unwrap();
        (under_way, out.replace(&endings.prefix, "c-"))
    }

    fn take(endings: &mut Endings, line: &str) -> bool {
        let line = line.replace("c-", &endings.prefix);
        endings.take(line.as_bytes())
    }

    fn refusal(under_way: &UnderWay) -> Option<String> {
        match under_way.outcome()? {
            Err(Error::Refused(refused)) => refused.name().map(str::to_owned),
            other => Some(format!("{other:?}")),
        }
    }

    fn with_tags() -> Endings {
        let mut endings = Endings::new();
        let (first, sent) = begin(&mut endings, "service.start\ta");
        assert_eq!(sent, "service.start\ta\n@c-1\techo\n");
        assert!(take(&mut endings, "error\tNo such service, for command \"service.start a\""));
        assert!(!first.has_ended());
        assert!(take(&mut endings, "done\tc-1"));
        assert_eq!(refusal(&first).as_deref(), Some("NoSuchService"));
        endings
    }

    #[test]
    fn a_daemon_with_tags_is_known_by_its_first_answer() {
        let mut endings = with_tags();
        let (one, sent) = begin(&mut endings, "service.start\ta");
        assert_eq!(sent, "@c-2\tservice.start\ta\n");
        let (other, _) = begin(&mut endings, "service.start\tb");
        // What answers a tagged command is no error event.
        assert!(!take(&mut endings, "error\tNo such service, for command \"service.start b\""));
        assert!(take(&mut endings, "done\tc-3\tNewName\ta text"));
        assert!(!one.has_ended());
        assert_eq!(refusal(&other).as_deref(), Some("NewName"));
        assert!(take(&mut endings, "done\tc-2"));
        assert_eq!(refusal(&one).as_deref(), Some("Ok(())"));
        assert!(!take(&mut endings, "done\tsomebody"));
        assert!(take(&mut endings, "done\tc-2"), "it is nobody's news");
    }

    #[test]
    fn a_daemon_without_tags_is_known_by_its_first_answer() {
        let mut endings = Endings::new();
        let (first, _) = begin(&mut endings, "conn.features");
        let (second, _) = begin(&mut endings, "chdir\t/");
        assert!(take(&mut endings, "error\tUnknown command: conn.features"));
        assert!(take(&mut endings, "error\tUnknown command: @c-1"));
        assert!(take(&mut endings, "error\tUnknown command: @c-2"));
        assert_eq!(refusal(&first).as_deref(), Some("UnknownCommand"));
        assert_eq!(refusal(&second).as_deref(), Some("Ok(())"));
        let (third, sent) = begin(&mut endings, "service.start\ta");
        assert_eq!(sent, "service.start\ta\necho\tc-3\n");
        assert!(!take(&mut endings, "error\tcannot execute x: no, for service \"y\""));
        assert!(take(&mut endings, "error\tNo such service, for command \"service.start a\""));
        assert!(take(&mut endings, "c-3"));
        assert_eq!(refusal(&third).as_deref(), Some("NoSuchService"));
    }

    #[test]
    fn what_would_be_too_long_with_a_tag_or_has_one_goes_without() {
        let mut endings = with_tags();
        let long = format!("service.args\ta\t{}", "x".repeat(SHORT));
        let (_, sent) = begin(&mut endings, &long);
        assert_eq!(sent, format!("{long}\n@c-2\techo\n"));
        let (_, sent) = begin(&mut endings, "@mine\techo\tx");
        assert_eq!(sent, "@mine\techo\tx\n@c-3\techo\n");
    }

    #[test]
    fn what_was_missed_is_known_to_be_unknown() {
        let mut endings = with_tags();
        let (lost, _) = begin(&mut endings, "service.start\ta");
        let (late, _) = begin(&mut endings, "service.start\ta");
        assert!(!take(&mut endings, "overflow"));
        assert!(endings.are_in_doubt());
        let (after, _) = begin(&mut endings, "echo");
        assert!(!endings.are_in_doubt());
        // It was carried out after the gap.
        assert!(take(&mut endings, "done\tc-3"));
        assert!(late.has_ended() && !lost.has_ended());
        assert!(take(&mut endings, "done\tc-4"));
        assert!(after.has_ended());
        assert_eq!(refusal(&lost).as_deref(), Some("Err(Missed)"));
    }
}
