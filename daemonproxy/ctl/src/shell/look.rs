//! What the shell tells of services from what it knows: `status`, `watch`, `why`, and the lists of
//! `tags`, `options` and `env`. They say what the subcommands of these names say.

use std::time::Duration;

use clap::ArgMatches;
use daemonproxy_client::StateView;
use daemonproxy_client::protocol::{Fields, ServiceView};
use daemonproxy_look::why;

use super::link::Link;
use super::order::{Wrong, changes, named, names};
use crate::failure;
use crate::output::{self, Format, Painted, table};
use crate::rows::{self, NARROW, NARROW_COLUMNS, SERVICE_COLUMNS, SERVICE_FIELDS};
use crate::screen::{self, Key, Screen};
use crate::scroll::Scroll;
use crate::services::{no_such, select};
use crate::style::{Paint, Style, readable};
use crate::wrap::wrap;

/// How often `watch` updates.
const WATCH_INTERVAL: Duration = Duration::from_millis(500);

/// Whether a verb changes nothing, with these words behind it.
pub(super) fn only_tells(verb: &str, args: &ArgMatches) -> bool {
    match verb {
        "status" | "why" => true,
        // What stands in the place of a name is a change.
        "env" if args.get_flag("all") => names(args, "name").is_empty(),
        "tags" | "options" | "env" => changes(args).is_empty(),
        _ => false,
    }
}

/// What such a verb tells.
pub(super) fn told(link: &Link, verb: &str, args: &ArgMatches) -> Result<String, Wrong> {
    match verb {
        "status" => status(link, args),
        "env" if args.get_flag("all") => Ok(common_env(link)),
        "tags" => lists(link, args, "tags", ServiceView::tags),
        "options" => lists(link, args, "options", ServiceView::options),
        "env" => lists(link, args, "variables of its own", ServiceView::env),
        _ => Ok(why(link, args)),
    }
}

/// Services as they are asked for, and which of the names are those of none.
fn status(link: &Link, args: &ArgMatches) -> Result<String, Wrong> {
    let (state, style) = (link.state(), link.style());
    let (found, missing) = select(&state.view, &names(args, "names"));
    let asked = names(args, "fields");
    let format = args.get_one("format").copied().unwrap_or(Format::Table);
    let default = if format == Format::Table { columns() } else { SERVICE_FIELDS };
    let fields = output::fields(&asked, SERVICE_FIELDS, default)
        .map_err(|failure| Wrong { word: None, text: failure.text })?;
    let mut text = String::new();
    if missing.is_empty() || !found.is_empty() {
        let rendered = output::render(format, style, &fields, &rows(&state.view, &found, &fields));
        text += &match format {
            Format::Tsv => readable_lines(&rendered),
            _ => String::from_utf8_lossy(&rendered).into_owned(),
        };
    }
    Ok(text + &none_such(&state.view, &missing, style))
}

/// Why services run, or do not.
fn why(link: &Link, args: &ArgMatches) -> String {
    let (state, style) = (link.state(), link.style());
    let (found, missing) = select(&state.view, &names(args, "names"));
    let mut text = String::new();
    for name in &found {
        for (at, sentence) in why::all(name, &state.view).iter().enumerate() {
            let (first, indent) = if at == 0 { (0, 2) } else { (2, 4) };
            let paint = if at == 0 { Paint::Bold } else { Paint::Plain };
            for line in wrap(sentence, first, indent, screen::columns()) {
                text += &style.paint(paint, &line);
                text.push('\n');
            }
        }
    }
    text + &none_such(&state.view, &missing, style)
}

/// What services have, one in each line.
fn lists(
    link: &Link,
    args: &ArgMatches,
    what: &str,
    list: impl Fn(&ServiceView) -> Fields<'_>,
) -> Result<String, Wrong> {
    let (state, style) = (link.state(), link.style());
    let of_one = |name: &String| {
        let items = state.view.service(name.as_bytes()).map(|it| lines(list(it)));
        items
            .filter(|items| !items.is_empty())
            .unwrap_or_else(|| style.paint(Paint::Faint, &format!("{name} has no {what}")) + "\n")
    };
    Ok(named(&names(args, "name"), &state.view)?.iter().map(of_one).collect())
}

/// The environment of every service.
fn common_env(link: &Link) -> String {
    let items = lines(link.state().view.env());
    if items.is_empty() {
        return link.style().paint(Paint::Faint, "there is nothing in it") + "\n";
    }
    items
}

/// The table on a screen of its own, until a key ends it.
pub(super) fn watch(link: &Link, names: &[String]) -> failure::Result<()> {
    link.hold(true);
    let watched = watch_held(link, names);
    link.hold(false);
    watched
}

fn watch_held(link: &Link, names: &[String]) -> failure::Result<()> {
    let style = link.style();
    let screen = Screen::open()?;
    let mut scroll = Scroll::default();
    loop {
        let all = {
            let state = link.state();
            let found = select(&state.view, names).0;
            table(style, columns(), &rows(&state.view, &found, columns()))
        };
        let (header, services) = all.split_at(1);
        // What stays: the header, an empty line, and the help.
        let room = screen::rows().saturating_sub(3);
        let mut lines = header.to_vec();
        lines.extend_from_slice(scroll.part(services, room));
        lines.push(String::new());
        lines.push(style.paint(Paint::Faint, &format!("q: back{}", scroll.place())));
        screen.draw(&lines)?;
        let key = screen.key(WATCH_INTERVAL)?;
        if matches!(key, Some(Key::Char(b'q' | 0x03 | 0x04))) || link.state().ended {
            return Ok(());
        }
        key.map(|key| scroll.takes(key));
    }
}

/// The columns that there is room for.
fn columns() -> &'static [&'static str] {
    if screen::columns() < NARROW { NARROW_COLUMNS } else { SERVICE_COLUMNS }
}

fn rows(view: &StateView, names: &[Vec<u8>], fields: &[&str]) -> Vec<Vec<Painted>> {
    let services = names.iter().filter_map(|name| Some((name, view.service(name)?)));
    services.map(|(name, service)| rows::service(name, service, fields)).collect()
}

/// A line for each name that is that of no service.
fn none_such(view: &StateView, missing: &[String], style: Style) -> String {
    let line = |name: &String| style.paint(Paint::Bad, &no_such(view, name)) + "\n";
    missing.iter().map(line).collect()
}

/// What cannot be seen, or be meant for the terminal, is spelled out.
fn lines(list: Fields<'_>) -> String {
    list.iter().map(|item| readable(item) + "\n").collect()
}

fn readable_lines(bytes: &[u8]) -> String {
    let fields = |line: &[u8]| line.split(|&byte| byte == b'\t').map(readable).collect::<Vec<_>>();
    let lines = bytes.split(|&byte| byte == b'\n').map(|line| fields(line).join("\t"));
    lines.collect::<Vec<_>>().join("\n")
}
