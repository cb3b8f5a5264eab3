//! Compares a line with a pattern.
//!
//! A pattern is the line itself, in which a placeholder stands for what differs from run to run:
//!
//! | placeholder | matches |
//! |---|---|
//! | `{ts}` | a whole number of seconds on the monotonic clock |
//! | `{secs}` | a duration in whole seconds |
//! | `{pid}` | a process id, above 1 |
//! | `{n}` | any integer |
//! | `{any}` | anything without a TAB, up to the text that follows in the pattern |
//! | `{text}` | at least one byte, up to the end of the line |
//!
//! Any other brace is itself.

/// The numbers that stood at the places of the placeholders, in their order; `None` when the
/// line does not match.
pub fn matches(pattern: &str, line: &[u8]) -> Option<Vec<i64>> {
    let (mut pattern, mut line) = (pattern, line);
    let mut captures = Vec::new();
    while let Some((literal, kind, rest)) = next_placeholder(pattern) {
        line = line.strip_prefix(literal.as_bytes())?;
        let taken = match kind {
            "text" => {
                return (!line.is_empty() && rest.is_empty()).then_some(captures);
            }
            "any" => up_to(line, until(rest)),
            _ => {
                let (number, taken) = integer(line)?;
                let plausible = match kind {
                    "ts" | "secs" => number >= 0,
                    "pid" => number > 1,
                    _ => true,
                };
                if !plausible {
                    return None;
                }
                captures.push(number);
                taken
            }
        };
        line = &line[taken..];
        pattern = rest;
    }
    (line == pattern.as_bytes()).then_some(captures)
}

/// The text before the first placeholder, its kind, and the text after it.
fn next_placeholder(pattern: &str) -> Option<(&str, &str, &str)> {
    pattern.match_indices('{').find_map(|(at, _)| {
        let (kind, rest) = pattern[at + 1..].split_once('}')?;
        let known = ["ts", "secs", "pid", "n", "any", "text"].contains(&kind);
        known.then_some((&pattern[..at], kind, rest))
    })
}

/// The literal text between this placeholder and the next.
fn until(rest: &str) -> &[u8] {
    rest.split('{').next().unwrap_or_default().as_bytes()
}

/// How many bytes stand before `stop`, or before the TAB, or to the end when neither comes.
fn up_to(line: &[u8], stop: &[u8]) -> usize {
    let field = line.iter().position(|&b| b == b'\t').unwrap_or(line.len());
    if stop.is_empty() || stop[0] == b'\t' {
        return field;
    }
    (0..field).find(|&at| line[at..].starts_with(stop)).unwrap_or(field)
}

/// A decimal integer without leading zeros, and its length.
fn integer(line: &[u8]) -> Option<(i64, usize)> {
    let digits = usize::from(line.first() == Some(&b'-'));
    let end = digits + line[digits..].iter().take_while(|b| b.is_ascii_digit()).count();
    if end - digits > 1 && line[digits] == b'0' {
        return None;
    }
    let number = std::str::from_utf8(&line[..end]).ok()?.parse().ok()?;
    Some((number, end))
}

#[test]
fn placeholders_are_typed_and_captured() {
    assert_eq!(matches("up\t{ts}\t{pid}\t-", b"up\t10\t42\t-"), Some(vec![10, 42]));
    assert_eq!(matches("up\t{ts}\t{pid}\t-", b"up\t10\t1\t-"), None);
    assert_eq!(matches("up\t{ts}", b"up\t010"), None);
    assert_eq!(matches("up\t{ts}", b"up\t"), None);
    assert_eq!(matches("up\t{ts}", b"up\t1\t"), None);
    assert_eq!(matches("can't (pid {pid}): {any}, for", b"can't (pid 7): No, for"), Some(vec![7]));
    assert_eq!(matches("a\t{any}\tc", b"a\tb\tb\tc"), None);
    assert_eq!(matches("error\t{text}", b"error\tx\ty"), Some(vec![]));
    assert_eq!(matches("error\t{text}", b"error\t"), None);
    assert_eq!(matches("plain", b"plain "), None);
    assert_eq!(matches("{ x; } ${y} {n}", b"{ x; } ${y} 5"), Some(vec![5]));
}
