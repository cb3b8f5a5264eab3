//! Transcripts: conversations with the daemon that a person can read, write and review in a diff.
//!
//! The first field of a line says who speaks, the fields after it what. Fields are separated by one
//! TAB. `>`, `<` and `<|` may be followed by the name of a connection; without one they mean the
//! main connection.
//!
//! | | |
//! | --- | --- |
//! | `#` | a comment; the first one is the title |
//! | `@` | set-up and requirements ([`Setup`]) |
//! | `>` | a command |
//! | `<` | the next event |
//! | `<\|` | events that may come in any order, together with those on neighbouring lines |
//! | `<*` | any number of lines like this, or none |
//! | `!` | the world ([`World`]) |
//! | `$` | a call of an SDK; up to its `$=` all lines are about this call |
//! | `$=` | its result: `ok`, or `error`, its class, its message and its name |
//! | `=` | what the view of an SDK says about a service, a descriptor, a signal |
//!
//! Reading a transcript and printing it gives the same file.

mod field;
mod setup;
mod world;

use std::fmt;

use daemonproxy_protocol::Name;

pub use field::{Bindings, Hole, Kind, Pattern, escape, unescape, unescape_bytes};
pub use setup::{Main, Protocol, Setup};
pub use world::{End, Told, World};

/// A transcript.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// What it is called in messages.
    pub file: String,
    /// What it needs.
    pub setup: Setup,
    /// Its lines, in order.
    pub steps: Vec<Step>,
}

/// A line of a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 1.
    pub line: usize,
    /// What it says.
    pub what: What,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Nothing: a comment or an empty line, as it is written.
    Nothing(String),
    /// Something about the set-up, as it is written; see [`Setup`].
    Setup(Vec<String>),
    /// A controller sends a command.
    Command(String, Vec<Pattern>),
    /// A controller reads an event.
    Event(String, Order, Vec<Pattern>),
    /// Something happens.
    World(World, Vec<String>),
    /// A method of an SDK is called.
    Call(Vec<Pattern>),
    /// The call has ended like this.
    Outcome(Vec<Pattern>),
    /// This is asked of a view, and these are fields of the answer.
    Query(Vec<String>, Vec<Answer>),
}

/// When an event comes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Next.
    Next,
    /// Before or after its neighbours of the same kind.
    Any,
    /// Any number of times.
    Repeated,
}

/// A field of a view's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What is before the `=`, if there is one.
    pub key: Option<String>,
    /// The value.
    pub value: Pattern,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "{key}={}", self.value),
            None => write!(f, "{}", self.value),
        }
    }
}

/// Why a file is not a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptError {
    /// Which file.
    pub file: String,
    /// Which line of it.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for TranscriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for TranscriptError {}

impl Transcript {
    /// Reads a transcript. `file` is what it is called in messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, TranscriptError> {
        let mut setup = Setup::default();
        let mut steps = Vec::new();
        let mut in_call = false;
        for (line, text) in (1..).zip(text.lines()) {
            let error = |message| TranscriptError { file: file.to_owned(), line, message };
            let what = What::parse(text).map_err(error)?;
            match &what {
                What::Setup(fields) => {
                    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
                    setup.add(&fields).map_err(error)?;
                }
                What::Call(_) if in_call => {
                    return Err(error("the call before this one has no `$=` yet".to_owned()));
                }
                What::Outcome(_) if !in_call => {
                    return Err(error("there is no `$` before this".to_owned()));
                }
                What::Call(_) => in_call = true,
                What::Outcome(_) => in_call = false,
                What::Nothing(_)
                | What::Command(..)
                | What::Event(..)
                | What::World(..)
                | What::Query(..) => {}
            }
            steps.push(Step { line, what });
        }
        if in_call {
            let message = "a call has no `$=` after it".to_owned();
            return Err(TranscriptError { file: file.to_owned(), line: steps.len(), message });
        }
        Ok(Self { file: file.to_owned(), setup, steps })
    }

    /// The first comment.
    pub fn title(&self) -> &str {
        let first = self.steps.iter().find_map(|step| match &step.what {
            What::Nothing(text) => text.strip_prefix('#'),
            _ => None,
        });
        first.unwrap_or_default().trim()
    }

    /// Whether a line speaks of a connection besides the main one.
    pub fn has_other_connections(&self) -> bool {
        self.steps.iter().any(|step| match &step.what {
            What::Command(who, _) | What::Event(who, ..) => !who.is_empty(),
            What::World(World::Connect(..) | World::Controller(_), _) => true,
            _ => false,
        })
    }

    /// Whether a command has a tag, or an event is the end of one that has.
    pub fn has_tags(&self) -> bool {
        self.steps.iter().any(|step| match &step.what {
            What::Command(_, fields) => split_tag(fields).0.is_some(),
            What::Event(_, _, fields) => {
                fields.first().is_some_and(|first| first.literal() == Some(b"done"))
            }
            _ => false,
        })
    }

    /// Whether an SDK is called directly.
    pub fn has_calls(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.what, What::Call(_)))
    }
}

/// The tag of a command in a transcript, and the command.
pub fn split_tag(fields: &[Pattern]) -> (Option<&[u8]>, &[Pattern]) {
    if let [first, command @ ..] = fields
        && let Some(tag) = first.literal().and_then(|field| field.strip_prefix(b"@"))
        && !command.is_empty()
        && Name::new(tag).is_some()
    {
        return (Some(tag), command);
    }
    (None, fields)
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| writeln!(f, "{}", step.what))
    }
}

