//! The subcommands of `dpctl` that are words of the shell, too: with the same arguments, options
//! and meaning, which the command line defines.
//!
//! Most are short for a command of the protocol, and what that takes may follow them as well, as
//! in `stop web 5`.

use std::sync::LazyLock;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory};

use crate::cli::Cli;

/// Each, and the command of the protocol that it is short for.
const VERBS: &[(&str, Option<&str>)] = &[
    ("status", None),
    ("why", None),
    ("wait", None),
    ("start", Some("service.start")),
    ("stop", Some("service.stop")),
    ("restart", Some("service.restart")),
    ("release", Some("service.release")),
    ("up", None),
    ("down", None),
    ("reload", Some("service.reload")),
    ("ready", Some("service.ready")),
    ("deadman", Some("service.deadman")),
    ("hup", None),
    ("signal", Some("service.signal")),
    ("tags", Some("service.tags.apply")),
    ("options", Some("service.options.apply")),
    ("env", Some("service.env.apply")),
    ("shutdown", Some("terminate.shutdown")),
];

/// What is another word here.
const OTHERWISE: &[(&str, &str)] = &[
    ("dump", "statedump"),
    ("events", "what happens is shown as it comes; statedump shows how it is"),
    ("ls", "status, or fd. and TAB"),
    ("ok", "status NAME"),
    ("send", "the command itself, without this word"),
    ("top", "watch"),
    ("who", "conn.list"),
];

static CLI: LazyLock<Command> = LazyLock::new(|| {
    // The conversation has its connection.
    let cli = Cli::command().mut_arg("socket", |arg| arg.global(false).hide(true));
    // These do not wait here, which is said to whoever gives a time.
    ["start", "up"].into_iter().fold(cli, |cli, verb| {
        cli.mut_subcommand(verb, |verb| verb.mut_arg("timeout", |arg| arg.hide(true)))
    })
});

/// The words.
pub(super) fn verbs() -> impl Iterator<Item = &'static str> + Clone {
    VERBS.iter().map(|(verb, _)| *verb)
}

pub(super) fn is_verb(word: &str) -> bool {
    verbs().any(|verb| verb == word)
}

/// The command of the protocol that this word is short for, or itself.
pub(super) fn in_full(word: &str) -> &str {
    let found = VERBS.iter().find(|(verb, _)| *verb == word);
    found.and_then(|(_, command)| *command).unwrap_or(word)
}

/// What is to be said of a subcommand that the shell does not have.
pub(super) fn elsewhere(word: &str) -> Option<String> {
    if let Some((_, here)) = OTHERWISE.iter().find(|(other, _)| *other == word) {
        return Some(format!("the shell has no {word}; here it is: {here}"));
    }
    let known = CLI.find_subcommand(word).filter(|known| !known.is_hide_set())?;
    let name = known.get_name();
    Some(format!("the shell has no {name}; that is dpctl {name}, in another terminal"))
}

/// Reads the words behind a verb as `dpctl` would, or says what is wrong with them; nothing if help
/// is asked for.
pub(super) fn read(verb: &str, words: &[&str]) -> Result<ArgMatches, Option<String>> {
    let words = ["dpctl", verb].into_iter().chain(words.iter().copied());
    match CLI.clone().try_get_matches_from(words) {
        Ok(matches) => match matches.subcommand() {
            Some((_, args)) => Ok(args.clone()),
            None => Err(None),
        },
        Err(error) if error.kind() == ErrorKind::DisplayHelp => Err(None),
        Err(error) => {
            let text = match error.kind() {
                ErrorKind::MissingRequiredArgument => "something is missing".to_owned(),
                _ => error.to_string(),
            };
            let first = text.split("\n\n").next().unwrap_or(&text);
            let first = first.strip_prefix("error: ").unwrap_or(first);
            let first: Vec<&str> = first.split_whitespace().collect();
            Err(Some(format!("{}. The form is {}", first.join(" "), form(verb))))
        }
    }
}

/// The form of a verb, such as `wait NAME... [--for STATE] [--timeout SECONDS]`.
pub(super) fn form(verb: &str) -> String {
    let words = std::iter::once(verb.to_owned()).chain(missing(verb, &[]));
    words.collect::<Vec<_>>().join(" ")
}

/// What a verb does, in a sentence.
pub(super) fn doc(verb: &str) -> String {
    let about = info(verb).and_then(Command::get_about).map(ToString::to_string);
    // The rest is about exit statuses, and such.
    let about = about.unwrap_or_default();
    format!("{}.", about.split(';').next().unwrap_or_default())
}

