//! What one controller reads, line by line, and whether that is right.
//!
//! - Every line is an event that would be written just so, no longer than a line may be.
//! - News come in the order in which they came about, none missing, unless an `overflow` tells of a
//!   gap.
//! - Echoes, and the ends of tagged commands, come in the order in which they were asked for, with
//!   the same exception.
//!
//! In a state dump the lines look like news. It is not known at once which ones are, so we keep all
//! the places in the news at which the controller can be.

use std::collections::VecDeque;

use daemonproxy_protocol::{Event, StateView};

use super::rights::Rights;
use super::show::show;
use super::timers::Timers;

/// What is news for everybody, in order.
#[derive(Default)]
pub(super) struct News {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl News {
    pub(super) fn push(&mut self, line: &[u8]) {
        self.text.extend_from_slice(line);
        self.ends.push(self.text.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, at: usize) -> Option<&[u8]> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..end])
    }
}

/// Whether an event is announced to everybody.
pub(super) fn is_news(event: &Event<'_>) -> bool {
    match event {
        Event::ServiceState { .. }
        | Event::ServiceTags { .. }
        | Event::ServiceArgs { .. }
        | Event::ServiceFds { .. }
        | Event::ServiceAutoUp { .. }
        | Event::FdState { .. }
        | Event::Signal { .. }
        | Event::TerminateState { .. } => true,
        // Only for some.
        Event::ServiceOptions { .. }
        | Event::ServiceEnv { .. }
        | Event::ServiceEnvApply { .. }
        | Event::Env { .. }
        | Event::EnvApply { .. }
        | Event::LogDest { .. }
        | Event::TerminateExecArgs { .. }
        | Event::SignalDefault { .. }
        | Event::Chdir { .. }
        | Event::SocketCreate { .. }
        | Event::SocketDelete { .. }
        | Event::LogFilter { .. }
        | Event::ConnFeatures { .. }
        | Event::ConnTimer { .. }
        | Event::ConnState { .. }
        | Event::FdGive { .. }
        | Event::Done { .. }
        // Only who asks for it is told.
        | Event::ServiceRun { .. }
        | Event::Info { .. }
        | Event::Warning { .. }
        | Event::Error { .. }
        | Event::Overflow
        | Event::Other { .. } => false,
    }
}

/// One controller's side.
pub(super) struct Stream {
    /// The places in the news at which it can be, in order.
    places: Vec<usize>,
    /// News may be missing before the next line.
    gap: bool,
    /// Echoes may be missing before the next one.
    echo_gap: bool,
    echoes: VecDeque<u32>,
    next_echo: u32,
    /// The echo after the latest state dump.
    dump: Option<u32>,
    view: Option<StateView>,
    /// The view is complete.
    complete: bool,
    /// A service has the other end.
    pub(super) of_service: bool,
    /// It reads events.
    pub(super) hears: bool,
    /// It sends commands.
    pub(super) speaks: bool,
    /// What it sent last, if that has no end of line yet.
    pub(super) half_a_line: Vec<u8>,
    /// Recently it did not take everything at once.
    pub(super) slow: bool,
    pub(super) timers: Timers,
    pub(super) rights: Rights,
}

impl Stream {
    /// For a controller that comes after this much news. With `late`, it may come even later.
    pub(super) fn new(news: usize, late: bool) -> Self {
        Self {
            places: vec![news],
            gap: late,
            echo_gap: false,
            echoes: VecDeque::new(),
            next_echo: 0,
            dump: None,
            view: None,
            complete: false,
            of_service: false,
            hears: true,
            speaks: true,
            half_a_line: Vec::new(),
            slow: false,
            timers: Timers::default(),
            rights: Rights::default(),
        }
    }

    /// It asks for an echo: the word.
    pub(super) fn ask_echo(&mut self) -> u32 {
        let echo = self.next_echo;
        self.next_echo += 1;
        self.echoes.push_back(echo);
        echo
    }

    /// It asks for a dump and an echo after it: the word.
    pub(super) fn ask_dump(&mut self) -> u32 {
        let echo = self.ask_echo();
        self.dump = Some(echo);
        self.complete = false;
        self.view.get_or_insert_default().reset();
        echo
    }

    /// What it knows, if it can know everything.
    pub(super) fn view(&self) -> Option<&StateView> {
        self.view.as_ref().filter(|_| self.complete && !self.rights.asked)
    }