impl What {
    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() || text.starts_with('#') {
            return Ok(Self::Nothing(text.to_owned()));
        }
        if let Some(byte) = text.bytes().find(|&byte| byte < b' ' && byte != b'\t') {
            return Err(format!("a byte of {byte:#04x}: write it as \\x{byte:02x}"));
        }
        let mut fields = text.split('\t');
        let speaker = fields.next().unwrap_or_default();
        let fields: Vec<&str> = fields.collect();
        let owned = || fields.iter().map(|&field| field.to_owned()).collect();
        let patterns =
            || fields.iter().map(|field| Pattern::parse(field)).collect::<Result<Vec<_>, _>>();
        Ok(match speaker {
            "@" => Self::Setup(owned()),
            "!" => Self::World(World::parse(&fields)?, owned()),
            "$" => Self::Call(patterns()?),
            "$=" => Self::Outcome(outcome(patterns()?)?),
            "=" => Self::query(&fields)?,
            _ => {
                let (order, who) = if let Some(who) = speaker.strip_prefix('>') {
                    (None, who)
                } else if let Some(who) = speaker.strip_prefix("<|") {
                    (Some(Order::Any), who)
                } else if let Some(who) = speaker.strip_prefix("<*") {
                    (Some(Order::Repeated), who)
                } else if let Some(who) = speaker.strip_prefix('<') {
                    (Some(Order::Next), who)
                } else {
                    return Err(format!(
                        "`{speaker}`: expected one of # @ > < <| <* ! $ $= = and a TAB after it"
                    ));
                };
                if !who.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                    return Err(format!("`{who}` is no name for a connection: letters and digits"));
                }
                let who = who.to_owned();
                match order {
                    None => Self::Command(who, patterns()?),
                    Some(order) => Self::Event(who, order, patterns()?),
                }
            }
        })
    }

    fn query(fields: &[&str]) -> Result<Self, String> {
        let words = match fields.first() {
            Some(&("service" | "run" | "fd" | "signal")) => 2,
            Some(&("services" | "fds" | "overflow")) => 1,
            _ => {
                return Err("expected one of: service NAME, run NAME, fd NAME, signal NAME, services, fds, \
                            overflow"
                    .to_owned());
            }
        };
        let Some((asked, answers)) = fields.split_at_checked(words) else {
            return Err("expected a name".to_owned());
        };
        let answer = |field: &&str| match field.split_once('=') {
            Some((key, value)) => {
                Ok(Answer { key: Some(key.to_owned()), value: Pattern::parse(value)? })
            }
            None => Ok(Answer { key: None, value: Pattern::parse(field)? }),
        };
        let answers: Result<_, String> = answers.iter().map(answer).collect();
        Ok(Self::Query(asked.iter().map(|&word| word.to_owned()).collect(), answers?))
    }
}

fn outcome(fields: Vec<Pattern>) -> Result<Vec<Pattern>, String> {
    match fields.iter().map(|field| field.literal()).collect::<Vec<_>>()[..] {
        [Some(b"ok")] | [Some(b"error"), Some(_)] | [Some(b"error"), Some(_), _] => Ok(fields),
        [Some(b"error"), Some(_), _, Some(_)] => Ok(fields),
        _ => Err("expected ok, or error CLASS [MESSAGE [NAME]]".to_owned()),
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing(text) => f.write_str(text),
            Self::Setup(fields) => line(f, "@", "", fields),
            Self::Command(who, fields) => line(f, ">", who, fields),
            Self::Event(who, Order::Next, fields) => line(f, "<", who, fields),
            Self::Event(who, Order::Any, fields) => line(f, "<|", who, fields),
            Self::Event(who, Order::Repeated, fields) => line(f, "<*", who, fields),
            Self::World(_, fields) => line(f, "!", "", fields),
            Self::Call(fields) => line(f, "$", "", fields),
            Self::Outcome(fields) => line(f, "$=", "", fields),
            Self::Query(asked, answers) => {
                line(f, "=", "", asked)?;
                line(f, "", "", answers)
            }
        }
    }
}

fn line<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    speaker: &str,
    who: &str,
    fields: &[T],
) -> fmt::Result {
    write!(f, "{speaker}{who}")?;
    fields.iter().try_for_each(|field| write!(f, "\t{field}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# A service that exits.
@\targs\t--max-line\t512

>\tservice.start\tfoo
<\tservice.state\tfoo\tup\t{ts:1}\t{pid:1}\t-\t-\t{secs}\t-
!\treap\t{pid:1}\texit\t42
<|b\techo\t\\x07
<*\tx
$\tsync
$=\tok
=\tservice\tfoo\tstate=down\texit=42
=\tservices\tfoo
";

    #[test]
    fn what_was_read_is_printed_again() {
        let transcript = Transcript::parse("t", TEXT).unwrap();
        assert_eq!(transcript.to_string(), TEXT);
        assert_eq!(transcript.title(), "A service that exits.");
    }

    #[test]
    fn errors_name_the_line_and_what_was_expected() {
        for (text, start) in [
            ("\n?\tx", "t:2: `?`: expected one of"),
            (">\t{bogus}", "t:1: no placeholder `{bogus}`"),
            ("$\tsync", "t:1: a call has no `$=`"),
            ("$=\tok", "t:1: there is no `$`"),
            ("!\tclock\tlate", "t:1: expected a number"),
            ("=\tservice", "t:1: expected a name"),
            ("@\tmoon", "t:1: expected one of"),
        ] {
            let error = Transcript::parse("t", text).unwrap_err().to_string();
            assert!(error.starts_with(start), "{error}");
        }
    }
}