/// What may still follow these words.
pub(super) fn missing(verb: &str, words: &[&str]) -> Vec<String> {
    let Some(info) = info(verb) else { return Vec::new() };
    let mut given = 0;
    let mut before = None;
    for word in words {
        match option(verb, word) {
            Some(_) => {}
            None if before.and_then(|it| option(verb, it)).is_some_and(takes_value) => {}
            None => given += 1,
        }
        before = Some(word);
    }
    let positionals = info.get_positionals().enumerate();
    let left = positionals.filter(|(at, arg)| *at >= given || is_repeated(arg));
    let left = left.map(|(at, arg)| {
        let is_needed = arg.is_required_set() && at >= given;
        let name = if is_needed { value_name(arg) } else { format!("[{}]", value_name(arg)) };
        if is_repeated(arg) { name + "..." } else { name }
    });
    let options = info.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(|arg| {
        let long = format!("--{}", arg.get_long()?);
        let given = words.contains(&long.as_str());
        let value = if takes_value(arg) { format!(" {}", value_name(arg)) } else { String::new() };
        (!given).then(|| format!("[{long}{value}]"))
    });
    left.chain(options).collect()
}

/// The options of a verb.
pub(super) fn options(verb: &str) -> Vec<String> {
    let all = info(verb).into_iter().flat_map(Command::get_arguments);
    let all = all.filter(|arg| !arg.is_hide_set());
    all.filter_map(|arg| Some(format!("--{}", arg.get_long()?))).collect()
}

/// What may stand behind this option of a verb; nothing if that is not an option with a value.
pub(super) fn values(verb: &str, word: &str) -> Option<Vec<String>> {
    let arg = option(verb, word).filter(|arg| takes_value(arg))?;
    let values = arg.get_possible_values();
    Some(values.iter().map(|value| value.get_name().to_owned()).collect())
}

fn info(verb: &str) -> Option<&'static Command> {
    CLI.find_subcommand(verb)
}

fn option(verb: &str, word: &str) -> Option<&'static Arg> {
    let long = |name| info(verb)?.get_arguments().find(|arg| arg.get_long() == Some(name));
    let short = |name| info(verb)?.get_arguments().find(|arg| arg.get_short() == Some(name));
    match word.strip_prefix("--") {
        Some(name) => long(name),
        None => word.strip_prefix('-').and_then(|name| name.chars().next()).and_then(short),
    }
}

fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

fn is_repeated(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append)
}

fn value_name(arg: &Arg) -> String {
    let name = arg.get_value_names().and_then(|names| names.first());
    name.map_or_else(|| arg.get_id().as_str().to_uppercase(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_a_subcommand() {
        for verb in verbs() {
            assert!(info(verb).is_some(), "{verb}");
            assert!(doc(verb).len() > 5, "{verb}");
        }
    }

    #[test]
    fn all_others_are_said_to_be_elsewhere() {
        for info in CLI.get_subcommands().filter(|info| !info.is_hide_set()) {
            let name = info.get_name();
            assert!(is_verb(name) || elsewhere(name).is_some(), "{name}");
        }
        assert!(elsewhere("guard").is_none() && elsewhere("nonsense").is_none());
        for (other, _) in OTHERWISE {
            assert!(info(other).is_some(), "{other}");
        }
    }

    #[test]
    fn forms_are_those_of_the_command_line() {
        assert_eq!(form("why"), "why NAME...");
        assert_eq!(form("start"), "start NAME...");
        assert_eq!(form("stop"), "stop NAME... [--timeout SECONDS]");
        assert_eq!(form("wait"), "wait NAME... [--for STATE] [--timeout SECONDS]");
        assert_eq!(form("signal"), "signal SIGNAL NAME... [--group]");
        assert_eq!(form("options"), "options NAME [CHANGE]...");
        assert_eq!(form("shutdown"), "shutdown [--timeout SECONDS] [--guard CODE]");
    }

    #[test]
    fn what_was_given_is_not_missing() {
        let missing = |words: &[&str]| missing("wait", words).join(" ");
        assert_eq!(missing(&["web"]), "[NAME]... [--for STATE] [--timeout SECONDS]");
        assert_eq!(missing(&["web", "--for", "up"]), "[NAME]... [--timeout SECONDS]");
        assert_eq!(missing(&["--for", "up"]), "NAME... [--timeout SECONDS]");
    }
}
