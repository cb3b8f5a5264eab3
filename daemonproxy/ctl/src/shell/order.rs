//! The commands of the protocol that a verb stands for, as `dpctl` sends them.

use clap::ArgMatches;
use clap::parser::ValueSource;
use daemonproxy_client::StateView;
use daemonproxy_client::protocol::{ServiceView, Signal};

use crate::services::{no_such, select};

/// What is wrong with the words behind a verb, and with which of them, if it is one.
pub(super) struct Wrong {
    pub(super) word: Option<String>,
    pub(super) text: String,
}

/// A command: its fields.
pub(super) type Fields = Vec<String>;

/// What to send for a verb.
pub(super) fn commands(
    verb: &str,
    args: &ArgMatches,
    view: &StateView,
) -> Result<Vec<Fields>, Wrong> {
    let own = super::verbs::in_full(verb);
    Ok(match verb {
        "start" => {
            shows_instead_of_waiting(verb, args)?;
            each(&services(args, view)?, |name| fields([own, name]))
        }
        "stop" | "restart" => {
            let after = seconds(args);
            each(&services(args, view)?, |name| {
                fields([own, name].into_iter().chain(after.as_deref()))
            })
        }
        "up" => {
            shows_instead_of_waiting(verb, args)?;
            let interval = args.get_one::<u32>("interval").copied();
            let commands = services(args, view)?.into_iter().flat_map(|name| {
                let before = view.service(name.as_bytes()).and_then(ServiceView::interval);
                let interval = interval.or(before).map_or("-".to_owned(), |it| it.to_string());
                [
                    fields(["service.release", &name]),
                    fields(["service.auto_up", &name, &interval, "always"]),
                ]
            });
            commands.collect()
        }
        "down" => each(&services(args, view)?, |name| fields(["service.auto_up", name, "-"])),
        "hup" => each(&services(args, view)?, |name| fields(["service.signal", name, "SIGHUP"])),
        "signal" => {
            let signal = signal(args)?;
            let group = args.get_flag("group").then_some("group");
            each(&services(args, view)?, |name| {
                fields([own, name, &signal].into_iter().chain(group))
            })
        }
        "shutdown" => {
            let term = seconds(args);
            match args.get_one::<i64>("guard").map(ToString::to_string) {
                Some(guard) => {
                    vec![fields([own, term.as_deref().unwrap_or("-"), "-", "-", &guard])]
                }
                None => vec![fields([own].into_iter().chain(term.as_deref()))],
            }
        }
        "env" if args.get_flag("all") => {
            let changes = names(args, "name").into_iter().chain(changes(args));
            vec![std::iter::once("env.apply".to_owned()).chain(changes).collect()]
        }
        "tags" | "options" | "env" => {
            let changes = changes(args);
            each(&named(&names(args, "name"), view)?, |name| {
                fields([own, name].into_iter().chain(changes.iter().map(String::as_str)))
            })
        }
        _ => each(&services(args, view)?, |name| fields([own, name])),
    })
}

/// The services that are meant.
fn services(args: &ArgMatches, view: &StateView) -> Result<Vec<String>, Wrong> {
    named(&names(args, "names"), view)
}

/// The services that these names and patterns mean.
pub(super) fn named(names: &[String], view: &StateView) -> Result<Vec<String>, Wrong> {
    let (found, missing) = select(view, names);
    if let Some(missing) = missing.first() {
        return Err(Wrong { word: Some(missing.clone()), text: no_such(view, missing) });
    }
    Ok(found.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect())
}

/// The words of an argument.
pub(super) fn names(args: &ArgMatches, id: &str) -> Vec<String> {
    args.get_many::<String>(id).into_iter().flatten().cloned().collect()
}

/// The changes of a list; none if it is to be shown.
pub(super) fn changes(args: &ArgMatches) -> Vec<String> {
    let changes = args.get_many::<std::ffi::OsString>("changes").into_iter().flatten();
    changes.map(|change| change.to_string_lossy().into_owned()).collect()
}

fn signal(args: &ArgMatches) -> Result<String, Wrong> {
    let word = args.get_one::<String>("signal").map_or("", String::as_str);
    match Signal::parse(word.to_uppercase().as_bytes()) {
        Some(signal) => Ok(signal.to_string()),
        None => {
            let text = format!("there is no signal {word}");
            Err(Wrong { word: Some(word.to_owned()), text })
        }
    }
}

/// The time of `--timeout`, if it was given: without, the services have their own.
fn seconds(args: &ArgMatches) -> Option<String> {
    let given = args.value_source("timeout") == Some(ValueSource::CommandLine);
    args.get_one::<f64>("timeout").filter(|_| given).map(ToString::to_string)
}

/// Here the prompt comes back at once, and so a time to wait means nothing.
fn shows_instead_of_waiting(verb: &str, args: &ArgMatches) -> Result<(), Wrong> {
    if seconds(args).is_none() {
        return Ok(());
    }
    let text = format!(
        "{verb} does not wait here: what becomes of it is shown. To wait, say wait NAME --timeout \
         SECONDS"
    );
    Err(Wrong { word: Some("--timeout".to_owned()), text })
}

fn each(names: &[String], command: impl Fn(&str) -> Fields) -> Vec<Fields> {
    names.iter().map(|name| command(name)).collect()
}

fn fields<'a>(fields: impl IntoIterator<Item = &'a str>) -> Fields {
    fields.into_iter().map(str::to_owned).collect()
}
