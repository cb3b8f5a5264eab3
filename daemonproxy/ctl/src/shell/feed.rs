//! What comes from the daemon, and from descriptors that are to be shown: taken in, made readable, and
//! put where the printer finds it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread;

use daemonproxy_protocol::{Event, ShutdownPhase};

use super::link::{Link, mark_prefix};
use super::terminal;
use crate::commands::sentence;
use crate::conn::Conn;
use crate::failure::{NO_DAEMON, OK};
use crate::style::{Paint, readable};
use crate::time::deadline;

/// Reads the connection to its end, which is the end of the program unless it is leaving already.
pub(super) fn spawn(link: &Arc<Link>, mut conn: Conn) {
    let link = Arc::clone(link);
    thread::spawn(move || {
        let marks = mark_prefix();
        let mut text = String::new();
        let reason = loop {
            match conn.line_by(deadline(f64::MAX)) {
                Ok(Some(line)) => take_in(&link, &marks, &line, &mut text),
                Ok(None) => {}
                Err(failure) => break failure.text,
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
        // What was shown so far belongs before whatever waits for the mark.
        link.show(&std::mem::take(text));
        link.update(|state| {
            state.seen = mark;
            if state.quiet_until == Some(mark) {
                state.quiet_until = None;
                state.view.sweep();
            }
        });
        return;
    }
    let event = Event::parse(line);
    let quiet = link.update(|state| {
        if let Ok(event) = &event {
            state.view.apply(event);
        }
        state.quiet_until.is_some()
    });
    if let Ok(Event::Overflow) = event {
        // If it cannot be sent, the connection is at its end, which is noticed here next.
        let _ = link.resync();
    }
    let spoken = matches!(
        event,
        Ok(Event::Error { .. } | Event::Warning { .. } | Event::Info { .. } | Event::Overflow)
    );
    if !quiet || spoken {
        if link.is_raw() {
            text.push_str(&String::from_utf8_lossy(line));
        } else {
            text.push_str(&sentence(line, link.style()));
        }
        text.push('\n');
    }
}

/// The number of an echo that this shell asked for.
fn own_mark(marks: &str, line: &[u8]) -> Option<u32> {
    let number = line.strip_prefix(marks.as_bytes())?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// Says why, and ends the program: the editor cannot be told that there is nobody to talk to.
fn end(link: &Link, reason: &str) {
    let (leaving, flushed) = link.update(|state| {
        let flushed = matches!(state.view.shutdown(), Some((ShutdownPhase::Flushing, _)));
        (state.leaving, flushed)
    });
    let (status, reason) = match (leaving, flushed) {
        (true, _) if link.is_session() => (OK, "left: the daemon has ended"),
        (true, _) => (OK, "left: the daemon goes on"),
        (false, true) => (OK, "the daemon has ended after its shutdown"),
        (false, false) => (NO_DAEMON, reason),
    };
    let paint = if status == OK { Paint::Faint } else { Paint::Bad };
    let reason = link.style().paint(paint, reason) + "\n";
    if leaving {
        link.show(&reason);
        link.update(|state| state.ended = true);
        return;
    }
    // What the editor has got, it shows; of what comes now, it would with its next prompt only, and there is
    // none to come.
    link.hold(true);
    link.wait_for_editor();
    let text = link.update(|state| std::mem::take(&mut state.pending)) + &reason;
    terminal::leave(text.as_bytes(), status.into());
}

/// Shows the lines of a descriptor, marked with a name.
pub(super) fn spawn_shown(link: &Arc<Link>, name: String, fd: OwnedFd) {
    let link = Arc::clone(link);
    thread::spawn(move || {
        let mut lines = BufReader::new(File::from(fd));
        let mut line = Vec::new();
        // What cannot be read any more is at its end.
        while lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let text = readable(line.trim_ascii_end());
            let name = link.style().paint(Paint::Faint, &format!("{name}|"));
            link.show(&format!("{name} {text}\n"));
            line.clear();
        }
    });
}
