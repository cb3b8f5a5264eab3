//! What the shell tells of services from what it knows: `status`, `watch`, `why`, and the lists of
//! `options` and `env`. They say what the subcommands of these names say.

use std::time::Duration;

use daemonproxy_client::StateView;
use daemonproxy_client::protocol::{Fields, ServiceView};
use daemonproxy_look::why;

use super::link::Link;
use crate::failure::Result;
use crate::output::table;
use crate::rows::{self, NARROW, NARROW_COLUMNS, SERVICE_COLUMNS};
use crate::screen::{self, Key, Screen};
use crate::scroll::Scroll;
use crate::services::{no_such, select};
use crate::style::{Paint, Style, readable};
use crate::wrap::wrap;

/// How often `watch` updates.
const WATCH_INTERVAL: Duration = Duration::from_millis(500);

/// Services as a table, and which of these names are those of none.
pub(super) fn status(link: &Link, names: &[&str]) -> String {
    let state = link.state();
    let (found, missing) = select(&state.view, &owned(names));
    let mut text = String::new();
    if missing.is_empty() || !found.is_empty() {
        text += &(rows(&state.view, &found, link.style()).join("\n") + "\n");
    }
    text + &none_such(&state.view, &missing, link.style())
}

/// Why services run, or do not.
pub(super) fn why(link: &Link, names: &[&str]) -> String {
    let (state, style) = (link.state(), link.style());
    let (found, missing) = select(&state.view, &owned(names));
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

/// One in each line of what a service has. What cannot be seen, or be meant for the terminal, is
/// spelled out.
pub(super) fn listed(
    link: &Link,
    name: &str,
    what: &str,
    list: impl Fn(&ServiceView) -> Fields<'_>,
) -> String {
    let (state, style) = (link.state(), link.style());
    let Some(service) = state.view.service(name.as_bytes()) else {
        return none_such(&state.view, &[name.to_owned()], style);
    };
    let lines: Vec<String> = list(service).iter().map(|item| readable(item) + "\n").collect();
    if lines.is_empty() {
        return style.paint(Paint::Faint, &format!("{name} has no {what}")) + "\n";
    }
    lines.concat()
}

/// The table on a screen of its own, until a key ends it.
pub(super) fn watch(link: &Link, names: &[&str]) -> Result<()> {
    link.hold(true);
    let watched = watch_held(link, names);
    link.hold(false);
    watched
}

fn watch_held(link: &Link, names: &[&str]) -> Result<()> {
    let style = link.style();
    let screen = Screen::open()?;
    let mut scroll = Scroll::default();
    loop {
        let all = {
            let state = link.state();
            rows(&state.view, &select(&state.view, &owned(names)).0, style)
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

/// A header, and a line for each; with the columns that there is room for.
fn rows(view: &StateView, names: &[Vec<u8>], style: Style) -> Vec<String> {
    let columns = if screen::columns() < NARROW { NARROW_COLUMNS } else { SERVICE_COLUMNS };
    let services = names.iter().filter_map(|name| Some((name, view.service(name)?)));
    let rows: Vec<_> =
        services.map(|(name, service)| rows::service(name, service, columns)).collect();
    table(style, columns, &rows).iter().map(|line| screen::fit(line)).collect()
}

/// A line for each name that is that of no service.
fn none_such(view: &StateView, missing: &[String], style: Style) -> String {
    let line = |name: &String| style.paint(Paint::Bad, &no_such(view, name)) + "\n";
    missing.iter().map(line).collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
