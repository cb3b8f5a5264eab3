//! What becomes of a line: a command of the shell is carried out here, everything else is sent.

use std::time::Duration;

use daemonproxy_apply::glob;
use daemonproxy_client::protocol::{Command, Fields, ServiceView};
use daemonproxy_look::why;

use super::help::{help, in_full};
use super::link::{Leaving, Link};
use super::mistake::{parse, pointed};
use crate::failure::{Result, with_rule};
use crate::output::table;
use crate::quoting::{Word, split};
use crate::rows::{self, SERVICE_COLUMNS};
use crate::screen::{self, Key, Screen};
use crate::scroll::Scroll;
use crate::services::{no_such, select};
use crate::style::{Paint, Style, readable};

/// How often `watch` updates.
const WATCH_INTERVAL: Duration = Duration::from_millis(500);

pub(super) enum Outcome {
    GoOn,
    /// Something was sent, so answers come.
    Settle,
    Leave,
}

pub(super) fn carry_out(link: &Link, line: &str, style: Style) -> Result<Outcome> {
    if let Some(raw) = line.strip_prefix("!raw ") {
        link.send(raw.as_bytes(), line, Vec::new())?;
        return Ok(Outcome::Settle);
    }
    let (mut words, open) = split(line);
    if open {
        point_at(link, line, (line.len(), line.len() + 1), "a quote is not closed", style);
        return Ok(Outcome::GoOn);
    }
    let names: Vec<&str> = words[1..].iter().map(|word| word.text.as_str()).collect();
    match words[0].text.as_str() {
        "help" => {
            let columns = screen::size().map_or(80, |(columns, _)| columns);
            link.show(&help(names.first().copied(), style, columns));
        }
        "status" => link.show(&(status(link, &names, style).join("\n") + "\n")),
        "watch" => watch(link, &names, style)?,
        "why" => link.show(&why(link, &names)),
        "options" if names.len() == 1 => {
            link.show(&listed(link, names[0], "options", ServiceView::options, style));
        }
        "env" if names.len() == 1 => {
            link.show(&listed(link, names[0], "variables of its own", ServiceView::env, style));
        }
        "quit" => return Ok(Outcome::Leave),
        text if text.starts_with('#') => {}
        word => {
            words[0].text = in_full(word).to_owned();
            return send(link, line, words, style);
        }
    }
    link.drain();
    Ok(Outcome::GoOn)
}

/// Sends a command, or points at what is wrong with it.
fn send(link: &Link, line: &str, words: Vec<Word>, style: Style) -> Result<Outcome> {
    let fields: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let command = fields.join("\t");
    match parse(&words, &command) {
        Ok(parsed) => {
            let leaving = match parsed {
                Command::Exit => Some(Leaving::Exit),
                Command::Terminate { .. } => Some(Leaving::Terminate),
                _ => None,
            };
            link.update(|state| state.leaving = leaving);
            link.send(command.as_bytes(), line, words)?;
            Ok(Outcome::Settle)
        }
        Err((refusal, place)) => {
            let text = refusal.to_string();
            let rule = daemonproxy_client::rule(&text);
            point_at(link, line, place, &with_rule(text, rule), style);
            Ok(Outcome::GoOn)
        }
    }
}

fn point_at(link: &Link, line: &str, place: (usize, usize), text: &str, style: Style) {
    link.show(&pointed(line, place, text, style));
    link.drain();
}

fn status(link: &Link, names: &[&str], style: Style) -> Vec<String> {
    let state = link.state();
    let wanted = |name: &[u8]| {
        names.is_empty() || names.iter().any(|pattern| glob::matches(pattern.as_bytes(), name))
    };
    let found = state.view.services().filter(|(name, _)| wanted(name));
    let rows: Vec<_> =
        found.map(|(name, service)| rows::service(name, service, SERVICE_COLUMNS)).collect();
    if rows.is_empty() {
        return vec![style.paint(Paint::Faint, "there is no such service")];
    }
    table(style, SERVICE_COLUMNS, &rows).iter().map(|line| screen::fit(line)).collect()
}

/// One in each line of what a service has. What cannot be seen, or be meant for the terminal, is
/// spelled out.
fn listed(
    link: &Link,
    name: &str,
    what: &str,
    list: impl Fn(&ServiceView) -> Fields<'_>,
    style: Style,
) -> String {
    let state = link.state();
    let Some(service) = state.view.service(name.as_bytes()) else {
        return no_such(&state.view, name) + "\n";
    };
    let lines: Vec<String> = list(service).iter().map(|item| readable(item) + "\n").collect();
    if lines.is_empty() {
        return style.paint(Paint::Faint, &format!("{name} has no {what}")) + "\n";
    }
    lines.concat()
}

fn why(link: &Link, names: &[&str]) -> String {
    let state = link.state();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let (found, missing) = select(&state.view, &names);
    let mut text = String::new();
    for name in &found {
        for (at, sentence) in why::all(name, &state.view).iter().enumerate() {
            text += if at == 0 { "" } else { "  " };
            text += sentence;
            text.push('\n');
        }
    }
    for name in &missing {
        text += &no_such(&state.view, name);
        text.push('\n');
    }
    text
}

/// The table on a screen of its own, until a key ends it.
fn watch(link: &Link, names: &[&str], style: Style) -> Result<()> {
    link.hold(true);
    let watched = watch_held(link, names, style);
    link.hold(false);
    watched
}

fn watch_held(link: &Link, names: &[&str], style: Style) -> Result<()> {
    let screen = Screen::open()?;
    let mut scroll = Scroll::default();
    loop {
        let all = status(link, names, style);
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
