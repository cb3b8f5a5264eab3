//! `help`, from the grammar.

use daemonproxy_client::protocol::tables::{COMMANDS, CommandInfo};

use crate::check::line::form;
use crate::style::{Paint, Style};

/// The commands of the shell itself: name, arguments, and what they do.
pub(super) const LOCAL: &[(&str, &str, &str)] = &[
    ("help", "[COMMAND]", "What there is, or what a command does."),
    ("status", "[NAME]...", "Services as a table. A name may be a pattern."),
    ("watch", "[NAME]...", "The same, always up to date. q ends it."),
    ("!raw", "LINE", "Sends a line untouched."),
    ("quit", "", "Leaves, as ^D does."),
];

/// Help on a command, or on all of them.
pub(super) fn help(command: Option<&str>, style: Style) -> String {
    let Some(name) = command else { return overview(style) };
    if let Some((name, args, doc)) = LOCAL.iter().find(|(known, ..)| *known == name) {
        return format!("{} {args}\n  {doc}\n", style.paint(Paint::Bold, name));
    }
    match COMMANDS.iter().find(|info| info.name.as_str() == name) {
        Some(info) => of_command(info, style),
        None => style.paint(Paint::Bad, &format!("there is no command {name}")) + "\n",
    }
}

fn overview(style: Style) -> String {
    let mut text = String::new();
    let mut entry = |form: &str, doc: &str| {
        let first = doc.split(". ").next().unwrap_or(doc).trim_end_matches('.');
        text.push_str(&format!("  {form:<52} {}\n", style.paint(Paint::Faint, first)));
    };
    for (name, args, doc) in LOCAL {
        entry(format!("{name} {args}").trim_end(), doc);
    }
    for info in COMMANDS {
        entry(&form(info, " "), info.doc);
    }
    text.push_str(
        "Fields are separated by spaces; quote those that hold some. TAB completes, ^R searches.\n",
    );
    text
}

fn of_command(info: &CommandInfo, style: Style) -> String {
    let mut text = format!("{}\n  {}\n", style.paint(Paint::Bold, &form(info, " ")), info.doc);
    for arg in info.args {
        text.push_str(&format!("  {}: {}\n", style.paint(Paint::Accent, arg.name), arg.kind.doc));
    }
    for example in info.examples {
        let fields: Vec<_> = example.split('\t').map(crate::quoting::quote).collect();
        text.push_str(&style.paint(Paint::Faint, &format!("  e.g. {}\n", fields.join(" "))));
    }
    text
}
