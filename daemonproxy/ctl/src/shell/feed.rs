//! What comes from the daemon, and from descriptors that are shown: taken in, made readable, and
//! put where the printer finds it.

use std::fs::File;
use std::io::{BufRead, BufReader, Seek};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use daemonproxy_client::protocol::ShutdownPhase;
use daemonproxy_client::{Connection, Event};

use super::link::{Leaving, Link, mark_prefix};
use super::mistake::{place_of_daemon, pointed};
use crate::failure::{NO_DAEMON, OK, with_rule};
use crate::quoting::Word;
use crate::style::{Paint, readable};
use crate::{sentence, terminal};

/// How often we check a file for what was added.
const FOLLOW_INTERVAL: Duration = Duration::from_millis(200);

/// Reads the connection to its end, which is the end of the program unless it is already leaving.
pub(super) fn spawn(link: &Arc<Link>, mut conn: Connection) {
    let link = Arc::clone(link);
    thread::spawn(move || {
        let marks = mark_prefix();
        let mut text = String::new();
        let reason = loop {
            match conn.line_by(None) {
                Ok(Some(line)) => take_in(&link, &marks, &line, &mut text),
                Ok(None) => {}
                Err(error) => break error.to_string(),
            }
            // As one piece, so that a burst moves the prompt once.
            if !conn.has_line() && !text.is_empty() {
                link.show(&std::mem::take(&mut text));
            }
        };
        link.show(&text);
        end(&link, &reason);
    });
}

fn take_in(link: &Link, marks: &str, line: &[u8], text: &mut String) {
    if let Some(mark) = own_mark(marks, line) {
        // What was shown so far comes before whatever waits for the mark.
        link.show(&std::mem::take(text));
        link.update(|state| state.has_seen(mark));
        return;
    }
    let event = Event::parse(line);
    let quiet = link.update(|state| {
        if let Ok(event) = &event {
            state.view.apply(event);
            state.note_writer(event);
        }
        // Each state comes with the facts of its run, which would make two lines of everything.
        let is_run = matches!(event, Ok(Event::ServiceRun { .. }));
        state.quiet_until.is_some() || is_run && !state.features.show_runs()
    });
    if let Ok(Event::Overflow) = event {
        // If it cannot be sent, the connection has ended, which is noticed here next.
        let _ = link.resync();
    }
    let spoken = matches!(
        event,
        Ok(Event::Error { .. } | Event::Warning { .. } | Event::Info { .. } | Event::Overflow)
    );
    if !quiet || spoken {
        if link.is_raw() {
            let fields = line.split(|&byte| byte == b'\t').map(readable);
            text.push_str(&fields.collect::<Vec<_>>().join("\t"));
        } else if let Ok(event) = &event
            && let Some(pointed) = pointed_at(link, event)
        {
            text.push_str(&pointed);
            return;
        } else {
            // Here, fields are separated by spaces, and TAB is a key that completes.
            let sentence = sentence::of_event(line, link.style()).replace("<TAB>", " ");
            let rule = match event {
                Ok(Event::Error { text } | Event::Done { text: Some(text), .. }) => {
                    daemonproxy_client::rule(&readable(text))
                }
                _ => None,
            };
            text.push_str(&with_rule(sentence, rule));
        }
        text.push('\n');
    }
}

/// The line that a refusal is about, with the place marked, if there is one.
fn pointed_at(link: &Link, event: &Event<'_>) -> Option<String> {
    let state = link.state();
    let (sent, words, text) = match event {
        Event::Error { text } => {
            // The rest of the text is the line, which is shown anyway.
            let text = readable(text);
            let text = text.split_once(", for command \"")?.0.to_owned();
            let sent = state.sent.front()?;
            (sent, &sent.words[..], text)
        }
        Event::Done { tag, text: Some(text), .. } => {
            let is_it = |word: &Word| word.text.strip_prefix('@') == Some(&tag.to_string());
            let sent = state.sent.iter().find(|sent| sent.words.first().is_some_and(is_it))?;
            (sent, &sent.words[1..], readable(text))
        }
        _ => return None,
    };
    let place = place_of_daemon(words, &text)?;
    let rule = daemonproxy_client::rule(&text);
    Some(pointed(&sent.line, place, &with_rule(text, rule), link.style()))
}

