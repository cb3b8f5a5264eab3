//! Wraps text to the columns there are.

use crate::style::width;

/// The text in lines of at most `columns`, each after `indent` spaces, the first after `first` of
/// them. A word that is longer than a line gets its own.
pub(crate) fn wrap(text: &str, first: usize, indent: usize, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(first);
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrap("a bc def", 0, 2, 4), ["a bc", "  def"]);
        assert_eq!(wrap("immeasurable x", 2, 2, 6), ["  immeasurable", "  x"]);
        assert_eq!(wrap("", 1, 2, 6), [" "]);
    }
}
