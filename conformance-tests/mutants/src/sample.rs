//! Which mutants are tried: so many of those that cargo-mutants knows, drawn with a seed.

use std::process::Command;

use daemonproxy_testing::Rng;
use serde::Deserialize;

/// The crates whose mutants are tried.
pub(crate) const CRATES: [&str; 2] = ["daemonproxy-protocol", "daemonproxy-core"];

/// A small change of the source, as cargo-mutants describes it.
#[derive(Deserialize)]
pub(crate) struct Mutant {
    pub(crate) package: String,
    pub(crate) file: String,
    /// The file, the place in it, and what is changed there.
    pub(crate) name: String,
    pub(crate) genre: Genre,
    /// What is replaced.
    pub(crate) span: Span,
    pub(crate) replacement: String,
    function: Option<Function>,
}

#[derive(Deserialize)]
struct Function {
    return_type: String,
}

/// The kinds of mutants.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
pub(crate) enum Genre {
    FnValue,
    BinaryOperator,
    UnaryOperator,
    MatchArm,
    MatchArmGuard,
    StructField,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: Place,
    pub(crate) end: Place,
}

/// A place in a file; both count from 1.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Mutant {
    /// What is changed, without the place.
    pub(crate) fn change(&self) -> &str {
        self.name.splitn(4, ':').nth(3).unwrap_or(&self.name).trim()
    }

    /// Whether it is in a function whose type is whatever its body is.
    pub(crate) fn has_opaque_type(&self) -> bool {
        self.function.as_ref().is_some_and(|function| function.return_type.contains("impl "))
    }

    /// Where in the text of its file the part that it replaces begins and ends.
    pub(crate) fn range(&self, text: &str) -> Option<(usize, usize)> {
        Some((offset(text, self.span.start)?, offset(text, self.span.end)?))
    }
}

/// How many bytes are in front of a place.
fn offset(text: &str, place: Place) -> Option<usize> {
    let before: usize =
        text.split_inclusive('\n').take(place.line.checked_sub(1)?).map(str::len).sum();
    let line = text.get(before..)?;
    let within: usize = line.chars().take(place.column.checked_sub(1)?).map(char::len_utf8).sum();
    Some(before + within)
}

/// So many of all mutants; a larger sample with the same seed begins with the same ones.
pub(crate) fn draw(count: usize, seed: u64) -> Result<Vec<Mutant>, String> {
    let mut list = Command::new("cargo");
    list.args(["mutants", "--list", "--json"]);
    list.args(CRATES.iter().flat_map(|name| ["--package", name]));
    let output = list.output().map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{said}(cargo install --locked cargo-mutants)"));
    }
    let mut mutants: Vec<Mutant> = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("what cargo-mutants lists: {error}"))?;
    mutants.sort_by(|a, b| (&a.file, a.span, &a.name).cmp(&(&b.file, b.span, &b.name)));
    let mut rng = Rng::new(seed);
    let all = mutants.len();
    println!("{count} of {all} mutants, with the seed {seed}");
    for at in 0..count.min(all) {
        let other = at + rng.below(all - at);
        mutants.swap(at, other);
    }
    mutants.truncate(count);
    Ok(mutants)
}
