//! Which trigger of a `service.auto_up` is none, and what it may have been meant to be.

use daemonproxy_client::protocol::{Condition, Name, Signal};
use daemonproxy_compile::nearest;

use crate::style::readable;

/// Those that are a word.
const WORDS: &[&str] = &["always", "once", "success", "failure"];
/// Those that have a name after them, and whose that is.
const NAMED: &[(&str, &str)] = &[
    ("ready", "a service"),
    ("up", "a service"),
    ("down", "a service"),
    ("done", "a service"),
    ("fd", "a descriptor"),
];
/// Where the triggers begin on the line: `service.auto_up NAME INTERVAL TRIGGER...`.
const FIRST: usize = 3;

/// What is wrong with the first trigger that is none, and the line with what is nearest to it.
pub(super) fn fault(line: &[u8]) -> Option<(String, Option<Vec<u8>>)> {
    let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
    let is_bad = |text: &&[u8]| Condition::parse(text).is_none();
    let (at, bad) =
        fields.iter().enumerate().skip(FIRST).find_map(|(at, trigger)| {
            Some((at, trigger.split(|&byte| byte == b',').find(is_bad)?))
        })?;
    let better = meant(bad).map(|meant| {
        let conditions = fields[at].split(|&byte| byte == b',');
        let trigger: Vec<&[u8]> =
            conditions.map(|one| if one == bad { meant.as_bytes() } else { one }).collect();
        let trigger = trigger.join(&b',');
        let mut fields = fields.clone();
        fields[at] = &trigger;
        fields.join(&b'\t')
    });
    Some((format!("{} is no trigger: {}", shown(bad), reason(bad)), better))
}

fn shown(text: &[u8]) -> String {
    format!("\"{}\"", readable(text))
}

/// Why it is none.
fn reason(bad: &[u8]) -> String {
    if bad.is_empty() {
        return "a condition is missing beside a comma or a TAB".to_owned();
    }
    let (word, name) = split(bad);
    let of = NAMED.iter().find(|(known, _)| known.as_bytes() == word).map(|it| it.1);
    match (of, name) {
        (Some(of), None | Some(b"")) => {
            let word = readable(word);
            format!("the name of {of} is missing, as in {word}:NAME")
        }
        (Some(of), Some(name)) => format!("{} is not the name of {of}", shown(name)),
        (None, None) if Signal::parse(bad).is_some() => {
            "the daemon receives no real-time signals".to_owned()
        }
        (None, _) => {
            let named = NAMED.iter().map(|(word, _)| format!("{word}:NAME"));
            let all: Vec<_> = WORDS.iter().map(|&word| word.to_owned()).chain(named).collect();
            format!("there are {} and signals such as SIGHUP", all.join(", "))
        }
    }
}

/// The trigger that it is nearest to.
fn meant(bad: &[u8]) -> Option<String> {
    let (word, name) = split(bad);
    let word = std::str::from_utf8(word).ok()?;
    match name {
        None => {
            let signal = word.to_ascii_uppercase();
            let is_signal = Condition::parse(signal.as_bytes()).is_some();
            let near = || nearest(word, WORDS.iter().copied()).map(str::to_owned);
            if is_signal { Some(signal) } else { near() }
        }
        Some(name) => {
            let name = Name::new(name)?;
            let near = nearest(word, NAMED.iter().map(|it| it.0))?;
            (near != word).then(|| format!("{near}:{name}"))
        }
    }
}

/// What stands before the colon, and the name after it.
fn split(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&byte| byte == b':') {
        Some(colon) => (&text[..colon], Some(&text[colon + 1..])),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_are_named_are_triggers() {
        let is_one = |text: &str| Condition::parse(text.as_bytes()).is_some();
        assert!(WORDS.iter().all(|word| is_one(word)));
        assert!(NAMED.iter().all(|(word, _)| is_one(&format!("{word}:x"))));
    }

    #[track_caller]
    fn told(triggers: &str) -> (String, Option<String>) {
        let line = format!("service.auto_up\tx\t1\t{triggers}");
        let (text, better) = fault(line.as_bytes()).unwrap();
        let better = better.map(|it| String::from_utf8(it).unwrap());
        (text, better.map(|it| it["service.auto_up\tx\t1\t".len()..].to_owned()))
    }

    #[test]
    fn a_trigger_that_is_none_is_named_and_corrected() {
        let (text, better) = told("once\tup:a,raedy:db");
        assert!(text.starts_with("\"raedy:db\" is no trigger: there are always, once, "), "{text}");
        assert!(text.ends_with("done:NAME, fd:NAME and signals such as SIGHUP"), "{text}");
        assert_eq!(better.as_deref(), Some("once\tup:a,ready:db"));
        assert_eq!(told("allways").1.as_deref(), Some("always"));
        assert_eq!(told("hup").1.as_deref(), Some("HUP"));
        assert_eq!(told("sometimes").1, None);
    }

    #[test]
    fn what_is_missing_or_wrong_in_it() {
        let missing = "\"fd\" is no trigger: the name of a descriptor is missing, as in fd:NAME";
        assert_eq!(told("fd"), (missing.to_owned(), None));
        let missing = "\"up:\" is no trigger: the name of a service is missing, as in up:NAME";
        assert_eq!(told("up:"), (missing.to_owned(), None));
        let wrong = "\"up:a/b\" is no trigger: \"a/b\" is not the name of a service";
        assert_eq!(told("up:a/b"), (wrong.to_owned(), None));
        let empty = "\"\" is no trigger: a condition is missing beside a comma or a TAB";
        assert_eq!(told("once,"), (empty.to_owned(), None));
        let real_time = "\"RTMIN+3\" is no trigger: the daemon receives no real-time signals";
        assert_eq!(told("RTMIN+3"), (real_time.to_owned(), None));
    }
}
