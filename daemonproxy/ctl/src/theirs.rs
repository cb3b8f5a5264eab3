//! Subcommands of other tools that people type out of habit, and what they are here.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// Those of supervisorctl, systemctl and others.
const THEIRS: &[(&str, &str)] = &[
    ("add", "dpctl apply FILE"),
    ("avail", "dpctl status"),
    ("cat", "dpctl export"),
    ("daemon-reload", "dpctl apply FILE"),
    ("exec", "dpctl run --like NAME PROGRAM"),
    ("is-active", "dpctl ok NAME"),
    ("journal", "dpctl logs NAME -f"),
    ("kill", "dpctl signal SIGNAL NAME"),
    ("list", "dpctl status"),
    ("list-units", "dpctl status"),
    ("log", "dpctl logs NAME"),
    ("maintail", "dpctl logs NAME -f"),
    ("open", "dpctl -S SOCKET"),
    ("pid", "dpctl status NAME -o pid"),
    ("ps", "dpctl status"),
    ("remove", "take it out of the file, and dpctl apply FILE"),
    ("reread", "dpctl plan FILE, which shows what dpctl apply FILE would change"),
    ("show", "dpctl why NAME, or dpctl status NAME --format json"),
    ("tail", "dpctl logs NAME -f"),
    ("update", "dpctl apply FILE"),
    ("version", "dpctl --version"),
];

/// What to say of a command line whose subcommand is one of those.
pub(crate) fn meant(error: &Error) -> Option<String> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(said)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let (theirs, ours) = THEIRS.iter().find(|(theirs, _)| theirs == said)?;
    Some(format!("there is no subcommand {theirs}; here it is: {ours}"))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{THEIRS, meant};
    use crate::cli::Cli;

    #[test]
    fn what_others_say_is_no_subcommand_of_ours_and_what_it_is_here_is_said() {
        let ours = Cli::command();
        for (theirs, _) in THEIRS {
            assert!(ours.find_subcommand(theirs).is_none(), "{theirs}");
            let error = Cli::try_parse_from(["dpctl", theirs, "web"]).unwrap_err();
            assert!(meant(&error).is_some_and(|text| text.contains("here it is: ")), "{theirs}");
        }
        let error = Cli::try_parse_from(["dpctl", "nonsense"]).unwrap_err();
        assert_eq!(meant(&error), None);
    }
}
