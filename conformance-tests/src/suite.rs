//! The whole suite: which transcripts there are, what they are played against, and the results.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::failure::Failure;
use crate::subject::core::Core;
use crate::subject::daemon::{Daemon, Programs};
use crate::transcript::Transcript;
use crate::{play, sdk};

/// The folder in which the suite lives.
pub const HOME: &str = env!("CARGO_MANIFEST_DIR");

/// What to play against.
#[derive(Clone, Debug)]
pub enum Target {
    /// The state machine alone.
    Core {
        /// It is replaced all the time by one that goes on with its state.
        upgrades: bool,
    },
    /// A real daemon.
    Daemon(Programs),
    /// An SDK: what it is called, and the program and arguments of its driver.
    Sdk(String, Vec<String>),
}

/// The result of one transcript.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It holds.
    Passed,
    /// It does not.
    Failed(Box<Failure>),
    /// It was not played, and why.
    Skipped(String),
    /// It is known not to hold; and why.
    KnownFailure(String),
}

/// One transcript, played against one subject.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The subject.
    pub subject: String,
    /// The folder of the transcript.
    pub folder: String,
    /// Its name, with the folder.
    pub name: String,
    /// Its first line.
    pub title: String,
    /// The result.
    pub verdict: Verdict,
    /// How long it took.
    pub seconds: f64,
}

impl Target {
    /// What it is called.
    pub fn name(&self) -> &str {
        match self {
            Self::Core { upgrades: false } => "core",
            Self::Core { upgrades: true } => "upgraded",
            Self::Daemon(_) => "daemon",
            Self::Sdk(name, _) => name,
        }
    }

    fn play(&self, transcript: &Transcript) -> Verdict {
        if let Some(reason) = self.unfit(transcript) {
            return Verdict::Skipped(reason);
        }
        let played = catch_unwind(AssertUnwindSafe(|| match self {
            Self::Core { upgrades } => {
                let core = Core::start(&transcript.setup, *upgrades);
                play::play(transcript, &mut core.map_err(|e| broken(transcript, e))?)
            }
            Self::Daemon(programs) => {
                let daemon = Daemon::start(&transcript.setup, programs);
                play::play(transcript, &mut daemon.map_err(|e| broken(transcript, e))?)
            }
            Self::Sdk(_, command) => sdk::protocols(transcript).iter().try_for_each(|&protocol| {
                let driver = sdk::Driver::start(command);
                sdk::play(transcript, protocol, &mut driver.map_err(|e| broken(transcript, e))?)
            }),
        }));
        match played {
            Ok(Ok(())) => Verdict::Passed,
            Ok(Err(failure)) => Verdict::Failed(failure),
            Err(panic) => {
                let text = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| panic.downcast_ref::<&str>().copied());
                let text = format!("a panic: {}", text.unwrap_or("no text"));
                Verdict::Failed(broken(transcript, text))
            }
        }
    }

    /// Why a transcript is not for this subject.
    pub fn unfit(&self, transcript: &Transcript) -> Option<String> {
        // SAFETY: a system call without any requirements.
        if transcript.setup.root && unsafe { libc::geteuid() } != 0 {
            return Some("only as root".to_owned());
        }
        match self {
            Self::Sdk(..) => sdk::unfit(transcript).map(str::to_owned),
            Self::Core { .. } | Self::Daemon(_) => {
                let subject = if matches!(self, Self::Core { .. }) { "core" } else { "daemon" };
                let fits = transcript.setup.is_for(subject) && !transcript.has_calls();
                (!fits).then(|| format!("not for {}", self.name()))
            }
        }
    }
}

fn broken(transcript: &Transcript, got: String) -> Box<Failure> {
    Box::new(Failure {
        file: transcript.file.clone(),
        line: 0,
        expected: "to begin with it".to_owned(),
        got,
        said: Vec::new(),
        log: String::new(),
    })
}

/// Finds the transcripts below a folder, with their names from there on.
pub fn find(folder: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).map_err(|e| format!("{}: {e}", next.display()))?;
        for entry in entries {
            let path = entry.map_err(|e| format!("{}: {e}", next.display()))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tsv") {
                let name = path.strip_prefix(folder).unwrap_or(&path).with_extension("");
                found.push((name.to_string_lossy().into_owned(), path));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Reads a transcript.
pub fn read(name: &str, path: &Path) -> Result<Transcript, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Transcript::parse(&format!("{name}.tsv"), &text).map_err(|error| error.to_string())
}

/// What is known to fail: by subject and name, with the reason.
pub type KnownFailures = BTreeMap<(String, String), String>;

/// Reads the list of known failures: a subject, a transcript and a reason in each line.
pub fn known_failures(path: &Path) -> Result<KnownFailures, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut known = KnownFailures::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split('\t').collect::<Vec<_>>()[..] {
            [subject, name, reason] if !reason.trim().is_empty() => {
                known.insert((subject.to_owned(), name.to_owned()), reason.to_owned());
            }
            _ => {
                let file = path.display();
                return Err(format!(
                    "{file}:{number}: expected a subject, a transcript and a reason, with TABs between"
                ));
            }
        }
    }
    Ok(known)
}

