//! Patterns for names: `*`, `?` and `[abc]`, `[a-z]`, `[!abc]`. A name itself is a pattern that
//! only it matches, because no name has one of these characters in it.

/// Whether the pattern matches the whole name.
pub fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let Some((&first, rest)) = pattern.split_first() else { return name.is_empty() };
    match first {
        b'*' => (0..=name.len()).any(|at| matches(rest, &name[at..])),
        b'?' => !name.is_empty() && matches(rest, &name[1..]),
        b'[' => match (class(rest), name.split_first()) {
            (Some((set, rest)), Some((&byte, name))) => contains(set, byte) && matches(rest, name),
            _ => false,
        },
        _ => name.first() == Some(&first) && matches(rest, &name[1..]),
    }
}

/// Whether it can match more than one name.
pub fn is_pattern(text: &[u8]) -> bool {
    text.iter().any(|byte| b"*?[".contains(byte))
}

/// What is between the brackets, and what comes after them.
fn class(pattern: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = pattern.iter().position(|&byte| byte == b']')?;
    Some((&pattern[..end], &pattern[end + 1..]))
}

fn contains(set: &[u8], byte: u8) -> bool {
    let (negated, mut set) = match set.strip_prefix(b"!") {
        Some(set) => (true, set),
        None => (false, set),
    };
    let mut found = false;
    while let Some((&low, rest)) = set.split_first() {
        (found, set) = match rest {
            [b'-', high, rest @ ..] => (found || (low..=*high).contains(&byte), rest),
            rest => (found || low == byte, rest),
        };
    }
    found != negated
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name) in [
            ("web", "web"),
            ("w*", "web"),
            ("*", ""),
            ("w?b", "web"),
            ("[a-w]eb", "web"),
            ("*b*", "web"),
            ("[!x]eb", "web"),
        ] {
            assert!(matches(pattern.as_bytes(), name.as_bytes()), "{pattern} {name}");
        }
        for (pattern, name) in
            [("we", "web"), ("?", ""), ("[!w]eb", "web"), ("[web", "w"), ("*x", "web")]
        {
            assert!(!matches(pattern.as_bytes(), name.as_bytes()), "{pattern} {name}");
        }
    }
}
