//! `check`: faults in config files, found without a daemon.
//!
//! There are two kinds: a `line` that the daemon would refuse, or would understand differently from
//! how it looks; and what only [several lines](model) together show, such as a start before there
//! is anything to start. An error is what will not work; a warning is what is odd. The status is 1
//! if there is an error.

pub(crate) mod line;
mod model;
mod tabs;
mod trigger;

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::failure::{FAILED, Failure, OK, Result};
use crate::output;
use crate::style::{Paint, Style};

/// The longest line that a daemon accepts unless told otherwise, LF included.
const MAX_LINE: usize = 4096;

/// How bad it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Severity {
    Error,
    Warning,
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    /// Counted from 1.
    line: usize,
    severity: Severity,
    text: String,
    /// What to write instead, with `<TAB>` for TABs.
    instead: Option<String>,
}

impl Finding {
    fn error(line: usize, text: impl Into<String>) -> Self {
        Self { line, severity: Severity::Error, text: text.into(), instead: None }
    }

    fn warning(line: usize, text: impl Into<String>) -> Self {
        Self { line, severity: Severity::Warning, text: text.into(), instead: None }
    }

    fn instead(mut self, line: impl Into<String>) -> Self {
        self.instead = Some(line.into());
        self
    }
}

pub(crate) fn check(files: &[PathBuf]) -> Result<u8> {
    let style = Style::of_stdout();
    let mut out = String::new();
    let mut errors = 0;
    for path in files {
        let findings = examine(&read(path)?);
        for finding in &findings {
            let (word, paint) = match finding.severity {
                Severity::Error => ("error", Paint::Bad),
                Severity::Warning => ("warning", Paint::Waiting),
            };
            let place = format!("{}:{}:", path.display(), finding.line);
            let word = style.paint(paint, &format!("{word}:"));
            out.push_str(&format!(
                "{} {word} {}\n",
                style.paint(Paint::Bold, &place),
                finding.text
            ));
            if let Some(instead) = &finding.instead {
                out.push_str(&format!("    write: {}\n", style.paint(Paint::Good, instead)));
            }
        }
        errors += findings.iter().filter(|found| found.severity == Severity::Error).count();
    }
    output::write(out.as_bytes())?;
    Ok(if errors == 0 { OK } else { FAILED })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|read| bytes = read)
    };
    result.map_err(|error| {
        Failure::new(FAILED, format!("cannot read {}: {error}", path.display()))
    })?;
    Ok(bytes)
}

