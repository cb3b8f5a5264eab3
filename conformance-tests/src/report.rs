//! The results of a run: as a table for people, as JUnit XML and as JSON for other programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::suite::{Outcome, Target, Verdict};

/// How many there are of each kind.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Hold.
    pub passed: usize,
    /// Do not hold.
    pub failed: usize,
    /// Do not hold, as is known.
    pub known: usize,
    /// Were not played.
    pub skipped: usize,
}

impl Counts {
    /// Counts.
    pub fn of<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            match outcome.verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed(_) => counts.failed += 1,
                Verdict::KnownFailure(_) => counts.known += 1,
                Verdict::Skipped(_) => counts.skipped += 1,
            }
        }
        counts
    }

    /// One line.
    pub fn line(self, transcripts: usize) -> String {
        let Self { passed, failed, known, skipped } = self;
        format!(
            "{transcripts} transcripts: {passed} passed, {failed} failed, {known} known to fail, \
             {skipped} not for that subject"
        )
    }
}

/// Folders down, subjects across: how many hold of how many that were played.
pub fn table(outcomes: &[Outcome], targets: &[Target]) -> String {
    let mut folders: BTreeMap<&str, ()> = BTreeMap::new();
    outcomes.iter().for_each(|outcome| {
        folders.insert(&outcome.folder, ());
    });
    let mut table = format!("{:<12}", "");
    for target in targets {
        let _ = write!(table, "{:>10}", target.name());
    }
    table.push('\n');
    let row = |table: &mut String, title: &str, folder: Option<&str>| {
        let _ = write!(table, "{title:<12}");
        for target in targets {
            let these = outcomes.iter().filter(|outcome| {
                outcome.subject == target.name()
                    && folder.is_none_or(|folder| outcome.folder == folder)
            });
            let Counts { passed, failed, known, .. } = Counts::of(these);
            let cell = match (passed, passed + failed + known) {
                (_, 0) => "-".to_owned(),
                (passed, all) if passed == all => passed.to_string(),
                (passed, all) => format!("{passed}/{all}"),
            };
            let _ = write!(table, "{cell:>10}");
        }
        table.push('\n');
    };
    folders.keys().for_each(|folder| row(&mut table, folder, Some(folder)));
    row(&mut table, "all", None);
    table
}

/// Every failure, in full.
pub fn failures(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        if let Verdict::Failed(failure) = &outcome.verdict {
            let _ =
                writeln!(text, "FAILED {} ({}): {}", outcome.name, outcome.subject, outcome.title);
            let _ = writeln!(text, "  {failure}");
        }
    }
    text
}

/// JUnit XML: a suite for each subject.
pub fn junit(outcomes: &[Outcome], targets: &[Target]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for target in targets {
        let of = || outcomes.iter().filter(|outcome| outcome.subject == target.name());
        let Counts { failed, known, skipped, .. } = Counts::of(of());
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" skipped=\"{}\">",
            escape_xml(target.name()),
            of().count(),
            skipped + known,
        );
        for outcome in of() {
            let _ = write!(
                xml,
                "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"",
                escape_xml(&outcome.folder),
                escape_xml(&outcome.name),
                outcome.seconds,
            );
            let _ = match &outcome.verdict {
                Verdict::Passed => writeln!(xml, "/>"),
                Verdict::Failed(failure) => writeln!(
                    xml,
                    "><failure>{}</failure></testcase>",
                    escape_xml(&failure.to_string())
                ),
                Verdict::Skipped(why) | Verdict::KnownFailure(why) => {
                    writeln!(xml, "><skipped message=\"{}\"/></testcase>", escape_xml(why))
                }
            };
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

/// JSON: an object for each outcome, in one array.
pub fn json(outcomes: &[Outcome]) -> String {
    let objects = outcomes.iter().map(|outcome| {
        let (verdict, text) = match &outcome.verdict {
            Verdict::Passed => ("passed", String::new()),
            Verdict::Failed(failure) => ("failed", failure.to_string()),
            Verdict::Skipped(why) => ("skipped", why.clone()),
            Verdict::KnownFailure(why) => ("known-failure", why.clone()),
        };
        format!(
            "  {{\"subject\": {}, \"transcript\": {}, \"title\": {}, \"verdict\": \"{verdict}\", \
             \"seconds\": {:.3}, \"text\": {}}}",
            string(&outcome.subject),
            string(&outcome.name),
            string(&outcome.title),
            outcome.seconds,
            string(&text),
        )
    });
    format!("[\n{}\n]\n", objects.collect::<Vec<_>>().join(",\n"))
}

fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 has no place for these.
            control if control < ' ' && !"\t\n\r".contains(control) => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// RFC 8259, section 7.
fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted() {
        assert_eq!(string("a\"b\\c\n\u{1}"), "\"a\\\"b\\\\c\\u000a\\u0001\"");
        assert_eq!(escape_xml("<a & \"b\">\u{1}"), "&lt;a &amp; &quot;b&quot;&gt;\u{fffd}");
    }
}