    /// It has read everything there is: whether it has heard all news, too.
    pub(super) fn is_up_to_date(&self, news: &News) -> bool {
        self.gap
            || self.rights.asked
            || self.dump.is_some()
            || self.places.last() == Some(&news.len())
    }

    /// Whether every echo has come, if nothing stands in the way.
    pub(super) fn is_answered(&self) -> bool {
        self.echo_gap || self.echoes.is_empty()
    }

    /// Takes a line.
    pub(super) fn line(&mut self, line: &[u8], news: &News) -> Result<(), String> {
        if let ([place], false, None) = (&mut self.places[..], self.gap, self.dump)
            && news.get(*place) == Some(line)
            && !self.rights.asked
        {
            // Nearly always it is the next of the news, which has already been checked.
            *place += 1;
            if let Some(view) = &mut self.view {
                view.apply(&parse(line)?);
            }
            return Ok(());
        }
        let event = parse(line)?;
        if let Some(view) = &mut self.view {
            view.apply(&event);
        }
        if !matches!(event, Event::Other { .. }) {
            self.rights.check(line)?;
        }
        match event {
            Event::Overflow => {
                self.gap = true;
                self.echo_gap = true;
                self.complete = false;
                self.timers.missed();
            }
            Event::Done { tag, error, .. } if tag.as_bytes().starts_with(b"e-") => {
                self.echo(tag.as_bytes(), error.is_some())?;
            }
            // One that is not counted.
            Event::Done { .. } => {}
            Event::Other { .. } => self.echo(line, false)?,
            event if is_news(&event) && !self.rights.asked => self.news(line, news)?,
            _ => {}
        }
        Ok(())
    }

    fn news(&mut self, line: &[u8], news: &News) -> Result<(), String> {
        if self.gap {
            let first = self.places.first().copied().unwrap_or_default();
            let found = (first..news.len()).filter(|&at| news.get(at) == Some(line));
            let after: Vec<usize> = found.map(|at| at + 1).collect();
            if self.dump.is_some() {
                // It can be a line of the dump, with the gap still open.
                return Ok(());
            }
            self.places = after;
            self.gap = false;
        } else if self.dump.is_some() {
            for at in (0..self.places.len()).rev() {
                let place = self.places[at];
                if news.get(place) == Some(line) && self.places.get(at + 1) != Some(&(place + 1)) {
                    self.places.insert(at + 1, place + 1);
                }
            }
        } else {
            self.places.retain_mut(|place| {
                let fits = news.get(*place) == Some(line);
                *place += 1;
                fits
            });
        }
        if self.places.is_empty() {
            return Err(format!("news-order: {:?} came too soon or late", show(line)));
        }
        Ok(())
    }

    fn echo(&mut self, line: &[u8], refused: bool) -> Result<(), String> {
        let Some(number) = echo_number(line) else {
            return Err(format!("unknown-line: {:?}", show(line)));
        };
        self.rights.done(number, refused);
        while let Some(first) = self.echoes.front().copied()
            && first < number
        {
            if !self.echo_gap {
                return Err(format!("lost-echo: e-{first} never came, e-{number} did"));
            }
            self.echoes.pop_front();
        }
        if self.echoes.front() == Some(&number) {
            self.echoes.pop_front();
        }
        self.echo_gap = false;
        if let Some(dump) = self.dump
            && number >= dump
        {
            self.dump = None;
            if let Some(view) = &mut self.view {
                self.complete = number == dump && !view.has_overflowed();
                view.sweep();
            }
        }
        Ok(())
    }
}

/// The number of an echo, or of the tag that stands for one.
pub(super) fn echo_number(word: &[u8]) -> Option<u32> {
    std::str::from_utf8(word.strip_prefix(b"e-")?).ok()?.parse().ok()
}

/// An event that would be written exactly like this.
pub(super) fn parse(line: &[u8]) -> Result<Event<'_>, String> {
    let event = Event::parse(line).map_err(|e| format!("bad-line: {:?}: {e}", show(line)))?;
    if !matches!(event, Event::Other { .. }) {
        let mut again = Vec::with_capacity(line.len());
        event.encode(&mut again);
        if again != line {
            return Err(format!("bad-line: {:?}", show(line)));
        }
    }
    Ok(event)
}
