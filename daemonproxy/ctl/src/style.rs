//! Colours, where they are wanted: on a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.

use std::io::IsTerminal;

pub(crate) use daemonproxy_look::readable;

/// Whether to colour.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Style {
    on: bool,
}

/// What a piece of text is, and so which colour it has.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Plain,
    Good,
    Bad,
    Waiting,
    Faint,
    Bold,
    Accent,
    /// One of several that are to be told from each other.
    Nth(usize),
}

impl Style {
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { on: false };

    /// The right choice for standard output.
    pub(crate) fn of_stdout() -> Self {
        Self::of(std::io::stdout().is_terminal())
    }

    /// The right choice for standard error.
    pub(crate) fn of_stderr() -> Self {
        Self::of(std::io::stderr().is_terminal())
    }

    fn of(is_terminal: bool) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        Self { on: is_terminal && !refused && !dumb }
    }

    pub(crate) fn is_on(self) -> bool {
        self.on
    }

    /// A whole line with its colours turned around, and none of its own. This is no colour, and so
    /// also there with `NO_COLOR`.
    pub(crate) fn selected(line: &str) -> String {
        format!("\x1b[7m{}\x1b[0m", without_colours(line).collect::<String>())
    }

    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        // No yellow, which vanishes on a light background.
        let code = match paint {
            Paint::Plain => return text.to_owned(),
            Paint::Good => "32",
            Paint::Bad => "31",
            Paint::Waiting => "35",
            Paint::Faint => "2",
            Paint::Bold => "1",
            Paint::Accent => "36",
            Paint::Nth(nth) => ["36", "35", "32", "34", "31"][nth % 5],
        };
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// How many columns a text takes, its colours not counted. Wide characters count as one.
pub(crate) fn width(text: &str) -> usize {
    without_colours(text).count()
}

fn without_colours(text: &str) -> impl Iterator<Item = char> {
    let mut in_escape = false;
    text.chars().filter(move |&character| {
        let is_seen = !in_escape && character != '\x1b';
        in_escape = !is_seen && (!in_escape || character != 'm');
        is_seen
    })
}