/// All faults of a file, in the order of their lines.
fn examine(bytes: &[u8]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut model = model::Model::default();
    let mut lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
    let has_last_lf = lines.pop_if(|last| last.is_empty()).is_some();
    let count = lines.len();
    for (index, text) in lines.into_iter().enumerate() {
        let number = index + 1;
        if daemonproxy_client::protocol::is_ignored(text) {
            continue;
        }
        if text.len() >= MAX_LINE {
            let text = format!("the line has {} bytes; {} are the limit", text.len(), MAX_LINE - 1);
            findings.push(Finding::error(number, text));
            continue;
        }
        match line::examine(number, text) {
            Ok(command) => {
                model.take_in(number, &command, &mut findings);
                findings.extend(line::accounts(number, &command));
            }
            Err(finding) => findings.push(finding),
        }
        findings.extend(line::oddities(number, text));
        if number == count && !has_last_lf {
            findings.push(Finding::warning(number, "the last line has no LF at its end"));
        }
    }
    model.finish(&mut findings);
    findings.sort_by_key(|finding| finding.line);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn only(text: &str) -> Finding {
        let findings = examine(text.as_bytes());
        assert_eq!(findings.len(), 1, "{findings:?}");
        findings[0].clone()
    }

    #[test]
    fn a_good_file_has_no_faults() {
        let good = "# a comment\nfd.pipe\tlog.r\tlog.w\nservice.args\tweb\thttpd\nservice.fds\tweb\tnull\tlog.w\tstderr\n\
                    service.pipe\tweb\t1,2\tlogger\nservice.signal\tweb-log\tTERM\nservice.start\tweb\n";
        assert_eq!(examine(good.as_bytes()), []);
    }

    #[test]
    fn an_unknown_command() {
        let finding = only("\nservice.arg\tweb\thttpd\n");
        assert_eq!((finding.line, finding.severity), (2, Severity::Error));
        assert_eq!(finding.instead.unwrap(), "service.args<TAB>web<TAB>httpd");
    }

    #[test]
    fn spaces_where_tabs_belong() {
        let finding = only("service.args web httpd -p 80\n");
        assert_eq!(finding.instead.unwrap(), "service.args<TAB>web<TAB>httpd<TAB>-p<TAB>80");
        let finding = only("service.args\tweb httpd\n");
        assert_eq!(finding.instead.unwrap(), "service.args<TAB>web<TAB>httpd");
    }

    #[test]
    fn tabs_that_nobody_sees() {
        let finding = only("service.args\tweb\t\thttpd\n");
        assert!(finding.text.starts_with("there are two TABs in a row"), "{finding:?}");
        assert_eq!(finding.instead.unwrap(), "service.args<TAB>web<TAB>httpd");
        let finding = only("service.args\tweb\thttpd\t\n");
        assert_eq!(finding.severity, Severity::Warning);
        assert!(finding.text.starts_with("there is a TAB at the end"), "{finding:?}");
        let finding = only("fd.pipe\ta\tb\t-\t\n");
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.instead.unwrap(), "fd.pipe<TAB>a<TAB>b<TAB>-");
    }

    #[test]
    fn services_that_wait_for_each_other() {
        let args = "service.args\ta\tx\nservice.args\tb\tx\n";
        let triggers = "service.auto_up\ta\t1\tready:b\nservice.auto_up\tb\t1\tdone:a\n";
        let finding = only(&format!("{args}{triggers}"));
        assert_eq!((finding.line, finding.severity), (4, Severity::Error));
        let text = "a waits for b, b waits for a: neither ever starts by itself";
        assert_eq!(finding.text, text);
        // Unless the file starts one of them, or changes its mind.
        assert_eq!(examine(format!("{args}{triggers}service.start\ta\n").as_bytes()), []);
        let changed = format!("{args}{triggers}service.auto_up\tb\t1\talways\n");
        assert_eq!(examine(changed.as_bytes()), []);
    }

    #[test]
    fn a_list_of_descriptors_that_undoes_a_pipe() {
        let piped = "service.args\tweb\thttpd\nservice.pipe\tweb\t1,2\tlogger\n";
        let finding = only(&format!("{piped}service.fds\tweb\tnull\tnull\tnull\n"));
        assert_eq!((finding.line, finding.severity), (3, Severity::Warning));
        assert!(finding.text.contains("service.pipe of line 2"), "{finding:?}");
        let kept = format!("{piped}service.fds\tweb\tnull\tweb-log.w\n");
        assert_eq!(examine(kept.as_bytes()), []);
        let before =
            "service.args\tweb\thttpd\nservice.fds\tweb\tnull\nservice.pipe\tweb\t1\tlogger\n";
        assert_eq!(examine(before.as_bytes()), []);
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        let finding = only("service.start\u{200b}\tweb\n");
        assert_eq!(finding.text, "there is a zero-width space (U+200B) in column 14");
        assert_eq!(finding.instead.unwrap(), "service.start<TAB>web");
        let finding = only("service.tags\tweb\ta\u{a0}b\n");
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(finding.text, "there is a no-break space (U+00A0) in column 19");
        let finding = only("\u{feff}# web\n");
        assert_eq!(finding.text, "there is a byte order mark (U+FEFF) in column 1");
    }

    #[test]
    fn a_program_with_spaces_in_its_name() {
        let finding = only("service.args\tweb\thttpd -p 80\n");
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(finding.instead.unwrap(), "service.args<TAB>web<TAB>httpd<TAB>-p<TAB>80");
    }

    #[test]
    fn a_wrong_field_is_told_with_the_form_of_the_command() {
        let finding = only("service.auto_up\tweb\tsoon\talways\n");
        assert!(finding.text.starts_with("Expected integer. A number is missing"), "{finding:?}");
        assert_eq!(
            finding.instead.unwrap(),
            "service.auto_up<TAB>NAME<TAB>[INTERVAL]<TAB>[TRIGGER]..."
        );
    }

    #[test]
    fn a_start_before_there_are_args() {
        let finding = only("service.start\tweb\nservice.args\tweb\thttpd\n");
        assert_eq!((finding.line, finding.severity), (1, Severity::Error));
    }

    #[test]
    fn triggers_of_a_service_that_never_gets_args() {
        assert_eq!(only("service.auto_up\tweb\t1\talways\n").severity, Severity::Error);
        assert_eq!(examine(b"service.auto_up\tweb\t1\talways\nservice.args\tweb\tx\n"), []);
    }

    #[test]
    fn a_descriptor_that_comes_later_or_never() {
        let later = only("service.args\ta\tx\nservice.fds\ta\tlog\nfd.open\tlog\twrite\t/x\n");
        assert_eq!((later.line, later.severity), (2, Severity::Warning));
        assert!(later.text.contains("line 3"), "{later:?}");
        assert_eq!(only("service.args\ta\tx\nservice.fds\ta\tlog\n").severity, Severity::Error);
    }

    #[test]
    fn a_last_line_without_an_end() {
        assert_eq!(only("service.args\tweb\thttpd").severity, Severity::Warning);
    }
}
