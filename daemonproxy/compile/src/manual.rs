//! daemonproxy.toml(5): the manual page of the file, made from the table of keys.

use std::fmt::Write as _;

use daemonproxy_protocol::tables::OptionInfo;

use crate::keys::{DAEMON, Effect, FILE, Key, Kind, SERVICE};
use crate::option;

const TITLE: &str = ".TH DAEMONPROXY.TOML 5 2026-11-27 daemonproxy \"daemonproxy manual\"\n";
const BEGIN: &str = include_str!("manual/begin.man");
const END: &str = include_str!("manual/end.man");
/// Columns of a line of the page's source.
const WIDTH: usize = 80;

/// The page, in the language of man(7).
#[must_use]
pub fn manual() -> String {
    let mut page = TITLE.to_owned();
    page.push_str(BEGIN);
    page.push_str(".SH THE TOP OF THE FILE\n");
    keys(FILE, "", &mut page);
    page.push_str(".SH [DAEMON]\n");
    keys(DAEMON, "", &mut page);
    page.push_str(".SH [SERVICE.NAME] AND [DEFAULTS]\n");
    keys(SERVICE, "", &mut page);
    page.push_str(".SH OPTIONS OF SERVICES\nThese are the options of\n.BR daemonproxy\\-protocol (7)\nby their own names.\n");
    option::keys().for_each(|info| one_option(info, &mut page));
    page.push_str(END);
    page
}

/// Keys, and those of the tables that they are.
fn keys(keys: &[Key], path: &str, page: &mut String) {
    for key in keys {
        let name = format!("{path}{}", key.name);
        let example = match (
            key.example,
            key.example.contains(" = ") && !key.example.starts_with(['{', '"', '[']),
        ) {
            ("", _) => String::new(),
            (line, true) => format!(" (such as {line})"),
            (value, false) => format!(" = {value}"),
        };
        let end = match (key.effect, key.kind) {
            // What is said of a table is said of its keys.
            (_, Kind::Table(_) | Kind::Services | Kind::Defaults) => "",
            (Effect::AtOnce, _) => " A change is made at once.",
            (Effect::Restart, _) => "",
        };
        let _ = writeln!(page, ".TP\n.B {}", escaped(&format!("{name}{example}")));
        paragraph(&format!("{}{end}", key.doc), page);
        let inner = match key.kind {
            Kind::Table(inner) if path.is_empty() && key.name != "daemon" => inner,
            Kind::Table(inner) if !path.is_empty() => inner,
            Kind::WordOrTable(_, inner)
            | Kind::FlagWordOrTable(_, inner)
            | Kind::SignalOrTable(inner)
            | Kind::TextOrTable(inner) => inner,
            _ => continue,
        };
        self::keys(inner, &format!("{name}."), page);
    }
}

fn one_option(info: &OptionInfo, page: &mut String) {
    let example = info.examples.first().map_or(String::new(), |it| option::toml(info, it));
    let _ = writeln!(page, ".TP\n.B {}", escaped(&example));
    let end = if info.at_once { " A change is made at once." } else { "" };
    paragraph(&format!("{}{end}", info.doc), page);
}

/// A text, with its code in bold.
fn paragraph(text: &str, page: &mut String) {
    let mut line = String::new();
    for (nth, part) in text.split('`').enumerate() {
        let part = escaped(part);
        let part =
            if nth % 2 == 1 { format!("\\fB{}\\fP", part.replace(' ', "\\~")) } else { part };
        line.push_str(&part);
    }
    let mut column = 0;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        // A line must not begin with what looks like a request.
        if column > 0 && column + word.len() >= WIDTH && !word.starts_with(['.', '\'']) {
            page.push('\n');
            column = 0;
        } else if column > 0 {
            page.push(' ');
            column += 1;
        }
        page.push_str(word);
        column += word.len();
        // A sentence ends with its line.
        if word.ends_with('.') {
            page.push('\n');
            column = 0;
        }
    }
    if column > 0 {
        page.push('\n');
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\e"),
            '-' => out.push_str("\\-"),
            '\'' => out.push_str("\\(aq"),
            '"' => out.push_str("\\(dq"),
            '~' => out.push_str("\\(ti"),
            '^' => out.push_str("\\(ha"),
            '`' => out.push_str("\\(ga"),
            '…' => out.push_str("\\[u2026]"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_there() {
        let page = manual();
        for name in [
            "include",
            "owner",
            "run =",
            "restart.delay",
            "stop.signal",
            "giveup.times",
            "cwd =",
            "umask =",
        ] {
            assert!(page.contains(name), "{name}");
        }
        assert!(!page.lines().any(|line| line.ends_with(' ')));
        // A line that ends so runs into the next one, without a space between the words.
        assert!(!page.lines().any(|line| line.ends_with('\\')));
    }
}
