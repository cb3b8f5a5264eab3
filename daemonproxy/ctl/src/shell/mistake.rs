//! Which field of a command is wrong, so that it can be pointed at.

use daemonproxy_protocol::{Command, Refusal};

use crate::quoting::Word;

/// The place on the line that a refusal is about: where it begins and ends, in bytes.
pub(super) fn place(words: &[Word], refusal: &Refusal<'_>) -> (usize, usize) {
    let fields: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let refused_so = |fields: &[&str]| {
        let line = fields.join("\t");
        Command::parse(line.as_bytes())
            .err()
            .is_some_and(|other| other.to_string() == refusal.to_string())
    };
    let end = words.last().map_or(0, |word| word.end);
    // With one field more it would be another fault, or none: something is missing at the end.
    let mut more = fields.clone();
    more.push("\u{1}");
    if !refused_so(&more) {
        return (end + 1, end + 2);
    }
    let at = (1..=fields.len()).find(|&count| refused_so(&fields[..count]));
    at.and_then(|count| words.get(count - 1)).map_or((0, end), |word| (word.start, word.end))
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::quoting::split;
    use daemonproxy_protocol::Command;

    fn marked(line: &str) -> (usize, usize) {
        let (words, _) = split(line);
        let fields: Vec<_> = words.iter().map(|word| word.text.clone()).collect();
        let joined = fields.join("\t");
        place(&words, &Command::parse(joined.as_bytes()).unwrap_err())
    }

    #[test]
    fn the_wrong_field_is_found() {
        assert_eq!(marked("service.auto_up web soon always"), (20, 24));
        assert_eq!(marked("service.signal w/b HUP"), (15, 18));
        assert_eq!(marked("nonsense x"), (0, 8));
        assert_eq!(marked("service.signal web"), (19, 20), "behind the end");
    }
}
