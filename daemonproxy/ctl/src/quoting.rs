//! Fields as they are typed: separated by spaces, quoted as in a shell if they contain spaces.
//!
//! `'...'` takes everything as it is, `"..."` all but `\"` and `\\`, and outside of both a `\`
//! takes the next character as it is. There is nothing else: no variables, no patterns.

/// A field, and where it stands on the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// Where it begins, its quote included, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The fields of a line, and whether a quote is still open at its end.
pub(crate) fn split(line: &str) -> (Vec<Word>, bool) {
    let mut words: Vec<Word> = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in line.char_indices() {
        if quote.is_none() && !escaped && (character == ' ' || character == '\t') {
            words.extend(word.take());
            continue;
        }
        let current = word.get_or_insert_with(|| Word { text: String::new(), start: at, end: at });
        current.end = at + character.len_utf8();
        match (quote, character) {
            _ if escaped => {
                if quote == Some('"') && character != '"' && character != '\\' {
                    current.text.push('\\');
                }
                current.text.push(character);
                escaped = false;
            }
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None | Some('"'), '\\') => escaped = true,
            _ => current.text.push(character),
        }
    }
    words.extend(word);
    (words, quote.is_some() || escaped)
}

/// A field quoted so that [`split`] returns it.
pub(crate) fn quote(text: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '\'' | '"' | '\\');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        split(line).0.into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn quotes_keep_spaces() {
        assert_eq!(
            texts(r#"a 'b c' "d \" e" f\ g '' x'y'z"#),
            ["a", "b c", "d \" e", "f g", "", "xyz"]
        );
        assert_eq!(texts("  "), Vec::<String>::new());
    }

    #[test]
    fn places_are_those_on_the_line() {
        let (words, open) = split("ab 'c d");
        assert_eq!((words[1].start, words[1].end, open), (3, 7, true));
    }

    #[test]
    fn what_was_quoted_is_read_back() {
        for text in ["", "a", "a b", "it's", "\"", "\\", "'"] {
            assert_eq!(texts(&quote(text)), [text], "{text}");
        }
    }
}
