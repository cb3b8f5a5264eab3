//! Runs the tests of the copy, quick ones first, until one notices the mutant.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::sample::Mutant;

/// A test program, and the folder that it runs in.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) folder: PathBuf,
}

/// The test programs, by their names.
pub(crate) type Programs = BTreeMap<String, Program>;

/// A run of a test program: what it is called here, which program, and its arguments.
type Step = (&'static str, &'static str, &'static [&'static str]);

const OF_THE_PROTOCOL: [Step; 5] = [
    ("unit tests of the protocol", "daemonproxy_protocol", &[]),
    ("vectors", "vectors", &[]),
    ("words", "words", &[]),
    ("view", "view", &[]),
    ("properties", "properties", &[]),
];
const OF_BOTH: [Step; 8] = [
    ("unit tests of the core", "daemonproxy_core", &[]),
    ("transcripts", "conformance-tests", &["run", "--subject", "core"]),
    ("original", "original", &[]),
    ("machine", "machine", &[]),
    ("transcripts with upgrades", "conformance-tests", &["run", "--subject", "upgraded"]),
    ("no_memory", "no_memory", &[]),
    ("histories", "conformance-tests", &["soak", "--seconds", "5"]),
    ("histories with upgrades", "conformance-tests", &["soak", "--seconds", "5", "--upgrades"]),
];

/// Which tests a mutant of this crate is shown to.
fn steps(package: &str) -> impl Iterator<Item = Step> {
    let own = if package == "daemonproxy-protocol" { &OF_THE_PROTOCOL[..] } else { &[] };
    own.iter().chain(&OF_BOTH).copied()
}

/// Runs everything without a mutant, which must succeed, unless that was seen for the same programs.
pub(crate) fn all_pass(programs: &Programs, work: &Path) -> Result<(), String> {
    let path = work.join("passed.tsv");
    let said = |error: io::Error| format!("{}: {error}", path.display());
    let seen = fs::read_to_string(&path).unwrap_or_default();
    let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(said)?;
    for step in steps("daemonproxy-protocol") {
        let program = programs.get(step.1).ok_or(format!("no test {} was built", step.1))?;
        let built = fs::metadata(&program.path).and_then(|data| data.modified());
        let line = format!("{}\t{:?}", step.0, built.map_err(said)?);
        if seen.lines().any(|other| other == line) {
            continue;
        }
        if run(programs, step, &[])? != Outcome::Passed {
            return Err(format!("{} fails without a mutant", step.0));
        }
        writeln!(file, "{line}").map_err(said)?;
    }
    Ok(())
}

/// The first test that notices a mutant, which is on if it has a number, and how.
pub(crate) fn first_failure(
    programs: &Programs,
    mutant: &Mutant,
    on: Option<usize>,
) -> Result<Option<String>, String> {
    let number = on.map(|id| id.to_string());
    let environment: Vec<(&str, &str)> = number.iter().map(|on| ("MUTANT", on.as_str())).collect();
    for step in steps(&mutant.package) {
        match run(programs, step, &environment)? {
            Outcome::Passed => {}
            Outcome::Failed => return Ok(Some(format!("killed by {}", step.0))),
            Outcome::TooLong => return Ok(Some(format!("timeout in {}", step.0))),
        }
    }
    Ok(None)
}

#[derive(PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    TooLong,
}

/// How a run ends that has some gigabytes of memory, and much more time than it should need: seconds
/// of the processor, since other programs run as well, and half an hour at most.
fn run(programs: &Programs, step: Step, on: &[(&str, &str)]) -> Result<Outcome, String> {
    const LIMITED: &str = "ulimit -v 8000000; ulimit -t 20; exec timeout --signal=KILL 1800 \"$@\"";
    let (_, name, args) = step;
    let program = programs.get(name).ok_or(format!("no test {name} was built"))?;
    let status = Command::new("sh")
        .args(["-c", LIMITED, "sh"])
        .arg(&program.path)
        .args(args)
        .current_dir(&program.folder)
        .env("CARGO_MANIFEST_DIR", &program.folder)
        .env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1")
        .envs(on.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("{name}: {error}"))?;
    let killed = status.signal().or(status.code().map(|code| code - 128));
    Ok(match killed {
        _ if status.success() => Outcome::Passed,
        Some(SIGKILL | SIGXCPU) => Outcome::TooLong,
        _ => Outcome::Failed,
    })
}

const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;
