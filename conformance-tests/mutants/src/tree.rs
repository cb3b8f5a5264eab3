//! The copy of the repository that has all mutants in it, and how it is built.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::sample::{CRATES, Mutant};
use crate::tests::{Program, Programs};
use crate::weave::{Woven, Writer, replace, weave};

/// What the tests spend their time in.
const OPTIMIZED: [&str; 4] =
    ["daemonproxy-protocol", "daemonproxy-core", "daemonproxy-testing", "conformance-tests"];

/// The copy. What cargo builds of it is beside it.
pub(crate) struct Tree {
    root: PathBuf,
    target: PathBuf,
    woven: BTreeMap<String, Woven>,
}

impl Tree {
    /// Copies every file that git knows, and whatever else is new; only what differs is written, so
    /// that cargo builds no more than it must.
    pub(crate) fn copy(work: &Path) -> Result<Self, String> {
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let output = Command::new("git").args(list).output().map_err(|e| format!("git: {e}"))?;
        fs::create_dir_all(work).map_err(|error| at(work, &error))?;
        let work = fs::canonicalize(work).map_err(|error| at(work, &error))?;
        let tree =
            Self { root: work.join("tree"), target: work.join("build"), woven: BTreeMap::new() };
        for file in String::from_utf8_lossy(&output.stdout).split_terminator('\0') {
            // What a mutant can be in is written when it is woven.
            if is_source(file) && tree.root.join(file).exists() {
                continue;
            }
            let Ok(mut content) = fs::read(file) else { continue };
            if CRATES.iter().any(|name| content_is_manifest(file, &content, name)) {
                let needs = b"[dependencies]\nmutant-switch.workspace = true\n";
                content = String::from_utf8_lossy(&content)
                    .replacen("[dependencies]\n", &String::from_utf8_lossy(needs), 1)
                    .into_bytes();
            } else if file == "Cargo.toml" {
                let switch = "[workspace.dependencies]\n\
                    mutant-switch = { path = \"conformance-tests/mutants/switch\" }\n";
                content = String::from_utf8_lossy(&content)
                    .replacen("[workspace.dependencies]\n", switch, 1)
                    .into_bytes();
            }
            write(&tree.root.join(file), &content)?;
        }
        Ok(tree)
    }

    /// Weaves the mutants into the copy. Returns the numbers of those that have to be built alone.
    pub(crate) fn weave(&mut self, mutants: &[Mutant]) -> Result<BTreeSet<usize>, String> {
        let all = (0..mutants.len()).collect();
        let (mut alone, wrong) = self.leave_out_what_is_wrong(mutants, &all, weave)?;
        alone.extend(wrong);
        println!("{} are woven, {} are not", mutants.len() - alone.len(), alone.len());
        Ok(alone)
    }

    /// Which of these certainly do not compile; of others that is seen when they are built. The copy has
    /// no mutants in it afterwards.
    pub(crate) fn unviable(
        &mut self,
        mutants: &[Mutant],
        alone: &BTreeSet<usize>,
    ) -> Result<BTreeSet<usize>, String> {
        let (_, wrong) = self.leave_out_what_is_wrong(mutants, alone, replace)?;
        self.write_all(mutants, &BTreeSet::new(), replace)?;
        Ok(wrong)
    }

    /// Writes mutants in that way, without those that cannot be written so, and without those that
    /// the compiler complains of. Returns both.
    fn leave_out_what_is_wrong(
        &mut self,
        mutants: &[Mutant],
        wanted: &BTreeSet<usize>,
        how: Writer,
    ) -> Result<(BTreeSet<usize>, BTreeSet<usize>), String> {
        let (mut left, mut wrong) = (BTreeSet::new(), BTreeSet::new());
        loop {
            let good =
                wanted.iter().copied().filter(|id| !wrong.contains(id) && !left.contains(id));
            let good = good.collect();
            left.extend(self.write_all(mutants, &good, how)?);
            let output = self.cargo(&["check", "--message-format=json"], &CRATES)?;
            if output.status.success() {
                return Ok((left, wrong));
            }
            let before = wrong.len() + left.len();
            let errors = messages(&output);
            for error in errors.iter().filter(|message| message["message"]["level"] == "error") {
                for (ids, is_sure) in self.blamed(&error["message"]) {
                    if is_sure { &mut wrong } else { &mut left }.extend(ids);
                }
            }
            if wrong.len() + left.len() == before {
                return Err(format!("the copy does not compile:\n{}", rendered(&errors)));
            }
        }
    }

