//! The environment of a service: variables of the file, those of its `env_file`, and the items of
//! the protocol that they become.

use std::collections::{BTreeMap, BTreeSet};

/// Variables, and which of them nobody is to see.
#[derive(Clone, Debug, Default)]
pub(crate) struct Env {
    pub(crate) clear: bool,
    pub(crate) unset: BTreeSet<String>,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) secrets: BTreeSet<String>,
}

impl Env {
    /// The items, in an order that does not depend on anything else.
    pub(crate) fn items(&self) -> Vec<String> {
        let clear = self.clear.then(|| "!".to_owned());
        let unset = self.unset.iter().filter(|name| !self.variables.contains_key(*name));
        let unset = unset.map(|name| format!("!{name}"));
        let set = self.variables.iter().map(|(name, value)| item(name, value));
        clear.into_iter().chain(unset).chain(set).collect()
    }
}

/// Whether a variable can have this name.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['!', '-'])
        && name.chars().all(|c| c >= ' ' && c != '=' && c != '%')
}

fn item(name: &str, value: &str) -> String {
    if value.bytes().all(|byte| byte >= 0x20) {
        format!("{name}={value}")
    } else {
        format!("{name}%={}", percent(value))
    }
}

/// A text of any characters, in one field.
pub(crate) fn percent(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c < ' ' || c == '%' {
            out.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// The variables of an `env_file`: a line `NAME=VALUE` each; empty lines and those that begin with
/// `#` are left out, and `export` may stand in front. A value in `'` is taken as it is, and in `"`
/// `\n`, `\"` and `\\` mean what they usually do. Without quotes it goes on to the end of the line.
pub(crate) fn read_file(text: &str) -> (Vec<(String, String)>, Vec<usize>) {
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for (nth, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let pair = line.split_once('=').map(|(name, value)| (name.trim_end(), value.trim_start()));
        match pair.and_then(|(name, value)| Some((name, unquoted(value)?))) {
            Some((name, value)) if is_name(name) && !name.contains(' ') => {
                found.push((name.to_owned(), value));
            }
            _ => wrong.push(nth + 1),
        }
    }
    (found, wrong)
}

fn unquoted(value: &str) -> Option<String> {
    if let Some(rest) = value.strip_prefix('\'') {
        return rest.strip_suffix('\'').filter(|it| !it.contains('\'')).map(str::to_owned);
    }
    let Some(rest) = value.strip_prefix('"') else { return Some(value.to_owned()) };
    let mut out = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return chars.as_str().is_empty().then_some(out),
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                c @ ('"' | '\\' | '$' | '`') => out.push(c),
                c => out.extend(['\\', c]),
            },
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_file() {
        let text = "# c\n\nA=1\nexport B = x y \nC='it # is'\nD=\"a\\nb\\\"\"\nE=\n";
        let pairs: Vec<_> =
            [("A", "1"), ("B", "x y"), ("C", "it # is"), ("D", "a\nb\""), ("E", "")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into();
        assert_eq!(read_file(text), (pairs, Vec::new()));
        assert_eq!(read_file("A\n=1\nA B=1\nA='x\nA=\"x\" y\n!A=1\n").1, [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn items_hold_any_text() {
        assert_eq!(item("A", "50%"), "A=50%");
        assert_eq!(item("A", "50%\n"), "A%=50%25%0A");
        let mut env = Env { clear: true, ..Env::default() };
        env.unset.extend(["A".to_owned(), "Z".to_owned()]);
        env.variables.insert("A".into(), "1".into());
        assert_eq!(env.items(), ["!", "!Z", "A=1"]);
    }
}