/// The number of an echo that this shell asked for.
fn own_mark(marks: &str, line: &[u8]) -> Option<u32> {
    let number = line.strip_prefix(marks.as_bytes())?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// Says why, and ends the program: there is no way to tell the editor that nobody is there to talk
/// to.
fn end(link: &Link, reason: &str) {
    let (leaving, flushed) = link.update(|state| {
        let flushed = matches!(state.view.shutdown(), Some((ShutdownPhase::Flushing, _)));
        (state.leaving, flushed)
    });
    let (status, reason) = match (leaving, flushed) {
        (Some(Leaving::Terminate), _) => (OK, "the daemon has ended"),
        (Some(_), _) if link.is_session() => (OK, "left: the daemon has ended"),
        (Some(_), _) => (OK, "left: the daemon goes on"),
        (None, true) => (OK, "the daemon has ended after its shutdown"),
        (None, false) => (NO_DAEMON, reason),
    };
    let paint = if status == OK { Paint::Faint } else { Paint::Bad };
    let reason = link.style().paint(paint, reason) + "\n";
    if leaving == Some(Leaving::Shell) {
        link.show(&reason);
        link.update(|state| state.ended = true);
        return;
    }
    // The editor shows what it has been given; what comes now it would show only with its next
    // prompt, and there will be none.
    link.hold(true);
    link.wait_for_editor();
    let text = link.update(|state| std::mem::take(&mut state.pending)) + &reason;
    terminal::leave(text.as_bytes(), status.into());
}

/// Shows the lines of a descriptor, marked with its name, and with that of the service if no other
/// can have written them.
pub(super) fn spawn_shown(link: &Arc<Link>, name: String, fd: OwnedFd) {
    let link = Arc::clone(link);
    thread::spawn(move || {
        let mut lines = BufReader::new(File::from(fd));
        let mut line = Vec::new();
        let mut knows = false;
        // What cannot be read any more has ended.
        loop {
            let is_new = lines.buffer().is_empty();
            if !lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
                return;
            }
            // The line may be faster than the event that another service was started which can
            // write here.
            if is_new && link.state().view.fd(name.as_bytes()).is_some() {
                knows = link.catch_up();
            }
            let service = link.state().only_writer(&name).filter(|_| knows);
            let mark = service.map_or(format!("{name}|"), |service| format!("{service} {name}|"));
            show_marked(&link, &mark, &line);
            line.clear();
        }
    });
}

fn show_marked(link: &Link, mark: &str, line: &[u8]) {
    let text = readable(line.trim_ascii_end());
    link.show(&format!("{} {text}\n", link.style().paint(Paint::Faint, mark)));
}

/// Shows what is added to a file from now on, even if it is replaced by another, as logs are.
pub(super) fn spawn_followed(link: &Arc<Link>, name: String, path: PathBuf, file: File) {
    let link = Arc::clone(link);
    thread::spawn(move || {
        let mut lines = BufReader::new(file);
        let mut line = Vec::new();
        loop {
            match lines.read_until(b'\n', &mut line) {
                Ok(n) if n > 0 && line.ends_with(b"\n") => {
                    show_marked(&link, &format!("{name}|"), &line);
                    line.clear();
                }
                // The rest of the line is still to come.
                Ok(n) if n > 0 => {}
                _ => {
                    thread::sleep(FOLLOW_INTERVAL);
                    if let Some(new) = replaced(lines.get_mut(), &path) {
                        lines = BufReader::new(new);
                        line.clear();
                    }
                }
            }
        }
    });
}

/// The file that is at the path now, if it is another one, or is now shorter than what was read of
/// it.
fn replaced(file: &mut File, path: &Path) -> Option<File> {
    let (here, there) = (file.metadata().ok()?, std::fs::metadata(path).ok()?);
    let same = (here.dev(), here.ino()) == (there.dev(), there.ino());
    if same && file.stream_position().ok()? <= here.len() {
        return None;
    }
    File::open(path).ok()
}
