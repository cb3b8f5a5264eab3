//! `logs`: what services have written, out of the directories of their loggers (`daemonproxy-log`).
//!
//! `daemonproxy-look` finds and reads them. Here the lines of several are merged by time and shown.

mod find;

use std::collections::VecDeque;
use std::io::IsTerminal;
use std::thread;
use std::time::Duration;

use daemonproxy_client::StateView;
use daemonproxy_look::logs::{Filter, Key, Log, Source, Start};

use crate::cli::Logged;
use crate::failure::{FAILED, Failure, OK, Result};
use crate::output;
use crate::style::{Paint, Style, readable};

/// How often we look for what was added.
const FOLLOW_INTERVAL: Duration = Duration::from_millis(200);
/// How many lines are shown unless something else is asked for.
const LINES: usize = 100;

pub(crate) fn logs(view: &StateView, logged: &Logged) -> Result<u8> {
    let sources = find::sources(view, &logged.names)?;
    let lines = match (logged.lines, &logged.since) {
        (None, None) => Some(LINES),
        (lines, _) => lines,
    };
    let start = Start { lines, since: logged.since };
    let mut logs = Vec::new();
    for source in &sources {
        let filter = Filter::new(source, logged.grep.as_deref());
        let log = Log::open(source.dir.clone(), filter, &start);
        logs.push(log.map_err(|error| unreadable(source, &error))?);
    }
    let shown = Shown::new(&sources);
    let mut all = Merged::new(&mut logs);
    // The last of all are among the last of each.
    let mut last = VecDeque::new();
    while let Some(entry) = all.next().map_err(|error| cannot_go_on(&sources, &error))? {
        match lines {
            None => shown.show([entry])?,
            Some(0) => {}
            Some(most) => {
                if last.len() == most {
                    last.pop_front();
                }
                last.push_back(entry);
            }
        }
    }
    shown.show(last)?;
    if logged.follow { follow(&mut logs, &sources, &shown) } else { Ok(OK) }
}

/// The last lines of one service, readable.
pub(crate) fn last(view: &StateView, name: &str, lines: usize) -> Result<Vec<String>> {
    let mut last = Vec::new();
    for source in &find::sources(view, &[name.to_owned()])? {
        let start = Start { lines: Some(lines), since: None };
        let log = Log::open(source.dir.clone(), Filter::new(source, None), &start);
        let mut log = log.map_err(|error| unreadable(source, &error))?;
        while let Some(line) = log.next_wanted().map_err(|error| unreadable(source, &error))? {
            last.push(readable(&line));
        }
    }
    Ok(last)
}

/// Shows what is added from now on, for ever.
fn follow(logs: &mut [Log], sources: &[Source], shown: &Shown<'_>) -> Result<u8> {
    loop {
        let mut new = Vec::new();
        for (from, log) in logs.iter_mut().enumerate() {
            while let Some(line) =
                log.next_wanted().map_err(|error| unreadable(&sources[from], &error))?
            {
                new.push(Entry { key: log.key(), from, line });
            }
            if log.has_lost() {
                let name = readable(&sources[from].name);
                output::warn(&format!("lines of {name} were removed before they could be shown"));
            }
        }
        new.sort_by_key(|entry| entry.key);
        shown.show(new)?;
        thread::sleep(FOLLOW_INTERVAL);
    }
}

/// A line that is to be shown.
struct Entry {
    key: Key,
    /// The index of the log that it is from.
    from: usize,
    line: Vec<u8>,
}

/// The lines of several logs in the order of their times.
struct Merged<'l> {
    logs: &'l mut [Log],
    heads: Vec<Option<Entry>>,
    has_begun: bool,
}

impl<'l> Merged<'l> {
    fn new(logs: &'l mut [Log]) -> Self {
        let heads = logs.iter().map(|_| None).collect();
        Self { logs, heads, has_begun: false }
    }

    fn next(&mut self) -> std::io::Result<Option<Entry>> {
        if !self.has_begun {
            self.has_begun = true;
            for from in 0..self.logs.len() {
                self.fill(from)?;
            }
        }
        let heads = self.heads.iter().flatten();
        let Some(from) = heads.min_by_key(|entry| entry.key).map(|entry| entry.from) else {
            return Ok(None);
        };
        let entry = self.heads[from].take();
        self.fill(from)?;
        Ok(entry)
    }

    fn fill(&mut self, from: usize) -> std::io::Result<()> {
        let log = &mut self.logs[from];
        self.heads[from] = log.next_wanted()?.map(|line| Entry { key: log.key(), from, line });
        Ok(())
    }
}

/// How lines are shown.
struct Shown<'s> {
    sources: &'s [Source],
    style: Style,
    is_terminal: bool,
}

impl<'s> Shown<'s> {
    fn new(sources: &'s [Source]) -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        Self { sources, style: Style::of_stdout(), is_terminal }
    }

    /// With the name in front if there are several; on a terminal readable, else byte for byte.
    fn show(&self, entries: impl IntoIterator<Item = Entry>) -> Result<()> {
        let mut out = Vec::new();
        for Entry { from, line, .. } in entries {
            if self.sources.len() > 1 {
                let mark = format!("{}|", readable(&self.sources[from].name));
                out.extend_from_slice(self.style.paint(Paint::Nth(from), &mark).as_bytes());
                out.push(b' ');
            }
            if self.is_terminal {
                let fields = line.split(|&byte| byte == b'\t').map(readable);
                out.extend_from_slice(fields.collect::<Vec<_>>().join("\t").as_bytes());
            } else {
                out.extend_from_slice(&line);
            }
            out.push(b'\n');
        }
        if out.is_empty() { Ok(()) } else { output::write(&out) }
    }
}

fn unreadable(source: &Source, error: &std::io::Error) -> Failure {
    let hint = match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            ": run dpctl as the user that the logger runs as, or as one of its group"
        }
        std::io::ErrorKind::NotFound => ": has the logger been started?",
        _ => "",
    };
    let (name, dir) = (readable(&source.name), source.dir.display());
    Failure::new(FAILED, format!("cannot read the log of {name}, {dir}: {error}{hint}"))
}

fn cannot_go_on(sources: &[Source], error: &std::io::Error) -> Failure {
    let dirs: Vec<_> = sources.iter().map(|source| source.dir.display().to_string()).collect();
    Failure::new(FAILED, format!("cannot go on reading {}: {error}", dirs.join(", ")))
}
