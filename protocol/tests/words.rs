//! What the grammar lists for a kind (its words, flags and range) is what the parser accepts.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use daemonproxy_protocol::Command;
use daemonproxy_protocol::tables::{ArgInfo, COMMANDS, CommandInfo, Presence};

/// Every line that an example becomes when one of its fields is replaced.
fn with(command: &CommandInfo, at: usize, field: &str) -> Vec<u8> {
    let full = command.examples.iter().rev().max_by_key(|line| line.split('\t').count()).unwrap();
    let mut fields: Vec<&str> = full.split('\t').collect();
    fields.truncate(at + 2);
    fields[at + 1] = field;
    // What follows may depend on it, and is there only if it must be.
    for (arg, example) in command.args.iter().zip(full.split('\t').skip(1)).skip(at + 1) {
        if matches!(arg.presence, Presence::Required | Presence::RepeatedAtLeastOnce) {
            fields.push(example);
        }
    }
    fields.join("\t").into_bytes()
}

fn args() -> impl Iterator<Item = (&'static CommandInfo, usize, &'static ArgInfo)> {
    COMMANDS
        .iter()
        .flat_map(|info| info.args.iter().enumerate().map(move |(at, arg)| (info, at, arg)))
}

#[test]
fn every_word_is_taken() {
    for (command, at, arg) in args() {
        for word in arg.kind.words {
            let line = with(command, at, word);
            assert!(Command::parse(&line).is_ok(), "{}", line.escape_ascii());
        }
    }
}

#[test]
fn every_flag_is_known() {
    for (command, at, arg) in args() {
        for flag in arg.kind.flags {
            let flag = match flag.split_once('=') {
                Some((key, _)) => format!("{key}=7"),
                None => (*flag).to_owned(),
            };
            // A flag may require another argument, but it is never unknown.
            let line = with(command, at, &flag);
            let outcome = Command::parse(&line).map_err(|refusal| refusal.to_string());
            let unknown = outcome.is_err_and(|text| text.starts_with("unknown flag"));
            assert!(!unknown, "{}", line.escape_ascii());
        }
    }
}

#[test]
fn a_range_is_kept_at_both_ends() {
    for (command, at, arg) in args() {
        let Some((least, most)) = arg.kind.range else { continue };
        // Two times of one command must be in order: the larger one comes last.
        let taken = |number: i64| {
            let line = with(command, at, &number.to_string());
            match Command::parse(&line) {
                Err(refusal) => refusal.to_string().contains("greater than"),
                Ok(_) => true,
            }
        };
        assert!(
            taken(least.into()) && taken(most.into()),
            "{} {}",
            command.name.as_str(),
            arg.name
        );
        assert!(!taken(i64::from(least) - 1), "{} {}", command.name.as_str(), arg.name);
        let bounded = most != u32::MAX;
        assert!(!bounded || !taken(i64::from(most) + 1), "{} {}", command.name.as_str(), arg.name);
    }
}

#[test]
fn a_dash_is_nothing_where_it_may_be() {
    for (command, at, arg) in args() {
        if arg.kind.none {
            let line = with(command, at, "-");
            assert!(Command::parse(&line).is_ok(), "{}", line.escape_ascii());
        }
    }
}
