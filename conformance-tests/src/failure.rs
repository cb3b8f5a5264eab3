//! Why a transcript has failed, for the person who fixes it.

use std::fmt;

use crate::transcript::{Step, escape};

/// How many lines of the conversation are shown.
const SHOWN: usize = 14;

/// A transcript that does not hold.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Where it is written.
    pub file: String,
    /// Which line of it.
    pub line: usize,
    /// That line; empty for the end.
    pub expected: String,
    /// What was there instead.
    pub got: String,
    /// What was said up to there.
    pub said: Vec<String>,
    /// The log of the daemon, or what a driver wrote to standard error.
    pub log: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}:", self.file, self.line)?;
        let skipped = self.said.len().saturating_sub(SHOWN);
        for line in &self.said[skipped..] {
            writeln!(f, "      {}", show(line))?;
        }
        writeln!(f, "    - {}", show(&self.expected))?;
        writeln!(f, "    + {}", show(&self.got))?;
        if self.log.is_empty() {
            return Ok(());
        }
        let log: Vec<&str> = self.log.lines().collect();
        writeln!(f, "    log:")?;
        log[log.len().saturating_sub(SHOWN)..]
            .iter()
            .try_for_each(|line| writeln!(f, "      {line}"))
    }
}

/// A TAB is hard to see.
fn show(line: &str) -> String {
    line.replace('\t', " \u{2192} ")
}

/// The lines of a conversation so far.
#[derive(Debug, Default)]
pub struct Said(Vec<String>);

impl Said {
    /// A line of it: who, and the bytes.
    pub fn note(&mut self, who: &str, line: &[u8]) {
        self.0.push(shown(who, line));
    }

    /// A failure at this line of a transcript.
    pub fn fail(
        &mut self,
        file: &str,
        step: Option<&Step>,
        got: String,
        log: String,
    ) -> Box<Failure> {
        Box::new(Failure {
            file: file.to_owned(),
            line: step.map_or(0, |step| step.line),
            expected: step.map_or_else(|| "the end".to_owned(), |step| step.what.to_string()),
            got,
            said: std::mem::take(&mut self.0),
            log,
        })
    }
}

/// A line as a transcript has it.
pub fn shown(who: &str, line: &[u8]) -> String {
    let fields = line.split(|&byte| byte == b'\t').map(escape);
    std::iter::once(who.to_owned()).chain(fields).collect::<Vec<_>>().join("\t")
}
