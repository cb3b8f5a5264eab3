//! Mutation testing of the protocol and of the state machine: a sample of all small changes that
//! cargo-mutants can make to them, each of which a test should notice.
//!
//! Building the tests anew for every mutant would take most of a day. So all mutants of the sample
//! are woven into one copy of the source, each behind a question whether it is on ([`weave`]), and
//! the tests of that copy run once for each ([`tests`]). The few that cannot be woven, such as those
//! in a `const fn`, are built alone; most of these turn out not to compile at all ([`tree`]).
//!
//! What survives must be in `survivors.tsv`, with the reason why that is all right ([`ledger`]).

#![forbid(unsafe_code)]

mod ledger;
mod sample;
mod tests;
mod tree;
mod weave;

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};

const USAGE: &str = "\
usage: mutants [--sample N] [--seed S] [--work DIR] [--only TEXT]

Tries N (300) mutants of daemonproxy-protocol and daemonproxy-core, drawn with the seed S (1), in a
copy of the repository in DIR (target/mutants). It fails if one survives that nobody has explained.

What has been killed is in DIR/killed.tsv, and is not tried again. --only: those with TEXT in their
name.
";

/// What the command line says.
struct Options {
    sample: usize,
    seed: u64,
    work: PathBuf,
    only: String,
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("mutants: {message}");
            ExitCode::from(2)
        }
    }
}

fn options() -> Result<Options, String> {
    let mut options =
        Options { sample: 300, seed: 1, work: "target/mutants".into(), only: String::new() };
    let text = |error: lexopt::Error| format!("{error}\n{USAGE}");
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next().map_err(text)? {
        match arg {
            Arg::Long("sample") => options.sample = parsed(&mut parser).map_err(text)?,
            Arg::Long("seed") => options.seed = parsed(&mut parser).map_err(text)?,
            Arg::Long("work") => options.work = parser.value().map_err(text)?.into(),
            Arg::Long("only") => options.only = parsed(&mut parser).map_err(text)?,
            other => return Err(text(other.unexpected())),
        }
    }
    Ok(options)
}

fn parsed<T: std::str::FromStr>(parser: &mut Parser) -> Result<T, lexopt::Error>
where
    T::Err: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    parser.value()?.parse()
}

/// Whether every mutant was killed, or is explained.
fn run(options: &Options) -> Result<bool, String> {
    let mutants = sample::draw(options.sample, options.seed)?;
    let mut tree = tree::Tree::copy(&options.work)?;
    let mut ledger = ledger::Ledger::open(&options.work, &mutants)?;
    let alone = tree.weave(&mutants)?;
    let programs = tree.build()?;
    tests::all_pass(&programs, &options.work)?;
    for (id, mutant) in mutants.iter().enumerate() {
        if !mutant.name.contains(&options.only) || ledger.is_settled(id) || alone.contains(&id) {
            continue;
        }
        let outcome = tests::first_failure(&programs, mutant, Some(id))?;
        ledger.record(id, outcome.as_deref())?;
    }
    let unviable = tree.unviable(&mutants, &alone)?;
    for id in alone {
        let mutant = &mutants[id];
        if !mutant.name.contains(&options.only) || ledger.is_settled(id) {
            continue;
        }
        let built = if unviable.contains(&id) { None } else { tree.build_alone(mutant)? };
        let outcome = match built {
            None => Some("unviable".to_owned()),
            Some(programs) => tests::first_failure(&programs, mutant, None)?,
        };
        ledger.record(id, outcome.as_deref())?;
    }
    Ok(ledger.sum_up())
}
