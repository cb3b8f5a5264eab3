//! What the line editor asks while a line is typed: completions, hints, colours.

use std::borrow::Cow;
use std::sync::Arc;

use daemonproxy_client::protocol::tables::COMMANDS;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::Validator;
use rustyline::{Context, Helper};

use super::candidates::{candidates, is_repeated};
use super::help::LOCAL;
use super::link::Link;
use super::verbs::{self, is_verb, verbs};
use crate::quoting::{Word, quote, split};
use crate::style::Paint;

pub(super) struct Assistant {
    link: Arc<Link>,
}

impl Assistant {
    pub(super) fn new(link: Arc<Link>) -> Self {
        Self { link }
    }
}

/// The fields before the one that is being typed, and that one.
fn at_cursor(line: &str) -> (Vec<Word>, Word) {
    let (mut words, open) = split(line);
    let inside = open || !line.ends_with([' ', '\t']);
    let typed = if inside { words.pop() } else { None };
    let nothing = Word { text: String::new(), start: line.len(), end: line.len() };
    (words, typed.unwrap_or(nothing))
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (before, typed) = at_cursor(&line[..pos]);
        let before: Vec<&str> = before.iter().map(|word| word.text.as_str()).collect();
        let found = candidates(&self.link.state().view, self.link.folder(), &before, &typed.text);
        let only = found.len() == 1;
        let pairs = found.into_iter().map(|candidate| {
            let end = if only && candidate.complete { " " } else { "" };
            Pair { replacement: quote(&candidate.text) + end, display: candidate.text }
        });
        Ok((typed.start, pairs.collect()))
    }
}

/// What is still missing. This hint cannot be accepted into the line.
pub(super) struct Missing(String);

impl Hint for Missing {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Assistant {
    type Hint = Missing;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<Missing> {
        if pos < line.len() || line.trim().is_empty() {
            return None;
        }
        let (before, typed) = at_cursor(line);
        let gap = if typed.text.is_empty() { "" } else { " " };
        let names = missing(&before, &typed)?;
        (!names.is_empty()).then(|| Missing(format!("{gap}{}", names.join(" "))))
    }
}

/// The arguments that are still missing.
fn missing(before: &[Word], typed: &Word) -> Option<Vec<String>> {
    let command = before.first().unwrap_or(typed).text.as_str();
    let given = before.len() + usize::from(!typed.text.is_empty()) - 1;
    if let Some((_, args, _)) = LOCAL.iter().find(|(name, ..)| *name == command) {
        return (given == 0 && !args.is_empty()).then(|| vec![(*args).to_owned()]);
    }
    if is_verb(command) {
        let words: Vec<&str> = before.iter().chain([typed]).map(|it| it.text.as_str()).collect();
        let words: Vec<&str> = words.into_iter().skip(1).filter(|it| !it.is_empty()).collect();
        return Some(verbs::missing(command, &words));
    }
    let info = COMMANDS.iter().find(|info| info.name.as_str() == command)?;
    // A list can always go on.
    let last = info.args.iter().rposition(is_repeated);
    let from = last.map_or(given, |last| given.min(last));
    let rest = info.args.iter().skip(from);
    Some(rest.map(|arg| arg.shown.to_owned()).collect())
}

impl Highlighter for Assistant {
    /// A known command is bold; one that cannot become a known one any more is red.
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        let start = line.len() - line.trim_start().len();
        let (name, rest) = line[start..].split_once(' ').unwrap_or((&line[start..], ""));
        let local = LOCAL.iter().map(|(name, ..)| *name);
        let local = local.chain(verbs());
        let mut known = local.chain(COMMANDS.iter().map(|info| info.name.as_str()));
        let end = start + name.len();
        let paint = if known.clone().any(|known| known == name) {
            Paint::Bold
        } else if !rest.is_empty() || !known.any(|known| known.starts_with(name)) {
            Paint::Bad
        } else {
            return Cow::Borrowed(line);
        };
        let painted = self.link.style().paint(paint, name);
        Cow::Owned(format!("{}{painted}{}", &line[..start], &line[end..]))
    }

    /// Called whenever the line is drawn, which is how we know of it.
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        self.link.update(|state| state.drawn += 1);
        Cow::Owned(self.link.style().paint(Paint::Accent, prompt))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(self.link.style().paint(Paint::Faint, hint))
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.link.style().is_on()
    }
}

impl Validator for Assistant {}

impl Helper for Assistant {}
