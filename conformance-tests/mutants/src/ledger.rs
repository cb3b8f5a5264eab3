//! What became of each mutant, and which survivors are explained.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::sample::Mutant;

/// Survivors that are all right. The columns are the file, the change, the line that is changed,
/// and why no test can notice it, or why it is of no consequence.
const EXPLAINED: &str = "conformance-tests/mutants/survivors.tsv";

/// What became of each mutant of a sample.
pub(crate) struct Ledger<'a> {
    mutants: &'a [Mutant],
    /// Where it is written down what was killed, so that a run can go on where another one ended.
    path: PathBuf,
    outcomes: BTreeMap<usize, String>,
    explained: Vec<String>,
}

impl<'a> Ledger<'a> {
    /// The ledger of this sample, with what an earlier run has found.
    pub(crate) fn open(work: &Path, mutants: &'a [Mutant]) -> Result<Self, String> {
        let path = work.join("killed.tsv");
        let earlier = fs::read_to_string(&path).unwrap_or_default();
        let earlier: BTreeMap<&str, &str> =
            earlier.lines().filter_map(|line| line.split_once('\t')).collect();
        let known = |(id, mutant): (usize, &Mutant)| {
            Some((id, (*earlier.get(mutant.name.as_str())?).to_owned()))
        };
        let outcomes = mutants.iter().enumerate().filter_map(known).collect();
        let explained = fs::read_to_string(EXPLAINED).map_err(|e| format!("{EXPLAINED}: {e}"))?;
        let explained = explained.lines().filter_map(|line| line.rsplit_once('\t'));
        let explained = explained.map(|(mutant, _)| mutant.to_owned()).collect();
        Ok(Self { mutants, path, outcomes, explained })
    }

    /// Whether it is known what becomes of a mutant.
    pub(crate) fn is_settled(&self, id: usize) -> bool {
        self.outcomes.contains_key(&id)
    }

    /// Writes down what became of one.
    pub(crate) fn record(&mut self, id: usize, outcome: Option<&str>) -> Result<(), String> {
        let name = &self.mutants[id].name;
        println!("{name}: {}", outcome.unwrap_or("SURVIVED"));
        self.outcomes.insert(id, outcome.unwrap_or("survived").to_owned());
        if let Some(outcome) = outcome {
            let mut file = OpenOptions::new().create(true).append(true).open(&self.path);
            let file =
                file.as_mut().map_err(|error| format!("{}: {error}", self.path.display()))?;
            writeln!(file, "{name}\t{outcome}").map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Prints how many were killed, and which survivors nobody has explained. True if there is none.
    pub(crate) fn sum_up(&self) -> bool {
        let count = |how: &str| self.outcomes.values().filter(|text| text.starts_with(how)).count();
        let (mut explained, mut open) = (0, Vec::new());
        for (&id, outcome) in &self.outcomes {
            let is_explained = self.explained.contains(&key(&self.mutants[id]));
            match (outcome.as_str(), is_explained) {
                ("survived", true) => explained += 1,
                ("survived", false) => open.push(&self.mutants[id]),
                (_, true) => println!("no survivor any more: {}", self.mutants[id].name),
                (_, false) => {}
            }
        }
        for mutant in &open {
            println!("survived, add a test, or to survivors.tsv:\n{}\twhy", key(mutant));
        }
        println!(
            "{} mutants: {} killed by tests, {} by the clock, {} do not compile, {explained} survived \
             and are explained, {} survived",
            self.outcomes.len(),
            count("killed"),
            count("timeout"),
            count("unviable"),
            open.len()
        );
        open.is_empty()
    }
}

/// By what a mutant is known in the file of those that are explained: no number, since lines move.
fn key(mutant: &Mutant) -> String {
    let text = fs::read_to_string(&mutant.file).unwrap_or_default();
    let line = text.lines().nth(mutant.span.start.line - 1).unwrap_or_default().trim();
    format!("{}\t{}\t{line}", mutant.file, mutant.change())
}