    /// Writes every file of the crates with these mutants in it. Returns those that cannot be.
    fn write_all(
        &mut self,
        mutants: &[Mutant],
        wanted: &BTreeSet<usize>,
        how: Writer,
    ) -> Result<Vec<usize>, String> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "protocol/src", "daemonproxy/core/src"])
            .output()
            .map_err(|error| format!("git: {error}"))?;
        let mut left = Vec::new();
        for file in String::from_utf8_lossy(&output.stdout).split_terminator('\0') {
            let text = fs::read_to_string(file).map_err(|error| at(Path::new(file), &error))?;
            let here: Vec<(usize, &Mutant)> = (wanted.iter())
                .map(|&id| (id, &mutants[id]))
                .filter(|(_, mutant)| mutant.file == file)
                .collect();
            let (woven, others) = how(&text, &here).map_err(|error| format!("{file}: {error}"))?;
            left.extend(others);
            write(&self.root.join(file), woven.text.as_bytes())?;
            self.woven.insert(file.to_owned(), woven);
        }
        Ok(left)
    }

    /// Which mutants an error of the compiler is about, and whether that is sure: one around it, or
    /// else one in it or after it, since a match that lacks an arm, or a function whose body is of a
    /// wrong type, is complained of at its beginning.
    fn blamed(&self, message: &Value) -> Vec<(Vec<usize>, bool)> {
        let mut blamed = Vec::new();
        let spans = message["spans"].as_array().into_iter().flatten();
        for span in spans.filter(|span| span["is_primary"] == true) {
            let file = span["file_name"].as_str().unwrap_or_default();
            let (Some(woven), Some(start), Some(end)) = (
                self.woven.get(file),
                span["byte_start"].as_u64().map(|at| at as usize),
                span["byte_end"].as_u64().map(|at| at as usize),
            ) else {
                continue;
            };
            let places = || woven.places.iter();
            let around = places().filter(|(_, place)| place.start <= start && end <= place.end);
            let within = places().filter(|(_, place)| start <= place.start && place.end <= end);
            let after = places().filter(|(_, place)| place.start >= end);
            let guess = within.min_by_key(|(_, place)| place.len());
            let guess = guess.or_else(|| after.min_by_key(|(_, place)| place.start));
            match around.min_by_key(|(_, place)| place.len()) {
                Some((ids, _)) => blamed.push((ids.clone(), true)),
                None => blamed.extend(guess.map(|(ids, _)| (ids.clone(), false))),
            }
        }
        blamed
    }

    /// Builds the tests.
    pub(crate) fn build(&self) -> Result<Programs, String> {
        let args = ["test", "--no-run", "--message-format=json"];
        let output = self.cargo(&args, &CRATES)?;
        if !output.status.success() {
            return Err(format!("the tests cannot be built:\n{}", rendered(&messages(&output))));
        }
        let args = [&args[..], &["--bin", "conformance-tests", "--test", "original"]].concat();
        let suite = self.cargo(&args, &["conformance-tests"])?;
        if !suite.status.success() {
            return Err(format!("the suite cannot be built:\n{}", rendered(&messages(&suite))));
        }
        let built = messages(&output).into_iter().chain(messages(&suite));
        let mut programs = Programs::new();
        for message in built.filter(|message| message["executable"].is_string()) {
            let name = message["target"]["name"].as_str().unwrap_or_default().to_owned();
            let path = message["executable"].as_str().unwrap_or_default().into();
            let manifest = PathBuf::from(message["manifest_path"].as_str().unwrap_or_default());
            let folder = manifest.parent().unwrap_or(&self.root).to_owned();
            programs.insert(name, Program { path, folder });
        }
        Ok(programs)
    }

    /// Builds the tests with a mutant that could not be woven; `None` if it does not compile.
    pub(crate) fn build_alone(&mut self, mutant: &Mutant) -> Result<Option<Programs>, String> {
        let path = self.root.join(&mutant.file);
        let before = fs::read(&path).map_err(|error| at(&path, &error))?;
        let text = fs::read_to_string(&mutant.file).map_err(|e| at(Path::new(&mutant.file), &e))?;
        let (start, end) = mutant.range(&text).ok_or("a mutant that is outside of its file")?;
        let mutated = format!("{}{}{}", &text[..start], mutant.replacement, &text[end..]);
        write(&path, mutated.as_bytes())?;
        let built = if self.cargo(&["check"], &[&mutant.package])?.status.success() {
            self.build().map(Some)
        } else {
            Ok(None)
        };
        write(&path, &before)?;
        built
    }

    fn cargo(&self, args: &[&str], packages: &[&str]) -> Result<Output, String> {
        let quick = OPTIMIZED.map(|name| format!("profile.dev.package.{name}.opt-level=1"));
        Command::new("cargo")
            .args(quick.iter().flat_map(|setting| ["--config", setting.as_str()]))
            .args(args)
            .args(packages.iter().flat_map(|name| ["--package", name]))
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .stderr(Stdio::null())
            .output()
            .map_err(|error| format!("cargo: {error}"))
    }
}

fn is_source(file: &str) -> bool {
    file.starts_with("protocol/src/") || file.starts_with("daemonproxy/core/src/")
}

fn content_is_manifest(file: &str, content: &[u8], name: &str) -> bool {
    let wanted = format!("name = \"{name}\"\n");
    file.ends_with("Cargo.toml") && String::from_utf8_lossy(content).contains(&wanted)
}

/// What cargo has to say, one value a line.
fn messages(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn rendered(messages: &[Value]) -> String {
    messages.iter().filter_map(|message| message["message"]["rendered"].as_str()).collect()
}

/// Writes a file, if it is not so already.
fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
    }
    fs::write(path, content).map_err(|error| at(path, &error))
}

fn at(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
