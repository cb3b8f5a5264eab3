//! What becomes of a line: a command of the shell is carried out here, a verb of `dpctl` becomes
//! commands, and everything else is sent.

use daemonproxy_client::protocol::{Command, Refusal, Signal};

use super::help::help;
use super::link::{Leaving, Link};
use super::mistake::{parse, pointed};
use super::order::{self, Fields, Wrong};
use super::verbs::{self, in_full};
use super::{look, wait};
use crate::failure::{Result, with_rule};
use crate::quoting::{Word, quote, split};
use crate::screen;
use crate::style::Style;

pub(super) enum Outcome {
    GoOn,
    /// Something was sent, so answers come.
    Settle,
    /// The person has interrupted it, and what was typed together with it.
    GiveUp,
    Leave,
}

pub(super) fn carry_out(link: &Link, line: &str, style: Style) -> Result<Outcome> {
    if let Some(raw) = line.strip_prefix("!raw ") {
        link.send(raw.as_bytes(), line, Vec::new())?;
        return Ok(Outcome::Settle);
    }
    let (words, open) = split(line);
    if open {
        point_at(link, line, (line.len(), line.len() + 1), "a quote is not closed", style);
        return Ok(Outcome::GoOn);
    }
    let rest: Vec<&str> = words[1..].iter().map(|word| word.text.as_str()).collect();
    match words[0].text.as_str() {
        "help" => {
            let columns = screen::size().map_or(80, |(columns, _)| columns);
            link.show(&help(rest.first().copied(), style, columns));
        }
        "watch" => link.knowing(|| look::watch(link, &owned(&rest)))??,
        "quit" => return Ok(Outcome::Leave),
        text if text.starts_with('#') => {}
        word if verbs::is_verb(word) => return verb(link, line, &words, style),
        _ => return send(link, line, words, style),
    }
    link.drain();
    Ok(Outcome::GoOn)
}

/// Carries out a verb, whose words may be those of `dpctl`, or of the command that it is short for.
fn verb(link: &Link, line: &str, words: &[Word], style: Style) -> Result<Outcome> {
    let verb = words[0].text.as_str();
    let rest: Vec<&str> = words[1..].iter().map(|word| word.text.as_str()).collect();
    let args = match verbs::read(verb, &rest) {
        Ok(args) => Ok(args),
        Err(None) => {
            let columns = screen::size().map_or(80, |(columns, _)| columns);
            link.show(&help(Some(verb), style, columns));
            link.drain();
            return Ok(Outcome::GoOn);
        }
        Err(Some(text)) => Err(Wrong { word: None, text }),
    };
    if let Ok(args) = &args {
        if verb == "wait" {
            let was_over = link.knowing(|| wait::wait(link, args))??;
            return Ok(if was_over { Outcome::GoOn } else { Outcome::GiveUp });
        }
        if look::only_tells(verb, args) {
            match link.knowing(|| look::told(link, verb, args))? {
                Ok(text) => link.show(&text),
                Err(wrong) => point_at_word(link, line, words, &wrong, style),
            }
            link.drain();
            return Ok(Outcome::GoOn);
        }
    }
    // The same line as a command of the protocol, if it is one.
    let mut in_protocol = words.to_vec();
    in_protocol[0].text = in_full(verb).to_owned();
    let fields: Fields = in_protocol.iter().map(|word| word.text.clone()).collect();
    let is_command = in_full(verb) != verb && parse(&in_protocol, &fields.join("\t")).is_ok();
    let is_service = |name: &&&str| link.state().view.service(name.as_bytes()).is_some();
    let commands = args.and_then(|args| order::commands(verb, &args, &link.state().view));
    match commands {
        Ok(commands) if commands == [fields] => send(link, line, in_protocol, style),
        Ok(_) if is_command && rest.first().filter(is_service).is_some() => {
            let last = rest.last().copied().unwrap_or_default();
            let (full, form) = (in_full(verb), verbs::form(verb));
            let text = format!(
                "This can be {full} or {form}, since {last} is a service, too. Say {full}, or give \
                 each service a line of its own"
            );
            let wrong = Wrong { word: Some(last.to_owned()), text };
            point_at_word(link, line, words, &wrong, style);
            Ok(Outcome::GoOn)
        }
        Ok(commands) => send_each(link, &commands, style),
        Err(_) if is_command => send(link, line, in_protocol, style),
        // In the order of the protocol, with something else that is wrong.
        Err(_) if verb == "signal" && rest.first().is_some_and(|it| !is_signal(it)) => {
            send(link, line, in_protocol, style)
        }
        Err(wrong) => {
            point_at_word(link, line, words, &wrong, style);
            Ok(Outcome::GoOn)
        }
    }
}

/// Sends commands, each written out, so that what is said of it can be understood.
fn send_each(link: &Link, commands: &[Fields], style: Style) -> Result<Outcome> {
    for fields in commands {
        let fields: Vec<String> = fields.iter().map(|field| quote(field)).collect();
        let line = fields.join(" ");
        let (words, _) = split(&line);
        if let Outcome::GoOn = send(link, &line, words, style)? {
            // What is wrong with one is wrong with all.
            break;
        }
        // An error is about the first command that is not answered yet.
        link.mark(|_, _| {})?;
    }
    Ok(Outcome::Settle)
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
            let elsewhere = match refusal {
                Refusal::UnknownCommand { .. } => verbs::elsewhere(fields[0]),
                _ => None,
            };
            let text = elsewhere.unwrap_or_else(|| {
                let text = refusal.to_string();
                let rule = daemonproxy_client::rule(&text);
                with_rule(text, rule)
            });
            point_at(link, line, place, &text, style);
            Ok(Outcome::GoOn)
        }
    }
}

fn point_at(link: &Link, line: &str, place: (usize, usize), text: &str, style: Style) {
    link.show(&pointed(line, place, text, style));
    link.drain();
}

/// Points at the word that is wrong, or says what is.
fn point_at_word(link: &Link, line: &str, words: &[Word], wrong: &Wrong, style: Style) {
    let is_it = |word: &&Word| wrong.word.as_ref() == Some(&word.text);
    let place = words
        .iter()
        .skip(1)
        .rfind(is_it)
        .map_or_else(|| (words[0].start, words[0].end), |word| (word.start, word.end));
    point_at(link, line, place, &wrong.text, style);
}

fn is_signal(word: &str) -> bool {
    Signal::parse(word.to_uppercase().as_bytes()).is_some()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
