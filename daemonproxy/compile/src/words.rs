//! `run = "…"`: split into words as a shell would, and never anything else that a shell does.

use std::ops::Range;

/// Why a line is not just words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This character means something to a shell.
    Special(Range<usize>, char),
    /// A quote is not closed, or a backslash is the last character.
    Open(Range<usize>),
    /// A word in front sets a variable.
    Assignment(Range<usize>),
    /// There is no word.
    Empty,
}

/// The words of a line.
pub(crate) fn split(line: &str) -> Result<Vec<String>, Fault> {
    if let Some(fault) = special(line) {
        return Err(fault);
    }
    let words = shlex::split(line).ok_or(Fault::Open(0..line.len()))?;
    let Some(first) = words.first() else { return Err(Fault::Empty) };
    if let Some((name, _)) = first.split_once('=')
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        let at = line.find(name).unwrap_or(0);
        return Err(Fault::Assignment(at..at + first.len().min(line.len() - at)));
    }
    Ok(words)
}

/// What a shell would not take as it stands.
fn special(line: &str) -> Option<Fault> {
    let mut quote: Option<(usize, char)> = None;
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some((_, open)), _) if c == open => quote = None,
            (Some((_, '\'')), _) => {}
            (_, '\\') => {
                if chars.next().is_none() {
                    return Some(Fault::Open(at..line.len()));
                }
            }
            (_, '$' | '`') => return Some(Fault::Special(at..at + 1, c)),
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some((at, c)),
            (None, '|' | '&' | ';' | '<' | '>' | '#' | '*' | '~') => {
                return Some(Fault::Special(at..at + 1, c));
            }
            (None, _) => {}
        }
    }
    quote.map(|(at, _)| Fault::Open(at..line.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_a_shell() {
        for (line, words) in [
            ("app serve --fd 3", &["app", "serve", "--fd", "3"][..]),
            (" a  'b c' \"d e\" f\\ g ", &["a", "b c", "d e", "f g"]),
            ("a '$x' '|' \\& ''", &["a", "$x", "|", "&", ""]),
            ("a \"it's; *\"", &["a", "it's; *"]),
            ("awk {n} x=1", &["awk", "{n}", "x=1"]),
        ] {
            assert_eq!(split(line).unwrap(), words, "{line}");
        }
    }

    #[test]
    fn what_a_shell_would_do_is_a_fault() {
        for (line, at) in [
            ("a $B", 2),
            ("a | b", 2),
            ("a & b", 2),
            ("a; b", 1),
            ("a <b", 2),
            ("a >b", 2),
            ("a # b", 2),
            ("a *", 2),
            ("a ~", 2),
            ("a `b`", 2),
            ("a \"$B\"", 3),
            ("a \"`b`\"", 3),
        ] {
            let special = line[at..].chars().next().unwrap();
            assert_eq!(split(line), Err(Fault::Special(at..at + 1, special)), "{line}");
        }
        assert_eq!(split("a 'b"), Err(Fault::Open(2..4)));
        assert_eq!(split("a \\"), Err(Fault::Open(2..3)));
        assert_eq!(split("  "), Err(Fault::Empty));
        assert_eq!(split("A=1 b"), Err(Fault::Assignment(0..3)));
    }
}
