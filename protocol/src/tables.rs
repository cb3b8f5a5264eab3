//! The grammar as data: for help, completion and documentation.
//!
//! Parsing and encoding do not use these tables, so they are not linked into a program that does
//! not use them.

pub use crate::generated::tables::{COMMANDS, ERRORS, EVENTS, FACTS, KINDS, OPTIONS};
use crate::{CommandName, EventName, Fact};

/// A kind of field.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct KindInfo {
    /// Its name in the grammar, such as `signal`.
    pub name: &'static str,
    /// Its rule (RFC 5234).
    pub abnf: &'static str,
    /// What it is, to follow "expected".
    pub what: &'static str,
    /// What a person must know about it.
    pub doc: &'static str,
    /// Words that it may be. Some kinds allow nothing else; `trigger` may also be a signal.
    pub words: &'static [&'static str],
    /// Words that it may be with commas between them. `listen=BACKLOG` takes a value in the place
    /// of BACKLOG.
    pub flags: &'static [&'static str],
    /// The lowest and the highest value, of a number that has bounds.
    pub range: Option<(u32, u32)>,
    /// Whether `-` means the same as an absent field.
    pub none: bool,
}

/// Whether and how often an argument occurs.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Once.
    Required,
    /// Once or not at all.
    Optional,
    /// Any number of times up to the end of the line, or not at all.
    Repeated,
    /// At least once, up to the end of the line.
    RepeatedAtLeastOnce,
}

/// An argument of a command or a field of an event.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct ArgInfo {
    /// Its name, in capital letters.
    pub name: &'static str,
    /// What it may be.
    pub kind: &'static KindInfo,
    /// Whether it may be left out or repeated.
    pub presence: Presence,
    /// How it is shown to people: `NAME`, `[NAME]`, `[NAME]...`, `NAME...`. What is repeated is
    /// named in the singular.
    pub shown: &'static str,
}

/// A command.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CommandInfo {
    /// Which it is.
    pub name: CommandName,
    /// Its arguments, in order.
    pub args: &'static [ArgInfo],
    /// The version of the protocol that brought it.
    pub since: u32,
    /// What it does.
    pub doc: &'static str,
    /// Whole lines, without LF.
    pub examples: &'static [&'static str],
    /// The events that it causes, besides `error`.
    pub events: &'static [EventName],
    /// Every text with which it can be refused; placeholders are written `{reason}`.
    pub errors: &'static [&'static str],
}

/// An option of a service.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// Its KEY, or what stands before the dot of one with a NAME.
    pub name: &'static str,
    /// How that is shown to people: `umask`, `limit.NAME`.
    pub key: &'static str,
    /// What NAME may be; empty if there is none.
    pub names: &'static [&'static str],
    /// All of it, to follow "expected".
    pub what: &'static str,
    /// Words that its value may be.
    pub words: &'static [&'static str],
    /// The step of a start that fails when it cannot be had.
    pub stage: Option<&'static str>,
    /// It does not wait for the next start.
    pub at_once: bool,
    /// What it does.
    pub doc: &'static str,
    /// Whole options.
    pub examples: &'static [&'static str],
    /// Whole options that are refused because of their values.
    pub wrong: &'static [&'static str],
}

/// An event.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct EventInfo {
    /// Which it is.
    pub name: EventName,
    /// Its fields, in order.
    pub args: &'static [ArgInfo],
    /// The version of the protocol that brought it.
    pub since: u32,
    /// When it is sent.
    pub doc: &'static str,
    /// A line of every form that it takes, without LF.
    pub forms: &'static [&'static str],
}

/// Something that can be known of a run of a service.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct FactInfo {
    /// Which it is.
    pub name: Fact,
    /// How it is shown to people, such as `start=MOMENT`.
    pub shown: &'static str,
    /// What a number counts, if it needs saying.
    pub unit: Option<&'static str>,
    /// Values that a word may have; others are signals.
    pub words: &'static [&'static str],
    /// What it means.
    pub doc: &'static str,
}

/// A text with which a command can be refused.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct ErrorInfo {
    /// The name of the `Refusal`.
    pub name: &'static str,
    /// The text; placeholders are written `{reason}`.
    pub text: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// The kinds of the fields that it is about, if it is an answer to a line that is well formed.
    /// Empty if it is about the whole line.
    pub about: &'static [&'static KindInfo],
}

/// The error with this text, which is that of a refusal without the command that an `error` event
/// repeats after it; `None` if it is not in the grammar. The entry whose fixed beginning, up to
/// its first placeholder, is the longest that the text begins with; without placeholders it must
/// be the text.
#[must_use]
pub fn error_with_text(text: &[u8]) -> Option<&'static ErrorInfo> {
    let fits = |info: &&ErrorInfo| match info.text.split_once('{') {
        Some((before, _)) => text.starts_with(before.as_bytes()),
        None => text == info.text.as_bytes(),
    };
    let fixed = |info: &&ErrorInfo| info.text.split('{').next().map_or(0, str::len);
    ERRORS.iter().filter(fits).max_by_key(fixed)
}
