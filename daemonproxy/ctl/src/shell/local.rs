//! What becomes of a line: a command of the shell is carried out here, everything else is sent.

use daemonproxy_client::protocol::{Command, ServiceView};

use super::help::{help, in_full};
use super::link::{Leaving, Link};
use super::look;
use super::mistake::{parse, pointed};
use crate::failure::{Result, with_rule};
use crate::quoting::{Word, split};
use crate::screen;
use crate::style::Style;

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
        "status" => link.show(&link.knowing(|| look::status(link, &names))?),
        "watch" => link.knowing(|| look::watch(link, &names))??,
        "why" => link.show(&link.knowing(|| look::why(link, &names))?),
        "options" if names.len() == 1 => {
            let listed = || look::listed(link, names[0], "options", ServiceView::options);
            link.show(&link.knowing(listed)?);
        }
        "env" if names.len() == 1 => {
            let what = "variables of its own";
            let listed = || look::listed(link, names[0], what, ServiceView::env);
            link.show(&link.knowing(listed)?);
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
