//! The protocol: lines out of bytes, and commands and events out of lines.

use daemonproxy_protocol::{
    Command, Event, Line, LineFramer, Refusal, StateView, is_ignored, write_error_event,
};

/// The first byte says how long a line may be, the second how the rest is cut: the lines must not
/// depend on that.
pub(super) fn framer(data: &[u8]) {
    let [longest, piece, rest @ ..] = data else { return };
    let max_line = 1 + usize::from(*longest);
    let whole = lines_of(LineFramer::new(max_line), rest, rest.len().max(1));
    for framer in [LineFramer::new(max_line), LineFramer::growing(max_line)] {
        let cut = lines_of(framer, rest, 1 + usize::from(*piece));
        assert_eq!(cut, whole, "lines depend on how the bytes are cut");
    }
}

fn lines_of(mut framer: LineFramer, mut rest: &[u8], piece: usize) -> Vec<(bool, Vec<u8>)> {
    let mut lines = Vec::new();
    while !rest.is_empty() {
        let taken = framer.push(&rest[..piece.min(rest.len())]);
        rest = &rest[taken..];
        let before = lines.len();
        while let Some(line) = framer.next_line() {
            lines.push(match line {
                Line::Complete(line) => (false, line.to_vec()),
                Line::TooLong { start } => (true, start.to_vec()),
            });
        }
        assert!(taken > 0 || lines.len() > before, "the framer takes nothing and gives nothing");
    }
    lines
}

/// Each line: it is refused with an event that is well formed, or is the same when it is written.
pub(super) fn commands(data: &[u8]) {
    for line in data.split(|&byte| byte == b'\n') {
        let _ = is_ignored(line);
        match Command::parse(line) {
            Ok(command) => {
                let mut again = Vec::new();
                command.encode(&mut again);
                assert_eq!(Command::parse(&again), Ok(command), "{}", line.escape_ascii());
            }
            Err(refusal) => is_an_event(&refusal, line),
        }
    }
}

fn is_an_event(refusal: &Refusal<'_>, line: &[u8]) {
    let mut event = Vec::new();
    write_error_event(&mut event, refusal, line);
    assert!(matches!(Event::parse(&event), Ok(Event::Error { .. })), "{}", event.escape_ascii());
    assert!(event.len() < 512, "an error of {} bytes", event.len());
}

/// Each line, and all of them together as what a client knows.
pub(super) fn events(data: &[u8]) {
    let mut view = StateView::new();
    for line in data.split(|&byte| byte == b'\n') {
        if let Ok(event) = Event::parse(line) {
            let mut again = Vec::new();
            event.encode(&mut again);
            assert_eq!(Event::parse(&again), Ok(event), "{}", line.escape_ascii());
            view.apply(&event);
        }
    }
    for (name, service) in view.services() {
        let _ = (service.state(), service.pid(), service.interval(), service.run());
        for condition in service.triggers().iter() {
            let _ = condition;
        }
        assert!(view.service(name).is_some());
    }
    view.sweep();
}
