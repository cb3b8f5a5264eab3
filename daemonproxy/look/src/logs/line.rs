//! A line of a log: its time, whose it is, and whether it is wanted.

use daemonproxy_log::{Moment, TimeFormat};

use super::find::Source;

/// What a logger writes about itself has no label, and is for everybody.
const OF_LOGGER: &[u8] = b"daemonproxy-log: ";

/// By what lines are merged.
pub type Key = Option<Moment>;

/// Where to begin.
#[derive(Debug)]
pub struct Start {
    /// With the last so many lines that are wanted.
    pub lines: Option<usize>,
    /// With the first one from this moment on.
    pub since: Option<Moment>,
}

/// Which lines of a log are wanted.
#[derive(Debug)]
pub struct Filter {
    /// Only those that begin with this, after the time.
    label: Option<Vec<u8>>,
    grep: Option<Vec<u8>>,
    has_times: bool,
}

/// A line that is wanted.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// When it was written, if it says so.
    pub moment: Option<Moment>,
    /// The line without its label.
    pub text: Vec<u8>,
}

impl Filter {
    /// Those of this source, and of these only those with a word in them.
    pub fn new(source: &Source, grep: Option<&str>) -> Self {
        let label = source.label.as_ref().map(|label| [label, &b": "[..]].concat());
        let grep = grep.map(|word| word.as_bytes().to_vec());
        Self { label, grep, has_times: source.time != TimeFormat::None }
    }

    /// When a line was written, if it says so.
    pub fn moment(&self, line: &[u8]) -> Option<Moment> {
        Moment::read(line).filter(|_| self.has_times).map(|(moment, _)| moment)
    }

    /// What is to be shown of a line, without its end; nothing if it is not wanted.
    pub fn wanted(&self, line: &[u8]) -> Option<Wanted> {
        let (moment, rest) = match Moment::read(line).filter(|_| self.has_times) {
            Some((moment, rest)) => (Some(moment), rest),
            None => (None, line),
        };
        let time = &line[..line.len() - rest.len()];
        let text = match &self.label {
            Some(label) if !rest.starts_with(OF_LOGGER) => rest.strip_prefix(&label[..])?,
            _ => rest,
        };
        if !self.grep.as_ref().is_none_or(|word| contains(text, word)) {
            return None;
        }
        Some(Wanted { moment, text: [time, text].concat() })
    }
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    word.is_empty() || text.windows(word.len()).any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(label: Option<&str>, grep: Option<&str>) -> Filter {
        let label = label.map(|label| format!("{label}: ").into_bytes());
        Filter { label, grep: grep.map(|word| word.as_bytes().to_vec()), has_times: true }
    }

    fn shown(filter: &Filter, line: &str) -> Option<String> {
        filter.wanted(line.as_bytes()).map(|line| String::from_utf8(line.text).unwrap())
    }

    const TIME: &str = "2026-08-01T12:34:56.123456Z";

    #[test]
    fn a_label_is_whose_line_it_is() {
        let web = filter(Some("web"), None);
        assert_eq!(shown(&web, &format!("{TIME} web: hello")), Some(format!("{TIME} hello")));
        assert_eq!(shown(&web, &format!("{TIME} db: hello")), None);
        assert_eq!(shown(&web, &format!("{TIME} website: hello")), None);
        let notice = format!("{TIME} daemonproxy-log: dropped 1 line");
        assert_eq!(shown(&web, &notice), Some(notice.clone()));
        let all = filter(None, None);
        assert_eq!(shown(&all, &format!("{TIME} web: x")), Some(format!("{TIME} web: x")));
        assert_eq!(shown(&all, "no time"), Some("no time".to_owned()));
    }

    #[test]
    fn a_word_is_looked_for_in_what_was_written() {
        let grep = filter(Some("web"), Some("we"));
        assert_eq!(shown(&grep, &format!("{TIME} web: hello")), None);
        assert!(shown(&grep, &format!("{TIME} web: there we are")).is_some());
        assert!(shown(&filter(None, Some("2026")), &format!("{TIME} x")).is_none());
    }
}
