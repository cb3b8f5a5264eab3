//! The command line of the suite.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use conformance_tests::report::{self, Counts};
use conformance_tests::subject::daemon::Programs;
use conformance_tests::suite::{self, HOME, Verdict};
use conformance_tests::{driver, record, relay, replay, sim, vectors};
use lexopt::{Arg, Parser, ValueExt};

const USAGE: &str = "\
usage: conformance-tests run [OPTION]... [FILTER]...
       conformance-tests check FILE...
       conformance-tests soak [--seconds N] [--seed S] [--upgrades]
       conformance-tests record -o FILE -- DAEMON [ARG]...
       conformance-tests replay [--speed N] FILE -- CONTROLLER [ARG]...

run plays the transcripts whose name contains one of the FILTERs, or all of them.

  --subject NAME      against core, upgraded, daemon, rust, perl, python, lua or lua-host, or against the
                      SDK whose driver has this command line; can be given several times
                      (default: all that are there)
  --daemon PATH       the daemon to try; else $DAEMONPROXY, else the one of this repository
  --transcripts DIR   play those below DIR
  --jobs N            this many at a time
  --junit FILE        also write the outcome as JUnit XML
  --json FILE         also write the outcome as JSON

check says whether files are transcripts, and what is wrong with them.

soak plays random histories to the state machine, from seed S (0) on for N seconds (10), and prints
the first one that finds a fault, with its seed. `soak --seed S` plays that one again. With
--upgrades each is played twice, once with an upgrade at every step, and one in 16 with an upgrade
at every turn of the daemon: nothing may be different.

record runs a daemon, with -i among its options, passes on what is said, and writes down
a transcript of it.

replay plays a transcript to a controller, which must send the commands that are in it.
Time passes N times as fast as it did (default: 1); 0 is as fast as possible.
";

type Outcome = Result<ExitCode, String>;

fn main() -> ExitCode {
    match command() {
        Ok(code) => code,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "conformance-tests: {message}");
            ExitCode::from(2)
        }
    }
}

fn command() -> Outcome {
    if std::env::args_os().take_while(|arg| arg != "--").any(|arg| arg == "--help" || arg == "-h") {
        print(USAGE);
        return Ok(ExitCode::SUCCESS);
    }
    let mut parser = Parser::from_env();
    match parser.next().map_err(text)? {
        Some(Arg::Value(name)) => match name.to_str() {
            Some("run") => run(parser),
            Some("check") => check(parser),
            Some("soak") => soak(parser),
            Some("record") => record(parser),
            Some("replay") => replay(parser),
            Some("driver") => driver::run().map(|()| ExitCode::SUCCESS),
            Some("relay") => {
                let path = parser.value().and_then(ValueExt::string).map_err(text)?;
                relay::run(&path).map(|()| ExitCode::SUCCESS)
            }
            _ => Err(format!("no command {}\n{USAGE}", name.to_string_lossy())),
        },
        Some(other) => Err(format!("{}\n{USAGE}", other.unexpected())),
        None => Err(format!("expected a command\n{USAGE}")),
    }
}