/// Plays all of these against all of those, this many at a time. The vectors are not among them:
/// see [`crate::vectors::run`].
pub fn run(
    transcripts: &[Transcript],
    targets: &[Target],
    known: &KnownFailures,
    jobs: usize,
) -> Vec<Outcome> {
    let work: Vec<(&Transcript, &Target)> = transcripts
        .iter()
        .flat_map(|transcript| targets.iter().map(move |target| (transcript, target)))
        .collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, work.len().max(1)) {
            scope.spawn(|| {
                while let Some((transcript, target)) =
                    work.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let outcome = one(transcript, target, known);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by(|a, b| (&a.name, &a.subject).cmp(&(&b.name, &b.subject)));
    done
}

fn one(transcript: &Transcript, target: &Target, known: &KnownFailures) -> Outcome {
    let name = transcript.file.trim_end_matches(".tsv").to_owned();
    let begin = std::time::Instant::now();
    let mut verdict = target.play(transcript);
    if let Some(reason) = known.get(&(target.name().to_owned(), name.clone())) {
        verdict = match verdict {
            Verdict::Failed(_) => Verdict::KnownFailure(reason.clone()),
            Verdict::Passed => Verdict::Failed(broken(
                transcript,
                format!("it holds, but known-failures says: {reason}"),
            )),
            other => other,
        };
    }
    Outcome {
        subject: target.name().to_owned(),
        folder: name.split('/').next().unwrap_or_default().to_owned(),
        title: transcript.title().to_owned(),
        name,
        verdict,
        seconds: begin.elapsed().as_secs_f64(),
    }
}

/// An SDK of this repository.
struct Sdk {
    name: &'static str,
    interpreter: &'static str,
    driver: &'static str,
    /// It has to be built and installed before its driver can run.
    is_built: bool,
}

const SDKS: [Sdk; 4] = [
    Sdk { name: "perl", interpreter: "perl", driver: "sdk-perl/t/driver.pl", is_built: false },
    Sdk {
        name: "python",
        interpreter: "python3",
        driver: "sdk-python/tests/driver.py",
        is_built: true,
    },
    Sdk { name: "lua", interpreter: "lua5.4", driver: "sdk-lua/tests/driver.lua", is_built: false },
    Sdk {
        name: "lua-host",
        interpreter: "daemonproxy-lua",
        driver: "sdk-lua/tests/driver.lua",
        is_built: false,
    },
];

/// The subject of this name: `core`, `daemon`, `rust`, an SDK of this repository, or else the
/// command line of somebody's driver.
pub fn target(name: &str, programs: &Programs) -> Target {
    match name {
        "core" => Target::Core { upgrades: false },
        "upgraded" => Target::Core { upgrades: true },
        "daemon" => Target::Daemon(programs.clone()),
        "rust" => {
            let suite = programs.suite.to_string_lossy().into_owned();
            Target::Sdk(name.to_owned(), vec![suite, "driver".to_owned()])
        }
        _ => match SDKS.iter().find(|sdk| sdk.name == name) {
            Some(sdk) => Target::Sdk(name.to_owned(), sdk.command(programs)),
            None => {
                let command: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
                Target::Sdk("sdk".to_owned(), command)
            }
        },
    }
}

/// All that can be tested here, and why the others cannot.
pub fn default_targets(programs: &Programs) -> (Vec<Target>, Vec<String>) {
    let mut targets: Vec<Target> = ["core", "upgraded", "daemon", "rust"]
        .into_iter()
        .map(|name| target(name, programs))
        .collect();
    let mut notes = Vec::new();
    for sdk in SDKS.iter().filter(|sdk| Path::new(&in_repository(sdk.driver)).exists()) {
        match sdk.missing(programs) {
            None => targets.push(target(sdk.name, programs)),
            Some(missing) => notes.push(format!("{} is left out: {missing}", sdk.name)),
        }
    }
    (targets, notes)
}

impl Sdk {
    fn command(&self, programs: &Programs) -> Vec<String> {
        vec![self.interpreter(programs), in_repository(self.driver)]
    }

    /// Drivers of this repository are next to the suite, all others are in PATH.
    fn interpreter(&self, programs: &Programs) -> String {
        let beside = programs.suite.with_file_name(self.interpreter);
        if beside.is_absolute() && beside.exists() {
            return beside.to_string_lossy().into_owned();
        }
        self.interpreter.to_owned()
    }

    /// What keeps its driver from running, apart from its own mistakes.
    fn missing(&self, programs: &Programs) -> Option<String> {
        let interpreter = self.interpreter(programs);
        let version = Command::new(interpreter).arg("-v").stdin(Stdio::null()).output();
        if version.is_err() {
            return Some(format!("there is no {}", self.interpreter));
        }
        if !self.is_built {
            return None;
        }
        let mut driver = match sdk::Driver::start(&self.command(programs)) {
            Ok(driver) => driver,
            Err(error) => return Some(error),
        };
        driver.ask(&[b"=", b"overflow"]).err()
    }
}

fn in_repository(path: &str) -> String {
    format!("{HOME}/../{path}")
}

/// The daemon to test: `$DAEMONPROXY`, or the one that cargo builds, or the one next to us.
pub fn find_daemon(suite: &Path) -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os("DAEMONPROXY") {
        return Ok(path.into());
    }
    if let Some(cargo) = std::env::var_os("CARGO") {
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "-p", "daemonproxy"]).current_dir(HOME);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        let status = build.status().map_err(|error| format!("cargo build: {error}"))?;
        if !status.success() {
            return Err("the daemon cannot be built".to_owned());
        }
    }
    let beside = suite.with_file_name("daemonproxy");
    if beside.exists() {
        return Ok(beside);
    }
    Err(format!("no daemon at {}: build one, or say --daemon PATH", beside.display()))
}

/// How many transcripts are played at a time: most of them wait for something most of the time.
pub fn default_jobs() -> usize {
    4 * std::thread::available_parallelism().map_or(2, usize::from)
}
