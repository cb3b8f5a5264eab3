//! `help`, from the grammar.

use daemonproxy_client::protocol::tables::{COMMANDS, CommandInfo, OPTIONS};

use super::verbs::{self, in_full, is_verb, verbs};
use crate::check::line::form;
use crate::style::{Paint, Style, width};
use crate::wrap::wrap;

/// The commands of the shell itself: name, arguments, and what they do.
pub(super) const LOCAL: &[(&str, &str, &str)] = &[
    ("help", "[COMMAND]", "What there is, or what a command does."),
    ("watch", "[NAME]...", "status, always up to date. The arrows scroll, q ends it."),
    ("!raw", "LINE", "Sends a line untouched."),
    ("quit", "", "Leaves, as ^D does."),
];

/// From this many columns on, what a command does is shown beside it.
const WIDE: usize = 100;
/// Where that begins.
const BESIDE: usize = 54;

/// Help on a command, or on all of them, in this many columns.
pub(super) fn help(command: Option<&str>, style: Style, columns: usize) -> String {
    let Some(name) = command else { return overview(style, columns) };
    if let Some((name, args, doc)) = LOCAL.iter().find(|(known, ..)| *known == name) {
        return format!("{} {args}\n  {doc}\n", style.paint(Paint::Bold, name));
    }
    if is_verb(name) {
        return of_verb(name, style, columns);
    }
    match COMMANDS.iter().find(|info| info.name.as_str() == name) {
        Some(info) => of_command(info, style, columns),
        None => style.paint(Paint::Bad, &format!("there is no command {name}")) + "\n",
    }
}

fn overview(style: Style, columns: usize) -> String {
    let mut text = String::new();
    for (name, args, doc) in LOCAL {
        entry(&mut text, format!("{name} {args}").trim_end(), doc, style, columns);
    }
    for verb in verbs() {
        entry(&mut text, &verbs::form(verb), &verbs::doc(verb), style, columns);
    }
    for info in COMMANDS {
        entry(&mut text, &form(info, " "), info.doc, style, columns);
    }
    let end =
        "Fields are separated by spaces; quote those that hold some. TAB completes, ^R searches.";
    put(&mut text, &wrap(end, 0, 0, columns), Paint::Plain, style);
    text
}

/// A command, and the first sentence of what it does: beside it where there is room, else below.
fn entry(text: &mut String, form: &str, doc: &str, style: Style, columns: usize) {
    let first = doc.split(". ").next().unwrap_or(doc).trim_end_matches('.');
    if columns >= WIDE && width(form) + 3 <= BESIDE {
        let lines = wrap(first, BESIDE, BESIDE, columns);
        let beside = lines[0].trim_start();
        text.push_str(&format!("  {form:<51} {}\n", style.paint(Paint::Faint, beside)));
        put(text, &lines[1..], Paint::Faint, style);
    } else {
        put(text, &wrap(form, 2, 4, columns), Paint::Plain, style);
        put(text, &wrap(first, 6, 6, columns), Paint::Faint, style);
    }
}

fn of_verb(verb: &str, style: Style, columns: usize) -> String {
    let mut text = String::new();
    put(&mut text, &wrap(&verbs::form(verb), 0, 4, columns), Paint::Bold, style);
    put(&mut text, &wrap(&verbs::doc(verb), 2, 2, columns), Paint::Plain, style);
    let full = in_full(verb);
    if full != verb {
        let more = format!("It sends {full}, and takes its arguments, too: help {full} tells all.");
        put(&mut text, &wrap(&more, 2, 2, columns), Paint::Plain, style);
    }
    text
}

fn of_command(info: &CommandInfo, style: Style, columns: usize) -> String {
    let mut text = String::new();
    put(&mut text, &wrap(&form(info, " "), 0, 4, columns), Paint::Bold, style);
    put(&mut text, &wrap(info.doc, 2, 2, columns), Paint::Plain, style);
    for arg in info.args {
        let name = arg.shown.trim_matches(['[', ']', '.']);
        let lines = wrap(&format!("{name}: {}", arg.kind.doc), 2, 4, columns);
        let painted = lines[0].replacen(name, &style.paint(Paint::Accent, name), 1);
        put(&mut text, &[painted], Paint::Plain, style);
        put(&mut text, &lines[1..], Paint::Plain, style);
    }
    if info.args.iter().any(|arg| arg.kind.name.starts_with("option")) {
        for option in OPTIONS {
            let lines = wrap(&format!("{}: {}", option.key, option.doc), 2, 4, columns);
            let painted = lines[0].replacen(option.key, &style.paint(Paint::Accent, option.key), 1);
            put(&mut text, &[painted], Paint::Plain, style);
            put(&mut text, &lines[1..], Paint::Plain, style);
        }
    }
    // One line each, to be copied.
    for example in info.examples {
        let fields: Vec<_> = example.split('\t').map(crate::quoting::quote).collect();
        text.push_str(&style.paint(Paint::Faint, &format!("  e.g. {}\n", fields.join(" "))));
    }
    text
}

fn put(text: &mut String, lines: &[String], paint: Paint, style: Style) {
    for line in lines {
        text.push_str(&style.paint(paint, line));
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fits_every_width() {
        let longest = |text: &str| text.lines().map(width).max().unwrap();
        for columns in [60, 80, 100, 200] {
            assert!(longest(&help(None, Style::PLAIN, columns)) <= columns, "{columns}");
            for info in COMMANDS {
                let text = help(Some(info.name.as_str()), Style::PLAIN, columns);
                let wrapped = text.lines().filter(|line| !line.contains("e.g. "));
                assert!(wrapped.map(width).max().unwrap() <= columns, "{columns}: {text}");
            }
        }
    }

    #[test]
    fn repeated_fields_have_one_name_everywhere() {
        let text = help(Some("service.auto_up"), Style::PLAIN, 80);
        assert!(text.starts_with("service.auto_up NAME [INTERVAL] [TRIGGER]...\n"), "{text}");
        assert!(text.contains("\n  TRIGGER: "), "{text}");
    }
}