fn run(mut parser: Parser) -> Outcome {
    let mut subjects: Vec<String> = Vec::new();
    let mut filters: Vec<String> = Vec::new();
    let (mut daemon, mut junit, mut json) = (None, None, None);
    let mut folder = PathBuf::from(HOME).join("transcripts");
    let mut jobs = suite::default_jobs();
    while let Some(arg) = parser.next().map_err(text)? {
        match arg {
            Arg::Long("subject") => subjects.push(value(&mut parser)?),
            Arg::Long("daemon") => daemon = Some(PathBuf::from(value(&mut parser)?)),
            Arg::Long("transcripts") => folder = value(&mut parser)?.into(),
            Arg::Long("junit") => junit = Some(value(&mut parser)?),
            Arg::Long("json") => json = Some(value(&mut parser)?),
            Arg::Long("jobs") => {
                jobs = parser.value().and_then(|jobs| jobs.parse()).map_err(text)?;
            }
            Arg::Value(filter) => filters.push(filter.string().map_err(text)?),
            Arg::Long(_) | Arg::Short(_) => return Err(arg.unexpected().to_string()),
        }
    }
    let this = std::env::current_exe().map_err(text)?;
    let needs_daemon = subjects.is_empty() || subjects.iter().any(|subject| subject == "daemon");
    let daemon = match daemon {
        // A daemon runs in a directory of its own.
        Some(path) => fs::canonicalize(&path).map_err(|e| format!("{}: {e}", path.display()))?,
        None if needs_daemon => suite::find_daemon(&this)?,
        None => PathBuf::new(),
    };
    let programs = Programs { daemon, suite: this };
    let targets = if subjects.is_empty() {
        let (targets, notes) = suite::default_targets(&programs);
        notes.iter().for_each(|note| print(&format!("{note}\n")));
        targets
    } else {
        subjects.iter().map(|name| suite::target(name, &programs)).collect()
    };
    let mut transcripts = Vec::new();
    for (name, path) in suite::find(&folder)? {
        if filters.is_empty() || filters.iter().any(|filter| name.contains(filter)) {
            transcripts.push(suite::read(&name, &path)?);
        }
    }
    let known = suite::known_failures(&PathBuf::from(HOME).join("known-failures"))?;
    let mut outcomes = suite::run(&transcripts, &targets, &known, jobs);
    if filters.is_empty() || filters.iter().any(|filter| "vectors".contains(filter.as_str())) {
        outcomes.extend(targets.iter().flat_map(vectors::run));
    }
    if let Some(path) = junit {
        fs::write(&path, report::junit(&outcomes, &targets)).map_err(|e| format!("{path}: {e}"))?;
    }
    if let Some(path) = json {
        fs::write(&path, report::json(&outcomes)).map_err(|e| format!("{path}: {e}"))?;
    }
    print(&report::failures(&outcomes));
    print(&report::table(&outcomes, &targets));
    let counts = Counts::of(&outcomes);
    print(&format!("{}\n", counts.line(transcripts.len())));
    let failed = outcomes.iter().any(|outcome| matches!(outcome.verdict, Verdict::Failed(_)));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn check(mut parser: Parser) -> Outcome {
    let mut wrong = 0;
    while let Some(arg) = parser.next().map_err(text)? {
        let Arg::Value(path) = arg else { return Err(arg.unexpected().to_string()) };
        let path = PathBuf::from(path);
        if let Err(error) = suite::read(&path.with_extension("").to_string_lossy(), &path) {
            print(&format!("{error}\n"));
            wrong += 1;
        }
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn record(mut parser: Parser) -> Outcome {
    let mut file = None;
    while let Some(arg) = parser.next().map_err(text)? {
        match arg {
            Arg::Short('o') | Arg::Long("output") => file = Some(value(&mut parser)?),
            Arg::Value(program) => {
                let file = file.ok_or("expected -o FILE in front of the daemon")?;
                let (transcript, status) = record::record(&rest(program, &mut parser)?)?;
                fs::write(&file, transcript).map_err(|error| format!("{file}: {error}"))?;
                return Ok(exit_code(status));
            }
            Arg::Long(_) | Arg::Short(_) => return Err(arg.unexpected().to_string()),
        }
    }
    Err(format!("expected a daemon to run\n{USAGE}"))
}

fn replay(mut parser: Parser) -> Outcome {
    let (mut file, mut speed) = (None, 1.0);
    while let Some(arg) = parser.next().map_err(text)? {
        match arg {
            Arg::Long("speed") => {
                speed = parser.value().and_then(|speed| speed.parse()).map_err(text)?;
            }
            Arg::Value(path) if file.is_none() => file = Some(PathBuf::from(path)),
            Arg::Value(program) => {
                let path = file.unwrap_or_default();
                let name = path.with_extension("").to_string_lossy().into_owned();
                let transcript = suite::read(&name, &path)?;
                let command = rest(program, &mut parser)?;
                return match replay::replay(&transcript, &command, speed) {
                    Ok(status) => Ok(exit_code(status)),
                    Err(failure) => Err(failure.to_string()),
                };
            }
            Arg::Long(_) | Arg::Short(_) => return Err(arg.unexpected().to_string()),
        }
    }
    Err(format!("expected a transcript and a controller\n{USAGE}"))
}

/// A program, and everything after it, including options.
fn rest(program: OsString, parser: &mut Parser) -> Result<Vec<String>, String> {
    let mut command = vec![program.string().map_err(text)?];
    for arg in parser.raw_args().map_err(text)? {
        command.push(arg.string().map_err(text)?);
    }
    Ok(command)
}

fn exit_code(status: ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn soak(mut parser: Parser) -> Outcome {
    let (mut seconds, mut seed, mut upgrades) = (10, 0, false);
    while let Some(arg) = parser.next().map_err(text)? {
        let value = match arg {
            Arg::Long("seconds") => &mut seconds,
            Arg::Long("seed") => &mut seed,
            Arg::Long("upgrades") => {
                upgrades = true;
                continue;
            }
            Arg::Long(_) | Arg::Short(_) | Arg::Value(_) => {
                return Err(arg.unexpected().to_string());
            }
        };
        *value = parser.value().and_then(|number| number.parse()).map_err(text)?;
    }
    let soak = sim::soak(seed, Duration::from_secs(seconds), upgrades);
    print(&format!("{}\n", soak.summary()));
    let Some((seed, transcript)) = soak.failure else { return Ok(ExitCode::SUCCESS) };
    print(&format!("{transcript}# to see it again: soak --seed {seed}\n"));
    Ok(ExitCode::FAILURE)
}

fn value(parser: &mut Parser) -> Result<String, String> {
    parser.value().and_then(ValueExt::string).map_err(text)
}

fn print(text: &str) {
    // A reader that stops early does not want the rest.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
